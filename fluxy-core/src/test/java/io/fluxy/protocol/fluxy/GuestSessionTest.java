package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.DataLimits;
import io.fluxy.chat.Role;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Visitors without an account: contract 1.3. */
class GuestSessionTest {
  private static final String NOT_FOUND = "404 {'traceId':'t-1','error':'room_not_found'}";

  private final ChatServer server =
      ChatServer.setup().with(builder -> builder.guestsOf("acme")).start();

  @BeforeEach
  void someRooms() {
    server.room("square", "public", "ann");
    server.room("park", "public", "ann");
    server.room("den", "group", "ann");
    server.says("ann", "square", "welcome");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private Reply visit(String room) {
    return server.post(null, "/public/rooms/" + room + "/guest-session", "{'displayName':'Gus'}");
  }

  @Test
  void aVisitorReadsTheOneRoomAndNothingElse() {
    Reply visit = visit("square");
    Map<String, ?> session = visit.object();
    String token = visit.token();

    assertThat(session.keySet())
        .containsExactly(
            "enabled", "roomId", "projectId", "userId", "token", "expiresIn", "roles", "readOnly");
    assertThat(visit.text("userId")).matches("guest_[0-9a-f]{16}");
    assertThat(visit.toString())
        .contains("'roomId':'square','projectId':'acme'", "'roles':['guest'],'readOnly':true");
    assertThat(server.get(token, "/api/messages?roomId=square").toString()).contains("welcome");
    assertThat(server.connect(token, "square").hears().toString()).contains("welcome");
    assertThat(server.get(token, "/api/messages?roomId=park").status()).isEqualTo(403);
    String words = "{'roomId':'square','content':'spam'}";
    assertThat(server.post(token, "/messages", words).status()).isEqualTo(403);
    assertThat(server.get(token, "/export/messages.json?roomId=square").status()).isEqualTo(403);
    assertThat(server.post(token, "/rooms", "{'name':'x','type':'group'}").status()).isEqualTo(403);
    server.time.pass(3_631_000);
    assertThat(server.get(token, "/api/messages?roomId=square")).hasToString("401 Token expired");
  }

  @Test
  void aRoomThatIsNotPublicIsLikeOneThatIsNotThere() {
    assertThat(visit("den")).hasToString(NOT_FOUND);
    assertThat(visit("nowhere")).hasToString(NOT_FOUND);
    assertThat(visit("%2e%2e")).hasToString(NOT_FOUND);
    String theirs = server.token("globex", "eve", 3_600, Role.OWNER);
    server.post(theirs, "/rooms", "{'id':'theirs','name':'x','type':'public'}");
    assertThat(visit("theirs")).hasToString(NOT_FOUND);
  }

  @Test
  void nobodyMayUnlessTheHostSaysSo() {
    ChatServer closed = ChatServer.start();
    closed.room("square", "public", "ann");

    assertThat(closed.post(null, "/public/rooms/square/guest-session", "{}"))
        .hasToString("404 {'traceId':'t-1','error':'public_guest_disabled'}");
  }

  @Test
  void anAddressGetsSoManySessionsAMinute() {
    ChatServer small =
        ChatServer.setup()
            .with(builder -> builder.guestsOf("acme"))
            .limits(limits -> limits.data(DataLimits.defaults().withGuestSessionsPerMinute(1)))
            .start();
    small.room("square", "public", "ann");
    String target = "/public/rooms/square/guest-session";

    assertThat(small.post(null, target, "{}").status()).isEqualTo(200);
    assertThat(small.post(null, target, "{}").status()).isEqualTo(429);
    assertThat(small.call("POST", target).peer("192.0.2.2").json("{}").now().status())
        .isEqualTo(200);
  }
}
