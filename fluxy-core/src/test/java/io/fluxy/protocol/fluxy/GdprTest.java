package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.DataLimits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of one user, and taking it out again: contract 1.7. */
class GdprTest {
  private final ChatServer server = ChatServer.withLobby();
  private final String ann = server.token("ann", Role.OWNER);
  private final String bob = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String export(String token) {
    return server.call("GET", "/gdpr/export").token(token).stream().raw().replace('"', '\'');
  }

  @Test
  void everyoneGetsTheirOwnAndNobodyElses() {
    long one = server.says("ann", "lobby", "for @bob").messageId();
    long two = server.says("bob", "lobby", "thanks").messageId();
    server.post(bob, "/messages/" + one + "/reactions", "{'emoji':'👍'}");
    server.post(bob, "/rooms/lobby/read", "{'messageId':" + one + "}");

    assertThat(export(bob))
        .isEqualTo(
            "{'exportedAt':'2026-01-31T12:00:01.000Z','projectId':'acme','userId':'bob','data':{"
                + "'messages':[{'id':%d,'room_id':'lobby','content':'thanks','parent_id':null,"
                    .formatted(two)
                + "'created_at':'2026-01-31T12:00:01.001Z','edited_at':null,'deleted_at':null,"
                + "'client_message_id':null}],"
                + "'reactions':[{'room_id':'lobby','message_id':%d,'emoji':'👍'}],".formatted(one)
                + "'readReceipts':[{'room_id':'lobby','message_id':%d}],".formatted(one)
                + "'moderationEvents':[],"
                + "'roomMemberships':[{'room_id':'lobby','role':'member',"
                + "'joined_at':'2026-01-31T12:00:00.001Z'}],"
                + "'mentions':[{'room_id':'lobby','message_id':%d,".formatted(one)
                + "'created_at':'2026-01-31T12:00:01.000Z'}],"
                + "'drafts':[],'preferences':[],'deliveryReceipts':[],'attachments':[]}}");
    assertThat(export(server.token("carol")))
        .contains("'messages':[],'reactions':[],'readReceipts':[]");
    assertThat(export(server.token("globex", "bob", 3_600))).doesNotContain("thanks", "lobby");
  }

  @Test
  void whatModeratorsDidAboutOneIsOnesOwnToo() {
    String mute = "{'roomId':'lobby','userId':'bob','durationSeconds':60,'reason':'too loud'}";
    server.post(ann, "/admin/mute", mute);
    server.post(ann, "/admin/unmute", "{'roomId':'lobby','userId':'bob'}");

    assertThat(export(bob))
        .contains(
            "'moderationEvents':[{'room_id':'lobby','action':'mute','reason':'too loud',"
                + "'expires_at':'2026-01-31T12:01:01.000Z',"
                + "'created_at':'2026-01-31T12:00:01.000Z'},"
                + "{'room_id':'lobby','action':'unmute','reason':null,'expires_at':null,"
                + "'created_at':'2026-01-31T12:00:01.001Z'}]");
    assertThat(export(ann)).contains("'moderationEvents':[]");
  }

  /** The log of the lobby, as bob may read it. */
  private String log() {
    Client hears = server.joins("bob", "lobby");
    hears.says("{'type':'resume','lastSeq':0}");
    return hears.hears().toString();
  }

  @Test
  void whatIsNoMessageIsErasedToo() {
    Client writes = server.joins("ann", "lobby");
    writes.says("{'type':'stream','op':'start','content':'a secret'}");
    String tool = "'runId':'r1','toolCallId':'c','name':'n','arguments':'7'";
    for (String event :
        new String[] {
          "'type':'tool_call'," + tool,
          "'type':'tool_result','runId':'r1','toolCallId':'c','name':'n','result':'a secret'",
          "'type':'agentRun','run':{'id':'r1','status':'failed','error':'a secret'}"
        }) {
      server.post(ann, "/events", "{'roomIds':['lobby'],'event':{" + event + "}}");
    }
    server.post(ann, "/reports", "{'roomId':'lobby','reason':'a secret'}");
    server.post(ann, "/admin/mute", "{'roomId':'lobby','userId':'bob','reason':'a secret'}");
    server.post(ann, "/admin/unmute", "{'roomId':'lobby','userId':'bob'}");
    assertThat(log()).contains("a secret");
    String other = server.token("zoe", Role.OWNER);

    assertThat(server.delete(ann, "/gdpr/delete").status()).isEqualTo(200);

    assertThat(log())
        .contains("'tool_result'", "{'erased':true}", Message.ERASED)
        .doesNotContain("a secret");
    for (String shown : new String[] {"/admin/reports", "/admin/audit/events"}) {
      assertThat(server.get(other, shown).body())
          .contains(Message.ERASED)
          .doesNotContain("a secret");
    }
    assertThat(export(bob)).doesNotContain("a secret");
    server.post(other, "/rooms/lobby/members", "{'userId':'ann'}");
    Client again = server.joins("ann", "lobby");
    again.says("{'type':'stream','op':'delta','content':'a secret, told on'}");
    assertThat(again.hears().toString()).contains("stream_not_active");
  }

  @Test
  void notesAreOnesOwnToo() {
    long one = server.says("bob", "lobby", "one").messageId();
    server.call("PUT", "/rooms/lobby/draft").token(ann).json("{'content':'unsent'}").now();
    server
        .call("PATCH", "/rooms/lobby/members/me/preferences")
        .token(ann)
        .json("{'preferences':{'colour':'blue'}}")
        .now();
    server.post(ann, "/messages/" + one + "/delivered", "{}");

    assertThat(export(bob)).doesNotContain("unsent", "blue").contains("'deliveryReceipts':[]");
    assertThat(export(ann))
        .endsWith(
            "'drafts':[{'room_id':'lobby','draft':{'content':'unsent','replyToId':null},"
                + "'updated_at':'2026-01-31T12:00:01.000Z'}],"
                + "'preferences':[{'room_id':'lobby','preferences':"
                + "{'preferences':{'colour':'blue'}},'updated_at':'2026-01-31T12:00:01.000Z'}],"
                + "'deliveryReceipts':[{'room_id':'lobby','message_id':%d,'status':'delivered',"
                    .formatted(one)
                + "'updated_at':'2026-01-31T12:00:01.000Z'}],'attachments':[]}}");
    server.delete(ann, "/gdpr/delete");
    server.time.pass(3_600_000);
    assertThat(export(server.token("ann")))
        .contains("'drafts':[],'preferences':[],'deliveryReceipts':[]");
    assertThat(server.get(server.token("bob"), "/messages/" + one + "/deliveries").toString())
        .contains("'deliveries':[]");
  }

  @Test
  void aWhisperIsInTheFilesOfItsReadersOnlyAndNoLongerThanTheyAreIt() {
    server.post(ann, "/rooms/lobby/members", "{'userId':'carol','role':'moderator'}");
    String carol = server.token("carol");
    server.post(
        ann,
        "/messages",
        "{'roomId':'lobby','content':'psst @carol @bob','visibility':'role:moderator'}");

    assertThat(export(carol)).contains("'mentions':[{'room_id':'lobby'").doesNotContain("psst");
    assertThat(export(bob)).contains("'mentions':[]").doesNotContain("psst");
    assertThat(export(ann)).contains("psst");
    server.post(ann, "/rooms/lobby/members", "{'userId':'carol','role':'member'}");
    server.time.pass(3_600_000);
    assertThat(export(server.token("carol"))).contains("'mentions':[]");
  }

  @Test
  void theFileIsToBeSavedAndComesOnceAnHour() {
    Reply first = server.get(bob, "/gdpr/export");

    assertThat(first.header("Content-Disposition"))
        .contains("attachment; filename=\"gdpr-export-bob-1769860801000.json\"");
    assertThat(server.get(bob, "/gdpr/export"))
        .hasToString(
            "429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':3599}");
    assertThat(server.get(ann, "/gdpr/export").status()).isEqualTo(200);
    server.time.pass(3_600_000);
    assertThat(server.get(server.token("bob"), "/gdpr/export").status()).isEqualTo(200);
  }

  @Test
  void whoIsErasedIsGoneFromHistoryFromLiveRoomsAndFromSearch() {
    server.room("den", "group", "ann");
    Client bobs = server.joins("bob", "lobby");
    long id = server.says("ann", "lobby", "secret one").messageId();
    server.patch(server.token("ann"), "/messages/" + id, "{'content':'secret two'}");
    server.says("ann", "den", "secret three");
    server.says("bob", "lobby", "what ann said");
    server.post(server.token("ann"), "/rooms/lobby/read", "{'messageId':" + id + "}");
    bobs.hears();

    assertThat(server.delete(ann, "/gdpr/delete"))
        .hasToString(
            "200 {'ok':true,'message':'All personal data for this user has been redacted/removed"
                + " in this project.','partial_erasure':false}");

    String history = server.get(bob, "/api/messages?roomId=lobby").toString();
    assertThat(history).doesNotContain("secret").contains(Message.ERASED, "what ann said");
    assertThat(server.get(ann, "/api/messages?roomId=den").toString()).doesNotContain("secret");
    assertThat(server.get(ann, "/search/messages?q=secret"))
        .hasToString("200 {'messages':[],'results':[]}");
    assertThat(server.get(bob, "/rooms/lobby/members").body()).doesNotContain("\"ann\"");
    String told = bobs.hears().toString();
    assertThat(told)
        .contains("{'type':'messages_purged','roomId':'lobby','userId':'ann',")
        .contains("{'type':'edit','id':" + id + ",'roomId':'lobby','userId':'ann','content':'[RED");
    Client late = server.connect(server.token("bob"), "lobby");
    assertThat(late.hears().toString()).doesNotContain("secret");
    String kept = export(server.token("ann"));
    assertThat(kept).doesNotContain("secret").contains("'roomMemberships':[]", "'readReceipts':[]");
    assertThat(server.delete(ann, "/gdpr/delete").status()).as("again").isEqualTo(200);
  }

  @Test
  void resumingAfterAnErasureTellsNoErasedText() {
    server.says("ann", "lobby", "secret");
    server.delete(ann, "/gdpr/delete");
    Client bobs = server.joins("bob", "lobby");

    bobs.says("{'type':'resume','lastSeq':0}");

    assertThat(bobs.hears().toString()).doesNotContain("secret").contains(Message.ERASED);
  }

  @Test
  void onlyOwnersAndAdminsAskForItAndHostsForAnyone() {
    server.says("bob", "lobby", "secret");

    assertThat(server.delete(bob, "/gdpr/delete"))
        .hasToString("403 {'traceId':'t-1','error':'only owner/admin can request data erasure'}");
    server.fluxy.erase("globex", "bob");
    server.time.settle();
    assertThat(server.get(ann, "/api/messages?roomId=lobby").toString()).contains("secret");
    var done = server.fluxy.erase("acme", "bob");
    server.time.settle();
    assertThat(done.toCompletableFuture()).isCompleted();
    assertThat(server.get(ann, "/api/messages?roomId=lobby").toString()).doesNotContain("secret");
  }

  @Test
  void whatIsOlderThanAProjectKeepsIsDeletedForGoodByAndBy() {
    ChatServer brief =
        ChatServer.setup()
            .limits(limits -> limits.data(DataLimits.defaults().withRetentionDays(1)))
            .start();
    brief.room("lobby", "group", "ann", "bob");
    long old = brief.says("ann", "lobby", "old").messageId();
    brief.time.pass(20 * 3_600_000L);
    brief.says("ann", "lobby", "newer");
    assertThat(brief.get(brief.token("ann"), "/api/messages?roomId=lobby").toString())
        .contains("'content':'old'");
    brief.time.pass(5 * 3_600_000L - 2_000);
    Client bobs = brief.joins("bob", "lobby");
    assertThat(brief.get(brief.token("ann"), "/api/messages?roomId=lobby").toString())
        .contains("'content':'old'");

    brief.time.pass(1_000);

    String history = brief.get(brief.token("ann"), "/api/messages?roomId=lobby").toString();
    assertThat(history).doesNotContain("'content':'old'").contains("'content':'newer'");
    assertThat(bobs.hears("delete").toString()).contains("'id':" + old, "'hard':true");
  }
}
