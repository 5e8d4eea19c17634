package io.fluxy.examples.quickstart;

import java.util.Map;

/** A message as the server has it: what it acknowledged, or what its history says. */
record Ack(
    String user, String clientMessageId, String content, long id, long seq, String createdAt) {
  /** Reads it from a message of the protocol. */
  static Ack of(Map<?, ?> message) {
    return new Ack(
        String.valueOf(message.get("userId")),
        String.valueOf(message.get("clientMessageId")),
        String.valueOf(message.get("content")),
        number(message, "id"),
        number(message, "seq"),
        String.valueOf(message.get("createdAt")));
  }

  private static long number(Map<?, ?> message, String key) {
    return message.get(key) instanceof Long number ? number : -1;
  }
}
