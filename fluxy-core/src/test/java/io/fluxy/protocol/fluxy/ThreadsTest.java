package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers to messages, and what concerns a user over all rooms (contract 1.7). */
class ThreadsTest {
  private static final String NOT_FOUND = "404 {'traceId':'t-1','error':'message not found'}";

  private final ChatServer server = ChatServer.withLobby();
  private final String ann = server.token("ann");
  private final String bob = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private long answer(String token, long parent, String more) {
    String json = "{'roomId':'lobby','content':'yes','replyTo':%d%s}".formatted(parent, more);
    Reply reply = server.post(token, "/messages", json);
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    return reply.messageId();
  }

  private String thread(String token, long id) {
    return server.get(token, "/messages/" + id + "/thread").toString();
  }

  @Test
  void aMessageSaysHowItWasAnsweredAndItsThreadIsAPage() {
    long id = server.says("ann", "lobby", "who comes?").messageId();
    Client bobs = server.joins("bob", "lobby");
    long one = answer(bob, id, "");
    server.time.pass(1_000);
    long two = answer(ann, id, "");

    String summary =
        "'replyCount':2,'lastReplyAt':'2026-01-31T12:00:02.000Z','replyUserIds':['ann','bob']";
    assertThat(bobs.hears("thread_updated"))
        .containsExactly(
            "{'type':'thread_updated','roomId':'lobby','messageId':%d,'replyCount':1,".formatted(id)
                + "'lastReplyAt':'2026-01-31T12:00:01.001Z','replyUserIds':['bob']}",
            "{'type':'thread_updated','roomId':'lobby','messageId':%d,%s}".formatted(id, summary));
    assertThat(server.get(bob, "/api/messages?roomId=lobby").toString())
        .contains("'attachments':[]," + summary + "}");
    String stored =
        "{'id':%d,'roomId':'lobby','userId':'%s','senderId':'%s','content':'%s',"
            + "'createdAt':'2026-01-31T12:00:0%sZ','parentId':%s,'editedAt':null,"
            + "'deletedAt':null,'expiresAt':null,'kind':'text','visibility':'room','seq':%d,"
            + "'version':1,'mentions':[],'attachments':[]%s}";
    String parent =
        stored.formatted(id, "ann", "ann", "who comes?", "1.000", "null", id & 15, "," + summary);
    String first = stored.formatted(one, "bob", "bob", "yes", "1.001", id, one & 15, "");
    String second = stored.formatted(two, "ann", "ann", "yes", "2.000", id, two & 15, "");
    assertThat(thread(bob, id))
        .isEqualTo(
            "200 {'parent':%s,'messages':[%s,%s],'reactions':{}}".formatted(parent, second, first));
    assertThat(server.get(bob, "/messages/" + id + "/thread?limit=1").toString())
        .contains("'messages':[" + second + "]");
    assertThat(
            server
                .get(bob, "/messages/" + id + "/thread?before=2026-01-31T12:00:02.000Z")
                .toString())
        .contains("'messages':[" + first + "]");
    assertThat(server.get(bob, "/messages/" + id + "/thread?limit=x").status()).isEqualTo(400);
  }

  @Test
  void aThreadCountsTheReactionsToItsMessageToo() {
    long id = server.says("ann", "lobby", "who comes?").messageId();
    long one = answer(bob, id, "");
    server.post(bob, "/messages/" + id + "/reactions", "{'emoji':'👍'}");
    server.post(ann, "/messages/" + one + "/reactions", "{'emoji':'🎉'}");

    assertThat(thread(bob, id))
        .endsWith(
            "'reactions':{'%d':{'🎉':1},'%d':{'👍':1}},'ownReactions':{'%d':['👍']}}"
                .formatted(one, id, id));
  }

  @Test
  void aDeletedAnswerIsNotCounted() {
    long id = server.says("ann", "lobby", "who comes?").messageId();
    long one = answer(bob, id, "");
    Client bobs = server.joins("bob", "lobby");

    server.delete(bob, "/messages/" + one);

    assertThat(bobs.hears("thread_updated"))
        .containsExactly(
            "{'type':'thread_updated','roomId':'lobby','messageId':%d,".formatted(id)
                + "'replyCount':0,'lastReplyAt':null,'replyUserIds':[]}");
    assertThat(server.get(bob, "/api/messages?roomId=lobby").toString())
        .doesNotContain("replyCount");
    assertThat(thread(bob, id)).endsWith("'messages':[],'reactions':{}}");
  }

  @Test
  void whispersInAThreadAreForTheirReaders() {
    server.post(ann, "/rooms/lobby/members", "{'userId':'carol'}");
    String carol = server.token("carol");
    long id = server.says("ann", "lobby", "who comes?").messageId();
    long whisper = answer(bob, id, ",'visibility':'whisper','visibleTo':['ann']");
    long own = answer(ann, whisper, "");

    assertThat(thread(carol, id)).contains("'messages':[]").doesNotContain("replyCount");
    assertThat(thread(ann, id)).contains("'id':" + whisper);
    assertThat(thread(carol, whisper)).isEqualTo(NOT_FOUND);
    assertThat(thread(bob, whisper)).contains("'id':" + own, "'replyCount':1");
    assertThat(server.get(carol, "/threads")).hasToString("200 {'threads':[],'total':0}");
    assertThat(thread(server.token("boss", Role.OWNER), whisper)).isEqualTo(NOT_FOUND);
    assertThat(thread(server.token("globex", "ann", 3_600), id)).isEqualTo(NOT_FOUND);
  }

  @Test
  void onesThreadsAreListedWithTheNewestAnswerFirst() {
    long mine = server.says("ann", "lobby", "mine").messageId();
    long theirs = server.says("bob", "lobby", "theirs").messageId();
    server.says("bob", "lobby", "lonely");
    answer(ann, theirs, "");
    answer(bob, mine, "");

    String one =
        "{'messageId':%d,'roomId':'lobby','roomName':'The lobby','roomType':'group',"
            + "'authorId':'%s','preview':'%s','createdAt':'2026-01-31T12:00:01.00%dZ',"
            + "'replyCount':1,'lastReplyAt':'2026-01-31T12:00:01.00%dZ','replyUserIds':['%s']}";
    assertThat(server.get(ann, "/threads"))
        .hasToString(
            "200 {'threads':[%s,%s],'total':2}"
                .formatted(
                    one.formatted(mine, "ann", "mine", 0, 4, "bob"),
                    one.formatted(theirs, "bob", "theirs", 1, 3, "ann")));
    assertThat(server.get(server.token("carol"), "/threads"))
        .hasToString("200 {'threads':[],'total':0}");
    server.delete(ann, "/rooms/lobby/members/bob");
    assertThat(server.get(bob, "/threads")).hasToString("200 {'threads':[],'total':0}");
  }

  @Test
  void theInboxHasMentionsAndRoomsWithSomethingNew() {
    long id = server.says("ann", "lobby", "hey @bob look").messageId();
    long last = server.says("ann", "lobby", "and more").messageId();
    String mention =
        "{'messageId':%d,'roomId':'lobby','roomName':'The lobby','roomType':'group',".formatted(id)
            + "'authorId':'ann','preview':'hey @bob look',"
            + "'createdAt':'2026-01-31T12:00:01.000Z','isUnread':%s}";

    assertThat(server.get(bob, "/inbox"))
        .hasToString(
            "200 {'mentions':[%s],'unreadRooms':[".formatted(mention.formatted("true"))
                + "{'roomId':'lobby','roomName':'The lobby','roomType':'group','unreadCount':2,"
                + "'lastReadMessageId':null,'firstUnreadMessageId':%d,".formatted(id)
                + "'lastMessage':{'messageId':%d,'userId':'ann','preview':'and more',"
                    .formatted(last)
                + "'createdAt':'2026-01-31T12:00:01.001Z'},'snoozedUntil':null}],"
                + "'snoozedRooms':[],'followUps':[],'counts':{'mentions':1,'unreadRooms':1,"
                + "'snoozedRooms':0,'followUps':0}}");
    assertThat(server.get(bob, "/notifications"))
        .hasToString(
            "200 {'notifications':[{'id':%d,'kind':'mention','title':'New mention',".formatted(id)
                + "'body':'hey @bob look','room_id':'lobby','message_id':%d,'read_at':null,"
                    .formatted(id)
                + "'created_at':'2026-01-31T12:00:01.000Z'}]}");

    server.post(bob, "/rooms/lobby/read", "{'messageId':" + last + "}");

    assertThat(server.get(bob, "/inbox").toString())
        .contains(mention.formatted("false"), "'unreadRooms':[]");
    assertThat(server.get(bob, "/notifications")).hasToString("200 {'notifications':[]}");
    assertThat(server.get(ann, "/inbox").toString())
        .startsWith("200 {'mentions':[],'unreadRooms':[]");
  }

  @Test
  void whoeverIsNoMemberAnyMoreHasNothingInTheInbox() {
    server.says("ann", "lobby", "hey @bob look");
    server.delete(ann, "/rooms/lobby/members/bob");

    assertThat(server.get(bob, "/inbox").toString())
        .startsWith("200 {'mentions':[],'unreadRooms':[]");
    assertThat(server.get(bob, "/notifications")).hasToString("200 {'notifications':[]}");
    assertThat(server.get(server.token("globex", "bob", 3_600), "/inbox").toString())
        .startsWith("200 {'mentions':[],'unreadRooms':[]");
  }

  @Test
  void theInboxIsAskedSoOftenAMinute() {
    for (int i = 0; i < 60; i++) {
      assertThat(server.get(bob, "/threads").status()).isEqualTo(200);
    }
    assertThat(server.get(bob, "/inbox"))
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':59}");
    assertThat(server.get(ann, "/inbox").status()).isEqualTo(200);
  }
}
