package io.fluxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.connection.Handshake;
import io.fluxy.hook.Signature;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.channels.PlainChannels;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import io.fluxy.protocol.pusher.PusherHistory;
import io.fluxy.protocol.pushflo.PushFlo;
import io.fluxy.protocol.pushflo.PushFloApp;
import io.fluxy.room.Member;
import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Delivery;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** One engine with all protocols, one room, and a client of each kind in it. */
final class EveryWire {
  static final String FLUXY = "FluxyChat";
  static final String STREAM = "event stream";
  static final String PUSHER = "Pusher";
  static final String PUSHFLO = "PushFlo";
  static final String PLAIN = "plain channels";
  static final String PEER = "192.0.2.1";
  private static final ChannelApp CHANNELS = ChannelApp.of("shop", "web", "channels-secret");
  private static final String SECRET_KEY = "sec_0123456789abcdef";
  private static final String PUSHER_SECRET = "pusher-secret";

  final VirtualScheduler time = VirtualScheduler.inOrder();
  final Map<String, FakeClient> clients = new LinkedHashMap<>();
  private final Map<String, FakeClient> more = new HashMap<>();
  final List<Event> host = new ArrayList<>();
  final RoomId room;
  final Fluxy fluxy;
  final String key;

  /**
   * @param name of the room, which is public
   * @param history whether what Pusher's servers publish is kept
   */
  EveryWire(String name, boolean history) {
    room = new RoomId("shop", name);
    PusherApp pusher = PusherApp.of("4242", "shop", "app-key", PUSHER_SECRET);
    fluxy =
        Fluxy.builder()
            .scheduler(time)
            .limits(
                Limits.defaults().toBuilder()
                    .messagesPerMinute(10_000)
                    .commandsPerMinute(10_000)
                    .build())
            .project(Project.named("shop"))
            .protocol(
                new PusherChannels(history ? pusher.history(PusherHistory.newest(10_000)) : pusher))
            .protocol(new PlainChannels(CHANNELS))
            .protocol(
                new PushFlo(
                    PushFloApp.of("shop")
                        .key("pub_k")
                        .key(SECRET_KEY)
                        .without(PushFloApp.Option.NESTED_FRAMES)))
            .start();
    key = now(fluxy.mintKey("shop")).text();
    assertThat(now(fluxy.createRoom(room, RoomType.PUBLIC, name, "ann"))).isPresent();
    clients.put(FLUXY, opens("/ws/room/" + name + "?token=" + token("ann")));
    clients.put(STREAM, streams("/rooms/" + name + "/stream", "bob"));
    FakeClient subscriber = opens("/app/app-key?protocol=7");
    String id = subscriber.hears().get(0).replaceAll(".*socket_id\\\\\":\\\\\"([\\d.]+).*", "$1");
    String proof =
        name.startsWith("presence-")
            ? "," + pusher.authorize(id, name, "{\"user_id\":\"pat\"}").substring(1)
            : "}";
    subscriber.says(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + name + "\"" + proof + "}");
    clients.put(PUSHER, subscriber);
    FakeClient hearer = opens("/ws?token=pub_k");
    hearer.says("{\"type\":\"subscribe\",\"channel\":\"" + name + "\"}");
    clients.put(PUSHFLO, hearer);
    clients.put(PLAIN, opens("/ws/" + name + "?token=" + token("pia")));
    now(fluxy.room(room).join(new Host(), 0));
    quiet();
  }

  /** Host code in the room. */
  private final class Host implements Member {
    @Override
    public String id() {
      return "host";
    }

    @Override
    public User user() {
      return User.named("host");
    }

    @Override
    public Map<String, String> info() {
      return Map.of();
    }

    @Override
    public boolean hear(Delivery delivery) {
      host.addAll(delivery.events());
      return true;
    }

    @Override
    public void part(Farewell farewell) {
      throw new AssertionError(farewell);
    }
  }

  void quiet() {
    time.runUntilIdle();
    clients.values().forEach(FakeClient::quiet);
    host.clear();
  }

  <T> T now(CompletionStage<T> stage) {
    time.runUntilIdle();
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  String token(String user, Role... roles) {
    Set<Role> all = roles.length == 0 ? Set.of(Role.MEMBER) : Set.of(roles);
    return now(fluxy.mintToken("shop", new User(user, all), 3_600));
  }

  private FakeClient opens(String target) {
    Map<String, String> upgrade = Map.of("Upgrade", "websocket");
    Handshake handshake =
        now(fluxy.handshake(ApiRequest.of("GET", target, upgrade, new byte[0], PEER)));
    assertThat(handshake.refusal()).as("refusal of %s", target).isNull();
    FakeClient client = new FakeClient(time);
    return client.with(handshake.open(client));
  }

  /** One more user, by a plain channel's token. */
  void joins(String user) {
    more.put(user, opens("/ws/" + room.name() + "?token=" + token(user)));
  }

  void leaves(String user) {
    FakeClient client = more.remove(user);
    assertThat(client).isNotNull();
    if (client != null) {
      client.leaves();
    }
  }

  private FakeClient streams(String target, String user) {
    ApiResponse.Stream stream = asks("GET", target, bearer(token(user)), "").stream();
    FakeClient client = new FakeClient(time);
    assertThat(stream).isNotNull();
    return stream == null ? client : client.with(stream.open(client));
  }

  static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  ApiResponse asks(String method, String target, Map<String, String> headers, String body) {
    ApiResponse response = now(sends(method, target, headers, body));
    assertThat(response.status())
        .as("%s: %s", target, new String(response.body(), StandardCharsets.UTF_8))
        .isBetween(200, 299);
    return response;
  }

  /** The same, and goes on at once. */
  CompletionStage<ApiResponse> sends(
      String method, String target, Map<String, String> headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return fluxy.answer(ApiRequest.of(method, target, headers, bytes, PEER));
  }

  String gets(String target, String token) {
    byte[] body = asks("GET", target, bearer(token), "").body();
    return new String(body, StandardCharsets.UTF_8);
  }

  /** A page of PushFlo's history. */
  String flowed(int page) {
    return gets(
        "/api/v1/channels/" + room.name() + "/messages?pageSize=100&page=" + page, SECRET_KEY);
  }

  FakeClient client(String wire) {
    return Objects.requireNonNull(clients.get(wire));
  }

  /** Publishes by plain channels. */
  CompletionStage<ApiResponse> publishes(String event, String data) {
    String body =
        "{\"channel\":\"%s\",\"event\":\"%s\",\"data\":%s}".formatted(room.name(), event, data);
    return sends("POST", "/events/publish", bearer(key), body);
  }

  /** Publishes by PushFlo's API. */
  CompletionStage<ApiResponse> flows(String event, String content) {
    String body = "{\"content\":%s,\"eventType\":\"%s\"}".formatted(content, event);
    String target = "/api/v1/channels/" + room.name() + "/messages";
    return sends("POST", target, bearer(SECRET_KEY), body);
  }

  /** Publishes by Pusher's API. */
  CompletionStage<ApiResponse> triggers(String event, String data) {
    String body =
        "{\"channel\":\"%s\",\"name\":\"%s\",\"data\":\"%s\"}".formatted(room.name(), event, data);
    String query =
        "auth_key=app-key&auth_timestamp="
            + time.nowMs() / 1_000
            + "&auth_version=1.0&body_md5="
            + md5(body);
    String path = "/apps/4242/events";
    byte[] signed = String.join("\n", "POST", path, query).getBytes(StandardCharsets.UTF_8);
    String target = path + "?" + query + "&auth_signature=" + Signature.of(PUSHER_SECRET, signed);
    return sends("POST", target, new HashMap<>(), body);
  }

  private static String md5(String text) {
    try {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
