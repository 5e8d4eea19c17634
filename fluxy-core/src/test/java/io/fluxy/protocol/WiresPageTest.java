package io.fluxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table of docs/wires.md is what clients of each kind hear when it happens. */
class WiresPageTest {
  private static final Path PAGE = Path.of("../docs/wires.md");
  private static final Pattern NAME = Pattern.compile("\"(event|type|eventType)\":\"([^\"]+)\"");
  private static final User EVE = User.named("eve");
  private static final User BOSS = new User("boss", Set.of(Role.OWNER));

  private final EveryWire wires = new EveryWire("presence-lobby", false);
  private final List<String> rows = new ArrayList<>();
  private long messageId;

  @AfterEach
  void nothingWasThrown() {
    assertThat(wires.time.failures()).isEmpty();
  }

  /** Something happens; what was heard of it is a row. */
  private void row(String what, Runnable deed) {
    wires.quiet();
    deed.run();
    wires.time.runUntilIdle();
    Map<String, Set<String>> names = new LinkedHashMap<>();
    wires.clients.forEach((wire, client) -> names.put(wire, names(client.hears())));
    names.put(
        "host",
        wires.host.stream()
            .map(event -> event.getClass().getSimpleName())
            .collect(Collectors.toCollection(LinkedHashSet::new)));
    rows.add(
        "| "
            + what
            + names.values().stream().map(WiresPageTest::cell).collect(Collectors.joining())
            + " |");
  }

  private static Set<String> names(List<String> frames) {
    Set<String> names = new LinkedHashSet<>();
    for (String frame : frames) {
      Matcher name = NAME.matcher(frame);
      boolean found = name.find();
      if (found && frame.contains("\"eventType\":")) { // its type is always the same
        while (found && !name.group(1).equals("eventType")) {
          found = name.find();
        }
      }
      if (found) {
        names.add(name.group(2));
      }
    }
    return names;
  }

  private static String cell(Set<String> names) {
    return " | "
        + (names.isEmpty()
            ? "–"
            : names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")));
  }

  private void does(User user, Command command) {
    wires.now(wires.fluxy.room(wires.room).submit(user, command));
  }

  private void posts(Draft draft) {
    messageId = wires.now(wires.fluxy.room(wires.room).post(EVE, draft)).id();
  }

  @Test
  void theTableSaysWhatIsHeard() throws IOException {
    does(EVE, new Command.Enter(false));
    row("a message is posted", () -> posts(Draft.text("hello")));
    row("it is edited", () -> does(EVE, new Command.Edit(messageId, "hello!")));
    row("somebody reacts to it", () -> does(EVE, new Command.React(messageId, "👍", true)));
    row("it is pinned", () -> does(EVE, new Command.Pin(messageId)));
    row("somebody answers it", () -> posts(Draft.text("hi").inReplyTo(messageId)));
    row("somebody has read up to it", () -> does(EVE, new Command.Read(messageId)));
    row("it is deleted", () -> does(EVE, new Command.Delete(messageId, false)));
    row(
        "a message is written bit by bit",
        () -> {
          does(EVE, new Command.StartStream("o", null, ""));
          does(EVE, new Command.GrowStream("one"));
          wires.time.advance(1_000);
          does(EVE, new Command.EndStream("one two"));
        });
    row(
        "a message for bob alone",
        () -> posts(Draft.text("psst").whispered(Readers.only(Set.of("bob")))));
    row("`price` is published by plain channels", () -> wires.publishes("price", "{\"acme\":1}"));
    row("`price` is published by PushFlo's API", () -> wires.flows("price", "{\"acme\":1}"));
    row("`price` is published by Pusher's API, not kept", () -> wires.triggers("price", "1"));
    row(
        "`client-move` is sent by a member to the others",
        () -> does(EVE, new Command.Whisper("client-move", "{}")));
    row("somebody types", () -> does(EVE, new Command.Type(true, Command.Intent.COMPOSING)));
    row("an agent uses a tool", this::usesTool);
    row("a user arrives", () -> wires.joins("dan"));
    row("a user leaves", () -> wires.leaves("dan"));
    row("somebody becomes a member", () -> does(BOSS, new Command.AddMember("zoe", Role.MEMBER)));
    row(
        "the room has another name",
        () -> does(BOSS, new Command.ChangeRoom("Lobby", RoomType.PUBLIC)));

    String head =
        "| in the room | " + String.join(" | ", wires.clients.keySet()) + " | your Java code |";
    String line = head.replaceAll("[^|]+", "---");
    String table = String.join("\n", head, line, String.join("\n", rows), "");
    assertThat(Files.readString(PAGE)).as("the page has this table:\n%s", table).contains(table);
  }

  private void usesTool() {
    does(
        BOSS,
        new Command.UseTool(
            Command.ToolPhase.CALL, "run-1", "agent-1", "call-1", "search", "{}", null));
  }
}
