package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.Access;
import io.fluxy.chat.DataLimits;
import io.fluxy.chat.Role;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Search over messages and conversations: contract 1.7. */
class SearchTest {
  private static final String NOTHING = "200 {'messages':[],'results':[]}";

  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private static List<String> contents(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(reply.get("results")).isEqualTo(reply.get("messages"));
    return ((List<?>) reply.get("results"))
        .stream().map(each -> String.valueOf(((Map<?, ?>) each).get("content"))).toList();
  }

  @Test
  void aFoundMessageComesInBothFormsThatClientsRead() {
    server.says("ann", "lobby", "hello one");

    String row =
        "{'id':134217731,'room_id':'lobby','user_id':'ann','content':'hello one',"
            + "'created_at':'2026-01-31T12:00:01.000Z','roomId':'lobby','userId':'ann',"
            + "'createdAt':'2026-01-31T12:00:01.000Z'}";
    assertThat(server.get(bobs, "/search/messages?q=HEL"))
        .hasToString("200 {'messages':[" + row + "],'results':[" + row + "]}");
    assertThat(server.get(bobs, "/search/messages?q=hello&roomId=lobby"))
        .hasToString("200 {'messages':[" + row + "],'results':[" + row + "]}");
    assertThat(server.get(bobs, "/search/messages?q=goodbye")).hasToString(NOTHING);
    assertThat(server.get(bobs, "/search/messages?q=%25")).hasToString(NOTHING);
  }

  @Test
  void editedTextIsFoundAndDeletedTextIsNot() {
    long edited = server.says("ann", "lobby", "first").messageId();
    long deleted = server.says("ann", "lobby", "first too").messageId();
    server.patch(anns, "/messages/" + edited, "{'content':'second'}");
    server.delete(anns, "/messages/" + deleted);

    assertThat(contents(server.get(bobs, "/search/messages?q=first"))).isEmpty();
    assertThat(contents(server.get(bobs, "/search/messages?q=second"))).containsExactly("second");
  }

  @Test
  void nobodyFindsWhatItMayNotRead() {
    server.room("den", "group", "ann");
    server.room("square", "public", "ann");
    server.says("ann", "lobby", "word in lobby");
    server.says("ann", "den", "word in den");
    server.says("ann", "square", "word in square");
    String theirs = server.token("globex", "ann", 3_600, Role.OWNER);
    String boss = server.token("boss", Role.ADMIN);
    String guest = server.token("anon_1", Role.GUEST);

    assertThat(contents(server.get(anns, "/search/messages?q=word"))).hasSize(3);
    assertThat(contents(server.get(bobs, "/search/messages?q=word")))
        .containsExactly("word in square", "word in lobby");
    assertThat(contents(server.get(guest, "/search/messages?q=word")))
        .containsExactly("word in square");
    assertThat(contents(server.get(boss, "/search/messages?q=word"))).hasSize(3);
    assertThat(contents(server.get(theirs, "/search/messages?q=word"))).isEmpty();
    assertThat(server.get(bobs, "/search/messages?q=word&roomId=den").status()).isEqualTo(403);
    assertThat(server.get(bobs, "/search/messages?q=word&roomId=nowhere").status()).isEqualTo(403);
    server.delete(anns, "/rooms/lobby/members/bob");
    assertThat(contents(server.get(bobs, "/search/messages?q=word")))
        .containsExactly("word in square");
  }

  @Test
  void theHostsWordCountsInSearchToo() {
    ChatServer strict =
        ChatServer.setup()
            .access(
                (who, room, command) ->
                    CompletableFuture.completedStage(
                        room.name().equals("den") && who.user().id().equals("bob")
                            ? Access.Verdict.NO
                            : Access.Verdict.BY_MEMBERSHIP))
            .start();
    strict.room("den", "group", "ann", "bob");
    strict.says("ann", "den", "word");

    assertThat(contents(strict.get(strict.token("ann"), "/search/messages?q=word"))).hasSize(1);
    assertThat(contents(strict.get(strict.token("bob"), "/search/messages?q=word"))).isEmpty();
    assertThat(strict.get(strict.token("bob"), "/search/conversations?q=den"))
        .hasToString("200 {'conversations':[],'results':[]}");
  }

  @Test
  void theNewestComeFirstAndAnAnswerIsBounded() {
    for (int i = 1; i <= 60; i++) {
      server.says("ann", "lobby", "word " + i);
    }

    assertThat(contents(server.get(bobs, "/search/messages?q=word"))).hasSize(20);
    assertThat(contents(server.get(bobs, "/search/messages?q=word&limit=2")))
        .containsExactly("word 60", "word 59");
    assertThat(contents(server.get(bobs, "/search/messages?q=word&limit=9999"))).hasSize(50);
    for (String bad : List.of("0", "-1", "x", "1e3", "")) {
      assertThat(server.get(bobs, "/search/messages?q=word&limit=" + bad).status()).isEqualTo(400);
    }
  }

  @Test
  void conversationsAreFoundByName() {
    server.room("den", "group", "ann");

    String den =
        "{'id':'den','type':'group','name':'The den','created_at':'2026-01-31T12:00:01.000Z'}";
    assertThat(server.get(anns, "/search/conversations?q=DEN"))
        .hasToString("200 {'conversations':[" + den + "],'results':[" + den + "]}");
    assertThat(server.get(bobs, "/search/conversations?q=den"))
        .hasToString("200 {'conversations':[],'results':[]}");
  }

  @Test
  void aQuestionNeedsWordsAndUsersMayAskSoManyAMinute() {
    assertThat(server.get(anns, "/search/messages"))
        .hasToString("400 {'traceId':'t-1','error':'q required'}");
    assertThat(server.get(anns, "/search/messages?q=%20").status()).isEqualTo(400);
    assertThat(server.get(anns, "/search/messages?q=" + "x".repeat(257)).status()).isEqualTo(400);
    ChatServer slow =
        ChatServer.setup()
            .limits(limits -> limits.data(DataLimits.defaults().withSearchesPerMinute(1)))
            .start();

    assertThat(slow.get(slow.token("ann"), "/search/messages?q=x").status()).isEqualTo(200);
    assertThat(slow.get(slow.token("ann"), "/search/conversations?q=x"))
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':60}");
    assertThat(slow.get(slow.token("bob"), "/search/messages?q=x").status()).isEqualTo(200);
  }
}
