package io.fluxy.testkit;

import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.protocol.channels.ChannelApp;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of plain channels: a socket for each, which comes back with where it was. */
record PlainDialect(ChannelApp app) implements ChannelDialect {
  @Override
  public ChannelDialect.Speaker speaker(User user, TestChannels.Authorizer authorizer) {
    return new Speaker(user, authorizer);
  }

  @Override
  public TestChannels.Authorizer authorizer() {
    return (userId, socketId, channel) ->
        app.authorize(socketId, channel, ChannelDialect.channelData(userId, channel));
  }

  @Override
  public ApiRequest publish(String channel, String event, Value data, String token, long nowMs) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("channel", channel);
    body.put("event", event);
    body.put("data", data.json());
    return ChannelDialect.post(
        "/events/publish",
        Map.of("Host", "chat.example", "Authorization", "Bearer " + token),
        new Value(body));
  }

  /** One client. */
  private static final class Speaker implements ChannelDialect.Speaker {
    private final User user;
    private final TestChannels.Authorizer authorizer;
    private long since; // the seq up to which it has heard
    private long before; // what was told up to here was before its time; -1 if it is not known

    Speaker(User user, TestChannels.Authorizer authorizer) {
      this.user = user;
      this.authorizer = authorizer;
      this.before = -1;
    }

    @Override
    public boolean needsChannel() {
      return true;
    }

    @Override
    public ApiRequest open(String token, String channel) {
      String proof = ChannelDialect.isSigned(channel) ? "" : "token=" + token + "&";
      return ChannelDialect.socket("/ws/" + channel + "?" + proof + "since=" + since);
    }

    @Override
    public boolean asksAgain() {
      return false;
    }

    @Override
    public @Nullable String subscribe(String channel) {
      return null;
    }

    @Override
    public String unsubscribe(String channel) {
      throw new UnsupportedOperationException("a plain socket is for its channel: it leaves");
    }

    @Override
    public String whisper(String channel, String event, Value data) {
      Map<String, @Nullable Object> frame = new LinkedHashMap<>();
      frame.put("event", event);
      frame.put("data", data.json());
      return new Value(frame).text();
    }

    @Override
    public void hear(Value frame, Ears ears) {
      String channel = frame.word("channel");
      Value data = new Value(frame.field("data"));
      if (frame.field("seq") instanceof Long seq) {
        since = seq;
        if (seq <= before) {
          return;
        }
      }
      switch (frame.word("event")) {
        case "channel:authenticate" -> authenticate(channel, data.word("socketId"), ears);
        case "channel:resumed" -> resumed(data, ears);
        case "channel:subscribed" -> {
          if (ChannelDialect.isPresence(channel)) {
            ears.present(channel, Value.words(data.field("members"), "userId"));
          }
          ears.in(channel);
        }
        case "channel:joined" -> ears.came(channel, data.word("userId"));
        case "channel:left" -> ears.went(channel, data.word("userId"));
        case "channel:error" -> ears.complaint(data.word("message"));
        case "channel:pong" -> {}
        default -> ears.event(channel, frame.word("event"), data);
      }
    }

    private void resumed(Value data, Ears ears) {
      boolean isNew = before < 0;
      long head = data.field("head") instanceof Long seq ? seq : 0;
      if (isNew) {
        before = head;
      }
      if (Boolean.FALSE.equals(data.field("recovered"))) {
        since = head;
        if (!isNew) {
          ears.complaint("not recovered: load the history");
        }
      }
    }

    private void authenticate(String channel, String socketId, Ears ears) {
      ears.welcome();
      String answer = authorizer.authorize(user.id(), socketId, channel);
      if (answer == null) {
        ears.out(channel, String.valueOf(new Unauthorized(channel).getMessage()));
      } else {
        ears.reply("{\"event\":\"channel:auth\",\"data\":" + answer + "}");
      }
    }
  }
}
