package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.hook.Interceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the host's interceptors decide holds on every path into a room. */
class InterceptorTest {
  private static final Interceptor POLITE =
      (who, room, draft) ->
          draft.content().contains("curse")
              ? CompletableFuture.failedStage(
                  new RefusedException(Refusal.of(Refusal.Reason.INVALID, "no curses here")))
              : CompletableFuture.completedStage(
                  new Draft(
                      draft.content().replace("damn", "dear"),
                      draft.parentId(),
                      draft.clientMessageId(),
                      draft.attachments()));

  private static ChatServer with(Interceptor... interceptors) {
    ChatServer server =
        ChatServer.setup()
            .with(builder -> List.of(interceptors).forEach(builder::interceptor))
            .start();
    server.room("lobby", "group", "ann", "bob");
    return server;
  }

  /** Some of these interceptors are broken on purpose, and the log may say so. */
  @AfterEach
  void nobodyWatchesTheLogAnyMore() {
    assertThat(Leaks.secretsIn(Leaks.log())).isEmpty();
  }

  @Test
  void aDraftIsRewrittenOnBothPaths() {
    ChatServer server = with(POLITE);
    Client bob = server.joins("bob", "lobby");

    assertThat(server.says("ann", "lobby", "damn it").message().get("content"))
        .isEqualTo("dear it");
    bob.says("{'type':'message','content':'damn you'}");

    assertThat(bob.hears("message").toString())
        .contains("dear it", "dear you")
        .doesNotContain("damn");
  }

  @Test
  void aDraftIsRefusedInTheInterceptorsWordsOnBothPaths() {
    ChatServer server = with(POLITE);
    Client bob = server.joins("bob", "lobby");

    assertThat(server.says("ann", "lobby", "curse you"))
        .hasToString("400 {'traceId':'t-1','error':'no curses here'}");
    bob.says("{'type':'message','content':'curse','clientMessageId':'cmsg_0001'}");

    assertThat(bob.hears())
        .containsExactly(
            "{'type':'error','message':'no curses here','clientMessageId':'cmsg_0001'}");
  }

  @Test
  void anEditDoesNotGetAroundIt() {
    ChatServer server = with(POLITE);
    long id = server.says("ann", "lobby", "nice").messageId();
    Client ann = server.joins("ann", "lobby");

    assertThat(server.patch(server.token("ann"), "/messages/" + id, "{'content':'curse'}").status())
        .isEqualTo(400);
    ann.says("{'type':'edit','messageId':" + id + ",'content':'damn'}");

    assertThat(ann.hears("edit").toString()).contains("'content':'dear'");
  }

  @Test
  void aMessageThatIsWrittenBitByBitDoesNotGetAroundIt() {
    ChatServer server = with(POLITE);
    Client ann = server.joins("ann", "lobby");
    Client bob = server.joins("bob", "lobby");
    ann.hears();
    ann.says("{'type':'stream','op':'start','content':'damn'}");
    ann.says("{'type':'stream','op':'delta','content':'damn it'}");
    server.time.pass(1_000);
    assertThat(bob.hears().toString()).contains("'dear'", "'dear it'").doesNotContain("damn");

    ann.says("{'type':'stream','op':'delta','content':'damn it, curse'}");
    ann.says("{'type':'stream','op':'end','content':'curse'}");
    server.time.pass(1_000);
    assertThat(ann.hears("error").toString())
        .isEqualTo(
            "[{'type':'error','message':'no curses here'},"
                + " {'type':'error','message':'no curses here'}]");
    assertThat(bob.hears().toString()).doesNotContain("curse");

    ann.says("{'type':'stream','op':'end','content':'damn it all'}");
    assertThat(server.get(server.token("bob"), "/api/messages?roomId=lobby").toString())
        .contains("'content':'dear it all'")
        .doesNotContain("curse", "damn");
  }

  @Test
  void whatIsToldBesideMessagesDoesNotGetAroundIt() {
    ChatServer server = with(POLITE);
    Client bob = server.joins("bob", "lobby");
    Client ann = server.joins("ann", "lobby");
    bob.hears();
    String robo = server.token("ann", Role.BOT);
    String tool = "'type':'tool_%s','runId':'r','toolCallId':'c','name':'n',%s";
    List<String> events =
        List.of(
            "'name':'damn','data':{'text':'damn'}",
            "'event':{" + tool.formatted("call", "'arguments':'[\\\"d\\\\u0061mn\\\"]'") + "}",
            "'event':{" + tool.formatted("result", "'result':['damn']") + "}",
            "'event':{" + tool.formatted("error", "'error':'damn'") + "}",
            "'event':{'type':'agentRun','run':{'id':'r','status':'failed','error':'damn'}}",
            "'event':{'type':'message','content':'damn'}");
    for (String event : events) {
      String json = "{'roomIds':['lobby'],%s}".formatted(event);
      assertThat(server.post(robo, "/events", json).status()).as(event).isEqualTo(200);
      String curse = json.replace("damn", "curse").replace("d\\\\u0061mn", "curse");
      assertThat(server.post(robo, "/events", curse))
          .as(event)
          .hasToString("400 {'traceId':'t-1','error':'no curses here'}");
    }
    ann.says("{'type':'client_event','eventName':'client-x','data':'damn'}");
    ann.says("{'type':'client_event','eventName':'client-x','data':'curse'}");

    List<String> heard = bob.hears();
    assertThat(heard).hasSize(events.size() + 1);
    assertThat(heard).allSatisfy(frame -> assertThat(frame).contains("dear"));
    assertThat(heard.toString()).doesNotContain("damn", "curse");
  }

  @Test
  void whatAnInterceptorMakesOfAnEventHasToBeOne() {
    ChatServer server =
        with((who, room, draft) -> CompletableFuture.completedStage(Draft.text("[removed]")));

    assertThat(
            server.post(
                server.token("ann"), "/events", "{'roomIds':['lobby'],'name':'x','data':1}"))
        .hasToString(
            "400 {'traceId':'t-1','error':'what checks messages here made no JSON of it'}");
  }

  @Test
  void whatABotIsMadeToSayAndWhatAnAgentAnswersDoNotGetAroundIt() {
    List<String> words = new ArrayList<>(List.of("damn ", "it ", "curse"));
    ChatServer server =
        ChatServer.setup()
            .with(
                builder ->
                    builder
                        .interceptor(POLITE)
                        .agent(
                            "acme",
                            "bot",
                            (asked, reply) -> {
                              reply.toolCall("c", "look", "{\"q\":\"damn\"}");
                              words.forEach(reply::append);
                            }))
            .start();
    server.room("lobby", "group", "ann", "bob");
    Client bob = server.joins("bob", "lobby");
    String ann = server.token("ann", Role.OWNER);
    String json = "{'botId':'bot','content':'%s'}";
    assertThat(server.post(ann, "/rooms/lobby/messages/from-bot", json.formatted("curse")).status())
        .isEqualTo(400);
    assertThat(server.post(ann, "/rooms/lobby/messages/from-bot", json.formatted("damn")).status())
        .isEqualTo(200);

    Reply refused =
        server
            .call("POST", "/agents/bot/invoke")
            .token(ann)
            .json("{'roomId':'lobby','content':'say it'}")
            .broken();
    assertThat(refused.toString()).contains("500", "no curses here");
    words.remove("curse");
    Reply rewritten =
        server.post(ann, "/agents/bot/invoke", "{'roomId':'lobby','content':'say it'}");
    assertThat(rewritten.toString()).contains("'content':'dear it'").doesNotContain("damn");
    server.time.pass(1_000);

    assertThat(bob.hears().toString()).contains("dear it").doesNotContain("damn", "curse");
    assertThat(server.get(ann, "/api/messages?roomId=lobby").toString())
        .contains("'content':'dear it'", "'content':'dear'")
        .doesNotContain("damn", "curse");
  }

  @Test
  void whatIsSaidOnOneSocketStaysInOrderHoweverLongTheInterceptorThinks() {
    List<Runnable> thinking = new ArrayList<>();
    ChatServer server =
        with(
            (who, room, draft) -> {
              CompletableFuture<Draft> answer = new CompletableFuture<>();
              thinking.add(() -> answer.complete(draft));
              return answer;
            });
    Client bob = server.joins("bob", "lobby");
    bob.says("{'type':'message','content':'one'}").says("{'type':'message','content':'two'}");
    bob.says("{'type':'typing','isTyping':true}");

    thinking.get(1).run();
    server.time.settle();
    assertThat(bob.hears()).isEmpty();
    thinking.get(0).run();
    server.time.settle();

    assertThat(bob.hears().toString()).containsSubsequence("'one'", "'two'", "'typing'");
  }

  @Test
  void anInterceptorThatFailsThrowsOrIsSilentLetsNothingThrough() {
    List<Interceptor> broken =
        List.of(
            (who, room, draft) -> CompletableFuture.failedStage(new IllegalStateException("x")),
            (who, room, draft) -> {
              throw new IllegalStateException("planned");
            });
    for (Interceptor interceptor : broken) {
      ChatServer server = with(interceptor);
      assertThat(
              server
                  .call("POST", "/messages")
                  .token(server.token("ann"))
                  .json("{'roomId':'lobby','content':'hi'}")
                  .broken())
          .hasToString("503 {'traceId':'t-1','error':'busy'}");
    }
    ChatServer server = with((who, room, draft) -> new CompletableFuture<>());
    Client bob = server.joins("bob", "lobby");
    bob.says("{'type':'message','content':'hi'}");
    server.time.pass(4_999);
    assertThat(bob.hears()).isEmpty();
    server.time.pass(1);

    assertThat(bob.hears().toString()).contains("'error'", "'busy'");
    assertThat(server.get(server.token("ann"), "/api/messages?roomId=lobby").body())
        .contains("\"messages\":[]");
  }

  @Test
  void theClientMessageIdOfASendIsItsOwnWhateverTheInterceptorMakesOfIt() {
    ChatServer server =
        with((who, room, draft) -> CompletableFuture.completedStage(Draft.text("other")));
    String json = "{'roomId':'lobby','content':'x','clientMessageId':'cmsg_0001'}";
    long first = server.post(server.token("ann"), "/messages", json).messageId();

    assertThat(server.post(server.token("ann"), "/messages", json).messageId()).isEqualTo(first);
  }

  @Test
  void severalAreAskedInTurnEachAboutWhatTheOneBeforeMadeOfIt() {
    ChatServer server =
        with(
            (who, room, draft) ->
                CompletableFuture.completedStage(Draft.text(draft.content() + "1")),
            (who, room, draft) ->
                CompletableFuture.completedStage(Draft.text(draft.content() + "2")));

    assertThat(server.says("ann", "lobby", "x").message().get("content")).isEqualTo("x12");
  }

  @Test
  void theHostsOwnCodeIsNotAskedAbout() {
    ChatServer server = with(POLITE);
    var posted =
        server
            .fluxy
            .room(new io.fluxy.chat.RoomId("acme", "lobby"))
            .post(io.fluxy.chat.User.named("ann"), Draft.text("damn"));
    server.time.settle();

    assertThat(posted.toCompletableFuture().join().content()).isEqualTo("damn");
  }
}
