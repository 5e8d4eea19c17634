package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import io.fluxy.hook.WebhookSender;
import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What FluxyChat's own server was asked and what it answered, asked of us, in the same order: the
 * status and the JSON's shape are the same, texts of errors and types of frames to the letter.
 * Where we differ, {@link GoldenDeviations} says why.
 */
class GoldenExchangesTest {
  private final ChatServer server =
      ChatServer.setup()
          .with(builder -> builder.platform("acme").guestsOf("acme"))
          .limits(limits -> limits.tokensPerMinute(10_000))
          .start();
  private final GoldenShape shape = new GoldenShape();
  private final Map<String, Map<String, @Nullable Object>> exchanges = new LinkedHashMap<>();
  private final Map<String, Client> clients = new HashMap<>();
  private final List<String> different = new ArrayList<>();

  GoldenExchangesTest() throws IOException {
    shape.name("project", "acme");
    shape.name("key", ChatServer.ACME_KEY);
    for (Map<String, @Nullable Object> exchange : lines("golden-http.jsonl")) {
      assertThat(exchanges.put(text(exchange, "name"), exchange)).isNull();
    }
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void whatIsAskedIsAnsweredAsFluxyChatDoesOrWeSayWhyNot() throws IOException {
    for (Map<String, @Nullable Object> exchange : exchanges.values()) {
      String name = text(exchange, "name");
      if (name.equals("SSE cold room")) {
        sockets();
      } else if (name.equals("webhooks: post")) {
        server.receiver.answers(failed(), failed(), failed());
      }
      if (!name.startsWith("(live) ")) {
        ask(exchange);
      }
    }
    Set<String> unexplained = new LinkedHashSet<>();
    GoldenDeviations deviations = new GoldenDeviations();
    different.stream().filter(each -> !deviations.explain(each)).forEach(unexplained::add);

    assertThat(unexplained).as("unexplained").isEmpty();
    assertThat(deviations.unused()).as("rows that explain nothing").isEmpty();
  }

  private static WebhookSender.Outcome failed() {
    return WebhookSender.Outcome.answered(500);
  }

  // HTTP.

  private void ask(Map<String, @Nullable Object> exchange) {
    String name = text(exchange, "name");
    String target = text(exchange, "path");
    if (!server.fluxy.serves(target.split("\\?", 2)[0])) {
      different.add(name + ": not served");
      return;
    }
    server.time.pass(1_000);
    ChatServer.Call call = server.call(text(exchange, "method"), path(target));
    as(text(exchange, "as"), call);
    if (target.contains("/stream")) {
      call.header("Accept", name.contains("json") ? "application/json" : "text/event-stream");
    }
    if (exchange.get("body") instanceof Map<?, ?> body) {
      call.body(body(body).getBytes(StandardCharsets.UTF_8));
    }
    Reply reply = call.now();
    String answer = reply.body();
    ApiResponse.Stream streamed = reply.response().stream();
    if (streamed != null && target.matches("/(export|gdpr)/.*")) {
      Client reader = new Client(server.time);
      answer = reader.with(streamed.open(reader)).raw();
    }
    long status = (Long) Objects.requireNonNull(exchange.get("status"));
    if (reply.status() != status) {
      different.add(name + ": status " + status + " -> " + reply);
    } else if (exchange.get("text") instanceof String text) {
      if (!text.equals(answer) && !text.equals("<string>")) {
        different.add(name + ": text " + text + " -> " + answer);
      }
    } else if (!answer.startsWith("{")) {
      different.add(name + ": no JSON " + answer);
    } else {
      Map<String, ?> ours = Json.object(answer.getBytes(StandardCharsets.UTF_8));
      compare(name + ": ", exchange.get("answer"), ours);
      if (ours.get("deliveries") instanceof List<?> all && name.equals("webhooks: deliveries")) {
        shape.name("d", Objects.requireNonNull(((Map<?, ?>) all.get(0)).get("id")));
      }
    }
  }

  private void compare(String where, @Nullable Object expected, @Nullable Object ours) {
    shape.compare("$", expected, ours, how -> different.add(where + how));
  }

  private void as(String who, ChatServer.Call call) {
    switch (who) {
      case "none" -> call.without("Authorization");
      case "key" -> call.key(ChatServer.ACME_KEY);
      case "old key" -> call.key(String.valueOf(shape.named("oldkey")));
      case "bad key" -> call.key("fc_00000000000000000000000000000000");
      case "malformed" -> call.token("no-token");
      case "bad payload" -> call.token("a." + Jwt.base64("no JSON") + ".c");
      case "bad token", "bad signature" -> call.token(Jwt.acme().key("wrong".repeat(8)).sign());
      case "no exp" -> call.token(Jwt.acme().without("exp").sign());
      case "expired" -> call.token(Jwt.acme().claim("exp", "1769860700").sign());
      case "alg none" -> call.token(Jwt.acme().header("alg", "'none'").unsigned());
      case "unknown tid" -> call.token(Jwt.acme().claim("tid", "'nobody'").sign());
      default -> call.token(token(who));
    }
  }

  private String token(String user) {
    return user.equals("op1") ? server.token(user, Role.OWNER) : server.token(user);
  }

  private String path(String target) {
    String path = target;
    String created = String.valueOf(shape.namedOr("c2", "1970-01-01T00:00:00.000Z"));
    path = path.replace("{after:c2}", Instant.parse(created).plusMillis(1).toString());
    for (String user : List.of("alice", "carol")) {
      path = path.replace("{token:" + user + "}", token(user));
    }
    return shape.filled(path);
  }

  private String body(Map<?, ?> body) {
    if (body.get("raw") instanceof String raw) {
      return raw;
    }
    String json = shape.filled(Json.text(body));
    for (int length : new int[] {4_001, 256_100}) {
      json = json.replace("{x*" + length + "}", "x".repeat(length));
    }
    return json;
  }

  // Sockets.

  private void sockets() throws IOException {
    for (Map<String, @Nullable Object> step : lines("golden-sockets.jsonl")) {
      String name = text(step, "step");
      if (name.equals("connect")) {
        clients.put(
            "alice",
            open(
                "alice",
                "/ws/room/ws?userId=alice&replay=connect&replayLimit=50&cache=1&presenceInfo="
                    + "%7B%22name%22%3A%22Alice%22%2C%22avatar_url%22%3A"
                    + "%22https%3A%2F%2Fx.example%2Fa.png%22%2C%22evil%22%3A%22%3Cx%3E%22%7D"));
        clients.put(
            "bob", open("bob", "/ws/room/ws?userId=bob&replay=connect&replayLimit=50&cache=1"));
      }
      for (Object each : (List<?>) Objects.requireNonNull(step.get("do"))) {
        act(name, (Map<?, ?>) each);
      }
      server.time.pass(150); // what is written bit by bit is told at most once in 120 ms
      for (Map.Entry<String, Client> client : clients.entrySet()) {
        heard(name + ": " + client.getKey(), step.get(client.getKey()), client.getValue());
      }
    }
    clients.clear();
  }

  private void act(String step, Map<?, ?> action) {
    String who = String.valueOf(action.get("as"));
    if (action.get("call") instanceof String name) {
      ask(Objects.requireNonNull(exchanges.get(name), name));
    } else if (action.get("say") instanceof Map<?, ?> frame) {
      byte[] said = body(frame).getBytes(StandardCharsets.UTF_8);
      Objects.requireNonNull(clients.get(who)).says(said);
    } else if (action.get("knock") instanceof String target) {
      ChatServer.Call call = server.call("GET", path(target));
      as(who, call);
      assertThat(call.knock().status()).as(step).isIn(401, 403);
    } else if (action.get("visit") instanceof String target) {
      Client visitor = open(who, target);
      heard(step + ": visitor", action.get("hears"), visitor);
      visitor.leaves();
    }
  }

  private Client open(String user, String target) {
    return server.call("GET", target).token(token(user)).upgrade();
  }

  private void heard(String where, @Nullable Object expected, Client client) {
    List<Map<String, @Nullable Object>> ours = new ArrayList<>();
    for (String frame : client.hears()) {
      ours.add(Json.object(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }
    List<?> theirs = (List<?>) Objects.requireNonNull(expected);
    boolean closes = types(theirs).contains("(close)");
    if (closes) {
      ours.add(Map.of("type", "(close)", "code", client.end()));
    }
    if (!types(theirs).equals(types(ours))) {
      different.add(where + " " + types(theirs) + " -> " + types(ours));
      return;
    }
    for (int i = 0; i < ours.size(); i++) {
      compare(where + " " + types(ours).get(i) + ": ", theirs.get(i), ours.get(i));
    }
  }

  private static List<String> types(List<?> frames) {
    return frames.stream().map(frame -> String.valueOf(((Map<?, ?>) frame).get("type"))).toList();
  }

  private static String text(Map<String, ?> object, String name) {
    return (String) Objects.requireNonNull(object.get(name), name);
  }

  private static List<Map<String, @Nullable Object>> lines(String file) throws IOException {
    List<Map<String, @Nullable Object>> lines = new ArrayList<>();
    try (InputStream in = GoldenExchangesTest.class.getResourceAsStream(file)) {
      String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : all.lines().toList()) {
        lines.add(Json.object(line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return lines;
  }
}
