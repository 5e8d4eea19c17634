package io.fluxy.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Which files users have uploaded, and which messages show them; the bytes are elsewhere.
 *
 * <p>{@link MessageStore#append} keeps this in step: a post of the user who has uploaded a file,
 * into the file's room, makes it the file's message, if it is the first to name it. When that
 * message is deleted, purged or gone with its room, the file is doomed: it is found no more, and
 * somebody has to remove its bytes and then forget it.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface AttachmentStore {
  /**
   * Adds a file that no message shows yet.
   *
   * @param bytesMax what the files of the project may have together, doomed ones included
   * @param filesMax how many there may be
   * @return false if there is no room for it; then nothing has changed
   */
  CompletionStage<Boolean> add(AttachmentRecord file, long bytesMax, int filesMax);

  /** A file that is not doomed. */
  CompletionStage<Optional<AttachmentRecord>> find(String projectId, String id);

  /** The files of a user that are not doomed, oldest first. */
  CompletionStage<List<AttachmentRecord>> of(String projectId, String userId, int max);

  /** Dooms all files of a user. */
  CompletionStage<Void> doom(String projectId, String userId);

  /** Dooms all files that were uploaded before a time and that no message shows. */
  CompletionStage<Void> doomUnposted(long beforeMs);

  /** Doomed files of all projects. */
  CompletionStage<List<AttachmentRecord>> doomed(int max);

  /** Forgets a file, doomed or not. */
  CompletionStage<Void> forget(String projectId, String id);
}
