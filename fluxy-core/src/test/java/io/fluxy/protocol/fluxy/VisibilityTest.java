package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whispers and what is for a role: contract 1.5, and the leaks of FluxyChat that we don't have. */
class VisibilityTest {
  private static final long ID = 134217732;
  private static final String NOT_FOUND = "404 {'traceId':'t-1','error':'message not found'}";
  private static final String PSST =
      "{'roomId':'lobby','content':'psst','visibility':'whisper','visibleTo':['bob']}";
  private static final String CREATED =
      "'id':134217732,'roomId':'lobby','userId':'ann','senderId':'ann','content':'psst',"
          + "'createdAt':'2026-01-31T12:00:01.000Z','parentId':null,'mentions':[],"
          + "'preview':null,'attachments':[],'visibility':'whisper','visibleTo':['bob'],"
          + "'seq':4,'version':1}";

  private final ChatServer server = ChatServer.start();
  private final Client bob;
  private final Client carol;
  private final Client carolsStream;
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");
  private final String carols = server.token("carol");

  VisibilityTest() {
    server.room("lobby", "group", "ann", "bob", "carol");
    bob = server.joins("bob", "lobby");
    carol = server.joins("carol", "lobby");
    carolsStream = server.streams(carols, "lobby");
    bob.hears();
    carol.hears();
    carolsStream.hears();
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void aWhisperIsAnsweredAndHeardAsTheContractHasIt() {
    assertThat(server.post(anns, "/messages", PSST))
        .hasToString("200 {'message':{" + CREATED + "}");
    assertThat(bob.hears()).containsExactly("{'type':'message'," + CREATED);
    assertThat(carol.hears()).isEmpty();
    assertThat(carolsStream.hears()).isEmpty();
  }

  @Test
  void aWhisperBySocketIsTheSame() {
    Client ann = server.joins("ann", "lobby");
    bob.hears();
    carol.hears();
    ann.says(
        "{'type':'message','content':'psst','visibility':'whisper','visibleTo':['bob','ann']}");

    assertThat(ann.hears()).containsExactly("{'type':'message'," + CREATED);
    assertThat(bob.hears()).containsExactly("{'type':'message'," + CREATED);
    assertThat(carol.hears()).isEmpty();
  }

  @Test
  void historyHasItForItsReadersOnly() {
    server.post(anns, "/messages", PSST);
    server.time.pass(1_000);
    server.says("ann", "lobby", "aloud");

    assertThat(
            server.get(bobs, "/api/messages?roomId=lobby&limit=1&before=2026-01-31T12:00:02.000Z"))
        .hasToString(
            "200 {'messages':[{'id':134217732,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'psst','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
                + "'editedAt':null,'deletedAt':null,'expiresAt':null,'kind':'text',"
                + "'visibility':'whisper','visibleTo':['bob'],'seq':4,'version':1,"
                + "'mentions':[],'attachments':[]}],'reactions':{}}");
    assertThat(server.get(carols, "/api/messages?roomId=lobby").toString())
        .contains("aloud")
        .doesNotContain("psst");
    assertThat(
            server.get(server.token("boss", Role.OWNER), "/api/messages?roomId=lobby").toString())
        .contains("aloud")
        .doesNotContain("psst");
    assertThat(server.connect(carols, "lobby").hears().toString()).doesNotContain("psst");
    assertThat(server.streams(carols, "lobby").raw()).contains("aloud").doesNotContain("psst");
    assertThat(server.connect(bobs, "lobby").hears().toString()).contains("psst");
  }

  @Test
  void whatIsDoneToItIsHeardByItsReadersOnly() {
    server.post(anns, "/messages", PSST);
    server.post(bobs, "/messages/" + ID + "/reactions", "{'emoji':'👍'}");
    server.patch(anns, "/messages/" + ID, "{'content':'hush'}");
    server.post(bobs, "/rooms/lobby/read", "{'messageId':" + ID + "}");
    server.delete(anns, "/messages/" + ID);

    assertThat(bob.hears()).hasSize(7);
    assertThat(carol.hears()).isEmpty();
    assertThat(carolsStream.hears()).isEmpty();
  }

  @Test
  void itsIdIsMissingForOthers() {
    server.post(anns, "/messages", PSST);
    String message = "/messages/" + ID;

    assertThat(server.patch(carols, message, "{'content':'x'}")).hasToString(NOT_FOUND);
    assertThat(server.delete(carols, message)).hasToString(NOT_FOUND);
    assertThat(server.post(carols, message + "/reactions", "{'emoji':'👍'}"))
        .hasToString(NOT_FOUND);
    assertThat(server.post(carols, "/rooms/lobby/read", "{'messageId':" + ID + "}"))
        .hasToString(NOT_FOUND);
    assertThat(
            server.post(
                carols, "/messages", "{'roomId':'lobby','content':'x','replyTo':" + ID + "}"))
        .hasToString(NOT_FOUND);
  }

  @Test
  void itCountsAsUnreadForItsReadersOnly() {
    server.post(anns, "/messages", PSST);

    assertThat(server.get(bobs, "/rooms").toString()).contains("'unreadCount':1");
    assertThat(server.get(carols, "/rooms").toString()).contains("'unreadCount':0");
  }

  @Test
  void filesSearchAndListsHaveItForItsReadersOnly() {
    server.post(anns, "/messages", PSST);
    server.says("ann", "lobby", "aloud");
    String boss = server.token("boss", Role.OWNER);

    for (String target :
        new String[] {
          "/export/messages.json?roomId=lobby",
          "/export/messages.csv?roomId=lobby",
          "/export/rooms/lobby.markdown"
        }) {
      assertThat(server.call("GET", target).token(bobs).stream().raw()).contains("psst", "aloud");
      for (String other : new String[] {carols, boss}) {
        assertThat(server.call("GET", target).token(other).stream().raw())
            .contains("aloud")
            .doesNotContain("psst")
            .doesNotContain(String.valueOf(ID));
      }
    }
    assertThat(server.get(bobs, "/search/messages?q=psst").toString()).contains("'psst'");
    for (String other : new String[] {carols, boss}) {
      assertThat(server.get(other, "/search/messages?q=psst"))
          .hasToString("200 {'messages':[],'results':[]}");
      assertThat(server.get(other, "/api/messages?roomId=lobby&since=3").toString())
          .contains("aloud")
          .doesNotContain("psst");
      assertThat(server.get(other, "/messages/" + ID + "/deliveries")).hasToString(NOT_FOUND);
      assertThat(server.post(other, "/messages/" + ID + "/delivered", "{}")).hasToString(NOT_FOUND);
    }
    assertThat(server.get(carols, "/rooms/lobby/unread").toString()).contains("'unreadCount':1");
    assertThat(server.get(bobs, "/rooms/lobby/unread").toString()).contains("'unreadCount':2");
  }

  @Test
  void anErasureTellsOthersNothingOfIt() {
    server.post(anns, "/messages", PSST);
    bob.hears();
    var erased = server.fluxy.erase("acme", "ann");
    server.time.settle();

    assertThat(erased.toCompletableFuture()).isCompleted();
    assertThat(server.get(bobs, "/api/messages?roomId=lobby").toString()).doesNotContain("psst");
    assertThat(carol.hears().toString())
        .contains("'type':'messages_purged'")
        .doesNotContain(String.valueOf(ID));
    assertThat(carolsStream.raw()).contains("messages_purged").doesNotContain(String.valueOf(ID));
  }

  @Test
  void aMessageForARoleIsForThoseInIt() {
    String json = "{'roomId':'lobby','content':'mods','visibility':'role:mod'}";
    assertThat(server.post(bobs, "/messages", json).toString())
        .contains("'visibility':'role:moderator','seq':4");

    String mods = server.token("carol", Role.MODERATOR);
    assertThat(server.get(mods, "/api/messages?roomId=lobby").toString()).contains("mods");
    assertThat(server.get(carols, "/api/messages?roomId=lobby").toString()).doesNotContain("mods");
    assertThat(carol.hears()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'visibility':'whisper'                      | visibleTo required for whisper messages",
        "'visibility':'whisper','visibleTo':[]       | visibleTo required for whisper messages",
        "'visibility':'whisper','visibleTo':['a b']  | visibleTo must be user ids of 1-128 chars, alphanumeric with _ -",
        "'visibility':'whisper','visibleTo':[1]      | visibleTo must be user ids of 1-128 chars, alphanumeric with _ -",
        "'visibleTo':['bob']                         | visibleTo needs visibility whisper",
        "'visibility':'role:nobody'                  | visibility must be room, whisper, or role:<name>",
        "'visibility':'x'                            | visibility must be room, whisper, or role:<name>",
        "'visibility':7                              | visibility must be room, whisper, or role:<name>"
      })
  void whatIsNoVisibilityIsRefused(String fields, String error) {
    assertThat(server.post(anns, "/messages", "{'roomId':'lobby','content':'x'," + fields + "}"))
        .hasToString("400 {'traceId':'t-1','error':'" + error + "'}");
  }
}
