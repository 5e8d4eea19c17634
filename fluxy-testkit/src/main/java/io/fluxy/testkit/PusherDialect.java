package io.fluxy.testkit;

import io.fluxy.chat.User;
import io.fluxy.hook.Signature;
import io.fluxy.http.ApiRequest;
import io.fluxy.protocol.pusher.PusherApp;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pusher's words, as its JavaScript client and its server libraries use them. */
record PusherDialect(PusherApp app) implements ChannelDialect {
  @Override
  public ChannelDialect.Speaker speaker(User user, TestChannels.Authorizer authorizer) {
    return new Speaker(app.keys().get(0).key(), user, authorizer);
  }

  @Override
  public TestChannels.Authorizer authorizer() {
    return (userId, socketId, channel) -> {
      String channelData = ChannelDialect.channelData(userId, channel);
      return channelData == null
          ? app.authorize(socketId, channel)
          : app.authorize(socketId, channel, channelData);
    };
  }

  @Override
  public ApiRequest publish(String channel, String event, Value data, String token, long nowMs) {
    Value body = new Value(Map.of("channel", channel, "name", event, "data", data.data()));
    PusherApp.Key key = app.keys().get(0);
    String path = "/apps/" + app.id() + "/events";
    String query =
        "auth_key=%s&auth_timestamp=%d&auth_version=1.0&body_md5=%s"
            .formatted(key.key(), nowMs / 1_000, md5(body.text()));
    byte[] signed = String.join("\n", "POST", path, query).getBytes(StandardCharsets.UTF_8);
    String target = path + "?" + query + "&auth_signature=" + Signature.of(key.secret(), signed);
    return ChannelDialect.post(target, Map.of("Host", "chat.example"), body);
  }

  private static String md5(String text) {
    try {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has MD5", e);
    }
  }

  /** One client. */
  private static final class Speaker implements ChannelDialect.Speaker {
    private final String key;
    private final User user;
    private final TestChannels.Authorizer authorizer;
    private String socketId = "";

    Speaker(String key, User user, TestChannels.Authorizer authorizer) {
      this.key = key;
      this.user = user;
      this.authorizer = authorizer;
    }

    @Override
    public boolean needsChannel() {
      return false;
    }

    @Override
    public ApiRequest open(String token, String channel) {
      return ChannelDialect.socket(
          "/app/" + key + "?protocol=7&client=js&version=8.6.0&flash=false");
    }

    @Override
    public boolean asksAgain() {
      return true;
    }

    @Override
    public String subscribe(String channel) {
      Map<String, @Nullable Object> data = new LinkedHashMap<>();
      data.put("auth", "");
      if (ChannelDialect.isSigned(channel)) {
        String answer = authorizer.authorize(user.id(), socketId, channel);
        if (answer == null) {
          throw new Unauthorized(channel);
        }
        Value signed = Value.of(answer);
        data.put("auth", signed.word("auth"));
        if (signed.field("channel_data") != null) {
          data.put("channel_data", signed.word("channel_data"));
        }
      }
      data.put("channel", channel);
      return frame("pusher:subscribe", data);
    }

    @Override
    public String unsubscribe(String channel) {
      return frame("pusher:unsubscribe", Map.of("channel", channel));
    }

    private static String frame(String event, Map<String, ?> data) {
      return Value.of(Map.of("event", event, "data", data)).text();
    }

    @Override
    public String whisper(String channel, String event, Value data) {
      Map<String, @Nullable Object> frame = new LinkedHashMap<>();
      frame.put("event", event);
      frame.put("channel", channel);
      frame.put("data", data.json());
      return new Value(frame).text();
    }

    @Override
    public void hear(Value frame, Ears ears) {
      String event = frame.word("event");
      String channel = frame.word("channel");
      Value data = Value.of(frame.field("data"));
      switch (event) {
        case "pusher:connection_established" -> {
          socketId = data.word("socket_id");
          ears.welcome();
        }
        case "pusher:error" -> ears.complaint(data.word("message"));
        case "pusher:subscription_error" -> ears.out(channel, data.word("error"));
        case "pusher_internal:subscription_succeeded" -> {
          if (ChannelDialect.isPresence(channel)) {
            ears.present(channel, ids(new Value(data.field("presence")).field("ids")));
          }
          ears.in(channel);
        }
        case "pusher_internal:member_added" -> ears.came(channel, id(data.field("user_id")));
        case "pusher_internal:member_removed" -> ears.went(channel, id(data.field("user_id")));
        default -> {
          if (!channel.isEmpty()
              && !event.startsWith("pusher:")
              && !event.startsWith("pusher_internal:")) {
            ears.event(channel, event, data);
          }
        }
      }
    }

    private static List<String> ids(@Nullable Object list) {
      return list instanceof List<?> items ? items.stream().map(Speaker::id).toList() : List.of();
    }

    private static String id(@Nullable Object id) {
      return String.valueOf(id);
    }
  }
}
