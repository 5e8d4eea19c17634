package io.fluxy.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  synchronized void clear() {
    notes.clear();
  }
}
