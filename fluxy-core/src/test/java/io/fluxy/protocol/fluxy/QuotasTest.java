package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.DataLimits;
import io.fluxy.chat.Role;
import io.fluxy.hook.WebhookSender.Outcome;
import io.fluxy.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a project may use up in a month beside messages, and how often an agent may be asked. */
class QuotasTest {
  private static final long DAY_MS = 24 * 3_600_000L;

  private final List<String> asked = new ArrayList<>();
  private final Store store = Store.inMemory();
  private final ChatServer server = server(0);

  private ChatServer server(long afterMs) {
    ChatServer started =
        ChatServer.setup()
            .store(store)
            .startsAfterMs(afterMs)
            .limits(limits -> limits.data(DataLimits.defaults().withQuotas(2, 3)))
            .with(
                builder ->
                    builder.agents(
                        (invocation, reply) -> {
                          asked.add(invocation.content());
                          reply.append("yes");
                        }))
            .start();
    started.room("lobby", "group", "ann", "bob");
    return started;
  }

  private String boss(ChatServer at) {
    return at.token("boss", Role.OWNER);
  }

  private void agent(String more) {
    String json = "{'name':'Bot','handle':'bot'" + more + "}";
    assertThat(server.post(boss(server), "/agents", json).status()).isEqualTo(200);
  }

  private Reply invoke(ChatServer at) {
    String json = "{'roomId':'lobby','content':'again'}";
    return at.post(at.token("ann"), "/agents/bot/invoke", json);
  }

  private void webhook() {
    String json = "{'url':'https://hooks.example.com/h','eventTypes':['message.created']}";
    assertThat(server.post(boss(server), "/webhooks/register", json).status()).isEqualTo(200);
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void invocationsBeyondTheQuotaAreAnsweredWith402UntilTheMonthIsOver() {
    agent("");
    assertThat(invoke(server).status()).isEqualTo(200);
    server.says("ann", "lobby", "and you, @bot?");
    assertThat(asked).hasSize(2);

    assertThat(invoke(server))
        .hasToString(
            "402 {'traceId':'t-1','error':'quota_exceeded','metric':'agent_invokes','limit':2,"
                + "'used':2,'month':'2026-01','resetsAt':'2026-02-01T00:00:00.000Z',"
                + "'retryAfterSeconds':43199}");
    server.says("ann", "lobby", "please, @bot");
    assertThat(asked).as("a mention is no way around it").hasSize(2);

    server.time.pass(DAY_MS);
    assertThat(invoke(server).status()).isEqualTo(200);
  }

  @Test
  void whatWasUsedUpIsRememberedByTheNextEngine() {
    agent("");
    invoke(server);
    invoke(server);
    ChatServer next = server(60_000);

    assertThat(invoke(next).status()).isEqualTo(402);
    assertThat(next.get(boss(next), "/billing/plan").body())
        .contains(
            "\"usage\":{\"messages_created\":2,\"agent_invokes\":2,\"webhook_deliveries\":0}");
  }

  @Test
  void deliveriesBeyondTheQuotaAreDeadLettersThatCanBeReplayedNextMonth() {
    webhook();
    server.receiver.answers(Outcome.answered(200), Outcome.answered(500));
    server.says("ann", "lobby", "one");
    server.says("ann", "lobby", "two");
    server.time.pass(70_000); // a retry is the same delivery
    server.says("ann", "lobby", "three");
    server.says("ann", "lobby", "four");
    assertThat(server.receiver.posts()).hasSize(4);
    String rows = server.get(boss(server), "/admin/webhooks/deliveries?limit=1").toString();
    assertThat(rows)
        .contains("'status':'failed'", "'last_http_status':null,'last_error':'quota_exceeded'");
    String id = rows.replaceAll(".*'deliveries':\\[\\{'id':'([^']*)'.*", "$1");
    String replay = "/admin/webhooks/deliveries/" + id + "/replay";

    assertThat(server.post(boss(server), replay, "").toString())
        .startsWith(
            "402 {'traceId':'t-1','error':'quota_exceeded','metric':'webhook_deliveries',"
                + "'limit':3,'used':3,'month':'2026-01'");
    server.time.pass(DAY_MS);
    assertThat(server.post(boss(server), replay, "").status()).isEqualTo(200);
    assertThat(server.receiver.posts()).hasSize(5);
  }

  @Test
  void anAgentIsAskedAsOftenAsItsOperatorsLetItOnWhateverPath() {
    ChatServer free =
        ChatServer.setup()
            .with(
                builder ->
                    builder.agents(
                        (invocation, reply) -> {
                          asked.add(invocation.content());
                          reply.append("yes");
                        }))
            .start();
    free.room("lobby", "group", "ann", "bob");
    free.post(boss(free), "/agents", "{'name':'Bot','handle':'bot','rateLimitRpm':2}");
    assertThat(invoke(free).status()).isEqualTo(200);
    Client bob = free.joins("bob", "lobby");
    bob.says("{'type':'message','content':'@bot?'}");
    bob.leaves();
    free.joins("bob", "lobby").says("{'type':'message','content':'@bot!'}");

    assertThat(asked).containsExactly("again", "@bot?");
    assertThat(invoke(free).status()).isEqualTo(429);
    free.time.pass(60_000);
    assertThat(invoke(free).status()).isEqualTo(200);
  }

  @Test
  void aRateThatIsNoNumberIsRefused() {
    for (String rate : List.of("0", "-1", "'many'", "1.5")) {
      String json = "{'name':'Bot','handle':'bot','rateLimitRpm':" + rate + "}";
      assertThat(server.post(boss(server), "/agents", json))
          .hasToString(
              "400 {'traceId':'t-1','error':'rateLimitRpm must be a whole number from 1'}");
    }
  }
}
