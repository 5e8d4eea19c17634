package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SentIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a room knows without asking its store: where its log ends, who its members are, its newest
 * messages, and the client message ids of late. It only ever changes by an event of the log, so it
 * is the same on every node that has read so far.
 */
final class Ledger {
  private final Map<String, MemberRecord> members = new LinkedHashMap<>();
  private final Newest newest; // none of them deleted
  private final Threads threads;
  private final SentIds sent;
  private final Map<String, Stream> streams = new HashMap<>(0); // by the user who writes
  private volatile RoomRecord room; // read by others than the turn
  private @Nullable String deletedBy;
  private final Sanctions sanctions;
  private long head;
  private long lastAtMs;
  private long newestFrom; // newest holds every message from this seq on

  /** A message that is being written bit by bit, as far as it has got. */
  record Stream(Message message, String runId) {
    long seq() {
      return message.seq();
    }
  }

  Ledger(OpenedRoom opened, Limits limits) {
    newest = new Newest(limits.recentMessagesMax());
    threads = new Threads(newest);
    sent = new SentIds(limits.clientIdsMax());
    room = opened.room();
    head = opened.head();
    sanctions = new Sanctions(opened.sanctions());
    lastAtMs = opened.lastAtMs();
    opened.members().forEach(member -> members.put(member.userId(), member));
    List<StoredMessage> page = opened.newest();
    newestFrom =
        page.size() < limits.recentMessagesMax() ? 1 : page.get(page.size() - 1).message().seq();
    for (int i = page.size() - 1; i >= 0; i--) {
      remember(page.get(i).answered(null)); // threads know better
    }
    threads.changes(); // nobody was told otherwise
    opened.streams().forEach(open -> open(open.message(), open.runId()));
  }

  private void open(Message message, String runId) {
    streams.put(message.userId(), new Stream(message, runId));
  }

  /** What a user is writing bit by bit; null if nothing. */
  @Nullable Stream stream(String userId) {
    return streams.get(userId);
  }

  /** The message of this seq if it is being written bit by bit; null if not. */
  @Nullable Message streamAt(long seq) {
    for (Stream open : streams.values()) {
      if (open.seq() == seq) {
        return open.message();
      }
    }
    return null;
  }

  /** All that is being written bit by bit. */
  Collection<Stream> streams() {
    return streams.values();
  }

  /** A message that is being written says this so far. */
  void grow(String userId, String content) {
    streams.computeIfPresent(
        userId, (key, open) -> new Stream(open.message().saying(content), open.runId()));
  }

  /** The room as it is now. For any thread. */
  RoomRecord room() {
    return room;
  }

  /** Who has deleted the room; null as long as it is there. */
  @Nullable String deletedBy() {
    return deletedBy;
  }

  /** Who is muted or banned. */
  Sanctions sanctions() {
    return sanctions;
  }

  long head() {
    return head;
  }

  long lastAtMs() {
    return lastAtMs;
  }

  @Nullable MemberRecord member(String userId) {
    return members.get(userId);
  }

  /** What a user may see now. */
  Sight sight(User user, long nowMs) {
    MemberRecord member = members.get(user.id());
    return new Sight(user, member == null ? null : member.role(), nowMs);
  }

  /** Members by the time they joined. */
  List<MemberRecord> members(int max) {
    return members.values().stream().limit(max).toList();
  }

  int memberCount() {
    return members.size();
  }

  /** A message that is in memory; null says nothing about the store. */
  @Nullable StoredMessage message(long seq) {
    return newest.find(seq);
  }

  /**
   * The seq of the message that this user sent under this client message id; 0 says nothing about
   * the store.
   */
  long seqOf(String userId, String clientMessageId) {
    return sent.seqOf(userId, clientMessageId);
  }

  /** Learns what the store knew of a client message id. */
  void remember(String userId, String clientMessageId, long seq) {
    sent.add(userId, clientMessageId, seq);
  }

  /**
   * A page, newest first, from memory.
   *
   * @param beforeSeq only smaller seqs
   * @param beforeMs only earlier times
   * @param sight only what it sees
   * @return null if memory does not reach back far enough
   */
  @Nullable List<StoredMessage> page(Sight sight, long beforeSeq, long beforeMs, int max) {
    List<StoredMessage> page = new ArrayList<>(Math.min(max, newest.size()));
    for (int i = newest.size() - 1; i >= 0 && page.size() < max; i--) {
      Message message = newest.get(i).message();
      if (message.seq() < beforeSeq && message.createdAtMs() < beforeMs && sight.sees(message)) {
        page.add(threads.with(soFar(newest.get(i))));
      }
    }
    return newestFrom == 1 || page.size() == max ? page : null;
  }

  private StoredMessage soFar(StoredMessage stored) {
    Stream open = streams.isEmpty() ? null : streams.get(stored.message().userId());
    return open == null || open.seq() != stored.message().seq()
        ? stored
        : new StoredMessage(open.message(), stored.reactions());
  }

  /** Takes the next event of the log into account. */
  void apply(Event.Durable event) {
    boolean isEnd = event instanceof Event.RoomDeleted && event.seq() > head;
    if (event.seq() != head + 1 && !isEnd) { // nothing before the end is left of a deleted room
      throw new IllegalStateException("seq " + event.seq() + " after " + head);
    }
    head = event.seq();
    lastAtMs = event.atMs();
    if (room.pin() != null || event instanceof Event.Pinned) {
      room = room.pinnedAfter(event);
    }
    if (event instanceof Event.Posted posted) {
      remember(new StoredMessage(posted.message(), Map.of()));
      if (posted.stream() != null) {
        open(posted.message(), posted.stream().runId());
      }
    } else if (event instanceof Event.MemberAdded added) {
      MemberRecord before = members.get(added.userId());
      long since = before == null ? added.atMs() : before.joinedAtMs();
      members.put(added.userId(), new MemberRecord(added.userId(), added.role(), since));
    } else if (event instanceof Event.MemberRemoved removed) {
      members.remove(removed.userId());
    } else if (event instanceof Event.RoomChanged changed) {
      room = room.changed(changed.name(), changed.type());
    } else if (event instanceof Event.RoomDeleted deleted) {
      deletedBy = deleted.by();
      members.clear();
      newest.clear();
      threads.forgotten(null);
      streams.clear();
      newestFrom = 1;
    } else if (event instanceof Event.Purged purged) {
      purge(purged);
    } else if (event instanceof Event.Imposed imposed) {
      sanctions.apply(imposed);
    } else if (aim(event) != 0) {
      if (!streams.isEmpty() && !(event instanceof Event.Reacted)) {
        streams.values().removeIf(open -> open.seq() == aim(event));
      }
      StoredMessage before = newest.find(aim(event));
      if (before != null) {
        after(before, event).ifPresentOrElse(newest::replace, () -> removed(before.message()));
      }
    }
  }

  /** The newest messages, oldest first; none deleted. */
  List<StoredMessage> newest() {
    List<StoredMessage> all = new ArrayList<>(newest.size());
    for (int i = 0; i < newest.size(); i++) {
      all.add(newest.get(i));
    }
    return all;
  }

  /** The answers to messages in memory. */
  Threads threads() {
    return threads;
  }

  private void removed(Message message) {
    newest.remove(message.seq());
    threads.deleted(message);
  }

  private void purge(Event.Purged purged) {
    streams.values().removeIf(open -> purged.concerns(open.message()));
    for (StoredMessage each : newest()) {
      if (purged.userId() != null && purged.isOfAll()) {
        newest.replace(purged(each, purged));
      } else if (purged.concerns(each.message())) {
        removed(each.message());
      }
    }
  }

  private static StoredMessage purged(StoredMessage before, Event.Purged purged) {
    String userId = purged.userId();
    if (userId == null || !purged.isOfAll()) {
      return before;
    }
    Map<String, Set<String>> reactions = before.reactions();
    for (String emoji : List.copyOf(reactions.keySet())) {
      reactions = without(reactions, emoji, userId);
    }
    Message message = before.message();
    return purged.concerns(message)
        ? new StoredMessage(message.erased(purged.atMs()), reactions)
        : new StoredMessage(message, reactions);
  }

  private static Map<String, Set<String>> without(
      Map<String, Set<String>> before, String emoji, String userId) {
    return before.getOrDefault(emoji, Set.of()).contains(userId)
        ? reactions(before, new Event.Reacted(0, 0, 0, userId, emoji, false))
        : before;
  }

  /** The seq of the message an event is about, 0 if it is about none. */
  static long aim(Event.Durable event) {
    if (event instanceof Event.Edited edited) {
      return Message.seqOf(edited.messageId());
    } else if (event instanceof Event.Deleted deleted) {
      return Message.seqOf(deleted.messageId());
    } else if (event instanceof Event.Reacted reacted) {
      return Message.seqOf(reacted.messageId());
    }
    return 0;
  }

  /** A message after an event about it; empty if the event deletes it. */
  static Optional<StoredMessage> after(StoredMessage before, Event.Durable event) {
    if (event instanceof Event.Purged purged && purged.userId() != null) {
      return Optional.of(purged(before, purged));
    }
    if (event instanceof Event.Edited edited) {
      Message message = before.message().edited(edited.content(), edited.atMs());
      return Optional.of(new StoredMessage(message, before.reactions()));
    } else if (event instanceof Event.Reacted reacted) {
      return Optional.of(
          new StoredMessage(before.message(), reactions(before.reactions(), reacted)));
    }
    return Optional.empty();
  }

  private static Map<String, Set<String>> reactions(
      Map<String, Set<String>> before, Event.Reacted reacted) {
    Map<String, Set<String>> after = new LinkedHashMap<>(before);
    Set<String> users = new HashSet<>(before.getOrDefault(reacted.emoji(), Set.of()));
    if (reacted.add()) {
      users.add(reacted.userId());
    } else {
      users.remove(reacted.userId());
    }
    if (users.isEmpty()) {
      after.remove(reacted.emoji());
    } else {
      after.put(reacted.emoji(), users);
    }
    return after;
  }

  private void remember(StoredMessage stored) {
    Message message = stored.message();
    StoredMessage oldest = newest.add(stored);
    if (oldest != null) {
      newestFrom = oldest.message().seq() + 1;
      threads.forgotten(oldest.message());
    }
    if (message.parentId() != null) {
      threads.posted(message);
    }
    if (message.clientMessageId() != null) {
      remember(message.userId(), message.clientMessageId(), message.seq());
    }
  }
}
