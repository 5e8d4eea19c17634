package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.room.Member;
import io.fluxy.wire.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** FluxyChat's clients, Pusher's and the host's own code in one room. */
class MixedRoomTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private final ChannelServer server =
      ChannelServer.start(
          app -> app.limits(PusherLimits.builder().clientEventsPerSecond(1_000).build()),
          builder ->
              builder.limits(
                  Limits.defaults().toBuilder()
                      .messagesPerMinute(10_000)
                      .clientEventsPerMinute(10_000)
                      .build()));

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private String says(String user, String content) {
    String body = "{\"roomId\":\"lobby\",\"content\":\"" + content + "\"}";
    Map<String, String> headers = Map.of("Authorization", "Bearer " + server.token(user));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    var response = server.answer(ApiRequest.of("POST", "/messages", headers, bytes, "192.0.2.1"));
    return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void aMessageOfAChatReachesPushersClients() {
    server.room("lobby", RoomType.PUBLIC, "ann");
    Wire pusher = server.connects().subscribes("lobby").quiet();

    assertThat(says("ann", "hello \\\"you\\\"")).startsWith("200 ");
    assertThat(pusher.hears())
        .singleElement()
        .asString()
        .matches(
            "\\{\"event\":\"message\",\"channel\":\"lobby\",\"data\":\"\\{\\\\\"id\\\\\":\\d+,"
                + "\\\\\"seq\\\\\":2,\\\\\"userId\\\\\":\\\\\"ann\\\\\",\\\\\"content\\\\\":"
                + "\\\\\"hello \\\\\\\\\\\\\"you\\\\\\\\\\\\\"\\\\\",\\\\\"createdAt\\\\\":\\\\\"[^\"]+Z\\\\\"}\"}");
  }

  @Test
  void pushersEventsReachChats() {
    server.room("lobby", RoomType.PUBLIC, "ann");
    Wire chat = server.chats("ann", "lobby");

    server.publishes("lobby", "price", "{\\\"p\\\":1}");
    assertThat(chat.hears())
        .singleElement()
        .asString()
        .contains("\"type\":\"server_event\"", "\"price\"", "\"{\\\"p\\\":1}\"");
  }

  @Test
  void whispersOfAChatStayThere() {
    server.room("presence-lobby", RoomType.PUBLIC, "ann");
    Wire bob =
        server.connects().subscribesSigned("presence-lobby", "{\"user_id\":\"bob\"}").quiet();
    var room = server.fluxy.room(new RoomId("shop", "presence-lobby"));
    room.post(
        User.named("ann"),
        Draft.text("for bob").whispered(io.fluxy.chat.Readers.only(Set.of("bob"))));
    server.time.runUntilIdle();

    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void presenceIsOneForAll() {
    server.room("presence-lobby", RoomType.PUBLIC, "ann");
    Wire bob =
        server.connects().subscribesSigned("presence-lobby", "{\"user_id\":\"bob\"}").quiet();
    Wire ann = server.chats("ann", "presence-lobby");

    assertThat(bob.hears())
        .containsExactly(
            "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-lobby\",\"data\":"
                + "\"{\\\"user_id\\\":\\\"ann\\\",\\\"user_info\\\":null}\"}");
    ann.quiet();
    bob.leaves();
    assertThat(ann.hears())
        .anyMatch(frame -> frame.contains("member_left") && frame.contains("bob"));
  }

  @Test
  void aPrivateChannelIsClosedToTokensOfTheProject() {
    server.connects().subscribesSigned("private-x", null);
    server.publishes("private-x", "e", "1");

    assertThat(server.shakes("/ws/room/private-x?token=" + server.token("ann"), Map.of()).refusal())
        .as("a member of the project is no member of the room")
        .isNotNull();
    String target = "/api/messages?roomId=private-x";
    Map<String, String> headers = Map.of("Authorization", "Bearer " + server.token("ann"));
    assertThat(
            server.answer(ApiRequest.of("GET", target, headers, new byte[0], "192.0.2.1")).status())
        .isEqualTo(403);
  }

  @Test
  void aSignatureLetsHearAGroupAndMakesNobodyAMember() {
    server.room("private-board", RoomType.GROUP, "owner");
    Wire ann = server.connects().subscribesSigned("private-board", null);
    assertThat(ann.hears()).hasSize(1);

    var look = server.fluxy.room(new RoomId("shop", "private-board")).look(User.named("owner"));
    server.time.runUntilIdle();
    assertThat(look.toCompletableFuture().join().members()).hasSize(1);
    server
        .fluxy
        .room(new RoomId("shop", "private-board"))
        .post(User.named("owner"), Draft.text("hi"));
    server.time.runUntilIdle();
    assertThat(ann.hears()).singleElement().asString().contains("\"event\":\"message\"");
  }

  @Test
  void whoeverIsBannedHearsNoMore() {
    Wire ann = server.connects().subscribesSigned("presence-r", "{\"user_id\":\"ann\"}").quiet();
    User owner = new User("owner", Set.of(Role.OWNER));
    server
        .fluxy
        .room(new RoomId("shop", "presence-r"))
        .submit(
            owner,
            new io.fluxy.chat.Command.Impose("ann", io.fluxy.chat.Sanction.BAN, 0, "enough"));
    server.time.runUntilIdle();

    assertThat(ann.hears()).anyMatch(frame -> frame.contains("pusher:subscription_error"));
    server.publishes("presence-r", "e", "x");
    assertThat(ann.hears()).isEmpty();
    assertThat(ann.subscribesSigned("presence-r", "{\"user_id\":\"ann\"}").hears()).hasSize(2);
    assertThat(ann.end()).isEqualTo("open");
  }

  /** Host code in the room. */
  private static final class Host implements Member {
    private final List<String> heard = new ArrayList<>();

    @Override
    public String id() {
      return "host";
    }

    @Override
    public User user() {
      return User.named("host");
    }

    @Override
    public Map<String, String> info() {
      return Map.of();
    }

    @Override
    public boolean hear(Delivery delivery) {
      for (Event event : delivery.events()) {
        if (event instanceof Event.Posted posted) {
          heard.add(posted.message().content());
        } else if (event instanceof Event.Signalled signal) {
          heard.addAll(marks(signal.json()));
        }
      }
      return true;
    }

    @Override
    public void part(Farewell farewell) {
      heard.add(farewell.toString());
    }
  }

  private static List<String> marks(String text) {
    List<String> marks = new ArrayList<>();
    Matcher matcher = Pattern.compile("w\\d-\\d+").matcher(text);
    while (matcher.find()) {
      marks.add(matcher.group());
    }
    return marks;
  }

  private static List<String> heard(Wire wire) {
    List<String> all = new ArrayList<>();
    wire.hears().stream().map(MixedRoomTest::marks).forEach(marks -> all.addAll(Set.copyOf(marks)));
    return all;
  }

  @Test
  void eightWritersOfThreeKindsAreHeardInOneOrder() throws Exception {
    server.room("lobby", RoomType.PUBLIC, "ann");
    Wire chat = server.chats("ann", "lobby");
    Wire chat2 = server.chats("bob", "lobby");
    Wire pusher = server.connects().subscribes("lobby").quiet();
    Wire pusher2 = server.connects().subscribes("lobby").quiet();
    Host host = new Host();
    var joined = server.fluxy.room(LOBBY).join(host, 0);
    server.time.runUntilIdle();

    // Nobody waits for anybody: all that is sent in a round lies in one mailbox.
    int rounds = 25;
    for (int i = 0; i < rounds; i++) {
      for (int writer = 0; writer < 8; writer++) {
        int by = (writer + i) % 8;
        String mark = "w" + by + "-" + i;
        if (by < 3) {
          server.fluxy.room(LOBBY).post(User.named("u" + by), Draft.text(mark));
        } else if (by < 6) {
          server.sends("lobby", "e", mark);
        } else {
          (by == 6 ? chat : chat2).sends("{\"type\":\"message\",\"content\":\"" + mark + "\"}");
        }
      }
      server.time.runUntilIdle();
    }

    assertThat(host.heard).hasSize(8 * rounds).doesNotHaveDuplicates();
    assertThat(heard(pusher)).isEqualTo(host.heard);
    assertThat(heard(pusher2)).isEqualTo(host.heard);
    assertThat(heard(chat)).isEqualTo(host.heard);
    assertThat(heard(chat2)).isEqualTo(host.heard);
    joined.toCompletableFuture().join().close();
  }
}
