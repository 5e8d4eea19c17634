package io.fluxy.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which message a user sent to a room under which client message id. Every message adds one and
 * most live long, so it is flat: one small object for each, in an array that is probed.
 *
 * <p>For one thread at a time.
 */
public final class SentIds {
  private static final int SLOTS_MIN = 16; // a power of two, as every number of slots

  private static final @Nullable Sent[] NONE = {};

  private final int generationMax;
  private @Nullable Sent[] young = NONE;
  private @Nullable Sent[] old = young;
  private int size; // of the young

  private record Sent(int hash, String userId, String clientMessageId, long seq) {
    boolean is(int otherHash, String user, String id) {
      return hash == otherHash && clientMessageId.equals(id) && userId.equals(user);
    }
  }

  /**
   * @param max how many to remember: at least the newest half of them; {@link Integer#MAX_VALUE}
   *     for all there ever are
   */
  public SentIds(int max) {
    generationMax = max == Integer.MAX_VALUE ? max : (max + 1) / 2;
  }

  /** The seq of the message, 0 if none is remembered. */
  public long seqOf(String userId, String clientMessageId) {
    int hash = hash(userId, clientMessageId);
    Sent sent = find(young, hash, userId, clientMessageId);
    if (sent == null) {
      sent = find(old, hash, userId, clientMessageId);
    }
    return sent == null ? 0 : sent.seq;
  }

  /** Remembers a message; the last word about an id counts. */
  public void add(String userId, String clientMessageId, long seq) {
    if (size == generationMax) {
      old = young;
      young = NONE;
      size = 0;
    }
    if (size * 2 >= young.length) {
      young = spread(young, Math.max(SLOTS_MIN, young.length * 2));
    }
    int hash = hash(userId, clientMessageId);
    int slot = slot(young, hash, userId, clientMessageId);
    if (young[slot] == null) {
      size++;
    }
    young[slot] = new Sent(hash, userId, clientMessageId, seq);
  }

  private static @Nullable Sent find(
      @Nullable Sent[] in, int hash, String userId, String clientMessageId) {
    return in.length == 0 ? null : in[slot(in, hash, userId, clientMessageId)];
  }

  /** Ids often count up, and their hashes with them: multiplying scatters these over the slots. */
  private static int hash(String userId, String clientMessageId) {
    int hash = (31 * userId.hashCode() + clientMessageId.hashCode()) * 0x9E3779B9;
    return hash ^ hash >>> 15;
  }

  /** Where it is, or where it would be: at most half of the slots are taken. */
  private static int slot(@Nullable Sent[] in, int hash, String userId, String clientMessageId) {
    int slot = hash & in.length - 1;
    Sent there = in[slot];
    while (there != null && !there.is(hash, userId, clientMessageId)) {
      slot = slot + 1 & in.length - 1;
      there = in[slot];
    }
    return slot;
  }

  private static @Nullable Sent[] spread(@Nullable Sent[] from, int slots) {
    @Nullable Sent[] to = new Sent[slots];
    Arrays.stream(from)
        .filter(sent -> sent != null)
        .forEach(sent -> to[slot(to, sent.hash, sent.userId, sent.clientMessageId)] = sent);
    return to;
  }
}
