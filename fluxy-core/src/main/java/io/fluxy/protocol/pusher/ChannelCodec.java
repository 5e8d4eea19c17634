package io.fluxy.protocol.pusher;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.protocol.ChatWords;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a room tells, in Pusher's words; the table is in the package's documentation. One object for
 * all sockets: a frame names its channel, so every subscriber of a room shares it.
 */
final class ChannelCodec implements Codec {
  static final ChannelCodec INSTANCE = new ChannelCodec(false);

  /** The same for channels whose history says where an event stands in it. */
  static final ChannelCodec WITH_SEQ = new ChannelCodec(true);

  /** What a member of a presence channel brought along, as JSON, in what it says of itself. */
  static final String USER_INFO = "user_info";

  /** Its id as JSON, if that is not a string. */
  static final String USER_ID = "user_id";

  static final String CLIENT_EVENT = "client-";

  private final boolean showsSeq;

  private ChannelCodec(boolean showsSeq) {
    this.showsSeq = showsSeq;
  }

  @Override
  public Framing framing() {
    return Framing.WEBSOCKET;
  }

  @Override
  public void encode(RoomId room, Event event, FrameWriter out) {
    if (event.readers() != null) {
      return; // whispers stay in the protocol whose tokens say who somebody is
    } else if (event instanceof Event.Signalled signal) {
      if (!isReserved(signal.name())) {
        named(out, signal.name(), room, signal.json(), null, 0);
      }
    } else if (event instanceof Event.Posted posted && posted.message().label() != null) {
      String name = posted.message().label().name();
      if (!isReserved(name)) {
        named(out, name, room, posted.message().content(), null, showsSeq ? posted.seq() : 0);
      }
    } else if (event instanceof Event.Whispered whisper) {
      boolean prefixed = whisper.name().startsWith(CLIENT_EVENT);
      String name = prefixed ? whisper.name() : CLIENT_EVENT + whisper.name();
      named(out, name, room, whisper.json(), isPresence(room) ? whisper.userId() : null, 0);
    } else if (event instanceof Event.Welcomed welcomed) {
      String data = isPresence(room) ? presence(welcomed.present()) : "{}";
      PusherFrames.frame(out, "pusher_internal:subscription_succeeded", room.name(), data);
    } else if (event instanceof Event.Arrived arrived) {
      if (isPresence(room)) {
        PusherFrames.frame(out, "pusher_internal:member_added", room.name(), added(arrived));
      }
    } else if (event instanceof Event.Left left) {
      if (isPresence(room)) {
        PusherFrames.frame(out, "pusher_internal:member_removed", room.name(), removed(left));
      }
    } else if (event instanceof Event.Refused refused) {
      PusherFrames.error(out, null, room.name() + ": " + refused.refusal().detail());
    } else if (!(event instanceof Event.Purged purged) || purged.isOfAll()) {
      ChatWords.tell(
          event,
          (name, fields) -> PusherFrames.frame(out, name, room.name(), Json.objectText(fields)));
    }
  }

  /** Names that only the server itself may use (contract 4). */
  static boolean isReserved(String name) {
    return name.startsWith("pusher:") || name.startsWith("pusher_internal:");
  }

  private static boolean isPresence(RoomId room) {
    return ChannelKind.of(room.name()).isPresence();
  }

  /**
   * An event with a name of its own. Its data is a string, byte for byte, or JSON as a string.
   *
   * @param seq 0 if it is not to be shown
   */
  private static void named(
      FrameWriter out, String name, RoomId room, String data, @Nullable String userId, long seq) {
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("event", name);
          json.writeStringField("channel", room.name());
          json.writeFieldName("data");
          if (data.startsWith("\"")) {
            json.writeRawValue(data);
          } else {
            json.writeString(data);
          }
          if (userId != null) {
            json.writeStringField("user_id", UserId.inChannel(userId));
          }
          if (seq > 0) {
            json.writeNumberField("seq", seq);
          }
          json.writeEndObject();
        });
  }

  /** Who is here, as whoever subscribes is told. */
  static String presence(List<Event.Present> present) {
    return PusherFrames.text(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("presence");
          json.writeArrayFieldStart("ids");
          for (Event.Present each : present) {
            userId(json, each.userId(), each.info());
          }
          json.writeEndArray();
          json.writeObjectFieldStart("hash");
          for (Event.Present each : present) {
            json.writeFieldName(UserId.inChannel(each.userId()));
            userInfo(json, each.info());
          }
          json.writeEndObject();
          json.writeNumberField("count", present.size());
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static String added(Event.Arrived arrived) {
    return PusherFrames.text(
        json -> {
          json.writeStartObject();
          json.writeFieldName("user_id");
          userId(json, arrived.userId(), arrived.info());
          json.writeFieldName("user_info");
          userInfo(json, arrived.info());
          json.writeEndObject();
        });
  }

  private static String removed(Event.Left left) {
    return PusherFrames.text(
        json -> {
          json.writeStartObject();
          json.writeStringField("user_id", UserId.inChannel(left.userId()));
          json.writeEndObject();
        });
  }

  private static void userId(JsonGenerator json, String userId, Map<String, String> info)
      throws IOException {
    String own = info.get(USER_ID);
    if (own != null && Json.isValue(own)) {
      json.writeRawValue(own);
    } else {
      json.writeString(UserId.inChannel(userId));
    }
  }

  /** A user of another protocol has a name and a picture, perhaps. */
  private static void userInfo(JsonGenerator json, Map<String, String> info) throws IOException {
    String own = info.get(USER_INFO);
    if (own != null && Json.isValue(own)) {
      json.writeRawValue(own);
    } else if (info.isEmpty() || info.containsKey(USER_ID)) {
      json.writeNull();
    } else {
      json.writeStartObject();
      for (Map.Entry<String, String> field : info.entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    }
  }
}
