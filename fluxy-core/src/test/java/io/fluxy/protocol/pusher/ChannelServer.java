package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.KeySignature;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** An engine in the test's hand, with the apps of two projects: shop and bank. */
final class ChannelServer {
  static final String KEY = "testkey-0001";
  static final String SECRET = "testsecret-0001";
  static final PusherApp SHOP = PusherApp.of("4242", "shop", KEY, SECRET);
  static final PusherApp BANK = PusherApp.of("4343", "bank", "bankkey-0001", "banksecret-0001");

  final VirtualScheduler time = VirtualScheduler.inOrder();
  final PusherChannels pusher;
  final Fluxy fluxy;

  private ChannelServer(PusherApp shop, Store store, Consumer<Fluxy.Builder> more) {
    pusher = new PusherChannels(shop, BANK);
    Fluxy.Builder builder =
        Fluxy.builder()
            .scheduler(time)
            .store(store)
            .project(Project.named("shop"))
            .project(Project.named("bank"))
            .protocol(pusher);
    more.accept(builder);
    fluxy = builder.start();
  }

  static ChannelServer start() {
    return start(app -> app);
  }

  static ChannelServer start(UnaryOperator<PusherApp> change) {
    return start(change, builder -> {});
  }

  static ChannelServer start(UnaryOperator<PusherApp> change, Consumer<Fluxy.Builder> more) {
    return new ChannelServer(change.apply(SHOP), Store.inMemory(), more);
  }

  /** A connected client that has its socket id. */
  Wire connects() {
    return connects(KEY);
  }

  Wire connects(String key) {
    return opens("/app/" + key + "?protocol=7&client=js&version=8.6.0&flash=false").established();
  }

  /** A socket that is upgraded, whatever becomes of it then. */
  Wire opens(String target) {
    return opens(target, Map.of());
  }

  Wire opens(String target, Map<String, String> headers) {
    Handshake handshake = shake(target, headers);
    assertThat(handshake.refusal()).as("refusal of %s", target).isNull();
    Wire wire = new Wire(time);
    return wire.with(handshake.open(wire));
  }

  Handshake shake(String target, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Upgrade", "websocket");
    var stage = fluxy.handshake(ApiRequest.of("GET", target, all, new byte[0], "192.0.2.1"));
    time.runUntilIdle();
    return stage.toCompletableFuture().join();
  }

  /** A request that is signed by the shop's app, and its answer as status and body. */
  String get(String path, String query) {
    return signed("GET", path, query, "");
  }

  String post(String path, String body) {
    return signed("POST", path, "", body);
  }

  String signed(String method, String path, String query, String body) {
    String target = target(method, path, query, body, time.nowMs() / 1_000);
    return call(method, target, body);
  }

  static String target(String method, String path, String query, String body, long atSeconds) {
    StringBuilder all = new StringBuilder("auth_key=" + KEY + "&auth_timestamp=" + atSeconds);
    all.append("&auth_version=1.0");
    if (!body.isEmpty()) {
      all.append("&body_md5=" + HttpSignature.md5(body.getBytes(StandardCharsets.UTF_8)));
    }
    if (!query.isEmpty()) {
      all.append("&" + query);
    }
    String text = HttpSignature.signed(method, path, HttpSignature.parameters(all.toString()));
    String signature = KeySignature.of(KEY, SECRET, text).hex();
    return path + "?" + all + "&auth_signature=" + signature;
  }

  String call(String method, String target, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    ApiResponse response = answer(ApiRequest.of(method, target, Map.of(), bytes, "192.0.2.1"));
    return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  ApiResponse answer(ApiRequest request) {
    var stage = fluxy.answer(request);
    time.runUntilIdle();
    assertThat(stage.toCompletableFuture()).as("an answer to %s", request).isDone();
    return stage.toCompletableFuture().join();
  }

  /** Publishes a plain event by the shop's app. */
  String publishes(String channel, String name, String data) {
    String body = "{\"name\":\"%s\",\"channel\":\"%s\",\"data\":\"%s\"}";
    return post("/apps/4242/events", body.formatted(name, channel, data));
  }

  /** The same, and goes on at once. */
  void sends(String channel, String name, String data) {
    String body =
        "{\"name\":\"%s\",\"channel\":\"%s\",\"data\":\"%s\"}".formatted(name, channel, data);
    String target = target("POST", "/apps/4242/events", "", body, time.nowMs() / 1_000);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    fluxy.answer(ApiRequest.of("POST", target, Map.of(), bytes, "192.0.2.1"));
  }

  void room(String name, RoomType type, String owner) {
    var made = fluxy.createRoom(new RoomId("shop", name), type, name, owner);
    time.runUntilIdle();
    assertThat(made.toCompletableFuture().join()).isPresent();
  }

  /** FluxyChat's client of a user of the shop, whose welcome is forgotten. */
  Wire chats(String user, String room) {
    Handshake handshake = shake("/ws/room/" + room + "?token=" + token(user), Map.of());
    assertThat(handshake.refusal()).isNull();
    Wire wire = new Wire(time);
    return wire.with(Objects.requireNonNull(handshake).open(wire)).quiet();
  }

  String token(String user, Role... roles) {
    Set<Role> all = roles.length == 0 ? Set.of(Role.MEMBER) : Set.copyOf(List.of(roles));
    var minted = fluxy.mintToken("shop", new User(user, all), 3_600);
    time.runUntilIdle();
    return minted.toCompletableFuture().join();
  }
}
