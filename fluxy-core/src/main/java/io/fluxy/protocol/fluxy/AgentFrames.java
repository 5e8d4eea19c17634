package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Command;
import io.fluxy.chat.Command.ToolPhase;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients say for agents, and events with a name: from FluxyChat's JSON to commands (contract
 * 2.3, 7). Only an agent itself, a bot, or whoever runs a project speaks for an agent.
 */
final class AgentFrames {
  private static final int NAME_CHARS_MAX = 128;
  private static final String CLIENT_EVENT = "client-";

  private AgentFrames() {}

  /** A {@code client_event}. */
  static Command whisper(Body body) {
    String name = body.text("eventName").orElse("");
    if (!name.startsWith(CLIENT_EVENT)) {
      throw new Problem(400, "client events must be prefixed with client-");
    }
    boolean good =
        name.length() > CLIENT_EVENT.length()
            && name.length() <= NAME_CHARS_MAX
            && name.chars().allMatch(AgentFrames::isNamePart);
    if (!good) {
      throw new Problem(400, "eventName must be client- and letters, digits, _ . or -");
    }
    return new Command.Whisper(name, data(body));
  }

  private static boolean isNamePart(int c) {
    return c == '.' || Names.isId(String.valueOf((char) c));
  }

  /** An {@code agentTyping}. */
  static Command typing(User user, Body body, @Nullable String exceptMemberId) {
    return new Command.TypeAsAgent(
        agentId(user, body), body.flag("isTyping"), exceptMemberId, about(body));
  }

  /** An event with a name, for everyone. */
  static Command signal(Body body, String name, @Nullable String exceptMemberId) {
    if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
      throw new Problem(400, "name must be 1-" + NAME_CHARS_MAX + " characters");
    }
    return new Command.Signal(name, data(body), exceptMemberId);
  }

  private static String data(Body body) {
    return body.has("data") ? Json.text(body.value("data")) : "{}";
  }

  /**
   * What a backend pushes into a room (contract 7). What follows is numbered, and told to all; what
   * is only told can leave one member out.
   *
   * @throws Problem 400 if it is nothing we know: never an empty message
   */
  static Command event(User user, RoomId room, Body event, @Nullable String exceptMemberId) {
    return switch (event.text("type").orElse("")) {
      case "tool_call" -> tool(user, event, ToolPhase.CALL, arguments(event));
      case "tool_result" -> tool(user, event, ToolPhase.RESULT, Json.text(event.value("result")));
      case "tool_error" -> tool(user, event, ToolPhase.ERROR, Json.text(event.value("error")));
      case "agentRun" -> run(user, room, event);
      case "agentTyping" -> typing(user, event, exceptMemberId);
      case "message" -> message(event);
      default -> throw new Problem(400, "unknown_event_type");
    };
  }

  private static Command message(Body event) {
    return new Command.Post(
        DraftJson.draft(
            event,
            event.text("content").orElseThrow(() -> new Problem(400, "content must be a string")),
            event.whole("replyTo").or(() -> event.whole("parentId")).orElse(null)));
  }

  private static Command tool(User user, Body event, ToolPhase phase, String json) {
    return new Command.UseTool(
        phase,
        name(event, "runId"),
        agentId(user, event),
        name(event, "toolCallId"),
        name(event, "name"),
        json,
        about(event));
  }

  /** The message that the agent answers; who may not read it does not hear of the work at it. */
  private static @Nullable Long about(Body event) {
    return event.whole("replyTo").or(() -> event.whole("messageId")).orElse(null);
  }

  /** Arguments travel as a text that is JSON; an object is taken, too. */
  private static String arguments(Body event) {
    Object arguments = event.value("arguments");
    return arguments instanceof String text
        ? text
        : arguments == null ? "{}" : Json.text(arguments);
  }

  private static Command run(User user, RoomId room, Body event) {
    if (!(event.value("run") instanceof Map<?, ?> given)) {
      throw new Problem(400, "run must be an object");
    }
    Body fields = Body.of(given);
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    given.forEach((name, value) -> run.put((String) name, value));
    run.put("room_id", room.name()); // whatever a client says it is
    String json = Json.text(run);
    String agentId = fields.has("agent_id") ? fields.text("agent_id").orElse("") : "";
    return new Command.ReportRun(
        name(fields, "id"),
        agentId.isEmpty() ? agentId(user, event) : checked(user, agentId),
        name(fields, "status"),
        json,
        about(event));
  }

  private static String agentId(User user, Body body) {
    return body.has("agentId") ? checked(user, body.text("agentId").orElse("")) : user.id();
  }

  private static String checked(User user, String agentId) {
    if (!Names.isId(agentId)) {
      throw new Problem(400, "agentId must be 1-128 chars, alphanumeric with _ -");
    } else if (!speaksFor(user, agentId)) {
      throw Problem.forbidden();
    }
    return agentId;
  }

  /** Whether a user may say what an agent does. */
  static boolean speaksFor(User user, String agentId) {
    return user.id().equals(agentId)
        || user.governs()
        || user.roles().contains(Role.BOT)
        || user.roles().contains(Role.MODERATOR);
  }

  private static String name(Body body, String field) {
    return body.text(field)
        .filter(name -> !name.isBlank() && name.length() <= NAME_CHARS_MAX)
        .orElseThrow(
            () -> new Problem(400, field + " must be 1-" + NAME_CHARS_MAX + " characters"));
  }
}
