package io.fluxy.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The agents of projects and their runs. Runs are written through the logs of rooms ({@link
 * MessageStore#append}), never here.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface AgentStore {
  /** A project's agents by handle. */
  CompletionStage<List<AgentRecord>> list(String projectId, int max);

  /**
   * Adds an agent, or replaces the one with its id.
   *
   * @param max how many a project may have; replacing one is always fine
   */
  CompletionStage<Saved> save(String projectId, AgentRecord agent, int max);

  /** Completes with false if there was none. Its runs stay. */
  CompletionStage<Boolean> remove(String projectId, String id);

  /** An agent's runs in all rooms of its project, those that changed last first. */
  CompletionStage<List<RunRecord>> runs(String projectId, String agentId, int max);

  /** What came of saving; only in the first case has anything changed. */
  enum Saved {
    SAVED,
    /** Another agent of the project has this handle. */
    HANDLE_TAKEN,
    /** The project has as many as it may. */
    FULL
  }
}
