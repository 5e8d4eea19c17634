package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.room.Member;
import io.fluxy.store.Store;
import io.fluxy.wire.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two engines in two processes post into one room of one database at once, and one of them is
 * killed ({@code kill -9}) and comes back: there is one order, without gaps, everybody hears it,
 * and what was acknowledged is in it once.
 */
class TwoEnginesTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final int LANES = 3; // that send one message after another, in each engine
  private static final int EACH = 60;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  @Timeout(120)
  void thereIsOneOrderAndNothingInItIsLostOrTwice(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "shared");
    Map<String, Long> acked = new ConcurrentHashMap<>();
    List<Long> heard = Collections.synchronizedList(new ArrayList<>());
    List<Event.Durable> log;
    try (Fluxy ours = engine(kind, url)) {
      of(ours.createRoom(LOBBY, RoomType.PUBLIC, "Lobby", "ann"));
      of(ours.room(LOBBY).join(new Ear(heard::add), 0));
      List<Thread> lanes = lanes(ours, "ours", acked::put);

      List<Long> heardByFirst = new ArrayList<>();
      try (ChildJvm first = child(kind, url, "first")) {
        String line;
        while ((line = first.line()) != null) {
          take(line, acked, heardByFirst);
          if (acked.keySet().stream().filter(id -> id.startsWith("first")).count() >= EACH) {
            first.kill(); // and read on, for what it has said until then
          }
        }
      }
      List<Long> heardBySecond = new ArrayList<>();
      try (ChildJvm second = child(kind, url, "second")) {
        String line;
        while ((line = second.line()) != null) {
          take(line, acked, heardBySecond);
        }
        assertThat(second.status()).isZero();
      }
      for (Thread lane : lanes) {
        lane.join();
      }
      of(ours.room(LOBBY).post(User.named("ann"), Draft.text("the end"))); // hears of all before
      log = log(kind, url);

      long last = log.size();
      assertThat(log).extracting(Event.Durable::seq).containsExactlyElementsOf(upTo(1, last));
      assertThat(heard).containsExactlyElementsOf(upTo(heard.get(0), last));
      assertThat(heardByFirst).isNotEmpty().containsExactlyElementsOf(stretch(heardByFirst));
      assertThat(heardBySecond).isNotEmpty().containsExactlyElementsOf(stretch(heardBySecond));
    }

    assertThat(acked).hasSizeGreaterThanOrEqualTo(EACH + 2 * LANES * EACH);
    Map<String, Long> kept = new HashMap<>();
    Map<String, Integer> lastOfLane = new HashMap<>();
    for (Event.Durable event : log) {
      if (event instanceof Event.Posted posted && posted.message().clientMessageId() != null) {
        String id = posted.message().clientMessageId();
        assertThat(kept.put(id, posted.seq())).as(id).isNull();
        String lane = id.substring(0, id.lastIndexOf('-'));
        int number = Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
        assertThat(number).as(id).isEqualTo(lastOfLane.getOrDefault(lane, -1) + 1);
        lastOfLane.put(lane, number);
      }
    }
    assertThat(kept).containsAllEntriesOf(acked);
  }

  private static void take(String line, Map<String, Long> acked, List<Long> heard) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("acked")) {
      acked.put(words[1], Long.valueOf(words[2]));
    } else if (words[0].equals("heard")) {
      heard.add(Long.valueOf(words[1]));
    }
  }

  private static List<Long> stretch(List<Long> heard) {
    return upTo(heard.get(0), heard.get(heard.size() - 1));
  }

  private static List<Long> upTo(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private static List<Event.Durable> log(TestDatabase kind, String url) {
    try (Store store = kind.open(url)) {
      return of(store.messages().read(LOBBY, 0, Integer.MAX_VALUE));
    }
  }

  private static Fluxy engine(TestDatabase kind, String url) {
    return Fluxy.builder().store(kind.open(url)).project(Project.named("shop")).start();
  }

  /** Each sends its messages in turn, one again until it is acknowledged. */
  private static List<Thread> lanes(Fluxy fluxy, String name, BiConsumer<String, Long> acked) {
    List<Thread> lanes = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      String prefix = name + "-lane" + lane + "-";
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < EACH; i++) {
                  String id = prefix + i;
                  acked.accept(id, posted(fluxy, id).seq());
                }
              });
      thread.start();
      lanes.add(thread);
    }
    return lanes;
  }

  private static Message posted(Fluxy fluxy, String id) {
    Draft draft = Draft.text(id).withClientMessageId(id);
    while (true) {
      try {
        return of(fluxy.room(LOBBY).post(User.named("bob"), draft));
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof RefusedException)) {
          throw e;
        }
      }
    }
  }

  private static ChildJvm child(TestDatabase kind, String url, String name) throws IOException {
    return ChildJvm.start(Child.class, kind.name(), url, name);
  }

  private static <T> T of(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Host code that hears the room; it is told each seq. */
  private record Ear(LongConsumer heard) implements Member {
    @Override
    public String id() {
      return "ear";
    }

    @Override
    public User user() {
      return User.named("ear");
    }

    @Override
    public Map<String, String> info() {
      return Map.of();
    }

    @Override
    public boolean hear(Delivery delivery) {
      for (Event event : delivery.events()) {
        if (event instanceof Event.Durable durable) {
          heard.accept(durable.seq());
        }
      }
      return true;
    }

    @Override
    public void part(Farewell farewell) {
      throw new AssertionError(farewell);
    }
  }

  /** The other engine: says what was acknowledged, and what it heard. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Fluxy fluxy = engine(TestDatabase.of(args[0]), args[1]);
      Ear ear = new Ear(seq -> System.out.println("heard " + seq));
      of(fluxy.room(LOBBY).join(ear, 0));
      for (Thread lane :
          lanes(fluxy, args[2], (id, seq) -> System.out.println("acked " + id + " " + seq))) {
        lane.join();
      }
      fluxy.close();
      System.exit(0);
    }
  }
}
