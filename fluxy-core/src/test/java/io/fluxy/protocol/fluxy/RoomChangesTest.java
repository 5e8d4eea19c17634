package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rooms that change and end, conversations of two, guests: contract 1.4. */
class RoomChangesTest {
  private static final String FORBIDDEN = "403 {'traceId':'t-1','error':'forbidden'}";

  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void itsOwnerRenamesARoom() {
    assertThat(server.patch(bobs, "/rooms/lobby", "{'name':'Bar'}")).hasToString(FORBIDDEN);
    assertThat(server.patch(anns, "/rooms/none", "{'name':'Bar'}")).hasToString(FORBIDDEN);
    assertThat(server.patch(anns, "/rooms/lobby", "{'name':'Bar','type':'public'}"))
        .hasToString("200 {'ok':true,'roomId':'lobby'}");

    assertThat(server.get(bobs, "/rooms/lobby").toString())
        .contains("'id':'lobby','type':'public','name':'Bar'");
    assertThat(server.get(bobs, "/rooms").toString()).contains("'name':'Bar'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                  | no fields to update",
        "{'color':'red'}     | no fields to update",
        "{'name':7}          | name must be a string",
        "{'name':' '}        | name cannot be empty",
        "{'type':'x'}        | type must be one of: dm, group, public, announcement",
        "{'type':'dm'}       | a dm stays a dm, and nothing else becomes one",
        "nope                | invalid_body"
      })
  void aChangeThatMakesNoSenseIsTold(String json, String error) {
    assertThat(server.patch(anns, "/rooms/lobby", json))
        .hasToString("400 {'traceId':'t-1','error':'" + error + "'}");
  }

  @Test
  void aDeletedRoomEndsItsConnectionsAndIsAsGoodAsMissing() {
    Client bob = server.joins("bob", "lobby");
    Client stream = server.streams(bobs, "lobby");
    long id = server.says("ann", "lobby", "secret").messageId();
    assertThat(server.delete(bobs, "/rooms/lobby")).hasToString(FORBIDDEN);
    assertThat(server.delete(anns, "/rooms/lobby")).hasToString("200 {'ok':true,'roomId':'lobby'}");

    assertThat(bob.end()).isEqualTo("4001 the room was deleted");
    assertThat(stream.isOpen()).isFalse();
    assertThat(server.get(bobs, "/rooms/lobby")).hasToString(FORBIDDEN);
    assertThat(server.get(bobs, "/api/messages?roomId=lobby")).hasToString(FORBIDDEN);
    assertThat(server.patch(anns, "/messages/" + id, "{'content':'x'}").status()).isIn(403, 404);
    assertThat(server.get(bobs, "/rooms")).hasToString("200 {'rooms':[]}");
    assertThat(server.post(bobs, "/rooms", "{'id':'lobby','name':'Mine','type':'group'}"))
        .hasToString("409 {'traceId':'t-1','error':'room_id_already_exists'}");
  }

  @Test
  void aPairHasOneDmWhoeverAsksFirst() {
    Reply first = server.post(anns, "/rooms/dm", "{'a':'ann','b':'bob'}");
    server.time.pass(1_000);

    assertThat(first.toString())
        .matches(
            "200 \\{'room':\\{'id':'dm-[0-9a-f]{32}','type':'dm','name':'ann:bob',"
                + "'created_at':'2026-01-31T12:00:01.000Z','createdAt':'2026-01-31T12:00:01.000Z'}}");
    assertThat(server.post(bobs, "/rooms/dm", "{'a':'bob','b':'ann'}"))
        .hasToString(first.toString());
    String room =
        first.toString().substring("200 {'room':".length(), first.toString().length() - 1);
    assertThat(server.post(bobs, "/chat/open-dm", "{'userId':'ann'}"))
        .hasToString(
            "200 {'ok':true,'thread':"
                + room.substring(0, room.length() - 1)
                + ",'roomId':'"
                + id(first)
                + "','userId':'ann'},'room':"
                + room
                + "}");
    assertThat(server.says("ann", id(first), "hi").status()).isEqualTo(200);
    assertThat(server.get(server.token("carol"), "/rooms/" + id(first))).hasToString(FORBIDDEN);
  }

  @Test
  void aDmIsForItsTwo() {
    String carols = server.token("carol");
    String boss = server.token("boss", Role.ADMIN);
    assertThat(server.post(carols, "/rooms/dm", "{'a':'ann','b':'bob'}")).hasToString(FORBIDDEN);
    assertThat(server.post(boss, "/rooms/dm", "{'a':'ann','b':'bob'}").status()).isEqualTo(200);
    assertThat(server.post(anns, "/rooms/dm", "{'a':'ann','b':'ann'}"))
        .hasToString("400 {'traceId':'t-1','error':'a dm has two members'}");
    assertThat(server.post(anns, "/rooms/dm", "{'a':'ann'}").status()).isEqualTo(400);
    assertThat(server.post(anns, "/chat/open-dm", "{'userId':'a b'}").status()).isEqualTo(400);
    String guest = server.token("anon_1", Role.GUEST);
    assertThat(server.post(guest, "/chat/open-dm", "{'userId':'ann'}")).hasToString(FORBIDDEN);
  }

  @Test
  void nobodyTakesTheIdOfADmBeforehand() {
    String id = id(server.post(anns, "/rooms/dm", "{'a':'ann','b':'zoe'}"));
    String json = "{'id':'%s','name':'x','type':'group'}";

    assertThat(server.post(server.token("mallory"), "/rooms", json.formatted(id)))
        .hasToString("400 {'traceId':'t-1','error':'id is reserved for the dm of two users'}");
  }

  @Test
  void aPairWhoseDmWasDeletedGetsANewOneAndWhoeverHasLeftIsBackWhenItAsks() {
    String first = id(server.post(anns, "/rooms/dm", "{'a':'ann','b':'bob'}"));
    String boss = server.token("boss", Role.ADMIN);
    assertThat(server.delete(boss, "/rooms/" + first).status()).isEqualTo(200);
    String second = id(server.post(bobs, "/rooms/dm", "{'a':'ann','b':'bob'}"));

    assertThat(second).isEqualTo(first + "-2");
    assertThat(server.delete(anns, "/rooms/" + second + "/members/ann").status()).isEqualTo(200);
    assertThat(server.says("ann", second, "hi")).hasToString(FORBIDDEN);
    assertThat(id(server.post(anns, "/chat/open-dm", "{'userId':'bob'}"))).isEqualTo(second);
    assertThat(server.says("ann", second, "hi").status()).isEqualTo(200);
  }

  @Test
  void aGuestReadsAPublicRoomOnly() {
    server.room("square", "public", "ann");
    String guest = server.token("anon_1", Role.GUEST);
    Client client = server.connect(guest, "square");

    assertThat(client.isOpen()).isTrue();
    assertThat(server.post(guest, "/messages", "{'roomId':'square','content':'hi'}"))
        .hasToString("403 {'traceId':'t-1','error':'guest_read_only','code':'guest_read_only'}");
    assertThat(server.post(guest, "/messages", "{'roomId':'lobby','content':'hi'}"))
        .hasToString(FORBIDDEN);
  }

  private static String id(Reply reply) {
    return reply.toString().replaceAll(".*'id':'([^']*)'.*", "$1");
  }
}
