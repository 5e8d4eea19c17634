package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import io.fluxy.http.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes back is told all it has missed, or that it can't be: contract 2.3, by every way in. */
class ResumeTest {
  private static final Pattern SEQ = Pattern.compile("\\{'seq':(\\d+),'messageId'");
  private static final Pattern LIVE_SEQ = Pattern.compile("'seq':(\\d+)");
  private static final String EPOCH = "1-1769860800000";

  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private void say(int count) {
    for (int i = 1; i <= count; i++) {
      server.says("ann", "lobby", "m" + i);
    }
  }

  private static List<Long> seqs(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(hit -> Long.valueOf(hit.group(1))).toList();
  }

  private static String resume(long lastSeq) {
    return "{'type':'resume','lastSeq':" + lastSeq + "}";
  }

  private Client bobWithoutSnapshot() {
    return server.connect("/ws/room/lobby?replay=off&token=" + server.token("bob"));
  }

  // Sockets.

  @Test
  void aSocketIsToldWhatItHasMissedInTheWordsInWhichItWasTold() {
    server.says("ann", "lobby", "one");
    server.patch(anns, "/messages/134217731", "{'content':'two'}");
    server.delete(anns, "/messages/134217731/reactions", "{'emoji':'👍'}");
    server.post(anns, "/messages/134217731/reactions", "{'emoji':'👍'}");
    Client bob = bobWithoutSnapshot();
    bob.hears();

    assertThat(bob.says(resume(1)).hears())
        .containsExactly(
            "{'type':'replay','roomId':'lobby','epoch':'"
                + EPOCH
                + "','recovered':true,'lastSeq':5,'currentSeq':5,'hasMore':false,'events':["
                + "{'seq':2,'messageId':null,'eventType':'member_added','version':1,"
                + "'createdAt':'2026-01-31T12:00:00.001Z','payload':{'type':'member_added',"
                + "'roomId':'lobby','userId':'bob','role':'member'}},"
                + "{'seq':3,'messageId':134217731,'eventType':'create','version':1,"
                + "'createdAt':'2026-01-31T12:00:01.000Z','payload':{'type':'message',"
                + "'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'one','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
                + "'mentions':[],'preview':null,'attachments':[],'seq':3,'version':1}},"
                + "{'seq':4,'messageId':134217731,'eventType':'update','version':2,"
                + "'createdAt':'2026-01-31T12:00:01.001Z','payload':{'type':'edit',"
                + "'id':134217731,'roomId':'lobby','userId':'ann','content':'two',"
                + "'editedAt':'2026-01-31T12:00:01.001Z','streaming':false,'version':2,'seq':4}},"
                + "{'seq':5,'messageId':null,'eventType':'reaction','version':1,"
                + "'createdAt':'2026-01-31T12:00:01.002Z','payload':{'type':'reaction',"
                + "'roomId':'lobby','userId':'ann','messageId':134217731,'emoji':'👍',"
                + "'op':'add','seq':5}}]}");
  }

  @Test
  void whatASocketHearsLiveIsNotReplayed() {
    say(3);
    Client bob = bobWithoutSnapshot();
    bob.hears();
    say(3);
    List<Long> live = seqs(LIVE_SEQ, String.join("", bob.hears()));
    String replay = bob.says(resume(0)).last();

    assertThat(seqs(SEQ, replay)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(live).containsExactly(6L, 7L, 8L);
    assertThat(replay).contains("'recovered':true,'lastSeq':5,'currentSeq':5,'hasMore':false");
  }

  @Test
  void whoHasMissedNothingIsToldSo() {
    say(3);
    Client bob = bobWithoutSnapshot();

    assertThat(bob.says(resume(5)).last())
        .endsWith("'recovered':true,'lastSeq':5,'currentSeq':5,'hasMore':false,'events':[]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "9007199254740991", "-1"})
  void aSeqThatIsNotOfThisLogIsNotRecovered(String seq) {
    say(3);
    Client bob = bobWithoutSnapshot();

    assertThat(bob.says("{'type':'resume','lastSeq':" + seq + "}").last())
        .endsWith("'recovered':false,'lastSeq':5,'currentSeq':5,'hasMore':false,'events':[]}");
  }

  @Test
  void aSeqOfAnotherLogIsNotRecoveredHoweverWellItFits() {
    say(3);
    Client bob = bobWithoutSnapshot();

    assertThat(bob.says("{'type':'resume','lastSeq':3,'epoch':'1-7'}").last())
        .contains("'recovered':false");
    assertThat(bob.says("{'type':'resume','lastSeq':3,'epoch':'" + EPOCH + "'}").last())
        .contains("'recovered':true");
  }

  @Test
  void moreThanTwoHundredComeInPagesThatSaySo() {
    say(450);
    Client bob = bobWithoutSnapshot();
    List<Long> seqs = new ArrayList<>();
    String page = bob.says(resume(0)).last();
    assertThat(page).contains("'lastSeq':200,'currentSeq':452,'hasMore':true");
    seqs.addAll(seqs(SEQ, page));
    page = bob.says(resume(200)).last();
    assertThat(page).contains("'lastSeq':400,'currentSeq':452,'hasMore':true");
    seqs.addAll(seqs(SEQ, page));
    page = bob.says(resume(400)).last();
    assertThat(page).contains("'lastSeq':452,'currentSeq':452,'hasMore':false");
    seqs.addAll(seqs(SEQ, page));

    assertThat(seqs).hasSize(452).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aDeletedMessageIsReplayedWithoutItsText() {
    server.says("ann", "lobby", "secret");
    Client bob = bobWithoutSnapshot();
    server.delete(anns, "/messages/134217731");

    assertThat(bob.says(resume(2)).last()).contains("'seq':3,").doesNotContain("secret");
  }

  @Test
  void aResumeWithoutASeqIsRefused() {
    Client bob = server.joins("bob", "lobby");

    assertThat(bob.says("{'type':'resume'}").last())
        .isEqualTo("{'type':'error','message':'lastSeq required'}");
  }

  // Event streams.

  private Client stream(String more) {
    return server
        .call("GET", "/rooms/lobby/stream?token=" + anns + more)
        .header("Accept", "text/event-stream")
        .stream();
  }

  @Test
  void anEventStreamNamesItsNumberedEvents() {
    Client stream = stream("");
    server.says("bob", "lobby", "one");
    server.patch(server.token("bob"), "/messages/134217731", "{'content':'two'}");
    server.post(anns, "/rooms/lobby/members", "{'userId':'dave'}");

    assertThat(stream.raw().lines().filter(line -> line.startsWith("id: ")))
        .containsExactly("id: 3", "id: 4");
    assertThat(stream.raw()).contains("\n\nid: 3\ndata: {\"type\":\"message\"");
    assertThat(stream.raw()).contains("\n\nid: 4\ndata: {\"type\":\"message_updated\"");
  }

  @Test
  void anEventStreamThatComesBackIsToldAllItHasMissedAndGoesOn() {
    say(300);
    Client stream = stream("&lastEventId=2");
    say(2);

    assertThat(stream.hears("resumed"))
        .containsExactly(
            "{'type':'resumed','roomId':'lobby','epoch':'"
                + EPOCH
                + "','recovered':true,'lastSeq':2,'currentSeq':302}");
    assertThat(stream.raw()).doesNotContain("\"history\"");
    List<Long> ids =
        stream
            .raw()
            .lines()
            .filter(line -> line.startsWith("id: "))
            .map(line -> Long.valueOf(line.substring(4)))
            .toList();
    assertThat(ids).hasSize(302).doesNotHaveDuplicates().isSorted().startsWith(3L).endsWith(304L);
  }

  @Test
  void theHeaderOfABrowserCounts() {
    say(3);
    Client stream =
        server
            .call("GET", "/rooms/lobby/stream?token=" + anns)
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", "4")
            .stream();

    assertThat(stream.raw().lines().filter(line -> line.startsWith("id: ")))
        .containsExactly("id: 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "junk", "-1", ""})
  void anEventStreamWithASeqThatIsNotOfThisLogBeginsAnew(String id) {
    say(3);
    Client stream = stream("&lastEventId=" + id);

    List<String> heard = stream.hears();
    assertThat(heard).hasSize(2);
    assertThat(heard.get(0)).contains("'resumed'").contains("'recovered':false");
    assertThat(heard.get(1)).startsWith("{'type':'history'");
    say(1);
    assertThat(stream.hears("message")).hasSize(1);
  }

  // Polling.

  private Reply poll(@Nullable String token, String query) {
    return server.get(token, "/api/messages?roomId=lobby" + query);
  }

  private CompletableFuture<ApiResponse> waits(String token, String query) {
    return server.call("GET", "/api/messages?roomId=lobby" + query).token(token).waiting();
  }

  @Test
  void aPollIsToldWhatFollowedItsSeq() {
    say(3);

    assertThat(poll(anns, "&since=5"))
        .hasToString(
            "200 {'roomId':'lobby','epoch':'"
                + EPOCH
                + "','recovered':true,'lastSeq':5,'currentSeq':5,'hasMore':false,'events':[]}");
    assertThat(seqs(SEQ, poll(anns, "&since=3").toString())).containsExactly(4L, 5L);
    assertThat(poll(anns, "&since=0&limit=2").toString())
        .contains("'lastSeq':2,'currentSeq':5,'hasMore':true");
    assertThat(poll(anns, "&since=9").toString()).contains("'recovered':false");
    assertThat(poll(anns, "&since=3&epoch=0-0").toString()).contains("'recovered':false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"&since=x", "&since=-1", "&since=1&wait=x", "&since=1&limit=x", "&since="})
  void aPollThatMakesNoSenseIsRefused(String query) {
    assertThat(poll(anns, query).status()).isEqualTo(400);
  }

  @Test
  void aPollWaitsForTheNextEvent() {
    say(1);
    CompletableFuture<ApiResponse> poll = waits(anns, "&since=3&wait=25");
    server.time.pass(24_000);
    assertThat(poll).isNotDone();
    say(1);

    assertThat(seqs(SEQ, new Reply(poll.join()).toString())).containsExactly(4L);
  }

  @Test
  void aPollIsNotWokenByWhatIsNotNumberedAndEndsAfterItsTime() {
    Client bob = server.joins("bob", "lobby");
    CompletableFuture<ApiResponse> poll = waits(anns, "&since=2&wait=600");
    bob.says("{'type':'typing','isTyping':true}");
    server.time.pass(24_999);
    assertThat(poll).isNotDone();
    server.time.pass(1);

    assertThat(new Reply(poll.join()).toString()).contains("'recovered':true,'lastSeq':2");
    assertThat(bob.hears("presence")).as("nobody sees who polls").isEmpty();
  }

  @Test
  void aPollOfARemovedMemberEndsAtOnce() {
    CompletableFuture<ApiResponse> poll = waits(server.token("bob"), "&since=2&wait=25");
    server.delete(anns, "/rooms/lobby/members/bob");

    assertThat(poll.join().status()).isEqualTo(403);
  }

  @Test
  void soManyMayWaitAndNoMore() {
    ChatServer small =
        ChatServer.setup().limits(limits -> limits.pollsMax(3).pollsPerUserMax(2)).start();
    small.room("lobby", "group", "ann", "bob");
    String target = "/api/messages?roomId=lobby&since=2&wait=25";
    List<CompletableFuture<ApiResponse>> polls = new ArrayList<>();
    for (String who : List.of("ann", "ann", "ann", "bob", "bob")) {
      polls.add(small.call("GET", target).token(small.token(who)).waiting());
    }

    assertThat(polls.get(2).join().status()).isEqualTo(429);
    assertThat(polls.get(4).join().status()).isEqualTo(429);
    small.says("ann", "lobby", "x");
    assertThat(polls).allMatch(CompletableFuture::isDone);
    assertThat(small.call("GET", target + "5").token(small.token("bob")).now().status())
        .isEqualTo(200);
    assertThat(small.fluxy.roomsAlive()).isEqualTo(1);
  }

  @Test
  void nobodyResumesWhereTheyMayNotBe() {
    say(1);
    assertThat(poll(server.token("carol"), "&since=0").status()).isEqualTo(403);
    assertThat(poll(server.token("globex", "ann", 60, Role.OWNER), "&since=0").status())
        .isEqualTo(403);
    assertThat(poll(null, "&since=0").status()).isEqualTo(401);
  }
}
