package io.fluxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.hook.FakeReceiver;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An engine with a console, in virtual time: the projects shop and bank, ann who runs both, bob who
 * runs the shop. A test is ann's browser at https unless it says otherwise.
 */
final class Operated {
  static final String ANNS = "a long credential";
  static final String BOBS = "another credential";
  private static final ConsoleOperator ANN = ConsoleOperator.of("ann", ANNS);
  private static final ConsoleOperator BOB = ConsoleOperator.of("bob", BOBS).forProjects("shop");

  final VirtualScheduler time = VirtualScheduler.inOrder();
  final FakeReceiver receiver = new FakeReceiver();
  final Store store = Store.inMemory();
  final Fluxy fluxy;
  @Nullable String cookie;

  Operated() {
    this(builder -> {});
  }

  Operated(Consumer<Fluxy.Builder> more) {
    Fluxy.Builder builder =
        Fluxy.builder()
            .scheduler(time)
            .store(store)
            .webhookSender(receiver)
            .project(Project.named("shop").called("Shop"))
            .project(Project.named("bank").called("Bank"))
            .console(ANN, BOB);
    more.accept(builder);
    fluxy = builder.start();
  }

  /** One where ann is signed in. */
  static Operated byAnn() {
    return byAnn(builder -> {});
  }

  static Operated byAnn(Consumer<Fluxy.Builder> more) {
    Operated operated = new Operated(more);
    assertThat(operated.signIn("ann", ANNS)).isEqualTo("200 {'operator':'ann','all':true}");
    return operated;
  }

  /** Signs in, and keeps the session from here on. */
  String signIn(String name, String credential) {
    String form = "{'name':'" + name + "','credential':'" + credential + "'}";
    ApiResponse answer = call("POST", "session", form).now();
    String set = answer.headers().get("Set-Cookie");
    if (set != null) {
      cookie = set.substring(0, set.indexOf(';'));
    }
    return shown(answer);
  }

  String get(String path) {
    return shown(call("GET", path, "").now());
  }

  String post(String path, String json) {
    return shown(call("POST", path, json).now());
  }

  Call call(String method, String path, String json) {
    return new Call(method, "/fluxy/console/api/" + path, json);
  }

  /** A request for a path below no folder of ours. */
  Call raw(String method, String target) {
    return new Call(method, target, "");
  }

  static String shown(ApiResponse answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8).replace('"', '\'');
    return answer.status() + " " + body;
  }

  /** The newest line of a project's audit log: who, what, about what, details. */
  String audited(String project) {
    return done(store.operators().audits(project, 1)).stream()
        .map(
            each ->
                "%s %s %s:%s %s"
                    .formatted(
                        each.actor(),
                        each.action(),
                        each.targetType(),
                        each.targetId(),
                        each.metadata().replace('"', '\'')))
        .findFirst()
        .orElse("nothing");
  }

  RoomId room(String project, String name, RoomType type, String owner, String... members) {
    RoomId id = new RoomId(project, name);
    assertThat(done(fluxy.createRoom(id, type, "The " + name, owner))).isPresent();
    for (String member : members) {
      done(
          fluxy
              .room(id)
              .submit(
                  new User(owner, Set.of(Role.OWNER)), new Command.AddMember(member, Role.MEMBER)));
    }
    return id;
  }

  Message says(RoomId room, String user, String text) {
    return done(fluxy.room(room).post(User.named(user), Draft.text(text)));
  }

  <T> T done(CompletionStage<T> stage) {
    time.runUntilIdle();
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  /** One request, not yet made. */
  final class Call {
    private final String method;
    private final String target;
    private final byte[] body;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String peer = "192.0.2.1";

    Call(String method, String target, String json) {
      this.method = method;
      this.target = target;
      this.body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      headers.put("Host", "chat.example");
      headers.put("X-Fluxy-Console", "1");
      if (body.length > 0) {
        headers.put("Content-Type", "application/json");
      }
      if (cookie != null) {
        headers.put("Cookie", cookie);
      }
    }

    Call header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    Call without(String name) {
      headers.remove(name);
      return this;
    }

    Call peer(String address) {
      peer = address;
      return this;
    }

    ApiResponse now() {
      ApiResponse answer = done(fluxy.answer(ApiRequest.of(method, target, headers, body, peer)));
      assertThat(answer.status()).as("%s", shown(answer)).isLessThan(500);
      return answer;
    }

    String answer() {
      return shown(now());
    }
  }
}
