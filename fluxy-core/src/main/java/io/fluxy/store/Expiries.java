package io.fluxy.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Which messages go by themselves, and when. Filled by {@link MessageStore#append}: a post that
 * expires is here until an event deletes it or ends its room.
 */
public interface Expiries {
  /**
   * The messages that go first, in order of their times.
   *
   * @return completes on any thread, exceptionally with {@link StoreException}
   */
  CompletionStage<List<Expiring>> next(int max);

  /**
   * A message that goes by itself.
   *
   * @param atMs UTC milliseconds since 1970
   */
  record Expiring(RoomRecord room, long seq, long atMs) {}
}
