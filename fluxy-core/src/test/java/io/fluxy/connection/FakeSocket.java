package io.fluxy.connection;

import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Remembers what it is asked to write; a write is over when the test says so, or at once. */
class FakeSocket implements Socket {
  final List<String> writes = new ArrayList<>();
  int pings;
  int aborts;
  @Nullable String closed;
  boolean atOnce;
  private @Nullable Sent sent;

  static Frames frame(String text) {
    return Frames.raw(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void send(List<Frames> frames, Sent whenSent) {
    if (sent != null) {
      throw new AssertionError("two writes at once");
    }
    StringBuilder text = new StringBuilder();
    for (Frames each : frames) {
      text.append(StandardCharsets.UTF_8.decode(each.bytes()));
    }
    writes.add(text.toString());
    if (atOnce) {
      whenSent.sent(true);
    } else {
      sent = whenSent;
    }
  }

  boolean isWriting() {
    return sent != null;
  }

  /** The write under way is over. */
  void written(boolean ok) {
    Sent now = Objects.requireNonNull(sent, "no write is under way");
    sent = null;
    now.sent(ok);
  }

  @Override
  public void ping() {
    pings++;
  }

  @Override
  public void close(int code, String reason) {
    closed = code + " " + reason;
  }

  @Override
  public void abort() {
    aborts++;
  }
}
