package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is for a user, and the ends of connections: contract 1.4, 1.5, 2.1, 2.4. */
class UserChannelTest {
  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private Client channel(String userId, String token) {
    return server.connect("/ws/user/" + userId + "?token=" + token);
  }

  private static String socketId(Client client) {
    return String.join("", client.hears()).replaceAll("(?s).*'socketId':'([^']*)'.*", "$1");
  }

  @Test
  void aUserHasAChannelOfTheirOwn() {
    Client first = channel("bob", bobs);
    Client second = channel("bob", bobs);

    assertThat(first.last())
        .matches(
            "\\{'type':'user_subscription_succeeded','userId':'bob','socketId':'[^']*',"
                + "'connectionCount':1}");
    assertThat(second.last()).endsWith("'connectionCount':2}");
    assertThat(second.says("{'type':'ping'}").last()).startsWith("{'type':'pong','ts':");
    assertThat(second.says("{'type':'message'}").last())
        .isEqualTo("{'type':'error','message':'unknown_event_type'}");
    assertThat(second.says("nope").last()).contains("Invalid message format");
  }

  @Test
  void nobodyElseHasIt() {
    assertThat(server.knock("/ws/user/bob?token=" + anns).status()).isEqualTo(403);
    assertThat(server.knock("/ws/user/bob?token=" + server.token("boss", Role.OWNER)).status())
        .isEqualTo(403);
    assertThat(server.knock("/ws/user/bob?token=junk").status()).isEqualTo(401);
    assertThat(server.knock("/ws/user/?token=" + bobs).status()).isEqualTo(403);
  }

  @Test
  void whatIsForAUserReachesTheirSocketsAndNobodyElses() {
    Client channel = channel("bob", bobs);
    Client room = server.joins("bob", "lobby");
    Client ann = server.joins("ann", "lobby");
    Client theirs =
        server.connect("/ws/user/bob?token=" + server.token("globex", "bob", 60, Role.MEMBER));
    channel.hears();
    room.hears();
    theirs.hears();

    assertThat(server.post(bobs, "/users/bob/events", "{'name':'inbox','data':{'n':2}}"))
        .hasToString("200 {'ok':true,'userId':'bob','delivered':{'userChannel':1,'rooms':1}}");
    assertThat(channel.hears())
        .containsExactly(
            "{'type':'user_event','userId':'bob','name':'inbox','data':{'n':2},"
                + "'at':'2026-01-31T12:00:01.000Z'}");
    assertThat(room.hears())
        .containsExactly(
            "{'type':'user_event','userId':'bob','name':'inbox','data':{'n':2},"
                + "'at':'2026-01-31T12:00:01.000Z','roomId':'lobby'}");
    assertThat(ann.hears("user_event")).isEmpty();
    assertThat(theirs.hears()).isEmpty();
  }

  @Test
  void roomsAndOneSocketCanBeLeftOut() {
    Client channel = channel("bob", bobs);
    String id = socketId(channel);
    Client other = channel("bob", bobs);
    Client room = server.joins("bob", "lobby");
    other.hears();

    assertThat(
            server
                .post(
                    bobs,
                    "/users/bob/events",
                    "{'name':'x','fanoutRooms':false,'excludeSocketId':'" + id + "'}")
                .toString())
        .contains("{'userChannel':1,'rooms':0}");
    assertThat(channel.hears()).isEmpty();
    assertThat(other.hears()).hasSize(1);
    assertThat(room.hears()).isEmpty();
  }

  @Test
  void onlyTheUserAndOperatorsTellThemSomething() {
    assertThat(server.post(anns, "/users/bob/events", "{'name':'x'}"))
        .hasToString("403 {'traceId':'t-1','error':'forbidden'}");
    String boss = server.token("boss", Role.ADMIN);
    assertThat(server.post(boss, "/users/bob/events", "{'name':'x'}").status()).isEqualTo(200);
    assertThat(server.post(boss, "/users/bob/events", "{}").status()).isEqualTo(400);
    assertThat(server.post("junk", "/users/bob/events", "{}"))
        .hasToString("401 {'traceId':'t-1','error':'unauthorized'}");
  }

  @Test
  void aUsersConnectionsAreEndedAndMayComeBack() {
    Client channel = channel("bob", bobs);
    Client room = server.joins("bob", "lobby");
    Client ann = server.joins("ann", "lobby");

    assertThat(server.delete(anns, "/users/bob/connections").status()).isEqualTo(403);
    assertThat(server.delete(bobs, "/users/bob/connections"))
        .hasToString("200 {'ok':true,'userId':'bob','closed':{'userChannel':1,'roomSockets':1}}");
    assertThat(channel.end()).isEqualTo("4001 admin_terminate");
    assertThat(room.end()).isEqualTo("4001 admin_terminate");
    assertThat(ann.isOpen()).isTrue();
    assertThat(server.joins("bob", "lobby").isOpen()).isTrue();
  }

  @Test
  void whoModeratesEndsOneConnection() {
    Client bob = server.connect(bobs, "lobby");
    String id = socketId(bob);
    server.room("attic", "group", "ann");
    String json = "{'socketId':'" + id + "','reason':'kick'}";

    assertThat(server.post(bobs, "/rooms/lobby/terminate-connection", json).status())
        .isEqualTo(403);
    assertThat(server.post(anns, "/rooms/attic/terminate-connection", json))
        .hasToString("200 {'ok':true,'closed':false,'socketId':'" + id + "'}");
    assertThat(server.post(anns, "/rooms/lobby/terminate-connection", "{}"))
        .hasToString("400 {'traceId':'t-1','error':'socketId required'}");
    assertThat(bob.isOpen()).isTrue();
    assertThat(server.post(anns, "/rooms/lobby/terminate-connection", json))
        .hasToString("200 {'ok':true,'closed':true,'socketId':'" + id + "'}");
    assertThat(bob.end()).isEqualTo("4001 kick");
  }
}
