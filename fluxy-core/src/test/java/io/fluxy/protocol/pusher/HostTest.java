package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host does with its apps, and what it answers for them. */
class HostTest {
  private final ChannelServer server =
      ChannelServer.start(app -> app, builder -> builder.allowedOrigin("https://app.example.org"));

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private ApiResponse asks(String path, String token, String form, String origin) {
    Map<String, String> headers = new HashMap<>();
    if (!token.isEmpty()) {
      headers.put("Authorization", "Bearer " + token);
    }
    if (!origin.isEmpty()) {
      headers.put("Origin", origin);
    }
    byte[] body = form.getBytes(StandardCharsets.UTF_8);
    return server.answer(ApiRequest.of("POST", path, headers, body, "192.0.2.1"));
  }

  private String asks(String path, String token, String form) {
    ApiResponse response = asks(path, token, form, "");
    return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void membersOfARoomAreSignedIntoItsChannel() {
    server.room("private-board", RoomType.GROUP, "ann");
    server.room("presence-board", RoomType.GROUP, "ann");
    String form = "socket_id=1.2&channel_name=private-board";

    assertThat(asks("/pusher/auth", server.token("ann"), form))
        .isEqualTo("200 " + ChannelServer.SHOP.authorize("1.2", "private-board"));
    assertThat(
            asks("/pusher/auth", server.token("ann"), "socket_id=1.2&channel_name=presence-board"))
        .isEqualTo(
            "200 "
                + ChannelServer.SHOP.authorize("1.2", "presence-board", "{\"user_id\":\"ann\"}"));
    assertThat(asks("/pusher/auth", server.token("bob"), form)).startsWith("403 ");
    assertThat(asks("/pusher/auth", server.token("boss", Role.OWNER), form)).startsWith("200 ");
    assertThat(asks("/pusher/auth", "", form)).startsWith("403 ");
    assertThat(asks("/pusher/auth", "junk", form)).startsWith("403 ");
    assertThat(asks("/pusher/auth", server.token("ann"), form.replace("board", "none")))
        .startsWith("403 ");
    assertThat(asks("/pusher/auth", server.token("ann"), "socket_id=x&channel_name=private-board"))
        .startsWith("400 ");
    assertThat(asks("/pusher/auth", server.token("ann"), "socket_id=1.2&channel_name=news"))
        .startsWith("400 ");
    assertThat(asks("/pusher/auth", server.token("ann"), "")).startsWith("400 ");
  }

  @Test
  void whoeverHasATokenIsSignedIn() {
    assertThat(asks("/pusher/user-auth", server.token("ann"), "socket_id=1.2"))
        .isEqualTo("200 " + ChannelServer.SHOP.authenticate("1.2", "{\"id\":\"ann\"}"));
    assertThat(asks("/pusher/user-auth", "", "socket_id=1.2")).startsWith("403 ");
  }

  @Test
  void pagesOfOtherOriginsMayAskIfListed() {
    String path = "/pusher/user-auth";
    String token = server.token("ann");

    assertThat(asks(path, token, "socket_id=1.2", "https://app.example.org").headers())
        .containsEntry("Access-Control-Allow-Origin", "https://app.example.org");
    assertThat(asks(path, token, "socket_id=1.2", "https://evil.example").status()).isEqualTo(403);
    Map<String, String> headers = Map.of("Origin", "https://app.example.org");
    assertThat(
            server
                .answer(ApiRequest.of("OPTIONS", path, headers, new byte[0], "192.0.2.1"))
                .headers())
        .containsEntry("Access-Control-Allow-Headers", "Content-Type,Authorization");
  }

  @Test
  void everyHelperRouteIsTestedHere() {
    assertThat(
            server.fluxy.protocols().stream()
                .flatMap(protocol -> protocol.routes().all().stream())
                .filter(route -> route.pattern().startsWith("/pusher"))
                .map(route -> route.method() + " " + route.pattern()))
        .containsExactly(
            "OPTIONS /pusher/auth",
            "OPTIONS /pusher/user-auth",
            "POST /pusher/auth",
            "POST /pusher/user-auth");
  }

  @Test
  void theHostPublishesWithoutHttp() {
    Wire ann = server.connects().subscribes("news").quiet();
    var told = server.pusher.trigger("4242", "news", "e", "{\"a\":1}");
    server.time.runUntilIdle();

    assertThat(told.toCompletableFuture()).isCompleted();
    assertThat(ann.hears())
        .containsExactly("{\"event\":\"e\",\"channel\":\"news\",\"data\":\"{\\\"a\\\":1}\"}");
    assertThatThrownBy(() -> server.pusher.trigger("4242", "bad name", "e", ""))
        .hasMessage("no good name for a channel: bad name");
    assertThatThrownBy(() -> server.pusher.trigger("4242", "news", "pusher:error", ""))
        .hasMessage("no good name for an event: pusher:error");
    assertThatThrownBy(() -> server.pusher.trigger("no", "news", "e", "")).hasMessage("no app no");
  }

  @Test
  void drainingMovesClientsBitByBit() {
    List<Wire> wires = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      wires.add(server.connects());
    }
    var drained = server.pusher.drain("4242", 10_000);
    server.time.advance(5_000);
    assertThat(server.opens("/app/testkey-0001?protocol=7").end()).startsWith("4100 ");
    assertThat(wires.stream().filter(wire -> wire.end().equals("open")).count()).isBetween(1L, 19L);
    assertThat(drained.toCompletableFuture()).isNotDone();
    server.time.advance(5_000);

    assertThat(drained.toCompletableFuture()).isCompleted();
    assertThat(wires).allMatch(wire -> wire.end().startsWith("4200 "));
  }

  @Test
  void appsAreChecked() {
    PusherApp app = PusherApp.of("1", "shop", "k", "s");

    assertThatThrownBy(() -> new PusherChannels(app, PusherApp.of("1", "shop", "k2", "s")))
        .hasMessage("two apps have the id 1");
    assertThatThrownBy(() -> new PusherChannels(app, PusherApp.of("2", "shop", "k", "s")))
        .hasMessage("two apps have the key k");
    assertThatThrownBy(() -> app.key("k", "other")).hasMessageContaining("each of them once");
    assertThat(app.toString()).doesNotContain("s]");
  }
}
