package io.fluxy.store;

import io.fluxy.chat.Message;
import io.fluxy.chat.RoomType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Looks at every message there is. */
final class MemorySearch implements Search {
  private final MemoryStore store;
  private final MemoryDirectory directory;

  private record Found(Hit hit, long atMs) {}

  MemorySearch(MemoryStore store, MemoryDirectory directory) {
    this.store = store;
    this.directory = directory;
  }

  @Override
  public CompletionStage<List<Hit>> messages(SearchQuery query) {
    return store.answer(
        () -> {
          List<Found> found = new ArrayList<>();
          for (MemoryRoom room : directory.roomsOf(query.projectId())) {
            if (query.room() == null || query.room().equals(room.record().id().name())) {
              if (isInScope(query, room)) {
                add(found, room, query);
              }
            }
          }
          return found.stream()
              .sorted(
                  Comparator.comparingLong(Found::atMs)
                      .thenComparingLong(each -> each.hit().room().number())
                      .reversed())
              .limit(query.max())
              .map(Found::hit)
              .toList();
        });
  }

  private static void add(List<Found> found, MemoryRoom room, SearchQuery query) {
    for (Message message : room.alive()) {
      if (hasAll(message.content(), query.words())) {
        found.add(new Found(new Hit(room.record(), message.seq()), message.createdAtMs()));
      }
    }
  }

  @Override
  public CompletionStage<List<RoomRecord>> rooms(SearchQuery query) {
    return store.answer(
        () ->
            directory.roomsOf(query.projectId()).stream()
                .filter(room -> isInScope(query, room))
                .map(MemoryRoom::record)
                .filter(room -> hasAll(room.name(), query.words()))
                .sorted(Comparator.comparingLong(RoomRecord::number).reversed())
                .limit(query.max())
                .toList());
  }

  private static boolean isInScope(SearchQuery query, MemoryRoom room) {
    return query.memberId() == null
        || room.record().type() == RoomType.PUBLIC
        || room.hasMember(query.memberId());
  }

  private static boolean hasAll(String text, List<String> words) {
    String lower = text.toLowerCase(Locale.ROOT);
    return words.stream().allMatch(lower::contains);
  }
}
