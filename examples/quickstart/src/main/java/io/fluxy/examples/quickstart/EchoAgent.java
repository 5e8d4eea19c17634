package io.fluxy.examples.quickstart;

import io.fluxy.agent.Agent;
import io.fluxy.agent.Invocation;
import io.fluxy.agent.Reply;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;

/**
 * Answers whoever writes {@code @echo}, without any model or network: it calls a tool that counts
 * the words, then says them again bit by bit, as a language model would.
 */
final class EchoAgent implements Agent {
  static final String HANDLE = "echo";
  private static final int CHARS_MAX = 400;
  private static final int BIT_MS = 40;
  private static final String TOOL = "count_words";

  @Override
  public void answer(Invocation invocation, Reply reply) throws InterruptedException {
    String[] parts = invocation.content().split("@" + HANDLE, 2);
    String said = parts[parts.length - 1].strip();
    String text = said.substring(0, Math.min(said.length(), CHARS_MAX));
    int words = text.isEmpty() ? 0 : text.split("\\s+", -1).length;
    reply.toolCall("count", TOOL, json("text", text));
    Thread.sleep(BIT_MS);
    reply.toolResult("count", TOOL, json("words", words));
    String answer =
        text.isEmpty()
            ? "Write something behind @" + HANDLE + ", and I say it again."
            : "You said: “" + text + "”. That is " + words + (words == 1 ? " word." : " words.");
    for (String bit : answer.split("(?<=\\s)", -1)) {
      reply.append(bit);
      Thread.sleep(BIT_MS);
    }
  }

  private static String json(String field, Object value) {
    byte[] bytes =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeObjectField(field, value);
              json.writeEndObject();
            });
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
