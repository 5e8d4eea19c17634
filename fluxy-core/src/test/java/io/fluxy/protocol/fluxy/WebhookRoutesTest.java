package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import io.fluxy.hook.Signature;
import io.fluxy.hook.WebhookSender.Outcome;
import io.fluxy.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Contract 6: who may register what, what receivers get, and what operators see of it. */
class WebhookRoutesTest {
  private static final String HOOKS = "https://hooks.example.com/h";

  private final ChatServer server = ChatServer.withLobby();
  private final String owner = server.token("boss", Role.OWNER);

  private String register(String json) {
    Reply reply = server.post(owner, "/webhooks/register", json);
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    return String.valueOf(((Map<?, ?>) reply.get("webhook")).get("id"));
  }

  private String registerMessages() {
    return register("{'url':'" + HOOKS + "','eventTypes':['message.created'],'secret':'whsec_1'}");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void theCatalogueIsPublic() {
    assertThat(server.get(null, "/webhooks/event-types"))
        .hasToString(
            "200 {'events':['message.created','mention','report.created','moderation.auto_flag',"
                + "'room.occupied','room.vacated','member_joined','member_left',"
                + "'subscription_count','client_event','cache_miss','user.event'],"
                + "'retryScheduleMs':[60000,300000,1800000,3600000],"
                + "'maxAttemptsEnv':'WEBHOOK_MAX_ATTEMPTS','signatureHeader':'X-Fluxy-Signature'}");
  }

  @Test
  void aMessageReachesItsReceiverWithTheBodyAndHeadersOfTheContract() {
    String id = registerMessages();
    server.says("ann", "lobby", "hello");

    assertThat(server.receiver.posts()).hasSize(1);
    var post = server.receiver.posts().get(0);
    assertThat(post.url()).isEqualTo(HOOKS);
    assertThat(post.body().replace('"', '\''))
        .isEqualTo(
            "{'type':'message.created','projectId':'acme','payload':{'message':{'id':134217731,"
                + "'roomId':'lobby','senderId':'ann','content':'hello',"
                + "'createdAt':'2026-01-31T12:00:01.000Z','attachments':[]}},"
                + "'createdAt':'2026-01-31T12:00:01.000Z'}");
    byte[] body = post.body().getBytes(StandardCharsets.UTF_8);
    assertThat(new TreeMap<>(post.headers()))
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "Content-Type", "application/json",
                    "X-Fluxy-Event", "message.created",
                    "X-Fluxy-Project-Id", "acme",
                    "X-Fluxy-Delivery-Id", post.id(),
                    "X-Fluxy-Signature", "sha256=" + Signature.of("whsec_1", body))));
    assertThat(id).hasSize(36);
  }

  @Test
  void aMessageOverASocketIsToldLikeOneOverHttp() {
    registerMessages();
    server.joins("bob", "lobby").says("{'type':'message','content':'by socket'}");

    assertThat(server.receiver.bodies().toString()).contains("'content':'by socket'");
  }

  @Test
  void aMentionIsToldToWhoWantsToHearOfIt() {
    register("{'url':'" + HOOKS + "','eventTypes':['mention']}");
    server.says("ann", "lobby", "you there, @bob?");
    server.says("ann", "lobby", "nobody");

    assertThat(server.receiver.posts().get(0).headers()).doesNotContainKey("X-Fluxy-Signature");
    assertThat(server.receiver.bodies())
        .containsExactly(
            "{'type':'mention','projectId':'acme','payload':{'roomId':'lobby','fromUserId':'ann',"
                + "'toUserIds':['bob'],'messageId':134217731,"
                + "'createdAt':'2026-01-31T12:00:01.000Z'},"
                + "'createdAt':'2026-01-31T12:00:01.000Z'}");
  }

  @Test
  void aWhisperIsToldToNobodyElse() {
    registerMessages();
    Reply sent =
        server.post(
            server.token("ann"),
            "/messages",
            "{'roomId':'lobby','content':'psst','visibility':'whisper','visibleTo':['bob']}");

    assertThat(sent.status()).as("%s", sent).isEqualTo(200);
    assertThat(server.receiver.posts()).isEmpty();
  }

  @Test
  void anotherProjectsWebhooksHearNothing() {
    String eve = server.token("globex", "eve", 3_600, Role.OWNER);
    server.post(
        eve, "/webhooks/register", "{'url':'" + HOOKS + "','eventTypes':['message.created']}");
    server.says("ann", "lobby", "hello");

    assertThat(server.receiver.posts()).isEmpty();
    assertThat(server.get(eve, "/admin/webhooks/deliveries")).hasToString("200 {'deliveries':[]}");
  }

  @Test
  void aProjectWithoutWebhooksIsNotEvenLookedAt() {
    String eve = server.token("globex", "eve", 3_600, Role.OWNER);
    server.post(
        eve, "/webhooks/register", "{'url':'" + HOOKS + "','eventTypes':['message.created']}");
    long before = server.fluxy.webhookTurns();
    for (int i = 0; i < 10; i++) {
      server.says("ann", "lobby", "m" + i);
    }

    assertThat(server.fluxy.webhookTurns()).isEqualTo(before);
    registerMessages();
    server.says("ann", "lobby", "m");
    assertThat(server.fluxy.webhookTurns()).isEqualTo(before + 1);
  }

  @Test
  void aFailedDeliveryIsTriedAgainOnScheduleUnderTheSameIdAndThenGivenUp() {
    registerMessages();
    server.receiver.answers(
        Outcome.answered(500),
        Outcome.failed("timeout"),
        Outcome.answered(404),
        Outcome.answered(302),
        Outcome.answered(503));
    server.says("ann", "lobby", "hello");
    int[] waits = {60, 300, 1_800, 3_600};
    for (int i = 0; i < waits.length; i++) {
      assertThat(server.receiver.posts()).hasSize(i + 1);
      server.time.pass(waits[i] * 1_000L - 30_000);
      assertThat(server.receiver.posts()).as("before its time").hasSize(i + 1);
      server.time.pass(36_000);
    }
    assertThat(server.receiver.posts()).hasSize(5);
    assertThat(server.receiver.posts().stream().map(p -> p.id()).distinct()).hasSize(1);
    server.time.pass(24 * 3_600_000L);
    assertThat(server.receiver.posts()).hasSize(5);

    String fresh = server.token("boss", Role.OWNER);
    assertThat(server.get(fresh, "/admin/webhooks/deliveries").body())
        .contains(
            "\"status\":\"failed\",\"attempt_count\":5",
            "\"last_http_status\":503,\"last_error\":\"http_503\",\"delivered_at\":null");
    assertThat(server.get(fresh, "/admin/webhooks/summary").body())
        .contains("\"consecutiveFailures\":1");
  }

  @Test
  void laterMessagesOfTheRoomWaitForAFailedOneAndOtherRoomsDoNot() {
    server.room("attic", "group", "ann");
    registerMessages();
    server.receiver.answers(Outcome.answered(500));
    server.says("ann", "lobby", "one");
    server.says("ann", "lobby", "two");
    server.says("ann", "attic", "elsewhere");

    assertThat(contents()).containsExactly("one", "elsewhere");
    server.time.pass(70_000);
    assertThat(contents()).containsExactly("one", "two");
  }

  private List<String> contents() {
    return server.receiver.bodies().stream()
        .map(body -> body.replaceAll(".*'content':'([^']*)'.*", "$1"))
        .toList();
  }

  @Test
  void oneDeliveryAtATimeIsMadeToAReceiver() {
    server.room("attic", "group", "ann");
    registerMessages();
    server.receiver.thinks();
    for (int i = 0; i < 5; i++) {
      server.says("ann", i % 2 == 0 ? "lobby" : "attic", "m" + i);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(server.receiver.posts()).hasSize(i + 1);
      server.receiver.answersNow();
      server.time.settle();
    }

    assertThat(server.receiver.posts()).hasSize(5);
    assertThat(server.receiver.mostUnderWay()).isEqualTo(1);
  }

  @Test
  void aReceiverThatNeverAnswersIsTriedAgainAndDelaysNoMessage() {
    registerMessages();
    server.receiver.thinks();
    Client bob = server.joins("bob", "lobby");
    server.says("ann", "lobby", "one");
    assertThat(bob.hears("message")).hasSize(1);

    server.time.pass(15_000);
    assertThat(server.get(owner, "/admin/webhooks/deliveries").body())
        .contains("\"last_error\":\"timeout\"");
    server.time.pass(70_000);
    assertThat(server.receiver.posts()).hasSize(2);
  }

  @Test
  void aDeliveryIsReplayedUnderTheSameId() {
    registerMessages();
    server.says("ann", "lobby", "hello");
    String id = server.receiver.posts().get(0).id();

    assertThat(server.post(owner, "/admin/webhooks/deliveries/" + id + "/replay", ""))
        .hasToString(
            "200 {'ok':true,'deliveryId':'"
                + id
                + "','replayScheduledAt':'2026-01-31T12:00:01.000Z'}");
    assertThat(server.receiver.posts()).hasSize(2);
    assertThat(server.receiver.posts().get(1)).isEqualTo(server.receiver.posts().get(0));
    assertThat(server.post(owner, "/admin/webhooks/deliveries/nope/replay", ""))
        .hasToString("404 {'traceId':'t-1','error':'delivery not found'}");
  }

  @Test
  void textThatWasDeletedLeavesTheHouseNoMore() {
    registerMessages();
    server.receiver.answers(Outcome.answered(500));
    long id = server.says("ann", "lobby", "my password").messageId();
    server.receiver.bodies();
    server.delete(server.token("ann"), "/messages/" + id);
    server.time.pass(70_000);

    assertThat(contents()).containsExactly("");
  }

  @Test
  void whatWasToBeToldIsToldByTheNextEngineOnTheSameStore() {
    Store kept = Store.inMemory();
    ChatServer first = ChatServer.setup().store(kept).start();
    first.room("lobby", "group", "ann");
    first.post(
        first.token("boss", Role.OWNER),
        "/webhooks/register",
        "{'url':'" + HOOKS + "','eventTypes':['message.created']}");
    first.receiver.thinks();
    first.says("ann", "lobby", "before the crash");
    String id = first.receiver.posts().get(0).id();

    ChatServer second = ChatServer.setup().store(kept).startsAfterMs(2_000).start();
    second.time.pass(20_000);
    assertThat(second.receiver.posts()).as("the lease of the first").isEmpty();
    second.time.pass(20_000);

    assertThat(second.receiver.posts()).hasSize(1);
    assertThat(second.receiver.posts().get(0).id()).isEqualTo(id);
  }

  @Test
  void aWebhookRegisteredByAnotherEngineIsKnownAfterFiveSeconds() {
    Store kept = Store.inMemory();
    ChatServer first = ChatServer.setup().store(kept).start();
    first.room("lobby", "group", "ann");
    ChatServer second = ChatServer.setup().store(kept).start();
    first.post(
        first.token("boss", Role.OWNER),
        "/webhooks/register",
        "{'url':'" + HOOKS + "','eventTypes':['message.created']}");
    second.time.pass(5_000);
    second.says("ann", "lobby", "hello");

    assertThat(second.receiver.posts()).hasSize(1);
  }

  @Test
  void registeringIsRefusedForWhatIsNoGood() {
    String post = "/webhooks/register";
    assertThat(server.post(owner, post, "{'url':'" + HOOKS + "'}"))
        .hasToString("400 {'traceId':'t-1','error':'url and eventTypes[] required'}");
    assertThat(
            server.post(
                owner, post, "{'url':'http://127.0.0.1:9/h','eventTypes':['message.created']}"))
        .hasToString("400 {'traceId':'t-1','error':'ssrf_blocked'}");
    assertThat(server.post(owner, post, "{'url':'" + HOOKS + "','eventTypes':['zzz',7]}"))
        .hasToString(
            "400 {'traceId':'t-1','error':'unknown_event_types','unknown':['zzz','7'],"
                + "'catalog':'GET /webhooks/event-types'}");
    assertThat(
            server
                .post(owner, post, "{'url':'" + HOOKS + "','eventTypes':['mention'],'secret':''}")
                .status())
        .isEqualTo(400);
    for (int i = 0; i < 20; i++) {
      registerMessages();
    }
    assertThat(
            server.post(owner, post, "{'url':'" + HOOKS + "','eventTypes':['mention']}").toString())
        .isEqualTo("409 {'traceId':'t-1','error':'limit_reached: 20 webhooks'}");
  }

  /** A deviation: the worker lets any member register one. */
  @Test
  void aMemberMayNotRegisterAndATokenForOneRoomSteersNothing() {
    String json = "{'url':'" + HOOKS + "','eventTypes':['message.created']}";
    assertThat(server.post(server.token("ann"), "/webhooks/register", json).status())
        .isEqualTo(403);
    String narrow = Jwt.acme().claim("roles", "['owner']").claim("roomId", "'lobby'").sign();
    assertThat(server.post(narrow, "/webhooks/register", json).status()).isEqualTo(403);
  }

  @Test
  void aWebhookIsChangedListedAndTakenOut() {
    Reply made =
        server.post(
            owner, "/webhooks/register", "{'url':'" + HOOKS + "','eventTypes':['mention']}");
    String id = String.valueOf(((Map<?, ?>) made.get("webhook")).get("id"));
    assertThat(made)
        .hasToString(
            "200 {'webhook':{'id':'"
                + id
                + "','projectId':'acme','url':'https://hooks.example.com/h','secretSet':false,"
                + "'warning':'The secret is shown only once. Store it securely.'}}");
    assertThat(
            server.patch(
                owner,
                "/webhooks/" + id,
                "{'eventTypes':['message.created','mention'],'secret':'topsecret'}"))
        .hasToString("200 {'ok':true}");
    Reply listed = server.get(owner, "/admin/webhooks");
    assertThat(listed)
        .hasToString(
            "200 {'webhooks':[{'id':'"
                + id
                + "','project_id':'acme','url':'https://hooks.example.com/h',"
                + "'event_types':'message.created,mention',"
                + "'created_at':'2026-01-31T12:00:01.000Z'}]}");
    assertThat(server.get(owner, "/admin/webhooks/summary").toString())
        .isEqualTo(
            "200 {'webhooks':[{'webhookId':'"
                + id
                + "','url':'https://hooks.example.com/h','eventTypes':'message.created,mention',"
                + "'webhookCreatedAt':'2026-01-31T12:00:01.000Z','lastDelivery':null,"
                + "'consecutiveFailures':0}]}");
    assertThat(server.patch(owner, "/webhooks/" + id, "{'eventTypes':['zz']}").status())
        .isEqualTo(400);
    assertThat(server.patch(owner, "/webhooks/" + id, "{}").status()).isEqualTo(400);
    assertThat(server.delete(owner, "/webhooks/" + id)).hasToString("200 {'ok':true}");
    assertThat(server.delete(owner, "/webhooks/" + id))
        .hasToString("404 {'traceId':'t-1','error':'webhook not found'}");
    server.says("ann", "lobby", "hello");
    assertThat(server.receiver.posts()).isEmpty();
  }

  @Test
  void signaturesAreVerified() {
    String id = registerMessages();
    String right = Signature.of("whsec_1", "{}".getBytes(StandardCharsets.UTF_8));
    String json = "{'webhookId':'" + id + "','payload':'{}','signature':'%s'}";

    assertThat(server.post(owner, "/webhooks/verify", json.formatted("sha256=" + right)))
        .hasToString("200 {'valid':true}");
    assertThat(server.post(owner, "/webhooks/verify", json.formatted(right.replace('a', 'b'))))
        .hasToString("200 {'valid':false}");
    String raw = "{'secret':'whsec_1','body':'{}','signature':'" + right + "'}";
    assertThat(server.post(owner, "/webhooks/verify-batch", raw))
        .hasToString("200 {'valid':true,'mode':'raw_body'}");
    String batch =
        "{'secret':'whsec_1','events':[{'body':'{}','signature':'"
            + right
            + "'},{'body':'x','signature':'"
            + right
            + "'}]}";
    assertThat(server.post(owner, "/webhooks/verify-batch", batch))
        .hasToString(
            "200 {'valid':false,'mode':'batch','results':[{'index':0,'valid':true},"
                + "{'index':1,'valid':false}]}");
  }
}
