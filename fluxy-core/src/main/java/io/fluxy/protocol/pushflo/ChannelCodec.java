package io.fluxy.protocol.pushflo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.protocol.ChatWords;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a room tells, in PushFlo's words; the table is in the package's documentation. One object
 * for all sockets of an app: a frame names its channel, so every subscriber of a room shares it.
 */
final class ChannelCodec implements Codec {
  private final Scheduler scheduler;
  private final int nestedCharsMax;
  private final @Nullable Presence presence;
  private final AtomicLong unnumbered = new AtomicLong();
  private final String run;

  ChannelCodec(PushFloApp app, Scheduler scheduler) {
    this.scheduler = scheduler;
    this.nestedCharsMax = app.has(Option.NESTED_FRAMES) ? app.limits().nestedBytesMax() : -1;
    this.presence = app.has(Option.PRESENCE_EVENTS) ? new Presence(scheduler) : null;
    this.run = Long.toHexString(scheduler.random());
  }

  @Override
  public Framing framing() {
    return Framing.WEBSOCKET;
  }

  @Override
  public void encode(RoomId room, Event event, FrameWriter out) {
    if (event instanceof Event.Posted posted) {
      message(out, room, Content.of(posted.message()));
    } else if (event instanceof Event.Signalled signal) {
      unnumbered(out, room, signal.name(), signal.userId(), signal.json());
    } else if (event instanceof Event.Whispered whisper) {
      unnumbered(out, room, whisper.name(), whisper.userId(), whisper.json());
    } else if (event instanceof Event.Welcomed) {
      PushFloFrames.frame(out, "subscribed", json -> json.writeStringField("channel", room.name()));
    } else if (event instanceof Event.Refused refused) {
      PushFloFrames.error(out, "FORBIDDEN", refused.refusal().detail(), room.name());
    } else if (event instanceof Event.Durable change) {
      ChatWords.tell(change, (name, fields) -> change(out, room, change, name, fields));
    }
    if (presence != null) {
      presence.tell(
          room,
          event,
          (name, fields) -> unnumbered(out, room, name, Content.SERVER, Json.objectText(fields)));
    }
  }

  /** Nobody hears a room any more. */
  void forget(RoomId room) {
    if (presence != null) {
      presence.forget(room);
    }
  }

  /** What happened to a message has a place in the log, and so an id of its own. */
  private void change(
      FrameWriter out, RoomId room, Event.Durable change, String name, Json.Writing fields) {
    long about = about(change);
    String id =
        about == 0
            ? run + "_" + unnumbered.incrementAndGet()
            : Long.toString(Message.id(Message.roomNumberOf(about), change.seq()));
    message(
        out,
        room,
        new Content("msg_" + id, name, Content.SERVER, Json.objectText(fields), change.atMs()));
  }

  /** The message that an event is about, if it is about one alone; otherwise 0. */
  private static long about(Event.Durable change) {
    if (change instanceof Event.Edited edited) {
      return edited.messageId();
    } else if (change instanceof Event.Deleted deleted) {
      return deleted.messageId();
    } else if (change instanceof Event.Reacted reacted) {
      return reacted.messageId();
    }
    return change instanceof Event.Pinned pinned && pinned.messageId() != null
        ? pinned.messageId()
        : 0;
  }

  /** What is told and not kept has no number, but clients want an id. */
  private void unnumbered(
      FrameWriter out, RoomId room, String eventType, String clientId, String json) {
    String id = "evt_" + run + "_" + unnumbered.incrementAndGet();
    message(out, room, new Content(id, eventType, clientId, json, scheduler.nowMs()));
  }

  /** Flat for clients since 1.0.5, nested for those before, who read nothing else (2.4). */
  private void message(FrameWriter out, RoomId room, Content content) {
    boolean nested = content.json().length() <= nestedCharsMax;
    PushFloFrames.frame(
        out,
        "message",
        json -> {
          json.writeStringField("channel", room.name());
          json.writeStringField("messageId", content.messageId());
          write(json, content, "data");
          if (nested) {
            json.writeObjectFieldStart("message");
            json.writeStringField("id", content.messageId());
            write(json, content, "content");
            json.writeEndObject();
          }
        });
  }

  private static void write(JsonGenerator json, Content content, String contentField)
      throws IOException {
    json.writeStringField("eventType", content.eventType());
    json.writeStringField("clientId", content.clientId());
    json.writeFieldName(contentField);
    json.writeRawValue(content.json());
    json.writeNumberField("timestamp", content.timestampMs());
  }
}
