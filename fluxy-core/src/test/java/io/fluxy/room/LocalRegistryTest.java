package io.fluxy.room;

import static io.fluxy.room.TestRoom.ID;
import static io.fluxy.room.TestRoom.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Limits;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.Store;
import io.fluxy.time.RunningScheduler;
import io.fluxy.time.Scheduler;
import io.fluxy.time.VirtualScheduler;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalRegistryTest {
  private static final Limits LIMITS =
      Limits.defaults().toBuilder().roomIdleMs(1_000).roomsMax(2).build();

  private static final int ROUNDS = 3_000;

  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final MoodyStore store = new MoodyStore(Store.inMemory());
  private final RoomRegistry rooms =
      RoomRegistry.local(store.port(), time, LIMITS, (record, event) -> {});

  LocalRegistryTest() {
    found(store.inner(), ID);
  }

  private static void found(Store store, RoomId id) {
    List<MemberRecord> founders = List.of(new MemberRecord("ann", Role.OWNER, 0));
    now(store.directory().createRoom(id, RoomType.GROUP, "Room", 1, founders, "ann"));
  }

  private RoomRegistry.Lease lease() {
    return now(rooms.lease(ID)).orElseThrow();
  }

  @Test
  void everyLeaseIsOnTheSameRoom() {
    assertThat(lease().room()).isSameAs(lease().room());
    assertThat(rooms.size()).isEqualTo(1);
  }

  @Test
  void aRoomThatDoesNotExistIsEmptyAndLeavesNothingBehind() {
    assertThat(now(rooms.lease(new RoomId("shop", "nowhere")))).isEmpty();
    assertThat(now(rooms.lease(new RoomId("other", "lobby")))).isEmpty();
    assertThat(rooms.size()).isZero();
  }

  @Test
  void anIdleRoomLeavesAndComesBackAsAnother() {
    RoomRegistry.Lease first = lease();
    Room before = first.room();
    first.release();
    time.advance(999);
    assertThat(rooms.size()).isEqualTo(1);
    time.advance(1);
    assertThat(rooms.size()).isZero();

    assertThat(lease().room()).isNotSameAs(before);
  }

  @Test
  void aRoomStaysAsLongAsSomebodyHasALease() {
    RoomRegistry.Lease stays = lease();
    lease().release();
    time.advance(10_000);
    assertThat(rooms.size()).isEqualTo(1);

    stays.release();
    stays.release();
    lease();
    time.advance(10_000);
    assertThat(rooms.size()).isEqualTo(1);
  }

  @Test
  void aRoomThatWaitsForItsStoreDoesNotLeave() {
    RoomRegistry.Lease lease = lease();
    store.appends = MoodyStore.Mood.WAITS;
    lease.room().submit(User.named("ann"), TestRoom.post("hi"));
    lease.release();
    time.advance(3_000);
    assertThat(rooms.size()).isEqualTo(1);

    store.goOn();
    time.advance(3_000);
    assertThat(rooms.size()).isZero();
  }

  @Test
  void whatWaitsForTheTurnsOfRoomsIsKnownInAllAndOfTheDeepest() {
    RoomId other = new RoomId("shop", "other");
    found(store.inner(), other);
    Room lobby = lease().room();
    Room hall = now(rooms.lease(other)).orElseThrow().room();
    assertThat(rooms.waiting()).isEqualTo(new RoomRegistry.Waiting(0, 0));
    store.appends = MoodyStore.Mood.WAITS;
    lobby.submit(User.named("ann"), TestRoom.post("is being saved"));
    hall.submit(User.named("ann"), TestRoom.post("is being saved"));
    time.runUntilIdle();
    for (int i = 0; i < 3; i++) {
      lobby.submit(User.named("ann"), TestRoom.post("waits " + i));
    }
    hall.submit(User.named("ann"), TestRoom.post("waits"));

    assertThat(rooms.waiting()).isEqualTo(new RoomRegistry.Waiting(4, 3));
    store.goOn();
    time.advance(1);
    assertThat(rooms.waiting()).isEqualTo(new RoomRegistry.Waiting(0, 0));
  }

  @Test
  void aStoreThatFailsOrFallsSilentRefusesTheLeaseAndTheNextOneWorks() {
    store.reads = MoodyStore.Mood.FAILS;
    assertThatThrownBy(this::lease).hasCauseInstanceOf(RefusedException.class);
    store.reads = MoodyStore.Mood.NEVER_ANSWERS;
    CompletionStage<Optional<RoomRegistry.Lease>> never = rooms.lease(ID);
    time.advance(LIMITS.storeTimeoutMs());
    assertThatThrownBy(() -> now(never)).hasCauseInstanceOf(RefusedException.class);
    assertThat(rooms.size()).isZero();

    store.reads = MoodyStore.Mood.FINE;
    assertThat(lease().room().record().id()).isEqualTo(ID);
  }

  @Test
  void moreRoomsThanMayBeAliveAreRefused() {
    for (String name : List.of("a", "b", "c")) {
      found(store.inner(), new RoomId("shop", name));
    }
    now(rooms.lease(new RoomId("shop", "a")));
    now(rooms.lease(new RoomId("shop", "b")));

    assertThatThrownBy(() -> now(rooms.lease(new RoomId("shop", "c"))))
        .hasCauseInstanceOf(RefusedException.class);
    assertThat(now(rooms.lease(new RoomId("shop", "a")))).isPresent();
  }

  /**
   * Opening, leaving and opening again, from four threads: two rooms of one id are never held at
   * once.
   */
  @Test
  void twoRoomsOfOneIdAreNeverAliveAtOnce() throws InterruptedException {
    Store shared = Store.inMemory();
    found(shared, ID);
    Holders holders = new Holders();
    CyclicBarrier together = new CyclicBarrier(4);
    Limits hasty = Limits.defaults().toBuilder().roomIdleMs(0).build();
    try (RunningScheduler pool = Scheduler.start(2)) {
      RoomRegistry registry = RoomRegistry.local(shared, pool, hasty, (record, event) -> {});
      List<Thread> threads =
          List.of(1, 2, 3, 4).stream()
              .map(number -> new Thread(() -> churn(registry, holders, together)))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(60));
      }
      untilEmpty(registry);
      assertThat(holders.troubles).isEmpty();
      assertThat(registry.size()).isZero();
      assertThat(holders.rooms).as("different rooms seen").isGreaterThan(10);
    }
  }

  private static void untilEmpty(RoomRegistry registry) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (registry.size() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  /** All begin a round together, when the room of the round before is about to leave. */
  private static void churn(RoomRegistry registry, Holders holders, CyclicBarrier together) {
    for (int round = 0; round < ROUNDS; round++) {
      try {
        together.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
      if (round % 200 == 0) {
        untilEmpty(registry); // so that rooms do leave, however the threads are scheduled
      }
      RoomRegistry.Lease lease = registry.lease(ID).toCompletableFuture().join().orElseThrow();
      holders.hold(lease.room());
      if (round % 50 == 0) {
        lease.room().submit(User.named("ann"), TestRoom.post("hi"));
      }
      holders.letGo();
      lease.release();
    }
  }

  private static final class Holders {
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private @Nullable Room held;
    private int count;
    private int rooms;

    synchronized void hold(Room room) {
      if (count > 0 && held != room) {
        troubles.add("two rooms at once");
      }
      if (held != room) {
        rooms++;
        held = room;
      }
      count++;
    }

    synchronized void letGo() {
      count--;
    }
  }
}
