package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.RoomRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the store has saved, and what follows from it: written down at the moment of each commit,
 * and never taken back.
 */
final class Truth {
  /** What a message says that is written bit by bit. */
  static final String STREAM = "stream.";

  /** A user who may be above sanctions: now and then an admin of the project. */
  private static final String GOVERNS = "u1";

  private final Map<RoomId, Log> logs = new LinkedHashMap<>();
  private final Judge judge;

  Truth(Judge judge) {
    this.judge = judge;
  }

  Log found(RoomRecord room) {
    Log log = new Log(room, judge);
    logs.put(room.id(), log);
    return log;
  }

  Log log(RoomId room) {
    Log log = logs.get(room);
    if (log == null) {
      throw new Violation("I11", "nobody founded " + room);
    }
    return log;
  }

  Iterable<Log> logs() {
    return logs.values();
  }

  /** One room's. */
  static final class Log {
    private final RoomRecord room;
    private final Judge judge;
    private final List<Event.Durable> events = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Message> byClientId = new HashMap<>();
    private final Map<String, Message> byContent = new HashMap<>();
    private final Map<String, NavigableMap<Long, Boolean>> memberships = new HashMap<>();
    private final Map<String, NavigableMap<Long, Boolean>> bans = new HashMap<>();
    private final NavigableMap<Long, RoomType> types = new TreeMap<>();
    private final Map<String, Role> roles = new HashMap<>();
    private final Set<Long> expiries = new TreeSet<>();
    private final Set<String> muted = new HashSet<>();
    private final Set<Long> deleted = new LinkedHashSet<>();
    private long pinned; // the seq of the message that stands out; 0 for none
    private final Map<String, Long> streams = new HashMap<>(); // who writes bit by bit, and what

    private Log(RoomRecord room, Judge judge) {
      this.room = room;
      this.judge = judge;
      types.put(0L, room.type());
    }

    RoomRecord room() {
      return room;
    }

    long head() {
      return events.size();
    }

    Event.Durable event(long seq) {
      return events.get((int) seq - 1);
    }

    void committed(List<? extends Event.Durable> saved) {
      saved.forEach(this::add);
    }

    private void add(Event.Durable event) {
      judge.check(
          event.seq() == head() + 1,
          "I4",
          () -> room.id() + ": seq " + event.seq() + " after " + head());
      judge.check(
          head() == 0 || event.atMs() > event(head()).atMs(),
          "I4",
          () -> room.id() + ": seq " + event.seq() + " is not later than the one before");
      if (event instanceof Event.Edited edited) {
        streams.values().remove(Message.seqOf(edited.messageId()));
      } else if (event instanceof Event.Deleted gone) {
        streams.values().remove(Message.seqOf(gone.messageId()));
      }
      pin(event);
      events.add(event);
      lines.add(TextCodec.line(room.id(), event));
      if (event instanceof Event.Imposed imposed) {
        impose(imposed);
      }
      if (event instanceof Event.Posted posted) {
        post(posted.message());
        String author = posted.message().userId();
        judge.check(
            !muted.contains(author) && !isBanned(author, event.seq()) || author.equals(GOVERNS),
            "I17",
            () -> room.id() + ": " + author + " may not speak and says " + posted.message());
        judge.check(
            types.lastEntry().getValue() != RoomType.ANNOUNCEMENT || moderates(author),
            "I20",
            () -> room.id() + ": only moderators speak here, and so does " + author);
        if (posted.stream() != null) {
          Long other = streams.put(posted.message().userId(), event.seq());
          judge.check(
              other == null,
              "I16",
              () -> room.id() + ": " + posted.message().userId() + " writes two messages at once");
        }
      } else if (event instanceof Event.MemberAdded added) {
        membership(added.userId(), event.seq(), true);
        roles.put(added.userId(), added.role());
      } else if (event instanceof Event.RoomChanged changed) {
        types.put(event.seq(), changed.type());
      } else if (event instanceof Event.MemberRemoved removed) {
        membership(removed.userId(), event.seq(), false);
        roles.remove(removed.userId());
      } else if (event instanceof Event.Deleted gone) {
        deleted.add(Message.seqOf(gone.messageId()));
      }
    }

    private boolean moderates(String userId) {
      Role role = roles.get(userId);
      return userId.equals(GOVERNS)
          || role == Role.OWNER
          || role == Role.ADMIN
          || role == Role.MODERATOR;
    }

    /** A message that is deleted stands out no more, and the next event says so. */
    private void pin(Event.Durable event) {
      checkAtTheEnd(event);
      if (event instanceof Event.Pinned now) {
        pinned = now.messageId() == null ? 0 : Message.seqOf(now.messageId());
      }
    }

    private void checkAtTheEnd(Event.@Nullable Durable next) {
      boolean told = next instanceof Event.Pinned now && now.messageId() == null;
      judge.check(
          pinned == 0 || !deleted.contains(pinned) || told,
          "I18",
          () -> room.id() + ": seq " + pinned + " was pinned and deleted, and nobody was told");
    }

    void checkAtTheEnd() {
      checkAtTheEnd(null);
    }

    private void impose(Event.Imposed imposed) {
      String userId = imposed.userId();
      switch (imposed.sanction()) {
        case MUTE -> muted.add(userId);
        case UNMUTE -> muted.remove(userId);
        case BAN, UNBAN ->
            bans.computeIfAbsent(userId, none -> new TreeMap<>())
                .put(imposed.seq(), imposed.sanction() == Sanction.BAN);
        case KICK, BLOCK, UNBLOCK -> {}
      }
    }

    private boolean isBanned(String userId, long seq) {
      NavigableMap<Long, Boolean> changes = bans.get(userId);
      Map.Entry<Long, Boolean> last = changes == null ? null : changes.floorEntry(seq);
      return last != null && last.getValue();
    }

    /** Whether a run was marked because nobody writes for it any more. */
    boolean hasInterrupted() {
      return events.stream()
          .anyMatch(
              event ->
                  event instanceof Event.RunReported run && run.status().equals("interrupted"));
    }

    private void post(Message message) {
      if (message.expiresAtMs() != null) {
        expiries.add(message.expiresAtMs());
      }
      judge.check(
          message.id() == Message.id(room.number(), message.seq()),
          "I4",
          () -> room.id() + ": id and seq don't agree: " + message);
      String clientId = message.clientMessageId();
      if (clientId != null && byClientId.put(key(message.userId(), clientId), message) != null) {
        judge.fail("I2", room.id() + ": " + clientId + " is in the log twice");
      }
      boolean isStream = message.content().startsWith(STREAM);
      if (!isStream && byContent.put(message.content(), message) != null) {
        judge.fail("I2", room.id() + ": one send made two messages: " + message.content());
      }
    }

    private void membership(String userId, long seq, boolean member) {
      memberships.computeIfAbsent(userId, none -> new TreeMap<>()).put(seq, member);
    }

    private static String key(String userId, String clientId) {
      return userId + ' ' + clientId;
    }

    @Nullable Message sent(String userId, String clientId) {
      return byClientId.get(key(userId, clientId));
    }

    @Nullable Message withContent(String content) {
      return byContent.get(content);
    }

    /** True if the user may hear the event with this seq. */
    boolean mayHear(String userId, long seq) {
      NavigableMap<Long, Boolean> changes = memberships.get(userId);
      Map.Entry<Long, Boolean> last = changes == null ? null : changes.floorEntry(seq);
      return !isBanned(userId, seq) && (isPublic(seq) || last != null && last.getValue());
    }

    private boolean isPublic(long seq) {
      return types.headMap(seq, true).lastEntry().getValue() == RoomType.PUBLIC;
    }

    /** Whether a user might hear what was said at one of these seqs. */
    boolean mayHearBetween(String userId, long from, long to) {
      Set<Long> changes = new TreeSet<>(Set.of(from));
      changes.addAll(types.subMap(from, true, to, true).keySet());
      for (Map<String, NavigableMap<Long, Boolean>> each : List.of(memberships, bans)) {
        NavigableMap<Long, Boolean> its = each.get(userId);
        if (its != null) {
          changes.addAll(its.subMap(from, true, to, true).keySet());
        }
      }
      return changes.stream().anyMatch(seq -> mayHear(userId, seq));
    }

    boolean isMember(String userId) {
      NavigableMap<Long, Boolean> changes = memberships.get(userId);
      return changes != null && changes.lastEntry().getValue();
    }

    /**
     * True if that is how this event may be told: as it was saved, or without its text if its
     * message has been deleted.
     */
    boolean isLineOf(long seq, String line) {
      if (seq < 1 || seq > head()) {
        return false;
      }
      String saved = lines.get((int) seq - 1);
      return saved.equals(line)
          || deleted.contains(subject(event(seq)))
              && TextCodec.line(room.id(), withoutText(event(seq))).equals(line);
    }

    static long subject(Event.Durable event) {
      if (event instanceof Event.Edited edited) {
        return Message.seqOf(edited.messageId());
      }
      return event instanceof Event.Posted ? event.seq() : 0;
    }

    static Event.Durable withoutText(Event.Durable event) {
      if (event instanceof Event.Edited e) {
        return new Event.Edited(e.seq(), e.atMs(), e.messageId(), e.userId(), "", e.version());
      } else if (event instanceof Event.Posted posted) {
        Message m = posted.message();
        return new Event.Posted(
            new Message(
                m.seq(),
                m.id(),
                m.userId(),
                "",
                m.createdAtMs(),
                m.parentId(),
                m.clientMessageId(),
                List.of(),
                List.of(),
                m.version(),
                m.editedAtMs(),
                m.deletedAtMs()));
      }
      return event;
    }

    boolean isDeleted(long seq) {
      return deleted.contains(seq);
    }

    /** Messages as they stood when the log ended at a seq, by their seqs, without deleted ones. */
    NavigableMap<Long, StoredMessage> at(long head) {
      NavigableMap<Long, StoredMessage> messages = new TreeMap<>();
      for (int i = 0; i < head; i++) {
        Event.Durable event = events.get(i);
        if (event instanceof Event.Posted posted) {
          messages.put(event.seq(), new StoredMessage(posted.message(), Map.of()));
        } else if (event instanceof Event.Edited e) {
          messages.computeIfPresent(
              Message.seqOf(e.messageId()),
              (seq, old) ->
                  new StoredMessage(old.message().edited(e.content(), e.atMs()), old.reactions()));
        } else if (event instanceof Event.Deleted d) {
          messages.remove(Message.seqOf(d.messageId()));
        } else if (event instanceof Event.Reacted r) {
          messages.computeIfPresent(Message.seqOf(r.messageId()), (seq, old) -> reacted(old, r));
        }
      }
      return messages;
    }

    private static StoredMessage reacted(StoredMessage old, Event.Reacted event) {
      Map<String, Set<String>> reactions = new LinkedHashMap<>(old.reactions());
      Set<String> users =
          new LinkedHashSet<>(reactions.getOrDefault(event.emoji(), new LinkedHashSet<>()));
      if (event.add()) {
        users.add(event.userId());
      } else {
        users.remove(event.userId());
      }
      reactions.put(event.emoji(), users);
      reactions.values().removeIf(Set::isEmpty);
      return new StoredMessage(old.message(), reactions);
    }

    /**
     * Whether a page for a reader is one that followed from the log when it ended at a seq,
     * whichever of its messages had expired by then.
     */
    boolean wasPage(List<StoredMessage> page, long head, long beforeSeq, long beforeMs, int max) {
      if (page(head, beforeSeq, beforeMs, max).equals(page)) {
        return true;
      }
      for (long nowMs : expiries) {
        if (page(head, beforeSeq, beforeMs, max, nowMs).equals(page)) {
          return true;
        }
      }
      return false;
    }

    /** When messages of this room go by themselves. */
    Set<Long> expiries() {
      return expiries;
    }

    /** Newest first, as a page would have it if nothing had expired. */
    List<StoredMessage> page(long head, long beforeSeq, long beforeMs, int max) {
      return page(head, beforeSeq, beforeMs, max, Long.MIN_VALUE);
    }

    /** The same, for somebody who reads it at a time. */
    List<StoredMessage> page(long head, long beforeSeq, long beforeMs, int max, long nowMs) {
      List<StoredMessage> page = new ArrayList<>();
      for (StoredMessage stored : at(head).descendingMap().values()) {
        Message message = stored.message();
        Long expiresAtMs = message.expiresAtMs();
        if (page.size() < max
            && message.seq() < beforeSeq
            && message.createdAtMs() < beforeMs
            && (expiresAtMs == null || expiresAtMs > nowMs)) {
          page.add(stored);
        }
      }
      return page;
    }
  }
}
