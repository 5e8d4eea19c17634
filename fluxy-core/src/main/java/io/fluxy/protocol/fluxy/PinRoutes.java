package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.store.RoomRecord;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The one message of a room that is pinned (contract 1.4). */
final class PinRoutes {
  private final Authenticated authenticated;
  private final Rooms rooms;

  PinRoutes(Authenticated authenticated, Rooms rooms) {
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "PATCH", "/rooms/:id/pin", this::pin);
  }

  private CompletionStage<ApiResponse> pin(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId id = RoomRoutes.id(who, path);
    Body body = Body.of(request);
    Long messageId =
        body.isNull("messageId")
            ? null
            : body.whole("messageId")
                .orElseThrow(() -> new Problem(400, "messageId must be a number or null"));
    return rooms
        .ask(who, id, new Command.Pin(messageId))
        .thenApply(
            answer ->
                Problem.ok(
                    json -> {
                      json.writeBooleanField("ok", true);
                      json.writeStringField("roomId", id.name());
                      number(json, "pinnedMessageId", messageId);
                    }));
  }

  /** The fields of the frame. */
  static void pinned(JsonGenerator json, RoomId room, Event.Pinned pinned) throws IOException {
    json.writeStringField("roomId", room.name());
    number(json, "messageId", pinned.messageId());
    json.writeStringField("pinnedBy", pinned.by());
    json.writeStringField("pinnedAt", MessageJson.iso(pinned.atMs()));
    json.writeNumberField("seq", pinned.seq());
  }

  /** What a room says of its pin. */
  static void pin(JsonGenerator json, RoomRecord room) throws IOException {
    RoomRecord.Pin pin = room.pin();
    number(json, "pinned_message_id", pin == null ? null : (Long) pin.messageId());
    json.writeStringField("pinned_at", pin == null ? null : MessageJson.iso(pin.atMs()));
    json.writeStringField("pinned_by_user_id", pin == null ? null : pin.by());
  }

  private static void number(JsonGenerator json, String field, @Nullable Long number)
      throws IOException {
    if (number == null) {
      json.writeNullField(field);
    } else {
      json.writeNumberField(field, number);
    }
  }
}
