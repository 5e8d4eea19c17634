package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Replies;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.room.RoomThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Messages and what answers them. The contract has answers ({@code parentId}) and no words for
 * reading them together: the route is like history's, and what a message says of its answers is
 * said only of those that have some, so other clients see what they always saw.
 */
final class ThreadRoutes {
  private final Authenticated authenticated;
  private final Rooms rooms;

  ThreadRoutes(Authenticated authenticated, Rooms rooms) {
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/messages/:id/thread", this::thread);
  }

  private CompletionStage<ApiResponse> thread(
      Identity who, ApiRequest request, Map<String, String> path) {
    long messageId = MessageRoutes.messageId(path);
    int limit = MessageRoutes.limit(request);
    long beforeMs =
        request
            .query("before")
            .map(iso -> MessageRoutes.time("before", iso))
            .orElse(Long.MAX_VALUE);
    return rooms
        .ofMessage(who, messageId)
        .thenCompose(
            id ->
                rooms
                    .look(who, id, room -> room.thread(who.user(), messageId, beforeMs, limit))
                    .thenApply(
                        found ->
                            page(
                                id,
                                who.user().id(),
                                found.orElseThrow(() -> new Problem(404, "message not found")))));
  }

  private static ApiResponse page(RoomId id, String userId, RoomThread thread) {
    return Problem.ok(
        json -> {
          json.writeFieldName("parent");
          MessageJson.stored(json, id, thread.parent());
          MessageJson.messages(json, id, thread.replies());
          List<StoredMessage> shown = new ArrayList<>(thread.replies());
          shown.add(thread.parent());
          MessageJson.reactions(json, shown, userId);
        });
  }

  /** What a message says of its answers; nothing if it has none. */
  static void summary(JsonGenerator json, @Nullable Replies replies) throws IOException {
    if (replies != null) {
      write(json, replies);
    }
  }

  /** The fields of {@code thread_updated}. */
  static void changed(JsonGenerator json, RoomId room, Event.ThreadChanged changed)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeNumberField("messageId", changed.messageId());
    Replies replies = changed.replies();
    if (replies != null) {
      write(json, replies);
    } else {
      json.writeNumberField("replyCount", 0);
      json.writeNullField("lastReplyAt");
      json.writeArrayFieldStart("replyUserIds");
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, Replies replies) throws IOException {
    json.writeNumberField("replyCount", replies.count());
    json.writeStringField("lastReplyAt", MessageJson.iso(replies.lastAtMs()));
    json.writeArrayFieldStart("replyUserIds");
    for (String userId : replies.userIds()) {
      json.writeString(userId);
    }
    json.writeEndArray();
  }

  /** The beginning of a message, for a list. */
  static String preview(Message message) {
    String content = message.content();
    return content.length() <= 140
        ? content
        : content.substring(0, content.offsetByCodePoints(0, content.codePointCount(0, 140)));
  }
}
