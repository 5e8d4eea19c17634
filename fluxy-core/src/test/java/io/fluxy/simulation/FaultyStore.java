package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.ClientIdTakenException;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The store in memory, behind a network and a disk that fail as the {@link Weather} says. What it
 * saves is written down as {@link Truth} at the moment of the commit. Each node has a {@link
 * StorePort} to it: when the node crashes, what is under way is lost, saved, or saved later, and
 * nobody hears of it.
 */
final class FaultyStore {
  private final VirtualScheduler time;
  private final Dice dice;
  private final Weather weather;
  private final Truth truth;
  private final Tally tally;
  private final Trace trace;
  private final @Nullable Bug bug;
  private final Map<RoomId, List<MemberRecord>> founders = new LinkedHashMap<>();
  private final Map<RoomId, Long> synced = new HashMap<>();
  private final Set<Append> underWay = new LinkedHashSet<>();
  private final Map<RoomId, Node> lastWriter = new HashMap<>();
  private final Set<RoomId> inDoubt = new HashSet<>();
  private Store inner = Store.inMemory();

  FaultyStore(
      VirtualScheduler time,
      Dice dice,
      Weather weather,
      Truth truth,
      Tally tally,
      Trace trace,
      @Nullable Bug bug) {
    this.time = time;
    this.dice = dice;
    this.weather = weather;
    this.truth = truth;
    this.tally = tally;
    this.trace = trace;
    this.bug = bug;
  }

  /** What is really there. */
  Store inner() {
    return inner;
  }

  VirtualScheduler time() {
    return time;
  }

  Dice dice() {
    return dice;
  }

  Weather weather() {
    return weather;
  }

  Truth truth() {
    return truth;
  }

  Tally tally() {
    return tally;
  }

  Trace trace() {
    return trace;
  }

  boolean has(Bug suspect) {
    return bug == suspect;
  }

  /** Who was a member from the start. */
  List<MemberRecord> founders(RoomId room) {
    return founders.getOrDefault(room, List.of());
  }

  /** A room with members, before anything goes wrong. */
  RoomRecord found(RoomId id, RoomType type, List<String> users, List<Role> roles) {
    List<MemberRecord> members = new ArrayList<>();
    for (int i = 0; i < users.size(); i++) {
      members.add(new MemberRecord(users.get(i), roles.get(i), 0));
    }
    founders.put(id, members);
    RoomRecord room = create(id, type, time.nowMs());
    truth.found(room).committed(now(inner.messages().read(id, 0, 1_000)));
    synced.put(id, truth.log(id).head());
    return room;
  }

  private RoomRecord create(RoomId id, RoomType type, long atMs) {
    List<MemberRecord> members = founders.getOrDefault(id, List.of());
    String by = members.isEmpty() ? "host" : members.get(0).userId();
    return now(inner.directory().createRoom(id, type, id.name(), atMs, members, by)).orElseThrow();
  }

  static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** The process of a node is gone. */
  void crashed(Node node) {
    List<Append> lost = underWay.stream().filter(append -> append.node == node).toList();
    for (Append append : lost) {
      tally.saw(Sometimes.CRASH_WITH_APPEND_UNDER_WAY);
      switch (dice.between(0, 2)) {
        case 0 -> append.forget();
        case 1 -> append.commit();
        default ->
            tally.saw(Sometimes.CRASH_AND_APPEND_SAVED_AFTER_IT); // the database goes on with it
      }
    }
    if (bug == Bug.STORE_NOT_SYNCED) {
      loseWhatIsNotSynced();
    }
  }

  private void loseWhatIsNotSynced() {
    inner = Store.inMemory();
    for (Truth.Log log : truth.logs()) {
      RoomId id = log.room().id();
      create(id, log.room().type(), log.room().createdAtMs());
      for (long seq = founders.getOrDefault(id, List.of()).size() + 1L;
          seq <= synced.getOrDefault(id, 0L);
          seq++) {
        now(inner.messages().append(id, List.of(log.event(seq))));
      }
    }
  }

  /** The weather has turned fine. */
  void sync() {
    truth.logs().forEach(log -> synced.put(log.room().id(), log.head()));
  }

  Store port(Node node) {
    return new StorePort(this, node).store();
  }

  Append underWay(
      Node node, RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
    return new Append(node, room, events, outgoing);
  }

  void isInDoubt(RoomId room) {
    inDoubt.add(room);
  }

  /** Whether it was ever unclear to a room what the store has saved. */
  boolean wasInDoubt(RoomId room) {
    return inDoubt.contains(room);
  }

  private @Nullable Throwable save(
      Node node, RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
    try {
      boolean later = bug == Bug.OUTBOX_FILLED_LATER;
      now(inner.messages().append(room, events, later ? List.of() : outgoing));
      if (later) {
        time.after(dice.between(0, 300), () -> fillOutbox(node, outgoing));
      }
      truth.log(room).committed(events);
      trace.note("saved", room, events.get(0).seq() + "+" + events.size());
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  private void fillOutbox(Node node, List<DeliveryRecord> outgoing) {
    if (node.isAlive()) {
      now(inner.webhooks().add(outgoing));
    }
  }

  private @Nullable Throwable commit(
      Node node, RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
    if (bug == Bug.STORE_SAVES_PART && events.size() > 1) {
      return save(node, room, events.subList(0, 1), outgoing);
    }
    int last = events.size() - 1;
    if (bug == Bug.STORE_DROPS_UNPIN
        && last > 0
        && events.get(last) instanceof Event.Pinned
        && events.get(last - 1) instanceof Event.Deleted) {
      return save(node, room, events.subList(0, last), outgoing);
    }
    Throwable failure = save(node, room, events, outgoing);
    if (failure instanceof SeqTakenException) {
      tally.saw(Sometimes.SEQ_TAKEN);
      if (bug == Bug.STORE_WITHOUT_SEQ_ARBITER || bug == Bug.REGISTRY_OF_TWO_ROOMS) {
        return renumbered(room, events)
            .map(renumbered -> save(node, room, renumbered, outgoing))
            .orElse(failure);
      }
    } else if (failure instanceof ClientIdTakenException) {
      tally.saw(Sometimes.CLIENT_ID_TAKEN);
      if (bug == Bug.STORE_WITHOUT_CLIENT_IDS) {
        return save(node, room, events.stream().map(this::withOtherClientId).toList(), outgoing);
      }
    }
    return failure;
  }

  /** A post as a store would number it that hands out seqs by itself. */
  private Optional<List<Event.Durable>> renumbered(RoomId room, List<Event.Durable> events) {
    Truth.Log log = truth.log(room);
    List<Event.Durable> renumbered = new ArrayList<>();
    long seq = log.head();
    long atMs = log.event(seq).atMs();
    for (Event.Durable event : events) {
      if (!(event instanceof Event.Posted posted)) {
        return Optional.empty();
      }
      Message m = posted.message();
      renumbered.add(
          new Event.Posted(
              new Message(
                  ++seq,
                  Message.id(log.room().number(), seq),
                  m.userId(),
                  m.content(),
                  ++atMs,
                  m.parentId(),
                  m.clientMessageId(),
                  m.mentions(),
                  m.attachments(),
                  1,
                  null,
                  null)));
    }
    return Optional.of(renumbered);
  }

  private Event.Durable withOtherClientId(Event.Durable event) {
    if (!(event instanceof Event.Posted posted)) {
      return event;
    }
    Message m = posted.message();
    return new Event.Posted(
        new Message(
            m.seq(),
            m.id(),
            m.userId(),
            m.content(),
            m.createdAtMs(),
            m.parentId(),
            m.clientMessageId() + "-" + m.seq(),
            m.mentions(),
            m.attachments(),
            1,
            null,
            null));
  }

  /** An append on its way. */
  final class Append {
    private final Node node;
    private final RoomId room;
    private final List<Event.Durable> events;
    private final List<DeliveryRecord> outgoing;
    private boolean over;
    private @Nullable Throwable failure;

    private Append(
        Node node, RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
      this.outgoing = outgoing;
      this.node = node;
      this.room = room;
      this.events = events;
      underWay.add(this);
    }

    void commit() {
      if (!over) {
        forget();
        failure = FaultyStore.this.commit(node, room, events, outgoing);
        if (failure == null) {
          lastWriter.put(room, node);
        } else if (failure instanceof SeqTakenException && lastWriter.get(room) != node) {
          tally.saw(Sometimes.FOREIGN_WRITER);
        }
      }
    }

    void forget() {
      over = true;
      underWay.remove(this);
    }

    /** Why it was not saved; null if it was. */
    @Nullable Throwable failure() {
      return failure;
    }
  }
}
