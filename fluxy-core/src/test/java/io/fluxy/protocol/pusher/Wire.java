package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.protocol.FakeClient;
import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Socket;
import org.jspecify.annotations.Nullable;

/** A client of Pusher's at the other end of a fake socket. */
final class Wire extends FakeClient {
  private @Nullable String id;

  Wire(VirtualScheduler time) {
    super(time);
  }

  @Override
  public Wire with(Socket.Listener listener) {
    super.with(listener);
    return this;
  }

  @Override
  public Wire says(byte[] frame) {
    super.says(frame);
    return this;
  }

  @Override
  public Wire says(String json) {
    super.says(json);
    return this;
  }

  @Override
  public Wire quiet() {
    super.quiet();
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
}
