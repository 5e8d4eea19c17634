package io.fluxy.store;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Replies;
import io.fluxy.chat.Role;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One room's log on the heap, and what follows from it. Safe for use by many threads: one lock for
 * all.
 */
final class MemoryRoom {
  private static final int UNREAD_MAX = 1_000;

  private volatile RoomRecord record;
  private volatile Event.@Nullable RoomDeleted end;

  /** The event with seq n is at n - 1. */
  private final ArrayList<Event.Durable> log = new ArrayList<>();

  /** The message with seq n, as it stands now, is at n - 1; null where the event is no post. */
  private final ArrayList<@Nullable Message> messages = new ArrayList<>();

  /** Seqs of answers, by what they answer. */
  private final Map<Long, TreeSet<Long>> replies = new HashMap<>(0);

  private SentIds sent = new SentIds(Integer.MAX_VALUE);
  private final Map<Long, MemoryReactions> reactions = new HashMap<>();
  private final Map<String, MemberRecord> members = new HashMap<>();
  private final Map<Long, Long> expiries = new HashMap<>(0);
  private final MemoryNotes notes = new MemoryNotes();
  private final Map<String, SanctionRecord> sanctions = new HashMap<>();
  private final Map<String, Long> reads = new HashMap<>();

  /** What was said last of each run. */
  private final Map<String, Event.RunReported> runs = new HashMap<>();

  /** Run id and beat of messages that are being written, by seq. */
  private final Map<Long, Writing> streams = new TreeMap<>();

  private record Writing(String runId, long beat) {}

  MemoryRoom(RoomRecord record) {
    this.record = record;
  }

  RoomRecord record() {
    return record;
  }

  MemoryNotes notes() {
    return notes;
  }

  MemoryNotes livingNotes() {
    if (end != null) {
      throw new StoreException(record.id() + ": the room was deleted");
    }
    return notes;
  }

  /** Whether it was deleted: its end is all that is left of it. */
  boolean isDeleted() {
    return end != null;
  }

  synchronized OpenedRoom open(int newestMax) {
    long lastAtMs = log.isEmpty() ? 0 : log.get(log.size() - 1).atMs();
    return new OpenedRoom(
        record,
        log.size(),
        lastAtMs,
        members(Integer.MAX_VALUE),
        page(Long.MAX_VALUE, newestMax),
        streams(),
        sanctions.values().stream().sorted(Comparator.comparing(SanctionRecord::userId)).toList());
  }

  synchronized void append(List<Event.Durable> events) {
    checkSeqs(events);
    checkClientIds(events);
    for (Event.Durable event : events) {
      log.add(event);
      Message message = event instanceof Event.Posted posted ? posted.message() : null;
      messages.add(message);
      if (message != null && message.clientMessageId() != null) {
        sent.add(message.userId(), message.clientMessageId(), message.seq());
      }
      if (message != null && message.parentId() != null) {
        replies
            .computeIfAbsent(Message.seqOf(message.parentId()), none -> new TreeSet<>())
            .add(message.seq());
      }
      if (message != null && message.expiresAtMs() != null) {
        expiries.put(message.seq(), message.expiresAtMs());
      }
      project(event);
    }
  }

  private void checkSeqs(List<Event.Durable> events) {
    if (events.isEmpty()) {
      throw new StoreException(record.id() + ": an append needs at least one event");
    }
    if (end != null) {
      throw events.get(0).seq() <= end.seq()
          ? new SeqTakenException(record.id(), events.get(0).seq())
          : new StoreException(record.id() + ": the room was deleted");
    }
    long next = log.size() + 1L;
    if (events.get(0).seq() < next) {
      throw new SeqTakenException(record.id(), events.get(0).seq());
    }
    for (Event.Durable event : events) {
      if (event.seq() != next) {
        throw new StoreException(
            record.id() + ": seq " + event.seq() + " offered, next free is " + next);
      }
      next++;
    }
  }

  private void checkClientIds(List<Event.Durable> events) {
    SentIds fresh = new SentIds(Integer.MAX_VALUE);
    for (Event.Durable event : events) {
      if (event instanceof Event.Posted posted && posted.message().clientMessageId() != null) {
        String userId = posted.message().userId();
        String id = posted.message().clientMessageId();
        if (sent.seqOf(userId, id) != 0) {
          throw new ClientIdTakenException(record.id());
        } else if (fresh.seqOf(userId, id) != 0) {
          throw new StoreException(
              record.id() + ": two posts of one append have the same client message id");
        } else if (events.size() > 1) {
          fresh.add(userId, id, event.seq());
        }
      }
    }
  }

  /** An agent's runs here, as they stand. */
  synchronized List<RunRecord> runs(String agentId) {
    return runs.values().stream()
        .filter(run -> run.agentId().equals(agentId))
        .map(run -> new RunRecord(run.runId(), run.status(), run.atMs(), run.json()))
        .toList();
  }

  synchronized List<OpenStream> streams() {
    List<OpenStream> open = new ArrayList<>();
    streams.forEach(
        (seq, writing) -> {
          Message message = message(seq);
          if (message != null) {
            open.add(new OpenStream(message, writing.runId(), writing.beat()));
          }
        });
    return List.copyOf(open);
  }

  synchronized void checkpoint(long seq, String content) {
    Message message = message(seq);
    if (message != null
        && streams.computeIfPresent(seq, (key, was) -> new Writing(was.runId(), was.beat() + 1))
            != null) {
      put(message.saying(content));
    }
  }

  private void project(Event.Durable event) {
    streams.remove(subject(event));
    record = record.pinnedAfter(event);
    if (event instanceof Event.Posted posted && posted.stream() != null) {
      streams.put(event.seq(), new Writing(posted.stream().runId(), 0));
    } else if (event instanceof Event.Edited edited) {
      Message message = message(Message.seqOf(edited.messageId()));
      if (message != null && !message.isDeleted()) {
        put(message.edited(edited.content(), edited.atMs()));
      }
    } else if (event instanceof Event.Deleted deleted) {
      delete(deleted);
    } else if (event instanceof Event.Purged purged) {
      purge(purged);
    } else if (event instanceof Event.Reacted reacted) {
      reactions
          .computeIfAbsent(Message.seqOf(reacted.messageId()), none -> new MemoryReactions())
          .apply(reacted);
    } else if (event instanceof Event.MemberAdded added) {
      MemberRecord before = members.get(added.userId());
      long joinedAtMs = before == null ? added.atMs() : before.joinedAtMs();
      members.put(added.userId(), new MemberRecord(added.userId(), added.role(), joinedAtMs));
    } else if (event instanceof Event.MemberRemoved removed) {
      members.remove(removed.userId());
      notes.forget(removed.userId());
    } else if (event instanceof Event.RoomChanged changed) {
      record = record.changed(changed.name(), changed.type());
    } else if (event instanceof Event.RoomDeleted deleted) {
      end(deleted);
    } else if (event instanceof Event.RunReported run && run.readers() == null) {
      runs.put(run.runId(), run);
    } else if (event instanceof Event.Imposed imposed) {
      sanctions.put(
          imposed.userId(), SanctionRecord.after(sanctions.get(imposed.userId()), imposed));
      sanctions.values().removeIf(SanctionRecord::isNone);
    }
  }

  private void end(Event.RoomDeleted deleted) {
    end = deleted;
    record = record.changed("", record.type());
    log.clear();
    messages.clear();
    sent = new SentIds(Integer.MAX_VALUE);
    reactions.clear();
    replies.clear();
    members.clear();
    streams.clear();
    notes.clear();
    expiries.clear();
    runs.clear();
    sanctions.clear();
    reads.clear();
  }

  private void purge(Event.Purged purged) {
    Set<Long> concerned = new HashSet<>();
    for (int i = (int) purged.afterSeq(); i < Math.min(purged.beforeSeq() - 1, log.size()); i++) {
      Message message = messages.get(i);
      if (message != null && purged.concerns(message)) {
        concerned.add(message.seq());
        if (!message.isDeleted()) {
          boolean deletes = purged.userId() == null || !purged.isOfAll();
          put(deletes ? message.deleted(purged.atMs()) : message.erased(purged.atMs()));
        }
      }
    }
    for (int i = 0; i < log.size(); i++) {
      if (concerned.contains(subject(log.get(i)))) {
        log.set(i, withText(log.get(i), purged.userId() == null ? "" : Message.ERASED));
      }
    }
    log.replaceAll(purged::redacted);
    runs.replaceAll((id, run) -> (Event.RunReported) purged.redacted(run));
    streams.keySet().removeAll(concerned);
    if (purged.userId() != null && purged.isOfAll()) {
      reactions.values().forEach(put -> put.forget(purged.userId()));
    }
  }

  private void delete(Event.Deleted deleted) {
    streams.remove(Message.seqOf(deleted.messageId()));
    Message message = message(Message.seqOf(deleted.messageId()));
    if (message == null) {
      return;
    }
    put(message.deleted(deleted.atMs()));
    expiries.remove(message.seq());
    if (deleted.hard()) {
      for (int i = (int) message.seq() - 1; i < log.size(); i++) {
        if (subject(log.get(i)) == message.seq()) {
          log.set(i, withoutText(log.get(i)));
        }
      }
    }
  }

  private @Nullable Message message(long seq) {
    return seq >= 1 && seq <= messages.size() ? messages.get((int) seq - 1) : null;
  }

  private void put(Message message) {
    messages.set((int) message.seq() - 1, message);
  }

  synchronized List<Event.Durable> read(long afterSeq, int max) {
    Event.RoomDeleted last = end;
    if (last != null) {
      return afterSeq < last.seq() && max > 0 ? List.of(last) : List.of();
    }
    List<Event.Durable> events = new ArrayList<>();
    for (long seq = afterSeq + 1; seq <= log.size() && events.size() < max; seq++) {
      Event.Durable event = log.get((int) seq - 1);
      Message message = message(subject(event));
      events.add(message != null && message.isDeleted() ? withoutText(event) : event);
    }
    return List.copyOf(events);
  }

  /** The seq of the message whose text the event holds; 0 if none. */
  private static long subject(Event.Durable event) {
    if (event instanceof Event.Edited edited) {
      return Message.seqOf(edited.messageId());
    }
    return event instanceof Event.Posted ? event.seq() : 0;
  }

  private static Event.Durable withoutText(Event.Durable event) {
    return withText(event, "");
  }

  private static Event.Durable withText(Event.Durable event, String text) {
    if (event instanceof Event.Edited e) {
      return new Event.Edited(
          e.seq(), e.atMs(), e.messageId(), e.userId(), text, e.version(), e.readers());
    }
    if (event instanceof Event.Posted posted) {
      return new Event.Posted(posted.message().withNothingBut(text));
    }
    return event;
  }

  /** Whether anything here is of this user. */
  synchronized boolean names(String userId) {
    return members.containsKey(userId)
        || reads.containsKey(userId)
        || notes.names(userId)
        || sanctions.containsKey(userId)
        || reactions.values().stream().anyMatch(put -> put.names(userId))
        || posted().stream().anyMatch(message -> message.userId().equals(userId));
  }

  /** All messages, deleted ones too. */
  synchronized List<Message> posted() {
    List<Message> posted = new ArrayList<>();
    for (Message message : messages) {
      if (message != null) {
        posted.add(message);
      }
    }
    return posted;
  }

  synchronized List<PersonalData.Put> reactionsOf(String userId) {
    List<PersonalData.Put> put = new ArrayList<>();
    reactions.forEach(
        (seq, all) ->
            all.snapshot()
                .forEach(
                    (emoji, users) -> {
                      if (users.contains(userId)) {
                        long messageId = Message.id(record.number(), seq);
                        put.add(new PersonalData.Put(record, messageId, emoji));
                      }
                    }));
    return put;
  }

  /** What moderators have done about a user. */
  synchronized List<PersonalData.Moderated> moderated(String userId) {
    List<PersonalData.Moderated> moderated = new ArrayList<>();
    for (Event.Durable event : log) {
      if (event instanceof Event.Imposed imposed && imposed.userId().equals(userId)) {
        moderated.add(new PersonalData.Moderated(record, imposed));
      }
    }
    return moderated;
  }

  synchronized long readUpTo(String userId) {
    return reads.getOrDefault(userId, 0L);
  }

  synchronized void forgetRead(String userId) {
    reads.remove(userId);
  }

  synchronized Optional<MemberRecord> member(String userId) {
    return Optional.ofNullable(members.get(userId));
  }

  /** All messages that are not deleted. */
  synchronized List<Message> alive() {
    List<Message> alive = new ArrayList<>();
    for (Message message : messages) {
      if (message != null && !message.isDeleted()) {
        alive.add(message);
      }
    }
    return alive;
  }

  synchronized List<StoredMessage> page(long beforeSeq, int max) {
    List<StoredMessage> page = new ArrayList<>();
    for (long seq = Math.min(beforeSeq - 1, log.size()); seq >= 1 && page.size() < max; seq--) {
      Message message = message(seq);
      if (message != null && !message.isDeleted()) {
        page.add(stored(message));
      }
    }
    return List.copyOf(page);
  }

  synchronized long nthNewest(int nth) {
    int left = nth;
    for (int i = messages.size() - 1; i >= 0; i--) {
      Message message = messages.get(i);
      if (message != null && !message.isDeleted() && --left == 0) {
        return message.seq();
      }
    }
    return 0;
  }

  synchronized List<StoredMessage> messages(Collection<Long> seqs) {
    List<StoredMessage> found = new ArrayList<>();
    for (long seq : new TreeSet<>(seqs)) {
      Message message = message(seq);
      if (message != null) {
        found.add(stored(message));
      }
    }
    return List.copyOf(found);
  }

  synchronized Optional<StoredMessage> find(String userId, String clientMessageId) {
    Message message = message(sent.seqOf(userId, clientMessageId));
    return message == null ? Optional.empty() : Optional.of(stored(message));
  }

  private StoredMessage stored(Message message) {
    MemoryReactions put = reactions.get(message.seq());
    return new StoredMessage(message, put == null ? Map.of() : put.snapshot(), answers(message));
  }

  private @Nullable Replies answers(Message parent) {
    Replies answers = null;
    for (long seq : replies.getOrDefault(parent.seq(), new TreeSet<>())) {
      Message reply = message(seq);
      if (reply != null
          && !reply.isDeleted()
          && Objects.equals(parent.readers(), reply.readers())) {
        answers = answers == null ? Replies.first(reply) : answers.with(reply);
      }
    }
    return answers;
  }

  synchronized List<StoredMessage> replies(long parentSeq, long beforeSeq, int max) {
    List<StoredMessage> page = new ArrayList<>();
    TreeSet<Long> seqs = replies.getOrDefault(parentSeq, new TreeSet<>());
    for (long seq : seqs.headSet(beforeSeq, false).descendingSet()) {
      Message message = message(seq);
      if (page.size() < max && message != null && !message.isDeleted()) {
        page.add(stored(message));
      }
    }
    return List.copyOf(page);
  }

  synchronized long seqAt(long atMs) {
    int low = 0;
    int high = log.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (log.get(middle).atMs() < atMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low + 1L;
  }

  synchronized List<Expiries.Expiring> expiring() {
    List<Expiries.Expiring> expiring = new ArrayList<>();
    expiries.forEach(
        (seq, atMs) -> {
          Message message = message(seq);
          if (message != null && !message.isDeleted()) { // retention may have been faster
            expiring.add(new Expiries.Expiring(record, seq, atMs));
          }
        });
    return expiring;
  }

  synchronized List<String> blocked() {
    return sanctions.values().stream()
        .filter(SanctionRecord::isBlocked)
        .map(SanctionRecord::userId)
        .toList();
  }

  synchronized boolean hasMember(String userId) {
    return members.containsKey(userId);
  }

  synchronized List<MemberRecord> members(int max) {
    return members.values().stream()
        .sorted(
            Comparator.comparingLong(MemberRecord::joinedAtMs).thenComparing(MemberRecord::userId))
        .limit(max)
        .toList();
  }

  synchronized void markRead(String userId, long seq) {
    if (end != null) {
      throw new StoreException(record.id() + ": the room was deleted");
    }
    reads.merge(userId, seq, Math::max);
  }

  synchronized Unread unread(User reader) {
    long readSeq = reads.getOrDefault(reader.id(), 0L);
    MemberRecord member = members.get(reader.id());
    Role role = member == null ? null : member.role();
    int looked = 0;
    int count = 0;
    long first = 0;
    for (long seq = readSeq + 1; seq <= log.size() && looked < UNREAD_MAX; seq++) {
      Message message = message(seq);
      if (message != null && !message.isDeleted() && !message.userId().equals(reader.id())) {
        looked++;
        if (message.readers() == null || message.readers().include(reader, role)) {
          count++;
          first = first == 0 ? seq : first;
        }
      }
    }
    return new Unread(count, readSeq, first);
  }

  /** What was said here, without what is deleted. */
  synchronized OperatorStore.RoomFigures figures() {
    Set<String> authors = new HashSet<>();
    long count = 0;
    for (Message message : messages) {
      if (message != null && !message.isDeleted()) {
        authors.add(message.userId());
        count++;
      }
    }
    return new OperatorStore.RoomFigures(count, authors.size());
  }

  synchronized long messagesSince(long sinceMs) {
    long count = 0;
    for (long seq = seqAt(sinceMs); seq <= log.size(); seq++) {
      if (message(seq) != null) {
        count++;
      }
    }
    return count;
  }
}
