import io.fluxy.Fluxy;
import io.fluxy.HostRoom;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Limits;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.room.Room;
import io.fluxy.room.RoomRegistry;
import io.fluxy.store.Store;
import io.fluxy.store.jdbc.JdbcStore;
import io.fluxy.time.RunningScheduler;
import io.fluxy.time.Scheduler;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * W4: how long a page of 50 takes inside the process, from a room with many messages in SQLite. Fills the room through the
 * public API, opens the database again, and asks for the newest page and for pages from the middle. Prints JSON.
 */
public final class Pages {
  private static final int PAGE = 50;
  private static final int WARM = 3_000;
  private static final int TIMED = 2_000;
  private static final int IN_FLIGHT = 512;
  private static final User ALICE = User.named("alice");
  private static final RoomId ROOM = new RoomId("bench", "r00000");

  private static int bad;

  /** Arguments: database file, API key, JWT secret, how many messages. */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    Project project = Project.named(ROOM.project()).apiKey(args[1]).jwtSecret(args[2]);
    int messages = Integer.parseInt(args[3]);

    double fillSeconds;
    try (Fluxy fluxy = fluxy(JdbcStore.sqlite(file), project)) {
      fillSeconds = fill(fluxy, messages);
    }
    Store store = JdbcStore.sqlite(file);
    try (RunningScheduler scheduler = Scheduler.start(2);
        Fluxy fluxy = fluxy(store, project)) {
      RoomRegistry rooms =
          RoomRegistry.local(store, scheduler, Limits.defaults(), (room, event) -> {});
      Room room = done(rooms.lease(ROOM)).orElseThrow().room();
      HostRoom hosts = fluxy.room(ROOM);
      Random random = new Random(4);
      long[] newest = timed(() -> hosts.newest(ALICE, PAGE));
      long[] bySeq = timed(() -> room.page(ALICE, middle(random, messages), PAGE));
      long[] times = times(room, random, messages);
      int[] next = {0};
      long[] byTime =
          timed(() -> room.pageBefore(ALICE, times[next[0]++ % times.length], PAGE));
      System.out.printf(
          "{\"messages\":%d,\"fill_per_s\":%.0f,\"newest\":%s,\"middle\":%s,\"middle_by_time\":%s,"
              + "\"middle_iso\":\"%s\",\"bad\":%d}%n",
          messages,
          messages / fillSeconds,
          json(newest),
          json(bySeq),
          json(byTime),
          Instant.ofEpochMilli(times[0]),
          bad);
    }
  }

  private static Fluxy fluxy(Store store, Project project) {
    return Fluxy.builder().store(store).project(project).start();
  }

  /** Posts until the room is full; returns how many seconds it took. */
  private static double fill(Fluxy fluxy, int messages) throws Exception {
    done(fluxy.createRoom(ROOM, RoomType.GROUP, "Pages", ALICE.id()));
    HostRoom room = fluxy.room(ROOM);
    String text = "the quick brown fox jumps over the lazy dog and says hello to the room ".repeat(2);
    Semaphore inFlight = new Semaphore(IN_FLIGHT);
    AtomicInteger failed = new AtomicInteger();
    long start = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      inFlight.acquire();
      room.post(ALICE, Draft.text(text + i))
          .whenComplete(
              (message, failure) -> {
                if (failure != null) {
                  failed.incrementAndGet();
                }
                inFlight.release();
              });
    }
    inFlight.acquire(IN_FLIGHT);
    if (failed.get() > 0) {
      throw new IllegalStateException(failed + " posts failed");
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Times in the middle of the room, one for each page to come. */
  private static long[] times(Room room, Random random, int messages) {
    long[] times = new long[WARM + TIMED];
    for (int i = 0; i < times.length; i++) {
      times[i] = done(room.page(ALICE, middle(random, messages), 1)).get(0).message().createdAtMs();
    }
    return times;
  }

  private static long middle(Random random, int messages) {
    return messages / 4 + random.nextInt(messages / 2);
  }

  /** Nanoseconds that each page took, sorted. */
  private static long[] timed(Supplier<CompletionStage<List<StoredMessage>>> page) {
    long[] took = new long[TIMED];
    for (int i = -WARM; i < TIMED; i++) {
      long start = System.nanoTime();
      List<StoredMessage> messages = done(page.get());
      if (i >= 0) {
        took[i] = System.nanoTime() - start;
      }
      check(messages);
    }
    Arrays.sort(took);
    return took;
  }

  private static void check(List<StoredMessage> page) {
    for (int i = 1; i < page.size(); i++) {
      if (page.get(i).message().seq() >= page.get(i - 1).message().seq()) {
        bad++;
      }
    }
    if (page.size() != PAGE) {
      bad++;
    }
  }

  private static String json(long[] sorted) {
    return String.format(
        "{\"p50_us\":%.1f,\"p99_us\":%.1f}",
        sorted[sorted.length / 2] / 1e3, sorted[sorted.length * 99 / 100] / 1e3);
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
