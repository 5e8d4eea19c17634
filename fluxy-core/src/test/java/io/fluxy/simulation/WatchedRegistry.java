package io.fluxy.simulation;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.room.Member;
import io.fluxy.room.Place;
import io.fluxy.room.Room;
import io.fluxy.room.RoomRegistry;
import io.fluxy.room.RoomThread;
import io.fluxy.room.RoomView;
import io.fluxy.room.Witness;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Delivery;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The registry of a node, with somebody who looks over the shoulder of every member. */
final class WatchedRegistry implements RoomRegistry {
  private final World world;
  private final Node node;
  private final RoomRegistry real;
  private final RoomRegistry other;
  private final IdentityHashMap<Member, WatchedMember> members = new IdentityHashMap<>();

  WatchedRegistry(World world, Node node, Store store, Scheduler threads, Witness witness) {
    this.world = world;
    this.node = node;
    this.real = RoomRegistry.local(store, threads, world.weather().limits, witness);
    this.other = RoomRegistry.local(store, threads, world.weather().limits, witness);
  }

  @Override
  public CompletionStage<Optional<Lease>> lease(RoomId id) {
    boolean toOther = world.isPlanted(Bug.REGISTRY_OF_TWO_ROOMS) && world.dice().percent(30);
    return (toOther ? other : real)
        .lease(asTheBugHasIt(id))
        .thenApply(lease -> lease.map(WatchedLease::new));
  }

  @Override
  public CompletionStage<Optional<Lease>> leaseIfAlive(RoomId id) {
    return real.leaseIfAlive(id).thenApply(lease -> lease.map(WatchedLease::new));
  }

  private RoomId asTheBugHasIt(RoomId id) {
    return world.isPlanted(Bug.REGISTRY_MIXES_PROJECTS)
            && world.weather().projects > 1
            && world.dice().percent(10)
        ? new RoomId(id.project().equals("alpha") ? "beta" : "alpha", id.name())
        : id;
  }

  @Override
  public Waiting waiting() {
    return real.waiting();
  }

  @Override
  public int size() {
    return real.size();
  }

  @Override
  public void review(Predicate<RoomId> which, @Nullable String userId) {
    if (world.isPlanted(Bug.REVIEW_TOO_LATE)) {
      world.time().after(200, () -> real.review(which, userId));
      return;
    }
    real.review(which, userId);
    other.review(which, userId);
  }

  private final class WatchedLease implements Lease {
    private final Lease lease;
    private final Room room;

    WatchedLease(Lease lease) {
      this.lease = lease;
      this.room = new WatchedRoom(lease.room());
    }

    @Override
    public Room room() {
      return room;
    }

    @Override
    public void release() {
      lease.release();
    }
  }

  private final class WatchedRoom implements Room {
    private final Room room;

    WatchedRoom(Room room) {
      this.room = room;
    }

    private WatchedMember watched(Member member) {
      return members.computeIfAbsent(
          member,
          real -> new WatchedMember(world, node, room.record().id(), real, members.values()));
    }

    @Override
    public RoomRecord record() {
      return room.record();
    }

    @Override
    public void join(Member member, int snapshotMax, boolean visible) {
      watched(member).joins(snapshotMax);
      room.join(watched(member), snapshotMax, visible);
      Event.Whispered last = world.whispers().last(room.record().id());
      if (last != null && world.isPlanted(Bug.WHISPER_IS_KEPT)) {
        watched(member).hear(new Delivery(room.record().id(), List.of(last)));
      }
    }

    @Override
    public void rejoin(Member member, long lastSeq, int snapshotMax, boolean visible) {
      long from = world.isPlanted(Bug.ROOM_SEATS_TOO_LATE) ? lastSeq + 1 : lastSeq;
      watched(member).comesBack(lastSeq, snapshotMax);
      room.rejoin(watched(member), from, snapshotMax, visible);
    }

    @Override
    public void leave(Member member) {
      @Nullable WatchedMember leaver = members.remove(member);
      if (leaver != null && !world.isPlanted(Bug.ROOM_FORGETS_LEAVE)) {
        room.leave(leaver);
      }
    }

    @Override
    public void drained(Member member) {
      if (!world.isPlanted(Bug.ROOM_FORGETS_DRAINED)) {
        room.drained(watched(member));
      }
    }

    @Override
    public void submit(Member from, Command command) {
      asked(command);
      if (command instanceof Command.Whisper whisper) {
        world.whispers().asked(whisper.name(), room.record().id(), from.id());
        if (world.isPlanted(Bug.WHISPER_COMES_BACK)) {
          room.submit(from.user(), command);
          return;
        }
      }
      room.submit(watched(from), command);
    }

    @Override
    public CompletionStage<Answer> submit(User from, Command command) {
      asked(command);
      return room.submit(from, command).thenApply(this::asTheBugHasIt);
    }

    private void asked(Command command) {
      if (command instanceof Command.Post post) {
        world.host().roomIsAsked(post.draft().content());
      }
    }

    private Answer asTheBugHasIt(Answer answer) {
      if (world.isPlanted(Bug.ROOM_REPLAYS_TOO_LITTLE)
          && answer instanceof Answer.Done done
          && done.event() instanceof Event.Replayed r
          && !r.events().isEmpty()) {
        return new Answer.Done(
            new Event.Replayed(
                r.epoch(),
                r.recovered(),
                r.lastSeq(),
                r.currentSeq(),
                r.events().subList(1, r.events().size())));
      }
      return answer;
    }

    private List<StoredMessage> asTheBugHasIt(List<StoredMessage> page) {
      if (world.isPlanted(Bug.EXPIRED_STILL_SHOWN) && !page.isEmpty()) {
        Truth.Log log = world.truth().log(record().id());
        int max = page.size() + 1;
        return log.page(log.head(), Long.MAX_VALUE, Long.MAX_VALUE, max);
      }
      return page;
    }

    @Override
    public CompletionStage<List<Place>> places(@Nullable String userId, int max) {
      return room.places(userId, max);
    }

    @Override
    public CompletionStage<RoomView> look(User reader) {
      return room.look(reader);
    }

    @Override
    public CompletionStage<List<StoredMessage>> page(User reader, long beforeSeq, int max) {
      return room.page(reader, beforeSeq, max).thenApply(this::asTheBugHasIt);
    }

    @Override
    public CompletionStage<List<StoredMessage>> pageBefore(User reader, long beforeMs, int max) {
      return room.pageBefore(reader, beforeMs, max);
    }

    @Override
    public void review(@Nullable String userId) {
      room.review(userId);
    }

    @Override
    public CompletionStage<Optional<RoomThread>> thread(
        User reader, long parentId, long beforeMs, int max) {
      return room.thread(reader, parentId, beforeMs, max);
    }

    @Override
    public void hint() {
      room.hint();
    }
  }
}
