package io.fluxy.store;

import io.fluxy.chat.RoomId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Notes on the heap: each room has its own. */
final class MemoryPersonal implements Personal {
  private final MemoryStore store;
  private final MemoryDirectory directory;

  MemoryPersonal(MemoryStore store, MemoryDirectory directory) {
    this.store = store;
    this.directory = directory;
  }

  @Override
  public CompletionStage<Optional<Note>> find(RoomId room, Kind kind, long seq, String userId) {
    return store.answer(
        () -> directory.find(room).flatMap(found -> found.notes().find(kind, seq, userId)));
  }

  @Override
  public CompletionStage<List<Note>> all(RoomId room, Kind kind, long seq, int max) {
    return store.answer(
        () ->
            directory.find(room).map(found -> found.notes().all(kind, seq, max)).orElse(List.of()));
  }

  @Override
  public CompletionStage<Optional<Note>> change(
      RoomId room, Kind kind, long seq, String userId, long atMs, UnaryOperator<String> change) {
    return store.answer(
        () -> directory.get(room).livingNotes().change(kind, seq, userId, atMs, change));
  }
}
