package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The message of a room that is pinned: contract 1.4 and {@code message_pinned} of 2.4. */
class PinsTest {
  private static final String PIN = "/rooms/lobby/pin";
  private static final String NOT_FOUND = "404 {'traceId':'t-1','error':'message not found'}";
  private static final String NOTHING =
      "'pinned_message_id':null,'pinned_at':null,'pinned_by_user_id':null";

  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void aMemberPinsAMessageAndEverybodyHearsOfIt() {
    long id = server.says("ann", "lobby", "remember this").messageId();
    Client ann = server.joins("ann", "lobby");

    assertThat(server.patch(bobs, PIN, "{'messageId':" + id + "}"))
        .hasToString("200 {'ok':true,'roomId':'lobby','pinnedMessageId':" + id + "}");
    assertThat(ann.hears())
        .containsExactly(
            "{'type':'message_pinned','roomId':'lobby','messageId':"
                + id
                + ",'pinnedBy':'bob','pinnedAt':'2026-01-31T12:00:01.001Z','seq':4}");
    String pinned =
        "'pinned_message_id':"
            + id
            + ",'pinned_at':'2026-01-31T12:00:01.001Z','pinned_by_user_id':'bob'";
    assertThat(server.get(anns, "/rooms/lobby").toString()).contains(pinned);
    assertThat(server.get(anns, "/rooms").toString()).contains(pinned);

    assertThat(server.patch(anns, PIN, "{'messageId':" + id + "}").status()).isEqualTo(200);
    assertThat(ann.hears()).as("it is pinned already").isEmpty();
    assertThat(server.patch(anns, PIN, "{'messageId':null}"))
        .hasToString("200 {'ok':true,'roomId':'lobby','pinnedMessageId':null}");
    assertThat(ann.hears())
        .singleElement()
        .asString()
        .startsWith("{'type':'message_pinned','roomId':'lobby','messageId':null,'pinnedBy':'ann',");
    assertThat(server.get(anns, "/rooms").toString()).contains(NOTHING);
  }

  @Test
  void aDeletedMessageIsPinnedNoMoreAndCantBePinned() {
    long id = server.says("ann", "lobby", "remember this").messageId();
    server.patch(bobs, PIN, "{'messageId':" + id + "}");
    Client bob = server.joins("bob", "lobby");

    assertThat(server.call("DELETE", "/messages/" + id).token(anns).now().status()).isEqualTo(200);
    assertThat(bob.hears("message_pinned").toString())
        .startsWith(
            "[{'type':'message_pinned','roomId':'lobby','messageId':null,'pinnedBy':'ann',");
    bob = server.joins("bob", "lobby");
    bob.says("{'type':'resume','lastSeq':0}");
    assertThat(bob.hears().toString()).contains("'currentSeq':6");
    assertThat(server.get(anns, "/rooms").toString()).contains(NOTHING);
    assertThat(server.get(anns, "/rooms/lobby").toString()).contains(NOTHING);
    assertThat(server.patch(bobs, PIN, "{'messageId':" + id + "}"))
        .hasToString("409 {'traceId':'t-1','error':'message deleted'}");
  }

  @Test
  void whatNotEverybodyMaySeeIsNotPinned() {
    String whisper =
        "{'roomId':'lobby','content':'psst','visibility':'whisper','visibleTo':['bob']}";
    long id = server.post(anns, "/messages", whisper).messageId();
    server.post(anns, "/rooms/lobby/members", "{'userId':'dave'}");

    assertThat(server.patch(anns, PIN, "{'messageId':" + id + "}"))
        .hasToString(
            "400 {'traceId':'t-1',"
                + "'error':'only a message for everybody in the room can be pinned'}");
    assertThat(server.patch(server.token("dave"), PIN, "{'messageId':" + id + "}"))
        .hasToString(NOT_FOUND);
    assertThat(server.get(anns, "/rooms/lobby").toString()).contains(NOTHING);
  }

  @Test
  void whoeverMayNotPostPinsNothing() {
    server.room("news", "announcement", "ann", "bob");
    server.room("plaza", "public", "ann");
    long news = server.says("ann", "news", "hear ye").messageId();
    long plaza = server.says("ann", "plaza", "hello").messageId();

    assertThat(server.patch(bobs, "/rooms/news/pin", "{'messageId':" + news + "}").toString())
        .startsWith("403 {'traceId':'t-1','error':'announcement_read_only'");
    assertThat(server.patch(bobs, "/rooms/news/pin", "{'messageId':null}").status()).isEqualTo(403);
    assertThat(server.patch(anns, "/rooms/news/pin", "{'messageId':" + news + "}").status())
        .isEqualTo(200);
    String guest = server.token("anon_1", Role.GUEST);
    assertThat(server.patch(guest, "/rooms/plaza/pin", "{'messageId':" + plaza + "}").toString())
        .startsWith("403 {'traceId':'t-1','error':'guest_read_only'");
    assertThat(server.patch(bobs, PIN, "{'messageId':" + news + "}"))
        .as("of another room")
        .hasToString(NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{'messageId':'x'}", "{'messageId':true}", "{'messageId':1.5}", "{'x':1}"})
  void aMessageIdIsANumberOrNull(String body) {
    assertThat(server.patch(anns, PIN, body))
        .hasToString("400 {'traceId':'t-1','error':'messageId must be a number or null'}");
  }
}
