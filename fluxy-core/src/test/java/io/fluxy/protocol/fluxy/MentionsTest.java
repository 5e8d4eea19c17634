package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is named in a message, by name and in groups (contract 1.5). */
class MentionsTest {
  private final ChatServer server = ChatServer.start();
  private final String ann = server.token("ann", Role.OWNER);

  MentionsTest() {
    server.room("lobby", "group", "ann", "bob", "carol", "dave");
    server.post(ann, "/rooms/lobby/members", "{'userId':'mia','role':'moderator'}");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private @Nullable Object mentions(String user, String text) {
    return server.says(user, "lobby", text).message().get("mentions");
  }

  @Test
  void whoIsNamedByNameHasToBeAMember() {
    assertThat(mentions("ann", "@carol, @bob: hi, and @zoe")).isEqualTo(List.of("bob", "carol"));
    assertThat(mentions("ann", "@ann herself")).isEqualTo(List.of("ann"));
  }

  @Test
  void everyoneIsAllButTheAuthorAndHereIsWhoIsConnected() {
    assertThat(mentions("bob", "@everyone!")).isEqualTo(List.of("ann", "carol", "dave", "mia"));
    assertThat(mentions("bob", "@channel: lunch"))
        .isEqualTo(List.of("ann", "carol", "dave", "mia"));
    assertThat(mentions("bob", "@here")).isEqualTo(List.of());
    Client carol = server.joins("carol", "lobby");
    server.joins("bob", "lobby");
    assertThat(mentions("bob", "@here @dave")).isEqualTo(List.of("carol", "dave"));
    carol.leaves();
    assertThat(mentions("bob", "@here")).isEqualTo(List.of());
  }

  @Test
  void aRoleIsWhoeverHasItInTheRoom() {
    assertThat(mentions("bob", "@role:moderator @role:owner")).isEqualTo(List.of("ann", "mia"));
    assertThat(mentions("bob", "@role:emperor @role: @role")).isEqualTo(List.of());
    assertThat(mentions("bob", "write to x@channel")).as("an address").isEqualTo(List.of());
  }

  @Test
  void aWhisperNamesNobodyWhoMayNotReadIt() {
    Map<?, ?> whisper =
        server
            .post(
                ann,
                "/messages",
                "{'roomId':'lobby','content':'@channel @dave','visibility':'whisper',"
                    + "'visibleTo':['bob']}")
            .message();

    assertThat(whisper.get("mentions")).isEqualTo(List.of("bob"));
  }

  @Test
  void onlyMembersNameGroups() {
    server.room("square", "public", "ann", "bob");
    String zoe = server.token("zoe");
    String json = "{'roomId':'square','content':'@channel'}";

    assertThat(server.post(zoe, "/messages", json).message().get("mentions")).isEqualTo(List.of());
    server.joins("zoe", "square"); // a member by now
    assertThat(server.post(zoe, "/messages", json).message().get("mentions"))
        .isEqualTo(List.of("ann", "bob"));
  }

  @Test
  void aCrowdIsNamedAsFarAsItGoesAndTheMessageSaysThatItWasCut() {
    for (int i = 0; i < Message.MENTIONED_MAX; i++) {
      server.post(ann, "/rooms/lobby/members", "{'userId':'u%03d'}".formatted(i));
    }
    Client bob = server.joins("bob", "lobby");
    Map<?, ?> all = server.says("ann", "lobby", "@channel, and @u199").message();

    assertThat((List<?>) all.get("mentions")).hasSize(Message.MENTIONED_MAX);
    assertThat(String.valueOf(all.get("mentions"))).contains("u199");
    assertThat(all.get("mentionsCut")).isEqualTo(true);
    assertThat(bob.hears("message").toString()).contains("'mentionsCut':true");
    assertThat(server.get(ann, "/api/messages?roomId=lobby").toString())
        .contains("'mentionsCut':true");
    assertThat(server.says("ann", "lobby", "@u001").message().get("mentionsCut")).isNull();
  }
}
