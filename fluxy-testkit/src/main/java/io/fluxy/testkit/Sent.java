package io.fluxy.testkit;

import java.util.Objects;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * A message that a client has sent, and what it has been told about it since. AssertJ's {@code
 * assertThat(sent)} has words for it: see {@link SentAssert}.
 */
public final class Sent implements AssertProvider<SentAssert> {
  private final String content;
  private final String clientMessageId;
  private @Nullable Long messageId;
  private @Nullable String refusal;

  Sent(String content, String clientMessageId) {
    this.content = content;
    this.clientMessageId = clientMessageId;
  }

  /** What was said. */
  public String content() {
    return content;
  }

  /** The name under which it may be sent again without being said twice. */
  public String clientMessageId() {
    return clientMessageId;
  }

  /** Whether the client knows that the room has it. */
  public boolean isAcknowledged() {
    return messageId != null;
  }

  /**
   * The id that the room gave it.
   *
   * @throws IllegalStateException if the client has not been told
   */
  public long messageId() {
    if (messageId == null) {
      throw new IllegalStateException(this + " has no id: the client was not told of one");
    }
    return Objects.requireNonNull(messageId);
  }

  /** Why it was declined the last time it was sent, in the protocol's words; null if it was not. */
  public @Nullable String refusal() {
    return refusal;
  }

  void acknowledged(long id) {
    messageId = id;
    refusal = null;
  }

  void refused(String why) {
    refusal = why;
  }

  void again() {
    refusal = null;
  }

  /** For AssertJ: write {@code assertThat(sent)}. */
  @Override
  public SentAssert assertThat() {
    return new SentAssert(this);
  }

  @Override
  public String toString() {
    return "\"" + content + "\" (" + clientMessageId + ")";
  }
}
