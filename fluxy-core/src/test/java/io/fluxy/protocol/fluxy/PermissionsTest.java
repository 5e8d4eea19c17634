package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.Access.Verdict;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The host changes its mind about who may be where, while they are there. */
class PermissionsTest {
  private static final RoomId LOBBY = new RoomId("acme", "lobby");

  private final Set<String> denied = new HashSet<>();
  private boolean thinks;
  private final List<Runnable> answers = new ArrayList<>();
  private final ChatServer server = ChatServer.setup().access(this::may).start();

  PermissionsTest() {
    server.room("lobby", "group", "ann", "bob", "cat");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private CompletionStage<Verdict> may(Identity who, RoomId room, Command command) {
    Verdict verdict = denied.contains(who.user().id()) ? Verdict.NO : Verdict.BY_MEMBERSHIP;
    if (!thinks || !(command instanceof Command.Enter)) {
      return CompletableFuture.completedStage(verdict);
    }
    CompletableFuture<Verdict> later = new CompletableFuture<>();
    answers.add(() -> later.complete(verdict));
    return later;
  }

  private void hostAnswers() {
    List<Runnable> now = List.copyOf(answers);
    answers.clear();
    now.forEach(Runnable::run);
    server.time.settle();
  }

  private static List<String> texts(Client client) {
    return client.hears("message").stream()
        .map(frame -> frame.replaceAll(".*'content':'([^']*)'.*", "$1"))
        .toList();
  }

  @Test
  void whoIsNoLongerAllowedHearsNothingOfWhatIsSaidSince() {
    Client ann = server.joins("ann", "lobby");
    Client bob = server.joins("bob", "lobby");
    server.says("ann", "lobby", "before");

    denied.add("bob");
    server.fluxy.permissionsChanged(LOBBY, "bob");
    server.says("ann", "lobby", "after");

    assertThat(texts(bob)).containsExactly("before");
    assertThat(bob.end()).isEqualTo("4001 no longer allowed in this room");
    assertThat(texts(ann)).containsExactly("before", "after");
    assertThat(ann.isOpen()).isTrue();
    assertThat(server.knock("/ws/room/lobby?token=" + server.token("bob")).status()).isEqualTo(403);
  }

  @Test
  void whileTheHostThinksNothingIsToldAndAfterwardsNothingIsMissing() {
    Client bob = server.joins("bob", "lobby");
    Client cat = server.joins("cat", "lobby");
    bob.hears();
    thinks = true;
    server.fluxy.permissionsChanged(LOBBY);
    server.time.settle();
    denied.add("cat");
    server.says("ann", "lobby", "one");
    server.says("ann", "lobby", "two");
    assertThat(texts(bob)).isEmpty();
    assertThat(texts(cat)).isEmpty();

    hostAnswers();

    assertThat(texts(bob)).containsExactly("one", "two");
    server.says("ann", "lobby", "three");
    assertThat(texts(bob)).containsExactly("three");
  }

  @Test
  void ofTwoAnswersTheOneToTheLastQuestionCounts() {
    Client bob = server.joins("bob", "lobby");
    thinks = true;
    server.fluxy.permissionsChanged("acme", "bob");
    server.time.settle();
    denied.add("bob");
    server.fluxy.permissionsChanged("acme", "bob");
    server.time.settle();
    server.says("ann", "lobby", "secret");
    answers.remove(0).run(); // yes, it said to the first
    server.time.settle();
    assertThat(texts(bob)).isEmpty();

    hostAnswers();

    assertThat(texts(bob)).isEmpty();
    assertThat(bob.end()).startsWith("4001");
  }

  @Test
  void ifTheHostDoesNotAnswerEverybodyConcernedMayComeBack() {
    Client bob = server.joins("bob", "lobby");
    thinks = true;
    server.fluxy.permissionsChanged();
    server.time.settle();
    server.says("ann", "lobby", "secret");
    server.time.pass(60_000);

    assertThat(texts(bob)).isEmpty();
    assertThat(bob.end()).isEqualTo("1011 permissions could not be checked");
  }

  @Test
  void othersAreNotHeldUp() {
    Client bob = server.joins("bob", "lobby");
    Client cat = server.joins("cat", "lobby");
    cat.hears();
    thinks = true;
    server.fluxy.permissionsChanged(LOBBY, "bob");
    server.fluxy.permissionsChanged("globex", "cat");
    server.fluxy.permissionsChanged(new RoomId("acme", "attic"));
    server.says("ann", "lobby", "hello");

    assertThat(texts(cat)).containsExactly("hello");
    assertThat(texts(bob)).isEmpty();
  }

  @Test
  void whoIsOnTheWayInIsAskedAboutAgain() {
    thinks = true;
    var shaking =
        server.fluxy.handshake(
            ApiRequest.of(
                "GET",
                "/ws/room/lobby?token=" + server.token("bob"),
                Map.of("Upgrade", "websocket"),
                new byte[0],
                "192.0.2.1"));
    server.time.settle();
    hostAnswers(); // it may come in
    Client bob = new Client(server.time);
    bob.with(shaking.toCompletableFuture().join().open(bob));
    assertThat(bob.hears()).as("the host is asked once more").isEmpty();
    denied.add("bob");
    server.fluxy.permissionsChanged(LOBBY, "bob");
    server.says("ann", "lobby", "secret");

    hostAnswers();

    assertThat(bob.hears()).isEmpty();
    assertThat(bob.end()).isEqualTo("4001 forbidden");
  }

  @Test
  void aStreamEndsAsASocketDoes() {
    Client bob = server.streams(server.token("bob"), "lobby");
    bob.hears();

    denied.add("bob");
    server.fluxy.permissionsChanged(LOBBY, "bob");
    server.says("ann", "lobby", "secret");

    assertThat(bob.raw()).doesNotContain("secret");
    assertThat(bob.isOpen()).isFalse();
  }

  @Test
  void whoWaitsByPollingIsToldThatItMayNot() {
    CompletableFuture<ApiResponse> poll =
        server
            .call("GET", "/api/messages?roomId=lobby&since=3&wait=20")
            .token(server.token("bob"))
            .waiting();
    assertThat(poll).isNotDone();

    denied.add("bob");
    server.fluxy.permissionsChanged(LOBBY, "bob");
    server.says("ann", "lobby", "secret");

    assertThat(poll).isDone();
    assertThat(Reply.of(poll.join()).status()).isEqualTo(403);
  }

  /** A poll is asked about when it is answered, whether or not the host has said anything. */
  @Test
  void aPollIsAskedAboutWhenItIsAnswered() {
    CompletableFuture<ApiResponse> poll =
        server
            .call("GET", "/api/messages?roomId=lobby&since=3&wait=20")
            .token(server.token("bob"))
            .waiting();

    denied.add("bob");
    server.says("ann", "lobby", "secret");

    assertThat(poll).isDone();
    assertThat(Reply.of(poll.join()).toString()).startsWith("403").doesNotContain("secret");
  }

  @Test
  void everyWayIntoARoomAsks() {
    String bobs = server.token("bob");
    server.says("ann", "lobby", "secret");
    Client bob = server.joins("bob", "lobby");
    denied.add("bob");

    for (String target :
        List.of(
            "/api/messages?roomId=lobby",
            "/api/messages?roomId=lobby&since=0",
            "/rooms/lobby/members",
            "/rooms/lobby/stream",
            "/search?q=secret&roomId=lobby",
            "/export?roomId=lobby")) {
      Reply reply = server.get(bobs, target);
      assertThat(reply.body()).as(target).doesNotContain("secret");
    }
    assertThat(server.says("bob", "lobby", "hi").status()).isEqualTo(403);
    assertThat(bob.says("{'type':'message','content':'hi'}").last()).contains("'type':'error'");
    assertThat(bob.says("{'type':'typing','isTyping':true}").last()).contains("'type':'error'");
    assertThat(bob.says("{'type':'resume','lastSeq':0}").last())
        .contains("'type':'error'")
        .doesNotContain("secret");
  }
}
