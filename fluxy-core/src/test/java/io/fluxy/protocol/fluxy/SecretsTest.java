package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.ApiKey;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Project;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.store.ProjectRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tokens, keys and secrets stay out of texts and logs: catalogue 3.2. The other tests' logs are
 * looked through too.
 */
class SecretsTest {
  private final ChatServer server = ChatServer.withLobby();
  private final String token = server.token("ann");

  @AfterEach
  void noSecretIsInTheLog() {
    assertThat(Leaks.secretsIn(Leaks.log())).isEmpty();
  }

  private ApiRequest request() {
    return ApiRequest.of(
        "GET",
        "/rooms?token=" + token + "&apiKey=" + ChatServer.ACME_KEY,
        Map.of("Authorization", "Bearer " + token, "X-Fluxy-Api-Key", ChatServer.ACME_KEY),
        new byte[0],
        "192.0.2.1");
  }

  @Test
  void nothingThatMayBeLoggedShowsASecret() {
    ApiRequest request = request();
    ApiKey key = new ApiKey(ChatServer.ACME_KEY);
    Project project = Project.named("acme").jwtSecret(ChatServer.ACME_SECRET).apiKey(key.text());
    Identity identity = new Identity("acme", User.named("ann"), 0, null);
    ProjectRecord record =
        new ProjectRecord("acme", "Acme", 0, ChatServer.ACME_SECRET, List.of(key.record(0)));
    Reply minted =
        server.call("POST", "/auth/token").key(ChatServer.ACME_KEY).json("{'userId':'ann'}").now();
    String shown =
        String.join(
            "\n",
            List.of(
                request.toString(),
                key.toString(),
                project.toString(),
                identity.toString(),
                record.toString(),
                server.fluxy.protocols().toString(),
                minted.response().toString()));

    assertThat(minted.token()).isNotEmpty();
    assertThat(Leaks.secretsIn(shown)).isEmpty();
    assertThat(request).hasToString("GET /rooms");
    assertThat(key).hasToString("fc_00112...");
  }

  @Test
  void aRequestIsOneLineOfALogWhateverItsPath() {
    ApiRequest odd =
        ApiRequest.of(
            "GET\r\nX",
            "/rooms/\u001b[31m\r\n\u2028" + "x".repeat(1_000),
            Map.of(),
            new byte[0],
            "192.0.2.1");

    assertThat(odd.toString()).hasSizeLessThan(150).matches("[ -~]+");
  }

  @Test
  void theLogOfABusyDayHasNoSecretInIt() {
    Client ann = server.connect(token, "lobby");
    server.streams(token, "lobby");
    server.says("ann", "lobby", "hello");
    server.get(token + "x", "/rooms");
    server.knock("/ws/room/nowhere?token=" + token);
    server.call("POST", "/auth/token").key(ChatServer.ACME_KEY + "x").json("{").now();
    ann.says("{'type':'message','content':7}");
    server.time.pass(4_000_000);
    server.fluxy.close();
  }

  @Test
  void theLogOfAFailureHasNoSecretInIt() {
    server.store.close();
    Reply refused = server.call("GET", "/api/messages?roomId=x&token=" + token).broken();
    Reply listed = server.call("GET", "/rooms").token(token).broken();

    assertThat(listed).hasToString("503 {'traceId':'t-1','error':'storage_unavailable'}");
    assertThat(listed.header("Retry-After")).contains("1");
    assertThat(refused).hasToString("503 {'traceId':'t-1','error':'storage_unavailable'}");
  }
}
