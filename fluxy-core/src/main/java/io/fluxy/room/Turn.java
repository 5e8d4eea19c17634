package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SentIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known in one turn, and what has been decided in it so far; {@link Rules} decide. Pure: it
 * reads the ledger and what the store said about older messages, and gathers events; nothing has
 * happened until the room has saved them. If another writer was faster, the turn is thrown away and
 * decided again.
 */
final class Turn {
  private RoomRecord room;
  private boolean deleted;
  private final Limits limits;
  private final Ledger ledger;
  private final Roster roster;
  private final Map<Long, Optional<StoredMessage>> fetched;
  private final boolean canSave;
  private final long nowMs;
  private Sanctions sanctions; // the ledger's, until this turn imposes one

  private final List<Event.Durable> events = new ArrayList<>(2);
  private final Map<Long, StoredMessage> touched = new HashMap<>(0); // edits, deletes, reactions
  private final Map<String, Optional<MemberRecord>> memberships = new HashMap<>(0);
  private final SentIds sent = new SentIds(Integer.MAX_VALUE);
  private final Map<String, Optional<Ledger.Stream>> streams = new HashMap<>(0);

  /**
   * @param roster who is here, for whoever speaks to them
   * @param fetched what the store said about messages that the ledger does not hold
   * @param canSave false while it is not known where the log ends: whatever needs saving is refused
   */
  Turn(
      Limits limits,
      Ledger ledger,
      Roster roster,
      Map<Long, Optional<StoredMessage>> fetched,
      boolean canSave,
      long nowMs) {
    this.room = ledger.room();
    this.deleted = ledger.deletedBy() != null;
    this.limits = limits;
    this.ledger = ledger;
    this.roster = roster;
    this.fetched = fetched;
    this.canSave = canSave;
    this.nowMs = nowMs;
    this.sanctions = ledger.sanctions();
  }

  /** What has to be saved, in order. */
  List<Event.Durable> events() {
    return events;
  }

  /** The room as it is after what has been decided. */
  RoomRecord room() {
    return room;
  }

  /** Whether the room has been deleted, in this turn or before. */
  boolean isDeleted() {
    return deleted;
  }

  Limits limits() {
    return limits;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Who is muted or banned, after what has been decided. */
  Sanctions sanctions() {
    return sanctions;
  }

  long nowMs() {
    return nowMs;
  }

  /** Messages that this turn has changed, by seq. */
  Map<Long, StoredMessage> touched() {
    return touched;
  }

  /** True if the user may see what is said here. */
  boolean mayBeHere(User user) {
    return !deleted
        && (user.governs()
            || ((room.type() == RoomType.PUBLIC
                    || user.isAdmittedTo(room.id())
                    || (!user.isOnlyGuest() && member(user.id()).isPresent()))
                && !sanctions.isBanned(user, nowMs)));
  }

  /** What a user is writing bit by bit; null if nothing. */
  Ledger.@Nullable Stream stream(String userId) {
    Optional<Ledger.Stream> changed = streams.get(userId);
    return changed != null ? changed.orElse(null) : ledger.stream(userId);
  }

  /** Decides an event: it is to be saved. */
  Answer save(Event.Durable event) {
    if (!canSave) {
      return Refusals.refuse(Reason.UNAVAILABLE, "the store does not answer");
    } else if (event.seq() > Message.SEQ_MAX) {
      return Refusals.refuse(Reason.LIMIT_REACHED, "the room's log is full");
    }
    events.add(event);
    boolean unpins = false;
    if (room.pin() != null || event instanceof Event.Pinned) {
      room = room.pinnedAfter(event);
      unpins = room.pin() == null && !(event instanceof Event.Pinned);
    }
    if (event instanceof Event.Posted posted) {
      Message message = posted.message();
      if (posted.stream() != null) {
        streams.put(
            message.userId(), Optional.of(new Ledger.Stream(message, posted.stream().runId())));
      }
      if (message.clientMessageId() != null) {
        sent.add(message.userId(), message.clientMessageId(), message.seq());
      }
    } else if (event instanceof Event.MemberAdded added) {
      memberships.put(
          added.userId(),
          Optional.of(new MemberRecord(added.userId(), added.role(), added.atMs())));
    } else if (event instanceof Event.MemberRemoved removed) {
      memberships.put(removed.userId(), Optional.empty());
    } else if (event instanceof Event.RoomChanged changed) {
      room = room.changed(changed.name(), changed.type());
    } else if (event instanceof Event.RoomDeleted) {
      deleted = true; // nothing may come behind it
    } else if (event instanceof Event.Imposed imposed) {
      sanctions = new Sanctions(sanctions);
      sanctions.apply(imposed);
    } else if (Ledger.aim(event) != 0) {
      closeStream(event);
      touched.computeIfPresent(Ledger.aim(event), (seq, before) -> after(before, event));
      touched.computeIfAbsent(Ledger.aim(event), seq -> after(before(seq).orElseThrow(), event));
    }
    if (unpins && nextSeq() <= Message.SEQ_MAX) { // so that all hear of it, now and in a replay
      events.add(new Event.Pinned(nextSeq(), nextAtMs(), by(event), null));
    }
    return new Answer.Done(event);
  }

  private static String by(Event.Durable event) {
    return event instanceof Event.Deleted deleted
        ? deleted.userId()
        : event instanceof Event.Purged purged ? purged.by() : "";
  }

  /** Takes into account what an event does to these messages, and to what is being written. */
  void touched(Map<Long, StoredMessage> before, Event.Purged event) {
    before.forEach((seq, stored) -> touched.put(seq, after(stored, event)));
    for (Ledger.Stream open : ledger.streams()) {
      if (event.concerns(open.message())) {
        streams.putIfAbsent(open.message().userId(), Optional.empty());
      }
    }
    streams.replaceAll((userId, open) -> open.filter(s -> !event.concerns(s.message())));
  }

  private void closeStream(Event.Durable event) {
    if (event instanceof Event.Reacted || (streams.isEmpty() && ledger.streams().isEmpty())) {
      return;
    }
    String author =
        known(Message.id(room.number(), Ledger.aim(event))).orElseThrow().message().userId();
    Ledger.Stream open = stream(author);
    if (open != null && open.seq() == Ledger.aim(event)) {
      streams.put(author, Optional.empty());
    }
  }

  private static StoredMessage after(StoredMessage before, Event.Durable event) {
    return Ledger.after(before, event)
        .orElseGet(() -> new StoredMessage(before.message().deleted(event.atMs()), Map.of()));
  }

  /** The message that this user has sent under the same client message id. */
  Optional<Message> sentBefore(User from, Draft draft) {
    if (draft.clientMessageId() == null) {
      return Optional.empty();
    }
    long seq = sent.seqOf(from.id(), draft.clientMessageId());
    if (seq == 0) {
      seq = ledger.seqOf(from.id(), draft.clientMessageId());
    }
    return seq == 0
        ? Optional.empty()
        : known(Message.id(room.number(), seq)).map(StoredMessage::message);
  }

  /** A message that this user may see; one that it may not see is as good as none. */
  Optional<StoredMessage> message(User from, long id) {
    return known(id).filter(stored -> sight(from).sees(stored.message()));
  }

  /** A message of this room, whoever may see it. */
  Optional<StoredMessage> known(long id) {
    if (!isOfThisRoom(id)) {
      return Optional.empty();
    }
    StoredMessage touchedNow = touched.get(Message.seqOf(id));
    return touchedNow != null ? Optional.of(touchedNow) : before(Message.seqOf(id));
  }

  private Sight sight(User user) {
    return new Sight(user, member(user.id()).map(MemberRecord::role).orElse(null), nowMs);
  }

  private Optional<StoredMessage> before(long seq) {
    if (seq > ledger.head()) {
      return events.get((int) (seq - ledger.head() - 1)) instanceof Event.Posted posted
          ? Optional.of(new StoredMessage(posted.message(), Map.of()))
          : Optional.empty();
    }
    StoredMessage remembered = ledger.message(seq);
    return remembered != null
        ? Optional.of(remembered)
        : fetched.getOrDefault(seq, Optional.empty());
  }

  /** The seq of a message that has to be fetched before anything is said about it; 0 if not. */
  long unknown(long id) {
    long seq = Message.seqOf(id);
    boolean known =
        !isOfThisRoom(id)
            || seq > ledger.head()
            || ledger.message(seq) != null
            || fetched.containsKey(seq);
    return known ? 0 : seq;
  }

  private boolean isOfThisRoom(long id) {
    return Message.roomNumberOf(id) == room.number()
        && Message.seqOf(id) >= 1
        && Message.seqOf(id) < nextSeq();
  }

  Optional<MemberRecord> member(String userId) {
    Optional<MemberRecord> changed = memberships.get(userId);
    return changed != null ? changed : Optional.ofNullable(ledger.member(userId));
  }

  /** All members, in the order they joined. */
  List<MemberRecord> members() {
    List<MemberRecord> members = new ArrayList<>();
    for (MemberRecord before : ledger.members(Integer.MAX_VALUE)) {
      member(before.userId()).ifPresent(members::add);
    }
    memberships.forEach(
        (userId, now) -> {
          if (ledger.member(userId) == null) {
            now.ifPresent(members::add);
          }
        });
    return members;
  }

  /** Whether a user is connected to the room, here. */
  boolean isHere(String userId) {
    return roster.has(userId);
  }

  boolean administers(User user) {
    return user.governs() || hasRole(user, Role.OWNER) || hasRole(user, Role.ADMIN);
  }

  boolean moderates(User user) {
    return administers(user)
        || hasRole(user, Role.MODERATOR)
        || user.roles().contains(Role.MODERATOR);
  }

  private boolean hasRole(User user, Role role) {
    return hasRole(user.id(), role);
  }

  boolean hasRole(String userId, Role role) {
    return member(userId).filter(member -> member.role() == role).isPresent();
  }

  long nextSeq() {
    return ledger.head() + events.size() + 1;
  }

  long nextAtMs() {
    long last = events.isEmpty() ? ledger.lastAtMs() : events.get(events.size() - 1).atMs();
    return Math.max(nowMs, last + 1);
  }
}
