package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import io.fluxy.protocol.pusher.PusherHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pusher's channels over a database: one room with people and publishers, and what a restart finds.
 */
@Timeout(60)
class ChannelsOnDatabasesTest {
  private static final RoomId NEWS = new RoomId("shop", "news");

  @TempDir Path folder;
  private final PusherChannels before = channels();
  private final PusherChannels after = channels();

  private static PusherChannels channels() {
    return new PusherChannels(
        PusherApp.of("4242", "shop", "key-0001", "secret").history(PusherHistory.newest(20)));
  }

  private static Fluxy engine(JdbcStore store, PusherChannels channels) {
    return Fluxy.builder().store(store).project(Project.named("shop")).protocol(channels).start();
  }

  private static <T> T of(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static List<String> history(PusherChannels channels, long beforeSeq, int max) {
    return of(channels.history("4242", "news", 0, beforeSeq, max)).stream()
        .map(event -> event.seq() + " " + event.name() + " " + event.data())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasPublishedAndSaidIsThereAfterARestartInOneOrder(TestDatabase kind) {
    String url = kind.url(folder, "channels");
    List<String> told = new ArrayList<>();
    List<Event.Durable> log;
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = engine(store, before)) {
      of(before.trigger("4242", "news", "opened", "0")); // makes the room
      List<CompletionStage<?>> all = new ArrayList<>();
      for (int i = 1; i <= 40; i++) {
        all.add(
            i % 2 == 0
                ? fluxy.room(NEWS).post(User.named("ann"), Draft.text("m" + i))
                : before.trigger("4242", "news", "e", "{\"n\":" + i + "}"));
      }
      all.forEach(ChannelsOnDatabasesTest::of);
      log = of(store.messages().read(NEWS, 0, 100));
      assertThat(log).extracting(Event.Durable::seq).startsWith(1L, 2L, 3L).hasSize(41);
      told.addAll(history(before, Long.MAX_VALUE, 100));
      assertThat(told).hasSize(20).first().asString().startsWith("41 ");
    }
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = engine(store, after)) {
      assertThat(of(store.messages().read(NEWS, 0, 100))).isEqualTo(log);
      assertThat(history(after, Long.MAX_VALUE, 100)).isEqualTo(told);
      assertThat(history(after, 30, 5)).isEqualTo(told.subList(12, 17));

      of(after.trigger("4242", "news", "e", "again"));
      Message last = of(fluxy.room(NEWS).post(User.named("ann"), Draft.text("thanks")));
      assertThat(last.seq()).as("no hole").isEqualTo(43);
      assertThat(history(after, 43, 1)).containsExactly("42 e again");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTrimmedLeavesTheDatabaseAndMessagesStay(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "channels");
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = engine(store, before)) {
      of(before.trigger("4242", "news", "e", "first"));
      of(fluxy.room(NEWS).post(User.named("ann"), Draft.text("a message")));
      for (int i = 0; i < 220; i++) {
        of(before.trigger("4242", "news", "e", "d" + i));
      }
      List<Event.Durable> log = of(store.messages().read(NEWS, 0, 1_000));
      while (log.stream().noneMatch(Event.Purged.class::isInstance)) { // it trims beside
        Thread.onSpinWait();
        log = of(store.messages().read(NEWS, 0, 1_000));
      }

      assertThat(log.toString()).contains("a message", "\"d219\"").doesNotContain("\"first\"");
      assertThat(history(before, Long.MAX_VALUE, 100)).hasSize(20);
    }
  }
}
