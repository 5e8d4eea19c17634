package io.fluxy.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Finds messages and rooms by their words, upper and lower case alike. A word finds whatever begins
 * with it; some stores also find it in the middle of words, some only whole words if it is a single
 * letter.
 *
 * <p>What is found is where to look, not what may be shown: whether a reader may see a message, its
 * room decides. Every message that was saved before the question is found by the text it has now,
 * deleted ones are not; a store that keeps an index brings it up to date before it answers, and
 * costs an append nothing.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface Search {
  /** Messages that have all the words, newest first. */
  CompletionStage<List<Hit>> messages(SearchQuery query);

  /** Rooms with all the words in their name, newest first; {@link SearchQuery#room} is ignored. */
  CompletionStage<List<RoomRecord>> rooms(SearchQuery query);

  /** A message that was found. */
  record Hit(RoomRecord room, long seq) {}
}
