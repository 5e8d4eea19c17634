package io.fluxy.store;

import io.fluxy.chat.Attachment;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Which files there are, on the heap. One lock for all. */
final class MemoryAttachments implements AttachmentStore {
  private static final Comparator<AttachmentRecord> OLDEST_FIRST =
      Comparator.comparingLong(AttachmentRecord::createdAtMs).thenComparing(AttachmentRecord::id);

  private final MemoryStore store;
  private final Map<Key, AttachmentRecord> files = new HashMap<>();
  private final Set<Key> doomed = new HashSet<>();

  private record Key(String projectId, String id) {
    static Key of(AttachmentRecord file) {
      return new Key(file.room().project(), file.id());
    }
  }

  MemoryAttachments(MemoryStore store) {
    this.store = store;
  }

  /** What follows from events of a room; part of an append, which can't fail any more. */
  void follow(RoomId room, List<Event.Durable> events) {
    for (Event.Durable event : events) {
      if (event instanceof Event.Posted posted) {
        if (!posted.message().attachments().isEmpty()) {
          show(room, posted.message());
        }
      } else if (event instanceof Event.Deleted deleted) {
        long seq = Message.seqOf(deleted.messageId());
        doom(file -> file.room().equals(room) && file.seq() == seq);
      } else if (event instanceof Event.Purged purged) {
        doom(
            file ->
                purged.isOfAll()
                    && file.room().equals(room)
                    && file.seq() > purged.afterSeq()
                    && file.seq() < purged.beforeSeq()
                    && (purged.userId() == null || purged.userId().equals(file.userId())));
      } else if (event instanceof Event.RoomDeleted) {
        doom(file -> file.room().equals(room));
      }
    }
  }

  private synchronized void show(RoomId room, Message message) {
    for (Attachment attachment : message.attachments()) {
      Key key = new Key(room.project(), attachment.fileId() == null ? "" : attachment.fileId());
      AttachmentRecord file = files.get(key);
      if (file != null
          && !doomed.contains(key)
          && file.seq() == 0
          && file.room().equals(room)
          && file.userId().equals(message.userId())) {
        files.put(key, file.shownBy(message.seq()));
      }
    }
  }

  private synchronized void doom(Predicate<AttachmentRecord> which) {
    files.forEach(
        (key, file) -> {
          if (which.test(file)) {
            doomed.add(key);
          }
        });
  }

  @Override
  public CompletionStage<Boolean> add(AttachmentRecord file, long bytesMax, int filesMax) {
    return store.answer(() -> addNow(file, bytesMax, filesMax));
  }

  private synchronized boolean addNow(AttachmentRecord file, long bytesMax, int filesMax) {
    long bytes = file.sizeBytes();
    int count = 1;
    for (AttachmentRecord each : files.values()) {
      if (each.room().project().equals(file.room().project())) {
        bytes += each.sizeBytes();
        count++;
      }
    }
    if (bytes > bytesMax || count > filesMax) {
      return false;
    }
    files.put(Key.of(file), file);
    return true;
  }

  @Override
  public CompletionStage<Optional<AttachmentRecord>> find(String projectId, String id) {
    return store.answer(() -> findNow(new Key(projectId, id)));
  }

  private synchronized Optional<AttachmentRecord> findNow(Key key) {
    return doomed.contains(key) ? Optional.empty() : Optional.ofNullable(files.get(key));
  }

  @Override
  public CompletionStage<List<AttachmentRecord>> of(String projectId, String userId, int max) {
    return store.answer(() -> ofNow(projectId, userId, max));
  }

  private synchronized List<AttachmentRecord> ofNow(String projectId, String userId, int max) {
    return files.values().stream()
        .filter(file -> file.room().project().equals(projectId) && file.userId().equals(userId))
        .filter(file -> !doomed.contains(Key.of(file)))
        .sorted(OLDEST_FIRST)
        .limit(max)
        .toList();
  }

  @Override
  public CompletionStage<Void> doom(String projectId, String userId) {
    return store.change(
        () ->
            doom(file -> file.room().project().equals(projectId) && file.userId().equals(userId)));
  }

  @Override
  public CompletionStage<Void> doomUnposted(long beforeMs) {
    return store.change(() -> doom(file -> file.seq() == 0 && file.createdAtMs() < beforeMs));
  }

  @Override
  public CompletionStage<List<AttachmentRecord>> doomed(int max) {
    return store.answer(() -> doomedNow(max));
  }

  private synchronized List<AttachmentRecord> doomedNow(int max) {
    return files.values().stream()
        .filter(file -> doomed.contains(Key.of(file)))
        .sorted(OLDEST_FIRST)
        .limit(max)
        .toList();
  }

  @Override
  public CompletionStage<Void> forget(String projectId, String id) {
    return store.change(() -> forgetNow(new Key(projectId, id)));
  }

  private synchronized void forgetNow(Key key) {
    files.remove(key);
    doomed.remove(key);
  }
}
