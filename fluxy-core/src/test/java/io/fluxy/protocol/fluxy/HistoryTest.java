package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was said: history, event streams and polling: contract 1.5 and 3. */
class HistoryTest {
  private static final String FORBIDDEN = "403 {'traceId':'t-1','error':'forbidden'}";
  private static final Pattern CONTENT = Pattern.compile("'content':'([^']*)'");

  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private Reply history(String query) {
    return server.get(anns, "/api/messages?roomId=lobby" + query);
  }

  private static List<String> contents(Object answer) {
    return CONTENT.matcher(answer.toString()).results().map(hit -> hit.group(1)).toList();
  }

  private void say(int count) {
    for (int i = 1; i <= count; i++) {
      server.says("ann", "lobby", "m" + i);
    }
  }

  @Test
  void anEmptyRoomHasAnEmptyHistory() {
    assertThat(history("")).hasToString("200 {'messages':[],'reactions':{}}");
  }

  @Test
  void historyIsNewestFirstWithItsReactions() {
    say(1);
    server.post(
        server.token("bob"),
        "/messages",
        "{'roomId':'lobby','content':'two','replyTo':134217731,'clientMessageId':'cmsg_0000-1'}");
    server.post(server.token("bob"), "/messages/134217731/reactions", "{'emoji':'🔥'}");
    server.post(anns, "/messages/134217731/reactions", "{'emoji':'🔥'}");
    server.post(anns, "/messages/134217731/reactions", "{'emoji':'👍'}");

    assertThat(history("&limit=50"))
        .hasToString(
            "200 {'messages':["
                + "{'id':134217732,'roomId':'lobby','userId':'bob','senderId':'bob',"
                + "'content':'two','createdAt':'2026-01-31T12:00:01.001Z','parentId':134217731,"
                + "'editedAt':null,'deletedAt':null,'expiresAt':null,'kind':'text',"
                + "'visibility':'room','clientMessageId':'cmsg_0000-1','seq':4,'version':1,"
                + "'mentions':[],'attachments':[]},"
                + "{'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'m1','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
                + "'editedAt':null,'deletedAt':null,'expiresAt':null,'kind':'text',"
                + "'visibility':'room','seq':3,'version':1,'mentions':[],'attachments':[],"
                + "'replyCount':1,'lastReplyAt':'2026-01-31T12:00:01.001Z',"
                + "'replyUserIds':['bob']}],"
                + "'reactions':{'134217731':{'🔥':2,'👍':1}},"
                + "'ownReactions':{'134217731':['🔥','👍']}}");
  }

  @Test
  void everyReaderIsToldWhichReactionsAreItsOwn() {
    say(3);
    server.post(server.token("bob"), "/messages/134217731/reactions", "{'emoji':'🔥'}");
    server.post(anns, "/messages/134217733/reactions", "{'emoji':'👍'}");
    server.post(anns, "/messages/134217731/reactions", "{'emoji':'👍'}");
    server.post(anns, "/messages/134217731/reactions", "{'emoji':'🔥'}");
    String counts = "'reactions':{'134217733':{'👍':1},'134217731':{'🔥':2,'👍':1}}";

    assertThat(history("&limit=50").toString())
        .endsWith(counts + ",'ownReactions':{'134217733':['👍'],'134217731':['🔥','👍']}}");
    assertThat(server.get(server.token("bob"), "/api/messages?roomId=lobby&limit=50").toString())
        .endsWith(counts + ",'ownReactions':{'134217731':['🔥']}}");
    assertThat(server.connect(server.token("bob"), "lobby").hears("replay").get(0))
        .endsWith("'ownReactions':{'134217731':['🔥']}}");
  }

  @Test
  void theDefaultPageHasFiftyMessages() {
    say(60);

    assertThat(contents(history(""))).hasSize(50).startsWith("m60").endsWith("m11");
  }

  @Test
  void aPageHas500MessagesAtMost() {
    say(510);

    assertThat(contents(history("&limit=500"))).hasSize(500);
    assertThat(contents(history("&limit=999999999"))).hasSize(500);
  }

  @Test
  void pagesThatGoBackByTimeMissNothingAndRepeatNothing() {
    say(137);
    List<String> seen = new ArrayList<>();
    String before = "";
    for (int page = 0; page < 30; page++) {
      String answer = history("&limit=10" + before).toString();
      List<String> contents = contents(answer);
      if (contents.isEmpty()) {
        break;
      }
      seen.addAll(contents);
      String oldest = answer.replaceAll(".*'createdAt':'([^']*)'.*", "$1");
      before = "&before=" + URLEncoder.encode(oldest, StandardCharsets.UTF_8);
    }

    assertThat(seen).hasSize(137).doesNotHaveDuplicates().startsWith("m137").endsWith("m1");
  }

  @Test
  void aTimeBeforeIsStrictAndMayComeInAnyZone() {
    say(3);

    assertThat(contents(history("&before=2026-01-31T12:00:01.002Z"))).containsExactly("m2", "m1");
    assertThat(contents(history("&before=2026-01-31T17:45:01.001%2B05:45"))).containsExactly("m1");
    assertThat(contents(history("&before=2026-01-31T12:00:01.000Z"))).isEmpty();
    assertThat(contents(history("&before=1970-01-01T00:00:00Z"))).isEmpty();
    assertThat(contents(history("&before=2999-01-01T00:00:00Z"))).hasSize(3);
  }

  @Test
  void deletedMessagesAreNotInTheHistory() {
    say(3);
    server.delete(anns, "/messages/134217732");

    assertThat(contents(history(""))).containsExactly("m3", "m1");
    assertThat(contents(history("&limit=2"))).containsExactly("m3", "m1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "abc",
        "1.5",
        "1e3",
        "''",
        "%00",
        "1%27",
        "99999999999",
        "0x10",
        "%D9%A1",
        ""
      })
  void aLimitIsAWholeNumber(String limit) {
    say(2);

    assertThat(history("&limit=" + limit))
        .hasToString("400 {'traceId':'t-1','error':'limit must be a whole number'}");
  }

  @Test
  void aLimitOfNoneIsNone() {
    say(2);

    assertThat(history("&limit=0")).hasToString("200 {'messages':[],'reactions':{}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "1",
        "2026-01-31",
        "2026-01-31T12:00:01",
        "2026-13-31T12:00:01Z",
        "''",
        "%00",
        "1%27%20OR%20%271%27=%271",
        "NaN",
        "+999999999-12-31T23:59:59Z",
        "now",
        "%2B999999999-12-31T23:59:59.999Z",
        "-999999999-01-01T00:00:00Z",
        "",
      })
  void aTimeThatIsNoneIsTold(String before) {
    say(1);
    Reply told = history("&before=" + before);

    assertThat(told.toString())
        .isIn(
            "400 {'traceId':'t-1',"
                + "'error':'before must be a time such as 2026-01-31T12:00:00.000Z'}",
            "200 {'messages':[],'reactions':{}}");
    if (!before.contains("99999")) {
      assertThat(told.status()).isEqualTo(400);
    }
  }

  @Test
  void historyNeedsARoom() {
    assertThat(server.get(anns, "/api/messages"))
        .hasToString("400 {'traceId':'t-1','error':'roomId required'}");
    assertThat(server.get(anns, "/api/messages?roomid=lobby").status()).isEqualTo(400);
    assertThat(server.get(null, "/api/messages?roomId=lobby")).hasToString("401 Unauthorized");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nowhere",
        "",
        "..",
        "lobby%00",
        "lobby%20",
        "lobby'",
        "%27%20OR%201=1--",
        "LOBBY",
        "lobby%2F..",
        "acme/lobby",
        "globex/lobby",
        "%FF%FE",
        "lobby%E2%80%8B",
        "*",
        "%25",
      })
  void aRoomThatIsNotThereIsForbidden(String room) {
    assertThat(server.get(anns, "/api/messages?roomId=" + room)).hasToString(FORBIDDEN);
  }

  @Test
  void aStrangerReadsNoHistory() {
    say(1);

    assertThat(server.get(server.token("carol"), "/api/messages?roomId=lobby"))
        .hasToString(FORBIDDEN);
    assertThat(server.get(server.token("anon_1", Role.GUEST), "/api/messages?roomId=lobby"))
        .hasToString(FORBIDDEN);
    assertThat(contents(server.get(server.token("root", Role.OWNER), "/api/messages?roomId=lobby")))
        .containsExactly("m1");
  }

  @Test
  void ofARepeatedParameterTheFirstCounts() {
    server.room("other", "group", "bob");
    say(3);

    assertThat(contents(history("&roomId=other&limit=1&limit=3"))).containsExactly("m3");
  }

  @Test
  void historyIsTheSameAfterARestart() {
    say(120);
    server.delete(anns, "/messages/134217735");
    server.patch(anns, "/messages/134217736", "{'content':'edited'}");
    server.post(anns, "/messages/134217737/reactions", "{'emoji':'🔥'}");
    Reply before = history("&limit=200");
    ChatServer next = ChatServer.setup().store(server.store).startsAfterMs(60_000).start();

    assertThat(next.get(next.token("ann"), "/api/messages?roomId=lobby&limit=200"))
        .hasToString(before.toString());
  }

  @Test
  void aClientThatPollsSeesWhatASocketHears() {
    Client socket = server.joins("bob", "lobby");
    say(2);
    List<String> heard = socket.hears("message").stream().map(f -> contents(f).get(0)).toList();

    assertThat(heard).containsExactly("m1", "m2");
    for (int i = 0; i < 10; i++) {
      server.time.pass(4_000);
      assertThat(contents(history("&limit=50"))).containsExactly("m2", "m1");
    }
  }

  // Event streams.

  @Test
  void anEventStreamBeginsWithTheHistoryAndGoesOnWithTheFramesOfASocket() {
    say(2);
    Client stream = server.streams(anns, "lobby");

    assertThat(stream.raw().replace('"', '\''))
        .isEqualTo(
            "data: {'type':'history','messages':["
                + "{'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'m1','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
                + "'editedAt':null,'deletedAt':null,'expiresAt':null,'kind':'text',"
                + "'visibility':'room','seq':3,'version':1,'mentions':[],'attachments':[]},"
                + "{'id':134217732,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'m2','createdAt':'2026-01-31T12:00:01.001Z','parentId':null,"
                + "'editedAt':null,'deletedAt':null,'expiresAt':null,'kind':'text',"
                + "'visibility':'room','seq':4,'version':1,'mentions':[],'attachments':[]}]}\n\n");

    Client socket = server.joins("bob", "lobby");
    stream.hears();
    server.says("ann", "lobby", "line\\r\\ndata: {}\\n\\nevent: x\\u2028");
    socket.says("{'type':'typing','isTyping':true}");
    server.patch(anns, "/messages/134217731", "{'content':'edited'}");
    server.delete(anns, "/messages/134217732");
    assertThat(stream.hears()).hasSize(6).isEqualTo(socket.hears());
    assertThat(stream.raw().lines().filter(line -> !line.isEmpty()))
        .allMatch(line -> line.startsWith("data: {\"type\":") || line.matches("id: [5-7]"));
  }

  @Test
  void anEventStreamHasTheHeadersOfOne() {
    Reply open =
        server
            .call("GET", "/rooms/lobby/stream?token=" + anns + "&userId=ann")
            .header("Accept", "text/event-stream")
            .now();

    assertThat(open.response().stream()).isNotNull();
    assertThat(open.header("Content-Type")).contains("text/event-stream");
    assertThat(open.header("Cache-Control")).contains("no-cache");
    assertThat(open.header("X-Trace-Id")).contains("t-1");
  }

  @Test
  void anEventStreamOfAQuietRoomWorksToo() {
    server.time.pass(3_600_000);
    Client stream = server.streams(server.token("ann"), "lobby");

    assertThat(stream.hears()).containsExactly("{'type':'history','messages':[]}");
  }

  @Test
  void anEventStreamIsNobodysPresence() {
    Client bob = server.joins("bob", "lobby");
    Client stream = server.streams(anns, "lobby");

    assertThat(bob.hears()).isEmpty();
    assertThat(server.get(anns, "/rooms/lobby/live").toString()).contains("'online':1,");
    stream.leaves();
    assertThat(bob.hears()).isEmpty();
    server.joins("ann", "lobby");
    assertThat(bob.hears()).hasSize(3);
  }

  @Test
  void anEventStreamIsKeptAliveByCommentsAndNeverEndsByItself() {
    Client stream = server.streams(server.token("acme", "ann", 86_400), "lobby");
    server.time.pass(3_600_000);

    assertThat(stream.isOpen()).isTrue();
    assertThat(stream.raw().split(": heartbeat\n\n", -1).length).isBetween(100, 180);
  }

  @Test
  void anEventStreamTellsFiftyMessagesAtMostFirst() {
    say(60);
    Client stream = server.streams(anns, "lobby");

    assertThat(contents(stream.hears().get(0))).hasSize(50).startsWith("m11").endsWith("m60");
  }

  @ParameterizedTest
  @CsvSource({"text/event-stream, 200", "*/*, 200", "application/json, 406", "text/html, 406"})
  void anEventStreamIsForThoseWhoAcceptOne(String accept, int status) {
    Reply answer =
        server.call("GET", "/rooms/lobby/stream").token(anns).header("Accept", accept).now();

    assertThat(answer.status()).isEqualTo(status);
    if (status == 406) {
      assertThat(answer)
          .hasToString("406 {'traceId':'t-1','error':'Accept: text/event-stream required'}");
    }
  }

  @Test
  void whoDoesNotAcceptAnEventStreamJoinsNoPublicRoomByAsking() {
    server.room("plaza", "public", "ann");
    String dave = server.token("dave");
    server.call("GET", "/rooms/plaza/stream").token(dave).header("Accept", "text/html").now();

    assertThat(server.get(dave, "/rooms")).hasToString("200 {'rooms':[]}");
  }

  @Test
  void anEventStreamIsForMembers() {
    String refused = "403 {'traceId':'t-1','error':'forbidden: user is not a member of this room'}";

    assertThat(server.get(null, "/rooms/lobby/stream")).hasToString("401 Unauthorized");
    assertThat(server.get("junk", "/rooms/lobby/stream")).hasToString("401 Invalid token");
    assertThat(server.get(server.token("carol"), "/rooms/lobby/stream")).hasToString(refused);
    assertThat(server.get(server.token("carol"), "/rooms/nowhere/stream")).hasToString(refused);
    assertThat(server.get(server.token("carol"), "/rooms/lob%20by/stream")).hasToString(refused);
  }
}
