package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Making rooms, finding them, and who is in them: contract 1.4. */
class RoomsTest {
  private static final String FORBIDDEN = "403 {'traceId':'t-1','error':'forbidden'}";

  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void whoeverMakesARoomOwnsIt() {
    assertThat(
            server.post(
                bobs,
                "/rooms",
                "{'id':'den','name':' The den ','type':'group',"
                    + "'members':[{'userId':'carol'},{'userId':'dave','role':'moderator'},"
                    + "{'userId':'bob','role':'guest'}]}"))
        .hasToString(
            "200 {'room':{'id':'den','type':'group','name':'The den',"
                + "'created_at':'2026-01-31T12:00:01.000Z'}}");
    String rest = ",'notifyEnabled':true,'preferences':{}}";
    assertThat(server.get(bobs, "/rooms/den/members"))
        .hasToString(
            "200 {'members':["
                + "{'userId':'bob','role':'owner','joinedAt':'2026-01-31T12:00:01.000Z'"
                + rest
                + ",{'userId':'carol','role':'member','joinedAt':'2026-01-31T12:00:01.001Z'"
                + rest
                + ",{'userId':'dave','role':'moderator','joinedAt':'2026-01-31T12:00:01.002Z'"
                + rest
                + "]}");
  }

  @Test
  void aRoomWithoutAnIdGetsOne() {
    Reply made = server.post(anns, "/rooms", "{'name':'x','type':'dm'}");

    assertThat(made.toString())
        .matches(
            "200 \\{'room':\\{'id':'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}','type':'dm',"
                + "'name':'x','created_at':'2026-01-31T12:00:01.000Z'}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'group'}                   | name must be a string",
        "{'name':7,'type':'group'}          | name must be a string",
        "{'name':'','type':'group'}         | name cannot be empty",
        "{'name':' \\t','type':'group'}     | name cannot be empty",
        "{'name':'x'}        | type must be one of: dm, group, public, announcement",
        "{'name':'x','type':'zzz'} | type must be one of: dm, group, public, announcement",
        "{'name':'x','type':'GROUP'} | type must be one of: dm, group, public, announcement",
        "{'name':'x','type':7} | type must be one of: dm, group, public, announcement",
        "{'name':'x','type':'group','id':'has space'} "
            + "| id must be 1-128 chars, alphanumeric with _ -",
        "{'name':'x','type':'group','id':7} | id must be 1-128 chars, alphanumeric with _ -",
        "{'name':'x','type':'group','id':''} | id must be 1-128 chars, alphanumeric with _ -",
        "{'name':'x','type':'group','members':[{}]} "
            + "| members must have a userId of 1-128 chars, alphanumeric with _ -",
        "{'name':'x','type':'group','members':['bob']} "
            + "| members must have a userId of 1-128 chars, alphanumeric with _ -",
        "{'name':'x','type':'group','members':[{'userId':'a b'}]} "
            + "| members must have a userId of 1-128 chars, alphanumeric with _ -",
        "{'name':'x','type':'group','members':[{'userId':'b','role':'king'}]} "
            + "| role must be one of: owner, admin, moderator, member, guest, bot",
        "{'name':'x','type':'group','members':[{'userId':'b','role':7}]} "
            + "| role must be one of: owner, admin, moderator, member, guest, bot",
        "nope                               | invalid_body",
        "[]                                 | invalid_body",
      })
  void aRoomThatMakesNoSenseIsTold(String json, String error) {
    assertThat(server.post(anns, "/rooms", json))
        .hasToString("400 {'traceId':'t-1','error':'" + error + "'}");
  }

  @Test
  void aNameHas256CharactersAtMost() {
    String json = "{'type':'group','name':'%s'}";

    assertThat(server.post(anns, "/rooms", json.formatted("x".repeat(256))).status())
        .isEqualTo(200);
    assertThat(server.post(anns, "/rooms", json.formatted("x".repeat(257))))
        .hasToString(
            "400 {'traceId':'t-1','error':'name exceeds maximum length of 256 characters'}");
  }

  @Test
  void aRoomHasAThousandFoundersAtMost() {
    StringBuilder members = new StringBuilder("{'userId':'u0'}");
    for (int i = 1; i < 1_000; i++) {
      members.append(",{'userId':'u").append(i).append("'}");
    }
    String json = "{'name':'x','type':'group','members':[" + members + "]}";

    assertThat(server.post(anns, "/rooms", json))
        .hasToString("400 {'traceId':'t-1','error':'more than 1000 members'}");
  }

  @Test
  void aGuestMakesNoRooms() {
    assertThat(
            server.post(
                server.token("anon_1", Role.GUEST), "/rooms", "{'name':'x','type':'group'}"))
        .hasToString(FORBIDDEN);
  }

  @Test
  void membersSeeTheirRoomsNewestFirst() {
    server.room("plaza", "public", "bob", "ann");
    server.room("private", "group", "bob");
    server.says("bob", "plaza", "unread");
    String pins = ",'pinned_message_id':null,'pinned_at':null,'pinned_by_user_id':null,";
    String plaza =
        "{'id':'plaza','type':'public','name':'The plaza',"
            + "'created_at':'2026-01-31T12:00:01.000Z'"
            + pins
            + "'unreadCount':1}";
    String lobby =
        "{'id':'lobby','type':'group','name':'The lobby','created_at':'2026-01-31T12:00:00.000Z'"
            + pins
            + "'unreadCount':0}";

    assertThat(server.get(anns, "/rooms"))
        .hasToString("200 {'rooms':[" + plaza + "," + lobby + "]}");
    assertThat(server.get(anns, "/rooms?type=public")).hasToString("200 {'rooms':[" + plaza + "]}");
    assertThat(server.get(anns, "/rooms?type=dm")).hasToString("200 {'rooms':[]}");
    assertThat(server.get(server.token("carol"), "/rooms")).hasToString("200 {'rooms':[]}");
    assertThat(server.get(server.token("root", Role.OWNER), "/rooms").toString())
        .contains("'plaza'")
        .contains("'private'")
        .contains("'lobby'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zzz", "", "GROUP", "%00", "group'"})
  void aTypeToListIsOne(String type) {
    assertThat(server.get(anns, "/rooms?type=" + type))
        .hasToString(
            "400 {'traceId':'t-1',"
                + "'error':'type must be one of: dm, group, public, announcement'}");
  }

  @Test
  void aMemberSeesARoomAndAStrangerDoesNotLearnThatItIsThere() {
    assertThat(server.get(bobs, "/rooms/lobby"))
        .hasToString(
            "200 {'room':{'id':'lobby','type':'group','name':'The lobby',"
                + "'created_at':'2026-01-31T12:00:00.000Z','pinned_message_id':null,"
                + "'pinned_at':null,'pinned_by_user_id':null}}");
    for (String route : new String[] {"", "/members", "/live"}) {
      String carol = server.token("carol");
      assertThat(server.get(carol, "/rooms/lobby" + route)).hasToString(FORBIDDEN);
      assertThat(server.get(carol, "/rooms/nowhere" + route)).hasToString(FORBIDDEN);
      assertThat(server.get(carol, "/rooms/no%20where" + route)).hasToString(FORBIDDEN);
      assertThat(server.get(server.token("root", Role.OWNER), "/rooms/nowhere" + route))
          .hasToString(FORBIDDEN);
    }
  }

  @Test
  void ownersAddMembers() {
    Client ann = server.joins("ann", "lobby");
    assertThat(server.post(anns, "/rooms/lobby/members", "{'userId':'dave','role':'moderator'}"))
        .hasToString(
            "200 {'ok':true,'roomId':'lobby','userId':'dave','role':'moderator',"
                + "'e2eRewrapped':false}");
    assertThat(server.post(anns, "/rooms/lobby/members", "{'userId':'dave'}"))
        .hasToString(
            "200 {'ok':true,'roomId':'lobby','userId':'dave','role':'member',"
                + "'e2eRewrapped':false}");
    assertThat(server.joins("dave", "lobby").isOpen()).isTrue();
    assertThat(server.get(anns, "/rooms/lobby/members").toString())
        .contains("{'userId':'dave','role':'member',");
    assertThat(ann.hears()).noneMatch(frame -> frame.contains("error"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                | userId required",
        "{'userId':null}                   | userId required",
        "{'userId':7}                      | userId required",
        "{'userId':'a b'}                  | user id must be 1-128 letters, digits, _ or -",
        "{'userId':'x','role':'king'}      "
            + "| role must be one of: owner, admin, moderator, member, guest, bot",
        "{'userId':'x','role':['member']}  "
            + "| role must be one of: owner, admin, moderator, member, guest, bot",
        "nope                              | invalid_body",
      })
  void aMemberThatIsNoneIsNotAdded(String json, String error) {
    assertThat(server.post(anns, "/rooms/lobby/members", json))
        .hasToString("400 {'traceId':'t-1','error':'" + error + "'}");
  }

  @Test
  void membersAndStrangersAddNobodyAndRemoveNobodyElse() {
    for (String token : new String[] {bobs, server.token("carol")}) {
      assertThat(server.post(token, "/rooms/lobby/members", "{'userId':'eve'}"))
          .hasToString(FORBIDDEN);
      assertThat(server.post(token, "/rooms/lobby/members", "{'userId':'bob','role':'owner'}"))
          .hasToString(FORBIDDEN);
      assertThat(server.delete(token, "/rooms/lobby/members/ann")).hasToString(FORBIDDEN);
    }
    assertThat(server.post(anns, "/rooms/nowhere/members", "{'userId':'eve'}"))
        .hasToString(FORBIDDEN);
  }

  @Test
  void ownersRemoveMembersAndMembersLeaveByThemselves() {
    server.post(anns, "/rooms/lobby/members", "{'userId':'dave'}");

    assertThat(server.delete(anns, "/rooms/lobby/members/dave")).hasToString("200 {'ok':true}");
    assertThat(server.delete(anns, "/rooms/lobby/members/dave"))
        .hasToString("404 {'traceId':'t-1','error':'not_a_member'}");
    assertThat(server.delete(bobs, "/rooms/lobby/members/bob")).hasToString("200 {'ok':true}");
    assertThat(server.get(bobs, "/rooms/lobby")).hasToString(FORBIDDEN);
    assertThat(server.delete(anns, "/rooms/nowhere/members/bob")).hasToString(FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%20b", "%00", "..%2Fann", "nobody", "%27--", "%"})
  void nobodyIsRemovedUnderAnOddName(String userId) {
    Reply answer = server.delete(anns, "/rooms/lobby/members/" + userId);

    assertThat(answer.toString())
        .isIn(
            "404 {'traceId':'t-1','error':'not_a_member'}",
            "404 {'traceId':'t-1','error':'not_found'}");
  }

  @Test
  void aRoomHasSoManyMembersAndNoMore() {
    ChatServer small = ChatServer.setup().limits(limits -> limits.membersPerRoomMax(2)).start();
    small.room("lobby", "group", "ann", "bob");

    assertThat(small.post(small.token("ann"), "/rooms/lobby/members", "{'userId':'eve'}"))
        .hasToString("409 {'traceId':'t-1','error':'limit_reached: the room has 2 members'}");
  }
}
