package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An engine in the test's hand, with the apps of two projects: shop and bank. */
final class FloServer {
  static final String PUB = "pub_k";
  static final String SEC = "sec_0123456789abcdef";
  static final String MGMT = "mgmt_0123456789abcdef";
  static final PushFloApp SHOP = PushFloApp.of("shop").key(PUB).key(SEC).key(MGMT);
  static final PushFloApp BANK = PushFloApp.of("bank").key("pub_bank").key("sec_bank0123456789");

  final VirtualScheduler time = VirtualScheduler.inOrder();
  final PushFlo pushFlo;
  final Fluxy fluxy;

  private FloServer(PushFloApp shop, Store store, Consumer<Fluxy.Builder> more) {
    pushFlo = new PushFlo(shop, BANK);
    Fluxy.Builder builder =
        Fluxy.builder()
            .scheduler(time)
            .store(store)
            .limits(Limits.defaults())
            .project(Project.named("shop"))
            .project(Project.named("bank"))
            .protocol(pushFlo);
    more.accept(builder);
    fluxy = builder.start();
  }

  static FloServer start() {
    return start(app -> app);
  }

  static FloServer start(UnaryOperator<PushFloApp> change) {
    return new FloServer(change.apply(SHOP), Store.inMemory(), builder -> {});
  }

  static FloServer start(
      UnaryOperator<PushFloApp> change, Store store, Consumer<Fluxy.Builder> more) {
    return new FloServer(change.apply(SHOP), store, more);
  }

  /** A client that is let in, and has heard so. */
  FloWire connects(String token) {
    FloWire wire = opens("/ws?token=" + token);
    wire.connected();
    return wire;
  }

  FloWire connects() {
    return connects(PUB);
  }

  /** A client whose network answers no ping from the start. */
  FloWire connectsUnconfirmed(String token) {
    FloWire wire = opens("/ws?token=" + token, Map.of(), new FloWire(time).unconfirmed());
    wire.connected();
    return wire;
  }

  /** A socket that is upgraded, whatever becomes of it then. */
  FloWire opens(String target) {
    return opens(target, Map.of());
  }

  FloWire opens(String target, Map<String, String> headers) {
    return opens(target, headers, new FloWire(time));
  }

  private FloWire opens(String target, Map<String, String> headers, FloWire wire) {
    assertThat(fluxy.serves(target.replaceFirst("\\?.*", ""))).as("serves %s", target).isTrue();
    Map<String, String> all = new HashMap<>(headers);
    all.put("Upgrade", "websocket");
    var stage = fluxy.handshake(ApiRequest.of("GET", target, all, new byte[0], "192.0.2.1"));
    time.runUntilIdle();
    Handshake handshake = stage.toCompletableFuture().join();
    assertThat(handshake.refusal()).as("refusal of %s", target).isNull();
    return wire.with(handshake.open(wire));
  }

  // HTTP, as status and body.

  String get(String path) {
    return call("GET", path, SEC, "");
  }

  String call(String method, String path, @Nullable String key, String body) {
    ApiResponse response = ask(method, path, key, body, Map.of());
    return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  ApiResponse ask(
      String method, String path, @Nullable String key, String body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("Content-Type", "application/json"); // as the SDK does, body or not
    if (key != null) {
      headers.put("Authorization", "Bearer " + key);
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    var stage = fluxy.answer(ApiRequest.of(method, path, headers, bytes, "192.0.2.1"));
    time.runUntilIdle();
    assertThat(stage.toCompletableFuture()).as("an answer to %s %s", method, path).isDone();
    return stage.toCompletableFuture().join();
  }

  /** Publishes a content by the shop's secret key; the answer. */
  String publishes(String channel, String content) {
    String body = "{\"content\":" + content + ",\"eventType\":\"message\"}";
    return call("POST", "/api/v1/channels/" + channel + "/messages", SEC, body);
  }

  /** The id of what was published. */
  static String id(String answer) {
    Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(answer);
    assertThat(id.find()).as("an id in %s", answer).isTrue();
    return id.group(1);
  }

  void room(String name, RoomType type, String owner) {
    var made = fluxy.createRoom(new RoomId("shop", name), type, name, owner);
    time.runUntilIdle();
    assertThat(made.toCompletableFuture().join()).isPresent();
  }

  /** What a browser shows as its key: the project's token of a user. */
  String token(String user, Role... roles) {
    Set<Role> all = roles.length == 0 ? Set.of(Role.MEMBER) : Set.copyOf(List.of(roles));
    var minted = fluxy.mintToken("shop", new User(user, all), 3_600);
    time.runUntilIdle();
    return "pub_" + minted.toCompletableFuture().join();
  }
}
