package io.fluxy.protocol.channels;

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
import io.fluxy.protocol.FakeClient;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** An engine in the test's hand, with the plain channels of two projects: shop and bank. */
final class PlainServer {
  static final ChannelApp SHOP = ChannelApp.of("shop", "testkey-0001", "testsecret-0001");
  static final ChannelApp BANK = ChannelApp.of("bank", "bankkey-0001", "banksecret-0001");
  static final String PEER = "192.0.2.1";

  final VirtualScheduler time = VirtualScheduler.inOrder();
  final PlainChannels channels;
  final Store store = Store.inMemory();
  final Fluxy fluxy;
  final String key;
  final String bankKey;

  private PlainServer(ChannelApp shop) {
    channels = new PlainChannels(shop, BANK);
    fluxy =
        Fluxy.builder()
            .scheduler(time)
            .store(store)
            .allowedOrigin("https://page.example")
            .project(Project.named("shop"))
            .project(Project.named("bank"))
            .protocol(channels)
            .start();
    key = now(fluxy.mintKey("shop")).text();
    bankKey = now(fluxy.mintKey("bank")).text();
  }

  static PlainServer start() {
    return start(app -> app);
  }

  static PlainServer start(UnaryOperator<ChannelApp> change) {
    return new PlainServer(change.apply(SHOP));
  }

  <T> T now(CompletionStage<T> stage) {
    time.runUntilIdle();
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  String token(String user, Role... roles) {
    Set<Role> all = roles.length == 0 ? Set.of(Role.MEMBER) : Set.copyOf(List.of(roles));
    return now(fluxy.mintToken("shop", new User(user, all), 3_600));
  }

  void room(String name, RoomType type, String owner) {
    assertThat(now(fluxy.createRoom(new RoomId("shop", name), type, name, owner))).isPresent();
  }

  Handshake shakes(String target, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Upgrade", "websocket");
    return now(fluxy.handshake(ApiRequest.of("GET", target, all, new byte[0], PEER)));
  }

  FakeClient opens(String target) {
    Handshake handshake = shakes(target, Map.of());
    assertThat(handshake.refusal()).as("refusal of %s", target).isNull();
    FakeClient client = new FakeClient(time);
    return client.with(handshake.open(client));
  }

  /** Status and body of the refusal of a socket. */
  String refuses(String target) {
    ApiResponse refusal = shakes(target, Map.of()).refusal();
    return refusal == null ? "accepted" : shown(refusal);
  }

  private static String shown(ApiResponse response) {
    return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  ApiResponse answers(String method, String target, Map<String, String> headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return now(fluxy.answer(ApiRequest.of(method, target, headers, bytes, PEER)));
  }

  String calls(String method, String target, Map<String, String> headers, String body) {
    return shown(answers(method, target, headers, body));
  }

  String gets(String target) {
    return calls("GET", target, Map.of(), "");
  }

  String gets(String target, String token) {
    return calls("GET", target, Map.of("Authorization", "Bearer " + token), "");
  }

  String posts(String target, String token, String body) {
    return calls("POST", target, Map.of("Authorization", "Bearer " + token), body);
  }

  /** Publishes with the shop's API key. */
  String publishes(String body) {
    return posts("/events/publish", key, body);
  }
}
