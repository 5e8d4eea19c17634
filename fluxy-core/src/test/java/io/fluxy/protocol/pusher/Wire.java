package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client at the other end of a fake socket: says frames, remembers what it hears. */
final class Wire implements Socket {
  private final VirtualScheduler time;
  private final List<String> heard = new ArrayList<>();
  private Socket.@Nullable Listener engine;
  private @Nullable String end;
  private @Nullable String id;

  Wire(VirtualScheduler time) {
    this.time = time;
  }

  Wire with(Socket.Listener listener) {
    engine = listener;
    time.runUntilIdle();
    return this;
  }

  /** Remembers the id in the first frame, which it forgets. */
  Wire established() {
    String first = hears().get(0);
    String before =
        "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"";
    assertThat(first).startsWith(before);
    id = first.substring(before.length(), first.indexOf("\\\"", before.length()));
    return this;
  }

  String id() {
    return String.valueOf(id);
  }

  Wire says(String json) {
    return says(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The same, and goes on at once. */
  void sends(String json) {
    if (engine != null) {
      engine.text(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  Wire says(byte[] frame) {
    if (engine != null && end == null) {
      engine.text(frame);
    }
    time.runUntilIdle();
    return this;
  }

  Wire subscribes(String channel) {
    return says("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + channel + "\"}}");
  }

  /** Subscribes with a signature by the shop's app. */
  Wire subscribesSigned(String channel, @Nullable String channelData) {
    String answer =
        channelData == null
            ? ChannelServer.SHOP.authorize(id(), channel)
            : ChannelServer.SHOP.authorize(id(), channel, channelData);
    return says(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
            + channel
            + "\","
            + answer.substring(1)
            + "}");
  }

  /** The frames since the last look, in order. */
  List<String> hears() {
    List<String> since = List.copyOf(heard);
    heard.clear();
    return since;
  }

  /** Forgets what was heard. */
  Wire quiet() {
    heard.clear();
    return this;
  }

  String end() {
    return end == null ? "open" : end;
  }

  void leaves() {
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

  private void finish(String how) {
    if (end == null) {
      end = how;
      Socket.Listener listener = engine;
      time.run(
          () -> {
            if (listener != null) {
              listener.closed();
            } else if (engine != null) {
              engine.closed();
            }
          });
    }
  }
}
