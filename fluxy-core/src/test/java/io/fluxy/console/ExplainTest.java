package io.fluxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.User;
import io.fluxy.hook.WebhookSender;
import io.fluxy.room.Member;
import io.fluxy.wire.Delivery;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Why somebody has a message, or has it not. */
class ExplainTest {
  private static final Pattern STAGE =
      Pattern.compile("\\{'stage':'(.*?)','state':'(.*?)','text':'(.*?)'\\}");

  private final Operated operated = Operated.byAnn();
  private final RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom", "eve");

  /** Stages as {@code stage state}, of these also the text. */
  private List<String> explain(long message, String user, String... stages) {
    Matcher found =
        STAGE.matcher(operated.get("projects/shop/explain?message=" + message + "&user=" + user));
    return found
        .results()
        .filter(each -> stages.length == 0 || List.of(stages).contains(each.group(1)))
        .map(
            each ->
                each.group(1)
                    + " "
                    + each.group(2)
                    + (stages.length == 0 ? "" : ": " + each.group(3)))
        .toList();
  }

  /** A member that hears as long as it is told to. */
  private static final class Guest implements Member {
    private final String user;
    private boolean hears = true;

    Guest(String user) {
      this.user = user;
    }

    @Override
    public String id() {
      return "c-" + user;
    }

    @Override
    public User user() {
      return User.named(user);
    }

    @Override
    public Map<String, String> info() {
      return Map.of();
    }

    @Override
    public boolean hear(Delivery delivery) {
      return hears;
    }

    @Override
    public void part(Farewell farewell) {}
  }

  private Guest enters(String user) {
    Guest guest = new Guest(user);
    operated.done(operated.fluxy.room(lobby).join(guest, 0));
    return guest;
  }

  @Test
  void oneWhoIsThereWasToldItLive() {
    enters("tom");
    Message said = operated.says(lobby, "mia", "hi");

    assertThat(explain(said.id(), "tom"))
        .containsExactly(
            "saved passed",
            "membership passed",
            "visibility passed",
            "connection passed",
            "told passed",
            "receipt unknown",
            "read open",
            "webhooks unknown");
    assertThat(explain(said.id(), "tom", "connection", "told"))
        .containsExactly(
            "connection passed: tom is in the room with 1 connections.",
            "told passed: Connection c-tom was told it live.");
  }

  @Test
  void oneWhoCameLaterHasItFromHistory() {
    Message said = operated.says(lobby, "mia", "hi");
    enters("tom");

    assertThat(explain(said.id(), "tom", "told"))
        .containsExactly("told passed: Connection c-tom came after it, and has it from history.");
  }

  @Test
  void oneWhoDoesNotReadIsBehind() {
    Guest tom = enters("tom");
    operated.says(lobby, "mia", "hi");
    tom.hears = false;
    Message said = operated.says(lobby, "mia", "again");
    operated.says(lobby, "mia", "and again");

    assertThat(explain(said.id(), "tom", "told"))
        .containsExactly("told open: Connection c-tom is behind: told up to seq 4 of 6.");
  }

  @Test
  void oneWhoIsNotConnectedIsToldLaterAndTheRoomIsNotWoken() {
    Message said = operated.says(lobby, "mia", "hi");
    operated.time.advance(3_600_000);
    operated.signIn("ann", Operated.ANNS);
    assertThat(operated.fluxy.roomsAlive()).isZero();

    assertThat(explain(said.id(), "tom", "connection"))
        .containsExactly(
            "connection open: tom has no connection at all. It is told when they come back, from"
                + " history or by resuming.");
    assertThat(operated.fluxy.roomsAlive()).isZero();
  }

  @Test
  void aStrangerGetsNoFurtherThanTheDoor() {
    Message said = operated.says(lobby, "mia", "hi");

    assertThat(explain(said.id(), "zoe"))
        .containsExactly(
            "saved passed", "membership stopped", "visibility passed", "webhooks unknown");
    assertThat(explain(said.id(), "zoe", "membership"))
        .containsExactly(
            "membership stopped: zoe is no member of this group room. Only owners and admins of the"
                + " project get in so.");
  }

  @Test
  void whoeverIsBannedIsStoppedThere() {
    Message said = operated.says(lobby, "mia", "hi");
    operated.post("projects/shop/rooms/lobby/sanctions", "{'user':'eve','sanction':'ban'}");

    assertThat(explain(said.id(), "eve", "ban"))
        .containsExactly("ban stopped: eve is banned from the room for good.");
    assertThat(explain(said.id(), "eve")).doesNotContain("connection open");
  }

  @Test
  void aBlockStopsWhatTheBlockedSendAndNothingThatWasSaved() {
    RoomId dm = operated.room("shop", "mia-tom", RoomType.DM, "mia", "tom");
    Message said = operated.says(dm, "tom", "hi");
    assertThat(explain(said.id(), "mia", "block")).isEmpty();
    impose(dm, "mia", "tom", Sanction.BLOCK);

    assertThat(explain(said.id(), "mia", "block"))
        .containsExactly(
            "block passed: tom is blocked by the other one of this dm. This was saved before, and"
                + " what they send now is refused; they may still read.");
    assertThat(explain(said.id(), "mia")).contains("connection open");
    assertThat(explain(said.id() + 2, "mia")).containsExactly("saved stopped", "block stopped");
    assertThat(explain(said.id() + 2, "mia", "block"))
        .containsExactly(
            "block stopped: tom is blocked by the other one of this dm. What they send is refused"
                + " here; they may still read.");

    impose(dm, "mia", "tom", Sanction.UNBLOCK);
    assertThat(explain(said.id(), "mia", "block")).isEmpty();
  }

  private void impose(RoomId dm, String by, String about, Sanction sanction) {
    Command impose = new Command.Impose(about, sanction, 0, "");
    assertThat(operated.done(operated.fluxy.room(dm).submit(User.named(by), impose)))
        .isNotInstanceOf(Answer.Refused.class);
  }

  @Test
  void aWhisperIsThereForItsReadersAlone() {
    Draft draft = Draft.text("psst").whispered(Readers.only(Set.of("mia", "tom")));
    Message said = operated.done(operated.fluxy.room(lobby).post(User.named("mia"), draft));

    assertThat(explain(said.id(), "tom", "visibility", "webhooks"))
        .containsExactly(
            "visibility passed: It is for some only, and tom is one of them.",
            "webhooks passed: Webhooks are told of no message that is for some only.");
    assertThat(explain(said.id(), "eve", "visibility"))
        .containsExactly(
            "visibility stopped: It is for some only, and eve is none of them: to them it does not"
                + " exist.");
    assertThat(operated.get("projects/shop/explain?message=" + said.id() + "&user=eve"))
        .doesNotContain("psst");
  }

  @Test
  void whatWasReadAndWhatHasArrivedIsKnownFromTheClients() {
    enters("tom");
    Message said = operated.says(lobby, "mia", "hi");
    operated.done(
        operated.fluxy.room(lobby).submit(User.named("tom"), new Command.Deliver(said.id())));
    operated.done(
        operated.fluxy.room(lobby).submit(User.named("tom"), new Command.Read(said.id())));

    assertThat(explain(said.id(), "tom")).contains("receipt passed", "read passed");
    assertThat(explain(said.id(), "tom", "read"))
        .containsExactly("read passed: They have read up to seq 4.");
  }

  @Test
  void aMessageThatWasDeletedIsNoMore() {
    Message said = operated.says(lobby, "mia", "hi");
    operated.done(
        operated.fluxy.room(lobby).submit(User.named("mia"), new Command.Delete(said.id(), false)));

    assertThat(explain(said.id(), "tom", "kept"))
        .containsExactly("kept stopped: It was deleted: whoever has not seen it will not.");
  }

  @Test
  void whatBecameOfItsWebhooksIsShown() {
    operated.post(
        "projects/shop/chat/webhooks/register",
        "{'url':'https://hooks.example/a','eventTypes':['message.created']}");
    operated.receiver.answers(WebhookSender.Outcome.failed("timeout"));
    Message said = operated.says(lobby, "mia", "hi");
    operated.time.runUntilIdle();

    assertThat(explain(said.id(), "tom", "webhook"))
        .singleElement()
        .asString()
        .matches(
            "webhook open: message.created to webhook .*: pending after 1 attempts, last error"
                + " timeout\\.");
  }

  @Test
  void whatWasNeverSavedIsToldSo() {
    Message said = operated.says(lobby, "mia", "hi");

    assertThat(explain(said.id() + 1, "tom", "saved"))
        .containsExactly(
            "saved stopped: Seq 5 of the room's log is no message. It was never saved.");
    assertThat(explain(said.id() - 1, "tom", "saved"))
        .containsExactly(
            "saved stopped: Seq 3 of the room's log is no message. It was never saved.");
    assertThat(explain(7L << 27, "tom", "saved"))
        .containsExactly("saved stopped: Project shop has no room that this id could be of.");
    assertThat(operated.get("projects/shop/explain?message=x&user=tom"))
        .isEqualTo("400 {'error':'message must be a whole number'}");
    assertThat(operated.get("projects/shop/explain?message=1"))
        .isEqualTo("400 {'error':'user must be a user's id'}");
  }

  @Test
  void anotherProjectsMessageIsNoMessageHere() {
    RoomId vault = operated.room("bank", "vault", RoomType.GROUP, "zoe");
    operated.room("bank", "safe", RoomType.GROUP, "zoe");
    Message said = operated.says(new RoomId("bank", "safe"), "zoe", "secret of " + vault.name());

    assertThat(explain(said.id(), "zoe", "saved"))
        .containsExactly("saved stopped: Project shop has no room that this id could be of.");
  }
}
