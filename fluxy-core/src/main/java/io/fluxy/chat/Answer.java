package io.fluxy.chat;

import org.jspecify.annotations.Nullable;

/** What became of a command. */
public sealed interface Answer {
  /**
   * Done. Durable events are saved by now.
   *
   * @param event what happened
   */
  record Done(Event event) implements Answer {}

  /**
   * Nothing to do: the room already is as asked (a reaction put twice, a message deleted twice).
   *
   * @param message the message it was about, as it stands now; null if it was not about one
   */
  record Unchanged(@Nullable Message message) implements Answer {}

  /**
   * This message was sent before.
   *
   * @param message the first one, as it stands now
   */
  record Repeated(Message message) implements Answer {}

  /** Declined; nothing has changed. */
  record Refused(Refusal refusal) implements Answer {}
}
