package io.fluxy.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What hosts have written in transactions of their own. It is no message yet: its room takes it
 * once the transaction is committed, and of one that is rolled back nothing was ever here.
 *
 * <p>Several engines may look at the same time. Methods return at once and never block the caller;
 * stages complete on any thread, exceptionally with {@link StoreException}.
 */
public interface Pending {
  /** The committed ones that were neither taken nor refused, in the order they were written. */
  CompletionStage<List<PendingPost>> next(int max);

  /** The room has taken it: forgets it. Twice does no harm. */
  CompletionStage<Void> taken(String id);

  /**
   * The room does not take it, and asking again makes no sense: keeps it, with the reason.
   *
   * @param atMs UTC milliseconds since 1970
   */
  CompletionStage<Void> refused(String id, String reason, long atMs);

  /** Forgets what was refused before a time. */
  CompletionStage<Void> forgetRefused(long beforeMs);

  /**
   * Has this called whenever a host says that it has committed; replaces what was given before. It
   * must return at once. A host need not say so: whoever misses something has to look by itself.
   */
  void whenCommitted(Runnable look);
}
