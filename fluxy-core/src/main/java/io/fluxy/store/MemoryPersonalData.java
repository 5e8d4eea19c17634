package io.fluxy.store;

import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Looks through every room of a project. */
final class MemoryPersonalData implements PersonalData {
  private final MemoryStore store;
  private final MemoryDirectory directory;
  private final MemoryOperators operators;

  MemoryPersonalData(MemoryStore store, MemoryDirectory directory, MemoryOperators operators) {
    this.store = store;
    this.directory = directory;
    this.operators = operators;
  }

  @Override
  public CompletionStage<List<RoomRecord>> rooms(
      String projectId, @Nullable String userId, long afterNumber, int max) {
    return store.answer(
        () ->
            directory.roomsOf(projectId).stream()
                .filter(room -> room.record().number() > afterNumber)
                .filter(room -> userId == null || room.names(userId))
                .map(MemoryRoom::record)
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<Report> of(String projectId, String userId, int max) {
    return store.answer(
        () -> {
          List<Said> messages = new ArrayList<>();
          List<Put> reactions = new ArrayList<>();
          List<Place> reads = new ArrayList<>();
          List<Membership> memberships = new ArrayList<>();
          List<Said> mentions = new ArrayList<>();
          List<Kept> notes = new ArrayList<>();
          List<Moderated> moderated = new ArrayList<>();
          for (MemoryRoom room : directory.roomsOf(projectId)) {
            RoomRecord record = room.record();
            for (Message message : room.posted()) {
              if (message.userId().equals(userId)) {
                messages.add(new Said(record, message));
              }
              if (message.mentions().contains(userId)) {
                mentions.add(new Said(record, message));
              }
            }
            reactions.addAll(room.reactionsOf(userId));
            long read = room.readUpTo(userId);
            if (read > 0) {
              reads.add(new Place(record, Message.id(record.number(), read)));
            }
            moderated.addAll(room.moderated(userId));
            notes.addAll(room.notes().of(record, userId));
            room.member(userId).ifPresent(m -> memberships.add(new Membership(record, m)));
          }
          return new Report(
              first(messages, max),
              first(reactions, max),
              first(reads, max),
              first(memberships, max),
              first(mentions, max),
              first(notes, max),
              first(moderated, max));
        });
  }

  private static <T> List<T> first(List<T> all, int max) {
    return List.copyOf(all.subList(0, Math.min(max, all.size())));
  }

  @Override
  public CompletionStage<Void> forgetBesideLogs(String projectId, String userId) {
    return store.change(
        () -> {
          for (MemoryRoom room : directory.roomsOf(projectId)) {
            room.forgetRead(userId);
            room.notes().forgetAll(userId);
          }
          operators.forget(projectId, userId);
        });
  }

  @Override
  public CompletionStage<Long> firstKept(RoomId id) {
    return store.answer(
        () ->
            directory
                .find(id)
                .flatMap(room -> room.alive().stream().map(Message::seq).findFirst())
                .orElse(0L));
  }
}
