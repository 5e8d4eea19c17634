package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client at the other end of a fake socket: says frames, remembers what it hears, and answers
 * pings as every WebSocket does.
 */
final class FloWire implements Socket {
  private final VirtualScheduler time;
  private final List<String> heard = new ArrayList<>();
  private Socket.@Nullable Listener engine;
  private @Nullable String end;
  private boolean answersPings = true;
  private boolean vanished;

  FloWire(VirtualScheduler time) {
    this.time = time;
  }

  FloWire with(Socket.Listener listener) {
    engine = listener;
    time.runUntilIdle();
    return this;
  }

  /** The client id in the first frame, which it forgets. */
  String connected() {
    String first = heard.remove(0);
    Matcher frame =
        Pattern.compile(
                "\\{\"type\":\"connected\",\"clientId\":\"([^\"]+)\",\"timestamp\":\\d{13}\\}")
            .matcher(first);
    assertThat(frame.matches()).as("a welcome: %s", first).isTrue();
    return frame.group(1);
  }

  FloWire says(String json) {
    if (engine != null && end == null) {
      engine.text(json.getBytes(StandardCharsets.UTF_8));
    }
    time.runUntilIdle();
    return this;
  }

  FloWire subscribes(String channel) {
    return says("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}");
  }

  /** The frames since the last look, in order. */
  List<String> hears() {
    List<String> since = List.copyOf(heard);
    heard.clear();
    return since;
  }

  /** What the data of messages says, in order. */
  List<String> data() {
    Pattern data = Pattern.compile("\"data\":(.*?),\"timestamp\"");
    return hears().stream()
        .map(data::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .toList();
  }

  /** Forgets what was heard. */
  FloWire quiet() {
    heard.clear();
    return this;
  }

  String end() {
    return end == null ? "open" : end;
  }

  /** Receives from now on, but its network answers no ping. */
  FloWire unconfirmed() {
    answersPings = false;
    return this;
  }

  /** Nothing comes through any more, and nobody is told. */
  void vanishes() {
    vanished = true;
    answersPings = false;
  }

  /** The connection is cut, and the server hears of it. */
  void isCut() {
    vanishes();
    finish("cut");
    time.runUntilIdle();
  }

  /** The client closes, as {@code close()} without a code does. */
  void leaves() {
    Objects.requireNonNull(engine).goodbye(1005);
    finish("left");
    time.runUntilIdle();
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    for (Frames batch : frames) {
      ByteBuffer pinging = batch.pinging();
      if (pinging != null && answersPings) {
        time.run(() -> Objects.requireNonNull(engine).pong(pinging));
      }
      for (ByteBuffer text : batch.texts()) {
        if (!vanished) {
          heard.add(StandardCharsets.UTF_8.decode(text).toString());
        }
      }
    }
    sent.sent(true);
  }

  @Override
  public void ping() {
    if (answersPings) {
      time.run(() -> Objects.requireNonNull(engine).pong(ByteBuffer.allocate(0)));
    }
  }

  @Override
  public void close(int code, String reason) {
    assertThat(reason.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
    finish(code + " " + reason);
  }

  @Override
  public void abort() {
    finish("aborted");
  }

  private void finish(String how) {
    if (end == null) {
      end = how;
      time.run(() -> Objects.requireNonNull(engine).closed());
    }
  }
}
