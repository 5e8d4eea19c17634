package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A room over a store in memory, in which time stands still. Whatever is asked of it has happened
 * when the call returns.
 */
final class TestRoom {
  static final RoomId ID = new RoomId("shop", "lobby");

  final VirtualScheduler time = VirtualScheduler.inOrder();
  final MoodyStore store = new MoodyStore(Store.inMemory());
  final MoodyStore elsewhere = new MoodyStore(store.inner()); // another node's way to it
  final Limits limits;
  final List<Event.Durable> witnessed = new ArrayList<>();
  final RoomRegistry registry;
  final Room room;
  private final RoomRegistry.Lease lease;
  private int guests;

  /** A group of ann (its owner), bob and cid. */
  TestRoom() {
    this(RoomType.GROUP, Limits.defaults());
  }

  TestRoom(RoomType type) {
    this(type, Limits.defaults());
  }

  TestRoom(Limits limits) {
    this(RoomType.GROUP, limits);
  }

  TestRoom(RoomType type, Limits limits) {
    this.limits = limits;
    List<MemberRecord> founders =
        List.of(
            new MemberRecord("ann", Role.OWNER, 0),
            new MemberRecord("bob", Role.MEMBER, 0),
            new MemberRecord("cid", Role.MEMBER, 0));
    now(store.inner().directory().createRoom(ID, type, "Lobby", time.nowMs(), founders, "ann"));
    registry =
        RoomRegistry.local(store.port(), time, limits, (record, event) -> witnessed.add(event));
    lease = lease();
    room = lease.room();
  }

  private RoomRegistry.Lease lease() {
    CompletionStage<Optional<RoomRegistry.Lease>> leased = registry.lease(ID);
    time.runUntilIdle();
    return now(leased).orElseThrow();
  }

  /**
   * Lets go of the room until it has left memory, and wakes it again: another room over the same
   * log.
   */
  Room reopened() {
    lease.release();
    time.advance(limits.roomIdleMs() + 1_000L);
    return lease().room();
  }

  /** Somebody enters this room on another node that shares the store. */
  Guest joinsAnotherNode(String userId) {
    RoomRegistry other = RoomRegistry.local(elsewhere.port(), time, limits, (record, event) -> {});
    CompletionStage<Optional<RoomRegistry.Lease>> leased = other.lease(ID);
    time.runUntilIdle();
    Room there = now(leased).orElseThrow().room();
    Guest guest = new Guest(there, User.named(userId), "c" + ++guests);
    there.join(guest, 0, true);
    time.runUntilIdle();
    return guest;
  }

  /** The process of this room is gone: nothing it asks for reaches the store any more. */
  void dies() {
    store.appends = MoodyStore.Mood.NEVER_ANSWERS;
    store.reads = MoodyStore.Mood.NEVER_ANSWERS;
  }

  void released() {
    lease.release();
  }

  Guest enters(String userId) {
    return enters(User.named(userId), 0);
  }

  Guest enters(User user, int snapshotMax) {
    Guest guest = new Guest(room, user, "c" + ++guests);
    room.join(guest, snapshotMax, true);
    time.runUntilIdle();
    return guest;
  }

  /** Asks as somebody who need not be here, the way HTTP does. */
  Answer asks(String userId, Command command) {
    return asks(User.named(userId), command);
  }

  Answer asks(User user, Command command) {
    CompletionStage<Answer> answer = room.submit(user, command);
    time.runUntilIdle();
    return now(answer);
  }

  static Command.Post post(String content) {
    return new Command.Post(Draft.text(content));
  }

  static Command.Post post(String content, String clientMessageId) {
    return new Command.Post(Draft.text(content).withClientMessageId(clientMessageId));
  }

  /** The reason of a refusal; fails if it is none. */
  static Refusal.Reason refusal(Answer answer) {
    if (answer instanceof Answer.Refused refused) {
      return refused.refusal().reason();
    }
    throw new AssertionError("not refused: " + answer);
  }

  /** The message of a post that went through. */
  static Message posted(Answer answer) {
    if (answer instanceof Answer.Done done && done.event() instanceof Event.Posted posted) {
      return posted.message();
    }
    throw new AssertionError("not posted: " + answer);
  }

  List<Event.Durable> log() {
    return now(store.inner().messages().read(ID, 0, 10_000));
  }

  List<String> page(Room of, String userId, long beforeSeq, int max) {
    CompletionStage<List<StoredMessage>> page = of.page(User.named(userId), beforeSeq, max);
    time.runUntilIdle();
    return now(page).stream().map(stored -> stored.message().content()).toList();
  }

  static <T> T now(CompletionStage<T> stage) {
    if (!stage.toCompletableFuture().isDone()) {
      throw new AssertionError("no answer yet");
    }
    return stage.toCompletableFuture().join();
  }

  /** A member that remembers what it is told. */
  final class Guest implements Member {
    final List<Event> heard = new ArrayList<>();
    private final Room in;
    private final User user;
    private final String id;
    private boolean deaf;
    private @Nullable Farewell farewell;

    Guest(Room in, User user, String id) {
      this.in = in;
      this.user = user;
      this.id = id;
    }

    void says(String content) {
      asks(post(content));
    }

    void asks(Command command) {
      in.submit(this, command);
      time.runUntilIdle();
    }

    void leaves() {
      in.leave(this);
      time.runUntilIdle();
    }

    /** It can't take anything more for now. */
    void stopsListening() {
      deaf = true;
    }

    void listensAgain() {
      deaf = false;
      in.drained(this);
      time.runUntilIdle();
    }

    /** The contents of the messages it was told. */
    List<String> read() {
      return all(Event.Posted.class).stream().map(posted -> posted.message().content()).toList();
    }

    List<Long> seqs() {
      return all(Event.Durable.class).stream().map(Event.Durable::seq).toList();
    }

    <E extends Event> List<E> all(Class<E> type) {
      return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <E extends Event> E last(Class<E> type) {
      List<E> all = all(type);
      return all.get(all.size() - 1);
    }

    Farewell.Reason farewell() {
      return Objects.requireNonNull(farewell, "not parted").reason();
    }

    boolean isHere() {
      return farewell == null;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public User user() {
      return user;
    }

    @Override
    public Map<String, String> info() {
      return Map.of();
    }

    @Override
    public boolean hear(Delivery delivery) {
      if (!deaf) {
        heard.addAll(delivery.events());
      }
      return !deaf;
    }

    @Override
    public void part(Farewell reason) {
      farewell = reason;
    }
  }
}
