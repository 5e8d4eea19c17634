package io.fluxy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.store.ProjectRecord;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projects, their keys and their tokens, without a protocol. */
class ProjectsTest {
  private static final String SECRET = "a-secret-of-thirty-two-bytes-ok!";
  private static final String KEY = "fc_00112233445566778899aabbccddeeff";

  private final Clock clock = new Clock();
  private final Store store = Store.inMemory();
  private final Projects projects = new Projects(store.directory(), clock, Limits.defaults());
  private final Tokens tokens = new Tokens(projects, clock);

  /** A clock that the test sets; nothing here runs or waits. */
  private static final class Clock implements Scheduler {
    private long nowMs = 1_000_000_000_000L;
    private long chance;

    @Override
    public long nowMs() {
      return nowMs;
    }

    @Override
    public long ticksMs() {
      return nowMs;
    }

    @Override
    public void run(Runnable task) {
      throw new AssertionError("nothing runs here");
    }

    @Override
    public Timer after(long delayMs, Runnable task) {
      throw new AssertionError("nothing waits here");
    }

    @Override
    public long random() {
      return ++chance * 0x9E3779B97F4A7C15L;
    }
  }

  private static <T> T got(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private String flaw(String token) {
    return got(
        tokens
            .verify(token)
            .handle(
                (who, failure) -> {
                  Throwable cause =
                      failure instanceof CompletionException ? failure.getCause() : failure;
                  return cause instanceof TokenException e ? e.flaw().name() : "none";
                }));
  }

  // Declaring.

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../a", "a.b", "é", "a\n"})
  void aProjectsIdIsAnId(String id) {
    assertThatThrownBy(() -> Project.named(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSecretHas32BytesAtLeast() {
    assertThatThrownBy(() -> Project.named("acme").jwtSecret("x".repeat(31)))
        .hasMessage("project acme: jwtSecret needs at least 32 bytes");
    assertThat(Project.named("acme").jwtSecret("é".repeat(16)).jwtSecret()).hasSize(16);
    assertThatThrownBy(() -> Project.named("acme").apiKey("fc_short"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aProjectWithoutASecretGetsOneAndKeepsIt() {
    ProjectRecord first = got(projects.declare(Project.named("acme")));
    ProjectRecord again = got(projects.declare(Project.named("acme").called("Acme")));

    assertThat(first.jwtSecret()).matches("[0-9a-f]{64}");
    assertThat(again.jwtSecret()).isEqualTo(first.jwtSecret());
    assertThat(again.name()).isEqualTo("Acme");
    assertThat(again.createdAtMs()).isEqualTo(first.createdAtMs());
  }

  @Test
  void keysAreKeptAsHashesOnly() {
    got(projects.declare(Project.named("acme").apiKey(KEY)));
    ProjectRecord kept = got(store.directory().project("acme")).orElseThrow();

    assertThat(kept.keys()).hasSize(1);
    assertThat(kept.keys().get(0).prefix()).isEqualTo("fc_00112");
    assertThat(kept.keys().get(0).hash()).matches("[0-9a-f]{64}").doesNotContain(KEY.substring(3));
    assertThat(got(projects.findByKey(KEY)).map(ProjectRecord::id)).contains("acme");
    assertThat(got(projects.findByKey(kept.keys().get(0).hash()))).as("a hash is no key").isEmpty();
  }

  @Test
  void declaringAgainKeepsTheKeysThatWereValid() {
    got(projects.declare(Project.named("acme").apiKey(KEY)));
    String minted = got(projects.mintKey("acme")).text();
    got(projects.declare(Project.named("acme").apiKey(KEY)));

    assertThat(got(projects.findByKey(KEY))).isPresent();
    assertThat(got(projects.findByKey(minted))).isPresent();
    assertThat(got(store.directory().project("acme")).orElseThrow().keys()).hasSize(2);
  }

  @Test
  void ofMoreThanTenKeysTheOldestEnds() {
    got(projects.declare(Project.named("acme").apiKey(KEY)));
    List<String> minted = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      minted.add(got(projects.mintKey("acme")).text());
    }

    assertThat(got(projects.findByKey(KEY))).isEmpty();
    assertThat(minted).doesNotHaveDuplicates().allMatch(key -> key.matches("fc_[0-9a-f]{32}"));
    assertThat(minted).allMatch(key -> got(projects.findByKey(key)).isPresent());
  }

  @Test
  void aKeyOfNobodyIsNobodys() {
    assertThat(got(projects.findByKey(KEY))).isEmpty();
    assertThat(got(projects.find("nobody"))).isEmpty();
    assertThatThrownBy(() -> got(projects.mintKey("nobody")))
        .hasRootCauseMessage("no project nobody");
  }

  @Test
  void aProjectThatAnotherEngineDeclaredIsFound() {
    Projects other = new Projects(store.directory(), clock, Limits.defaults());
    got(other.declare(Project.named("late").apiKey(KEY)));

    assertThat(got(projects.find("late"))).isPresent();
    assertThat(got(projects.findByKey(KEY)).map(ProjectRecord::id)).contains("late");
  }

  @Test
  void aProjectMayHaveLimitsOfItsOwn() {
    Limits own = Limits.defaults().toBuilder().messagesPerMinute(7).build();
    got(projects.declare(Project.named("acme").limits(own)));

    assertThat(projects.limits("acme").messagesPerMinute()).isEqualTo(7);
    assertThat(projects.limits("other")).isEqualTo(Limits.defaults());
  }

  // Tokens.

  private ProjectRecord acme() {
    return got(projects.declare(Project.named("acme").jwtSecret(SECRET)));
  }

  @Test
  void aTokenSaysWhoItsBearerIs() {
    User ann = new User("ann", Set.of(Role.ADMIN, Role.BOT));
    String token = tokens.mint(acme(), ann, 3_600, Map.of("roomId", "lobby"));
    Identity who = got(tokens.verify(token));

    assertThat(who).isEqualTo(new Identity("acme", ann, clock.nowMs + 3_600_000, "lobby"));
    assertThat(who.isGoodFor(new RoomId("acme", "lobby"))).isTrue();
    assertThat(who.isGoodFor(new RoomId("acme", "other"))).isFalse();
    assertThat(who.isGoodFor(new RoomId("globex", "lobby"))).isFalse();
  }

  @Test
  void aTokenEndsHalfAMinuteAfterItsTime() {
    String token = tokens.mint(acme(), User.named("ann"), 60, Map.of());
    clock.nowMs += 89_000;
    assertThat(flaw(token)).isEqualTo("none");
    clock.nowMs += 1_000;
    assertThat(flaw(token)).isEqualTo("EXPIRED");
  }

  @Test
  void aTokenOfASecretThatWasChangedIsGenuineNoMore() {
    String token = tokens.mint(acme(), User.named("ann"), 60, Map.of());
    got(projects.declare(Project.named("acme").jwtSecret(SECRET + "2")));

    assertThat(flaw(token)).isEqualTo("NOT_GENUINE");
  }

  @Test
  void withoutATokenThereIsNobody() {
    assertThat(flaw("")).isEqualTo("MISSING");
    assertThat(flaw("x")).isEqualTo("MALFORMED");
    assertThat(new TokenException(TokenException.Flaw.EXPIRED).getStackTrace())
        .as("no stack to pay for")
        .isEmpty();
  }
}
