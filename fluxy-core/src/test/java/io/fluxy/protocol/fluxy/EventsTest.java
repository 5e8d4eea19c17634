package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that backends, agents and clients push: contract 1.5, 2.3, 7. */
class EventsTest {
  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann", Role.OWNER);
  private final Client bob = server.joins("bob", "lobby");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private Reply push(String token, String event) {
    return server.post(token, "/events", "{'roomIds':['lobby'],'event':" + event + "}");
  }

  @Test
  void whoeverHasTheMessagesAsksForTheToolsAlone() {
    server.says("ann", "lobby", "what time is it?");
    push(
        anns,
        "{'type':'tool_call','runId':'r','agentId':'bot','toolCallId':'t','name':'clock',"
            + "'arguments':{}}");
    server.says("ann", "lobby", "well?");
    String all = server.get(anns, "/api/messages?roomId=lobby&since=0").toString();
    String tools = server.get(anns, "/api/messages?roomId=lobby&since=0&only=tools").toString();

    int call = all.lastIndexOf("{'seq':", all.indexOf("'eventType':'tool_call'"));
    int events = all.indexOf("'events':[") + "'events':[".length();
    assertThat(tools)
        .isEqualTo(
            all.substring(0, events) + all.substring(call, all.indexOf("}}", call) + 2) + "]}");
    assertThat(server.get(anns, "/api/messages?roomId=lobby&since=0&only=edits"))
        .hasToString("400 {'traceId':'t-1','error':'only must be tools'}");
  }

  @Test
  void anEventWithANameIsToldAndNotKept() {
    String tick = "{'roomIds':['lobby'],'name':'price.tick','data':{'px':10,'a':[1,null,true]}}";

    assertThat(server.post(server.token("bob"), "/events", tick))
        .hasToString("200 {'ok':true,'triggered':['lobby']}");
    assertThat(bob.hears())
        .containsExactly(
            "{'type':'server_event','roomId':'lobby','name':'price.tick',"
                + "'data':{'px':10,'a':[1,null,true]},'userId':'bob'}");
    assertThat(server.get(anns, "/api/messages?roomId=lobby&since=2").toString())
        .contains("'events':[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"roomIds", "rooms", "channels"})
  void theRoomsHaveThreeNames(String field) {
    assertThat(server.post(anns, "/events", "{'" + field + "':['lobby'],'name':'x'}").status())
        .isEqualTo(200);
    assertThat(bob.hears()).hasSize(1);
  }

  @Test
  void whatIsOnlyToldLeavesOneSocketOut() {
    Client other = server.joins("bob", "lobby");
    bob.hears();
    Client third = server.connect(server.token("bob"), "lobby");
    String socketId = third.hears("subscription_succeeded").get(0);
    socketId = socketId.replaceAll(".*'socketId':'([^']*)'.*", "$1");
    bob.hears();
    other.hears();
    third.hears();
    server.post(anns, "/events", "{'rooms':['lobby'],'name':'x','socket_id':'" + socketId + "'}");

    assertThat(third.hears()).isEmpty();
    assertThat(bob.hears()).hasSize(1);
    assertThat(other.hears()).hasSize(1);
  }

  @Test
  void toolCallsAndRunsAreNumberedAndToldInTheirOwnFrames() {
    String tool = "'runId':'r1','agentId':'ag1','toolCallId':'t1','name':'lookup'";
    push(anns, "{'type':'tool_call'," + tool + ",'arguments':'{\\\"q\\\":1}'}");
    push(anns, "{'type':'tool_result'," + tool + ",'result':{'ok':true}}");
    push(anns, "{'type':'tool_error'," + tool + ",'error':'boom'}");
    push(anns, "{'type':'agentRun','run':{'id':'r1','status':'completed','room_id':'evil'}}");
    push(anns, "{'type':'agentTyping','agentId':'ag1','isTyping':true}");

    assertThat(bob.hears())
        .containsExactly(
            "{'type':'tool_call','roomId':'lobby','runId':'r1','agentId':'ag1',"
                + "'toolCallId':'t1','name':'lookup','arguments':'{\\'q\\':1}','seq':3}",
            "{'type':'tool_result','roomId':'lobby','runId':'r1','agentId':'ag1',"
                + "'toolCallId':'t1','name':'lookup','result':{'ok':true},'seq':4}",
            "{'type':'tool_error','roomId':'lobby','runId':'r1','agentId':'ag1',"
                + "'toolCallId':'t1','name':'lookup','error':'boom','seq':5}",
            "{'type':'agentRun','roomId':'lobby','run':{'id':'r1','status':'completed',"
                + "'room_id':'lobby'},'seq':6}",
            "{'type':'agentTyping','agentId':'ag1','isTyping':true}");
    assertThat(server.get(anns, "/api/messages?roomId=lobby&since=2").toString())
        .contains("'seq':3,", "'seq':4,", "'seq':5,", "'seq':6,", "'currentSeq':6,")
        .contains("'eventType':'tool_call'", "'eventType':'agentRun'");
  }

  @Test
  void aPushedMessageIsKeptAndIsItsSendersOwn() {
    push(server.token("bob"), "{'type':'message','content':'pushed','userId':'ann'}");

    assertThat(bob.last()).contains("'userId':'bob'", "'content':'pushed'", "'seq':3");
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString()).contains("pushed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'name':'x'}                                        | 400 | roomIds_required",
        "{'roomIds':[],'name':'x'}                           | 400 | roomIds_required",
        "{'roomIds':'lobby','name':'x'}                      | 400 | roomIds_required",
        "{'roomIds':['a b'],'name':'x'}                      | 400 | invalid_room_id",
        "{'roomIds':[7],'name':'x'}                          | 400 | invalid_room_id",
        "{'roomIds':['lobby']}                               | 400 | event_or_name_required",
        "{'roomIds':['lobby'],'name':''}                     | 400 | name must be 1-128 characters",
        "{'roomIds':['lobby'],'event':{'type':'approval_request'}} | 400 | unknown_event_type",
        "{'roomIds':['lobby'],'event':{}}                    | 400 | unknown_event_type",
        "{'roomIds':['lobby'],'event':{'type':'message'}}    | 400 | content must be a string",
        "{'roomIds':['lobby'],'event':{'type':'tool_call'}}  | 400 | runId must be 1-128 characters",
        "{'roomIds':['lobby'],'event':{'type':'agentRun'}}   | 400 | run must be an object",
        "nope                                                | 400 | invalid_body"
      })
  void whatMakesNoSenseIsRefusedAndTold(String json, int status, String error) {
    assertThat(server.post(anns, "/events", json))
        .hasToString(status + " {'traceId':'t-1','error':'" + error + "'}");
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void moreThanFiftyRoomsAreTooMany() {
    String rooms = "'r',".repeat(50) + "'r'";

    assertThat(server.post(anns, "/events", "{'roomIds':[" + rooms + "],'name':'x'}"))
        .hasToString("400 {'traceId':'t-1','error':'too_many_rooms'}");
  }

  @Test
  void oneForeignRoomAmongManyAndNobodyIsTold() {
    server.room("attic", "group", "dave");
    String event = "{'roomIds':['lobby','attic','nowhere'],'name':'x'}";

    assertThat(server.post(server.token("bob"), "/events", event))
        .hasToString("403 {'traceId':'t-1','error':'forbidden','roomIds':['attic','nowhere']}");
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void aBadTokenIsNotToldWhatIsWrongWithIt() {
    assertThat(server.post("junk", "/events", "{}"))
        .hasToString("401 {'traceId':'t-1','error':'unauthorized'}");
  }

  @Test
  void noMemberSpeaksForAnAgentButBotsAndOperatorsDo() {
    String typing = "{'type':'agentTyping','agentId':'ag1','isTyping':true}";

    assertThat(push(server.token("bob"), typing).status()).isEqualTo(403);
    assertThat(push(server.token("bob"), typing.replace("ag1", "bob")).status()).isEqualTo(200);
    assertThat(push(server.token("bob", Role.BOT), typing).status()).isEqualTo(200);
    assertThat(push(anns, typing).status()).isEqualTo(200);
    bob.hears();
    assertThat(bob.says(typing).last()).isEqualTo("{'type':'error','message':'forbidden'}");
    assertThat(bob.says("{'type':'agentTyping','agentId':'bob','isTyping':false}").last())
        .isEqualTo("{'type':'agentTyping','agentId':'bob','isTyping':false}");
  }

  @Test
  void argumentsThatAreNoJsonAreRefused() {
    String tool = "'runId':'r1','toolCallId':'t1','name':'lookup'";

    assertThat(push(anns, "{'type':'tool_call'," + tool + ",'arguments':'{,}'}").toString())
        .contains("400", "must be JSON");
    assertThat(
            push(
                    anns,
                    "{'type':'tool_result',"
                        + tool
                        + ",'result':['"
                        + "x".repeat(40_000)
                        + "','"
                        + "x".repeat(40_000)
                        + "']}")
                .toString())
        .contains("400", "exceeds 65536 characters");
  }

  // Client events.

  @Test
  void aClientEventIsForTheOthers() {
    Client ann = server.joins("ann", "lobby");
    bob.hears();
    ann.says("{'type':'client_event','eventName':'client-cursor.move','data':{'x':1}}");

    assertThat(ann.hears()).isEmpty();
    assertThat(bob.hears())
        .containsExactly(
            "{'type':'client_event','roomId':'lobby','userId':'ann',"
                + "'eventName':'client-cursor.move','data':{'x':1}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cursor", "server-x", "Client-x", ""})
  void aClientEventSaysThatItIsAClients(String name) {
    assertThat(bob.says("{'type':'client_event','eventName':'" + name + "'}").last())
        .isEqualTo("{'type':'error','message':'client events must be prefixed with client-'}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client-", "client- x", "client-é"})
  void aClientEventHasAGoodName(String name) {
    assertThat(bob.says("{'type':'client_event','eventName':'" + name + "'}").last())
        .isEqualTo(
            "{'type':'error','message':'eventName must be client- and letters, digits, _ . or -'}");
  }

  @Test
  void tenClientEventsAMinuteAreEnoughWhateverTheRoomAndTheSocket() {
    server.room("attic", "group", "ann", "bob");
    Client attic = server.joins("bob", "attic");
    for (int i = 0; i < 5; i++) {
      bob.says("{'type':'client_event','eventName':'client-x'}");
      attic.says("{'type':'client_event','eventName':'client-x'}");
    }
    assertThat(bob.hears("error")).isEmpty();
    assertThat(attic.says("{'type':'client_event','eventName':'client-x'}").last())
        .startsWith("{'type':'error','message':'rate_limit_exceeded: retry in ");
    server.time.pass(60_000);
    assertThat(bob.says("{'type':'client_event','eventName':'client-x'}").hears("error")).isEmpty();
  }
}
