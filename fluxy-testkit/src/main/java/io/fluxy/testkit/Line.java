package io.fluxy.testkit;

import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection, as the network has it: what breaks, breaks here. */
final class Line implements Socket {
  private static final int NO_CODE = 1005;

  private final Scheduler world;
  private final Consumer<String> ears;
  private final Consumer<String> ended;
  private Socket.@Nullable Listener engine;
  private @Nullable String end;
  private final Queue<Consumer<Socket.Listener>> said = new ArrayDeque<>();
  private List<Frames> held = new ArrayList<>();
  private @Nullable Sent heldSent;
  private boolean stalled;
  private boolean vanished;

  /**
   * @param ears hears each frame
   * @param ended hears once how it ended
   */
  Line(Scheduler world, Consumer<String> ears, Consumer<String> ended) {
    this.world = world;
    this.ears = ears;
    this.ended = ended;
  }

  void opens(Socket.Listener listener) {
    engine = listener;
  }

  boolean isOpen() {
    return end == null;
  }

  /** How it ended; "open" if it did not. */
  String end() {
    return end == null ? "open" : end;
  }

  /** Sends something to the engine, which reads it soon, and in the order of this line. */
  void say(Consumer<Socket.Listener> word) {
    said.add(word);
    world.run(
        () -> {
          Consumer<Socket.Listener> next = said.remove();
          if (isOpen() && !vanished && engine != null) {
            next.accept(engine);
          }
        });
  }

  /** The client reads nothing more for now. */
  void stalls() {
    stalled = true;
  }

  /** The client reads again. */
  void reads() {
    stalled = false;
    List<Frames> now = held;
    held = new ArrayList<>();
    deliver(now);
    if (heldSent != null) {
      Sent sent = heldSent;
      heldSent = null;
      world.run(() -> sent.sent(true));
    }
  }

  /** Nothing comes through any more, and nobody is told. */
  void vanishes() {
    vanished = true;
  }

  /** It is over, and the engine hears of it. */
  void ends(String how) {
    ends(how, Socket.Listener::closed);
  }

  /** The client closes, as browsers do: without a code. */
  void leaves() {
    ends(
        "left",
        engine -> {
          engine.goodbye(NO_CODE);
          engine.closed();
        });
  }

  private void ends(String how, Consumer<Socket.Listener> told) {
    if (end == null) {
      end = how;
      ended.accept(how);
      Socket.Listener hears = engine;
      if (hears != null) {
        world.run(() -> told.accept(hears));
      }
    }
  }

  /** It is over, and there is nobody left to hear of it. */
  void engineIsGone() {
    engine = null;
    ends("the engine is gone");
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    if (stalled) {
      held.addAll(frames); // the list is the engine's
      heldSent = sent;
      return;
    }
    deliver(frames);
    world.run(() -> sent.sent(true));
  }

  private void deliver(List<Frames> frames) {
    if (vanished || !isOpen()) {
      return; // the network takes it, for a while
    }
    for (Frames batch : frames) {
      for (ByteBuffer text : batch.texts()) {
        ears.accept(StandardCharsets.UTF_8.decode(text).toString());
      }
      ByteBuffer pinging = batch.pinging();
      if (pinging != null) {
        say(engine -> engine.pong(pinging));
      }
    }
  }

  @Override
  public void ping() {
    if (!stalled && !vanished) {
      say(Socket.Listener::pong);
    }
  }

  @Override
  public void close(int code, String reason) {
    ends(code + " " + reason);
  }

  @Override
  public void abort() {
    ends("aborted");
  }
}
