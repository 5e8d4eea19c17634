package io.fluxy.agent;

/**
 * How an agent answers. Everything goes the way of any command: it is told and, where it matters,
 * kept and numbered by the room. Methods return at once; after the run is over they throw {@link
 * java.util.concurrent.CancellationException}.
 *
 * <p>Safe for use by many threads.
 */
public interface Reply {
  /**
   * Posts the message, empty so far: the room sees that an answer comes. The first append does it
   * too.
   */
  void begin();

  /**
   * Adds to what the message says.
   *
   * @throws IllegalArgumentException if it becomes longer than a message may be: the run fails, and
   *     the message keeps what it said before
   */
  void append(String text);

  /**
   * The agent calls a tool.
   *
   * @param argumentsJson one JSON value
   */
  void toolCall(String toolCallId, String name, String argumentsJson);

  /** What the tool said, as one JSON value. */
  void toolResult(String toolCallId, String name, String resultJson);

  /** The tool failed; the error as one JSON value. */
  void toolError(String toolCallId, String name, String errorJson);

  /** What the run has cost so far; the last call counts. */
  void usage(int inputTokens, int outputTokens, double estimatedCost);

  /** The answer is complete. Returning from {@link Agent#answer} does it too. */
  void end();

  /** There is no answer, or no more of it; the message keeps what it says so far. */
  void fail(String error);

  /** Whether the run is over. */
  boolean isOver();

  /** Runs something when the run is cancelled, such as closing a stream that a read waits for. */
  void onCancel(Runnable action);
}
