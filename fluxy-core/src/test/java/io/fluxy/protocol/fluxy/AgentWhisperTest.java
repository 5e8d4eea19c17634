package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent that answers a whisper is heard by nobody but the whisper's readers. */
class AgentWhisperTest {
  private final List<String> listened = new ArrayList<>();
  private final ChatServer server = start();
  private final String anns = server.token("ann", Role.OWNER);
  private final String eves = server.token("eve", Role.OWNER); // governs, and reads no whisper
  private final long whisper =
      server
          .post(
              anns,
              "/messages",
              "{'roomId':'lobby','content':'psst','visibility':'whisper',"
                  + "'visibleTo':['bob','robo']}")
          .messageId();

  private ChatServer start() {
    ChatServer started =
        ChatServer.setup()
            .with(
                builder ->
                    builder
                        .agent(
                            "acme",
                            "helper",
                            (asked, reply) -> {
                              reply.toolCall("c1", "look", "{\"q\":\"secret\"}");
                              reply.append("secret");
                              reply.toolResult("c1", "look", "\"secret\"");
                            })
                        .listener(
                            Event.ToolUsed.class,
                            (room, event) -> listened.add("tool " + event.readers()))
                        .listener(
                            Event.RunReported.class,
                            (room, event) -> listened.add("run " + event.readers())))
            .start();
    started.room("lobby", "group", "ann", "bob", "eve", "robo");
    return started;
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String agentId() {
    String agents = server.get(anns, "/agents").toString();
    return agents.replaceAll(".*?'id':'([^']*)'.*", "$1");
  }

  /** Ann whispers to bob and the agent. */
  private long toTheAgent() {
    return server
        .post(
            anns,
            "/messages",
            "{'roomId':'lobby','content':'psst','visibility':'whisper','visibleTo':['bob','"
                + agentId()
                + "']}")
        .messageId();
  }

  @Test
  void itsToolsItsReportAndItsTypingAreForItsReadersEverywhere() {
    Client bob = server.joins("bob", "lobby");
    Client eve = server.joins("eve", "lobby");
    Client stream = server.streams(eves, "lobby");
    bob.hears();
    stream.hears();
    long asked = toTheAgent();
    eve.hears();

    Reply done =
        server.post(
            anns,
            "/agents/helper/invoke",
            "{'roomId':'lobby','content':'?','replyTo':" + asked + "}");
    server.time.pass(1_000);

    assertThat(done.status()).as("%s", done).isEqualTo(200);
    assertThat(bob.hears().toString())
        .contains("'agentTyping'", "'tool_call'", "'tool_result'", "'agentRun'", "'secret'");
    String unheard = eve.hears() + " " + stream.hears();
    assertThat(unheard).doesNotContain("agentTyping", "tool_", "agentRun", "secret");
    eve.says("{'type':'resume','lastSeq':0}");
    assertThat(eve.hears().toString())
        .contains("'type':'replay'")
        .doesNotContain("tool_", "agentRun", "secret");
    String exported = server.get(eves, "/export/messages.json?roomId=lobby").body();
    String polled = server.get(eves, "/api/messages?roomId=lobby&since=0").body();
    String runs = server.get(eves, "/agents/" + agentId() + "/runs").body();
    assertThat(exported + polled + runs).doesNotContain("secret", "look");
    assertThat(listened).hasSize(3).allSatisfy(each -> assertThat(each).contains("bob"));
  }

  @Test
  void whoeverDoesNotSeeAMessageHasNoAgentAnswerIt() {
    long asked = toTheAgent();
    assertThat(
            server.post(
                eves,
                "/agents/helper/invoke",
                "{'roomId':'lobby','content':'?','replyTo':" + asked + "}"))
        .hasToString("404 {'traceId':'t-1','error':'message not found'}");
    assertThat(listened).isEmpty();
  }

  @Test
  void anAgentThatMayNotReadAMessageDoesNotAnswerItAndNobodyHearsThatItWasAsked() {
    Client eve = server.joins("eve", "lobby");
    assertThat(
            server
                .call("POST", "/agents/helper/invoke")
                .token(anns)
                .json("{'roomId':'lobby','content':'?','replyTo':" + whisper + "}")
                .broken()
                .status())
        .isEqualTo(500);
    assertThat(eve.hears().toString()).doesNotContain("agentTyping", "tool_", "agentRun");
  }

  @Test
  void whatABackendTellsOfAnAgentsWorkIsForTheReadersOfWhatItAnswers() {
    Client bob = server.joins("bob", "lobby");
    Client eve = server.joins("eve", "lobby");
    bob.hears();
    String robo = server.token("robo", Role.BOT);
    String common = "'runId':'r','toolCallId':'c','name':'n','replyTo':" + whisper;
    for (String event :
        List.of(
            "'type':'tool_call','arguments':'{}'," + common,
            "'type':'agentRun','run':{'id':'r','status':'done'},'replyTo':" + whisper,
            "'type':'agentTyping','isTyping':true,'replyTo':" + whisper)) {
      Reply told = server.post(robo, "/events", "{'roomIds':['lobby'],'event':{" + event + "}}");
      assertThat(told.status()).as("%s", told).isEqualTo(200);
    }

    assertThat(bob.hears().toString()).contains("'tool_call'", "'agentRun'", "'agentTyping'");
    assertThat(eve.hears().toString()).doesNotContain("tool_call", "agentRun", "agentTyping");
  }
}
