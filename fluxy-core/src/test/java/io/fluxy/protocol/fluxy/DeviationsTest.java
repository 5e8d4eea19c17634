package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where FluxyChat's own server is wrong and we are not: the quirks of the contract, each held by a
 * test.
 */
class DeviationsTest {
  private static final String FORBIDDEN = "403 {'traceId':'t-1','error':'forbidden'}";

  private final ChatServer server = ChatServer.withLobby();
  private final Client ann = server.joins("ann", "lobby");
  private final Client bob = server.joins("bob", "lobby");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void whoSpeaksIsWhoTheTokenNamesWhateverAFrameSays() {
    ann.hears();
    bob.says(
        "{'type':'message','userId':'ann','senderId':'ann','roles':['owner'],'content':'spoof'}");

    assertThat(ann.last()).contains("'userId':'bob','senderId':'bob','content':'spoof'");
    bob.says("{'type':'typing','userId':'ann','isTyping':true}");
    assertThat(ann.last()).startsWith("{'type':'typing','userId':'bob'");
    bob.says("{'type':'reaction','userId':'ann','messageId':134217731,'emoji':'👍','op':'add'}");
    assertThat(ann.last()).contains("'userId':'bob','messageId':134217731");
    bob.says("{'type':'read','userId':'ann','messageId':134217731}");
    assertThat(ann.last()).contains("'userId':'bob','messageId':134217731");
  }

  @Test
  void whoSpeaksIsWhoTheTokenNamesWhateverABodySays() {
    Reply sent =
        server.post(
            server.token("bob"),
            "/messages",
            "{'roomId':'lobby','content':'x','userId':'ann','senderId':'ann','projectId':'globex'}");

    assertThat(sent.message().get("userId")).isEqualTo("bob");
    assertThat(sent.message().get("senderId")).isEqualTo("bob");
  }

  @Test
  void aFrameNeedsNoUserId() {
    ann.hears();
    ann.says("{'type':'message','content':'no user id'}");

    assertThat(ann.hears()).hasSize(1).allMatch(frame -> frame.startsWith("{'type':'message'"));
  }

  @Test
  void theServerNamesNumbersAndDatesMessagesWhateverAClientSays() {
    String fake =
        "'id':424242,'seq':99,'version':7,'createdAt':'1999-01-01T00:00:00.000Z',"
            + "'editedAt':'1999-01-01T00:00:00.000Z','mentions':['ann'],'content':'fake'}";
    ann.says("{'type':'message'," + fake);
    String real =
        "'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann','content':'fake',"
            + "'createdAt':'2026-01-31T12:00:01.000Z'";

    assertThat(bob.last())
        .startsWith("{'type':'message'," + real)
        .contains("'mentions':[]")
        .contains("'seq':3,'version':1}");
    assertThat(server.post(server.token("ann"), "/messages", "{'roomId':'lobby'," + fake).message())
        .extracting("id", "seq", "version", "createdAt")
        .containsExactly(134217732L, 4L, 1L, "2026-01-31T12:00:01.001Z");
  }

  @Test
  void aSocketSpeaksInItsOwnRoomWhateverRoomAFrameNames() {
    server.room("other", "group", "ann", "bob");
    Client elsewhere = server.joins("bob", "other");
    long foreign = server.says("ann", "other", "there").messageId();
    elsewhere.hears();
    bob.hears();
    ann.says("{'type':'message','roomId':'other','content':'here'}");

    assertThat(bob.last()).contains("'roomId':'lobby'").contains("'content':'here'");
    ann.says("{'type':'edit','roomId':'other','messageId':" + foreign + ",'content':'no'}");
    assertThat(ann.last()).isEqualTo("{'type':'error','message':'message not found'}");
    ann.says("{'type':'delete','roomId':'other','messageId':" + foreign + "}");
    assertThat(ann.last()).isEqualTo("{'type':'error','message':'message not found'}");
    assertThat(elsewhere.hears()).isEmpty();
  }

  @Test
  void aClientMessageIdIsItsUsersOwn() {
    String json = "{'roomId':'lobby','content':'%s','clientMessageId':'cmsg_0000-1'}";
    Reply anns = server.post(server.token("ann"), "/messages", json.formatted("anns"));
    Reply bobs = server.post(server.token("bob"), "/messages", json.formatted("bobs"));

    assertThat(bobs.messageId()).isNotEqualTo(anns.messageId());
    assertThat(bobs.message().get("content")).isEqualTo("bobs");
    assertThat(ann.hears("message")).hasSize(2);
  }

  @Test
  void aClientMessageIdIsItsRoomsOwn() {
    server.room("other", "group", "ann");
    String json = "{'roomId':'%s','content':'x','clientMessageId':'cmsg_0000-1'}";
    Reply here = server.post(server.token("ann"), "/messages", json.formatted("lobby"));
    Reply there = server.post(server.token("ann"), "/messages", json.formatted("other"));

    assertThat(there.messageId()).isNotEqualTo(here.messageId());
    assertThat(there.message().get("roomId")).isEqualTo("other");
  }

  @Test
  void aRepeatedSendIsNotToldAgainAndChangesNoText() {
    ann.says("{'type':'message','content':'first','clientMessageId':'cmsg_0000-1'}");
    bob.hears();
    ann.says("{'type':'message','content':'second','clientMessageId':'cmsg_0000-1'}");

    assertThat(bob.hears()).isEmpty();
    assertThat(server.get(server.token("bob"), "/api/messages?roomId=lobby").toString())
        .contains("'first'")
        .doesNotContain("second");
  }

  @Test
  void anEditByAnotherIsRefusedAndToldToNobody() {
    long id = server.says("ann", "lobby", "anns").messageId();
    ann.hears();
    bob.hears();
    bob.says("{'type':'edit','userId':'ann','messageId':" + id + ",'content':'bobs'}");

    assertThat(bob.hears()).containsExactly("{'type':'error','message':'forbidden'}");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void makingARoomThatIsThereMakesNobodyItsOwner() {
    String json = "{'id':'lobby','name':'Sneak','type':'group'}";

    assertThat(server.post(server.token("bob"), "/rooms", json))
        .as("a member gets the room that is there")
        .hasToString(
            "200 {'room':{'id':'lobby','type':'group','name':'The lobby',"
                + "'created_at':'2026-01-31T12:00:00.000Z'}}");
    assertThat(server.post(server.token("eve"), "/rooms", json))
        .hasToString("409 {'traceId':'t-1','error':'room_id_already_exists'}");
    assertThat(server.get(server.token("ann"), "/rooms/lobby/members").toString())
        .contains("{'userId':'bob','role':'member'")
        .doesNotContain("eve");
    assertThat(server.get(server.token("eve"), "/rooms/lobby")).hasToString(FORBIDDEN);
  }

  @Test
  void idsAreNumbersOnEveryPath() {
    long id = server.says("ann", "lobby", "x").messageId();
    String token = server.token("ann");
    List<String> all = new ArrayList<>();
    all.add(server.patch(token, "/messages/" + id, "{'content':'y'}").toString());
    all.add(server.post(token, "/messages/" + id + "/reactions", "{'emoji':'👍'}").toString());
    server.post(token, "/rooms/lobby/read", "{'messageId':'" + id + "'}");
    ann.says("{'type':'edit','messageId':'" + id + "','content':'z'}");
    ann.says("{'type':'reaction','messageId':'" + id + "','emoji':'🔥','op':'add'}");
    all.add(server.get(token, "/api/messages?roomId=lobby").toString());
    server.delete(token, "/messages/" + id);
    all.addAll(bob.hears());
    all.addAll(server.connect(token, "lobby").hears());

    assertThat(all).noneMatch(text -> text.matches(".*'(id|messageId|parentId)':'[0-9]+'.*"));
    assertThat(all).filteredOn(text -> text.contains("'id':" + id)).hasSizeGreaterThan(5);
  }

  @Test
  void whoIsNoMemberPutsNoReactionsEvenKnowingTheId() {
    long id = server.says("ann", "lobby", "x").messageId();
    bob.hears();
    String carol = server.token("carol");

    assertThat(server.post(carol, "/messages/" + id + "/reactions", "{'emoji':'🔥'}"))
        .hasToString(FORBIDDEN);
    assertThat(server.patch(carol, "/messages/" + id, "{'content':'x'}")).hasToString(FORBIDDEN);
    assertThat(server.delete(carol, "/messages/" + id)).hasToString(FORBIDDEN);
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void aMessageSentByRestHasASeqLikeAnyOther() {
    ann.says("{'type':'message','content':'socket'}");
    Reply rest = server.says("bob", "lobby", "rest");

    assertThat(rest.message().get("seq")).isEqualTo(4L);
    assertThat(ann.hears("message")).hasSize(2).allMatch(frame -> frame.contains("'seq':"));
  }

  /**
   * Until there are whispers and messages that expire, none may go out as a plain message to all.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'visibility':'whisper'",
        "'visibility':'role:king'",
        "'visibility':'x'",
        "'visibility':7",
        "'visibility':['whisper']",
        "'visibleTo':['ann']",
        "'visibleTo':[]",
        "'expiresInSeconds':59",
        "'expiresInSeconds':604801",
        "'expiresInSeconds':'soon'",
        "'expiresInSeconds':-1",
        "'expiresAt':'2020-02-01T00:00:00.000Z'",
        "'expiresAt':'soon'",
        "'expiresAt':7",
      })
  void whatNarrowsWhoMayReadIsNotIgnored(String fields) {
    bob.hears();
    ann.hears();
    Reply rest =
        server.post(
            server.token("ann"), "/messages", "{'roomId':'lobby','content':'psst'," + fields + "}");
    ann.says("{'type':'message','content':'psst','clientMessageId':'cmsg_0000-1'," + fields + "}");

    assertThat(rest.status()).isEqualTo(400);
    assertThat(ann.hears())
        .hasSize(1)
        .allMatch(frame -> frame.startsWith("{'type':'error'"))
        .allMatch(frame -> frame.endsWith(",'clientMessageId':'cmsg_0000-1'}"));
    assertThat(bob.hears()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'visibility':'room'", "'visibility':'all'", "'visibility':null"})
  void whatIsForAllIsFine(String field) {
    String json = "{'roomId':'lobby','content':'hi'," + field + "}";

    assertThat(server.post(server.token("ann"), "/messages", json).status()).isEqualTo(200);
  }

  @Test
  void aModeratorThatIsMintedAsModPasses() {
    Reply minted =
        server
            .call("POST", "/auth/token")
            .key(ChatServer.ACME_KEY)
            .json("{'userId':'mia','roles':['mod']}")
            .now();
    server.room("news", "announcement", "ann", "mia");

    assertThat(
            server
                .post(minted.token(), "/messages", "{'roomId':'news','content':'I may'}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void anOddLimitIsAnErrorOfTheClientAndNotEverything() {
    assertThat(server.get(server.token("ann"), "/api/messages?roomId=lobby&limit=-1").status())
        .isEqualTo(400);
    assertThat(server.get(server.token("ann"), "/api/messages?roomId=lobby&limit=abc").status())
        .isEqualTo(400);
  }

  // Tenants.

  @Test
  void twoProjectsMayHaveTheSameRoomUsersAndClientMessageIds() {
    String theirs = server.token("globex", "ann", 3_600);
    assertThat(
            server.post(
                theirs,
                "/rooms",
                "{'id':'lobby','name':'Globex','type':'group','members':[{'userId':'bob'}]}"))
        .hasToString(
            "200 {'room':{'id':'lobby','type':'group','name':'Globex',"
                + "'created_at':'2026-01-31T12:00:01.000Z'}}");
    Client globex = server.connect(theirs, "lobby");
    globex.hears();
    bob.hears();
    String json = "{'roomId':'lobby','content':'%s','clientMessageId':'cmsg_0000-1'}";
    Reply here = server.post(server.token("ann"), "/messages", json.formatted("acmes"));
    Reply there = server.post(theirs, "/messages", json.formatted("globexes"));

    assertThat(there.message().get("content")).isEqualTo("globexes");
    assertThat(there.messageId()).as("ids are the project's own").isEqualTo(here.messageId());
    assertThat(globex.hears()).hasSize(1).allMatch(frame -> frame.contains("globexes"));
    assertThat(bob.hears()).hasSize(1).allMatch(frame -> frame.contains("acmes"));
    assertThat(server.get(theirs, "/api/messages?roomId=lobby").toString())
        .contains("globexes")
        .doesNotContain("acmes");
    assertThat(server.get(theirs, "/rooms").toString())
        .contains("Globex")
        .doesNotContain("The lobby");
    assertThat(server.get(theirs, "/rooms/lobby/live").toString()).contains("'online':1");
  }

  @Test
  void anotherProjectsOwnerWithTheSameNameGetsNothing() {
    long id = server.says("ann", "lobby", "acmes own").messageId();
    String eve = server.token("globex", "ann", 3_600, Role.OWNER);
    ann.hears();

    assertThat(server.knock("/ws/room/lobby?token=" + eve).status()).isEqualTo(403);
    assertThat(server.get(eve, "/rooms/lobby/stream").status()).isEqualTo(403);
    assertThat(server.get(eve, "/api/messages?roomId=lobby")).hasToString(FORBIDDEN);
    assertThat(server.get(eve, "/rooms/lobby")).hasToString(FORBIDDEN);
    assertThat(server.get(eve, "/rooms/lobby/members")).hasToString(FORBIDDEN);
    assertThat(server.get(eve, "/rooms/lobby/live")).hasToString(FORBIDDEN);
    assertThat(server.get(eve, "/rooms")).hasToString("200 {'rooms':[]}");
    assertThat(server.post(eve, "/messages", "{'roomId':'lobby','content':'x'}"))
        .hasToString(FORBIDDEN);
    assertThat(server.post(eve, "/rooms/lobby/members", "{'userId':'eve'}")).hasToString(FORBIDDEN);
    assertThat(server.delete(eve, "/rooms/lobby/members/bob")).hasToString(FORBIDDEN);
    assertThat(server.post(eve, "/rooms/lobby/read", "{'messageId':" + id + "}"))
        .hasToString(FORBIDDEN);
    String missing = "404 {'traceId':'t-1','error':'message not found'}";
    assertThat(server.patch(eve, "/messages/" + id, "{'content':'x'}")).hasToString(missing);
    assertThat(server.delete(eve, "/messages/" + id + "?hard=true")).hasToString(missing);
    assertThat(server.post(eve, "/messages/" + id + "/reactions", "{'emoji':'👍'}"))
        .hasToString(missing);
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void aMessageIdOfAnotherProjectIsOnesOwnOrNone() {
    long id = server.says("ann", "lobby", "acmes").messageId();
    String eve = server.token("globex", "ann", 3_600);
    server.post(eve, "/rooms", "{'id':'cave','name':'Cave','type':'group'}");
    server.time.pass(1_000);
    Client cave = server.connect(eve, "cave");
    cave.hears();
    ann.hears();

    assertThat(server.patch(eve, "/messages/" + id, "{'content':'mine'}").status()).isEqualTo(404);
    cave.says("{'type':'edit','messageId':" + id + ",'content':'mine'}");
    assertThat(cave.last()).isEqualTo("{'type':'error','message':'message not found'}");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void aTokenSignedByAnotherProjectNamesNobodyHere() {
    String forged = Jwt.acme().key(ChatServer.GLOBEX_SECRET).sign();

    assertThat(server.get(forged, "/rooms")).hasToString("401 Unauthorized");
    assertThat(server.knock("/ws/room/lobby?token=" + forged)).hasToString("401 Unauthorized");
  }
}
