package io.fluxy.protocol.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.User;
import io.fluxy.protocol.FakeClient;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets of plain channels, by their exact text. */
class SocketTest {
  private final PlainServer server = PlainServer.start();

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private static String socketId(FakeClient client) {
    Matcher id = Pattern.compile("\"socketId\":\"(\\d+\\.\\d+)\"").matcher(client.hears().get(0));
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  /** Without the times, and without ids that chance makes. */
  private static String[] text(FakeClient client) {
    return client.hears().stream()
        .map(frame -> frame.replaceAll(",\"at\":\"[^\"]+Z\"}$", "}"))
        .map(frame -> frame.replaceAll("\"socketId\":\"\\d+\\.\\d+\"", "\"socketId\":\"S\""))
        .toArray(String[]::new);
  }

  private FakeClient member(String channel, String user) {
    return server.opens("/ws/" + channel + "?token=" + server.token(user)).quiet();
  }

  private void authenticates(FakeClient client, String channel, @Nullable String channelData) {
    String answer = PlainServer.SHOP.authorize(socketId(client), channel, channelData);
    client.says("{\"event\":\"channel:auth\",\"data\":" + answer + "}");
  }

  @Test
  void aSocketIsInItsChannelFromItsFirstFrame() {
    FakeClient client = server.opens("/ws/prices");
    server.publishes("{\"channel\":\"prices\",\"event\":\"price\",\"data\":{\"acme\":10.5}}");

    assertThat(text(client))
        .containsExactly(
            "{\"event\":\"channel:subscribed\",\"channel\":\"prices\",\"data\":{\"socketId\":\"S\"},\"seq\":null}",
            "{\"event\":\"price\",\"channel\":\"prices\",\"data\":{\"acme\":10.5},\"seq\":1,\"userId\":\"server\"}");
  }

  @Test
  void timesAreUtc() {
    FakeClient client = server.opens("/ws/prices");
    assertThat(client.hears()).singleElement().asString().contains("\"at\":\"20").endsWith("Z\"}");
  }

  @Test
  void anyJsonIsDataAndComesAsItIs() {
    FakeClient client = server.opens("/ws/x").quiet();
    for (String data : new String[] {"null", "\"a\\nü😀\"", "[1,{\"a\":[]}]", "-0.5", "true"}) {
      server.publishes("{\"channel\":\"x\",\"event\":\"e\",\"data\":" + data + "}");
      assertThat(client.hears()).singleElement().asString().contains("\"data\":" + data + ",");
    }
  }

  @Test
  void whoeverComesBackIsToldWhatItMissedAndThenTheRest() {
    server.opens("/ws/x").leaves();
    for (int i = 1; i <= 4; i++) {
      server.publishes("{\"channel\":\"x\",\"event\":\"e\",\"data\":" + i + "}");
    }
    FakeClient back = server.opens("/ws/x?since=2");
    server.publishes("{\"channel\":\"x\",\"event\":\"e\",\"data\":5}");

    assertThat(text(back))
        .containsExactly(
            "{\"event\":\"channel:resumed\",\"channel\":\"x\",\"data\":{\"recovered\":true,\"since\":2,\"head\":4},\"seq\":null}",
            "{\"event\":\"channel:subscribed\",\"channel\":\"x\",\"data\":{\"socketId\":\"S\"},\"seq\":null}",
            "{\"event\":\"e\",\"channel\":\"x\",\"data\":3,\"seq\":3,\"userId\":\"server\"}",
            "{\"event\":\"e\",\"channel\":\"x\",\"data\":4,\"seq\":4,\"userId\":\"server\"}",
            "{\"event\":\"e\",\"channel\":\"x\",\"data\":5,\"seq\":5,\"userId\":\"server\"}");
  }

  @Test
  void aSeqThatIsNotOfThisLogIsNotRecovered() {
    server.publishes("{\"channel\":\"x\",\"event\":\"e\",\"data\":1}");
    FakeClient back = server.opens("/ws/x?since=9");

    assertThat(text(back))
        .containsExactly(
            "{\"event\":\"channel:resumed\",\"channel\":\"x\",\"data\":{\"recovered\":false,\"since\":1,\"head\":1},\"seq\":null}",
            "{\"event\":\"channel:subscribed\",\"channel\":\"x\",\"data\":{\"socketId\":\"S\"},\"seq\":null}");
  }

  @Test
  void aPrivateChannelWantsASignatureForThisSocket() {
    FakeClient client = server.opens("/ws/private-x");
    server.publishes("{\"channel\":\"private-x\",\"event\":\"early\",\"data\":1}");
    authenticates(client, "private-x", null);
    server.publishes("{\"channel\":\"private-x\",\"event\":\"e\",\"data\":2}");

    assertThat(text(client))
        .containsExactly(
            "{\"event\":\"channel:subscribed\",\"channel\":\"private-x\",\"data\":{\"socketId\":\"S\"},\"seq\":null}",
            "{\"event\":\"e\",\"channel\":\"private-x\",\"data\":2,\"seq\":2,\"userId\":\"server\"}");
  }

  @Test
  void aSignatureOfAnotherSocketOrChannelOrKeyLetsNobodyIn() {
    FakeClient client = server.opens("/ws/private-x");
    String id = socketId(client);
    for (String answer :
        new String[] {
          PlainServer.SHOP.authorize("1.2", "private-x", null),
          PlainServer.SHOP.authorize(id, "private-y", null),
          PlainServer.BANK.authorize(id, "private-x", null),
          ChannelApp.of("shop", "testkey-0001", "guess").authorize(id, "private-x", null),
          "{\"auth\":\"testkey-0001:\"}",
          "{\"auth\":7}",
          "null"
        }) {
      client.says("{\"event\":\"channel:auth\",\"data\":" + answer + "}");
      assertThat(text(client))
          .as(answer)
          .containsExactly(
              "{\"event\":\"channel:error\",\"channel\":\"private-x\",\"data\":{\"code\":\"unauthorized\",\"message\":\"auth is not the signature for this socket and channel\"},\"seq\":null}");
    }
    server.publishes("{\"channel\":\"private-x\",\"event\":\"e\",\"data\":2}");
    assertThat(client.hears()).isEmpty();
  }

  @Test
  void whoeverProvesNothingInTimeIsSentAway() {
    FakeClient client = server.opens("/ws/private-x").quiet();
    server.time.advance(29_000);
    assertThat(client.end()).isEqualTo("open");
    server.time.advance(2_000);
    assertThat(client.end()).isEqualTo("4001 not authenticated in time");
    assertThat(text(client))
        .containsExactly(
            "{\"event\":\"channel:error\",\"channel\":\"private-x\",\"data\":{\"code\":\"unauthorized\",\"message\":\"not authenticated in time\"},\"seq\":null}");
  }

  @Test
  void aPresenceChannelSaysWhoIsThereAndWhoComesAndGoes() {
    FakeClient ann = server.opens("/ws/presence-x");
    authenticates(ann, "presence-x", "{\"user_id\":\"ann\",\"user_info\":{\"name\":\"Ann\"}}");
    FakeClient bob = server.opens("/ws/presence-x");
    authenticates(bob, "presence-x", "{\"user_id\":\"bob\"}");

    assertThat(text(bob))
        .containsExactly(
            "{\"event\":\"channel:subscribed\",\"channel\":\"presence-x\",\"data\":{\"socketId\":\"S\",\"count\":2,\"members\":[{\"userId\":\"ann\",\"info\":{\"name\":\"Ann\"}},{\"userId\":\"bob\",\"info\":null}]},\"seq\":null}");
    bob.leaves();
    assertThat(text(ann))
        .endsWith(
            "{\"event\":\"channel:joined\",\"channel\":\"presence-x\",\"data\":{\"userId\":\"bob\",\"info\":null},\"seq\":null}",
            "{\"event\":\"channel:left\",\"channel\":\"presence-x\",\"data\":{\"userId\":\"bob\"},\"seq\":null}");
    assertThat(server.gets("/presence/presence-x", server.key))
        .isEqualTo(
            "200 {\"count\":1,\"members\":[{\"userId\":\"ann\",\"info\":{\"name\":\"Ann\"}}]}");
  }

  @Test
  void theAnswerOfAuthIsWhatTheSocketSends() {
    server.room("presence-staff", RoomType.GROUP, "ann");
    FakeClient client = server.opens("/ws/presence-staff");
    String body = "{\"socketId\":\"" + socketId(client) + "\",\"channelData\":{\"name\":\"A\"}}";
    String answer = server.posts("/channels/presence-staff/auth", server.token("ann"), body);
    assertThat(answer).startsWith("200 ");
    client.says("{\"event\":\"channel:auth\",\"data\":" + answer.substring(4) + "}");

    assertThat(text(client)[0])
        .contains("\"members\":[{\"userId\":\"ann\",\"info\":{\"name\":\"A\"}}]");
  }

  @Test
  void aTokenLetsInWhoeverMayEnterTheRoom() {
    server.room("private-board", RoomType.GROUP, "ann");
    FakeClient ann = server.opens("/ws/private-board?token=" + server.token("ann"));
    assertThat(ann.hears()).singleElement().asString().contains("channel:subscribed");

    String stranger = server.refuses("/ws/private-board?token=" + server.token("bob"));
    assertThat(stranger)
        .isEqualTo(
            "404 {\"error\":\"channel_not_found\",\"message\":\"no such channel, or not for you\"}");
    assertThat(server.refuses("/ws/private-none?token=" + server.token("bob"))).isEqualTo(stranger);
  }

  @Test
  void clientEventsReachTheOthersAndSayWhoItWas() {
    FakeClient ann = member("lobby", "ann");
    FakeClient bob = member("lobby", "bob");
    ann.says("{\"event\":\"client-move\",\"data\":{\"x\":1},\"userId\":\"eve\",\"seq\":9}");

    assertThat(text(bob))
        .containsExactly(
            "{\"event\":\"client-move\",\"channel\":\"lobby\",\"data\":{\"x\":1},\"seq\":null,\"userId\":\"ann\"}");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void whoeverHasProvenNothingOnlyListens() {
    FakeClient stranger = server.opens("/ws/lobby").quiet();
    FakeClient ann = member("lobby", "ann");
    stranger.says("{\"event\":\"client-move\",\"data\":1}");

    assertThat(ann.hears()).isEmpty();
    assertThat(text(stranger))
        .containsExactly(
            "{\"event\":\"channel:error\",\"channel\":\"lobby\",\"data\":{\"code\":\"forbidden\",\"message\":\"client events need a token or a signature\"},\"seq\":null}");
  }

  @Test
  void moreThanTenClientEventsASecondAreNotSent() {
    FakeClient ann = member("lobby", "ann");
    FakeClient bob = member("lobby", "bob");
    for (int i = 0; i < 11; i++) {
      ann.says("{\"event\":\"client-move\",\"data\":" + i + "}");
    }
    assertThat(bob.hears()).hasSize(10);
    assertThat(ann.hears()).singleElement().asString().contains("rate_limited");
    server.time.advance(1_000);
    ann.says("{\"event\":\"client-move\",\"data\":11}");
    assertThat(bob.hears()).hasSize(1);
  }

  @Test
  void aMutedUserSendsNoClientEventsAndABannedOneIsGone() {
    FakeClient ann = member("lobby", "ann");
    User owner = new User("boss", Set.of(Role.OWNER));
    var lobby = server.fluxy.room(new RoomId("shop", "lobby"));
    server.now(lobby.submit(owner, new Command.Impose("ann", Sanction.BAN, 0, "enough")));

    assertThat(ann.end()).startsWith("4003 ");
    assertThat(server.refuses("/ws/lobby?token=" + server.token("ann"))).startsWith("403 ");
  }

  @Test
  void aChatIsHeardAsPlainEvents() {
    FakeClient stranger = server.opens("/ws/lobby").quiet();
    var lobby = server.fluxy.room(new RoomId("shop", "lobby"));
    server.now(lobby.submit(User.named("ann"), new Command.Enter(false)));
    long id = server.now(lobby.post(User.named("ann"), Draft.text("hi"))).id();
    server.now(lobby.submit(User.named("ann"), new Command.React(id, "👍", true)));
    server.now(lobby.submit(User.named("ann"), new Command.Edit(id, "hi!")));
    server.now(lobby.submit(User.named("ann"), new Command.Delete(id, false)));

    assertThat(stranger.hears())
        .extracting(
            frame ->
                frame.replaceAll(
                    "[^a-z]*event\":\"([a-z_]+)\".*\"seq\":(\\d+),\"userId\":\"ann\",.*", "$1 $2"))
        .containsExactly("message 2", "reaction 3", "message_updated 4", "message_deleted 5");
  }

  @Test
  void whatIsForSomeOnlyIsNotTold() {
    FakeClient bob = member("lobby", "bob");
    var lobby = server.fluxy.room(new RoomId("shop", "lobby"));
    server.now(lobby.submit(User.named("ann"), new Command.Enter(false)));
    server.now(
        lobby.post(User.named("ann"), Draft.text("psst").whispered(Readers.only(Set.of("bob")))));
    assertThat(bob.hears()).isEmpty();
    assertThat(server.gets("/channels/lobby/messages", server.token("bob"))).doesNotContain("psst");
  }

  @Test
  void pingsAreAnswered() {
    FakeClient client = server.opens("/ws/x").quiet();
    client.says("{\"event\":\"channel:ping\"}");
    assertThat(text(client))
        .containsExactly(
            "{\"event\":\"channel:pong\",\"channel\":\"x\",\"data\":null,\"seq\":null}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{",
        "{}",
        "{\"event\":1}",
        "{\"event\":\"message\",\"data\":{\"content\":\"hi\"}}",
        "{\"event\":\"channel:subscribed\",\"data\":{}}",
        "{\"event\":\"channel:joined\",\"data\":{\"userId\":\"eve\"}}",
        "{\"event\":\"price\",\"data\":1}",
        "{\"event\":\"client-a\",\"event\":\"client-b\",\"data\":1}",
        "{\"event\":\"client-\u0000\",\"data\":1}",
        "{\"event\":\"client-a\\u0000\",\"data\":1}",
        "{\"event\":\"client-a\",\"data\":\"\\ud800\"}",
        "{\"event\":\"client-a\",\"data\":1e999999}",
        "{\"event\":\"client-a\\n\",\"data\":1}",
        "{\"event\":\"channel:auth\"}",
        "{\"event\":\"channel:auth\",\"data\":[]}"
      })
  void aBadFrameIsAnsweredAndReachesNobody(String frame) {
    FakeClient ann = member("lobby", "ann");
    FakeClient bob = member("lobby", "bob");
    ann.says(frame);

    assertThat(ann.hears()).singleElement().asString().contains("\"event\":\"channel:error\"");
    assertThat(bob.hears()).isEmpty();
    assertThat(ann.end()).isEqualTo("open");
  }

  @Test
  void whatIsNoTextEndsTheSocketOfWhoeverSaysIt() {
    FakeClient ann = member("lobby", "ann");
    ann.says(new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(ann.end()).startsWith("1007 ");
  }

  @Test
  void aClientEventIsOfABoundedSize() {
    FakeClient ann = member("lobby", "ann");
    FakeClient bob = member("lobby", "bob");
    ann.says("{\"event\":\"client-a\",\"data\":\"" + "x".repeat(32_766) + "\"}");
    assertThat(bob.hears()).hasSize(1);
    ann.says("{\"event\":\"client-a\",\"data\":\"" + "x".repeat(32_767) + "\"}");
    assertThat(bob.hears()).isEmpty();
    assertThat(ann.hears()).singleElement().asString().contains("too_large");
  }

  @Test
  void namesEndWhereRoomsDo() {
    String bad =
        "400 {\"error\":\"invalid_channel\",\"message\":\"a channel's name has 1 to 164 letters, digits or _ - = @ , . ;\"}";
    for (String name : new String[] {"a%20b", "a:b", "%00", "%C3%BC", "a%2Fb", "x".repeat(165)}) {
      assertThat(server.refuses("/ws/" + name)).as(name).isEqualTo(bad);
      assertThat(server.gets("/presence/" + name)).as(name).isEqualTo(bad);
    }
    assertThat(server.refuses("/ws/%")).startsWith("404 ");
    assertThat(server.refuses("/ws/x?since=-1")).startsWith("400 ");
    assertThat(server.opens("/ws/room").hears()).hasSize(1);
    assertThat(server.opens("/ws/user").hears()).hasSize(1);
  }

  @Test
  void otherProtocolsKeepTheirPaths() {
    assertThat(server.refuses("/ws/room/lobby")).isEqualTo("401 Unauthorized");
    assertThat(server.refuses("/ws/user/ann")).isEqualTo("401 Unauthorized");
    assertThat(server.refuses("/ws?token=pub_x")).isEqualTo("404 Not Found");
    assertThat(server.calls("POST", "/events", Map.of(), "{}")).contains("traceId");
  }

  @Test
  void aClosedAppWantsATokenForPublicChannelsToo() {
    PlainServer closed = PlainServer.start(app -> app.open(false));
    assertThat(closed.refuses("/ws/x"))
        .isEqualTo("401 {\"error\":\"unauthorized\",\"message\":\"a token is needed\"}");
    assertThat(closed.gets("/presence/x")).startsWith("401 ");
    assertThat(closed.opens("/ws/x?token=" + closed.token("ann")).hears()).hasSize(1);
  }

  @Test
  void tokensThatAreNoGoodAreRefused() {
    for (String token : new String[] {"x", "a.b.c", "eyJ.eyJ.x"}) {
      assertThat(server.refuses("/ws/x?token=" + token))
          .isEqualTo(
              "401 {\"error\":\"unauthorized\",\"message\":\"the token is no good, or no more\"}");
    }
    String token = server.token("ann");
    server.time.advance(4_000_000);
    assertThat(server.refuses("/ws/x?token=" + token)).startsWith("401 ");
  }

  @Test
  void aTokenThatRunsOutEndsTheSocket() {
    FakeClient ann = member("x", "ann");
    server.time.advance(3_700_000);
    assertThat(ann.end()).isIn("4001 token_expired", "4000 heartbeat_timeout");
  }

  @Test
  void foreignPagesDoNotConnect() {
    Map<String, String> evil = Map.of("Origin", "https://evil.example", "Host", "chat.example");
    assertThat(String.valueOf(server.shakes("/ws/x", evil).refusal())).contains("403");
    Map<String, String> page = Map.of("Origin", "https://page.example", "Host", "chat.example");
    assertThat(server.shakes("/ws/x", page).refusal()).isNull();
  }

  @Test
  void thereAreOnlySoManySocketsAndNewRooms() {
    PlainServer small =
        PlainServer.start(
            app -> app.limits(ChannelLimits.builder().connectionsMax(3).roomsPerMinute(2).build()));
    FakeClient one = small.opens("/ws/a");
    small.opens("/ws/b");
    FakeClient three = small.opens("/ws/c");
    assertThat(three.end()).startsWith("4003 too many new rooms");
    small.opens("/ws/a");
    assertThat(small.refuses("/ws/a")).startsWith("429 ");
    assertThat(small.channels.connections()).isEqualTo(3);
    one.leaves();
    assertThat(small.opens("/ws/a").end()).isEqualTo("open");
  }
}
