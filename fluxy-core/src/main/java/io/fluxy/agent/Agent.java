package io.fluxy.agent;

/**
 * The host's code behind an agent. Registered with {@code Fluxy.builder().agent(...)}, and called
 * when a message says {@code @handle}, or when somebody invokes the agent.
 *
 * <p>Safe for use by many threads: several rooms may ask at once. One room asks the same agent one
 * thing at a time.
 */
@FunctionalInterface
public interface Agent {
  /**
   * Answers. Called on a thread for agents, never on a room's turn; may block. When it returns, the
   * answer is complete; what it throws fails the run, with the message of the exception as the
   * error that operators see.
   *
   * <p>When the run is over before that (its deadline, {@link Agents#cancel}), the thread is
   * interrupted, and every method of the reply throws {@link
   * java.util.concurrent.CancellationException}.
   */
  void answer(Invocation invocation, Reply reply) throws Exception;
}
