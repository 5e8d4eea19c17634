package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client at the other end of a fake socket or event stream: it says frames and remembers what it
 * hears.
 */
final class Client implements Socket {
  private final HandScheduler time;
  private final List<String> heard = new ArrayList<>();
  private final StringBuilder raw = new StringBuilder();
  private Socket.@Nullable Listener engine;
  private @Nullable String end;
  private int pings;

  Client(HandScheduler time) {
    this.time = time;
  }

  Client with(Socket.Listener listener) {
    engine = listener;
    time.settle();
    return this;
  }

  /** Says a frame; {@code '} stands for a quote. */
  Client says(String json) {
    return says(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** Says a frame of any bytes. */
  Client says(byte[] frame) {
    listener().text(frame);
    time.settle();
    return this;
  }

  /** The frames since the last look, in order; {@code '} stands for a quote. */
  List<String> hears() {
    List<String> since = List.copyOf(heard);
    heard.clear();
    return since;
  }

  /** The last frame; forgets those before. */
  String last() {
    List<String> since = hears();
    return since.isEmpty() ? "silence" : since.get(since.size() - 1);
  }

  /** The frames of one type since the last look; forgets the others. */
  List<String> hears(String type) {
    return hears().stream().filter(frame -> frame.startsWith("{'type':'" + type + "'")).toList();
  }

  /** The bytes of an event stream, as text. */
  String raw() {
    return raw.toString();
  }

  boolean isOpen() {
    return end == null;
  }

  /** Close code and reason, or "open". */
  String end() {
    return end == null ? "open" : end;
  }

  int pings() {
    return pings;
  }

  /** Answers a ping. */
  void pongs() {
    listener().pong();
  }

  /** Goes away without a word. */
  void leaves() {
    finish("left");
    time.settle();
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    for (Frames batch : frames) {
      for (ByteBuffer text : batch.texts()) {
        String json = StandardCharsets.UTF_8.decode(text).toString();
        heard.add(Leaks.shown(Leaks.checked(json)));
      }
      raw.append(StandardCharsets.UTF_8.decode(batch.bytes()));
    }
    sent.sent(true);
  }

  @Override
  public void ping() {
    pings++;
  }

  @Override
  public void close(int code, String reason) {
    assertThat(reason.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
    assertThat(code).as("1008 makes an SDK loop (contract 0.3)").isNotEqualTo(1008);
    finish(code + " " + Leaks.checked(reason));
  }

  @Override
  public void abort() {
    finish("aborted");
  }

  private void finish(String how) {
    if (end == null) {
      end = how;
      time.run(listener()::closed);
    }
  }

  private Socket.Listener listener() {
    if (engine == null) {
      throw new IllegalStateException("not connected");
    }
    return engine;
  }
}
