package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Readers;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels that keep what was published to them. */
class HistoryTest {
  private final Store store = Store.inMemory();
  private final ChannelServer server =
      ChannelServer.start(
          app ->
              app.history(PusherHistory.newest(3))
                  .history(PusherHistory.lasting(Duration.ofHours(2)).of("order-").showingSeq())
                  .history(PusherHistory.none().of("order-typing-")),
          builder -> builder.store(store));

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private String history(String channel, String query) {
    return server.get("/apps/4242/channels/" + channel + "/history", query);
  }

  private <T> T get(CompletionStage<T> stage) {
    server.time.runUntilIdle();
    return stage.toCompletableFuture().join();
  }

  private List<String> kept(String channel, long afterSeq, long beforeSeq) {
    return get(server.pusher.history("4242", channel, afterSeq, beforeSeq, 100)).stream()
        .map(event -> event.seq() + " " + event.name() + " " + event.data())
        .toList();
  }

  private List<Event.Durable> log(String channel) {
    return get(store.messages().read(new RoomId("shop", channel), 0, 10_000));
  }

  @Test
  void theNewestAreThereAlsoIfNobodyListened() {
    for (int i = 1; i <= 4; i++) {
      server.publishes("news", "e" + i, "{\\\"n\\\":" + i + "}");
    }
    long at = server.time.nowMs();

    assertThat(history("news", "limit=2"))
        .isEqualTo(
            "200 {\"events\":["
                + "{\"seq\":4,\"name\":\"e4\",\"data\":\"{\\\"n\\\":4}\",\"time_ms\":"
                + (at + 3)
                + "},{\"seq\":3,\"name\":\"e3\",\"data\":\"{\\\"n\\\":3}\",\"time_ms\":"
                + (at + 2)
                + "}],\"next_before_seq\":3}");
    assertThat(kept("news", 0, Long.MAX_VALUE))
        .containsExactly("4 e4 {\"n\":4}", "3 e3 {\"n\":3}", "2 e2 {\"n\":2}");
    assertThat(kept("news", 2, 4)).containsExactly("3 e3 {\"n\":3}");
    assertThat(history("news", "before_seq=3"))
        .startsWith("200 {\"events\":[{\"seq\":2,")
        .endsWith("}]}");
    assertThat(history("nothing-yet", "")).isEqualTo("200 {\"events\":[]}");
  }

  @Test
  void framesAreAsTheyWereUnlessTheSeqIsWanted() {
    Wire ann = server.connects().subscribes("news").subscribes("order-7").quiet();
    server.publishes("news", "e", "1");
    server.publishes("order-7", "paid", "2");

    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"e\",\"channel\":\"news\",\"data\":\"1\"}",
            "{\"event\":\"paid\",\"channel\":\"order-7\",\"data\":\"2\",\"seq\":1}");
  }

  @Test
  void whoeverPublishedItDoesNotHearIt() {
    Wire ann = server.connects().subscribes("news");
    Wire bob = server.connects().subscribes("news").quiet();
    ann.quiet();
    server.post(
        "/apps/4242/events",
        "{\"name\":\"e\",\"channel\":\"news\",\"data\":\"x\",\"socket_id\":\"%s\"}"
            .formatted(ann.id()));
    server.publishes("news", "f", "y");

    assertThat(ann.hears())
        .containsExactly("{\"event\":\"f\",\"channel\":\"news\",\"data\":\"y\"}");
    assertThat(bob.hears()).hasSize(2);
    assertThat(kept("news", 0, Long.MAX_VALUE)).containsExactly("2 f y", "1 e x");
  }

  @Test
  void whatIsTooOldIsShownNoMoreAndLeavesTheStore() {
    server.room("order-7", RoomType.PUBLIC, "ann");
    server.publishes("order-7", "paid", "secret");
    server.time.advance(Duration.ofMinutes(90).toMillis());
    server.publishes("order-7", "sent", "s");
    assertThat(kept("order-7", 0, Long.MAX_VALUE)).hasSize(2);

    server.time.advance(Duration.ofMinutes(29).toMillis());
    assertThat(kept("order-7", 0, Long.MAX_VALUE)).hasSize(2);
    server.time.advance(Duration.ofMinutes(2).toMillis());
    assertThat(kept("order-7", 0, Long.MAX_VALUE)).containsExactly("3 sent s");
    server.time.advance(Duration.ofHours(1).toMillis());
    assertThat(log("order-7").toString()).doesNotContain("secret");
    long events = log("order-7").size();
    server.time.advance(Duration.ofHours(5).toMillis());
    assertThat(log("order-7")).as("one purge more, of what came last").hasSize((int) events + 1);
  }

  @Test
  void aBusyChannelIsTrimmedBeforeTheHourIsOverAndMessagesStay() {
    server.room("news", RoomType.PUBLIC, "ann");
    var posted =
        server
            .fluxy
            .room(new RoomId("shop", "news"))
            .post(User.named("ann"), Draft.text("a message"));
    for (int i = 1; i <= 200; i++) {
      server.publishes("news", "e", "d" + i);
    }
    get(posted);

    String log = log("news").toString();
    assertThat(log)
        .contains("a message", "\"d198\"", "\"d200\"")
        .doesNotContain("\"d197\"", "\"d1\"");
    assertThat(log("news").stream().map(Event.Durable::seq).toList())
        .isEqualTo(java.util.stream.LongStream.rangeClosed(1, 203).boxed().toList());
    assertThat(kept("news", 0, Long.MAX_VALUE)).hasSize(3);
  }

  @Test
  void chatsHearWhatIsKeptAsAMessageAndMayResume() {
    server.room("news", RoomType.PUBLIC, "ann");
    Wire chat = server.chats("ann", "news");
    server.publishes("news", "price", "1");

    assertThat(chat.hears())
        .singleElement()
        .asString()
        .startsWith("{\"type\":\"message\",")
        .contains("\"seq\":2", "\"content\":\"\\\"1\\\"\"", "\"eventName\":\"price\"");
    Wire later = server.chats("bob", "news").says("{\"type\":\"resume\",\"lastSeq\":1}");
    assertThat(later.hears()).singleElement().asString().contains("\"eventName\":\"price\"");
  }

  @Test
  void messagesAreEventsOfTheHistoryAndWhispersAreNot() {
    server.room("news", RoomType.PUBLIC, "ann");
    RoomId news = new RoomId("shop", "news");
    User ann = User.named("ann");
    get(server.fluxy.room(news).post(ann, Draft.text("hello")));
    get(server.fluxy.room(news).post(ann, Draft.text("psst").whispered(Readers.only(Set.of("x")))));
    server.publishes("news", "e", "1");

    assertThat(kept("news", 0, Long.MAX_VALUE)).hasSize(2).first().isEqualTo("4 e 1");
    assertThat(kept("news", 0, 4).get(0)).startsWith("2 message {\"id\":").contains("\"hello\"");
  }

  @Test
  void nobodyForgesWordsOfTheServer() {
    server.room("news", RoomType.PUBLIC, "ann");
    Wire pusher = server.connects().subscribes("news").quiet();
    Draft forged = Draft.event(Label.named("pusher:error"), "{}");
    get(server.fluxy.room(new RoomId("shop", "news")).post(User.named("ann"), forged));

    assertThat(pusher.hears()).isEmpty();
  }

  @Test
  void cacheChannelsTellTheLastEventAsBefore() {
    server.publishes("cache-c", "e", "1");
    Wire ann = server.connects().subscribes("cache-c");

    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"cache-c\",\"data\":\"{}\"}",
            "{\"event\":\"e\",\"channel\":\"cache-c\",\"data\":\"1\"}");
  }

  @Test
  void nothingElseIsKept() {
    Wire ann = server.connects().subscribesSigned("private-x", null);
    ann.says("{\"event\":\"client-x\",\"channel\":\"private-x\",\"data\":1}");
    server.publishes("order-typing-1", "e", "1");

    assertThat(kept("private-x", 0, Long.MAX_VALUE)).isEmpty();
    assertThat(history("order-typing-1", ""))
        .isEqualTo("400 {\"error\":\"no history is kept of order-typing-1\"}");
    assertThatThrownBy(() -> server.pusher.history("4242", "order-typing-1", 0, 9, 9))
        .hasMessage("no history is kept of order-typing-1");
    assertThat(log("order-typing-1")).isEmpty();
  }

  @Test
  void badQuestionsAreRefused() {
    for (String query : List.of("limit=0", "limit=501", "limit=x", "after_seq=-1")) {
      assertThat(history("news", query)).as(query).startsWith("400 ");
    }
    PusherHistory all = PusherHistory.newest(1);
    assertThatThrownBy(() -> ChannelServer.SHOP.history(all).history(all))
        .hasMessage("app 4242: two histories of one prefix");
    assertThatThrownBy(() -> PusherHistory.newest(1).of("bad name"))
        .hasMessage("no good prefix: bad name");
    assertThatThrownBy(() -> PusherHistory.newest(-1)).hasMessageContaining("100000 events");
  }
}
