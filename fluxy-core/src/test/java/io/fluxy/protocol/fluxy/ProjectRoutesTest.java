package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.Project;
import io.fluxy.chat.Role;
import io.fluxy.store.Store;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Projects, plans, keys and secrets (contract 4 and 8), and who may have which of them. */
class ProjectRoutesTest {
  private final ChatServer server =
      ChatServer.setup()
          .with(builder -> builder.project(Project.named("house")).platform("house"))
          .start();
  private final String boss = server.token("boss", Role.OWNER);
  private final String house = server.token("house", "keeper", 3_600, Role.OWNER);

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void anOwnerSeesTheirOwnProjectAndTheHouseSeesAll() {
    assertThat(server.get(boss, "/admin/projects"))
        .hasToString(
            "200 {'projects':[{'id':'acme','name':'Acme','created_at':'2026-01-31T12:00:00.000Z',"
                + "'plan':null}]}");
    assertThat(server.get(house, "/admin/projects").body()).contains("acme", "globex", "house");
  }

  @Test
  void theHouseMakesAProjectWhoseKeyWorksAndIsShownOnce() {
    Reply made = server.post(house, "/admin/projects", "{'name':'Tenant B'}");
    Map<?, ?> project = (Map<?, ?>) made.get("project");
    String id = String.valueOf(project.get("id"));
    String key = Leaks.secret(String.valueOf(project.get("apiKey")));
    assertThat(made)
        .hasToString(
            "200 {'project':{'id':'"
                + id
                + "','name':'Tenant B','created_at':'2026-01-31T12:00:00.000Z','apiKey':'"
                + Leaks.shown(key)
                + "','plan':{'projectId':'"
                + id
                + "','planName':'free','billingStatus':'manual','stripeCustomerId':null,"
                + "'stripeSubscriptionId':null,'messageLimitMonthly':200000,"
                + "'agentInvokeLimitMonthly':5000,'webhookDeliveryLimitMonthly':50000,"
                + "'manuallyOverridden':false,'pricingVersion':'v1',"
                + "'createdAt':'2026-01-31T12:00:00.000Z',"
                + "'updatedAt':'2026-01-31T12:00:00.000Z'}}}");
    assertThat(mint(key)).isEqualTo(200);
    assertThat(server.get(house, "/admin/projects").body()).doesNotContain(key);
    assertThat(server.post(boss, "/admin/projects", "{'name':'x'}").status()).isEqualTo(403);
    assertThat(server.post(house, "/admin/projects", "{'name':' '}").status()).isEqualTo(400);
  }

  private int mint(String key) {
    return server.call("POST", "/auth/token").key(key).json("{'userId':'u'}").now().status();
  }

  @Test
  void anotherProjectIsMissingWhateverIsAskedOfIt() {
    for (String what : new String[] {"/plan", "/keys/rotate", "/keys/revoke", "/secret/rotate"}) {
      assertThat(server.post(boss, "/admin/projects/globex" + what, "{}").toString())
          .isEqualTo(server.post(boss, "/admin/projects/nowhere" + what, "{}").toString())
          .isEqualTo("404 {'traceId':'t-1','error':'project not found'}");
    }
    assertThat(server.patch(boss, "/admin/projects/globex", "{'name':'mine'}").status())
        .isEqualTo(404);
    assertThat(server.patch(house, "/admin/projects/globex", "{'name':'Globex 2'}").body())
        .contains("\"name\":\"Globex 2\"");
    assertThat(server.patch(boss, "/admin/projects/acme", "{'name':'Acme 2'}").status())
        .isEqualTo(200);
  }

  @Test
  void aKeyIsRotatedWithAnOverlapAndRevokedAtOnce() {
    Reply rotated = server.post(boss, "/admin/projects/acme/keys/rotate", "{'overlapSeconds':60}");
    Map<?, ?> key = (Map<?, ?>) rotated.get("key");
    String fresh = Leaks.secret(String.valueOf(key.get("apiKey")));
    assertThat(key.get("keyPrefix")).isEqualTo(fresh.substring(0, 8));
    assertThat(key.get("previousValidUntil")).isEqualTo("2026-01-31T12:01:00.000Z");
    assertThat(mint(fresh)).isEqualTo(200);
    assertThat(mint(ChatServer.ACME_KEY)).isEqualTo(200);
    server.time.pass(60_000);
    assertThat(mint(ChatServer.ACME_KEY)).isEqualTo(401);
    assertThat(mint(fresh)).isEqualTo(200);

    String revoke = "{'keyPrefix':'" + fresh.substring(0, 8) + "'}";
    assertThat(server.post(boss, "/admin/projects/acme/keys/revoke", revoke))
        .hasToString("200 {'ok':true}");
    assertThat(mint(fresh)).isEqualTo(401);
    assertThat(server.post(boss, "/admin/projects/acme/keys/revoke", revoke).status())
        .isEqualTo(404);
  }

  @Test
  void aSecretIsRotatedAndOldTokensAreGoodForAWhile() {
    String old = server.token("ann");
    Reply rotated =
        server.post(boss, "/admin/projects/acme/secret/rotate", "{'overlapSeconds':60}");
    Leaks.secret(String.valueOf(((Map<?, ?>) rotated.get("secret")).get("jwtSecret")));
    String fresh = server.token("ann");

    assertThat(server.get(old, "/rooms").status()).isEqualTo(200);
    assertThat(server.get(fresh, "/rooms").status()).isEqualTo(200);
    server.time.pass(60_000);
    assertThat(server.get(old, "/rooms").status()).isEqualTo(401);
    assertThat(server.get(fresh, "/rooms").status()).isEqualTo(200);
  }

  @Test
  void whatAnotherEngineHasTakenBackIsNoGoodHereAfterTenSeconds() {
    Store kept = Store.inMemory();
    ChatServer first = ChatServer.setup().store(kept).start();
    ChatServer second = ChatServer.setup().store(kept).start();
    String token = second.token("ann");
    assertThat(second.get(token, "/rooms").status()).isEqualTo(200);
    Reply rotated =
        first.post(
            first.token("boss", Role.OWNER),
            "/admin/projects/acme/secret/rotate",
            "{'overlapSeconds':0}");
    Leaks.secret(String.valueOf(((Map<?, ?>) rotated.get("secret")).get("jwtSecret")));

    second.time.pass(10_000);
    assertThat(second.get(token, "/rooms").status()).isEqualTo(401);
  }

  @Test
  void aPlansQuotaHolds() {
    Reply made = server.post(house, "/admin/projects", "{'name':'Tenant B'}");
    Map<?, ?> project = (Map<?, ?>) made.get("project");
    Leaks.secret(String.valueOf(project.get("apiKey")));
    String id = String.valueOf(project.get("id"));
    assertThat(server.post(house, "/admin/projects/" + id + "/plan", "{'planName':'pro'}").body())
        .contains("\"planName\":\"pro\"", "\"messageLimitMonthly\":5000000");
    assertThat(
            server.post(house, "/admin/projects/" + id + "/plan", "{'planName':'gold'}").status())
        .isEqualTo(400);
    assertThat(server.post(boss, "/admin/projects/acme/plan", "{'planName':'pro'}").status())
        .isEqualTo(403);
    String owner = server.token(id, "olaf", 3_600, Role.OWNER);
    assertThat(server.get(owner, "/billing/plan").body())
        .contains(
            "\"usage\":{\"messages_created\":0,\"agent_invokes\":0,\"webhook_deliveries\":0},"
                + "\"monthKey\":\"2026-01\",\"paymentsEnabled\":false");
  }

  @Test
  void theHouseIsMadeOnceByWhoKnowsTheSecret() {
    ChatServer fresh =
        ChatServer.setup()
            .with(b -> b.platform("house").bootstrapSecret("a secret of 16 chars"))
            .start();
    assertThat(bootstrap(fresh, "wrong").status()).isEqualTo(403);
    Reply made = bootstrap(fresh, "a secret of 16 chars");
    assertThat(made.status()).isEqualTo(200);
    Map<?, ?> project = (Map<?, ?>) made.get("project");
    Leaks.secret(String.valueOf(project.get("apiKey")));
    assertThat(project.get("id")).isEqualTo("house");
    assertThat(made.get("platformProjectId")).isEqualTo("house");
    assertThat(bootstrap(fresh, "a secret of 16 chars"))
        .hasToString("409 {'traceId':'t-1','error':'bootstrap_disabled'}");
    assertThat(bootstrap(ChatServer.start(), ""))
        .hasToString("409 {'traceId':'t-1','error':'bootstrap_disabled'}");
  }

  private static Reply bootstrap(ChatServer at, String secret) {
    return at.call("POST", "/platform/bootstrap").header("X-Fluxy-Bootstrap-Secret", secret).now();
  }
}
