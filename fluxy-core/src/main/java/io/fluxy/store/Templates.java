package io.fluxy.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The templates of projects.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface Templates {
  /** A project's templates by name. */
  CompletionStage<List<TemplateRecord>> list(String projectId, int max);

  CompletionStage<Optional<TemplateRecord>> find(String projectId, String id);

  /**
   * Adds a template, or replaces the one with its id.
   *
   * @param max how many a project may have; replacing one is always fine
   */
  CompletionStage<Saved> save(String projectId, TemplateRecord template, int max);

  /** Completes with false if there was none. */
  CompletionStage<Boolean> remove(String projectId, String id);

  /** What came of saving; only in the first case has anything changed. */
  enum Saved {
    SAVED,
    /** Another template of the project has this name. */
    NAME_TAKEN,
    /** The project has as many as it may. */
    FULL
  }
}
