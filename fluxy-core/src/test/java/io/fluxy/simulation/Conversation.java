package io.fluxy.simulation;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Seated;
import io.fluxy.wire.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the test protocol: lines of fields, {@code room|verb|...}. One connection
 * may be in several rooms.
 */
final class Conversation implements io.fluxy.connection.Conversation {
  private final World world;
  private final Node node;
  private final Identity identity;
  private final Map<String, Seated> seats = new HashMap<>();
  private final Set<String> notLetIn = new HashSet<>();
  private boolean closed;

  Conversation(World world, Node node, Identity identity) {
    this.world = world;
    this.node = node;
    this.identity = identity;
  }

  @Override
  public void opened(Connection connection) {}

  @Override
  public void text(Connection connection, byte[] bytes) {
    String[] words = new String(bytes, StandardCharsets.UTF_8).split("\\|", -1);
    if (words[1].equals("join")) {
      join(connection, words[0], Integer.parseInt(words[2]), words[3].equals("visible"));
      return;
    }
    Seated seat = seats.get(words[0]);
    if (seat == null) {
      String clientId = words[1].equals("post") && !words[2].isEmpty() ? words[2] : null;
      refuse(connection, words[0], Refusal.of(Refusal.Reason.BUSY, "not joined yet"), clientId);
    } else if (words[1].equals("leave")) {
      seats.remove(words[0]);
      seat.leave();
    } else {
      seat.ask(command(words));
    }
  }

  static Command command(String[] words) {
    return switch (words[1]) {
      case "post" -> {
        Draft draft = Send.draft(words[3]);
        yield new Command.Post(words[2].isEmpty() ? draft : draft.withClientMessageId(words[2]));
      }
      case "edit" -> new Command.Edit(Long.parseLong(words[2]), words[3]);
      case "delete" -> new Command.Delete(Long.parseLong(words[2]), words[3].equals("hard"));
      case "react" -> new Command.React(Long.parseLong(words[2]), words[3], words[4].equals("add"));
      case "read" -> new Command.Read(Long.parseLong(words[2]));
      case "type" -> new Command.Type(true, Command.Intent.COMPOSING);
      case "add" -> new Command.AddMember(words[2], Role.MEMBER);
      case "remove" -> new Command.RemoveMember(words[2]);
      case "start" -> new Command.StartStream(words[2], null, words[3]);
      case "grow" -> new Command.GrowStream(words[2]);
      case "end" -> new Command.EndStream(null);
      case "abort" -> new Command.AbortStream();
      case "impose" ->
          new Command.Impose(words[2], Sanction.of(words[3]).orElseThrow(), 0, "because");
      case "role" -> new Command.AddMember(words[2], Role.valueOf(words[3]));
      case "become" -> new Command.ChangeRoom(null, RoomType.valueOf(words[2]));
      case "whisper" -> new Command.Whisper(words[2], "1");
      case "pin" -> new Command.Pin(Long.parseLong(words[2]));
      case "unpin" -> new Command.Pin(null);
      case "tool" ->
          new Command.UseTool(Command.ToolPhase.CALL, "run", "agent", words[2], "tool", "{}", null);
      case "run" -> new Command.ReportRun("run", "agent", words[2], "{}", null);
      default -> throw new AssertionError(words[1]);
    };
  }

  private void join(Connection connection, String room, int snapshotMax, boolean visible) {
    RoomId id = new RoomId(identity.project(), room);
    node.gate()
        .submit(identity, id, new Command.Enter(false))
        .thenCompose(
            answer ->
                answer instanceof Answer.Refused refused
                    ? CompletableFuture.failedStage(new RefusedException(refused.refusal()))
                    : node.gate().lease(id))
        .whenComplete(
            (lease, failure) -> {
              if (failure != null) {
                notLetIn.add(room);
                refuse(connection, room, refusal(failure), "join");
              } else if (closed) {
                lease.orElseThrow().release();
              } else {
                seats.put(
                    room,
                    connection.enter(
                        lease.orElseThrow(),
                        node.gate(),
                        world.codec(),
                        Map.of(),
                        snapshotMax,
                        visible));
              }
            });
  }

  private static Refusal refusal(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof RefusedException refused
        ? refused.refusal()
        : Refusal.of(Refusal.Reason.INTERNAL, cause.toString());
  }

  private void refuse(
      Connection connection, String room, Refusal refusal, @Nullable String clientId) {
    Event refused = new Event.Refused(refusal, clientId);
    RoomId id = new RoomId(identity.project(), room);
    connection.send(new Delivery(id, List.of(refused)).frames(world.codec()));
  }

  /** Whether it was refused to join a room; it may have been too slow to hear of that. */
  boolean wasNotLetIn(String room) {
    return notLetIn.contains(room);
  }

  @Override
  public void closed(Connection connection) {
    closed = true;
    seats.values().forEach(Seated::leave);
  }

  @Override
  public int closeCode(Farewell farewell) {
    return code(farewell.reason());
  }

  static int code(Farewell.Reason reason) {
    return List.of(Farewell.Reason.values()).indexOf(reason);
  }
}
