package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.DataLimits;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Role;
import io.fluxy.hook.WebhookSender.Outcome;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Contract 8: what the console shows of a project is what happened, and null where nobody knows.
 */
class StatsTest {
  private static final String NOTHING =
      "'costBreakdown':{'messageCost':null,'requestCost':null,'webhookFailureCost':null,"
          + "'agentFailureCost':null,'aiCost':null,'estimatedTotalCost':null},'pricing':null,";

  private boolean checksWork = true;
  private final ChatServer server =
      ChatServer.setup()
          .limits(limits -> limits.data(DataLimits.defaults().withQuotas(7, 0)))
          .with(
              builder ->
                  builder
                      .interceptor((who, room, draft) -> checked(draft))
                      .agents(
                          (invocation, reply) -> {
                            reply.usage(11, 5, 0.25);
                            if (invocation.content().equals("fail")) {
                              reply.fail("no");
                            }
                            reply.append("yes");
                          }))
          .start();
  private final String boss = server.token("boss", Role.OWNER);

  StatsTest() {
    server.room("lobby", "group", "ann", "bob"); // a request, at noon
  }

  private CompletableFuture<Draft> checked(Draft draft) {
    return checksWork
        ? CompletableFuture.completedFuture(draft)
        : CompletableFuture.failedFuture(new IllegalStateException("planned"));
  }

  /** The interceptor is broken on purpose, and the log may say so. */
  @AfterEach
  void nothingLeaks() {
    assertThat(Leaks.secretsIn(Leaks.log())).isEmpty();
  }

  private void breaks() {
    checksWork = false;
    assertThat(
            server
                .call("POST", "/messages")
                .token(server.token("ann"))
                .json("{'roomId':'lobby','content':'x'}")
                .broken()
                .status())
        .isEqualTo(503);
    checksWork = true;
  }

  private void agentAnswers(String content) {
    server.post(boss, "/agents", "{'name':'Bot','handle':'bot'}");
    server
        .call("POST", "/agents/bot/invoke")
        .token(server.token("ann"))
        .json("{'roomId':'lobby','content':'" + content + "'}")
        .broken();
  }

  @Test
  void whatHappenedIsCountedByTheMinute() {
    server.says("ann", "lobby", "one");
    server.time.pass(60_000);
    server.says("ann", "lobby", "two");
    server.joins("bob", "lobby").says("{'type':'message','content':'three'}");
    assertThat(server.get(boss, "/stats/ops?minutes=60"))
        .hasToString(
            "200 {'projectId':'acme','windowMinutes':60,"
                + "'totals':{'messages_created':3,'requests_total':4},'points':["
                + "{'metric_name':'messages_created','bucket_minute':'2026-01-31T12:01','metric_value':2},"
                + "{'metric_name':'messages_created','bucket_minute':'2026-01-31T12:00','metric_value':1},"
                + "{'metric_name':'requests_total','bucket_minute':'2026-01-31T12:01','metric_value':2},"
                + "{'metric_name':'requests_total','bucket_minute':'2026-01-31T12:00','metric_value':2}]}");
    assertThat(server.get(boss, "/stats/ops?minutes=1").toString())
        .contains("'totals':{'messages_created':2,'requests_total':3}");
    assertThat(server.get(boss, "/stats/ops?minutes=x"))
        .hasToString("400 {'traceId':'t-1','error':'minutes must be a whole number'}");

    server.time.pass(24 * 3_600_000L);
    String fresh = server.token("boss", Role.OWNER);
    assertThat(server.get(fresh, "/stats/ops?minutes=99999"))
        .as("a day, and no longer")
        .hasToString(
            "200 {'projectId':'acme','windowMinutes':1440,'totals':{'requests_total':1},'points':["
                + "{'metric_name':'requests_total','bucket_minute':'2026-02-01T12:01','metric_value':1}]}");
  }

  @Test
  void anotherProjectsFiguresAreItsOwn() {
    server.says("ann", "lobby", "one");
    String eve = server.token("globex", "eve", 3_600, Role.OWNER);

    assertThat(server.get(eve, "/stats/ops").toString())
        .startsWith("200 {'projectId':'globex','windowMinutes':60,'totals':{'requests_total':1}");
  }

  @Test
  void targetsThatAreMetAndMissed() {
    assertThat(server.get(boss, "/stats/slo"))
        .hasToString(
            "200 {'projectId':'acme','windowMinutes':60,"
                + "'sli':{'requestErrorRate':0.0,'webhookSuccessRate':1.0},"
                + "'sloTargets':{'requestErrorRateMax':0.01,'webhookSuccessRateMin':0.98},"
                + "'sloStatus':{'requestErrorRateMet':true,'webhookSuccessRateMet':true,"
                + "'overallHealthy':true,'healthScore':100},"
                + "'counters':{'requestsTotal':2,'requestsError':0,'webhookDeliveriesTotal':0,"
                + "'webhookDeliveriesDelivered':0,'webhookDeliveriesFailed':0}}");
    assertThat(server.get(boss, "/stats/alerts"))
        .hasToString("200 {'projectId':'acme','openAlerts':0,'alerts':[]}");

    breaks();
    assertThat(server.get(boss, "/stats/slo").toString())
        .contains(
            "'sli':{'requestErrorRate':0.2,",
            "'sloStatus':{'requestErrorRateMet':false,'webhookSuccessRateMet':true,"
                + "'overallHealthy':false,'healthScore':50}");
    assertThat(server.get(boss, "/stats/alerts"))
        .hasToString(
            "200 {'projectId':'acme','openAlerts':1,'alerts':[{'level':'warning',"
                + "'code':'request_error_rate',"
                + "'message':'1 of 6 requests failed in the last hour'}]}");
  }

  @Test
  void whatACallerDoesWrongIsNoErrorOfOurs() {
    server.says("carol", "lobby", "no member");

    assertThat(server.get(boss, "/stats/slo").toString()).contains("'requestsError':0");
  }

  @Test
  void deliveriesAreCountedWhenTheyHaveEnded() {
    server.post(
        boss,
        "/webhooks/register",
        "{'url':'https://hooks.example.com/h','eventTypes':['message.created']}");
    server.says("ann", "lobby", "one");
    for (int i = 0; i < 5; i++) {
      server.receiver.answers(Outcome.answered(500));
    }
    server.says("ann", "lobby", "two");
    assertThat(server.get(boss, "/stats/slo").toString())
        .contains("'webhookDeliveriesTotal':1,'webhookDeliveriesDelivered':1");
    for (int wait : new int[] {70, 310, 1_810, 3_610}) {
      server.time.pass(wait * 1_000L);
    }
    String fresh = server.token("boss", Role.OWNER);

    assertThat(server.get(fresh, "/stats/alerts").toString())
        .contains("'code':'webhook_success_rate'", "1 webhook deliveries were given up");
  }

  @Test
  void whatAgentsUsedIsSummedUpOverAllMonths() {
    assertThat(server.get(boss, "/stats/ai"))
        .hasToString(
            "200 {'projectId':'acme','runs':0,'inputTokens':0,'outputTokens':0,"
                + "'estimatedCost':0.0}");
    agentAnswers("hi");
    agentAnswers("fail");
    server.time.pass(24 * 3_600_000L); // another month
    agentAnswers("hi");
    String fresh = server.token("boss", Role.OWNER);

    assertThat(server.get(fresh, "/stats/ai"))
        .hasToString(
            "200 {'projectId':'acme','runs':3,'inputTokens':33,'outputTokens':15,"
                + "'estimatedCost':0.75}");
  }

  @Test
  void costsAreNotMadeUp() {
    server.says("ann", "lobby", "one");
    agentAnswers("fail");
    assertThat(server.get(boss, "/stats/costs"))
        .hasToString(
            "200 {'projectId':'acme','windowMinutes':1440,'totals':{'totalMessages':1,"
                + "'requestsTotal':5,'requestsError':1,'errorRate':0.2,'webhookFailed':0,"
                + "'agentRunsFailed':1,'aiRuns':1},"
                + NOTHING
                + "'plan':null,'usage':{'monthKey':'2026-01','messagesCreated':1,"
                + "'agentInvokes':1,'webhookDeliveries':0},"
                + "'projected':{'for1kMessages':null,'for100kMessages':null,'for1MMessages':null},"
                + "'assumptions':null,'note':'Counted by this server; no prices are known.'}");
  }

  @Test
  void whatAProjectUsesAndMayUse() {
    server.says("ann", "lobby", "one");
    assertThat(server.get(boss, "/admin/tenant-usage"))
        .hasToString(
            "200 {'ok':true,'usage':{'projectId':'acme','monthKey':'2026-01',"
                + "'plan':{'planName':null,'billingStatus':'manual','messageLimitMonthly':null,"
                + "'agentInvokeLimitMonthly':7,'webhookDeliveryLimitMonthly':null},"
                + "'monthlyUsage':{'messagesCreated':1,'agentInvokes':0,'webhookDeliveries':0},"
                + "'totals':{'messagesAllTime':1,'rooms':1,'mau':null,'attachmentFiles':null,"
                + "'storageBytes':null,'storageGb':null},'opsLast30d':null,'costEstimate':null,"
                + "'updatedAt':'2026-01-31T12:00:01.000Z'}}");
    assertThat(server.get(boss, "/billing/plan"))
        .hasToString(
            "200 {'plan':null,'limits':{'messageLimitMonthly':null,'agentInvokeLimitMonthly':7,"
                + "'webhookDeliveryLimitMonthly':null},'usage':{'messages_created':1,"
                + "'agent_invokes':0,'webhook_deliveries':0},'monthKey':'2026-01',"
                + "'paymentsEnabled':false}");
  }

  @Test
  void howFarAProjectHasCome() {
    assertThat(server.get(boss, "/stats/launch-kpis"))
        .hasToString(
            "200 {'projectId':'acme','generatedAt':'2026-01-31T12:00:01.000Z','activation':{"
                + "'completedOnboardingSteps':4,'totalOnboardingSteps':6,"
                + "'activationRate':0.6666666666666666,'checks':{'projectCreated':true,"
                + "'apiKeyActive':true,'jwtSecretConfigured':true,'firstRoomCreated':true,"
                + "'firstMessageSent':false,'firstAgentInvoke':false}},"
                + "'retention':{'activeDaysLast7':null,'activeDaysPrev7':null,"
                + "'retainedDevelopers':null,'trend':null},"
                + "'conversion':{'monthlyMessages':0,'monthlyAgentInvokes':0,"
                + "'freeMessagesQuota':200000,'estimatedMonthlyRevenue':null,"
                + "'convertedToPaid':false}}");
    agentAnswers("hi");
    assertThat(server.get(boss, "/stats/launch-kpis").toString())
        .contains("'completedOnboardingSteps':6,", "'activationRate':1.0,");
  }

  @Test
  void aRoomsMessagesAndAuthors() {
    server.says("ann", "lobby", "one");
    long two = server.says("ann", "lobby", "two").messageId();
    server.says("bob", "lobby", "three");
    server.delete(server.token("ann"), "/messages/" + two);
    assertThat(server.get(boss, "/stats/rooms/lobby"))
        .hasToString("200 {'roomId':'lobby','messageCount':2,'activeUsers':2}");

    assertThat(server.get(boss, "/stats/rooms/attic"))
        .hasToString("404 {'traceId':'t-1','error':'room not found'}");
    String eve = server.token("globex", "eve", 3_600, Role.OWNER);
    assertThat(server.get(eve, "/stats/rooms/lobby"))
        .hasToString("404 {'traceId':'t-1','error':'room not found'}");
  }

  @Test
  void anOperatorGetsTokensForMembersAndGuestsOnly() {
    Reply minted = server.post(boss, "/admin/member-token", "{'userId':'zed','ttlSeconds':60}");
    String token = Leaks.secret(String.valueOf(minted.get("token")));
    assertThat(minted.toString())
        .endsWith("'expiresIn':60,'claims':{'sub':'zed','tid':'acme','roles':['member']}}");
    assertThat(server.get(token, "/rooms").status()).isEqualTo(200);
    for (String role : new String[] {"owner", "admin", "moderator", "bot"}) {
      assertThat(
              server.post(boss, "/admin/member-token", "{'userId':'zed','roles':['" + role + "']}"))
          .hasToString(
              "403 {'traceId':'t-1','error':'cannot mint elevated roles via this endpoint'}");
    }
    assertThat(server.get(boss, "/admin/audit/events").toString())
        .contains("'action':'admin.member_token','target_type':'user','target_id':'zed'");
  }
}
