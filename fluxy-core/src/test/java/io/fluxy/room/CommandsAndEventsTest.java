package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A new command or event fails here until every rule about it has been made. */
class CommandsAndEventsTest {
  private static final long ID = Message.id(1, 4);

  /** One of each, in an order in which all of them go through, after ann has posted {@link #ID}. */
  private static final List<Command> ONE_OF_EACH =
      List.of(
          new Command.Enter(true),
          new Command.Post(Draft.text("hello @ann")),
          new Command.Edit(ID, "edited"),
          new Command.React(ID, "👍", true),
          new Command.Read(ID),
          new Command.Deliver(ID),
          new Command.Pin(ID),
          new Command.Expire(ID),
          new Command.Resend(
              Draft.text("x").withClientMessageId("client-1"),
              Refusal.of(Refusal.Reason.QUOTA_EXCEEDED, "no more")),
          new Command.Type(true, Command.Intent.COMPOSING),
          new Command.AddMember("dan", Role.MEMBER),
          new Command.RemoveMember("dan"),
          new Command.Impose("zoe", Sanction.MUTE, 60, "spam"),
          new Command.UseTool(Command.ToolPhase.CALL, "run", "agent", "call", "tool", "{}", null),
          new Command.Speak(null),
          new Command.ReportRun("run", "agent", "working", "{}", null),
          new Command.Resume(0, null, 200),
          new Command.StartStream("so", null, "run"),
          new Command.GrowStream("so far"),
          new Command.EndStream("so far, so good"),
          new Command.StartStream("", null, ""),
          new Command.AbortStream(),
          new Command.Signal("tick", "{}", null),
          new Command.Whisper("client-x", "{}"),
          new Command.TypeAsAgent("ann", true, null, null),
          new Command.Purge("ann", 0, Long.MAX_VALUE),
          new Command.Delete(ID, false),
          new Command.ChangeRoom("Attic", null),
          new Command.DeleteRoom());

  @Test
  void thereIsAnExampleOfEveryCommand() {
    assertThat(ONE_OF_EACH.stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(Set.of(Command.class.getPermittedSubclasses()));
  }

  @Test
  void theRoomHasARuleForEveryCommandAndSaysEveryDurableEvent() {
    TestRoom square = new TestRoom(RoomType.PUBLIC);
    square.asks("ann", TestRoom.post("first"));
    TestRoom.Guest bob = square.enters("bob");
    for (Command command : ONE_OF_EACH) {
      User from =
          User.named(
              command instanceof Command.Enter
                  ? "eve"
                  : command instanceof Command.Deliver ? "bob" : "ann");
      Class<?> answer =
          command instanceof Command.Expire || command instanceof Command.Speak
              ? Answer.Unchanged.class
              : command instanceof Command.Resend ? Answer.Refused.class : Answer.Done.class;
      assertThat(square.asks(from, command)).as(command.toString()).isInstanceOf(answer);
    }

    assertThat(square.time.failures()).isEmpty();
    List<Class<?>> heard =
        new ArrayList<>(
            bob.all(Event.Durable.class).stream()
                .map(e -> (Class<?>) e.getClass())
                .distinct()
                .toList());
    heard.add(Event.RoomDeleted.class); // it hears a farewell instead
    assertThat(heard).containsExactlyInAnyOrder(durable());
  }

  @Test
  void aStrangerMayDoNothingInAGroup() {
    TestRoom group = new TestRoom();
    group.asks("ann", TestRoom.post("first"));
    for (Command command : ONE_OF_EACH) {
      Command asked = command instanceof Command.Enter ? new Command.Enter(false) : command;
      if (!(asked instanceof Command.Expire)) { // tells the time, whoever asks
        assertThat(group.asks("eve", asked))
            .as(asked.toString())
            .isInstanceOf(Answer.Refused.class);
      }
    }
    assertThat(group.log()).hasSize(4);
  }

  @Test
  void whatIsReadBackFromTheLogMakesTheSameLedger() {
    TestRoom square = new TestRoom(RoomType.PUBLIC);
    square.asks("ann", TestRoom.post("first"));
    ONE_OF_EACH.stream()
        .filter(command -> !(command instanceof Command.DeleteRoom)) // it leaves nothing to read
        .forEach(command -> square.asks("ann", command));
    List<String> before = square.page(square.room, "ann", Long.MAX_VALUE, 100);

    assertThat(square.page(square.reopened(), "ann", Long.MAX_VALUE, 100)).isEqualTo(before);
  }

  private static Class<?>[] durable() {
    List<Class<?>> durable = new ArrayList<>();
    Arrays.stream(Event.Durable.class.getPermittedSubclasses()).forEach(durable::add);
    return durable.toArray(Class<?>[]::new);
  }
}
