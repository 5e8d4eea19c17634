package io.fluxy.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.hook.WebhookSender.Outcome;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import io.fluxy.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * Invariant I15 of the catalogue, over many seeds: two engines on one store, either of which may
 * crash at any time, and a receiver that fails, is silent or slow. Every event that was saved is
 * delivered at least once or is a dead letter after five attempts; the first deliveries of a room
 * are in order of their seqs, among those that were not given up; one delivery is under way at a
 * time; and every attempt has the same id.
 */
class DeliverySimulationTest {
  private static final int SEEDS = Integer.getInteger("fluxy.sim.seeds", 500) / 20 + 25;

  @Test
  void everyEventIsToldAtLeastOnceAndInOrderWhateverCrashes() {
    int crashes = 0;
    int failures = 0;
    int repeats = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Run run = new Run(seed);
      run.go();
      crashes += run.crashes;
      failures += run.failures;
      repeats += run.repeats;
    }
    assertThat(crashes).isPositive();
    assertThat(failures).isPositive();
    assertThat(repeats).as("at least once, and sometimes more often").isPositive();
  }

  private static final class Run {
    private final long seed;
    private final SplittableRandom dice;
    private final VirtualScheduler time;
    private final Store store = Store.inMemory();
    private final Limits limits = Limits.defaults();
    private final List<Engine> engines = new ArrayList<>();
    private final Map<String, Long> heads = new LinkedHashMap<>();
    private final Map<String, RoomRecord> rooms = new HashMap<>();
    private final List<String> saved = new ArrayList<>();
    private final List<String> taken = new ArrayList<>(); // by the receiver, in order
    private final Map<String, String> idOf = new HashMap<>();
    private final Set<Engine> sending = new HashSet<>();
    private int crashes;
    private int failures;
    private int repeats;

    /** One process: its tasks stop when it crashes. */
    private final class Engine implements Scheduler {
      private boolean alive = true;
      private final Webhooks webhooks =
          new Webhooks(store, this, limits, sender(), any -> true, List.of());

      private WebhookSender sender() {
        return new WebhookSender() {
          @Override
          public Optional<String> flaw(String url) {
            return Optional.empty();
          }

          @Override
          public CompletionStage<Outcome> send(
              String url, Map<String, String> headers, byte[] body) {
            return Run.this.send(Engine.this, headers, new String(body, StandardCharsets.UTF_8));
          }
        };
      }

      @Override
      public long nowMs() {
        return time.nowMs();
      }

      @Override
      public long ticksMs() {
        return time.ticksMs();
      }

      @Override
      public void run(Runnable task) {
        time.run(() -> ifAlive(task));
      }

      @Override
      public Timer after(long delayMs, Runnable task) {
        return time.after(delayMs, () -> ifAlive(task));
      }

      @Override
      public long random() {
        return time.random();
      }

      private void ifAlive(Runnable task) {
        if (alive) {
          task.run();
        }
      }
    }

    Run(long seed) {
      this.seed = seed;
      dice = new SplittableRandom(seed);
      time = VirtualScheduler.seeded(seed);
      for (String name : List.of("a", "b")) {
        RoomId id = new RoomId("p", name);
        RoomRecord room =
            store
                .directory()
                .createRoom(
                    id,
                    RoomType.GROUP,
                    name,
                    time.nowMs(),
                    List.of(new MemberRecord("ann", Role.OWNER, 0)),
                    "ann")
                .toCompletableFuture()
                .join()
                .orElseThrow();
        rooms.put(name, room);
        heads.put(name, 1L);
      }
      engines.add(new Engine());
      engines.add(new Engine());
      engines.get(0).webhooks.start();
      engines.get(0).webhooks.register("p", "u", List.of(WebhookType.MESSAGE_CREATED), null);
      engines.get(1).webhooks.start();
    }

    void go() {
      for (int step = 0; step < 60; step++) {
        time.advance(dice.nextInt(4_000));
        int what = dice.nextInt(10);
        if (what < 7) {
          post(engines.get(dice.nextInt(2)), dice.nextBoolean() ? "a" : "b");
        } else if (what == 7) {
          crash(dice.nextInt(2));
        }
      }
      for (int day = 0; day < 3 && isAnyPending(); day++) {
        time.advance(24L * 3_600_000); // one that fails to the end holds up its room for 1.6 hours
      }
      check();
    }

    private void post(Engine engine, String room) {
      long seq = heads.merge(room, 1L, Long::sum);
      RoomRecord record = Objects.requireNonNull(rooms.get(room));
      Event.Posted posted =
          new Event.Posted(
              new Message(
                  seq,
                  Message.id(record.number(), seq),
                  "ann",
                  room + seq,
                  time.nowMs() + seq,
                  null,
                  null,
                  List.of(),
                  List.of(),
                  1,
                  null,
                  null));
      var outgoing = engine.webhooks.outgoing(record, List.of(posted), place -> null);
      store.messages().append(record.id(), List.of(posted), outgoing);
      if (!outgoing.isEmpty()) {
        saved.add(room + seq);
      }
      if (dice.nextInt(5) > 0) { // or it crashed before it could say so
        engine.webhooks.happened(record, posted);
      }
    }

    private void crash(int index) {
      crashes++;
      Engine old = engines.get(index);
      old.alive = false;
      sending.remove(old);
      Engine fresh = new Engine();
      engines.set(index, fresh);
      fresh.webhooks.start();
    }

    private CompletionStage<Outcome> send(Engine by, Map<String, String> headers, String body) {
      assertThat(sending.stream().filter(engine -> engine.alive && engine != by))
          .as("seed %d: another engine delivers just now", seed)
          .isEmpty();
      assertThat(sending.add(by)).as("seed %d: two deliveries at once", seed).isTrue();
      String content = body.replaceAll(".*\"content\":\"([^\"]*)\".*", "$1");
      String id = headers.getOrDefault("X-Fluxy-Delivery-Id", "");
      assertThat(idOf.putIfAbsent(content, id)).as("seed %d", seed).isIn(null, id);
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      int fate = dice.nextInt(10);
      if (fate < 7) {
        if (taken.contains(content)) {
          repeats++;
        }
        taken.add(content);
      } else {
        failures++;
      }
      Outcome answer = fate < 7 ? Outcome.answered(200) : Outcome.answered(500);
      by.after(
          fate == 9 ? 9_999 : dice.nextInt(2_000),
          () -> {
            sending.remove(by);
            outcome.complete(answer);
          });
      return outcome;
    }

    private boolean isAnyPending() {
      return store.webhooks().deliveries("p", null, 1_000).toCompletableFuture().join().stream()
          .anyMatch(delivery -> delivery.status() == DeliveryRecord.Status.PENDING);
    }

    private void check() {
      var deliveries = store.webhooks().deliveries("p", null, 1_000).toCompletableFuture().join();
      Set<String> deadIds = new HashSet<>();
      deliveries.forEach(
          delivery -> {
            switch (delivery.status()) {
              case FAILED -> {
                assertThat(delivery.attempts()).isEqualTo(5);
                deadIds.add(delivery.id());
              }
              case DELIVERED -> {}
              case PENDING -> throw new AssertionError("seed " + seed + ": " + delivery);
            }
          });
      assertThat(deliveries).hasSize(saved.size());
      for (String room : List.of("a", "b")) {
        List<String> expected =
            saved.stream()
                .filter(c -> c.startsWith(room) && !deadIds.contains(idOf.get(c)))
                .toList();
        List<String> first =
            taken.stream()
                .distinct()
                .filter(c -> c.startsWith(room) && !deadIds.contains(idOf.get(c)))
                .toList();
        assertThat(first).as("seed %d, room %s", seed, room).isEqualTo(expected);
      }
      assertThat(time.failures()).isEmpty();
    }
  }
}
