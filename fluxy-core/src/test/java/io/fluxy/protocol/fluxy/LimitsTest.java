package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rates and quotas, the same on both paths: contract 2.5 and 8. */
class LimitsTest {
  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private static ChatServer server(int perMinute, long perMonth) {
    ChatServer server =
        ChatServer.setup()
            .limits(limits -> limits.messagesPerMinute(perMinute).messagesPerMonth(perMonth))
            .start();
    server.room("lobby", "group", "ann", "bob");
    return server;
  }

  @Test
  void restAndSocketShareOneRate() {
    ChatServer server = server(4, 0);
    Client ann = server.joins("ann", "lobby");
    Client bob = server.joins("bob", "lobby");
    for (int i = 0; i < 2; i++) {
      assertThat(server.says("ann", "lobby", "rest").status()).isEqualTo(200);
      ann.says("{'type':'message','content':'socket'}");
    }
    bob.hears();
    ann.hears();
    server.time.pass(19_000);
    ann.hears();
    Reply refused = server.says("ann", "lobby", "too much");
    ann.says("{'type':'message','content':'too much','clientMessageId':'cmsg_0000-1'}");

    assertThat(refused)
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':40}");
    assertThat(refused.header("Retry-After")).contains("40");
    assertThat(ann.hears())
        .containsExactly(
            "{'type':'error','message':'rate_limit_exceeded: retry in 40s',"
                + "'details':{'retryAfterSeconds':40},'clientMessageId':'cmsg_0000-1'}");
    assertThat(bob.hears()).isEmpty();
    server.time.pass(40_000);
    ann.says("{'type':'message','content':'in time','clientMessageId':'cmsg_0000-1'}");
    assertThat(bob.last()).contains("in time");
  }

  @Test
  void theRateIsOfOneUserInOneRoom() {
    ChatServer server = server(1, 0);
    server.room("other", "group", "bob", "ann");
    assertThat(server.says("ann", "lobby", "x").status()).isEqualTo(200);

    assertThat(server.says("ann", "lobby", "x").status()).isEqualTo(429);
    assertThat(server.says("bob", "lobby", "x").status()).isEqualTo(200);
    assertThat(server.says("ann", "other", "x").status()).isEqualTo(200);
  }

  @Test
  void makingRoomsHasARateToo() {
    ChatServer server = server(2, 0);
    String json = "{'name':'x','type':'group'}";
    assertThat(server.post(server.token("ann"), "/rooms", json).status()).isEqualTo(200);

    assertThat(server.post(server.token("ann"), "/rooms", json))
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':59}");
    assertThat(server.post(server.token("bob"), "/rooms", json).status()).isEqualTo(200);
  }

  @Test
  void aNewConnectionAndASpoofedUserIdDoNotHelp() {
    ChatServer server = server(1, 0);
    Client first = server.joins("ann", "lobby");
    first.says("{'type':'message','content':'one'}");
    first.leaves();
    Client second = server.joins("ann", "lobby");
    second.says("{'type':'message','userId':'someone-else','content':'two'}");

    assertThat(second.last()).startsWith("{'type':'error','message':'rate_limit_exceeded");
  }

  @Test
  void otherCommandsHaveARateOfTheirOwn() {
    ChatServer server =
        ChatServer.setup()
            .limits(limits -> limits.messagesPerMinute(100).commandsPerMinute(3))
            .start();
    server.room("lobby", "group", "ann", "bob");
    long id = server.says("ann", "lobby", "x").messageId();
    Client ann = server.joins("ann", "lobby");
    for (int i = 0; i < 3; i++) {
      ann.says("{'type':'typing','isTyping':true}");
    }
    ann.hears();
    ann.says("{'type':'typing','isTyping':true}");

    assertThat(ann.hears())
        .containsExactly(
            "{'type':'error','message':'rate_limit_exceeded: retry in 59s',"
                + "'details':{'retryAfterSeconds':59}}");
    assertThat(server.patch(server.token("ann"), "/messages/" + id, "{'content':'y'}").status())
        .isEqualTo(429);
    assertThat(server.says("ann", "lobby", "x").status()).isEqualTo(200);
    ann.hears();
    assertThat(ann.says("{'type':'ping'}").last()).startsWith("{'type':'pong'");
  }

  @Test
  void aMonthsQuotaIsToldWithAllItsNumbersOnBothPaths() {
    ChatServer server = server(100, 2);
    Client ann = server.joins("ann", "lobby");
    assertThat(server.says("ann", "lobby", "one").status()).isEqualTo(200);
    ann.says("{'type':'message','content':'two'}");
    ann.hears();
    Reply refused = server.says("bob", "lobby", "three");
    ann.says("{'type':'message','content':'three','clientMessageId':'cmsg_0000-1'}");
    String numbers =
        "'metric':'messages','limit':2,'used':2,'month':'2026-01',"
            + "'resetsAt':'2026-02-01T00:00:00.000Z','retryAfterSeconds':43199";

    assertThat(refused)
        .hasToString("402 {'traceId':'t-1','error':'quota_exceeded'," + numbers + "}");
    assertThat(refused.header("Retry-After")).contains("43199");
    assertThat(ann.hears())
        .containsExactly(
            "{'type':'error','message':'quota_exceeded','details':{"
                + numbers
                + "},'clientMessageId':'cmsg_0000-1'}");
  }

  @Test
  void aNewMonthIsANewQuotaAndOneProjectsQuotaIsNotAnothers() {
    ChatServer server = server(100, 1);
    server.says("ann", "lobby", "one");
    assertThat(server.says("ann", "lobby", "two").status()).isEqualTo(402);

    String eve = server.token("globex", "eve", 3_600);
    server.post(eve, "/rooms", "{'id':'lobby','name':'x','type':'group'}");
    assertThat(server.post(eve, "/messages", "{'roomId':'lobby','content':'x'}").status())
        .isEqualTo(200);
    server.time.clock("2026-02-01T00:00:00Z");
    assertThat(server.says("ann", "lobby", "two").status()).isEqualTo(200);
  }

  @Test
  void aQuotaIsRememberedAcrossARestart() {
    ChatServer server = server(100, 2);
    server.says("ann", "lobby", "one");
    server.says("ann", "lobby", "two");
    ChatServer next =
        ChatServer.setup()
            .store(server.store)
            .limits(limits -> limits.messagesPerMonth(2))
            .startsAfterMs(60_000)
            .start();

    assertThat(next.says("ann", "lobby", "three").toString()).contains("'limit':2,'used':2,");
  }

  @Test
  void aRepeatedSendUsesUpNoQuota() {
    ChatServer server = server(100, 3);
    String json = "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}";
    for (int i = 0; i < 5; i++) {
      assertThat(server.post(server.token("ann"), "/messages", json).status()).isEqualTo(200);
    }
    server.says("ann", "lobby", "two");
    server.says("ann", "lobby", "three");

    assertThat(server.says("ann", "lobby", "four").toString()).contains("'limit':3,'used':3,");
  }

  @Test
  void whatWasSentIsAnsweredAgainWhenTheQuotaIsUsedUp() {
    ChatServer server = server(100, 1);
    String json = "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}";
    Reply first = server.post(server.token("ann"), "/messages", json);
    assertThat(first.status()).isEqualTo(200);
    Client ann = server.joins("ann", "lobby");

    Reply again = server.post(server.token("ann"), "/messages", json);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.messageId()).isEqualTo(first.messageId());
    ann.says("{'type':'message','content':'once','clientMessageId':'cmsg_0000-1'}");
    assertThat(ann.hears("message"))
        .hasSize(1)
        .allMatch(frame -> frame.contains("'content':'once'"));
    assertThat(server.post(server.token("ann"), "/messages", json.replace("-1", "-2")).status())
        .isEqualTo(402);
    ann.says("{'type':'message','content':'new','clientMessageId':'cmsg_0000-3'}");
    assertThat(ann.last())
        .startsWith("{'type':'error','message':'quota_exceeded'")
        .endsWith(",'clientMessageId':'cmsg_0000-3'}");
    assertThat(server.post(server.token("carol"), "/messages", json).status()).isEqualTo(403);
  }

  @Test
  void whatWasSentLongAgoIsAnsweredAgainToo() {
    ChatServer server = server(100, 2);
    String json = "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}";
    long first = server.post(server.token("ann"), "/messages", json).messageId();
    server.says("ann", "lobby", "two");
    ChatServer next = // it remembers one message, and not this one
        ChatServer.setup()
            .store(server.store)
            .limits(limits -> limits.messagesPerMonth(2).recentMessagesMax(1))
            .startsAfterMs(60_000)
            .start();

    Reply again = next.post(next.token("ann"), "/messages", json);
    assertThat(again.status()).as("%s", again).isEqualTo(200);
    assertThat(again.messageId()).isEqualTo(first);
    assertThat(next.post(next.token("ann"), "/messages", json.replace("-1", "-2")).status())
        .isEqualTo(402);
    assertThat(next.post(next.token("bob"), "/messages", json).status()).isEqualTo(402);
  }

  @Test
  void whatIsRefusedUsesUpNoQuota() {
    ChatServer server = server(100, 1);
    assertThat(server.says("ann", "lobby", " ").status()).isEqualTo(400);
    assertThat(server.says("carol", "lobby", "x").status()).isEqualTo(403);

    assertThat(server.says("ann", "lobby", "one").status()).isEqualTo(200);
  }
}
