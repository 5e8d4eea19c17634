package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RoomId;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a room tells, in FluxyChat's frames (contract 2.2, 2.4, 7). An engine has one for each kind
 * of client.
 */
final class ChatCodec implements Codec {
  private final Framing framing;
  private final @Nullable String snapshotType;
  private final boolean lastFirst;
  private final BiFunction<RoomId, Refusal, Problem> problems;

  /**
   * @param snapshotType {@code replay} for a socket that asked for one, otherwise {@code history}
   * @param problems the words for a refusal; must not block
   */
  ChatCodec(Framing framing, String snapshotType, BiFunction<RoomId, Refusal, Problem> problems) {
    this(framing, snapshotType, false, problems);
  }

  private ChatCodec(
      Framing framing,
      @Nullable String snapshotType,
      boolean lastFirst,
      BiFunction<RoomId, Refusal, Problem> problems) {
    this.framing = framing;
    this.snapshotType = snapshotType;
    this.lastFirst = lastFirst;
    this.problems = problems;
  }

  /** The same for clients that want to hear the newest message before all others. */
  ChatCodec tellingTheLastFirst() {
    return new ChatCodec(framing, snapshotType, true, problems);
  }

  /** The same for clients that want the newest message of all and no snapshot. */
  ChatCodec tellingTheLastOnly() {
    return new ChatCodec(framing, null, true, problems);
  }

  @Override
  public Framing framing() {
    return framing;
  }

  @Override
  public void encode(RoomId room, Event event, FrameWriter out) {
    int before = out.count();
    words(room, event, out);
    if (event instanceof Event.Durable durable && out.count() > before) {
      out.id(durable.seq());
    }
  }

  private void words(RoomId room, Event event, FrameWriter out) {
    if (event instanceof Event.Posted posted) {
      frame(out, "message", json -> posted(json, room, posted));
    } else if (event instanceof Event.Typing typing) {
      frame(out, "typing", json -> typing(json, typing));
    } else if (event instanceof Event.Presence presence) {
      presence(out, room, presence);
    } else if (event instanceof Event.Edited edited) {
      edited(out, room, edited);
    } else if (event instanceof Event.Deleted deleted) {
      if (deleted.expired()) {
        frame(out, "message_expired", json -> expired(json, room, deleted));
      }
      frame(out, "delete", json -> deleted(json, room, deleted));
      frame(out, "message_deleted", json -> deleted(json, room, deleted));
    } else if (event instanceof Event.Purged purged) {
      PurgeJson.frames(out, room, purged);
    } else if (event instanceof Event.Reacted reacted) {
      frame(out, "reaction", json -> reacted(json, room, reacted));
    } else if (event instanceof Event.ReactionStands stands) {
      stands(out, room, stands);
    } else if (event instanceof Event.ThreadChanged changed) {
      frame(out, "thread_updated", json -> ThreadRoutes.changed(json, room, changed));
    } else if (event instanceof Event.Pinned pinned) {
      frame(out, "message_pinned", json -> PinRoutes.pinned(json, room, pinned));
    } else if (event instanceof Event.Read read) {
      frame(out, "read", json -> read(json, room, read));
    } else if (event instanceof Event.Delivered delivered) {
      frame(out, "delivery_updated", json -> delivered(json, room, delivered));
    } else if (event instanceof Event.Arrived arrived) {
      frame(out, "member_joined", json -> arrived(json, room, arrived));
    } else if (event instanceof Event.Left left) {
      frame(out, "member_left", json -> left(json, room, left));
    } else if (event instanceof Event.ToolUsed tool) {
      toolUsed(out, room, tool);
    } else if (event instanceof Event.RunReported run) {
      frame(out, "agentRun", json -> run(json, room, run));
    } else if (event instanceof Event.Snapshot snapshot) {
      if (lastFirst && !snapshot.messages().isEmpty()) {
        frame(out, "cache_snapshot", json -> last(json, room, snapshot));
      }
      if (snapshotType != null) {
        frame(out, snapshotType, json -> snapshot(json, room, snapshot));
      }
    } else if (event instanceof Event.Welcomed welcomed) {
      if (framing == Framing.WEBSOCKET) { // an event stream is nobody's presence
        frame(out, "subscription_succeeded", json -> welcomed(json, room, welcomed));
      }
    } else if (event instanceof Event.Refused refused) {
      frame(out, "error", json -> refused(json, room, refused));
    } else if (event instanceof Event.Repeated repeated) {
      frame(out, "message", json -> MessageJson.created(json, room, repeated.message()));
    } else if (event instanceof Event.Streamed streamed) {
      frame(out, "edit", json -> StreamFrames.streamed(json, room, streamed));
    } else if (event instanceof Event.StreamStarted started) {
      frame(out, "stream", json -> StreamFrames.started(json, room, started));
    } else if (event instanceof Event.StreamState state) {
      frame(out, "streamState", json -> StreamFrames.state(json, room, state));
    } else if (event instanceof Event.AgentTyping typing) {
      frame(out, "agentTyping", json -> agentTyping(json, typing));
    } else if (event instanceof Event.Signalled signal) {
      frame(out, "server_event", json -> signalled(json, room, signal));
    } else if (event instanceof Event.Whispered whisper) {
      frame(out, "client_event", json -> whispered(json, room, whisper));
    } else if (event instanceof Event.Replayed replayed) {
      frame(out, "replay", json -> ReplayJson.replayed(json, room, replayed));
    } else if (event instanceof Event.Resumed resumed) {
      frame(out, "resumed", json -> ReplayJson.resumed(json, room, resumed));
    } else if (event instanceof Event.MemberAdded
        || event instanceof Event.MemberRemoved
        || event instanceof Event.RoomChanged
        || event instanceof Event.RoomDeleted
        || event instanceof Event.Imposed) {
      return; // FluxyChat has no frames for these; of a room's end its close tells
    } else {
      throw new AssertionError("no frame for " + event);
    }
  }

  private static void posted(JsonGenerator json, RoomId room, Event.Posted posted)
      throws IOException {
    MessageJson.created(json, room, posted.message());
    if (posted.stream() != null) {
      json.writeBooleanField("streaming", true);
    }
  }

  private static void frame(FrameWriter out, String type, Problem.Fields fields) {
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", type);
          fields.to(json);
          json.writeEndObject();
        });
  }

  private static void edited(FrameWriter out, RoomId room, Event.Edited edited) {
    frame(
        out,
        "edit",
        json -> {
          edit(json, room, edited);
          json.writeBooleanField("streaming", false);
          place(json, edited.version(), edited.seq());
        });
    frame(
        out,
        "message_updated",
        json -> {
          edit(json, room, edited);
          place(json, edited.version(), edited.seq());
        });
  }

  private static void edit(JsonGenerator json, RoomId room, Event.Edited edited)
      throws IOException {
    json.writeNumberField("id", edited.messageId());
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", edited.userId());
    json.writeStringField("content", edited.content());
    json.writeStringField("editedAt", MessageJson.iso(edited.atMs()));
  }

  private static void deleted(JsonGenerator json, RoomId room, Event.Deleted deleted)
      throws IOException {
    json.writeNumberField("id", deleted.messageId());
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", deleted.userId());
    json.writeStringField("deletedAt", MessageJson.iso(deleted.atMs()));
    json.writeBooleanField("hard", deleted.hard());
    place(json, deleted.version(), deleted.seq());
  }

  private static void expired(JsonGenerator json, RoomId room, Event.Deleted deleted)
      throws IOException {
    json.writeNumberField("id", deleted.messageId());
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", deleted.userId());
    json.writeStringField("expiredAt", MessageJson.iso(deleted.atMs()));
  }

  private static void place(JsonGenerator json, int version, long seq) throws IOException {
    json.writeNumberField("version", version);
    json.writeNumberField("seq", seq);
  }

  private static void reacted(JsonGenerator json, RoomId room, Event.Reacted reacted)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", reacted.userId());
    json.writeNumberField("messageId", reacted.messageId());
    json.writeStringField("emoji", reacted.emoji());
    json.writeStringField("op", reacted.add() ? "add" : "remove");
    if (reacted.seq() > 0) {
      json.writeNumberField("seq", reacted.seq());
    }
  }

  /**
   * An SDK has counted the reaction already and swallows one echo of it (contract 2.6): so that,
   * and then the opposite, which sets its count right and is nothing on balance to all others.
   */
  private static void stands(FrameWriter out, RoomId room, Event.ReactionStands stands) {
    for (boolean add : new boolean[] {stands.add(), !stands.add()}) {
      frame(
          out,
          "reaction",
          json ->
              reacted(
                  json,
                  room,
                  new Event.Reacted(
                      0, 0, stands.messageId(), stands.userId(), stands.emoji(), add)));
    }
  }

  private static void read(JsonGenerator json, RoomId room, Event.Read read) throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", read.userId());
    json.writeNumberField("messageId", read.messageId());
    json.writeStringField("createdAt", MessageJson.iso(read.atMs()));
  }

  private static void delivered(JsonGenerator json, RoomId room, Event.Delivered delivered)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeNumberField("messageId", delivered.messageId());
    json.writeStringField("userId", delivered.userId());
    json.writeStringField("status", Event.Delivered.STATUS);
  }

  private static void typing(JsonGenerator json, Event.Typing typing) throws IOException {
    json.writeStringField("userId", typing.userId());
    json.writeBooleanField("isTyping", typing.typing());
    json.writeStringField("intent", typing.intent().name().toLowerCase(Locale.ROOT));
  }

  private static void presence(FrameWriter out, RoomId room, Event.Presence presence) {
    frame(
        out,
        "presence",
        json -> {
          json.writeNumberField("online", presence.connections());
          json.writeArrayFieldStart("users");
          for (Event.Present present : presence.present()) {
            json.writeString(present.userId());
          }
          json.writeEndArray();
          members(json, presence.present());
        });
    frame(
        out,
        "subscription_count",
        json -> {
          json.writeStringField("roomId", room.name());
          json.writeNumberField("subscriptionCount", presence.connections());
        });
  }

  private static void arrived(JsonGenerator json, RoomId room, Event.Arrived arrived)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", arrived.userId());
    userInfo(json, arrived.info());
    json.writeStringField("socketId", arrived.connectionId());
  }

  private static void left(JsonGenerator json, RoomId room, Event.Left left) throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", left.userId());
  }

  private static void toolUsed(FrameWriter out, RoomId room, Event.ToolUsed tool) {
    switch (tool.phase()) {
      case CALL ->
          frame(
              out,
              "tool_call",
              json -> {
                tool(json, room, tool);
                json.writeStringField("arguments", tool.json());
                json.writeNumberField("seq", tool.seq());
              });
      case RESULT ->
          frame(
              out,
              "tool_result",
              json -> {
                tool(json, room, tool);
                raw(json, "result", tool.json());
                json.writeNumberField("seq", tool.seq());
              });
      case ERROR ->
          frame(
              out,
              "tool_error",
              json -> {
                tool(json, room, tool);
                raw(json, "error", tool.json());
                json.writeNumberField("seq", tool.seq());
              });
    }
  }

  private static void tool(JsonGenerator json, RoomId room, Event.ToolUsed tool)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("runId", tool.runId());
    json.writeStringField("agentId", tool.agentId());
    json.writeStringField("toolCallId", tool.toolCallId());
    json.writeStringField("name", tool.name());
  }

  private static void run(JsonGenerator json, RoomId room, Event.RunReported run)
      throws IOException {
    json.writeStringField("roomId", room.name());
    raw(json, "run", run.json());
    json.writeNumberField("seq", run.seq());
  }

  private static void agentTyping(JsonGenerator json, Event.AgentTyping typing) throws IOException {
    json.writeStringField("agentId", typing.agentId());
    json.writeBooleanField("isTyping", typing.typing());
  }

  private static void signalled(JsonGenerator json, RoomId room, Event.Signalled signal)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("name", signal.name());
    raw(json, "data", signal.json());
    json.writeStringField("userId", signal.userId());
  }

  private static void whispered(JsonGenerator json, RoomId room, Event.Whispered whisper)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", whisper.userId());
    json.writeStringField("eventName", whisper.name());
    raw(json, "data", whisper.json());
  }

  private static void raw(JsonGenerator json, String name, String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value); // the room has seen that it is JSON
  }

  private static void last(JsonGenerator json, RoomId room, Event.Snapshot snapshot)
      throws IOException {
    Message last = snapshot.messages().get(snapshot.messages().size() - 1).message();
    json.writeStringField("roomId", room.name());
    json.writeObjectFieldStart("event");
    json.writeStringField("type", "message");
    MessageJson.created(json, room, last);
    json.writeEndObject();
    Long editedAtMs = last.editedAtMs();
    json.writeStringField(
        "cachedAt", MessageJson.iso(editedAtMs == null ? last.createdAtMs() : editedAtMs));
  }

  private void snapshot(JsonGenerator json, RoomId room, Event.Snapshot snapshot)
      throws IOException {
    MessageJson.messages(json, room, snapshot.messages());
    if (framing == Framing.WEBSOCKET) {
      MessageJson.reactions(json, snapshot.messages(), snapshot.userId());
    }
  }

  private static void welcomed(JsonGenerator json, RoomId room, Event.Welcomed welcomed)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("socketId", welcomed.connectionId());
    json.writeNumberField("subscriptionCount", welcomed.connections());
    members(json, welcomed.present());
  }

  /**
   * Without a client message id an SDK can't tell which of its sends was meant; with one it is no
   * harm to it.
   */
  private void refused(JsonGenerator json, RoomId room, Event.Refused refused) throws IOException {
    json.writeStringField("message", Problem.frameMessage(refused.refusal()));
    if (refused.refusal().retryAfterSeconds() > 0) {
      json.writeObjectFieldStart("details");
      problems.apply(room, refused.refusal()).details(json);
      json.writeEndObject();
    }
    if (refused.clientMessageId() != null) {
      json.writeStringField("clientMessageId", refused.clientMessageId());
    }
  }

  private static void members(JsonGenerator json, List<Event.Present> present) throws IOException {
    json.writeArrayFieldStart("members");
    for (Event.Present each : present) {
      json.writeStartObject();
      json.writeStringField("userId", each.userId());
      userInfo(json, each.info());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void userInfo(JsonGenerator json, Map<String, String> info) throws IOException {
    json.writeObjectFieldStart("userInfo");
    for (Map.Entry<String, String> field : info.entrySet()) {
      json.writeStringField(field.getKey(), field.getValue());
    }
    json.writeEndObject();
  }
}
