package io.fluxy.agent;

import io.fluxy.chat.RoomId;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run.
 *
 * @param latencyMs from the acceptance to the end
 * @param createdAtMs when it was accepted, UTC milliseconds since 1970
 * @param error null if it is complete
 * @param messageId the message it wrote; 0 if it wrote none
 * @param content what the message says; empty if there is none
 */
public record AgentRun(
    String id,
    String agentId,
    RoomId room,
    Status status,
    long latencyMs,
    int inputTokens,
    int outputTokens,
    double estimatedCost,
    List<ToolCall> toolCalls,
    long createdAtMs,
    @Nullable String error,
    long messageId,
    String content) {
  public AgentRun {
    toolCalls = List.copyOf(toolCalls);
  }

  /**
   * How a run ends. One whose process died is {@code interrupted}: nobody is left to say so here.
   */
  public enum Status {
    COMPLETED,
    FAILED,
    CANCELLED;

    /** The word on the wire and in the store. */
    public String word() {
      return switch (this) {
        case COMPLETED -> "completed";
        case FAILED -> "failed";
        case CANCELLED -> "cancelled";
      };
    }
  }

  /** A tool the run has called; the arguments are one JSON value. */
  public record ToolCall(String id, String name, String argumentsJson) {}

  /** The run as rooms keep it (FluxyChat contract 7). */
  String json() {
    byte[] utf8 =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("id", id);
              json.writeStringField("status", status.word());
              json.writeNumberField("latency_ms", latencyMs);
              json.writeNumberField("input_tokens", inputTokens);
              json.writeNumberField("output_tokens", outputTokens);
              json.writeNumberField("estimated_cost", estimatedCost);
              json.writeStringField("room_id", room.name());
              json.writeArrayFieldStart("tool_calls");
              for (ToolCall call : toolCalls) {
                json.writeStartObject();
                json.writeStringField("id", call.id());
                json.writeStringField("name", call.name());
                json.writeEndObject();
              }
              json.writeEndArray();
              json.writeNumberField("iterations", 1 + toolCalls.size());
              if (error != null) {
                json.writeStringField("error", error);
              }
              json.writeStringField("created_at", iso(createdAtMs));
              json.writeEndObject();
            });
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static String iso(long ms) {
    String iso = Instant.ofEpochMilli(ms).toString();
    return iso.length() == 20 ? iso.replace("Z", ".000Z") : iso;
  }
}
