package io.fluxy.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.store.Store;
import io.fluxy.store.WebhookRecord;
import io.fluxy.time.VirtualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Secrets of webhooks in the database: readable with the host's key, and with nothing else. */
class WebhookSecretsTest {
  private static final byte[] OLD = key(1);
  private static final byte[] NEW = key(2);

  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final Store store = Store.inMemory();
  private final FakeReceiver receiver = new FakeReceiver();

  private static byte[] key(int with) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) with);
    return key;
  }

  private <T> T get(CompletionStage<T> stage) {
    time.runUntilIdle();
    return stage.toCompletableFuture().join();
  }

  private Fluxy starts(byte[]... keys) {
    return Fluxy.builder()
        .scheduler(time)
        .store(store)
        .project(Project.named("shop"))
        .webhookSender(receiver)
        .webhookSecretKeys(keys)
        .start();
  }

  private void has(String id, @Nullable String secret) {
    get(store.webhooks().saveWebhook(webhook(id, secret)));
  }

  private static WebhookRecord webhook(String id, @Nullable String secret) {
    String url = "https://example.org/" + id;
    return new WebhookRecord("shop", id, url, secret, List.of("message.created"), 7);
  }

  private List<@Nullable String> kept() {
    return get(store.webhooks().webhooks(9)).stream().map(WebhookRecord::secret).toList();
  }

  /** Whether a message is signed with this secret. */
  private boolean signs(Fluxy fluxy, String secret) {
    RoomId lobby = new RoomId("shop", "lobby");
    get(fluxy.createRoom(lobby, RoomType.PUBLIC, "Lobby", "ann"));
    receiver.posts().clear();
    get(fluxy.room(lobby).post(User.named("ann"), Draft.text("hi")));
    FakeReceiver.Post post = receiver.posts().get(0);
    return Signature.isRight(
        secret,
        post.body().getBytes(StandardCharsets.UTF_8),
        String.valueOf(post.headers().get("X-Fluxy-Signature")));
  }

  @Test
  void aSecretThatWasKeptInTheClearIsSealedAtTheNextStartAndSignsAsBefore() {
    has("h1", "whsec_1");
    has("h2", null);
    Fluxy fluxy = starts(OLD);

    assertThat(kept().get(0)).startsWith("sealed:1:").doesNotContain("whsec");
    assertThat(kept().get(1)).isNull();
    assertThat(signs(fluxy, "whsec_1")).isTrue();
    assertThat(signs(fluxy, "whsec_2")).isFalse();
  }

  @Test
  void aNewKeyTakesOverWhatTheOldOneHasSealed() {
    has("h1", "whsec_1");
    starts(OLD);
    String before = kept().get(0);
    starts(NEW, OLD);
    String after = kept().get(0);
    assertThat(after).isNotEqualTo(before);

    assertThat(signs(starts(NEW), "whsec_1")).isTrue();
    assertThat(kept()).as("nothing to do any more").containsExactly(after);
    String why = "webhook h1: its secret was sealed with a key that was not given";
    assertThatThrownBy(() -> starts(OLD)).hasRootCauseMessage(why);
    assertThatThrownBy(this::starts).hasRootCauseMessage(why);
  }

  @Test
  void aSecretCantBePutInAnotherWebhooksPlaceOrChanged() {
    has("h1", "whsec_1");
    starts(OLD);
    String sealed = String.valueOf(kept().get(0));
    has("h2", sealed);
    assertThatThrownBy(() -> starts(OLD))
        .hasStackTraceContaining("webhook h2: its secret can't be opened");
    has("h2", null);
    has("h1", sealed.substring(0, sealed.length() - 4) + "AAAA");
    assertThatThrownBy(() -> starts(OLD))
        .hasStackTraceContaining("webhook h1: its secret can't be opened");
    has("h1", "sealed:1:AA==");
    assertThatThrownBy(() -> starts(OLD)).hasStackTraceContaining("webhook h1: its secret");
  }

  @Test
  void noSecretThatSomebodyChoosesKeepsAnEngineFromStarting() {
    SecretSeal none = new SecretSeal(List.of(), time);
    SecretSeal some = new SecretSeal(List.of(OLD), time);
    for (String odd : List.of("sealed:1:AAAAAAAA", "plain:1:x", "plain:1:sealed:1:x", "")) {
      for (SecretSeal seal : List.of(none, some)) {
        WebhookRecord kept = seal.seal(webhook("h", odd));
        assertThat(seal.open(kept).secret()).isEqualTo(odd);
        assertThat(some.open(kept).secret()).as("with a key later on").isEqualTo(odd);
      }
    }
    assertThat(none.seal(webhook("h", "as it is")).secret()).isEqualTo("as it is");
  }

  @Test
  void aKeyHas32Bytes() {
    assertThatThrownBy(() -> starts(new byte[16]))
        .hasMessage("a key for webhook secrets has 32 bytes, not 16");
  }
}
