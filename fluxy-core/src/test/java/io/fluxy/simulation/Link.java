package io.fluxy.simulation;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Farewell;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket, from the server's end to the client's. It writes at once, later, or not any more; it
 * may break in between, with or without anybody noticing.
 */
final class Link implements Socket {
  private static final int GIVE_UP_CLOSING_MS = 5_000;

  private final World world;
  private final Device device;
  private final Node node;
  private final Identity identity;
  private final String name;
  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private @Nullable Conversation server;
  private Socket.@Nullable Listener listener;
  private @Nullable List<Frames> writing;
  private Socket.@Nullable Sent sent;
  private boolean stalled;
  private boolean halfOpen;
  private boolean closing;
  private boolean closed;

  Link(World world, Device device, Node node, Identity identity, String name) {
    this.world = world;
    this.device = device;
    this.node = node;
    this.identity = identity;
    this.name = name;
  }

  void open(Conversation talk) {
    server = talk;
    listener = node.lines().open(this, identity, talk);
  }

  /** Whether the server did not let it into a room; it may have been too slow to hear of that. */
  boolean wasNotLetInto(String room) {
    return server != null && server.wasNotLetIn(room);
  }

  Node node() {
    return node;
  }

  Map<String, Session> sessions() {
    return sessions;
  }

  boolean isOpen() {
    return !closed && !closing && node.isAlive();
  }

  boolean isHealthy() {
    return isOpen() && !stalled && !halfOpen;
  }

  // The client's end.

  /** The client says something, if anybody is there to hear it. */
  void say(String line) {
    if (isOpen() && !halfOpen) {
      world.trace().note("says", this, line);
      Objects.requireNonNull(listener).text(line.getBytes(StandardCharsets.UTF_8));
    }
  }

  void stall() {
    world.tally().saw(Sometimes.SOCKET_STALLED);
    sessions.values().forEach(Session::heldUp);
    stalled = true;
  }

  void goOn() {
    if (stalled && !halfOpen) {
      stalled = false;
      written();
    }
  }

  /** Nothing comes through any more, and nobody is told. */
  void halfOpen() {
    world.tally().saw(Sometimes.SOCKET_HALF_OPEN);
    halfOpen = true;
  }

  /** The client is gone. */
  void disconnect() {
    if (!closed) {
      if (writing != null) {
        world.tally().saw(Sometimes.SOCKET_CLOSED_WHILE_WRITING);
      }
      world.trace().note("disconnects", this, "");
      over();
    }
  }

  private void over() {
    if (closed) {
      return;
    }
    closed = true;
    sessions.values().forEach(Session::end);
    Socket.Sent waiting = sent;
    sent = null;
    writing = null;
    world
        .time()
        .run(
            () -> {
              if (node.isAlive()) {
                if (waiting != null) {
                  waiting.sent(false);
                }
                Objects.requireNonNull(listener).closed();
              }
            });
    device.lost(this);
  }

  /** The server's process is gone, and the client notices. */
  void serverCrashed() {
    if (!closed) {
      closed = true;
      sessions.values().forEach(Session::end);
      device.lost(this);
    }
  }

  // The server's end.

  @Override
  public void send(List<Frames> frames, Sent whenSent) {
    world.judge().check(writing == null, "I12", () -> this + ": two writes at once");
    int bytes = frames.stream().mapToInt(Frames::size).sum();
    int largest = frames.stream().mapToInt(Frames::size).max().orElse(0);
    int budget = world.weather().limits.outboxBytesMax();
    world
        .judge()
        .check(
            bytes <= Math.max(budget, largest),
            "I12",
            () -> this + ": " + bytes + " bytes had queued, " + budget + " may");
    if (closed) {
      world.time().run(() -> whenSent.sent(false));
      return;
    }
    writing = asTheBugHasIt(frames);
    sent = whenSent;
    if (stalled || halfOpen) {
      return;
    }
    Weather weather = world.weather();
    if (!weather.calm && world.dice().percent(weather.writeFailed)) {
      world.tally().saw(Sometimes.SOCKET_WRITE_FAILED);
      over();
    } else if (world.dice().percent(weather.calm ? 5 : weather.writeLater)) {
      world.time().after(world.dice().between(0, 40), this::written);
    } else {
      written();
    }
  }

  private List<Frames> asTheBugHasIt(List<Frames> frames) {
    List<Frames> copy = new ArrayList<>(frames);
    if (world.isPlanted(Bug.SOCKET_DROPS) && world.dice().percent(2)) {
      copy.remove(copy.size() - 1);
    } else if (world.isPlanted(Bug.SOCKET_DOUBLES) && world.dice().percent(2)) {
      copy.add(copy.get(copy.size() - 1));
    } else if (world.isPlanted(Bug.SOCKET_REORDERS) && copy.size() > 1) {
      copy.add(copy.remove(copy.size() - 2));
    }
    return copy;
  }

  private void written() {
    List<Frames> frames = writing;
    Socket.Sent whenSent = sent;
    if (closed || stalled || halfOpen || frames == null || whenSent == null) {
      return;
    }
    writing = null;
    sent = null;
    for (Frames each : frames) {
      for (TextCodec.Heard heard : world.codec().decode(each)) {
        world.tally().told();
        world.trace().note("hears", this, heard.line());
        device.hears(this, heard);
      }
    }
    if (node.isAlive()) {
      whenSent.sent(true);
    }
    if (closing) {
      over();
    }
  }

  @Override
  public void ping() {
    if (isHealthy()) {
      world
          .time()
          .after(
              world.dice().between(1, 100),
              () -> {
                if (isHealthy()) {
                  Objects.requireNonNull(listener).pong();
                }
              });
    }
  }

  @Override
  public void close(int code, String reason) {
    world.trace().note("closes", this, reason);
    if (code == Conversation.code(Farewell.Reason.SILENT)) {
      world.tally().saw(Sometimes.SILENT_CLIENT_DROPPED);
    } else if (code == Conversation.code(Farewell.Reason.EXPIRED)) {
      world.tally().saw(Sometimes.TOKEN_EXPIRED);
    }
    if (closed || closing) {
      return;
    }
    if (reason.equals("the room is full")) {
      device.resign();
    }
    closing = true;
    if (writing == null && halfOpen) {
      world.time().after(GIVE_UP_CLOSING_MS, this::over); // nobody answers the close
    } else if (writing == null) {
      over();
    }
  }

  @Override
  public void abort() {
    world.trace().note("aborts", this, "");
    if (!closed && writing != null) {
      world.tally().saw(Sometimes.SLOW_CLIENT_DROPPED);
    }
    over();
  }

  @Override
  public String toString() {
    return name;
  }
}
