package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import io.fluxy.http.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets a socket, and what it hears first: contract 2.1 and 2.2. */
class HandshakeTest {
  private static final String NOT_A_MEMBER =
      "403 {'traceId':'t-1','error':'forbidden: user is not a member of this room'}";

  private final ChatServer server = ChatServer.withLobby();

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String socketId(List<String> frames) {
    String welcome =
        frames.stream().filter(f -> f.contains("subscription_succeeded")).findFirst().orElseThrow();
    return welcome.replaceAll(".*'socketId':'([^']*)'.*", "$1");
  }

  // Refusals come before the upgrade (contract 0.3).

  @Test
  void aRequestThatIsNoUpgradeIsTold() {
    assertThat(server.get(server.token("ann"), "/ws/room/lobby"))
        .hasToString("400 Expected WebSocket");
    assertThat(server.get(null, "/ws/room/lobby")).hasToString("400 Expected WebSocket");
  }

  @Test
  void withoutATokenThereIsNoSocket() {
    assertThat(server.knock("/ws/room/lobby")).hasToString("401 Unauthorized");
    assertThat(server.knock("/ws/room/lobby?token=")).hasToString("401 Unauthorized");
    assertThat(server.knock("/ws/room/lobby?userId=ann")).hasToString("401 Unauthorized");
    assertThat(server.knock("/ws/room/lobby?token=junk")).hasToString("401 Invalid token");
  }

  @Test
  void anApiKeyOpensNoSocket() {
    assertThat(server.knock("/ws/room/lobby?apiKey=" + ChatServer.ACME_KEY + "&userId=ann"))
        .hasToString("401 Unauthorized");
  }

  @Test
  void aTokenAsSubprotocolOpensNoSocket() {
    assertThat(
            server
                .call("GET", "/ws/room/lobby")
                .header("Sec-WebSocket-Protocol", server.token("ann"))
                .knock())
        .hasToString("401 Unauthorized");
  }

  @Test
  void anExpiredTokenIsToldSo() {
    String token = server.token("acme", "ann", 60);
    server.time.pass(91_000);

    assertThat(server.knock("/ws/room/lobby?token=" + token)).hasToString("401 Token expired");
  }

  @Test
  void aStrangerIsTurnedAwayFromARoomAsFromNone() {
    String carol = server.token("carol");

    assertThat(server.knock("/ws/room/lobby?token=" + carol)).hasToString(NOT_A_MEMBER);
    assertThat(server.knock("/ws/room/nowhere?token=" + carol)).hasToString(NOT_A_MEMBER);
  }

  @Test
  void aRoomThatIsMissingIsForbiddenEvenToTheProjectsOwner() {
    assertThat(server.knock("/ws/room/nowhere?token=" + server.token("root", Role.OWNER)))
        .hasToString(NOT_A_MEMBER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ws/room/%6Cobby",
        "/ws/room/lobby%2F",
        "/ws/room/..%2Flobby",
        "/ws/room/lobby%00",
        "/ws/room/lobby;x",
        "/ws/room/lobby%20",
        "/ws/room/%ff",
        "/ws/room/%zz",
        "/ws/room/",
        "/ws/room/lobby%E2%80%A8",
        "/ws/room/LOBBY",
      })
  void aRoomIdIsTakenByTheLetter(String path) {
    assertThat(server.knock(path + "?token=" + server.token("ann"))).hasToString(NOT_A_MEMBER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ws/room/lobby/more",
        "/rooms/room/lobby",
        "/admin/room/lobby",
        "/messages/room/lobby",
        "/rooms/lobby/socket",
      })
  void onlyTheRoomsPathHasSockets(String path) {
    assertThat(server.knock(path + "?token=" + server.token("ann")))
        .hasToString("404 {'traceId':'t-1','error':'not_found'}");
    assertThat(server.knock(path)).hasToString("401 {'traceId':'t-1','error':'unauthorized'}");
  }

  @Test
  void everyRefusalHasATraceId() {
    assertThat(server.knock("/ws/room/lobby").header("X-Trace-Id")).contains("t-1");
    assertThat(
            server
                .call("GET", "/ws/room/lobby?token=" + server.token("ann"))
                .header("Origin", "https://evil.example")
                .knock()
                .header("X-Trace-Id"))
        .contains("t-1");
  }

  @Test
  void aUserHasSoManyConnectionsAndNoMore() {
    ChatServer small = ChatServer.setup().limits(limits -> limits.connectionsPerUserMax(2)).start();
    small.room("lobby", "group", "ann", "bob");
    Client first = small.joins("ann", "lobby");
    Client stream = small.streams(small.token("ann"), "lobby");
    Reply refused = small.knock("/ws/room/lobby?token=" + small.token("ann"));

    assertThat(refused)
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':5}");
    assertThat(refused.header("Retry-After")).contains("5");
    assertThat(small.joins("bob", "lobby").isOpen()).isTrue();
    stream.leaves();
    assertThat(small.joins("ann", "lobby").isOpen()).isTrue();
    assertThat(first.isOpen()).isTrue();
  }

  // Getting in.

  @Test
  void theFramesOnConnectComeInOrder() {
    server.says("ann", "lobby", "hello");
    Client ann = server.connect(server.token("ann"), "lobby");
    List<String> frames = ann.hears();

    assertThat(frames)
        .containsExactly(
            "{'type':'replay','messages':[{'id':134217731,'roomId':'lobby','userId':'ann',"
                + "'senderId':'ann','content':'hello','createdAt':'2026-01-31T12:00:01.000Z',"
                + "'parentId':null,'editedAt':null,'deletedAt':null,'expiresAt':null,"
                + "'kind':'text','visibility':'room','seq':3,'version':1,'mentions':[],"
                + "'attachments':[]}],'reactions':{}}",
            "{'type':'subscription_succeeded','roomId':'lobby','socketId':'"
                + socketId(frames)
                + "','subscriptionCount':1,'members':[{'userId':'ann','userInfo':{}}]}",
            "{'type':'presence','online':1,'users':['ann'],"
                + "'members':[{'userId':'ann','userInfo':{}}]}",
            "{'type':'subscription_count','roomId':'lobby','subscriptionCount':1}");
  }

  @Test
  void othersHearWhoHasCome() {
    Client ann = server.joins("ann", "lobby");
    Client bob = server.connect(server.token("bob"), "lobby");
    List<String> bobs = bob.hears();

    assertThat(ann.hears())
        .containsExactly(
            "{'type':'member_joined','roomId':'lobby','userId':'bob','userInfo':{},"
                + "'socketId':'"
                + socketId(bobs)
                + "'}",
            "{'type':'presence','online':2,'users':['ann','bob'],"
                + "'members':[{'userId':'ann','userInfo':{}},{'userId':'bob','userInfo':{}}]}",
            "{'type':'subscription_count','roomId':'lobby','subscriptionCount':2}");
    assertThat(bobs.get(1))
        .contains("'subscriptionCount':2")
        .endsWith("'members':[{'userId':'ann','userInfo':{}},{'userId':'bob','userInfo':{}}]}");
    assertThat(bobs).noneMatch(frame -> frame.contains("member_joined"));
  }

  @Test
  void othersHearWhoHasLeft() {
    Client ann = server.joins("ann", "lobby");
    Client bob = server.joins("bob", "lobby");
    ann.hears();
    bob.leaves();

    assertThat(ann.hears())
        .containsExactly(
            "{'type':'member_left','roomId':'lobby','userId':'bob'}",
            "{'type':'presence','online':1,'users':['ann'],"
                + "'members':[{'userId':'ann','userInfo':{}}]}",
            "{'type':'subscription_count','roomId':'lobby','subscriptionCount':1}");
  }

  @Test
  void twoSocketsOfAUserAreOneUserWithTwoConnections() {
    Client bob = server.connect(server.token("bob"), "lobby");
    List<String> bobs = bob.hears();
    Client laptop = server.connect(server.token("ann"), "lobby");
    List<String> laptops = laptop.hears();
    bob.hears();
    Client phone = server.connect(server.token("ann"), "lobby");
    List<String> phones = phone.hears();

    assertThat(bob.hears())
        .containsExactly(
            "{'type':'presence','online':3,'users':['bob','ann'],"
                + "'members':[{'userId':'bob','userInfo':{}},{'userId':'ann','userInfo':{}}]}",
            "{'type':'subscription_count','roomId':'lobby','subscriptionCount':3}");
    assertThat(server.get(server.token("bob"), "/rooms/lobby/live"))
        .hasToString(
            "200 {'roomId':'lobby','shardCount':1,'occupied':true,'subscriptionCount':3,"
                + "'userCount':2,'online':3,'users':['bob','ann'],"
                + "'members':[{'userId':'bob','userInfo':{}},{'userId':'ann','userInfo':{}}],"
                + "'socketIds':['"
                + String.join("','", socketId(bobs), socketId(laptops), socketId(phones))
                + "']}");

    phone.leaves();
    assertThat(bob.hears())
        .as("ann is still here")
        .containsExactly(
            "{'type':'presence','online':2,'users':['bob','ann'],"
                + "'members':[{'userId':'bob','userInfo':{}},{'userId':'ann','userInfo':{}}]}",
            "{'type':'subscription_count','roomId':'lobby','subscriptionCount':2}");
    laptop.leaves();
    assertThat(bob.hears().get(0))
        .isEqualTo("{'type':'member_left','roomId':'lobby','userId':'ann'}");
  }

  @ParameterizedTest
  @CsvSource({
    "'', history",
    "&replay=connect, replay",
    "&replay=true, replay",
    "&replay=1, replay",
    "&replay=off, none",
    "&replay=false, none",
    "&replay=0, none",
  })
  void theSnapshotsEnvelopeIsAsTheClientAsks(String query, String envelope) {
    Client ann = server.connect("/ws/room/lobby?token=" + server.token("ann") + query);
    String first = ann.hears().get(0);

    assertThat(first)
        .startsWith(
            envelope.equals("none")
                ? "{'type':'subscription_succeeded'"
                : "{'type':'" + envelope + "','messages':[],'reactions':{}}");
  }

  @ParameterizedTest
  @CsvSource({
    "replayLimit=2, 2", "historyLimit=2, 2", "replayLimit=501, 60", "replayLimit=9999999999, 50",
    "replayLimit=abc, 50", "replayLimit=-1, 50", "replayLimit=, 50", "replayLimit=0, 1",
    "x=y, 50", "replayLimit=2&replayLimit=9, 2",
  })
  void theSnapshotIsAsLongAsTheClientAsks(String query, int messages) {
    for (int i = 0; i < 60; i++) {
      server.says("ann", "lobby", "m" + i + "m");
    }
    Client ann =
        server.connect("/ws/room/lobby?token=" + server.token("ann") + "&replay=connect&" + query);
    String snapshot = ann.hears().get(0);

    assertThat(snapshot.split("'kind':'text'", -1)).hasSize(messages + 1);
    assertThat(snapshot).contains("'m59m'");
    if (messages > 1) {
      assertThat(snapshot.indexOf("'m58m'")).isLessThan(snapshot.indexOf("'m59m'"));
    }
  }

  @Test
  void whoeverConnectsTellsNamePictureAndRoleAndNothingElse() {
    String info =
        "%7B%22name%22%3A%22Alice%22%2C%22avatar_url%22%3A%22https%3A%2F%2Fx.example%2Fa.png%22"
            + "%2C%22role%22%3A%22Boss%22%2C%22isAdmin%22%3Atrue%2C%22userId%22%3A%22bob%22%7D";
    Client bob = server.joins("bob", "lobby");
    server.connect(
        "/ws/room/lobby?token=" + server.token("ann") + "&replay=off&presenceInfo=" + info);

    assertThat(bob.hears().get(0))
        .contains("'userId':'ann'")
        .contains("'name':'Alice'")
        .contains("'avatar_url':'https://x.example/a.png'")
        .contains("'role':'Boss'")
        .doesNotContain("isAdmin")
        .doesNotContain("'userId':'bob'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "%7B",
        "[]",
        "null",
        "7",
        "%7B%22name%22%3A7%7D",
        "%7B%22name%22%3Anull%7D",
        "%7B%22avatar_url%22%3A%22javascript%3Aalert(1)%22%7D",
        "%zz",
        "",
        "%7B%22name%22%3A%22a%5Cu0000b%22%7D",
        "%7B%22name%22%3A%22%5Cud83d%22%7D",
        "%7B%22name%22%3A1%2C%22name%22%3A2%7D",
      })
  void infoThatIsNoneIsDropped(String info) {
    Client ann =
        server.connect(
            "/ws/room/lobby?token=" + server.token("ann") + "&replay=off&presenceInfo=" + info);

    assertThat(ann.hears().get(0)).endsWith("'members':[{'userId':'ann','userInfo':{}}]}");
  }

  @Test
  void infoThatIsTooLongIsDropped() {
    String info = "%7B%22name%22%3A%22" + "a".repeat(2_040) + "%22%7D";
    Client ann =
        server.connect(
            "/ws/room/lobby?token=" + server.token("ann") + "&replay=off&presenceInfo=" + info);

    assertThat(ann.hears().get(0)).endsWith("'userInfo':{}}]}");
  }

  @Test
  void aLongNameIsCutButNeverThroughAnEmoji() {
    Client bob = server.joins("bob", "lobby");
    String smile = "%F0%9F%98%80";
    String info = "%7B%22name%22%3A%22" + "a".repeat(63) + smile + "%22%7D";
    Client ann =
        server.connect(
            "/ws/room/lobby?token=" + server.token("ann") + "&replay=off&presenceInfo=" + info);

    assertThat(ann.hears().get(0)).contains("'name':'" + "a".repeat(63) + "'");
    assertThat(bob.hears()).hasSize(3).allMatch(frame -> frame.endsWith("}"));
    ann.says("{'type':'message','content':'still works'}");
    assertThat(bob.last()).contains("still works");
  }

  @Test
  void framesThatComeBeforeTheRoomHasAnsweredWait() {
    Client early = new Client(server.time);
    var handshake =
        server.fluxy.handshake(
            ApiRequest.of(
                "GET",
                "/ws/room/lobby?token=" + server.token("ann"),
                Map.of(),
                new byte[0],
                "192.0.2.1"));
    server.time.settle();
    var opened = handshake.toCompletableFuture().join().open(early);
    opened.text("{\"type\":\"message\",\"content\":\"early\"}".getBytes(StandardCharsets.UTF_8));
    server.time.settle();

    List<String> frames = early.hears();
    assertThat(frames.get(0)).startsWith("{'type':'history'");
    assertThat(frames.get(1)).startsWith("{'type':'subscription_succeeded'");
    assertThat(frames).filteredOn(frame -> frame.contains("'content':'early'")).hasSize(1);
  }

  // The heartbeat, and the ends of a connection.

  @Test
  void aPingGetsAPong() {
    Client ann = server.joins("ann", "lobby");

    assertThat(ann.says("{'type':'ping'}").hears())
        .containsExactly("{'type':'pong','ts':1769860801000}");
  }

  @Test
  void aClientThatPingsEvery25SecondsStays() {
    Client ann = server.joins("ann", "lobby");
    for (int i = 0; i < 20; i++) {
      server.time.pass(25_000);
      ann.says("{'type':'ping'}");
    }

    assertThat(ann.isOpen()).isTrue();
    assertThat(ann.hears()).hasSize(20).allMatch(frame -> frame.startsWith("{'type':'pong'"));
  }

  @Test
  void aSilentClientIsPingedAndThenLetGo() {
    Client ann = server.joins("ann", "lobby");
    Client bob = server.joins("bob", "lobby");
    for (int i = 0; i < 10; i++) {
      server.time.pass(10_000);
      bob.pongs();
    }

    assertThat(ann.pings()).isPositive();
    assertThat(ann.end()).isEqualTo("4000 heartbeat_timeout");
    assertThat(bob.isOpen()).isTrue();
    assertThat(bob.hears()).contains("{'type':'member_left','roomId':'lobby','userId':'ann'}");
  }

  @Test
  void anOpenSocketEndsWithItsTokenAndSaysSo() {
    Client ann = server.connect(server.token("acme", "ann", 60), "lobby");
    Client stream = server.streams(server.token("acme", "ann", 60), "lobby");
    Client bob = server.joins("bob", "lobby");
    server.time.pass(60_000);
    ann.pongs();
    bob.pongs();
    assertThat(ann.end()).as("clocks may differ by half a minute").isEqualTo("open");
    server.time.pass(36_000);

    assertThat(ann.end()).isEqualTo("4001 token_expired");
    assertThat(stream.end()).isEqualTo("4001 token_expired");
    assertThat(bob.end()).isEqualTo("open");
  }

  @Test
  void aRemovedMembersSocketsEndAndHearNothingMore() {
    Client bob = server.joins("bob", "lobby");
    Client stream = server.streams(server.token("bob"), "lobby");
    stream.hears();
    Client ann = server.joins("ann", "lobby");
    bob.hears();
    stream.hears();
    assertThat(server.delete(server.token("ann"), "/rooms/lobby/members/bob"))
        .hasToString("200 {'ok':true}");
    server.says("ann", "lobby", "he is gone");

    assertThat(bob.end()).isEqualTo("4001 no longer a member of this room");
    assertThat(stream.end()).startsWith("4001 ");
    assertThat(bob.hears()).isEmpty();
    assertThat(stream.hears()).noneMatch(frame -> frame.contains("he is gone"));
    assertThat(ann.hears())
        .contains("{'type':'member_left','roomId':'lobby','userId':'bob'}")
        .anyMatch(frame -> frame.contains("he is gone"));
    assertThat(server.knock("/ws/room/lobby?token=" + server.token("bob")))
        .hasToString(NOT_A_MEMBER);
    assertThat(server.says("bob", "lobby", "let me in").status()).isEqualTo(403);
  }

  @Test
  void theHostCanEndConnections() {
    Client ann = server.joins("ann", "lobby");
    Client bob = server.joins("bob", "lobby");
    server.fluxy.disconnect(who -> who.user().id().equals("ann"), "kick");
    server.time.settle();

    assertThat(ann.end()).isEqualTo("4001 kick");
    assertThat(bob.isOpen()).isTrue();
    assertThat(server.joins("ann", "lobby").isOpen()).as("and she may come back").isTrue();
  }

  @Test
  void aServerThatStopsSaysSo() {
    Client ann = server.joins("ann", "lobby");
    server.fluxy.close();

    assertThat(ann.end()).isEqualTo("1012 going_away");
  }

  @Test
  void whenAllHaveLeftNothingIsLeft() {
    Client ann = server.joins("ann", "lobby");
    Client stream = server.streams(server.token("bob"), "lobby");
    assertThat(server.fluxy.connections()).isEqualTo(2);
    ann.leaves();
    stream.leaves();
    server.time.pass(120_000);

    assertThat(server.fluxy.connections()).isZero();
    assertThat(server.fluxy.roomsAlive()).isZero();
  }

  // Who may enter which room: contract 1.4.

  @Test
  void whoeverEntersAPublicRoomBecomesAMember() {
    server.room("plaza", "public", "ann");
    Client dave = server.connect(server.token("dave"), "plaza");

    assertThat(dave.hears().get(1)).contains("'members':[{'userId':'dave','userInfo':{}}]");
    assertThat(server.get(server.token("ann"), "/rooms/plaza/members").toString())
        .contains("{'userId':'dave','role':'member','joinedAt':'2026-01-31T12:00:02.000Z',");
    assertThat(server.get(server.token("dave"), "/rooms").toString()).contains("'id':'plaza'");
    dave.leaves();
    server.connect(server.token("dave"), "plaza");
    assertThat(server.get(server.token("ann"), "/rooms/plaza/members").toString().split("dave"))
        .as("a member once")
        .hasSize(2);
  }

  @Test
  void aGuestEntersPublicRoomsOnly() {
    server.room("plaza", "public", "ann");
    String guest = server.token("anon_1", Role.GUEST);

    assertThat(server.knock("/ws/room/lobby?token=" + guest)).hasToString(NOT_A_MEMBER);
    Client inside = server.connect(guest, "plaza");
    inside.says("{'type':'message','content':'hi from a guest'}");
    assertThat(inside.last()).isEqualTo("{'type':'error','message':'guest_read_only'}");
    server.says("ann", "plaza", "hi to a guest");
    assertThat(inside.last()).contains("hi to a guest");
    assertThat(server.get(server.token("ann"), "/rooms/plaza/members").toString())
        .contains("{'userId':'anon_1','role':'guest',");
  }

  @Test
  void aTokenForOneRoomIsGoodForNoOther() {
    server.room("plaza", "public", "ann");
    server.room("market", "public", "ann");
    String token =
        Jwt.acme()
            .claim("sub", "'eve'")
            .claim("roles", "['guest']")
            .claim("roomId", "'plaza'")
            .sign();

    assertThat(server.connect(token, "plaza").isOpen()).isTrue();
    assertThat(server.knock("/ws/room/market?token=" + token)).hasToString(NOT_A_MEMBER);
    assertThat(server.get(token, "/api/messages?roomId=market").status()).isEqualTo(403);
    assertThat(server.post(token, "/messages", "{'roomId':'market','content':'x'}").status())
        .isEqualTo(403);
    assertThat(server.get(token, "/rooms").toString())
        .contains("'id':'plaza'")
        .doesNotContain("market");
  }

  @Test
  void theProjectsOwnerEntersAnyRoomOfIt() {
    Client root = server.connect(server.token("root", Role.ADMIN), "lobby");

    assertThat(root.isOpen()).isTrue();
    assertThat(server.get(server.token("ann"), "/rooms/lobby/members").toString())
        .as("and becomes no member by it")
        .doesNotContain("root");
  }

  @Test
  void theUserIdInTheQueryIsIgnored() {
    Client ann = server.connect("/ws/room/lobby?token=" + server.token("ann") + "&userId=bob");

    assertThat(ann.hears().get(1)).contains("'userId':'ann'").doesNotContain("bob");
  }
}
