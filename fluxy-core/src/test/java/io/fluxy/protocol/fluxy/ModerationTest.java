package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import io.fluxy.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mutes, bans and kicks hold at once and on every path (contract 2.5 and 8). */
class ModerationTest {
  private static final String MUTED = "You are muted and cannot send messages right now.";
  private static final String BANNED = "You have been banned from this room.";

  private final ChatServer server = ChatServer.withLobby();
  private final String boss = server.token("boss", Role.OWNER);

  private Reply asks(String what, String user) {
    return asks(what, user, "");
  }

  private Reply asks(String what, String user, String more) {
    return server.post(
        boss, "/admin/" + what, "{'roomId':'lobby','userId':'" + user + "'" + more + "}");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void aMutedUserSaysNothingOnAnyPathAndStillReads() {
    Client bob = server.joins("bob", "lobby");
    long own = server.says("bob", "lobby", "before").messageId();
    bob.hears();
    assertThat(asks("mute", "bob")).hasToString("200 {'ok':true}");

    bob.says("{'type':'message','content':'hi','clientMessageId':'cmsg_0001'}");
    assertThat(bob.hears())
        .containsExactly(
            "{'type':'error','message':'" + MUTED + "','clientMessageId':'cmsg_0001'}");
    bob.says("{'type':'edit','messageId':" + own + ",'content':'loophole'}");
    assertThat(bob.hears()).containsExactly("{'type':'error','message':'" + MUTED + "'}");
    assertThat(server.says("bob", "lobby", "hi"))
        .hasToString("403 {'traceId':'t-1','error':'" + MUTED + "'}");
    assertThat(server.patch(server.token("bob"), "/messages/" + own, "{'content':'x'}").status())
        .isEqualTo(403);

    server.says("ann", "lobby", "hear this");
    assertThat(bob.hears("message")).hasSize(1);
    assertThat(server.get(server.token("bob"), "/api/messages?roomId=lobby").status())
        .isEqualTo(200);
  }

  @Test
  void whoeverMayNotSpeakHasNoAgentAndNoBotSpeakEither() {
    ChatServer answering =
        ChatServer.setup()
            .with(builder -> builder.agent("acme", "bot", (ask, reply) -> reply.append("said")))
            .start();
    answering.room("lobby", "group", "ann", "bob", "mia", "robo");
    answering.room("news", "announcement", "ann", "bob");
    answering.room("square", "public", "ann");
    String ann = answering.token("ann", Role.OWNER);
    String mia = answering.token("mia", Role.MODERATOR);
    String robo = answering.token("robo", Role.BOT);
    String bob = answering.token("bob");
    for (String user : new String[] {"bob", "mia", "robo"}) {
      String json = "{'roomId':'lobby','userId':'" + user + "'}";
      assertThat(answering.post(ann, "/admin/mute", json).status()).isEqualTo(200);
    }
    String invoke = "{'roomId':'%s','content':'say it'}";
    String said = "{'botId':'bot','content':'say it'}";

    String muted = "403 {'traceId':'t-1','error':'" + MUTED + "'}";
    assertThat(answering.post(bob, "/agents/bot/invoke", invoke.formatted("lobby")))
        .hasToString(muted);
    assertThat(answering.says("bob", "lobby", "@bot say it")).hasToString(muted);
    assertThat(answering.post(mia, "/rooms/lobby/messages/from-bot", said)).hasToString(muted);
    assertThat(answering.post(robo, "/rooms/lobby/messages/from-bot", said)).hasToString(muted);
    assertThat(
            answering.post(
                mia,
                "/events",
                "{'roomIds':['lobby'],'event':{'type':'tool_call','runId':'r','agentId':'bot',"
                    + "'toolCallId':'c','name':'n','arguments':'{}'}}"))
        .hasToString(muted);
    assertThat(answering.post(mia, "/events", "{'roomIds':['lobby'],'name':'n','data':{}}"))
        .hasToString(muted);
    assertThat(answering.post(bob, "/agents/bot/invoke", invoke.formatted("news")))
        .hasToString(
            "403 {'traceId':'t-1','error':'announcement_read_only',"
                + "'code':'announcement_read_only','roomType':'announcement'}");
    String guest = answering.token("gus", Role.GUEST);
    assertThat(answering.post(guest, "/agents/bot/invoke", invoke.formatted("square")))
        .hasToString("403 {'traceId':'t-1','error':'guest_read_only','code':'guest_read_only'}");
    answering.post(ann, "/admin/ban", "{'roomId':'lobby','userId':'bob'}");
    assertThat(answering.post(bob, "/agents/bot/invoke", invoke.formatted("lobby")))
        .hasToString("403 {'traceId':'t-1','error':'" + BANNED + "'}");

    for (String room : new String[] {"lobby", "news", "square"}) {
      assertThat(answering.get(ann, "/api/messages?roomId=" + room).body())
          .contains("\"messages\":[]");
    }
    assertThat(answering.post(ann, "/agents/bot/invoke", invoke.formatted("lobby")).status())
        .isEqualTo(200);
  }

  @Test
  void aMuteEndsByItselfOrWhenItIsTakenBack() {
    assertThat(asks("mute", "bob", ",'durationSeconds':60"))
        .hasToString("200 {'ok':true,'expiresAt':'2026-01-31T12:01:01.000Z'}");
    Reply refused = server.says("bob", "lobby", "hi");
    assertThat(refused)
        .hasToString("403 {'traceId':'t-1','error':'" + MUTED + "','retryAfterSeconds':60}");
    assertThat(refused.header("Retry-After")).contains("60");
    server.time.pass(59_000);
    assertThat(server.says("bob", "lobby", "hi").status()).isEqualTo(403);
    server.time.pass(1_000);
    assertThat(server.says("bob", "lobby", "hi").status()).isEqualTo(200);

    asks("mute", "bob");
    assertThat(asks("unmute", "bob")).hasToString("200 {'ok':true}");
    assertThat(server.says("bob", "lobby", "hi again").status()).isEqualTo(200);
  }

  @Test
  void aBannedUserIsShownOutOfSocketsAndStreamsAtOnceAndStaysOut() {
    Client socket = server.joins("bob", "lobby");
    Client stream = server.streams(server.token("bob"), "lobby");
    asks("ban", "bob");

    assertThat(socket.end()).isEqualTo("4001 " + BANNED);
    assertThat(stream.isOpen()).isFalse();
    String bob = server.token("bob");
    assertThat(server.knock("/ws/room/lobby?token=" + bob).status()).isEqualTo(403);
    assertThat(server.get(bob, "/rooms/lobby/stream").status()).isEqualTo(403);
    assertThat(server.get(bob, "/api/messages?roomId=lobby").status()).isEqualTo(403);
    assertThat(server.says("bob", "lobby", "hi"))
        .hasToString("403 {'traceId':'t-1','error':'" + BANNED + "'}");

    asks("unban", "bob");
    assertThat(server.says("bob", "lobby", "thanks").status()).isEqualTo(200);
  }

  @Test
  void aBanForATimeEndsByItself() {
    asks("ban", "bob", ",'durationSeconds':10");
    assertThat(server.says("bob", "lobby", "hi").status()).isEqualTo(403);
    server.time.pass(10_000);
    assertThat(server.says("bob", "lobby", "hi").status()).isEqualTo(200);
  }

  @Test
  void aBanHoldsInAPublicRoomAndForWhoNeverWasAMember() {
    server.room("square", "public", "ann");
    server.post(boss, "/admin/ban", "{'roomId':'square','userId':'troll'}");

    assertThat(server.knock("/ws/room/square?token=" + server.token("troll")).status())
        .isEqualTo(403);
    assertThat(server.says("troll", "square", "hi").status()).isEqualTo(403);
    assertThat(server.joins("bob", "square").isOpen()).isTrue();
  }

  @Test
  void aKickedUserMayComeBack() {
    Client bob = server.joins("bob", "lobby");
    assertThat(asks("kick", "bob")).hasToString("200 {'ok':true}");

    assertThat(bob.end()).isEqualTo("4001 kick");
    assertThat(server.joins("bob", "lobby").isOpen()).isTrue();
  }

  @Test
  void sanctionsOutliveARestart() {
    Store kept = Store.inMemory();
    ChatServer first = ChatServer.setup().store(kept).start();
    first.room("lobby", "group", "ann", "bob", "cid");
    String owner = first.token("ann");
    first.post(owner, "/admin/mute", "{'roomId':'lobby','userId':'bob'}");
    first.post(owner, "/admin/ban", "{'roomId':'lobby','userId':'cid'}");

    ChatServer second = ChatServer.setup().store(kept).startsAfterMs(5_000).start();
    assertThat(second.says("bob", "lobby", "hi").status()).isEqualTo(403);
    assertThat(second.knock("/ws/room/lobby?token=" + second.token("cid")).status()).isEqualTo(403);
  }

  @Test
  void moderatorsSanctionButNeitherOwnersNorThemselves() {
    server.post(server.token("ann"), "/rooms/lobby/members", "{'userId':'mod','role':'moderator'}");
    String mod = server.token("mod");
    String bobs = "{'roomId':'lobby','userId':'bob'}";
    assertThat(server.post(mod, "/admin/mute", bobs).status()).isEqualTo(200);
    assertThat(server.post(mod, "/admin/ban", "{'roomId':'lobby','userId':'ann'}").status())
        .isEqualTo(403);
    assertThat(server.post(mod, "/admin/mute", "{'roomId':'lobby','userId':'mod'}").status())
        .isEqualTo(400);
    assertThat(server.post(server.token("bob"), "/admin/unmute", bobs).status()).isEqualTo(403);
    assertThat(asks("ban", "ann").status()).as("the project's owner").isEqualTo(200);
    assertThat(server.says("boss", "lobby", "above it").status()).isEqualTo(403);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(server.post(boss, "/admin/mute", "{'userId':'bob'}").status()).isEqualTo(400);
    assertThat(server.post(boss, "/admin/mute", "{'roomId':'lobby'}").status()).isEqualTo(400);
    assertThat(asks("mute", "b b").status()).isEqualTo(400);
    for (String seconds : new String[] {"-1", "0", "'x'", "1e300", "99999999999999"}) {
      assertThat(asks("mute", "bob", ",'durationSeconds':" + seconds).status()).isEqualTo(400);
    }
    assertThat(server.post(boss, "/admin/ban", "{'roomId':'nowhere','userId':'bob'}").status())
        .isEqualTo(403);
  }

  @Test
  void anAnnouncementIsAMessageWithASeqAndARoomThatIsTheRoom() {
    Client bob = server.joins("bob", "lobby");
    String json = "{'roomId':'lobby','content':'maintenance at 5'}";
    assertThat(server.post(boss, "/admin/announcement", json))
        .hasToString("200 {'ok':true,'messageId':134217731,'seq':3}");
    assertThat(bob.last())
        .startsWith(
            "{'type':'message','id':134217731,'roomId':'lobby','userId':'system',"
                + "'senderId':'system','content':'maintenance at 5'");
    assertThat(server.get(server.token("bob"), "/api/messages?roomId=lobby").body())
        .contains("maintenance at 5");
    assertThat(
            server.post(boss, "/admin/announcement", "{'roomId':'nowhere','content':'x'}").status())
        .isEqualTo(403);
    assertThat(
            server.post(boss, "/admin/announcement", "{'roomId':'lobby','content':' '}").status())
        .isEqualTo(400);
  }

  @Test
  void aReportReachesOperatorsAndWebhooks() {
    server.post(
        boss,
        "/webhooks/register",
        "{'url':'https://hooks.example.com/h','eventTypes':['report.created']}");
    long id = server.says("ann", "lobby", "rude").messageId();
    String json = "{'roomId':'lobby','messageId':" + id + ",'reason':'spam'}";
    assertThat(server.post(server.token("bob"), "/reports", json)).hasToString("200 {'ok':true}");

    String reports = server.get(boss, "/admin/reports").toString();
    String reportId = reports.replaceAll(".*\\[\\{'id':'([^']*)'.*", "$1");
    assertThat(reports)
        .isEqualTo(
            "200 {'reports':[{'id':'"
                + reportId
                + "','project_id':'acme','room_id':'lobby','user_id':'bob','action':'report',"
                + "'target_message_id':134217731,'reason':'spam',"
                + "'created_at':'2026-01-31T12:00:01.000Z'}]}");
    assertThat(server.receiver.bodies())
        .containsExactly(
            "{'type':'report.created','projectId':'acme','payload':{'reportId':'"
                + reportId
                + "','roomId':'lobby','userId':'bob','messageId':134217731,'reason':'spam'},"
                + "'createdAt':'2026-01-31T12:00:01.000Z'}");
    assertThat(server.post(server.token("bob"), "/reports", "{'roomId':'lobby','messageId':7}"))
        .hasToString("404 {'traceId':'t-1','error':'message not found'}");
    for (int i = 0; i < 8; i++) {
      server.post(server.token("bob"), "/reports", json);
    }
    assertThat(server.post(server.token("bob"), "/reports", json).status()).isEqualTo(429);
  }

  @Test
  void whatOperatorsDoIsWrittenDown() {
    asks("mute", "bob", ",'durationSeconds':60,'reason':'spam'");
    server.time.pass(1_000);
    server.post(boss, "/admin/announcement", "{'roomId':'lobby','content':'hello'}");
    String events = server.get(boss, "/admin/audit/events?limit=2").toString();

    assertThat(events.replaceAll("'id':'[^']*'", "'id':'?'"))
        .isEqualTo(
            "200 {'events':[{'id':'?','project_id':'acme','actor_user_id':'boss',"
                + "'actor_roles':'owner','action':'admin.announcement','target_type':'room',"
                + "'target_id':'lobby','trace_id':'t-1',"
                + "'metadata_json':'{\\'contentLength\\':5}',"
                + "'created_at':'2026-01-31T12:00:02.000Z'},"
                + "{'id':'?','project_id':'acme','actor_user_id':'boss','actor_roles':'owner',"
                + "'action':'admin.mute','target_type':'user','target_id':'bob',"
                + "'trace_id':'t-1','metadata_json':'{\\'roomId\\':\\'lobby\\',"
                + "\\'durationSeconds\\':60,\\'reason\\':\\'spam\\'}',"
                + "'created_at':'2026-01-31T12:00:01.000Z'}]}");
    assertThat(server.get(boss, "/admin/audit/events?limit=1").body()).doesNotContain("mute");
  }
}
