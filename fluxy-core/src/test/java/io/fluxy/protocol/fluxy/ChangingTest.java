package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Edits, deletes, reactions, reading and typing, on both paths, with ids that are numbers: contract
 * 1.5, 2.3, 2.4.
 */
class ChangingTest {
  private static final long ID = 134217731;
  private static final String NOT_FOUND = "404 {'traceId':'t-1','error':'message not found'}";
  private static final String FORBIDDEN = "403 {'traceId':'t-1','error':'forbidden'}";

  private final ChatServer server = ChatServer.withLobby();
  private final Client ann = server.joins("ann", "lobby");
  private final Client bob = server.joins("bob", "lobby");
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  ChangingTest() {
    assertThat(server.says("ann", "lobby", "one").messageId()).isEqualTo(ID);
    server.time.pass(1_000);
    ann.hears();
    bob.hears();
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void aReactionThatChangesNothingSetsTheSendersCountRightAndIsNobodyElses() {
    String reaction = "{'type':'reaction','roomId':'lobby','userId':'bob','messageId':134217731,";
    String path = "/messages/" + ID + "/reactions";
    server.post(bobs, path, "{'emoji':'👍'}");
    ann.hears();
    bob.hears();

    assertThat(server.post(bobs, path, "{'emoji':'👍'}").status()).isEqualTo(200);
    assertThat(bob.hears())
        .containsExactly(
            reaction + "'emoji':'👍','op':'add'}", reaction + "'emoji':'👍','op':'remove'}");
    bob.says("{'type':'reaction','messageId':" + ID + ",'emoji':'🎉','op':'remove'}");
    assertThat(bob.hears())
        .containsExactly(
            reaction + "'emoji':'🎉','op':'remove'}", reaction + "'emoji':'🎉','op':'add'}");
    assertThat(ann.hears()).isEmpty();
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .contains("'reactions':{'134217731':{'👍':1}}");
  }

  // Edits.

  private static final String EDITED =
      "'id':134217731,'roomId':'lobby','userId':'ann','content':'two',"
          + "'editedAt':'2026-01-31T12:00:02.000Z',";

  @Test
  void anEditByRestIsAnsweredAndHeard() {
    assertThat(server.patch(anns, "/messages/" + ID, "{'content':' two '}"))
        .hasToString(
            "200 {'message':{'id':134217731,'roomId':'lobby','senderId':'ann','content':'two',"
                + "'editedAt':'2026-01-31T12:00:02.000Z'}}");
    assertThat(bob.hears())
        .containsExactly(
            "{'type':'edit'," + EDITED + "'streaming':false,'version':2,'seq':4}",
            "{'type':'message_updated'," + EDITED + "'version':2,'seq':4}");
    assertThat(ann.hears()).hasSize(2);
  }

  @Test
  void anEditBySocketIsHeardByAll() {
    ann.says("{'type':'edit','userId':'ann','messageId':" + ID + ",'content':'two'}");

    assertThat(ann.hears())
        .containsExactly(
            "{'type':'edit'," + EDITED + "'streaming':false,'version':2,'seq':4}",
            "{'type':'message_updated'," + EDITED + "'version':2,'seq':4}")
        .isEqualTo(bob.hears());
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .contains("'content':'two'")
        .contains("'editedAt':'2026-01-31T12:00:02.000Z','deletedAt':null")
        .contains("'seq':3,'version':2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}               | 400 {'traceId':'t-1','error':'content required'}",
        "{'content':''}   | 400 {'traceId':'t-1','error':'content required'}",
        "{'content':'  '} | 400 {'traceId':'t-1','error':'content required'}",
        "{'content':7}    | 400 {'traceId':'t-1','error':'content required'}",
        "nope             | 400 {'traceId':'t-1','error':'invalid_body'}",
      })
  void anEditNeedsContent(String json, String answer) {
    assertThat(server.patch(anns, "/messages/" + ID, json)).hasToString(answer);
  }

  @Test
  void onlyItsAuthorEditsAMessage() {
    assertThat(server.patch(bobs, "/messages/" + ID, "{'content':'z'}")).hasToString(FORBIDDEN);
    assertThat(server.patch(server.token("root", Role.OWNER), "/messages/" + ID, "{'content':'z'}"))
        .hasToString(FORBIDDEN);
    bob.says("{'type':'edit','userId':'ann','messageId':" + ID + ",'content':'z'}");
    assertThat(bob.hears()).containsExactly("{'type':'error','message':'forbidden'}");
    assertThat(ann.hears()).isEmpty();
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString()).contains("'one'");
  }

  @Test
  void whatIsDeletedIsNotEdited() {
    server.delete(anns, "/messages/" + ID);
    ann.hears();

    assertThat(server.patch(anns, "/messages/" + ID, "{'content':'z'}"))
        .hasToString("409 {'traceId':'t-1','error':'message deleted'}");
    ann.says("{'type':'edit','messageId':" + ID + ",'content':'z'}");
    assertThat(ann.hears()).containsExactly("{'type':'error','message':'message deleted'}");
  }

  @Test
  void anEditThatIsTooLongChangesNothing() {
    String json = "{'content':'" + "x".repeat(4_001) + "'}";

    assertThat(server.patch(anns, "/messages/" + ID, json))
        .hasToString(
            "400 {'traceId':'t-1','error':'content exceeds maximum length of 4000 characters'}");
    ann.says("{'type':'edit','messageId':" + ID + ",'content':'  '}");
    assertThat(ann.hears())
        .containsExactly("{'type':'error','message':'invalid_content: content cannot be empty'}");
  }

  // Deletes.

  private static final String DELETED =
      "'id':134217731,'roomId':'lobby','userId':'ann','deletedAt':'2026-01-31T12:00:02.000Z',"
          + "'hard':false,'version':2,'seq':4}";

  @Test
  void aDeleteByRestIsAnsweredAndHeardAndMayBeRepeated() {
    String answer = "200 {'ok':true,'hard':false,'deletedAt':'2026-01-31T12:00:02.000Z'}";

    assertThat(server.delete(anns, "/messages/" + ID)).hasToString(answer);
    assertThat(bob.hears())
        .containsExactly("{'type':'delete'," + DELETED, "{'type':'message_deleted'," + DELETED);
    server.time.pass(1_000);
    assertThat(server.delete(anns, "/messages/" + ID)).hasToString(answer);
    assertThat(bob.hears()).isEmpty();
    assertThat(server.get(anns, "/api/messages?roomId=lobby"))
        .hasToString("200 {'messages':[],'reactions':{}}");
  }

  @Test
  void aDeleteBySocketIsHeardByAll() {
    ann.says("{'type':'delete','messageId':" + ID + "}");

    assertThat(ann.hears())
        .containsExactly("{'type':'delete'," + DELETED, "{'type':'message_deleted'," + DELETED)
        .isEqualTo(bob.hears());
  }

  @Test
  void onlyItsAuthorDeletesAMessage() {
    assertThat(server.delete(bobs, "/messages/" + ID)).hasToString(FORBIDDEN);
    bob.says("{'type':'delete','userId':'ann','messageId':" + ID + "}");
    assertThat(bob.hears()).containsExactly("{'type':'error','message':'forbidden'}");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void ownersAndAdminsDeleteForGood() {
    long bobsId = server.says("bob", "lobby", "bobs words").messageId();

    assertThat(server.delete(bobs, "/messages/" + bobsId + "?hard=true"))
        .hasToString("403 {'traceId':'t-1','error':'forbidden_hard_delete_requires_admin'}");
    assertThat(server.delete(server.token("carol"), "/messages/" + bobsId + "?hard=true"))
        .hasToString(FORBIDDEN);
    bob.hears();
    assertThat(server.delete(anns, "/messages/" + bobsId + "?hard=true"))
        .hasToString("200 {'ok':true,'hard':true,'deletedAt':'2026-01-31T12:00:02.001Z'}");
    assertThat(bob.hears().get(0))
        .isEqualTo(
            "{'type':'delete','id':134217732,'roomId':'lobby','userId':'ann',"
                + "'deletedAt':'2026-01-31T12:00:02.001Z','hard':true,'version':2,'seq':5}");
  }

  // Reactions.

  @Test
  void aReactionByRestIsAnsweredAndHeard() {
    String body = "{'emoji':'👍'}";
    String reaction = "'roomId':'lobby','userId':'bob','emoji':'👍','op':'add'}}";

    assertThat(server.post(bobs, "/messages/" + ID + "/reactions", body))
        .hasToString("200 {'ok':true,'reaction':{'messageId':134217731," + reaction);
    assertThat(ann.hears())
        .containsExactly(
            "{'type':'reaction','roomId':'lobby','userId':'bob','messageId':134217731,"
                + "'emoji':'👍','op':'add','seq':4}");
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .endsWith("'reactions':{'134217731':{'👍':1}}}");

    assertThat(server.delete(bobs, "/messages/" + ID + "/reactions", body))
        .hasToString(
            "200 {'ok':true,'reaction':{'messageId':134217731,"
                + reaction.replace("'add'", "'remove'"));
    assertThat(ann.hears())
        .containsExactly(
            "{'type':'reaction','roomId':'lobby','userId':'bob','messageId':134217731,"
                + "'emoji':'👍','op':'remove','seq':5}");
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .endsWith("'reactions':{}}");
  }

  @Test
  void aReactionBySocketIsHeardByAll() {
    bob.says("{'type':'reaction','userId':'bob','messageId':" + ID + ",'emoji':'🔥','op':'add'}");
    bob.says("{'type':'reaction','messageId':" + ID + ",'emoji':'🔥','op':'remove'}");

    assertThat(bob.hears())
        .containsExactly(
            "{'type':'reaction','roomId':'lobby','userId':'bob','messageId':134217731,"
                + "'emoji':'🔥','op':'add','seq':4}",
            "{'type':'reaction','roomId':'lobby','userId':'bob','messageId':134217731,"
                + "'emoji':'🔥','op':'remove','seq':5}")
        .isEqualTo(ann.hears());
  }

  @Test
  void aReactionCountsOncePerUserHoweverOftenItIsSent() {
    for (int i = 0; i < 3; i++) {
      assertThat(server.post(bobs, "/messages/" + ID + "/reactions", "{'emoji':'👍'}").status())
          .isEqualTo(200);
      bob.says("{'type':'reaction','messageId':" + ID + ",'emoji':'👍','op':'add'}");
    }
    server.post(anns, "/messages/" + ID + "/reactions", "{'emoji':'👍'}");

    assertThat(ann.hears("reaction")).hasSize(2);
    assertThat(server.get(anns, "/api/messages?roomId=lobby").toString())
        .endsWith("'reactions':{'134217731':{'👍':2}},'ownReactions':{'134217731':['👍']}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                 | emoji required",
        "{'emoji':7}        | emoji required",
        "{'emoji':null}     | emoji required",
        "{'emoji':['👍']}   | emoji required",
        "{'emoji':'abc'}    | invalid emoji",
        "{'emoji':''}       | invalid emoji",
        "{'emoji':'<b>'}    | invalid emoji",
      })
  void aReactionIsAnEmoji(String json, String error) {
    String answer = "400 {'traceId':'t-1','error':'" + error + "'}";
    assertThat(server.post(bobs, "/messages/" + ID + "/reactions", json)).hasToString(answer);
    assertThat(server.delete(bobs, "/messages/" + ID + "/reactions", json)).hasToString(answer);
    bob.says("{'type':'reaction','messageId':" + ID + "," + json.substring(1));
    assertThat(bob.last())
        .isEqualTo(
            "{'type':'error','message':'"
                + (json.equals("{}") ? "Invalid message format or internal error" : error)
                + "'}");
  }

  @Test
  void aReactionIsAddedOrRemovedAndNothingElse() {
    bob.says("{'type':'reaction','messageId':" + ID + ",'emoji':'👍','op':'flip'}");
    assertThat(bob.hears())
        .containsExactly("{'type':'error','message':'op must be add or remove'}");
    assertThat(ann.hears()).isEmpty();
  }

  // Messages that are not there.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "99999999", "0", "-1", "1.5", "134217729", "134217732", "9007199254740991",
        "9223372036854775807", "99999999999999999999", "abc", "%00", "..", "134217731%20", "+1",
        "0x8000003", "134217731,1", "%D9%A1", "268435459",
      })
  void aMessageThatIsNotThereIsNotFound(String id) {
    assertThat(server.patch(anns, "/messages/" + id, "{'content':'z'}")).hasToString(NOT_FOUND);
    assertThat(server.delete(anns, "/messages/" + id)).hasToString(NOT_FOUND);
    assertThat(server.post(anns, "/messages/" + id + "/reactions", "{'emoji':'👍'}"))
        .hasToString(NOT_FOUND);
    assertThat(server.delete(anns, "/messages/" + id + "/reactions", "{'emoji':'👍'}"))
        .hasToString(NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999", "0", "-1", "134217729", "134217732", "9223372036854775807"})
  void aFrameAboutAMessageThatIsNotThereIsTold(String id) {
    ann.says("{'type':'edit','messageId':" + id + ",'content':'z'}");
    ann.says("{'type':'delete','messageId':" + id + "}");
    ann.says("{'type':'reaction','messageId':" + id + ",'emoji':'👍','op':'add'}");
    assertThat(ann.hears())
        .hasSize(3)
        .containsOnly("{'type':'error','message':'message not found'}");
    ann.says("{'type':'read','messageId':" + id + "}");
    assertThat(ann.hears()).allMatch(f -> f.contains("message not found") || f.contains("'read'"));
    assertThat(bob.hears()).allMatch(f -> f.contains("'read'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "1.5", "'abc'", "[]", "{}", "true", "1e3", "''", "99999999999999999999"})
  void aFrameWithoutAMessageIdIsTold(String id) {
    for (String type : new String[] {"edit", "delete", "reaction", "read"}) {
      ann.says("{'type':'" + type + "','messageId':" + id + ",'content':'z','emoji':'👍'}");
      assertThat(ann.hears()).containsExactly("{'type':'error','message':'messageId required'}");
    }
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void anIdMayComeAsAStringOfDigitsAndGoesOutAsANumber() {
    ann.says("{'type':'edit','messageId':'" + ID + "','content':'two'}");

    assertThat(ann.hears().get(0)).startsWith("{'type':'edit','id':134217731,");
  }

  // Reading.

  @Test
  void readingIsHeardOnBothPaths() {
    String read =
        "{'type':'read','roomId':'lobby','userId':'bob','messageId':134217731,"
            + "'createdAt':'2026-01-31T12:00:02.000Z'}";

    assertThat(server.post(bobs, "/rooms/lobby/read", "{'messageId':" + ID + "}"))
        .hasToString("200 {'ok':true}");
    assertThat(ann.hears()).containsExactly(read);
    bob.says("{'type':'read','userId':'ann','messageId':" + ID + "}");
    assertThat(ann.hears()).containsExactly(read);
  }

  @Test
  void whatIsReadIsNoLongerUnread() {
    server.says("ann", "lobby", "two");
    assertThat(server.get(bobs, "/rooms").toString()).contains("'unreadCount':2");
    server.post(bobs, "/rooms/lobby/read", "{'messageId':" + ID + "}");
    assertThat(server.get(bobs, "/rooms").toString()).contains("'unreadCount':1");
    bob.says("{'type':'read','messageId':" + (ID + 1) + "}");
    assertThat(server.get(bobs, "/rooms").toString()).contains("'unreadCount':0");
    assertThat(server.get(anns, "/rooms").toString())
        .as("one's own are never unread")
        .contains("'unreadCount':0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'messageId':null}", "{'messageId':'x'}", "{'messageId':1.5}"})
  void readingNeedsAMessage(String json) {
    assertThat(server.post(bobs, "/rooms/lobby/read", json))
        .hasToString("400 {'traceId':'t-1','error':'messageId required'}");
  }

  @Test
  void aStrangerReadsNothing() {
    assertThat(server.post(server.token("carol"), "/rooms/lobby/read", "{'messageId':" + ID + "}"))
        .hasToString(FORBIDDEN);
    assertThat(ann.hears()).isEmpty();
  }

  // Typing.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'isTyping':true,'intent':'composing','partialText':'hel' | true  | composing",
        "'isTyping':false,'intent':'idle'                         | false | idle",
        "'isTyping':true,'intent':'away'                          | true  | away",
        "'isTyping':true,'intent':'viewing_thread'                | true  | viewing_thread",
        "'isTyping':true,'intent':'zzz'                           | true  | composing",
        "'isTyping':true                                          | true  | composing",
        "'isTyping':false                                         | false | idle",
        "'isTyping':'yes'                                         | false | idle",
        "'userId':'ann','isTyping':true,'intent':7                | true  | composing",
        "'isTyping':true,'intent':'COMPOSING'                     | true  | composing",
      })
  void typingIsHeardByAllWithoutTheText(String fields, boolean typing, String intent) {
    bob.says("{'type':'typing'," + fields + "}");

    assertThat(ann.hears())
        .containsExactly(
            "{'type':'typing','userId':'bob','isTyping':" + typing + ",'intent':'" + intent + "'}")
        .isEqualTo(bob.hears());
  }
}
