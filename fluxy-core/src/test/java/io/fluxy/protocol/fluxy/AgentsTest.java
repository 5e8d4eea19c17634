package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.agent.Agent;
import io.fluxy.agent.Invocation;
import io.fluxy.agent.Reply;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.http.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents: who they are, how they are asked, and how they answer (contract 7). */
class AgentsTest {
  private final List<Invocation> asked = new ArrayList<>();
  private final ChatServer server = start(limits -> limits);
  private final String anns = server.token("ann", Role.OWNER);
  private final String bobs = server.token("bob");

  /** Greets at once. */
  private void greet(Invocation invocation, Reply reply) {
    asked.add(invocation);
    reply.append("Hello");
    reply.append(" " + invocation.by());
  }

  private ChatServer start(UnaryOperator<Limits.Builder> limits) {
    ChatServer started =
        ChatServer.setup()
            .limits(limits)
            .with(
                builder ->
                    builder
                        .agent("acme", "greeter", this::greet)
                        .agents((invocation, reply) -> other(invocation, reply)))
            .start();
    started.room("lobby", "group", "ann", "bob");
    return started;
  }

  private Agent others = this::greet;

  private void other(Invocation invocation, Reply reply) throws Exception {
    others.answer(invocation, reply);
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String create(String handle) {
    Reply2 made =
        new Reply2(
            server.post(anns, "/agents", "{'name':'X','handle':'" + handle + "','model':'m'}"));
    return made.id();
  }

  private record Reply2(io.fluxy.protocol.fluxy.Reply reply) {
    String id() {
      assertThat(reply.status()).as("%s", reply).isEqualTo(200);
      return reply.toString().replaceAll(".*'agent':\\{'id':'([^']*)'.*", "$1");
    }
  }

  private io.fluxy.protocol.fluxy.Reply invoke(String token, String agent, String content) {
    return server.post(
        token,
        "/agents/" + agent + "/invoke",
        "{'roomId':'lobby','content':'" + content + "','stream':true}");
  }

  // The list.

  @Test
  void operatorsMakeAgentsAndEverybodyMayKnowThem() {
    String id =
        new Reply2(
                server.post(
                    anns,
                    "/agents",
                    "{'name':'Streamer','handle':'streamer','provider':'custom','model':'mock',"
                        + "'systemPrompt':'be secret','id':'mine','evil':1}"))
            .id();

    String common =
        "{'id':'"
            + id
            + "','projectId':'acme','name':'Streamer','handle':'streamer','provider':'custom',"
            + "'model':'mock','modelRef':'custom/mock','capabilities':[],";
    assertThat(server.get(anns, "/agents/" + id))
        .hasToString(
            "200 {'agent':"
                + common
                + "'config':null,'systemPrompt':'be secret','contextFetchUrl':null,"
                + "'toolExecuteUrl':null,'toolsSchema':null,'rateLimitRpm':null,"
                + "'createdAt':'2026-01-31T12:00:01.000Z'}}");
    assertThat(server.get(bobs, "/agents/" + id))
        .hasToString("200 {'agent':" + common + "'createdAt':'2026-01-31T12:00:01.000Z'}}");
    assertThat(server.get(bobs, "/agents").toString())
        .contains("'handle':'greeter'", "'handle':'streamer'");
  }

  @Test
  void operatorsChangeAndRemoveThem() {
    String id = create("first");
    assertThat(server.patch(anns, "/agents/" + id, "{'handle':'second','model':'n'}").toString())
        .contains("'handle':'second'", "'model':'n'", "'name':'X'");
    assertThat(server.patch(anns, "/agents/" + id, "{'handle':'greeter'}"))
        .hasToString("409 {'traceId':'t-1','error':'handle_already_exists'}");
    assertThat(server.delete(anns, "/agents/" + id)).hasToString("200 {'ok':true}");
    assertThat(server.get(anns, "/agents/" + id))
        .hasToString("404 {'traceId':'t-1','error':'agent_not_found'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'handle':'x'}               | name must be 1-128 characters",
        "{'name':'','handle':'x'}     | name must be 1-128 characters",
        "{'name':'X'}                 | handle must be 1-64 letters, digits, _ or -",
        "{'name':'X','handle':'a b'}  | handle must be 1-64 letters, digits, _ or -",
        "[]                           | invalid_body"
      })
  void whatIsNoAgentIsRefused(String json, String error) {
    assertThat(server.post(anns, "/agents", json))
        .hasToString("400 {'traceId':'t-1','error':'" + error + "'}");
  }

  // Invoking.

  @Test
  void whoIsInvokedWritesAMessageAndTheRunIsToldAndKept() {
    Client bob = server.joins("bob", "lobby");
    String id = create("helper");
    others =
        (invocation, reply) -> {
          greet(invocation, reply);
          reply.usage(5, 6, 0.25);
        };
    var answer = invoke(bobs, id, "hello?");
    String runId = answer.toString().replaceAll(".*'run':\\{'id':'([^']*)'.*", "$1");

    assertThat(answer)
        .hasToString(
            "200 {'run':{'id':'"
                + runId
                + "','status':'completed','latencyMs':0,'inputTokens':5,'outputTokens':6,"
                + "'estimatedCost':0.25,'iterations':1,'toolCalls':[],"
                + "'createdAt':'2026-01-31T12:00:01.000Z'},'message':{'id':134217732,"
                + "'roomId':'lobby','senderId':'"
                + id
                + "','content':'Hello bob'}}");
    List<String> heard = bob.hears();
    assertThat(heard.get(0))
        .isEqualTo("{'type':'agentTyping','agentId':'" + id + "','isTyping':true}");
    assertThat(heard.get(1)).contains("'type':'message'", "'content':''", "'streaming':true");
    assertThat(heard)
        .filteredOn(frame -> frame.contains("'streaming':false"))
        .singleElement()
        .asString()
        .contains("'content':'Hello bob'", "'version':2");
    assertThat(heard.get(heard.size() - 2))
        .isEqualTo(
            "{'type':'agentRun','roomId':'lobby','run':{'id':'"
                + runId
                + "','status':'completed','latency_ms':0,'input_tokens':5,'output_tokens':6,"
                + "'estimated_cost':0.25,'room_id':'lobby','tool_calls':[],'iterations':1,"
                + "'created_at':'2026-01-31T12:00:01.000Z'},'seq':6}");
    assertThat(heard.get(heard.size() - 1))
        .isEqualTo("{'type':'agentTyping','agentId':'" + id + "','isTyping':false}");
    assertThat(server.get(anns, "/agents/" + id + "/runs?limit=5").toString())
        .startsWith("200 {'runs':[{'id':'" + runId + "','status':'completed'");
    assertThat(server.fluxy.agents().running()).isZero();
  }

  @Test
  void anAgentMayAnswerNothing() {
    String id = create("mute");
    others = (invocation, reply) -> {};

    assertThat(invoke(bobs, id, "hello?").toString())
        .contains("'status':'completed'")
        .endsWith("'message':null}");
    assertThat(server.get(anns, "/api/messages?roomId=lobby"))
        .hasToString("200 {'messages':[],'reactions':{}}");
  }

  @Test
  void itsToolsAreOnTheTimelineBetweenTheRest() {
    Client bob = server.joins("bob", "lobby");
    String id = create("tooler");
    others =
        (invocation, reply) -> {
          reply.toolCall("t1", "lookup", "{\"q\":1}");
          reply.toolResult("t1", "lookup", "{\"ok\":true}");
          reply.toolError("t2", "lookup", "\"boom\"");
          reply.append("found");
        };
    assertThat(invoke(bobs, id, "look").toString())
        .contains("'iterations':2,'toolCalls':[{'id':'t1','name':'lookup'}]");
    List<String> types =
        bob.hears().stream().map(f -> f.replaceAll("\\{'type':'([^']*)'.*", "$1")).toList();
    assertThat(types)
        .containsSubsequence(
            "tool_call", "tool_result", "tool_error", "message", "edit", "agentRun");
  }

  @Test
  void whatAnAgentThrowsFailsItsRunAndKeepsWhatItSaid() {
    String id = create("faulty");
    others =
        (invocation, reply) -> {
          reply.append("so far");
          throw new IllegalStateException("model is down");
        };
    var answer =
        new io.fluxy.protocol.fluxy.Reply(
            server
                .call("POST", "/agents/" + id + "/invoke")
                .token(bobs)
                .json("{'roomId':'lobby','content':'x'}")
                .waiting()
                .join());

    assertThat(answer.toString()).contains("500", "'error':'model is down','runId':'");
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .contains("'content':'so far'");
    assertThat(server.get(anns, "/agents/" + id + "/runs").toString())
        .contains("'status':'failed'", "'error':'model is down'");
  }

  @Test
  void anAnswerThatGrowsTooLongFails() {
    String id = create("chatty");
    List<Exception> thrown = new ArrayList<>();
    others =
        (invocation, reply) -> {
          reply.append("x".repeat(4_000));
          try {
            reply.append("y");
          } catch (IllegalArgumentException e) {
            thrown.add(e);
          }
          try {
            reply.append("z");
          } catch (CancellationException e) {
            thrown.add(e);
          }
        };
    ApiResponse failed =
        server
            .call("POST", "/agents/" + id + "/invoke")
            .token(bobs)
            .json("{'roomId':'lobby','content':'x'}")
            .waiting()
            .join();

    assertThat(failed.status()).isEqualTo(500);
    assertThat(thrown).hasSize(2);
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .contains("x".repeat(4_000))
        .doesNotContain("xy");
  }

  @Test
  void anAgentSeesTheQuestionAndWhatWasSaidLately() {
    server.says("bob", "lobby", "one");
    server.says("ann", "lobby", "two");
    invoke(bobs, "greeter", "three?");

    assertThat(asked).hasSize(1);
    assertThat(asked.get(0).content()).isEqualTo("three?");
    assertThat(asked.get(0).by()).isEqualTo("bob");
    assertThat(asked.get(0).depth()).isZero();
    assertThat(asked.get(0).history()).extracting(m -> m.content()).containsExactly("one", "two");
    assertThat(server.get(anns, "/rooms/lobby/members").toString())
        .contains("'userId':'greeter','role':'bot'");
  }

  @Test
  void whoMayNotBeInTheRoomAsksNobodyThere() {
    assertThat(invoke(server.token("carol"), "greeter", "x").status()).isEqualTo(403);
    assertThat(invoke(server.token("globex", "ann", 60, Role.OWNER), "greeter", "x").status())
        .isEqualTo(404);
    assertThat(invoke(bobs, "nobody", "x"))
        .hasToString("404 {'traceId':'t-1','error':'agent_not_found'}");
    assertThat(invoke(bobs, "greeter", " "))
        .hasToString("400 {'traceId':'t-1','error':'agentId, roomId and content required'}");
    assertThat(asked).isEmpty();
  }

  @Test
  void anAgentIsAskedSoOftenAMinute() {
    ChatServer strict = start(limits -> limits.agentRunsPerMinute(2));
    String json = "{'roomId':'lobby','content':'x'}";
    String token = strict.token("bob");
    for (int status : new int[] {200, 200, 429}) {
      assertThat(strict.post(token, "/agents/greeter/invoke", json).status()).isEqualTo(status);
    }
    strict.time.pass(60_000);
    assertThat(strict.post(token, "/agents/greeter/invoke", json).status()).isEqualTo(200);
  }

  // Mentions.

  @Test
  void aMentionInAMessageAsksTheAgent() {
    Client ann = server.joins("ann", "lobby");
    server.says("bob", "lobby", "@greeter are you there? mail@greeterx @nobody");

    assertThat(asked).hasSize(1);
    assertThat(asked.get(0).content()).startsWith("@greeter are you there?");
    assertThat(String.join("", ann.hears())).contains("'content':'Hello bob'");
    ann.says("{'type':'message','content':'@greeter and @greeter again'}");
    assertThat(asked).hasSize(2);
  }

  @Test
  void aMentionInAMessageThatAPersonWritesBitByBitAsksOnceItIsWhole() {
    Client ann = server.joins("ann", "lobby");
    ann.says("{'type':'stream','op':'start','content':'@greeter'}");
    ann.says("{'type':'stream','op':'delta','content':'@greeter are'}");
    server.time.pass(120);
    assertThat(asked).isEmpty();

    ann.says("{'type':'stream','op':'end','content':'@greeter are you there?'}");
    assertThat(asked).extracting(Invocation::content).containsExactly("@greeter are you there?");
    ann.says("{'type':'stream','op':'start','content':'@greeter never mind'}");
    ann.says("{'type':'stream','op':'abort'}");
    assertThat(asked).hasSize(1);
  }

  @Test
  void anEditIsNoQuestion() {
    long id = server.says("bob", "lobby", "hello").messageId();
    assertThat(server.patch(bobs, "/messages/" + id, "{'content':'@greeter hello'}").status())
        .isEqualTo(200);

    assertThat(asked).isEmpty();
  }

  // Whoever may not speak has nobody speak for it.

  @ParameterizedTest
  @CsvSource({"/admin/mute", "/admin/ban"})
  void whoeverIsSilencedIsSpokenForNoMore(String sanction) {
    Client ann = server.joins("ann", "lobby");
    String id = create("writer");
    others =
        (invocation, reply) -> {
          reply.append("one");
          server.time.settle();
          server.time.pass(150);
          server.post(anns, sanction, "{'roomId':'lobby','userId':'bob'}");
          assertThat(reply.isOver()).isTrue();
          reply.append(" two");
        };
    assertThat(invoke(bobs, id, "write").toString())
        .startsWith("409 ")
        .contains("'error':'whoever asked may not speak here any more','runId':");

    String heard = String.join("", ann.hears());
    assertThat(heard)
        .contains("'content':'one'", "whoever asked may not speak here any more")
        .doesNotContain("two");
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .contains("'content':'one'");
  }

  @Test
  void whoeverHasLeftIsSpokenForNoMoreAndOthersAre() {
    String id = create("writer");
    others =
        (invocation, reply) -> {
          reply.append("for " + invocation.by());
          server.time.settle();
          server.delete(anns, "/rooms/lobby/members/bob");
          reply.append(", at length");
        };
    assertThat(invoke(bobs, id, "write").toString())
        .startsWith("409 ")
        .contains("'error':'whoever asked may not speak here any more','runId':");
    assertThat(invoke(anns, id, "write").toString())
        .contains("'status':'completed'", "'content':'for ann, at length'");
  }

  @Test
  void agentsThatAskEachOtherStopThreeDeep() {
    create("ping");
    create("pong");
    others =
        (invocation, reply) -> {
          asked.add(invocation);
          reply.append(invocation.agent().handle().equals("ping") ? "@pong you" : "@ping you");
        };
    server.says("bob", "lobby", "@ping start");

    assertThat(asked).extracting(Invocation::depth).containsExactly(0, 1, 2, 3);
  }

  @Test
  void whatABotSaysByItselfAsksNobody() {
    String id = create("bot");
    asked.clear();
    server.post(
        anns, "/rooms/lobby/messages/from-bot", "{'botId':'" + id + "','content':'@greeter hi'}");

    assertThat(asked).isEmpty();
  }

  // Bots.

  @Test
  void aBackendSpeaksAsABotOfItsProject() {
    Client bob = server.joins("bob", "lobby");
    String id = create("bot");
    String json = "{'botId':'" + id + "','content':'hi','userId':'ann'}";

    assertThat(server.post(anns, "/rooms/lobby/messages/from-bot", json))
        .hasToString(
            "200 {'message':{'id':134217732,'roomId':'lobby','userId':'"
                + id
                + "','senderId':'"
                + id
                + "','content':'hi','createdAt':'2026-01-31T12:00:01.001Z','parentId':null,"
                + "'mentions':[],'preview':null,'attachments':[],'seq':4,'version':1}}");
    assertThat(bob.hears("message")).hasSize(1);
    assertThat(server.post(bobs, "/rooms/lobby/messages/from-bot", json).status()).isEqualTo(403);
    assertThat(server.post(anns, "/rooms/lobby/messages/from-bot", "{'botId':'x','content':'hi'}"))
        .hasToString("404 {'traceId':'t-1','error':'agent_not_found'}");
  }
}
