package io.fluxy.examples.agent;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.agent.Agent;
import io.fluxy.agent.Invocation;
import io.fluxy.agent.Reply;
import io.fluxy.chat.Message;
import io.fluxy.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks any server that speaks OpenAI's chat completions, and passes the answer on as it comes.
 *
 * <p>The room's newest messages go along as context. The system prompt and the model can be set per
 * agent, by the operators of its project; what they leave out is as configured here.
 */
public final class ChatModelAgent implements Agent {
  private static final String DATA = "data:";
  private static final String DONE = "[DONE]";
  private static final int ERROR_CHARS_MAX = 200;

  private final URI completions;
  private final String model;
  private final String key;
  private final Duration timeout;
  private final HttpClient http;

  /**
   * An agent.
   *
   * @param baseUrl such as {@code https://api.openai.com/v1}
   * @param model what answers unless the agent's own settings name another
   * @param key sent as a bearer token; empty for servers that want none
   * @param timeout for the beginning of an answer
   */
  public ChatModelAgent(URI baseUrl, String model, String key, Duration timeout) {
    String base = baseUrl.toString();
    this.completions = URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
    this.model = model;
    this.key = key;
    this.timeout = timeout;
    this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  @Override
  public void answer(Invocation invocation, Reply reply) throws IOException, InterruptedException {
    reply.begin();
    HttpResponse<InputStream> response =
        http.send(request(invocation), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      reply.onCancel(() -> close(body));
      if (response.statusCode() != 200) {
        String error = new String(body.readNBytes(ERROR_CHARS_MAX), StandardCharsets.UTF_8);
        throw new IOException("the model answered " + response.statusCode() + ": " + error);
      }
      Stream<String> lines =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).lines();
      lines
          .filter(line -> line.startsWith(DATA))
          .map(line -> line.substring(DATA.length()).strip())
          .takeWhile(data -> !data.equals(DONE))
          .forEach(data -> heard(data, reply));
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // it is of no more use either way
    }
  }

  private HttpRequest request(Invocation invocation) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(completions)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(question(invocation)));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    return request.build();
  }

  private byte[] question(Invocation invocation) {
    Map<String, ?> settings =
        Json.object(invocation.agent().json().getBytes(StandardCharsets.UTF_8));
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("model", settings.get("model") instanceof String own ? own : model);
          json.writeBooleanField("stream", true);
          json.writeArrayFieldStart("messages");
          if (settings.get("systemPrompt") instanceof String prompt) {
            message(json, "system", prompt);
          }
          for (Message message : invocation.history()) {
            if (!message.content().isEmpty() && !message.content().equals(invocation.content())) {
              boolean own = message.userId().equals(invocation.agent().id());
              String said = own ? message.content() : message.userId() + ": " + message.content();
              message(json, own ? "assistant" : "user", said);
            }
          }
          message(json, "user", invocation.content());
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void message(JsonGenerator json, String role, String content) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", role);
    json.writeStringField("content", content);
    json.writeEndObject();
  }

  /** One event of the stream: a bit of text, or what it has cost. */
  private static void heard(String data, Reply reply) {
    Map<String, ?> chunk = Json.object(data.getBytes(StandardCharsets.UTF_8));
    if (chunk.get("choices") instanceof List<?> choices
        && !choices.isEmpty()
        && choices.get(0) instanceof Map<?, ?> choice
        && choice.get("delta") instanceof Map<?, ?> delta
        && delta.get("content") instanceof String text
        && !text.isEmpty()) {
      reply.append(text);
    }
    if (chunk.get("usage") instanceof Map<?, ?> usage) {
      reply.usage(number(usage.get("prompt_tokens")), number(usage.get("completion_tokens")), 0);
    }
  }

  private static int number(@Nullable Object value) {
    return value instanceof Long number ? number.intValue() : 0;
  }
}
