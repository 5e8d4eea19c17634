package io.fluxy.simulation;

import io.fluxy.auth.Access;
import io.fluxy.auth.Projects;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.Gate;
import io.fluxy.connection.Lines;
import io.fluxy.connection.RateLimit;
import io.fluxy.hook.Interception;
import io.fluxy.hook.Webhooks;
import io.fluxy.room.RoomRegistry;
import io.fluxy.room.Sweep;
import io.fluxy.room.Witness;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One process with an engine in it. When it crashes, all it had on the heap, on its threads and in
 * its timers is gone.
 */
final class Node {
  private final String name;
  private final World world;
  private final Gate gate;
  private final Lines lines;
  private final Webhooks webhooks;
  private final Sweep sweep;
  private final WatchedRegistry rooms;
  private final Map<RoomId, Long> told = new HashMap<>();
  private final Set<String> missedAsked = new HashSet<>();
  private boolean alive = true;

  Node(String name, World world) {
    this.name = name;
    this.world = world;
    Scheduler threads = new Threads();
    Store store = world.store().port(this);
    this.sweep = new Sweep(store.expiries(), threads);
    this.webhooks =
        new Webhooks(
            store,
            threads,
            world.weather().limits,
            world.receiver().of(this, world),
            project -> true,
            List.of());
    this.rooms = new WatchedRegistry(world, this, store, threads, witness());
    Projects projects = new Projects(store.directory(), threads, world.weather().limits);
    this.gate =
        new Gate(
            rooms,
            projects,
            access(),
            new RateLimit(threads),
            new RateLimit(threads),
            new Quota(store, threads),
            Interception.NONE);
    boolean unbounded = world.isPlanted(Bug.OUTBOX_WITHOUT_BUDGET);
    this.lines =
        new Lines(
            threads,
            unbounded
                ? world.weather().limits.toBuilder().outboxBytesMax(1_000_000).build()
                : world.weather().limits);
  }

  private Witness witness() {
    return new Witness() {
      @Override
      public void happened(RoomRecord room, Event.Durable event) {
        webhooks.happened(room, event);
        sweep.happened(room, event);
      }

      @Override
      public List<DeliveryRecord> outgoing(
          RoomRecord room, List<Event.Durable> events, LongFunction<@Nullable Message> streams) {
        return webhooks.outgoing(room, events, streams);
      }
    };
  }

  /** What an engine does before anybody comes. */
  void start() {
    if (world.weather().webhooks) {
      webhooks.start();
    }
    if (world.weather().brief && !world.isPlanted(Bug.EXPIRY_FORGOTTEN)) {
      sweep.start(rooms);
    }
  }

  Webhooks webhooks() {
    return webhooks;
  }

  private Access access() {
    if (world.weather().hostDecides) {
      return (who, room, command) -> {
        CompletableFuture<Access.Verdict> verdict = new CompletableFuture<>();
        Access.Verdict now =
            world.host().allows(room, who.user().id())
                ? Access.Verdict.BY_MEMBERSHIP
                : Access.Verdict.NO;
        world.time().after(world.dice().pick(0, 0, 5, 300), () -> verdict.complete(now));
        return verdict;
      };
    } else if (world.dice().percent(70)) {
      return Access.byMembership();
    }
    return (who, room, command) -> {
      CompletableFuture<Access.Verdict> verdict = new CompletableFuture<>();
      world
          .time()
          .after(world.dice().between(0, 30), () -> verdict.complete(Access.Verdict.BY_MEMBERSHIP));
      return verdict;
    };
  }

  boolean isAlive() {
    return alive;
  }

  Gate gate() {
    return gate;
  }

  Lines lines() {
    return lines;
  }

  RoomRegistry rooms() {
    return rooms;
  }

  void crash() {
    alive = false;
    world.store().crashed(this);
  }

  /** The newest seq that anybody has heard of on this node. */
  long told(RoomId room) {
    return told.getOrDefault(room, 0L);
  }

  void tells(RoomId room, long seq) {
    told.merge(room, seq, Math::max);
  }

  void askedForMissed(RoomId room, long afterSeq) {
    missedAsked.add(room + " " + afterSeq);
  }

  boolean hasAskedForMissed(RoomId room, long afterSeq) {
    return missedAsked.contains(room + " " + afterSeq);
  }

  @Override
  public String toString() {
    return name;
  }

  /** The threads and timers of this process. */
  private final class Threads implements Scheduler {
    @Override
    public long nowMs() {
      return world.time().nowMs();
    }

    @Override
    public long ticksMs() {
      return world.time().ticksMs();
    }

    @Override
    public void run(Runnable task) {
      world.time().run(() -> runHere(task));
      if (world.isPlanted(Bug.TASK_TWICE) && world.dice().percent(2)) {
        world.time().run(() -> runHere(task));
      }
    }

    @Override
    public Timer after(long delayMs, Runnable task) {
      if (world.isPlanted(Bug.TIMER_LOST) && world.dice().percent(20)) {
        return () -> {};
      }
      return world.time().after(delayMs, () -> runHere(task));
    }

    @Override
    public long random() {
      return world.time().random();
    }

    private void runHere(Runnable task) {
      if (alive) {
        task.run();
      }
    }
  }
}
