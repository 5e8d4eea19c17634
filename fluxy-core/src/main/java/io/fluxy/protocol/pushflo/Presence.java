package io.fluxy.protocol.pushflo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.protocol.ChatWords;
import io.fluxy.time.Scheduler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who is there, in the words of the stock demo (contract 5.7): {@code presence:state} after a
 * subscription, {@code user:join} and {@code user:leave} afterwards, each with the list of all, of
 * whom a room names so many and no more. The list is only kept while somebody hears the room; since
 * when a user is there is known from then on.
 *
 * <p>Called on a room's turn, and so for one room by one thread at a time.
 */
final class Presence {
  private final Scheduler scheduler;
  private final ConcurrentMap<RoomId, Map<String, User>> online = new ConcurrentHashMap<>();

  private record User(String name, String avatar, long sinceMs) {}

  Presence(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void forget(RoomId room) {
    online.remove(room);
  }

  void tell(RoomId room, Event event, ChatWords.Teller teller) {
    if (event instanceof Event.Welcomed welcomed) {
      Map<String, User> all = set(room, welcomed.present());
      teller.tell("presence:state", json -> writeOnline(json, all));
    } else if (event instanceof Event.Presence present) {
      set(room, present.present());
    } else if (event instanceof Event.Arrived arrived) {
      Map<String, User> all = all(room);
      User user = user(arrived.info());
      all.put(arrived.userId(), user);
      teller.tell("user:join", json -> writeChange(json, arrived.userId(), user, all));
    } else if (event instanceof Event.Left left) {
      Map<String, User> all = all(room);
      User user = all.remove(left.userId());
      User gone = user == null ? new User("", "", 0) : user;
      teller.tell("user:leave", json -> writeChange(json, left.userId(), gone, all));
    }
  }

  private Map<String, User> all(RoomId room) {
    return online.computeIfAbsent(room, none -> new LinkedHashMap<>());
  }

  private Map<String, User> set(RoomId room, List<Event.Present> present) {
    Map<String, User> before = all(room);
    Map<String, User> now = new LinkedHashMap<>();
    for (Event.Present each : present) {
      User known = before.get(each.userId());
      now.put(each.userId(), known == null ? user(each.info()) : known);
    }
    online.put(room, now);
    return now;
  }

  private User user(Map<String, String> info) {
    return new User(
        info.getOrDefault("name", ""), info.getOrDefault("avatar_url", ""), scheduler.nowMs());
  }

  private static void writeChange(
      JsonGenerator json, String userId, User user, Map<String, User> all) throws IOException {
    writeUser(json, userId, user);
    writeOnline(json, all);
  }

  private static void writeOnline(JsonGenerator json, Map<String, User> all) throws IOException {
    json.writeArrayFieldStart("onlineUsers");
    for (Map.Entry<String, User> each : all.entrySet()) {
      json.writeStartObject();
      writeUser(json, each.getKey(), each.getValue());
      json.writeStringField("joinedAt", ChatWords.iso(each.getValue().sinceMs()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeUser(JsonGenerator json, String userId, User user) throws IOException {
    json.writeStringField("userId", userId);
    json.writeStringField("userName", user.name().isEmpty() ? userId : user.name());
    if (!user.avatar().isEmpty()) {
      json.writeStringField("avatar", user.avatar());
    }
  }
}
