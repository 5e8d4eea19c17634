package io.fluxy.testkit;

import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PushFlo's words, as its SDKs use them. A client's key is its token, so the engine knows who it
 * is; after a cut it only connects again, and the engine remembers its channels.
 *
 * @param secretKey what servers publish with
 */
record PushFloDialect(String secretKey) implements ChannelDialect {
  private static final String CHANNEL = "channel";

  /** Does not show the key. */
  @Override
  public String toString() {
    return "PushFlo";
  }

  @Override
  public ChannelDialect.Speaker speaker(User user, TestChannels.Authorizer authorizer) {
    return new Speaker();
  }

  @Override
  public TestChannels.Authorizer authorizer() {
    return (userId, socketId, channel) -> null; // nobody is asked
  }

  @Override
  public ApiRequest publish(String channel, String event, Value data, String token, long nowMs) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("eventType", event);
    body.put("content", data.json());
    return ChannelDialect.post(
        "/api/v1/channels/" + channel + "/messages",
        Map.of("Host", "chat.example", "Authorization", "Bearer " + secretKey),
        new Value(body));
  }

  /** One client. */
  private static final class Speaker implements ChannelDialect.Speaker {
    @Override
    public boolean needsChannel() {
      return false;
    }

    @Override
    public ApiRequest open(String token, String channel) {
      return ChannelDialect.socket("/ws?token=pub_" + token);
    }

    @Override
    public boolean asksAgain() {
      return false;
    }

    @Override
    public String subscribe(String channel) {
      return frame("subscribe", channel);
    }

    @Override
    public String unsubscribe(String channel) {
      return frame("unsubscribe", channel);
    }

    private static String frame(String type, String channel) {
      return new Value(Map.of("type", type, CHANNEL, channel)).text();
    }

    @Override
    public String whisper(String channel, String event, Value data) {
      throw new UnsupportedOperationException("a client of PushFlo only hears");
    }

    @Override
    public void hear(Value frame, Ears ears) {
      String channel = frame.word(CHANNEL);
      switch (frame.word("type")) {
        case "connected" -> ears.welcome();
        case "subscribed" -> ears.in(channel);
        case "message" ->
            ears.event(channel, frame.word("eventType"), new Value(frame.field("data")));
        case "error" -> {
          if (channel.isEmpty()) {
            ears.complaint(frame.word("error"));
          } else {
            ears.out(channel, frame.word("error"));
          }
        }
        default -> {}
      }
    }
  }
}
