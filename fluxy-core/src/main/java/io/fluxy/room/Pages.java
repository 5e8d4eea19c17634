package io.fluxy.room;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.MessageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Pages from the store as one user may see them: full ones, whatever is hidden in between. */
final class Pages {
  private static final int MORE_MIN = 100; // messages read at a time to make up for hidden ones

  private final RoomId room;
  private final MessageStore messages;

  Pages(RoomId room, MessageStore messages) {
    this.room = room;
    this.messages = messages;
  }

  /** Where pages come from. */
  @FunctionalInterface
  private interface Source {
    CompletionStage<List<StoredMessage>> page(long beforeSeq, int max);
  }

  /** Newest first, fewer than {@code max} only at the beginning of the room. */
  CompletionStage<List<StoredMessage>> before(Sight sight, long beforeSeq, int max) {
    return before((seq, some) -> messages.page(room, seq, some), sight, beforeSeq, max);
  }

  /** Answers to a message, likewise. */
  CompletionStage<List<StoredMessage>> replies(
      Sight sight, long parentSeq, long beforeSeq, int max) {
    return max == 0
        ? CompletableFuture.completedStage(List.of())
        : before(
            (seq, some) -> messages.replies(room, parentSeq, seq, some), sight, beforeSeq, max);
  }

  private static CompletionStage<List<StoredMessage>> before(
      Source source, Sight sight, long beforeSeq, int max) {
    return source
        .page(beforeSeq, max)
        .thenCompose(
            page -> {
              List<StoredMessage> seen = sight.of(page);
              return seen.size() == max || page.size() < max
                  ? CompletableFuture.completedStage(seen)
                  : more(source, sight, new ArrayList<>(seen), lastSeq(page), max);
            });
  }

  private static CompletionStage<List<StoredMessage>> more(
      Source source, Sight sight, List<StoredMessage> seen, long beforeSeq, int max) {
    int wanted = Math.max(max, MORE_MIN);
    return source
        .page(beforeSeq, wanted)
        .thenCompose(
            page -> {
              seen.addAll(sight.of(page));
              return seen.size() >= max || page.size() < wanted
                  ? CompletableFuture.completedStage(
                      List.copyOf(seen.subList(0, Math.min(max, seen.size()))))
                  : more(source, sight, seen, lastSeq(page), max);
            });
  }

  private static long lastSeq(List<StoredMessage> page) {
    return page.get(page.size() - 1).message().seq();
  }
}
