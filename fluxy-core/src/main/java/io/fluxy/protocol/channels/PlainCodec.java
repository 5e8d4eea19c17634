package io.fluxy.protocol.channels;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.RoomId;
import io.fluxy.protocol.ChatWords;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a room tells, as plain frames; the table is in the package's documentation. Pages of history
 * are made of the same.
 */
final class PlainCodec implements Codec {
  /** Names that only the server itself uses. */
  static final String RESERVED = "channel:";

  static final String CLIENT_EVENT = "client-";

  /** What a presence channel shows of a user, as JSON, among what a member says of itself. */
  static final String USER_INFO = "user_info";

  private final Scheduler scheduler;

  /**
   * @param scheduler knows the time of what is not numbered
   */
  PlainCodec(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public Framing framing() {
    return Framing.WEBSOCKET;
  }

  @Override
  public void encode(RoomId room, Event event, FrameWriter out) {
    tell(room, event, out::frame);
  }

  /** Hands on what there is to tell of an event, each frame as one object. */
  void tell(RoomId room, Event event, Consumer<Json.Writing> out) {
    if (event.readers() != null) {
      return; // whispers stay in the protocol whose tokens say who somebody is
    } else if (event instanceof Event.Posted posted && posted.message().label() != null) {
      Label label = posted.message().label();
      String json = posted.message().content();
      named(out, label.name(), room, event, posted.message().userId(), json);
    } else if (event instanceof Event.Signalled signal) {
      named(out, signal.name(), room, event, signal.userId(), signal.json());
    } else if (event instanceof Event.Whispered whisper) {
      boolean prefixed = whisper.name().startsWith(CLIENT_EVENT);
      String name = prefixed ? whisper.name() : CLIENT_EVENT + whisper.name();
      named(out, name, room, event, whisper.userId(), whisper.json());
    } else if (event instanceof Event.Welcomed welcomed) {
      frame(out, "channel:subscribed", room, event, null, json -> subscribed(json, room, welcomed));
    } else if (event instanceof Event.Resumed resumed) {
      frame(out, "channel:resumed", room, event, null, json -> resumed(json, resumed));
    } else if (event instanceof Event.Arrived arrived) {
      if (isPresence(room)) {
        frame(
            out,
            "channel:joined",
            room,
            event,
            null,
            json -> member(json, arrived.userId(), arrived.info()));
      }
    } else if (event instanceof Event.Left left) {
      if (isPresence(room)) {
        frame(out, "channel:left", room, event, null, json -> left(json, left));
      }
    } else if (event instanceof Event.Refused refused) {
      String code = refused.refusal().reason().name().toLowerCase(Locale.ROOT);
      String detail = refused.refusal().detail();
      frame(out, "channel:error", room, event, null, json -> error(json, code, detail));
    } else {
      ChatWords.tell(
          event,
          (name, fields) ->
              frame(
                  out,
                  name,
                  room,
                  event,
                  author(event),
                  json -> {
                    json.writeStartObject();
                    fields.to(json);
                    json.writeEndObject();
                  }));
    }
  }

  private static boolean isPresence(RoomId room) {
    return ChannelKind.of(room.name()) == ChannelKind.PRESENCE;
  }

  private void named(
      Consumer<Json.Writing> out,
      String name,
      RoomId room,
      Event event,
      String userId,
      String value) {
    if (!name.startsWith(RESERVED)) {
      frame(out, name, room, event, userId, json -> json.writeRawValue(value));
    }
  }

  private static @Nullable String author(Event event) {
    if (event instanceof Event.Posted posted) {
      return posted.message().userId();
    } else if (event instanceof Event.Edited edited) {
      return edited.userId();
    } else if (event instanceof Event.Streamed streamed) {
      return streamed.userId();
    } else if (event instanceof Event.Deleted deleted) {
      return deleted.userId();
    } else if (event instanceof Event.Reacted reacted) {
      return reacted.userId();
    } else if (event instanceof Event.Typing typing) {
      return typing.userId();
    } else if (event instanceof Event.Read read) {
      return read.userId();
    }
    return event instanceof Event.Pinned pinned ? pinned.by() : null;
  }

  private void frame(
      Consumer<Json.Writing> out,
      String name,
      RoomId room,
      Event event,
      @Nullable String userId,
      Json.Writing data) {
    Event.Durable numbered = event instanceof Event.Durable durable ? durable : null;
    long atMs = numbered == null ? scheduler.nowMs() : numbered.atMs();
    Long seq = numbered == null ? null : (Long) numbered.seq();
    out.accept(json -> frame(json, name, room.name(), data, seq, userId, atMs));
  }

  /** One frame (sower contract). */
  static void frame(
      JsonGenerator json,
      String name,
      String channel,
      Json.Writing data,
      @Nullable Long seq,
      @Nullable String userId,
      long atMs)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("event", name);
    json.writeStringField("channel", channel);
    json.writeFieldName("data");
    data.to(json);
    if (seq == null) {
      json.writeNullField("seq");
    } else {
      json.writeNumberField("seq", seq);
    }
    if (userId != null) {
      json.writeStringField("userId", userId);
    }
    json.writeStringField("at", ChatWords.iso(atMs));
    json.writeEndObject();
  }

  private static void subscribed(JsonGenerator json, RoomId room, Event.Welcomed welcomed)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("socketId", welcomed.connectionId());
    if (isPresence(room)) {
      presence(json, welcomed.present());
    }
    json.writeEndObject();
  }

  /** Who is here, as fields. */
  static void presence(JsonGenerator json, List<Event.Present> present) throws IOException {
    json.writeNumberField("count", present.size());
    json.writeArrayFieldStart("members");
    for (Event.Present each : present) {
      member(json, each.userId(), each.info());
    }
    json.writeEndArray();
  }

  private static void resumed(JsonGenerator json, Event.Resumed resumed) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("recovered", resumed.recovered());
    json.writeNumberField("since", resumed.lastSeq());
    json.writeNumberField("head", resumed.currentSeq());
    json.writeEndObject();
  }

  private static void left(JsonGenerator json, Event.Left left) throws IOException {
    json.writeStartObject();
    json.writeStringField("userId", left.userId());
    json.writeEndObject();
  }

  /** A user of another protocol has a name and a picture, perhaps. */
  private static void member(JsonGenerator json, String userId, Map<String, String> info)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("userId", userId);
    json.writeFieldName("info");
    String own = info.get(USER_INFO);
    if (own != null && Json.isValue(own)) {
      json.writeRawValue(own);
    } else if (info.isEmpty()) {
      json.writeNull();
    } else {
      json.writeStartObject();
      for (Map.Entry<String, String> field : info.entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  static void error(JsonGenerator json, String code, String message) throws IOException {
    json.writeStartObject();
    json.writeStringField("code", code);
    json.writeStringField("message", message);
    json.writeEndObject();
  }
}
