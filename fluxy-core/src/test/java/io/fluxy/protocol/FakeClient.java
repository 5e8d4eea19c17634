package io.fluxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client at the other end of a fake socket: says frames, remembers what it hears. */
public class FakeClient implements Socket {
  private final VirtualScheduler time;
  private final List<String> heard = new ArrayList<>();
  private Socket.@Nullable Listener engine;
  private @Nullable String end;

  public FakeClient(VirtualScheduler time) {
    this.time = time;
  }

  /** The server's end. */
  protected final Socket.Listener engine() {
    return Objects.requireNonNull(engine, "not connected");
  }

  /** The first frame since the last look, which is then forgotten. */
  protected final String first() {
    return heard.remove(0);
  }

  /** Is connected to this end. */
  public FakeClient with(Socket.Listener listener) {
    engine = listener;
    time.runUntilIdle();
    return this;
  }

  public FakeClient says(String json) {
    return says(json.getBytes(StandardCharsets.UTF_8));
  }

  public FakeClient says(byte[] frame) {
    if (engine != null && end == null) {
      engine.text(frame);
    }
    time.runUntilIdle();
    return this;
  }

  /** The same, and goes on at once. */
  public void sends(String json) {
    if (engine != null) {
      engine.text(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The frames since the last look, in order. */
  public List<String> hears() {
    List<String> since = List.copyOf(heard);
    heard.clear();
    return since;
  }

  /** Forgets what was heard. */
  public FakeClient quiet() {
    heard.clear();
    return this;
  }

  /** Code and reason of the server's close; "open" if there was none. */
  public String end() {
    return end == null ? "open" : end;
  }

  public void leaves() {
    finish("left");
    time.runUntilIdle();
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    for (Frames batch : frames) {
      for (ByteBuffer text : batch.texts()) {
        heard.add(StandardCharsets.UTF_8.decode(text).toString());
      }
    }
    sent.sent(true);
  }

  @Override
  public void ping() {}

  @Override
  public void close(int code, String reason) {
    assertThat(reason.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
    finish(code + " " + reason);
  }

  @Override
  public void abort() {
    finish("aborted");
  }

  /** It is over, and the engine is told. */
  protected final void finish(String how) {
    if (end == null) {
      end = how;
      time.run(
          () -> {
            if (engine != null) {
              engine.closed();
            }
          });
    }
  }
}
