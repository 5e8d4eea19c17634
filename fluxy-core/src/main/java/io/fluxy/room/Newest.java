package io.fluxy.room;

import io.fluxy.chat.StoredMessage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The newest messages of a room in order of their seqs, in a ring: the oldest makes way. */
final class Newest {
  private static final int SLOTS_MIN = 8;

  private final int max;
  private @Nullable StoredMessage[] ring = new StoredMessage[SLOTS_MIN];
  private int first; // where the oldest is
  private int size;

  Newest(int max) {
    this.max = max;
  }

  int size() {
    return size;
  }

  /** The message at a place, the oldest at 0. */
  StoredMessage get(int place) {
    StoredMessage stored = ring[slot(place)];
    if (stored == null) {
      throw new IndexOutOfBoundsException(place + " of " + size);
    }
    return stored;
  }

  @Nullable StoredMessage find(long seq) {
    int place = place(seq);
    return place < 0 ? null : get(place);
  }

  /**
   * Adds a message with a higher seq than all before.
   *
   * @return the one that had to make way, if any
   */
  @Nullable StoredMessage add(StoredMessage stored) {
    if (size == max) {
      StoredMessage oldest = get(0);
      first = slot(1);
      ring[slot(size - 1)] = stored;
      return oldest;
    }
    if (size == ring.length) {
      grow();
    }
    ring[slot(size++)] = stored;
    return null;
  }

  /** Puts a message in the place of an earlier form of it. */
  void replace(StoredMessage stored) {
    ring[slot(place(stored.message().seq()))] = stored;
  }

  void remove(long seq) {
    int place = place(seq);
    size--;
    for (; place < size; place++) {
      ring[slot(place)] = ring[slot(place + 1)];
    }
    ring[slot(size)] = null;
  }

  void clear() {
    Arrays.fill(ring, null);
    first = 0;
    size = 0;
  }

  private void grow() {
    @Nullable StoredMessage[] more =
        Arrays.copyOfRange(ring, first, first + Math.min(max, 2 * size));
    System.arraycopy(ring, 0, more, size - first, first);
    ring = more;
    first = 0;
  }

  private int slot(int place) {
    int slot = first + place;
    return slot < ring.length ? slot : slot - ring.length;
  }

  private int place(long seq) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long there = get(middle).message().seq();
      if (there == seq) {
        return middle;
      } else if (there < seq) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}
