package io.fluxy.protocol.pusher;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Conversation;
import io.fluxy.connection.Seated;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Json;
import io.fluxy.wire.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Pusher over one socket, which may be in many channels (contract 1, 2). Whatever a client says, it
 * harms nobody else, and an error ends nothing but what it is about.
 */
final class PusherSocket implements Conversation {
  private static final int SIGN_IN_MS = 30_000;
  private static final int REASON_BYTES_MAX = 123;

  private final LiveApp app;
  private final String socketId;
  private final Identity anonymous;
  private final ConcurrentMap<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private @Nullable Connection connection; // set before anything else happens
  private volatile int endCode;
  private volatile boolean proven; // by a signature
  private volatile @Nullable SignedIn signedIn;
  private volatile boolean hearsUser;
  private boolean closed;
  private long second;
  private int clientEvents;

  /**
   * Whoever has signed in.
   *
   * @param info as channels show it: JSON
   */
  private record SignedIn(String userId, @Nullable String info, List<String> watchlist) {}

  PusherSocket(LiveApp app) {
    this.app = app;
    Scheduler scheduler = app.services().scheduler();
    this.socketId = number(scheduler.random()) + "." + number(scheduler.random());
    this.anonymous =
        new Identity(
            app.config().project(), guest(socketId.replace('.', '-')), Long.MAX_VALUE, null);
  }

  private static User guest(String name) {
    return new User("pusher-" + name, Set.of(Role.GUEST));
  }

  private static long number(long random) {
    return (random >>> 31) + 1;
  }

  LiveApp app() {
    return app;
  }

  String socketId() {
    return socketId;
  }

  Identity identity() {
    return anonymous;
  }

  @Override
  public void opened(Connection opened) {
    connection = opened;
    app.opened(this);
    opened.send(PusherFrames.established(socketId, app.limits().activityTimeoutSeconds()));
    if (app.config().signedOnly()) {
      app.services()
          .scheduler()
          .after(
              SIGN_IN_MS,
              () -> {
                if (!proven) {
                  end(4009, "Connection not authorized within timeout");
                }
              });
    }
    if (!app.isEnabled()) { // since the handshake
      end(4003, "The app is disabled");
    }
  }

  @Override
  public void closed(Connection connection) {
    List<Subscription> left;
    SignedIn user;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(subscriptions.values());
      user = signedIn;
    }
    left.forEach(this::drop);
    if (user != null) {
      app.users().signOut(this, user.userId(), user.watchlist());
    }
    app.closed(this);
  }

  /** Says why, and closes with the same code. */
  void end(int code, String message) {
    endCode = code;
    open().close(new Farewell(Farewell.Reason.TERMINATED, cut(message)));
  }

  private Connection open() {
    if (connection == null) {
      throw new IllegalStateException("not open yet");
    }
    return connection;
  }

  private static String cut(String message) {
    return message.length() <= REASON_BYTES_MAX ? message : message.substring(0, REASON_BYTES_MAX);
  }

  @Override
  public int closeCode(Farewell farewell) {
    if (endCode != 0) {
      return endCode;
    }
    return switch (farewell.reason()) {
      case NORMAL -> 1000;
      case GOING_AWAY -> 4200;
      case TERMINATED, EXPIRED, FORBIDDEN -> 4009;
      case SLOW -> 4100;
      case SILENT -> 4201;
      case PROTOCOL_ERROR -> 1002;
      case NOT_UTF8 -> 1007;
      case TOO_BIG -> 1009;
      case INTERNAL -> 1011;
    };
  }

  @Override
  public @Nullable Frames lastWords(Farewell farewell) {
    int code = closeCode(farewell);
    return code < 4000 ? null : PusherFrames.error(code, words(farewell));
  }

  private static String words(Farewell farewell) {
    return switch (farewell.reason()) {
      case GOING_AWAY -> "Server is going away, connect again";
      case SILENT -> "Pong reply not received in time";
      default -> farewell.detail();
    };
  }

  @Override
  public void text(Connection connection, byte[] bytes) {
    Map<String, @Nullable Object> frame;
    try {
      frame = Json.object(bytes);
    } catch (BadJsonException e) {
      if (!Utf8.isValid(bytes)) {
        connection.close(new Farewell(Farewell.Reason.NOT_UTF8, "not UTF-8"));
      } else {
        complain("Invalid message: " + e.getMessage());
      }
      return;
    }
    String event = PusherApp.text(frame, "event").orElse("");
    switch (event) {
      case "pusher:ping" -> connection.send(PusherFrames.PONG);
      case "pusher:pong" -> {} // any word is a sign of life
      case "pusher:subscribe" -> subscribe(fields(frame));
      case "pusher:unsubscribe" -> unsubscribe(fields(frame));
      case "pusher:signin" -> signIn(fields(frame));
      default -> {
        if (event.startsWith(ChannelCodec.CLIENT_EVENT)) {
          clientEvent(event, frame);
        } else {
          complain("No such event for clients: " + Names.shown(event));
        }
      }
    }
  }

  private void complain(String message) {
    open().send(PusherFrames.error(null, message));
  }

  @SuppressWarnings("unchecked") // JSON has no other maps
  private static Map<String, @Nullable Object> fields(Map<String, @Nullable Object> frame) {
    return frame.get("data") instanceof Map<?, ?> fields
        ? (Map<String, @Nullable Object>) fields
        : Map.of();
  }

  // Subscriptions.

  private void subscribe(Map<String, @Nullable Object> data) {
    Optional<String> named = PusherApp.text(data, "channel");
    if (named.isEmpty()) {
      complain("pusher:subscribe needs data with the name of a channel");
      return;
    }
    String channel = named.get();
    ChannelKind kind = ChannelKind.of(channel);
    String channelData = PusherApp.text(data, "channel_data").orElse(null);
    Subscription known = subscriptions.get(channel);
    if (kind == ChannelKind.USER) {
      subscribeToUser(channel);
    } else if (!ChannelKind.isName(channel, app.limits().channelNameCharsMax())) {
      reject(
          channel,
          "InvalidChannel",
          "A channel's name has at most "
              + app.limits().channelNameCharsMax()
              + " letters, digits or _ - = @ , . ;",
          400);
    } else if (kind.isSigned() && !proves(channel, data, channelData)) {
      reject(channel, "AuthError", unsigned(channel, data, channelData), 401);
    } else if (known != null) {
      again(known);
    } else if (subscriptions.size() >= app.limits().channelsPerConnectionMax()) {
      reject(
          channel,
          "LimitReached",
          "More than " + app.limits().channelsPerConnectionMax() + " channels of one connection",
          400);
    } else if (kind.isPresence()) {
      subscribeAsUser(channel, kind, channelData);
    } else {
      begin(channel, kind, channelUser(channel, kind, anonymous.user().id()), Map.of());
    }
  }

  private boolean proves(
      String channel, Map<String, @Nullable Object> data, @Nullable String channelData) {
    String auth = PusherApp.text(data, "auth").orElse(null);
    boolean signed = app.config().isSigned(auth, PusherApp.signed(socketId, channel, channelData));
    proven |= signed;
    return signed;
  }

  private String unsigned(
      String channel, Map<String, @Nullable Object> data, @Nullable String channelData) {
    String auth = PusherApp.text(data, "auth").orElse("");
    return "Invalid signature: Expected HMAC SHA256 hex digest of "
        + Names.shown(PusherApp.signed(socketId, channel, channelData))
        + ", but got "
        + Names.shown(auth.substring(auth.indexOf(':') + 1));
  }

  /** Who hears a channel: a signature lets in, whoever is a member of the room. */
  private User channelUser(String channel, ChannelKind kind, String userId) {
    return new User(userId, Set.of(Role.GUEST), kind.isSigned() ? channel : null);
  }

  private void subscribeAsUser(String channel, ChannelKind kind, @Nullable String channelData) {
    PusherLimits limits = app.limits();
    Map<String, String> info = new LinkedHashMap<>();
    String userId;
    SignedIn user = signedIn;
    if (channelData == null && user != null) {
      userId = user.userId();
      if (user.info() != null) {
        info.put(ChannelCodec.USER_INFO, user.info());
      }
    } else {
      Map<String, @Nullable Object> fields = channelData == null ? null : Data.object(channelData);
      Object id = fields == null ? null : fields.get("user_id");
      if (channelData != null
          && channelData.getBytes(StandardCharsets.UTF_8).length > limits.presenceUserBytesMax()) {
        String tooLong = "channel_data has more than " + limits.presenceUserBytesMax() + " bytes";
        reject(channel, "LimitReached", tooLong, 413);
        return;
      } else if (fields == null || !(id instanceof String || id instanceof Number)) {
        reject(
            channel, "InvalidChannelData", "channel_data needs a user_id, a string or number", 400);
        return;
      }
      userId = id instanceof String text ? text : Json.text(id);
      if (id instanceof Number) {
        info.put(ChannelCodec.USER_ID, userId);
      }
      if (fields.get("user_info") != null) {
        info.put(ChannelCodec.USER_INFO, Json.text(fields.get("user_info")));
      }
    }
    String inRoom = UserId.inRoom(userId);
    if (userId.isEmpty() || userId.length() > limits.userIdCharsMax() || !Names.isId(inRoom)) {
      String bad = "user_id must have 1 to " + limits.userIdCharsMax() + " characters";
      reject(channel, "InvalidChannelData", bad, 400);
    } else if (!app.channels().reserve(channel, inRoom, limits.presenceUsersMax())) {
      String full = "More than " + limits.presenceUsersMax() + " users in a presence channel";
      reject(channel, "LimitReached", full, 4004);
    } else if (!begin(channel, kind, channelUser(channel, kind, inRoom), info)) {
      app.channels().giveBack(channel, inRoom);
    }
  }

  private boolean begin(String channel, ChannelKind kind, User user, Map<String, String> info) {
    Identity as = new Identity(app.config().project(), user, Long.MAX_VALUE, channel);
    Subscription begun = new Subscription(this, open(), channel, kind, as, info);
    synchronized (this) {
      if (closed) {
        return false;
      }
      subscriptions.put(channel, begun);
    }
    app.services()
        .gate()
        .allows(as, app.room(channel), new Command.Enter(kind.isSigned()))
        .whenComplete(
            (allowed, failure) -> {
              if (allowed != null && allowed) {
                begun.begin();
              } else if (drop(begun)) {
                reject(channel, "AuthError", "The host does not allow it", 403);
              }
            });
    return true;
  }

  /** Whoever is in already hears the same once more (contract 2.2). */
  private void again(Subscription known) {
    Seated seat = known.seat();
    String success = "pusher_internal:subscription_succeeded";
    if (seat == null) {
      return; // it is on its way
    } else if (!known.kind().isPresence()) {
      open().send(PusherFrames.frame(success, known.channel(), "{}"));
      return;
    }
    seat.room()
        .look(seat.user())
        .thenAccept(
            view ->
                open()
                    .send(
                        PusherFrames.frame(
                            success, known.channel(), ChannelCodec.presence(view.present()))))
        .exceptionally(failure -> null); // it has been let go meanwhile, and was told
  }

  private void unsubscribe(Map<String, @Nullable Object> data) {
    Optional<String> channel = PusherApp.text(data, "channel");
    if (channel.isEmpty()) {
      complain("pusher:unsubscribe needs data with the name of a channel");
      return;
    }
    SignedIn user = signedIn;
    if (user != null && channel.get().equals(ChannelKind.USER_PREFIX + user.userId())) {
      hearsUser = false;
    }
    Subscription known = subscriptions.get(channel.get());
    if (known != null) {
      drop(known);
    }
  }

  private void reject(String channel, String type, String message, int status) {
    open().send(PusherFrames.subscriptionError(channel, type, message, status));
  }

  /** Ends a subscription; false if it is over already. */
  boolean drop(Subscription subscription) {
    if (!subscriptions.remove(subscription.channel(), subscription)) {
      return false;
    }
    boolean was = subscription.end();
    if (subscription.kind().isPresence()) {
      app.channels().giveBack(subscription.channel(), subscription.userId());
    }
    if (was) {
      app.left(subscription);
    }
    return true;
  }

  // Client events.

  private void clientEvent(String event, Map<String, @Nullable Object> frame) {
    PusherLimits limits = app.limits();
    String channel = PusherApp.text(frame, "channel").orElse("");
    Subscription known = subscriptions.get(channel);
    Seated seat = known == null ? null : known.seat();
    if (!app.config().clientEvents()) {
      complain("Client events are not enabled for this app");
    } else if (event.length() > limits.eventNameCharsMax()) {
      complain("Event name has more than " + limits.eventNameCharsMax() + " characters");
    } else if (!ChannelKind.of(channel).isSigned()) {
      complain("Client events are for private and presence channels only");
    } else if (known == null || seat == null) {
      complain("Client event rejected: not subscribed to " + Names.shown(channel));
    } else if (Data.bytes(frame.get("data")) > limits.eventDataBytesMax()) {
      complain("Event data has more than " + limits.eventDataBytesMax() + " bytes");
    } else if (isTooFast(limits.clientEventsPerSecond())) {
      String tooFast =
          "More than " + limits.clientEventsPerSecond() + " client events a second, not sent";
      open().send(PusherFrames.error(4301, tooFast));
    } else {
      Object data = frame.containsKey("data") ? frame.get("data") : "";
      String json = Json.text(data);
      seat.askUncounted(new Command.Whisper(event, json));
      app.notices().clientEvent(known, event, json, socketId);
    }
  }

  private boolean isTooFast(int perSecond) {
    long now = app.services().scheduler().ticksMs() / 1_000;
    if (now != second) {
      second = now;
      clientEvents = 0;
    }
    return ++clientEvents > perSecond;
  }

  // Users.

  private void signIn(Map<String, @Nullable Object> data) {
    PusherLimits limits = app.limits();
    Optional<String> userData = PusherApp.text(data, "user_data");
    String auth = PusherApp.text(data, "auth").orElse(null);
    Map<String, @Nullable Object> fields = userData.map(Data::object).orElse(null);
    String userId = fields == null ? "" : PusherApp.text(fields, "id").orElse("");
    SignedIn before = signedIn;
    if (userData.isEmpty()
        || !app.config().isSigned(auth, socketId + "::user::" + userData.get())) {
      refuseSignIn("the signature is not that of " + socketId + "::user::<user_data>");
    } else if (fields == null || userId.isEmpty() || userId.length() > limits.userIdCharsMax()) {
      refuseSignIn("user_data needs an id of 1 to " + limits.userIdCharsMax() + " characters");
    } else if (before != null && !before.userId().equals(userId)) {
      refuseSignIn("this connection is signed in as somebody else");
    } else if (before == null) {
      List<String> watchlist = watchlist(fields);
      boolean cut = watchlist.size() > limits.watchlistMax();
      Object info = fields.get("user_info");
      SignedIn user =
          new SignedIn(
              userId,
              info == null ? null : Json.text(info),
              List.copyOf(cut ? watchlist.subList(0, limits.watchlistMax()) : watchlist));
      proven = true;
      signedIn = user;
      signedIn(userData.get());
      if (cut) {
        String longer =
            "Watchlist has more than " + limits.watchlistMax() + " users, others ignored";
        open().send(PusherFrames.error(4302, longer));
      }
      app.users().signIn(this, userId, user.watchlist());
    } else {
      signedIn(userData.get());
    }
  }

  private void signedIn(String userData) {
    String data =
        PusherFrames.text(
            json -> {
              json.writeStartObject();
              json.writeStringField("user_data", userData);
              json.writeEndObject();
            });
    open().send(PusherFrames.frame("pusher:signin_success", null, data));
  }

  private void refuseSignIn(String why) {
    open().send(PusherFrames.error(4009, "Sign-in failed: " + why));
  }

  private static List<String> watchlist(Map<String, @Nullable Object> fields) {
    Set<String> watchlist = new LinkedHashSet<>();
    if (fields.get("watchlist") instanceof List<?> ids) {
      ids.forEach(
          id -> {
            if (id instanceof String text) {
              watchlist.add(text);
            }
          });
    }
    return List.copyOf(watchlist);
  }

  private void subscribeToUser(String channel) {
    SignedIn user = signedIn;
    if (user == null || !channel.equals(ChannelKind.USER_PREFIX + user.userId())) {
      reject(channel, "AuthError", "Not signed in as this user", 401);
      return;
    }
    hearsUser = true;
    open().send(PusherFrames.frame("pusher_internal:subscription_succeeded", channel, "{}"));
  }

  /** What is for the user, if this socket wants to hear it. */
  void tellUser(Frames frames) {
    if (hearsUser) {
      open().send(frames);
    }
  }

  /** Who of those it watches is there, and who is not. */
  void watchlist(List<String> online, List<String> offline) {
    Map<String, List<String>> events = new LinkedHashMap<>();
    events.put("online", online);
    events.put("offline", offline);
    String data =
        PusherFrames.text(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("events");
              for (Map.Entry<String, List<String>> event : events.entrySet()) {
                if (!event.getValue().isEmpty()) {
                  json.writeStartObject();
                  json.writeStringField("name", event.getKey());
                  json.writeArrayFieldStart("user_ids");
                  for (String userId : event.getValue()) {
                    json.writeString(userId);
                  }
                  json.writeEndArray();
                  json.writeEndObject();
                }
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    open().send(PusherFrames.frame("pusher_internal:watchlist_events", null, data));
  }
}
