package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.AgentStore;
import io.fluxy.store.AttachmentStore;
import io.fluxy.store.ClientIdTakenException;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.Directory;
import io.fluxy.store.Expiries;
import io.fluxy.store.Inbox;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.MessageStore;
import io.fluxy.store.OpenStream;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.Personal;
import io.fluxy.store.PersonalData;
import io.fluxy.store.ProjectRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Search;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.store.Templates;
import io.fluxy.store.Unread;
import io.fluxy.store.WebhookStore;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store in memory, behind a network and a disk that fail as the {@link Weather} says. What it
 * saves is written down as {@link Truth} at the moment of the commit. Each node has a {@link Port}
 * to it: when the node crashes, what is under way is lost, saved, or saved later, and nobody hears
 * of it.
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

  Port port(Node node) {
    return new Port(node);
  }

  /** Whether it was ever unclear to a room what the store has saved. */
  boolean wasInDoubt(RoomId room) {
    return inDoubt.contains(room);
  }

  private @Nullable Throwable save(RoomId room, List<Event.Durable> events) {
    try {
      now(inner.messages().append(room, events));
      truth.log(room).committed(events);
      trace.note("saved", room, events.get(0).seq() + "+" + events.size());
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  private @Nullable Throwable commit(RoomId room, List<Event.Durable> events) {
    if (bug == Bug.STORE_SAVES_PART && events.size() > 1) {
      return save(room, events.subList(0, 1));
    }
    int last = events.size() - 1;
    if (bug == Bug.STORE_DROPS_UNPIN
        && last > 0
        && events.get(last) instanceof Event.Pinned
        && events.get(last - 1) instanceof Event.Deleted) {
      return save(room, events.subList(0, last));
    }
    Throwable failure = save(room, events);
    if (failure instanceof SeqTakenException) {
      tally.saw(Sometimes.SEQ_TAKEN);
      if (bug == Bug.STORE_WITHOUT_SEQ_ARBITER || bug == Bug.REGISTRY_OF_TWO_ROOMS) {
        return renumbered(room, events).map(renumbered -> save(room, renumbered)).orElse(failure);
      }
    } else if (failure instanceof ClientIdTakenException) {
      tally.saw(Sometimes.CLIENT_ID_TAKEN);
      if (bug == Bug.STORE_WITHOUT_CLIENT_IDS) {
        return save(room, events.stream().map(this::withOtherClientId).toList());
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
  private final class Append {
    private final Node node;
    private final RoomId room;
    private final List<Event.Durable> events;
    private boolean over;
    private @Nullable Throwable failure;

    Append(Node node, RoomId room, List<Event.Durable> events) {
      this.node = node;
      this.room = room;
      this.events = events;
      underWay.add(this);
    }

    void commit() {
      if (!over) {
        forget();
        failure = FaultyStore.this.commit(room, events);
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
  }

  /** One node's way to the store. */
  final class Port implements Store, MessageStore, Directory {
    private final Node node;
    private final Map<RoomId, List<Event.Durable>> unknown = new HashMap<>();
    private final Set<RoomId> opened = new HashSet<>();

    private Port(Node node) {
      this.node = node;
    }

    @Override
    public MessageStore messages() {
      return this;
    }

    @Override
    public AgentStore agents() {
      return inner.agents();
    }

    @Override
    public Directory directory() {
      return this;
    }

    @Override
    public Templates templates() {
      return inner.templates();
    }

    @Override
    public Expiries expiries() {
      return inner.expiries();
    }

    @Override
    public Personal personal() {
      return inner.personal();
    }

    @Override
    public Search search() {
      return inner.search();
    }

    @Override
    public PersonalData personalData() {
      return inner.personalData();
    }

    @Override
    public WebhookStore webhooks() {
      return inner.webhooks();
    }

    @Override
    public Inbox inbox() {
      return inner.inbox();
    }

    @Override
    public AttachmentStore attachments() {
      return inner.attachments();
    }

    @Override
    public OperatorStore operators() {
      return inner.operators();
    }

    @Override
    public Durability durability() {
      return Durability.NONE;
    }

    @Override
    public void close() {}

    // The logs.

    @Override
    public CompletionStage<Void> append(
        RoomId room, List<Event.Durable> offered, List<DeliveryRecord> outgoing) {
      List<Event.Durable> events = List.copyOf(offered);
      if (events.size() > 1) {
        tally.saw(Sometimes.TURN_OF_MANY);
      }
      if (bug == Bug.STORE_DROPS_APPEND && dice.percent(2)) {
        return CompletableFuture.completedFuture(null);
      }
      Weather.Fate fate = weather.append(dice);
      trace.note("append", room, fate);
      if (weather.diskFull) {
        tally.saw(Sometimes.DISK_FULL);
      } else if (weather.outage) {
        tally.saw(Sometimes.STORE_OUTAGE);
      }
      Append append = new Append(node, room, events);
      CompletableFuture<Void> answer = new CompletableFuture<>();
      if (bug == Bug.STORE_ANSWERS_BEFORE_SAVING) {
        time.after(dice.between(1, 300), append::commit);
        return CompletableFuture.completedFuture(null);
      }
      if (fate == Weather.Fate.AT_ONCE) {
        append.commit();
        settle(answer, append.failure);
        return answer;
      }
      if (fate != Weather.Fate.SOON) {
        unknown.put(room, events);
        inDoubt.add(room);
      }
      switch (fate) {
        case SOON -> commitAndAnswer(append, answer, dice.between(0, 20), dice.between(0, 20));
        case SLOW -> {
          tally.saw(Sometimes.STORE_SLOW);
          int delayMs = dice.between(50, 30_000);
          if (delayMs > weather.limits.storeTimeoutMs()) {
            tally.saw(Sometimes.STORE_SLOWER_THAN_ROOMS_WAIT);
          }
          int first = dice.between(0, delayMs);
          commitAndAnswer(append, answer, first, delayMs - first);
        }
        case FAILED -> {
          tally.saw(Sometimes.STORE_FAILED);
          append.forget();
          fail(answer, room, dice.between(0, 200));
        }
        case SAVED_AND_FAILED -> {
          tally.saw(Sometimes.STORE_SAVED_AND_FAILED);
          time.after(
              dice.between(0, 100),
              () -> {
                append.commit();
                if (append.failure != null) {
                  answer(answer, append.failure);
                } else if (bug == Bug.STORE_SAYS_TAKEN_WHEN_UNKNOWN) {
                  answer(answer, new SeqTakenException(room, events.get(0).seq()));
                } else {
                  fail(answer, room, dice.between(0, 100));
                }
              });
        }
        case SAVED_AND_SILENT -> {
          tally.saw(Sometimes.STORE_SAVED_AND_FELL_SILENT);
          time.after(dice.between(0, 100), append::commit);
        }
        case SILENT -> {
          tally.saw(Sometimes.STORE_FELL_SILENT);
          append.forget();
        }
        case LATE -> {
          tally.saw(Sometimes.STORE_SAVED_LATE);
          if (dice.percent(50)) {
            fail(answer, room, dice.between(0, 100));
          }
          time.after(dice.between(100, 2 * weather.limits.storeTimeoutMs()), append::commit);
        }
        default -> throw new AssertionError(fate);
      }
      return answer;
    }

    private void commitAndAnswer(
        Append append, CompletableFuture<Void> answer, long commitMs, long answerMs) {
      time.after(
          commitMs,
          () -> {
            append.commit();
            time.after(answerMs, () -> answer(answer, append.failure));
          });
    }

    private void fail(CompletableFuture<?> answer, RoomId room, long delayMs) {
      time.after(delayMs, () -> answer(answer, new StoreException(room + ": planned failure")));
    }

    private void answer(CompletableFuture<?> answer, @Nullable Throwable failure) {
      if (node.isAlive()) {
        settle(answer, failure);
      }
    }

    private static void settle(CompletableFuture<?> answer, @Nullable Throwable failure) {
      if (failure == null) {
        answer.complete(null);
      } else {
        answer.completeExceptionally(failure);
      }
    }

    @Override
    public CompletionStage<Optional<OpenedRoom>> open(RoomId room, int newestMax) {
      if (!opened.add(room)) {
        tally.saw(Sometimes.ROOM_REOPENED);
      }
      return read(
          "open", room, () -> now(inner.messages().open(room, newestMax)).map(this::asTheBugHasIt));
    }

    private OpenedRoom asTheBugHasIt(OpenedRoom room) {
      if (bug == Bug.STORE_OPENS_WITHOUT_STREAMS) {
        return new OpenedRoom(
            room.room(), room.head(), room.lastAtMs(), room.members(), room.newest());
      } else if (bug == Bug.STORE_OPENS_WITHOUT_SANCTIONS) {
        return new OpenedRoom(
            room.room(),
            room.head(),
            room.lastAtMs(),
            room.members(),
            room.newest(),
            room.streams(),
            List.of());
      } else if (bug == Bug.STORE_OPENS_WITHOUT_TIME) {
        return new OpenedRoom(room.room(), room.head(), 0, room.members(), room.newest());
      } else if (bug == Bug.STORE_OPENS_STALE && !room.newest().isEmpty()) {
        return new OpenedRoom(
            room.room(),
            room.head(),
            room.lastAtMs(),
            room.members(),
            room.newest().subList(1, room.newest().size()));
      } else if (bug == Bug.STORE_OPENS_WITH_REMOVED_MEMBERS) {
        List<MemberRecord> members = new ArrayList<>(room.members());
        for (MemberRecord founder : founders.getOrDefault(room.room().id(), List.of())) {
          if (members.stream().noneMatch(m -> m.userId().equals(founder.userId()))) {
            members.add(founder);
          }
        }
        return new OpenedRoom(room.room(), room.head(), room.lastAtMs(), members, room.newest());
      }
      return room;
    }

    @Override
    public CompletionStage<List<Event.Durable>> read(RoomId room, long afterSeq, int max) {
      List<Event.Durable> offered = unknown.get(room);
      boolean findingOut =
          offered != null && offered.get(0).seq() == afterSeq + 1 && offered.size() == max;
      if (!findingOut && afterSeq < node.told(room)) {
        node.askedForMissed(room, afterSeq);
      }
      return read(
          "read",
          room,
          () -> {
            List<Event.Durable> events = now(inner.messages().read(room, afterSeq, max));
            if (findingOut) {
              tally.saw(
                  events.equals(offered)
                      ? Sometimes.FOUND_OUT_SAVED
                      : Sometimes.FOUND_OUT_NOT_SAVED);
            }
            if (bug == Bug.STORE_READ_SKIPS && events.size() > 1) {
              List<Event.Durable> holed = new ArrayList<>(events);
              holed.remove(1);
              return holed;
            }
            return events;
          },
          findingOut ? Sometimes.HEAD_LOST : null);
    }

    @Override
    public CompletionStage<List<StoredMessage>> replies(
        RoomId room, long parentSeq, long beforeSeq, int max) {
      return read(
          "replies", room, () -> now(inner.messages().replies(room, parentSeq, beforeSeq, max)));
    }

    @Override
    public CompletionStage<Long> nthNewest(RoomId room, int nth) {
      return read("nthNewest", room, () -> now(inner.messages().nthNewest(room, nth)));
    }

    @Override
    public CompletionStage<List<StoredMessage>> page(RoomId room, long beforeSeq, int max) {
      tally.saw(max % 2 == 1 ? Sometimes.SNAPSHOT_FROM_STORE : Sometimes.PAGE_FROM_STORE);
      return read(
          "page",
          room,
          () -> {
            boolean off = bug == Bug.STORE_PAGE_OFF_BY_ONE && beforeSeq < Long.MAX_VALUE;
            List<StoredMessage> page =
                now(inner.messages().page(room, off ? beforeSeq - 1 : beforeSeq, max));
            if (bug == Bug.STORE_PAGE_SHOWS_DELETED) {
              List<StoredMessage> all = new ArrayList<>(page);
              for (long seq = 1; seq < Math.min(beforeSeq, truth.log(room).head()); seq++) {
                if (truth.log(room).isDeleted(seq)) {
                  all.addAll(now(inner.messages().messages(room, List.of(seq))));
                }
              }
              all.sort((a, b) -> Long.compare(b.message().seq(), a.message().seq()));
              return all.subList(0, Math.min(max, all.size()));
            }
            return page;
          });
    }

    @Override
    public CompletionStage<List<StoredMessage>> messages(RoomId room, Collection<Long> seqs) {
      tally.saw(Sometimes.MESSAGE_FETCHED);
      List<Long> wanted = List.copyOf(seqs);
      return read("messages", room, () -> now(inner.messages().messages(room, wanted)));
    }

    @Override
    public CompletionStage<Optional<StoredMessage>> find(
        RoomId room, String userId, String clientMessageId) {
      return read(
          "find",
          room,
          () -> {
            Optional<StoredMessage> found =
                now(inner.messages().find(room, userId, clientMessageId));
            if (found.isPresent()) {
              tally.saw(Sometimes.RECALLED);
            }
            return found;
          });
    }

    @Override
    public CompletionStage<List<OpenStream>> streams(RoomId room) {
      return read("streams", room, () -> now(inner.messages().streams(room)));
    }

    @Override
    public CompletionStage<Void> checkpoint(RoomId room, long seq, String content) {
      return read("checkpoint", room, () -> now(inner.messages().checkpoint(room, seq, content)));
    }

    @Override
    public CompletionStage<Long> seqAt(RoomId room, long atMs) {
      return read("seqAt", room, () -> now(inner.messages().seqAt(room, atMs)));
    }

    private <T> CompletionStage<T> read(String what, RoomId room, Supplier<T> value) {
      return read(what, room, value, null);
    }

    private <T> CompletionStage<T> read(
        String what, RoomId room, Supplier<T> value, @Nullable Sometimes ifNot) {
      Weather.Fate fate = weather.read(dice);
      trace.note(what, room, fate);
      if (fate == Weather.Fate.AT_ONCE) {
        return CompletableFuture.completedFuture(value.get());
      }
      CompletableFuture<T> answer = new CompletableFuture<>();
      if (fate == Weather.Fate.FAILED) {
        fail(answer, room, dice.between(0, 100));
      } else if (fate != Weather.Fate.SILENT) {
        int delayMs = fate == Weather.Fate.SLOW ? dice.between(50, 30_000) : dice.between(0, 40);
        int first = dice.between(0, delayMs);
        time.after(
            first,
            () -> {
              if (node.isAlive()) {
                T seen = value.get();
                time.after(
                    delayMs - first,
                    () -> {
                      if (node.isAlive()) {
                        answer.complete(seen);
                      }
                    });
              }
            });
        return answer;
      }
      if (ifNot != null) {
        tally.saw(ifNot);
      }
      return answer;
    }

    // The directory: only what rooms and gates ask of it.

    @Override
    public CompletionStage<Void> markRead(RoomId id, String userId, long seq) {
      return read("markRead", id, () -> now(inner.directory().markRead(id, userId, seq)));
    }

    @Override
    public CompletionStage<Long> messagesSince(String projectId, long sinceMs) {
      return inner.directory().messagesSince(projectId, sinceMs);
    }

    @Override
    public CompletionStage<Void> saveProject(ProjectRecord project) {
      return inner.directory().saveProject(project);
    }

    @Override
    public CompletionStage<Optional<ProjectRecord>> project(String projectId) {
      return inner.directory().project(projectId);
    }

    @Override
    public CompletionStage<List<ProjectRecord>> projects(int max) {
      return inner.directory().projects(max);
    }

    @Override
    public CompletionStage<Optional<ProjectRecord>> projectByKeyHash(String keyHash) {
      return inner.directory().projectByKeyHash(keyHash);
    }

    @Override
    public CompletionStage<Optional<RoomRecord>> createRoom(
        RoomId id,
        RoomType type,
        String name,
        long createdAtMs,
        List<MemberRecord> members,
        String by) {
      return inner.directory().createRoom(id, type, name, createdAtMs, members, by);
    }

    @Override
    public CompletionStage<Optional<RoomRecord>> room(RoomId id) {
      return inner.directory().room(id);
    }

    @Override
    public CompletionStage<Optional<RoomRecord>> roomByNumber(String projectId, long number) {
      return inner.directory().roomByNumber(projectId, number);
    }

    @Override
    public CompletionStage<List<RoomListing>> rooms(
        String projectId, @Nullable String userId, @Nullable RoomType type, User reader, int max) {
      return inner.directory().rooms(projectId, userId, type, reader, max);
    }

    @Override
    public CompletionStage<List<RoomRecord>> roomsLike(
        String projectId, String part, long beforeNumber, int max) {
      return inner.directory().roomsLike(projectId, part, beforeNumber, max);
    }

    @Override
    public CompletionStage<Unread> unread(RoomId id, User reader) {
      return inner.directory().unread(id, reader);
    }

    @Override
    public CompletionStage<List<MemberRecord>> members(RoomId id, int max) {
      return inner.directory().members(id, max);
    }
  }
}
