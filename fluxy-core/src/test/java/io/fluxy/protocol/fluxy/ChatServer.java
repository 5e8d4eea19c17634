package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Access;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.connection.Handshake;
import io.fluxy.hook.FakeReceiver;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A real engine in the test's hand: two projects, acme and globex, that know nothing of each other;
 * time that stands still; requests in, answers out. Every request has the trace id {@code t-1}, and
 * the host is {@code chat.example}.
 */
final class ChatServer {
  static final String ACME_KEY = Leaks.secret("fc_00112233445566778899aabbccddeeff");
  static final String GLOBEX_KEY = Leaks.secret("fc_ffeeddccbbaa99887766554433221100");
  static final String ACME_SECRET = Leaks.secret("acme-secret-of-at-least-32-bytes!");
  static final String GLOBEX_SECRET = Leaks.secret("globex-secret-of-at-least-32-byte");

  final HandScheduler time;
  final Store store;
  final FakeReceiver receiver = new FakeReceiver();
  final Fluxy fluxy;

  private ChatServer(Setup setup) {
    Leaks.watch();
    this.time = new HandScheduler(setup.seed);
    this.store = setup.store;
    time.pass(setup.startsAfterMs);
    Fluxy.Builder builder =
        Fluxy.builder()
            .scheduler(time)
            .store(store)
            .limits(setup.limits)
            .access(setup.access)
            .webhookSender(receiver)
            .project(Project.named("acme").called("Acme").jwtSecret(ACME_SECRET).apiKey(ACME_KEY))
            .project(
                Project.named("globex")
                    .called("Globex")
                    .jwtSecret(GLOBEX_SECRET)
                    .apiKey(GLOBEX_KEY));
    setup.origins.forEach(builder::allowedOrigin);
    setup.more.accept(builder);
    this.fluxy = builder.start();
  }

  /** What a server is made of. */
  static final class Setup {
    private Store store = Store.inMemory();
    private Limits limits = Limits.defaults().toBuilder().messagesPerMinute(10_000).build();
    private Access access = Access.byMembership();
    private final List<String> origins = new ArrayList<>();
    private Consumer<Fluxy.Builder> more = builder -> {};
    private long startsAfterMs;
    private long seed = 1;

    Setup store(Store kept) {
      store = kept;
      seed = 2;
      return this;
    }

    Setup limits(UnaryOperator<Limits.Builder> change) {
      limits = change.apply(limits.toBuilder()).build();
      return this;
    }

    Setup access(Access hosts) {
      access = hosts;
      return this;
    }

    Setup origin(String allowed) {
      origins.add(allowed);
      return this;
    }

    /** Whatever else the builder can do. */
    Setup with(Consumer<Fluxy.Builder> change) {
      more = more.andThen(change);
      return this;
    }

    Setup startsAfterMs(long ms) {
      startsAfterMs = ms;
      return this;
    }

    ChatServer start() {
      return new ChatServer(this);
    }
  }

  static Setup setup() {
    return new Setup();
  }

  static ChatServer start() {
    return setup().start();
  }

  /** A server with a group of ann (owner) and bob, at one second past noon. */
  static ChatServer withLobby() {
    ChatServer server = start();
    server.room("lobby", "group", "ann", "bob");
    return server;
  }

  /** Makes a room of acme by its first member; a second goes by. */
  void room(String id, String type, String owner, String... members) {
    StringBuilder list = new StringBuilder();
    for (String member : members) {
      list.append(list.isEmpty() ? "" : ",").append("{'userId':'" + member + "'}");
    }
    String json = "{'id':'%s','name':'The %s','type':'%s','members':[%s]}";
    Reply made = post(token(owner), "/rooms", json.formatted(id, id, type, list));
    assertThat(made.status()).as("%s", made).isEqualTo(200);
    time.pass(1_000);
  }

  /** A token of acme for an hour; a member's unless roles are named. */
  String token(String userId, Role... roles) {
    return token("acme", userId, 3_600, roles);
  }

  String token(String project, String userId, int ttlSeconds, Role... roles) {
    LinkedHashSet<Role> all = new LinkedHashSet<>(Arrays.asList(roles));
    if (all.isEmpty()) {
      all.add(Role.MEMBER);
    }
    var minted = fluxy.mintToken(project, new User(userId, all), ttlSeconds).toCompletableFuture();
    return Leaks.secret(minted.join());
  }

  Reply get(@Nullable String token, String target) {
    return call("GET", target).token(token).now();
  }

  Reply post(@Nullable String token, String target, String json) {
    return call("POST", target).token(token).json(json).now();
  }

  Reply patch(@Nullable String token, String target, String json) {
    return call("PATCH", target).token(token).json(json).now();
  }

  Reply delete(@Nullable String token, String target) {
    return call("DELETE", target).token(token).now();
  }

  Reply delete(@Nullable String token, String target, String json) {
    return call("DELETE", target).token(token).json(json).now();
  }

  /** Posts text to a room of acme. */
  Reply says(String user, String room, String text) {
    String json = "{'roomId':'" + room + "','content':'" + text + "'}";
    return post(token(user), "/messages", json);
  }

  Call call(String method, String target) {
    return new Call(method, target);
  }

  /** Connects a user of acme the way the SDK does, and forgets the frames on connect. */
  Client joins(String user, String room) {
    Client client = connect(token(user), room);
    client.hears();
    return client;
  }

  Client connect(String token, String room) {
    return connect("/ws/room/" + room + "?token=" + token + "&replay=connect&replayLimit=50");
  }

  Client connect(String target) {
    return call("GET", target).upgrade();
  }

  /** The refusal of a socket. */
  Reply knock(String target) {
    return call("GET", target).knock();
  }

  /** A user's event stream. */
  Client streams(String token, String room) {
    return call("GET", "/rooms/" + room + "/stream?token=" + token)
        .header("Accept", "text/event-stream")
        .stream();
  }

  /** One request, not yet made. */
  final class Call {
    private final String method;
    private final String target;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte[] body = new byte[0];
    private String peer = "192.0.2.1";

    Call(String method, String target) {
      this.method = method;
      this.target = target;
      headers.put("Host", "chat.example");
      headers.put("X-Trace-Id", "t-1");
    }

    Call token(@Nullable String token) {
      if (token != null) {
        headers.put("Authorization", "Bearer " + token);
      }
      return this;
    }

    Call key(String key) {
      return header("X-Fluxy-Api-Key", key);
    }

    Call header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    Call without(String name) {
      headers.remove(name);
      return this;
    }

    Call json(String json) {
      return body(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    Call body(byte[] bytes) {
      body = bytes;
      return this;
    }

    Call peer(String address) {
      peer = address;
      return this;
    }

    Reply now() {
      return Reply.of(answer(ApiRequest.of(method, target, headers, body, peer)));
    }

    /** An answer that may come later. */
    CompletableFuture<ApiResponse> waiting() {
      CompletionStage<ApiResponse> answer =
          fluxy.answer(ApiRequest.of(method, target, headers, body, peer));
      time.settle();
      return answer.toCompletableFuture();
    }

    /** For a server that is broken on purpose. */
    Reply broken() {
      return new Reply(answer(ApiRequest.of(method, target, headers, body, peer)));
    }

    /** As a transport does that has seen too long a body. */
    Reply tooLarge() {
      return Reply.of(answer(ApiRequest.tooLarge(method, target, headers, peer)));
    }

    Client stream() {
      ApiResponse response = answer(ApiRequest.of(method, target, headers, body, peer));
      assertThat(response.stream()).as("%s", Reply.of(response)).isNotNull();
      assertThat(response.status()).isEqualTo(200);
      Client client = new Client(time);
      return client.with(Objects.requireNonNull(response.stream()).open(client));
    }

    Client upgrade() {
      Handshake handshake = shake();
      ApiResponse refusal = handshake.refusal();
      assertThat(refusal == null ? "accepted" : Reply.of(refusal).toString()).isEqualTo("accepted");
      Client client = new Client(time);
      return client.with(handshake.open(client));
    }

    Reply knock() {
      ApiResponse refusal = shake().refusal();
      assertThat(refusal).as("refusal of %s", target).isNotNull();
      return Reply.of(Objects.requireNonNull(refusal));
    }

    private Handshake shake() {
      headers.putIfAbsent("Upgrade", "websocket");
      var stage = fluxy.handshake(ApiRequest.of(method, target, headers, body, peer));
      time.settle();
      assertThat(stage.toCompletableFuture()).as("an answer to %s", target).isDone();
      return stage.toCompletableFuture().join();
    }

    private ApiResponse answer(ApiRequest request) {
      assertThat(fluxy.serves(request.rawPath())).as("serves %s", target).isTrue();
      var stage = fluxy.answer(request);
      time.settle();
      assertThat(stage.toCompletableFuture()).as("an answer to %s", request).isDone();
      return stage.toCompletableFuture().join();
    }
  }
}
