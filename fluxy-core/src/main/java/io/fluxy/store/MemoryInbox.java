package io.fluxy.store;

import io.fluxy.chat.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Looks through every room of a project. */
final class MemoryInbox implements Inbox {
  private final MemoryStore store;
  private final MemoryDirectory directory;

  private record Found(Place place, long atMs) {}

  MemoryInbox(MemoryStore store, MemoryDirectory directory) {
    this.store = store;
    this.directory = directory;
  }

  @Override
  public CompletionStage<List<Place>> mentions(String projectId, String userId, int max) {
    return store.answer(
        () -> {
          List<Found> found = new ArrayList<>();
          for (MemoryRoom room : directory.roomsOf(projectId)) {
            for (Message message : room.alive()) {
              if (message.mentions().contains(userId)) {
                Place place = new Place(room.record(), message.seq());
                found.add(new Found(place, message.createdAtMs()));
              }
            }
          }
          return newest(found, max);
        });
  }

  @Override
  public CompletionStage<List<String>> blocked(String projectId, String userId, int max) {
    return store.answer(
        () ->
            directory.roomsOf(projectId).stream()
                .filter(room -> room.hasMember(userId))
                .flatMap(room -> room.blocked().stream())
                .filter(blocked -> !blocked.equals(userId))
                .distinct()
                .sorted()
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<List<Place>> threads(String projectId, String userId, int max) {
    return store.answer(
        () -> {
          List<Found> found = new ArrayList<>();
          for (MemoryRoom room : directory.roomsOf(projectId)) {
            for (Map.Entry<Long, Long> thread : threads(room, userId).entrySet()) {
              found.add(new Found(new Place(room.record(), thread.getKey()), thread.getValue()));
            }
          }
          return newest(found, max);
        });
  }

  /** Seqs of messages, and when the newest answer was that concerns the user. */
  private static Map<Long, Long> threads(MemoryRoom room, String userId) {
    Map<Long, String> authors = new HashMap<>();
    room.posted().forEach(message -> authors.put(message.seq(), message.userId()));
    Map<Long, Long> threads = new HashMap<>();
    for (Message message : room.alive()) {
      if (message.parentId() != null) {
        long parent = Message.seqOf(message.parentId());
        if (userId.equals(message.userId()) || userId.equals(authors.get(parent))) {
          threads.put(parent, message.createdAtMs());
        }
      }
    }
    return threads;
  }

  private static List<Place> newest(List<Found> found, int max) {
    return found.stream()
        .sorted(
            Comparator.comparingLong(Found::atMs)
                .thenComparingLong(each -> each.place().room().number())
                .thenComparingLong(each -> each.place().seq())
                .reversed())
        .limit(max)
        .map(Found::place)
        .toList();
  }
}
