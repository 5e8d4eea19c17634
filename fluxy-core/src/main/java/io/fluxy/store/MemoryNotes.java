package io.fluxy.store;

import io.fluxy.chat.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The notes of one room. Safe for use by many threads. */
final class MemoryNotes {
  private final Map<Key, Personal.Note> notes = new HashMap<>();

  private record Key(Personal.Kind kind, long seq, String userId) {}

  synchronized Optional<Personal.Note> find(Personal.Kind kind, long seq, String userId) {
    return Optional.ofNullable(notes.get(new Key(kind, seq, userId)));
  }

  synchronized List<Personal.Note> all(Personal.Kind kind, long seq, int max) {
    List<Personal.Note> all = new ArrayList<>();
    notes.forEach(
        (key, note) -> {
          if (key.kind() == kind && key.seq() == seq) {
            all.add(note);
          }
        });
    all.sort(Comparator.comparing(Personal.Note::userId));
    return List.copyOf(all.subList(0, Math.min(max, all.size())));
  }

  synchronized Optional<Personal.Note> change(
      Personal.Kind kind, long seq, String userId, long atMs, UnaryOperator<String> change) {
    Key key = new Key(kind, seq, userId);
    Personal.Note before = notes.get(key);
    String text = change.apply(before == null ? "" : before.text());
    if (text.isEmpty()) {
      notes.remove(key);
      return Optional.empty();
    }
    Personal.Note note = new Personal.Note(userId, text, atMs);
    notes.put(key, note);
    return Optional.of(note);
  }

  /** A user is no member any more. */
  synchronized void forget(String userId) {
    notes.remove(new Key(Personal.Kind.DRAFT, 0, userId));
    notes.remove(new Key(Personal.Kind.PREFERENCES, 0, userId));
  }

  synchronized boolean names(String userId) {
    return notes.keySet().stream().anyMatch(key -> key.userId().equals(userId));
  }

  /** All of a user's, by kind and message. */
  synchronized List<PersonalData.Kept> of(RoomRecord room, String userId) {
    return notes.keySet().stream()
        .filter(key -> key.userId().equals(userId))
        .sorted(Comparator.comparing(Key::kind).thenComparing(Key::seq))
        .map(key -> kept(room, key))
        .toList();
  }

  private PersonalData.Kept kept(RoomRecord room, Key key) {
    long messageId = key.seq() == 0 ? 0 : Message.id(room.number(), key.seq());
    Personal.Note note = Objects.requireNonNull(notes.get(key));
    return new PersonalData.Kept(room, key.kind(), messageId, note);
  }

  synchronized void forgetAll(String userId) {
    notes.keySet().removeIf(key -> key.userId().equals(userId));
  }

  synchronized void clear() {
    notes.clear();
  }
}
