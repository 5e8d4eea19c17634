package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending, by REST and by socket, once and again: contract 1.5, 2.3, 2.4. */
class SendingTest {
  private final ChatServer server = ChatServer.withLobby();
  private final Client ann = server.joins("ann", "lobby");
  private final Client bob = server.joins("bob", "lobby");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private Reply post(String user, String json) {
    return server.post(server.token(user), "/messages", json);
  }

  @Test
  void aMessageSentByRestIsAnsweredAndHeardByAll() {
    ann.hears();
    Reply sent =
        post(
            "ann",
            "{'roomId':'lobby','content':'  hi <b>all</b>\\n','replyTo':null,"
                + "'clientMessageId':'cmsg_0000-1'}");
    String message =
        "'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
            + "'content':'hi <b>all</b>','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
            + "'clientMessageId':'cmsg_0000-1','mentions':[],'preview':null,'attachments':[],"
            + "'seq':3,'version':1}";

    assertThat(sent).hasToString("200 {'message':{" + message + "}");
    assertThat(ann.hears()).containsExactly("{'type':'message'," + message);
    assertThat(bob.hears()).containsExactly("{'type':'message'," + message);
  }

  @Test
  void aMessageSentBySocketIsHeardByAllTheSenderIncluded() {
    ann.hears();
    ann.says(
        "{'type':'message','userId':'ann','content':' hello ','clientMessageId':'cmsg_0000-1',"
            + "'parentId':null,'attachments':[]}");
    String message =
        "{'type':'message','id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
            + "'content':'hello','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
            + "'clientMessageId':'cmsg_0000-1','mentions':[],'preview':null,'attachments':[],"
            + "'seq':3,'version':1}";

    assertThat(ann.hears()).containsExactly(message);
    assertThat(bob.hears()).containsExactly(message);
  }

  @Test
  void aSendWithoutAClientMessageIdHasNone() {
    assertThat(post("ann", "{'roomId':'lobby','content':'x'}").message().keySet())
        .hasToString(
            "[id, roomId, userId, senderId, content, createdAt, parentId, mentions, preview,"
                + " attachments, seq, version]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'short'", "7", "null", "''", "'has space!'", "['cmsg_0001']", "'é1234567'"})
  void aBadClientMessageIdIsIgnored(String id) {
    String json = "{'roomId':'lobby','content':'x','clientMessageId':" + id + "}";

    assertThat(post("ann", json).message().containsKey("clientMessageId")).isFalse();
    assertThat(post("ann", json).messageId()).isEqualTo(134217732);
  }

  @Test
  void anAnswerNamesTheMessageItAnswers() {
    long first = server.says("ann", "lobby", "first").messageId();
    Reply answer = post("bob", "{'roomId':'lobby','content':'x','replyTo':" + first + "}");

    assertThat(answer.message().get("parentId")).isEqualTo(first);
    bob.says("{'type':'message','content':'y','parentId':" + first + "}");
    assertThat(ann.hears("message"))
        .filteredOn(frame -> frame.contains("'content':'y'"))
        .singleElement()
        .asString()
        .contains("'parentId':" + first + ",");
  }

  @Test
  void anAnswerToAMessageOfAnotherRoomIsRefused() {
    server.room("other", "group", "ann");
    long foreign = server.says("ann", "other", "elsewhere").messageId();

    assertThat(post("ann", "{'roomId':'lobby','content':'x','replyTo':" + foreign + "}"))
        .hasToString("404 {'traceId':'t-1','error':'message not found'}");
    ann.says("{'type':'message','content':'x','parentId':" + foreign + "}");
    assertThat(ann.last()).isEqualTo("{'type':'error','message':'message not found'}");
  }

  @Test
  void filesAreKeptIfTheWebHasThem() {
    Reply sent =
        post(
            "ann",
            "{'roomId':'lobby','content':'files','attachments':["
                + "{'kind':'image','url':'https://cdn.example/x.png','name':'x.png',"
                + "'sizeBytes':10,'contentType':'image/png'},"
                + "{'url':'javascript:alert(1)'},{'url':'ftp://x'},{'url':7},{},null,'https://x',"
                + "{'url':'https://x y'},{'url':'http://cdn.example/big','sizeBytes':99999999999},"
                + "{'url':'https://cdn.example/odd','sizeBytes':-5,'kind':7,'name':{}}]}");

    assertThat(sent.toString())
        .contains(
            "'attachments':[{'kind':'image','url':'https://cdn.example/x.png','name':'x.png',"
                + "'sizeBytes':10,'contentType':'image/png'},"
                + "{'kind':'file','url':'http://cdn.example/big','name':null,"
                + "'sizeBytes':10485760,'contentType':null},"
                + "{'kind':'file','url':'https://cdn.example/odd','name':null,"
                + "'sizeBytes':0,'contentType':null}]");
  }

  @Test
  void moreThanTenFilesAreRefused() {
    String file = "{'url':'https://x.example/a'}";
    String files = (file + ",").repeat(10) + file;

    assertThat(post("ann", "{'roomId':'lobby','content':'x','attachments':[" + files + "]}"))
        .hasToString("409 {'traceId':'t-1','error':'limit_reached: more than 10 attachments'}");
  }

  @Test
  void membersAreMentionedAndOthersAreNot() {
    Reply sent =
        post("ann", "{'roomId':'lobby','content':'@bob and @bob, @carol, @ann! mail@bob.example'}");

    assertThat(sent.message().get("mentions")).hasToString("[ann, bob]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'content':'x'}                       | roomId required: must be 1-128 chars, "
            + "alphanumeric with _ -",
        "{'roomId':'a b','content':'x'}        | roomId required: must be 1-128 chars, "
            + "alphanumeric with _ -",
        "{'roomId':7,'content':'x'}            | roomId required: must be 1-128 chars, "
            + "alphanumeric with _ -",
        "{'roomId':'lobby'}                    | content must be a string",
        "{'roomId':'lobby','content':null}     | content must be a string",
        "{'roomId':'lobby','content':7}        | content must be a string",
        "{'roomId':'lobby','content':['x']}    | content must be a string",
        "{'roomId':'lobby','content':''}       | content cannot be empty",
        "{'roomId':'lobby','content':' \\n\\t'}| content cannot be empty",
        "nope                                  | invalid_body",
        "[]                                    | invalid_body",
        "{'roomId':'lobby','content':'x'       | invalid_body",
      })
  void aSendThatMakesNoSenseIsTold(String json, String error) {
    assertThat(post("ann", json)).hasToString("400 {'traceId':'t-1','error':'" + error + "'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'message'}                  | invalid_content: content must be a string",
        "{'type':'message','content':7}      | invalid_content: content must be a string",
        "{'type':'message','content':''}     | invalid_content: content cannot be empty",
        "{'type':'message','content':'  '}   | invalid_content: content cannot be empty",
        "nope                                | Invalid message format or internal error",
        "{'type':'zzz'}                      | unknown_event_type",
        "{}                                  | unknown_event_type",
        "{'type':7}                          | unknown_event_type",
      })
  void aFrameThatMakesNoSenseIsTold(String json, String error) {
    ann.hears();
    ann.says(json);

    assertThat(ann.hears()).containsExactly("{'type':'error','message':'" + error + "'}");
    assertThat(ann.isOpen()).isTrue();
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void contentHas4000CharactersAtMostAfterTrimming() {
    String longest = "x".repeat(4_000);

    assertThat(post("ann", "{'roomId':'lobby','content':'  " + longest + "  '}").status())
        .isEqualTo(200);
    assertThat(post("ann", "{'roomId':'lobby','content':'" + longest + "y'}"))
        .hasToString(
            "400 {'traceId':'t-1',"
                + "'error':'content exceeds maximum length of 4000 characters'}");
    ann.says("{'type':'message','content':'" + longest + "y'}");
    assertThat(ann.last())
        .isEqualTo(
            "{'type':'error','message':'invalid_content: content exceeds maximum length of 4000"
                + " characters'}");
  }

  @Test
  void aRefusedSendNamesTheSendThatWasMeant() {
    ann.hears();
    ann.says("{'type':'message','content':' ','clientMessageId':'cmsg_0000-1'}");
    ann.says("{'type':'message','content':7,'clientMessageId':'cmsg_0000-2'}");

    assertThat(ann.hears())
        .containsExactly(
            "{'type':'error','message':'invalid_content: content cannot be empty',"
                + "'clientMessageId':'cmsg_0000-1'}",
            "{'type':'error','message':'invalid_content: content must be a string',"
                + "'clientMessageId':'cmsg_0000-2'}");
  }

  @Test
  void aRoomOneIsNoMemberOfIsForbiddenAsOneThatIsNot() {
    String forbidden = "403 {'traceId':'t-1','error':'forbidden'}";

    assertThat(server.says("carol", "lobby", "x")).hasToString(forbidden);
    assertThat(server.says("carol", "nowhere", "x")).hasToString(forbidden);
    assertThat(server.says("ann", "nowhere", "x")).hasToString(forbidden);
    assertThat(server.post(null, "/messages", "{}")).hasToString("401 Unauthorized");
  }

  @Test
  void anybodyOfTheProjectSpeaksInAPublicRoom() {
    server.room("plaza", "public", "ann");

    assertThat(server.says("carol", "plaza", "walk-in").status()).isEqualTo(200);
  }

  @Test
  void inAnAnnouncementRoomOnlyModeratorsSpeak() {
    server.room("news", "announcement", "ann", "bob");
    String mods = "{'userId':'mia','role':'mod'}";
    assertThat(server.post(server.token("ann"), "/rooms/news/members", mods).status())
        .isEqualTo(200);
    Client reader = server.joins("bob", "news");

    assertThat(server.says("bob", "news", "no"))
        .hasToString(
            "403 {'traceId':'t-1','error':'announcement_read_only',"
                + "'code':'announcement_read_only','roomType':'announcement'}");
    reader.says("{'type':'message','content':'no','clientMessageId':'cmsg_0000-1'}");
    assertThat(reader.hears())
        .containsExactly(
            "{'type':'error','message':'announcement_read_only',"
                + "'clientMessageId':'cmsg_0000-1'}");
    assertThat(server.says("ann", "news", "hear ye").status()).isEqualTo(200);
    assertThat(server.says("mia", "news", "me too").status()).isEqualTo(200);
    assertThat(reader.hears()).hasSize(2);
    long id = server.says("ann", "news", "react to this").messageId();
    String react = "/messages/" + id + "/reactions";
    assertThat(server.post(server.token("bob"), react, "{'emoji':'👍'}").status()).isEqualTo(200);
  }

  // The same send again is the same message, for ever.

  @Test
  void aSendByRestThatIsRepeatedIsAnsweredWithTheFirstMessageAndToldToNobody() {
    String json = "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}";
    post("ann", json);
    bob.hears();
    server.time.pass(5_000);
    Reply again = post("ann", json.replace("once", "twice"));

    assertThat(again)
        .hasToString(
            "200 {'message':{'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'once','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
                + "'editedAt':null,'deletedAt':null,'expiresAt':null,'kind':'text',"
                + "'visibility':'room','clientMessageId':'cmsg_0000-1','seq':3,'version':1,"
                + "'mentions':[],'attachments':[]}}");
    assertThat(bob.hears()).isEmpty();
    assertThat(server.says("ann", "lobby", "next").messageId()).isEqualTo(134217732);
  }

  @Test
  void aSendBySocketThatIsRepeatedIsEchoedToTheSenderAlone() {
    String json = "{'type':'message','content':'once','clientMessageId':'cmsg_0000-1'}";
    ann.says(json);
    String first = ann.last();
    bob.hears();
    ann.says(json.replace("once", "twice"));

    assertThat(ann.hears()).containsExactly(first);
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void aSendMayBeRepeatedOnTheOtherPath() {
    ann.says("{'type':'message','content':'once','clientMessageId':'cmsg_0000-1'}");
    bob.hears();
    String json = "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}";
    assertThat(post("ann", json).messageId()).isEqualTo(134217731);

    post("ann", json.replace("0000-1", "0000-2"));
    bob.hears();
    ann.hears();
    ann.says("{'type':'message','content':'once','clientMessageId':'cmsg_0000-2'}");
    assertThat(ann.last()).contains("'id':134217732,");
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void aSendMayBeRepeatedAfterARestart() {
    ann.says("{'type':'message','content':'once','clientMessageId':'cmsg_0000-1'}");
    post("bob", "{'roomId':'lobby','content':'bobs','clientMessageId':'cmsg_0000-1'}");
    ChatServer next = ChatServer.setup().store(server.store).startsAfterMs(3_600_000).start();
    Client reader = next.joins("bob", "lobby");

    Reply again =
        next.post(
            next.token("ann"),
            "/messages",
            "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}");
    assertThat(again.message())
        .extracting("id", "seq", "content", "userId")
        .containsExactly(134217731L, 3L, "once", "ann");
    reader.says("{'type':'message','content':'bobs','clientMessageId':'cmsg_0000-1'}");
    assertThat(reader.hears()).hasSize(1).allMatch(frame -> frame.contains("'id':134217732,"));
    assertThat(next.says("ann", "lobby", "new").messageId()).isEqualTo(134217733);
  }

  @Test
  void aSendMayBeRepeatedWhenTheRoomHasLongForgottenIt() {
    String json = "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}";
    long first = post("ann", json).messageId();
    for (int i = 0; i < 1_300; i++) {
      String other = "{'roomId':'lobby','content':'x','clientMessageId':'cmsg_other-" + i + "'}";
      assertThat(post("bob", other).status()).isEqualTo(200);
    }

    assertThat(post("ann", json).messageId()).isEqualTo(first);
  }

  @Test
  void aRepeatedSendShowsTheMessageAsItStandsNow() {
    String json = "{'roomId':'lobby','content':'once','clientMessageId':'cmsg_0000-1'}";
    long id = post("ann", json).messageId();
    server.patch(server.token("ann"), "/messages/" + id, "{'content':'edited'}");
    assertThat(post("ann", json).message())
        .extracting("content", "version", "seq")
        .containsExactly("edited", 2L, 3L);

    server.delete(server.token("ann"), "/messages/" + id);
    assertThat(post("ann", json).message())
        .extracting("id", "content", "deletedAt")
        .containsExactly(id, "", "2026-01-31T12:00:01.002Z");
  }

  // One order, whatever the path.

  @Test
  void allPathsAreOneOrderWithSeqsThatHaveNoGap() {
    ann.hears();
    for (int i = 0; i < 40; i++) {
      switch (i % 4) {
        case 0 -> ann.says("{'type':'message','content':'s" + i + "'}");
        case 1 -> server.says("bob", "lobby", "r" + i);
        case 2 -> bob.says("{'type':'message','content':'s" + i + "'}");
        default -> {
          server
              .fluxy
              .room(new RoomId("acme", "lobby"))
              .post(User.named("ann"), Draft.text("h" + i));
          server.time.settle();
        }
      }
    }
    var frames = ann.hears("message");

    assertThat(frames).hasSize(40).isEqualTo(bob.hears("message"));
    for (int i = 0; i < 40; i++) {
      assertThat(frames.get(i)).contains("'id':" + (134217731 + i)).contains("'seq':" + (3 + i));
    }
    assertThat(frames.stream().map(SendingTest::createdAt).toList())
        .as("created at rises strictly, though the clock stands still")
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void createdAtRisesAcrossARestartOfAServerWhoseClockIsBehind() {
    String first = createdAt(server.says("ann", "lobby", "one").toString());
    ChatServer next = ChatServer.setup().store(server.store).start();
    next.time.clock("2026-01-01T00:00:00Z");
    String second =
        createdAt(
            next.post(
                    Jwt.acme().claim("exp", "1800000000").sign(),
                    "/messages",
                    "{'roomId':'lobby','content':'two'}")
                .toString());

    assertThat(second).isEqualTo("2026-01-31T12:00:01.001Z").isGreaterThan(first);
  }

  private static String createdAt(String frame) {
    return frame.replaceAll(".*'createdAt':'([^']*)'.*", "$1");
  }
}
