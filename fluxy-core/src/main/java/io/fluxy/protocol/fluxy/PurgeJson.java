package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.wire.FrameWriter;
import java.io.IOException;

/**
 * What clients hear when text has been taken out of a room: one frame that says so, and for each
 * message they may be showing the frame they know, an edit or a deletion.
 */
final class PurgeJson {
  private PurgeJson() {}

  static void frames(FrameWriter out, RoomId room, Event.Purged purged) {
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", "messages_purged");
          json.writeStringField("roomId", room.name());
          json.writeStringField("userId", purged.userId());
          json.writeStringField("purgedAt", MessageJson.iso(purged.atMs()));
          json.writeNumberField("seq", purged.seq());
          json.writeEndObject();
        });
    for (long messageId : purged.messageIds()) {
      out.frame(json -> message(json, room, purged, messageId));
    }
  }

  private static void message(JsonGenerator json, RoomId room, Event.Purged purged, long messageId)
      throws IOException {
    String at = MessageJson.iso(purged.atMs());
    boolean deletes = purged.userId() == null;
    json.writeStartObject();
    json.writeStringField("type", deletes ? "delete" : "edit");
    json.writeNumberField("id", messageId);
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", deletes ? purged.by() : purged.userId());
    if (deletes) {
      json.writeStringField("deletedAt", at);
      json.writeBooleanField("hard", true);
    } else {
      json.writeStringField("content", Message.ERASED);
      json.writeStringField("editedAt", at);
      json.writeBooleanField("streaming", false);
    }
    json.writeNumberField("seq", purged.seq());
    json.writeEndObject();
  }
}
