package io.fluxy.store.jdbc;

import com.sun.management.OperatingSystemMXBean;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What an append and a page cost, in wall time and in CPU time of the whole process. Run it by
 * itself, from a folder on the disk in question: {@code AppendBench [kinds] [groups] [rows]}, such
 * as {@code AppendBench sqlite,h2 1,16,128 100000}.
 *
 * <p>A group of n means that n appends of one row each, of n rooms in turn, are in flight at a
 * time. Rows are posts of 380 characters by one of five users under a random client message id.
 */
final class AppendBench {
  private static final int ROOMS = 200;
  private static final int PAGE = 50;
  private static final int BIG_ROOM = 100_000;
  private static final String TEXT = "All work and no play. ".repeat(18).substring(0, 380);

  private final Random random = new Random(1);
  private final Store store;
  private final List<RoomId> rooms = new ArrayList<>();
  private final long[] heads = new long[ROOMS];

  private AppendBench(Store store) {
    this.store = store;
    for (int i = 0; i < ROOMS; i++) {
      rooms.add(created("room-" + i));
    }
  }

  public static void main(String[] args) throws Exception {
    String[] kinds = (args.length > 0 ? args[0] : "memory,sqlite,h2").split(",", -1);
    String[] groups = (args.length > 1 ? args[1] : "1,16,128").split(",", -1);
    int rows = args.length > 2 ? Integer.parseInt(args[2]) : 100_000;
    for (String kind : kinds) {
      for (String group : groups) {
        int size = Integer.parseInt(group);
        int few = kind.equals("memory") || size > 1 ? rows : rows / 10;
        with(kind, store -> new AppendBench(store).appends(kind, size, few));
      }
      with(kind, store -> new AppendBench(store).pages(kind));
    }
  }

  private static void with(String kind, Function<Store, String> bench) throws IOException {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench");
    try (Store store =
        switch (kind) {
          case "memory" -> Store.inMemory();
          case "sqlite" -> JdbcStore.sqlite(folder.resolve("bench.db"));
          case "h2" -> JdbcStore.h2(folder.resolve("bench"));
          case "postgresql" -> JdbcStore.postgresql(PostgresServer.newDatabase());
          default -> throw new IllegalArgumentException("no such store: " + kind);
        }) {
      System.out.println(bench.apply(store));
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(AppendBench::delete);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String appends(String kind, int group, int rows) {
    run(group, rows / 3);
    long cpu = cpuNanos();
    long start = System.nanoTime();
    run(group, rows);
    double seconds = (System.nanoTime() - start) / 1e9;
    return "%-10s append, group %3d: %,9.0f rows/s, %6.2f us CPU per row"
        .formatted(kind, group, rows / seconds, (cpuNanos() - cpu) / 1e3 / rows);
  }

  private void run(int group, int rows) {
    Semaphore flying = new Semaphore(group);
    for (int i = 0; i < rows; i++) {
      flying.acquireUninterruptibly();
      int room = i % ROOMS;
      Event.Durable post = post(++heads[room]);
      store
          .messages()
          .append(rooms.get(room), List.of(post))
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  failure.printStackTrace();
                }
                flying.release();
              });
    }
    flying.acquireUninterruptibly(group);
  }

  private String pages(String kind) {
    RoomId big = created("big");
    for (long seq = 1; seq <= BIG_ROOM; seq += 500) {
      List<Event.Durable> posts = new ArrayList<>();
      for (long next = seq; next < seq + 500; next++) {
        posts.add(post(next));
      }
      get(store.messages().append(big, posts));
    }
    return "%-10s page of %d from %,d: newest %,4.0f us, middle %,4.0f us (medians)"
        .formatted(kind, PAGE, BIG_ROOM, median(big, false), median(big, true));
  }

  private double median(RoomId big, boolean middle) {
    long[] nanos = new long[3_000];
    for (int i = -3_000; i < nanos.length; i++) {
      long before = middle ? 25_000 + random.nextInt(50_000) : Long.MAX_VALUE;
      long start = System.nanoTime();
      int found = get(store.messages().page(big, before, PAGE)).size();
      if (found != PAGE) {
        throw new IllegalStateException("a page of " + found);
      }
      nanos[Math.max(i, 0)] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e3;
  }

  private RoomId created(String name) {
    RoomId id = new RoomId("bench", name);
    get(store.directory().createRoom(id, RoomType.PUBLIC, name, 1, List.of(), "ann"));
    return id;
  }

  private Event.Durable post(long seq) {
    return new Event.Posted(
        new Message(
            seq,
            Message.id(1, seq),
            "user-" + seq % 5,
            TEXT,
            1_700_000_000_000L + seq,
            null,
            new UUID(random.nextLong(), random.nextLong()).toString(),
            List.of(),
            List.of(),
            1,
            null,
            null));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
