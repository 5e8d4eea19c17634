package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.store.Store;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Contract 6: what a receiver is told that is no message, and when a message is one. */
class WebhookEventsTest {
  private static final String ALL =
      "'message.created','mention','report.created','moderation.auto_flag','room.occupied',"
          + "'room.vacated','member_joined','member_left','subscription_count','client_event',"
          + "'cache_miss','user.event'";

  private final ChatServer server = server(ChatServer.setup());

  private static ChatServer server(ChatServer.Setup setup) {
    ChatServer server = setup.start();
    server.room("lobby", "group", "ann", "bob");
    register(server, ALL);
    return server;
  }

  private static void register(ChatServer server, String types) {
    String json = "{'url':'https://hooks.example.com/h','eventTypes':[" + types + "]}";
    Reply made = server.post(server.token("boss", Role.OWNER), "/webhooks/register", json);
    assertThat(made.status()).as("%s", made).isEqualTo(200);
  }

  private List<String> told() {
    server.time.settle();
    return server.receiver.bodies();
  }

  private List<String> told(String type) {
    return told().stream().filter(body -> body.startsWith("{'type':'" + type + "'")).toList();
  }

  private static String body(String type, String payload) {
    return "{'type':'%s','projectId':'acme','payload':{%s},'createdAt':'2026-01-31T12:00:01.000Z'}"
        .formatted(type, payload);
  }

  private static final String AT = "'at':'2026-01-31T12:00:01.000Z'";

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void whoComesAndGoesIsToldInOrder() {
    String info = "&presenceInfo=%7B%22name%22:%22Ann%22%7D";
    Client ann = server.connect("/ws/room/lobby?token=" + server.token("ann") + info);
    String id = ann.hears().toString().replaceAll(".*?'socketId':'([^']*)'.*", "$1");
    assertThat(told())
        .containsExactly(
            body("room.occupied", "'roomId':'lobby'," + AT),
            body(
                "member_joined",
                "'roomId':'lobby','userId':'ann','userInfo':{'name':'Ann'},'socketId':'"
                    + id
                    + "','subscriptionCount':1,"
                    + AT),
            body("subscription_count", "'roomId':'lobby','subscriptionCount':1," + AT));

    Client again = server.joins("ann", "lobby");
    again.leaves();
    assertThat(told())
        .containsExactly(
            body("subscription_count", "'roomId':'lobby','subscriptionCount':2," + AT),
            body("subscription_count", "'roomId':'lobby','subscriptionCount':1," + AT));

    ann.leaves();
    assertThat(told())
        .containsExactly(
            body("member_left", "'roomId':'lobby','userId':'ann','subscriptionCount':0," + AT),
            body("subscription_count", "'roomId':'lobby','subscriptionCount':0," + AT),
            body("room.vacated", "'roomId':'lobby'," + AT));
  }

  @Test
  void whoIsPutOutIsToldToHaveLeft() {
    server.joins("bob", "lobby");
    told();
    server.delete(server.token("ann"), "/rooms/lobby/members/bob");

    assertThat(told().toString()).contains("member_left", "'userId':'bob'", "room.vacated");
  }

  @Test
  void aPollIsNobodysPresence() {
    server.get(server.token("ann"), "/api/messages?roomId=lobby");

    assertThat(told()).isEmpty();
  }

  @Test
  void aClientEventIsTold() {
    Client ann = server.joins("ann", "lobby");
    told();
    ann.says("{'type':'client_event','eventName':'client-x','data':{'a':1}}");

    assertThat(told())
        .containsExactly(
            body(
                "client_event",
                "'roomId':'lobby','userId':'ann','eventName':'client-x','data':{'a':1}"));
  }

  @Test
  void anEventForAUserIsTold() {
    server.post(server.token("ann"), "/users/ann/events", "{'name':'ding','data':{'n':2}}");

    assertThat(told())
        .containsExactly(body("user.event", "'userId':'ann','name':'ding','data':{'n':2}," + AT));
  }

  @Test
  void aClientThatFindsNothingSaidYetIsToldOfOnce() {
    server.connect("/ws/room/lobby?token=" + server.token("ann"));
    assertThat(told("cache_miss")).isEmpty();
    server.connect("/ws/room/lobby?cache=1&token=" + server.token("ann"));
    assertThat(told("cache_miss")).containsExactly(body("cache_miss", "'roomId':'lobby'," + AT));

    server.says("ann", "lobby", "something");
    server.connect("/ws/room/lobby?cache=1&token=" + server.token("ann"));
    assertThat(told("cache_miss")).isEmpty();
  }

  @Test
  void whatAnInterceptorRefusesIsFlaggedWithoutItsText() {
    ChatServer strict =
        server(
            ChatServer.setup()
                .with(
                    builder ->
                        builder.interceptor(
                            (who, room, draft) ->
                                CompletableFuture.failedStage(
                                    new RefusedException(
                                        Refusal.of(Refusal.Reason.INVALID, "no curses"))))));
    strict.says("ann", "lobby", "curse");

    assertThat(strict.receiver.bodies())
        .containsExactly(
            body(
                "moderation.auto_flag",
                "'roomId':'lobby','userId':'ann','reason':'no curses'," + AT));
  }

  @Test
  void aMessageThatIsWrittenBitByBitIsToldOnceItIsWhole() {
    Client ann = server.joins("ann", "lobby");
    told();
    ann.says("{'type':'stream','op':'start','content':'He'}");
    ann.says("{'type':'stream','op':'delta','content':'Hello'}");
    server.time.pass(4_000);
    assertThat(told()).isEmpty();
    ann.says("{'type':'stream','op':'end','content':'Hello world'}");

    assertThat(told())
        .containsExactly(
            "{'type':'message.created','projectId':'acme','payload':{'message':{'id':134217731,"
                + "'roomId':'lobby','senderId':'ann','content':'Hello world',"
                + "'createdAt':'2026-01-31T12:00:01.000Z','attachments':[]}},"
                + "'createdAt':'2026-01-31T12:00:05.000Z'}");
    server.patch(server.token("ann"), "/messages/134217731", "{'content':'edited'}");
    assertThat(told()).as("an edit is no new message").isEmpty();
  }

  @Test
  void aMessageThatIsTakenBackBeforeItWasWholeIsNeverTold() {
    Client ann = server.joins("ann", "lobby");
    told();
    ann.says("{'type':'stream','op':'start','content':'He'}");
    ann.says("{'type':'stream','op':'abort'}");

    assertThat(told()).isEmpty();
  }

  @Test
  void aMessageWhoseWriterIsGoneIsToldAsFarAsItGot() {
    Store kept = Store.inMemory();
    ChatServer first = server(ChatServer.setup().store(kept));
    Client ann = first.joins("ann", "lobby");
    ann.says("{'type':'stream','op':'start','content':'so far'}");
    first.time.pass(4_000); // it is kept now, and the first engine is heard of no more

    ChatServer second = ChatServer.setup().store(kept).startsAfterMs(6_000).start();
    Client bob = second.joins("bob", "lobby");
    second.time.pass(20_000);
    assertThat(bob.hears("edit").toString()).contains("so far");

    assertThat(second.receiver.bodies().toString().split("message.created", -1)).hasSize(2);
  }

  @Test
  void aDeletedWordLeavesTheHouseNoMoreEvenIfItWasStreamed() {
    Client ann = server.joins("ann", "lobby");
    ann.says("{'type':'stream','op':'start','content':''}");
    told();
    server.receiver.answers(io.fluxy.hook.WebhookSender.Outcome.answered(500));
    ann.says("{'type':'stream','op':'end','content':'my password'}");
    told();
    server.delete(server.token("ann"), "/messages/134217731");
    server.time.pass(70_000);

    assertThat(told("message.created").toString())
        .contains("'content':''")
        .doesNotContain("password");
  }

  @Test
  void whoeverAsksForLessIsToldLess() {
    ChatServer quiet = ChatServer.withLobby();
    register(quiet, "'room.vacated'");
    quiet.joins("ann", "lobby").leaves();

    assertThat(quiet.receiver.bodies())
        .containsExactly(body("room.vacated", "'roomId':'lobby'," + AT));
  }

  @Test
  void anErasureTakesOutWhatReceiversAreStillToBeToldOfTheUser() {
    server.receiver.thinks();
    server
        .joins("bob", "lobby")
        .says("{'type':'client_event','eventName':'client-x','data':'mine'}");
    server.joins("ann", "lobby");
    server.time.settle();
    String owner = server.token("boss", Role.OWNER);
    assertThat(outbox(owner)).contains("client_event", "member_joined");
    var erased = server.fluxy.erase("acme", "bob").toCompletableFuture();
    server.time.settle();
    assertThat(erased).isCompleted();

    assertThat(outbox(owner)).doesNotContain("client_event").contains("member_joined");
  }

  private String outbox(String owner) {
    return server.get(owner, "/admin/webhooks/deliveries").toString();
  }
}
