package io.fluxy.hook;

import io.fluxy.chat.Command;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command tells beside messages: a name, and any JSON value. */
record Told(String name, String data) {
  private static final int NAME_CHARS_MAX = 128;

  /** Null if it tells no such thing, or what is no JSON: the room refuses that. */
  static @Nullable Told of(Command command) {
    Told told = told(command);
    return told != null && Json.isValue(told.data()) ? told : null;
  }

  private static @Nullable Told told(Command command) {
    if (command instanceof Command.Signal signal) {
      return new Told(signal.name(), signal.json());
    } else if (command instanceof Command.Whisper whisper) {
      return new Told(whisper.name(), whisper.json());
    } else if (command instanceof Command.UseTool use) {
      return new Told(use.name(), use.json());
    }
    return command instanceof Command.ReportRun report
        ? new Told(report.status(), report.json())
        : null;
  }

  /** As one object, written anew. */
  String json() {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
    whole.put("name", name);
    whole.put("data", object("{\"data\":" + data + "}").get("data"));
    return Json.text(whole);
  }

  private static Map<String, @Nullable Object> object(String json) {
    return Json.object(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The same command with what became of {@link #json()}. */
  static Command with(Command command, String json) {
    Map<String, @Nullable Object> whole;
    try {
      whole = object(json);
    } catch (BadJsonException e) {
      throw refused("what checks messages here made no JSON of it");
    }
    if (!(whole.get("name") instanceof String name)
        || name.isBlank()
        || name.length() > NAME_CHARS_MAX
        || !whole.containsKey("data")) {
      throw refused("what checks messages here left it no name or no data");
    }
    String data = Json.text(whole.get("data"));
    if (command instanceof Command.Signal signal) {
      return new Command.Signal(name, data, signal.exceptMemberId());
    } else if (command instanceof Command.Whisper) {
      return new Command.Whisper(name, data);
    } else if (command instanceof Command.UseTool use) {
      return new Command.UseTool(
          use.phase(), use.runId(), use.agentId(), use.toolCallId(), name, data, use.about());
    } else if (command instanceof Command.ReportRun report) {
      return new Command.ReportRun(report.runId(), report.agentId(), name, data, report.about());
    }
    throw new AssertionError("nothing is told by " + command);
  }

  private static RefusedException refused(String why) {
    return new RefusedException(Refusal.of(Reason.INVALID, why));
  }
}
