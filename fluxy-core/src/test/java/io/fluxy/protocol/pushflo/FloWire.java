package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.protocol.FakeClient;
import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client at the other end of a fake socket: says frames, remembers what it hears, and answers
 * pings as every WebSocket does.
 */
final class FloWire extends FakeClient {
  private final VirtualScheduler time;
  private boolean answersPings = true;
  private boolean vanished;
  private boolean answersLate;
  private final List<ByteBuffer> underWay = new ArrayList<>();

  FloWire(VirtualScheduler time) {
    super(time);
    this.time = time;
  }

  @Override
  public FloWire with(Socket.Listener listener) {
    super.with(listener);
    return this;
  }

  /** The client id in the first frame, which it forgets. */
  String connected() {
    String first = first();
    Matcher frame =
        Pattern.compile(
                "\\{\"type\":\"connected\",\"clientId\":\"([^\"]+)\",\"timestamp\":\\d{13}\\}")
            .matcher(first);
    assertThat(frame.matches()).as("a welcome: %s", first).isTrue();
    return frame.group(1);
  }

  @Override
  public FloWire says(String json) {
    super.says(json);
    return this;
  }

  FloWire subscribes(String channel) {
    return says("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}");
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

  @Override
  public FloWire quiet() {
    super.quiet();
    return this;
  }

  /** Receives from now on, but its network answers no ping. */
  FloWire unconfirmed() {
    answersPings = false;
    return this;
  }

  /** What it answers to pings is long under way. */
  void answersLate() {
    answersLate = true;
  }

  /** What was under way arrives. */
  void answersThen() {
    underWay.forEach(answer -> time.run(() -> engine().pong(answer)));
    time.runUntilIdle();
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
  @Override
  public void leaves() {
    engine().goodbye(1005);
    super.leaves();
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    for (Frames batch : frames) {
      ByteBuffer pinging = batch.pinging();
      if (pinging != null && answersPings && answersLate) {
        underWay.add(pinging);
      } else if (pinging != null && answersPings) {
        time.run(() -> engine().pong(pinging));
      }
    }
    if (vanished) {
      sent.sent(true);
    } else {
      super.send(frames, sent);
    }
  }

  @Override
  public void ping() {
    if (answersPings) {
      time.run(() -> engine().pong(ByteBuffer.allocate(0)));
    }
  }
}
