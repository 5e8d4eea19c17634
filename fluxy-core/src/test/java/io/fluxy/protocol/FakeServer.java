package io.fluxy.protocol;

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
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** An engine in the test's hand and in virtual time, with two projects: shop and bank. */
public abstract class FakeServer {
  public static final String PEER = "192.0.2.1";

  public final VirtualScheduler time = VirtualScheduler.inOrder();
  public final Fluxy fluxy;

  protected FakeServer(Store store, Consumer<Fluxy.Builder> more) {
    Fluxy.Builder builder =
        Fluxy.builder()
            .scheduler(time)
            .store(store)
            .project(Project.named("shop"))
            .project(Project.named("bank"));
    more.accept(builder);
    fluxy = builder.start();
  }

  /** What is there as soon as nobody has anything left to do. */
  public <T> T now(CompletionStage<T> stage) {
    time.runUntilIdle();
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  public Handshake shakes(String target, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Upgrade", "websocket");
    return now(fluxy.handshake(ApiRequest.of("GET", target, all, new byte[0], PEER)));
  }

  /** A handshake that leads to an upgrade, whatever becomes of the socket then. */
  protected Handshake accepts(String target, Map<String, String> headers) {
    Handshake handshake = shakes(target, headers);
    assertThat(handshake.refusal()).as("refusal of %s", target).isNull();
    return handshake;
  }

  public ApiResponse answers(
      String method, String target, Map<String, String> headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return now(fluxy.answer(ApiRequest.of(method, target, headers, bytes, PEER)));
  }

  /** Status and body. */
  public static String shown(ApiResponse response) {
    return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Makes a room of the shop. */
  public void room(String name, RoomType type, String owner) {
    assertThat(now(fluxy.createRoom(new RoomId("shop", name), type, name, owner))).isPresent();
  }

  /** A token of a user of the shop, a plain member unless roles are named. */
  public String token(String user, Role... roles) {
    Set<Role> all = roles.length == 0 ? Set.of(Role.MEMBER) : Set.copyOf(List.of(roles));
    return now(fluxy.mintToken("shop", new User(user, all), 3_600));
  }
}
