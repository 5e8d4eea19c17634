package io.fluxy.protocol.pusher;

import io.fluxy.Fluxy;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.FakeServer;
import io.fluxy.protocol.KeySignature;
import io.fluxy.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** An engine in the test's hand, with the apps of two projects: shop and bank. */
final class ChannelServer extends FakeServer {
  static final String KEY = "testkey-0001";
  static final String SECRET = "testsecret-0001";
  static final PusherApp SHOP = PusherApp.of("4242", "shop", KEY, SECRET);
  static final PusherApp BANK = PusherApp.of("4343", "bank", "bankkey-0001", "banksecret-0001");

  final PusherChannels pusher;

  private ChannelServer(PusherChannels pusher, Consumer<Fluxy.Builder> more) {
    super(Store.inMemory(), builder -> more.accept(builder.protocol(pusher)));
    this.pusher = pusher;
  }

  static ChannelServer start() {
    return start(app -> app);
  }

  static ChannelServer start(UnaryOperator<PusherApp> change) {
    return start(change, builder -> {});
  }

  static ChannelServer start(UnaryOperator<PusherApp> change, Consumer<Fluxy.Builder> more) {
    return new ChannelServer(new PusherChannels(change.apply(SHOP), BANK), more);
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
    Wire wire = new Wire(time);
    return wire.with(accepts(target, headers).open(wire));
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
    return shown(answers(method, target, Map.of(), body));
  }

  ApiResponse answer(ApiRequest request) {
    return now(fluxy.answer(request));
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

  /** FluxyChat's client of a user of the shop, whose welcome is forgotten. */
  Wire chats(String user, String room) {
    return opens("/ws/room/" + room + "?token=" + token(user)).quiet();
  }
}
