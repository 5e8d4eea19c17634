package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading, receipts, drafts and preferences: contract 1.4, 1.5. */
class MembersOwnTest {
  private static final String NOT_FOUND = "404 {'traceId':'t-1','error':'message not found'}";
  private static final long ID = 134217731;

  private final ChatServer server = ChatServer.withLobby();
  private final Client ann = server.joins("ann", "lobby");
  private final Client bob = server.joins("bob", "lobby");
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  MembersOwnTest() {
    assertThat(server.says("ann", "lobby", "one").messageId()).isEqualTo(ID);
    ann.hears();
    bob.hears();
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void whoeverHasNotReadIsToldWhereToBegin() {
    server.says("ann", "lobby", "two");
    assertThat(server.get(bobs, "/rooms/lobby/unread"))
        .hasToString(
            "200 {'unreadCount':2,'lastReadMessageId':null,'firstUnreadMessageId':134217731}");
    server.post(bobs, "/rooms/lobby/read", "{'messageId':" + ID + "}");

    assertThat(server.get(bobs, "/rooms/lobby/unread"))
        .hasToString(
            "200 {'unreadCount':1,'lastReadMessageId':134217731,"
                + "'firstUnreadMessageId':134217732}");
    assertThat(server.get(anns, "/rooms/lobby/unread"))
        .hasToString("200 {'unreadCount':0,'lastReadMessageId':null,'firstUnreadMessageId':null}");
  }

  @Test
  void aReadMarkIsHeardWhicheverWayItComesAndNamesAMessage() {
    assertThat(server.post(bobs, "/rooms/lobby/read", "{'messageId':" + ID + "}"))
        .hasToString("200 {'ok':true}");
    String read =
        "{'type':'read','roomId':'lobby','userId':'bob','messageId':134217731,"
            + "'createdAt':'2026-01-31T12:00:01.000Z'}";
    assertThat(ann.hears()).containsExactly(read);
    bob.says("{'type':'read','messageId':" + ID + "}");
    assertThat(ann.hears()).containsExactly(read);

    // a membership event has no message, and neither has what is still to come
    for (long none : new long[] {134217729, 134217730, ID + 1, 1, -1}) {
      assertThat(server.post(bobs, "/rooms/lobby/read", "{'messageId':'" + none + "'}").status())
          .as("%s", none)
          .isIn(400, 404);
    }
    assertThat(server.get(bobs, "/rooms/lobby/unread").toString())
        .contains("'lastReadMessageId':134217731");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void whoeverGotAMessageSaysSo() {
    assertThat(server.post(bobs, "/messages/" + ID + "/delivered", ""))
        .hasToString("200 {'ok':true,'messageId':134217731,'userId':'bob','status':'delivered'}");
    assertThat(ann.hears())
        .containsExactly(
            "{'type':'delivery_updated','roomId':'lobby','messageId':134217731,'userId':'bob',"
                + "'status':'delivered'}");
    assertThat(server.get(anns, "/messages/" + ID + "/deliveries"))
        .hasToString(
            "200 {'messageId':134217731,'deliveries':[{'userId':'bob','status':'delivered',"
                + "'updatedAt':'2026-01-31T12:00:01.000Z'}]}");
    assertThat(server.post(anns, "/messages/" + ID + "/delivered", ""))
        .hasToString("400 {'traceId':'t-1','error':'cannot_mark_own_message_delivered'}");
    assertThat(server.post(bobs, "/messages/134217999/delivered", "")).hasToString(NOT_FOUND);
    assertThat(server.get(bobs, "/messages/134217999/deliveries")).hasToString(NOT_FOUND);
    server.delete(anns, "/messages/" + ID);
    assertThat(server.get(bobs, "/messages/" + ID + "/deliveries")).hasToString(NOT_FOUND);
  }

  @Test
  void aWhisperHasReceiptsForItsReadersOnly() {
    String whisper = "{'roomId':'lobby','content':'x','visibility':'whisper','visibleTo':['zoe']}";
    long id = server.post(anns, "/messages", whisper).messageId();
    ann.hears();

    assertThat(server.post(bobs, "/messages/" + id + "/delivered", "")).hasToString(NOT_FOUND);
    assertThat(server.get(bobs, "/messages/" + id + "/deliveries")).hasToString(NOT_FOUND);
    assertThat(ann.hears()).isEmpty();
    assertThat(server.get(anns, "/messages/" + id + "/deliveries").status()).isEqualTo(200);
  }

  @Test
  void aDraftIsKeptForItsMemberAlone() {
    assertThat(server.get(bobs, "/rooms/lobby/draft")).hasToString("200 {'draft':null}");
    String kept =
        "200 {'draft':{'content':'hm','replyToId':134217731,"
            + "'updatedAt':'2026-01-31T12:00:01.000Z'}}";
    assertThat(
            server
                .call("PUT", "/rooms/lobby/draft")
                .token(bobs)
                .json("{'content':'hm','replyToId':134217731}")
                .now())
        .hasToString(kept);
    assertThat(server.get(bobs, "/rooms/lobby/draft")).hasToString(kept);
    assertThat(server.get(anns, "/rooms/lobby/draft")).hasToString("200 {'draft':null}");
    assertThat(put("{'content':''}")).hasToString("200 {'draft':null}");
    assertThat(server.get(bobs, "/rooms/lobby/draft")).hasToString("200 {'draft':null}");
    assertThat(put("{}")).hasToString("400 {'traceId':'t-1','error':'content must be a string'}");
    assertThat(put("{'content':'" + "x".repeat(4_001) + "'}").status()).isEqualTo(400);
  }

  private Reply put(String json) {
    return server.call("PUT", "/rooms/lobby/draft").token(bobs).json(json).now();
  }

  private Reply prefers(String json) {
    return server.patch(bobs, "/rooms/lobby/members/me/preferences", json);
  }

  @Test
  void preferencesAreMergedOneLevelDeep() {
    assertThat(prefers("{'notifyEnabled':false,'preferences':{'theme':'dark','a':{'b':1}}}"))
        .hasToString(
            "200 {'member':{'userId':'bob','role':'member','notifyEnabled':false,"
                + "'preferences':{'theme':'dark','a':{'b':1}}}}");
    assertThat(prefers("{'preferences':{'lang':'it','a':{'c':2},'theme':null}}"))
        .hasToString(
            "200 {'member':{'userId':'bob','role':'member','notifyEnabled':false,"
                + "'preferences':{'a':{'c':2},'lang':'it'}}}");
    assertThat(server.get(anns, "/rooms/lobby/members").toString())
        .contains("'notifyEnabled':false,'preferences':{'a':{'c':2},'lang':'it'}")
        .contains("'notifyEnabled':true,'preferences':{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'foo':1}",
        "{'notifyEnabled':'no'}",
        "{'preferences':[]}",
        "{'preferences':'x'}"
      })
  void whatAreNoPreferencesIsTold(String json) {
    assertThat(prefers(json)).hasToString("400 {'traceId':'t-1','error':'invalid_preferences'}");
  }

  @Test
  void preferencesThatAreTooLongLeaveThoseBefore() {
    prefers("{'preferences':{'theme':'dark'}}");
    assertThat(prefers("{'preferences':{'long':'" + "x".repeat(4_096) + "'}}").status())
        .isEqualTo(400);
    assertThat(prefers("{'notifyEnabled':true}").toString()).contains("{'theme':'dark'}");
  }

  @Test
  void whoeverIsHereWithoutBeingAMemberHasNothingOfItsOwn() {
    server.room("plaza", "public", "ann");
    String carols = server.token("carol");
    assertThat(server.get(carols, "/rooms/plaza/draft"))
        .hasToString("404 {'traceId':'t-1','error':'not_a_member'}");
    assertThat(
            server.patch(carols, "/rooms/lobby/members/me/preferences", "{'notifyEnabled':false}"))
        .hasToString("403 {'traceId':'t-1','error':'forbidden'}");
  }
}
