package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.store.jdbc.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was acknowledged survives {@code kill -9}, with its id and its place: the real jar is killed
 * again and again while four senders send, and every time all of its history is read and compared.
 */
class CrashIT {
  private static final int KILLS = Integer.getInteger("fluxy.crash.kills", 10);
  private static final long SEED = Long.getLong("fluxy.crash.seed", System.nanoTime());
  private static final int ACKS_MIN = 2_600; // of each database
  private static final int LOAD_ACKS_MIN = 100; // before each kill
  private static final int LOAD_ACKS_MAX = 600;
  private static final Duration LOAD_MAX = Duration.ofSeconds(60);
  private static final Duration GOODBYE = Duration.ofSeconds(10);
  private static final String KEY = "fc_0123456789abcdef0123456789abcdef";
  private static final String CONFIG =
      """
      {"projects":[{"id":"crash","apiKey":"%s","jwtSecret":"a secret that outlives every crash",
        "limits":{"messagesPerMinute":1000000,"tokensPerMinute":1000000}}]}
      """
          .formatted(KEY);

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final Ledger ledger = new Ledger();
  private final List<Sender> senders = new ArrayList<>();
  private final List<Long> readyMs = new ArrayList<>();
  private String reader = "";

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:crash.db", "h2:crash", "postgresql"})
  void whatWasAcknowledgedSurvives(String kind) throws Exception {
    String database =
        kind.equals("postgresql") ? PostgresServer.newDatabase().replaceFirst("^jdbc:", "") : kind;
    System.out.println("CrashIT " + database + ": -Dfluxy.crash.seed=" + SEED);
    Files.writeString(folder.resolve("fluxy.json"), CONFIG);

    for (int kill = 0; kill < KILLS; kill++) {
      try (Child child = start(database)) {
        Wire wire = checked(child);
        int more = LOAD_ACKS_MIN + random.nextInt(LOAD_ACKS_MAX - LOAD_ACKS_MIN);
        underLoad(wire, ledger.size() + more, child::kill);
      }
      assertThat(ledger.refusals()).isEmpty();
    }
    try (Child child = start(database)) {
      Wire wire = checked(child);
      underLoad(
          wire,
          ACKS_MIN,
          () -> {
            child.ask();
            child.status(GOODBYE);
          });
      assertThat(child.err()).isEmpty();
    }
    try (Child child = start(database)) {
      checked(child);
    }

    System.out.printf(
        "CrashIT %s: kills %d, %s, restart to ready %d to %d ms%n",
        database,
        KILLS,
        ledger,
        readyMs.stream().min(Long::compare).orElseThrow(),
        readyMs.stream().max(Long::compare).orElseThrow());
    assertThat(ledger.wrong()).isEmpty();
    assertThat(ledger.size()).isGreaterThanOrEqualTo(ACKS_MIN);
  }

  private Child start(String database) throws Exception {
    return Child.start(folder, "--port", "0", "--db", database, "--config", "fluxy.json");
  }

  /**
   * Waits until it serves, then compares what it remembers, and sends again what it had
   * acknowledged.
   */
  private Wire checked(Child child) throws Exception {
    Wire wire = new Wire(child.url());
    readyMs.add(child.readyMs());
    if (senders.isEmpty()) {
      reader = wire.token(KEY, "reader");
      for (String user : List.of("rest1", "rest2", "socket1", "socket2")) {
        senders.add(new Sender(user, user.startsWith("socket"), wire.token(KEY, user), ledger));
      }
    }
    ledger.compare(wire.history(reader)); // before what is lost could be said anew
    for (Sender sender : senders) {
      sender.repeat(wire);
    }
    return wire;
  }

  /** Has everyone send until there are so many acknowledgements; then it happens, in the midst. */
  private void underLoad(Wire wire, int acksMin, Happening happens) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(senders.size());
    for (Sender sender : senders) {
      threads.execute(
          () -> {
            try {
              sender.work(wire);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    threads.shutdown();
    ledger.await(acksMin, LOAD_MAX);
    assertThat(threads.isTerminated()).as("no load: " + ledger.refusals()).isFalse();
    happens.now();
    if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
      threads.shutdownNow();
      throw new AssertionError("a sender does not end");
    }
  }

  /** What ends the load. */
  private interface Happening {
    void now() throws Exception;
  }
}
