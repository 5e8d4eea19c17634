package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Replies;
import io.fluxy.chat.StoredMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answers to messages that are in memory. An answer is newer than what it answers, and memory
 * holds every message from some seq on: so all answers to a message in memory are in memory too,
 * and what is counted here is exact without asking the store. For the room's turn only.
 */
final class Threads {
  private final Newest newest;
  private final Map<Long, Replies> byParent = new HashMap<>(0); // seq of a message in memory
  private final Set<Long> changed = new LinkedHashSet<>(0); // since anybody was told

  Threads(Newest newest) {
    this.newest = newest;
  }

  /** A message is in memory now. */
  void posted(Message message) {
    Message parent = parent(message);
    if (parent != null) {
      byParent.merge(parent.seq(), Replies.first(message), (before, first) -> before.with(message));
      changed.add(parent.seq());
    }
  }

  /** A message was deleted, and is not in memory any more. */
  void deleted(Message message) {
    byParent.remove(message.seq());
    Message parent = parent(message);
    if (parent != null) {
      Replies left = null;
      for (int i = newest.size() - 1; i >= 0; i--) {
        Message each = newest.get(i).message();
        if (parent.equals(parent(each))) {
          left = left == null ? Replies.first(each) : left.withOlder(each);
        }
      }
      if (left == null) {
        byParent.remove(parent.seq());
      } else {
        byParent.put(parent.seq(), left);
      }
      changed.add(parent.seq());
    }
  }

  /** A message has made way, or all of them have if it is null. */
  void forgotten(@Nullable Message message) {
    if (message == null) {
      byParent.clear();
    } else if (!byParent.isEmpty()) {
      byParent.remove(message.seq());
    }
  }

  /** What a message answers, if everybody who may read that may read it. */
  private @Nullable Message parent(Message message) {
    StoredMessage parent =
        message.parentId() == null ? null : newest.find(Message.seqOf(message.parentId()));
    return parent != null && Objects.equals(parent.message().readers(), message.readers())
        ? parent.message()
        : null;
  }

  /** A message in memory, with its answers. */
  StoredMessage with(StoredMessage stored) {
    Replies replies = byParent.isEmpty() ? null : byParent.get(stored.message().seq());
    return replies == null ? stored : stored.answered(replies);
  }

  /** What has to be told, once: each message whose answers have changed since. */
  List<Event> changes() {
    if (changed.isEmpty()) {
      return List.of();
    }
    List<Event> changes = new ArrayList<>(changed.size());
    for (long seq : changed) {
      StoredMessage parent = newest.find(seq);
      if (parent != null) {
        changes.add(
            new Event.ThreadChanged(
                parent.message().id(), byParent.get(seq), parent.message().readers()));
      }
    }
    changed.clear();
    return changes;
  }
}
