package io.fluxy.store;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The logs on the heap: finds the room and lets it answer. */
final class MemoryMessages implements MessageStore {
  private final MemoryStore store;
  private final MemoryDirectory directory;
  private final MemoryWebhooks webhooks;
  private final MemoryAttachments attachments;

  MemoryMessages(
      MemoryStore store,
      MemoryDirectory directory,
      MemoryWebhooks webhooks,
      MemoryAttachments attachments) {
    this.attachments = attachments;
    this.store = store;
    this.directory = directory;
    this.webhooks = webhooks;
  }

  @Override
  public CompletionStage<Optional<OpenedRoom>> open(RoomId room, int newestMax) {
    return store.answer(() -> directory.living(room).map(found -> found.open(newestMax)));
  }

  @Override
  public CompletionStage<Void> append(
      RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
    return store.change(
        () -> {
          directory.get(room).append(events);
          webhooks.put(outgoing);
          attachments.follow(room, events);
        });
  }

  @Override
  public CompletionStage<List<Event.Durable>> read(RoomId room, long afterSeq, int max) {
    return store.answer(
        () -> directory.find(room).map(found -> found.read(afterSeq, max)).orElse(List.of()));
  }

  @Override
  public CompletionStage<List<StoredMessage>> page(RoomId room, long beforeSeq, int max) {
    return store.answer(
        () -> directory.find(room).map(found -> found.page(beforeSeq, max)).orElse(List.of()));
  }

  @Override
  public CompletionStage<List<StoredMessage>> replies(
      RoomId room, long parentSeq, long beforeSeq, int max) {
    return store.answer(
        () ->
            directory
                .find(room)
                .map(found -> found.replies(parentSeq, beforeSeq, max))
                .orElse(List.of()));
  }

  @Override
  public CompletionStage<List<StoredMessage>> messages(RoomId room, Collection<Long> seqs) {
    return store.answer(
        () -> directory.find(room).map(found -> found.messages(seqs)).orElse(List.of()));
  }

  @Override
  public CompletionStage<Optional<StoredMessage>> find(
      RoomId room, String userId, String clientMessageId) {
    return store.answer(
        () -> directory.find(room).flatMap(found -> found.find(userId, clientMessageId)));
  }

  @Override
  public CompletionStage<Long> nthNewest(RoomId room, int nth) {
    return store.answer(() -> directory.find(room).map(it -> it.nthNewest(nth)).orElse(0L));
  }

  @Override
  public CompletionStage<List<OpenStream>> streams(RoomId room) {
    return store.answer(() -> directory.find(room).map(MemoryRoom::streams).orElse(List.of()));
  }

  @Override
  public CompletionStage<Void> checkpoint(RoomId room, long seq, String content) {
    return store.change(() -> directory.find(room).ifPresent(it -> it.checkpoint(seq, content)));
  }

  @Override
  public CompletionStage<Long> seqAt(RoomId room, long atMs) {
    return store.answer(() -> directory.find(room).map(found -> found.seqAt(atMs)).orElse(1L));
  }
}
