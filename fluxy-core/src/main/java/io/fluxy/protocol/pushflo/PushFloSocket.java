package io.fluxy.protocol.pushflo;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Conversation;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Json;
import io.fluxy.wire.Utf8;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * PushFlo over one socket, which may be in many channels (contract 2). Whatever a client says, it
 * harms nobody else, and an error ends nothing but what it is about.
 */
final class PushFloSocket implements Conversation {
  private static final long MINUTE_MS = 60_000;

  private final LiveApp app;
  private final Credential credential;
  private final Scheduler scheduler;
  private final String id;
  private final Identity anybody;
  private final ConcurrentMap<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private final @Nullable Inheritance inheritance; // null if nobody can be recognised
  private final Cursor cursor;
  private final Reaper reaper;
  private @Nullable Connection connection; // set before anything else happens
  private volatile @Nullable Ending ending;
  private volatile boolean saidGoodbye;
  private volatile long aliveAtTicksMs;

  // For the socket's own calls, one at a time.
  private long minuteAtMs;
  private int frames;
  private long pingedAtMs = -MINUTE_MS;

  private boolean closed; // guarded by this

  PushFloSocket(LiveApp app, Credential credential) {
    this.app = app;
    this.credential = credential;
    this.scheduler = app.services().scheduler();
    String random = Long.toHexString(scheduler.random());
    this.id = "client_" + random;
    User guest = new User("pushflo-" + random, Set.of(Role.GUEST));
    Identity known = credential.identity();
    this.anybody =
        known == null ? new Identity(app.config().project(), guest, Long.MAX_VALUE, null) : known;
    String owner = app.limits().restoreSeconds() > 0 ? credential.resumeKey() : null;
    this.inheritance = owner == null ? null : new Inheritance(this, app, owner);
    this.aliveAtTicksMs = scheduler.ticksMs();
    this.cursor = new Cursor(scheduler, app.limits().cursorPauseMs(), this::mark, this::marked);
    long idleMs = app.limits().idleSeconds() * 1_000L;
    this.reaper = new Reaper(scheduler, idleMs, this::isUnused, this::endUnused);
  }

  LiveApp app() {
    return app;
  }

  /** Unique; shown to the client unless it has a name of its own. */
  String id() {
    return id;
  }

  Identity identity() {
    return anybody;
  }

  Credential credential() {
    return credential;
  }

  /** Whether whoever is behind it can be recognised when it comes back. */
  boolean isResumable() {
    return inheritance != null;
  }

  @Nullable Inheritance inheritance() {
    return inheritance;
  }

  long aliveAtTicksMs() {
    return aliveAtTicksMs;
  }

  @Override
  public void opened(Connection opened) {
    connection = opened;
    String shown = credential.clientId();
    opened.send(PushFloFrames.connected(shown == null ? id : shown, scheduler.nowMs()));
    app.opened(this); // from here on it may inherit
    if (inheritance != null) {
      inheritance.arrived();
    }
    if (!credential.tag().isEmpty() && app.key(credential.tag()).isEmpty()) { // since the handshake
      end(4001, "UNAUTHORIZED", "The key has been revoked");
    }
    reaper.idle();
  }

  private Connection open() {
    if (connection == null) {
      throw new IllegalStateException("not open yet");
    }
    return connection;
  }

  // The end, and what is left behind.

  /** Says why, and closes. */
  void end(int closeCode, String code, String message) {
    ending = Ending.saying(closeCode, code, message);
    open().close(new Farewell(Farewell.Reason.TERMINATED, message));
  }

  @Override
  public int closeCode(Farewell farewell) {
    return ending(farewell).closeCode();
  }

  @Override
  public @Nullable Frames lastWords(Farewell farewell) {
    return ending(farewell).words();
  }

  private synchronized Ending ending(Farewell farewell) {
    Ending known = ending;
    if (known == null) {
      known = Ending.of(farewell);
      ending = known;
    }
    return known;
  }

  @Override
  public void goodbye(int code) {
    saidGoodbye = true;
  }

  @Override
  public void closed(Connection connection) {
    List<Subscription> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(subscriptions.values());
    }
    Map<String, Long> received = new HashMap<>();
    for (Subscription each : left) {
      received.put(each.channel(), each.receivedSeq());
      drop(each);
    }
    app.closed(this);
    if (inheritance != null && wasCut() && !received.isEmpty()) {
      inheritance.leave(received);
    }
  }

  /** Neither did the client want it, nor did we want it to stay away. */
  private boolean wasCut() {
    Ending ours = ending;
    return !saidGoodbye && (ours == null || ours.mayReturn());
  }

  /** Sends a ping with this payload. */
  void ask(byte[] payload) {
    open().send(Frames.ping(payload));
  }

  /** It has not answered. */
  void isSilent() {
    open().close(new Farewell(Farewell.Reason.SILENT, "heartbeat_timeout"));
  }

  // How far the client has received.

  /** A room has told something that counts. */
  void sentMore() {
    if (isResumable()) {
      cursor.moved();
    }
  }

  private void mark(byte[] mark) {
    subscriptions.values().forEach(Subscription::mark);
    ask(mark);
  }

  private void marked() {
    subscriptions.values().forEach(Subscription::marked);
  }

  @Override
  public void pong(Connection connection, ByteBuffer payload) {
    aliveAtTicksMs = scheduler.ticksMs();
    cursor.answered(payload);
    if (inheritance != null) {
      inheritance.answered(payload);
    }
  }

  // What the client says.

  @Override
  public void text(Connection connection, byte[] bytes) {
    aliveAtTicksMs = scheduler.ticksMs();
    if (bytes.length > app.limits().frameBytesMax()) {
      connection.close(
          new Farewell(
              Farewell.Reason.TOO_BIG, "more than " + app.limits().frameBytesMax() + " bytes"));
      return;
    } else if (isTooFast()) {
      end(4029, "RATE_LIMITED", "More than " + app.limits().framesPerMinute() + " frames a minute");
      return;
    }
    Map<String, @Nullable Object> frame;
    try {
      frame = Json.object(bytes);
    } catch (BadJsonException e) {
      if (!Utf8.isValid(bytes)) {
        connection.close(new Farewell(Farewell.Reason.NOT_UTF8, "not UTF-8"));
      } else {
        connection.send(PushFloFrames.error("VALIDATION_ERROR", "Invalid message format", null));
      }
      return;
    }
    String type = frame.get("type") instanceof String text ? text : "";
    switch (type) {
      case "ping" -> pong();
      case "subscribe" -> subscribe(frame.get("channel"));
      case "unsubscribe" -> unsubscribe(frame.get("channel"));
      case "ack" -> {} // what has arrived, pongs prove
      default ->
          connection.send(PushFloFrames.error("VALIDATION_ERROR", "Unknown message type", null));
    }
  }

  private boolean isTooFast() {
    long now = scheduler.ticksMs();
    if (now - minuteAtMs >= MINUTE_MS) {
      minuteAtMs = now;
      frames = 0;
    }
    return ++frames > app.limits().framesPerMinute();
  }

  /** One for each ping, and none else: clients would ping twice as often (contract 2.6). */
  private void pong() {
    long now = scheduler.ticksMs();
    if (now - pingedAtMs < app.limits().pingFloorMs()) {
      app.pingedFast();
    }
    pingedAtMs = now;
    open().send(PushFloFrames.PONG);
  }

  private void subscribe(@Nullable Object named) {
    if (!(named instanceof String channel) || !app.isName(channel)) {
      reject(named, "VALIDATION_ERROR", "A channel's name is " + Slugs.RULE);
      return;
    }
    Subscription known = subscriptions.get(channel);
    if (known != null) {
      known.again();
    } else if (subscriptions.size() >= app.limits().channelsPerConnectionMax()) {
      reject(
          channel,
          "RATE_LIMITED",
          "More than " + app.limits().channelsPerConnectionMax() + " channels of one connection");
    } else {
      begin(channel, Subscription.FROM_HERE);
    }
  }

  /** Begins a subscription, if it may, from where its client has received the channel. */
  void begin(String channel, long receivedSeq) {
    if (credential.grants() != null && !credential.grants().contains(channel)) {
      reject(channel, "FORBIDDEN", "The token is not for this channel");
      return;
    }
    boolean admitted = credential.admitsTo(channel);
    User user = anybody.user();
    Identity as =
        admitted
            ? new Identity(
                anybody.project(),
                new User(user.id(), user.roles(), channel),
                anybody.expiresAtMs(),
                anybody.onlyRoom())
            : anybody;
    Subscription begun =
        new Subscription(this, open(), channel, as, admitted, isSomebody(), receivedSeq);
    synchronized (this) {
      if (closed || subscriptions.putIfAbsent(channel, begun) != null) {
        return;
      }
    }
    begun.begin();
  }

  /** Whether there is a user behind it, whom others may see. */
  private boolean isSomebody() {
    return credential.identity() != null && !anybody.user().isOnlyGuest();
  }

  private void reject(@Nullable Object channel, String code, String message) {
    open().send(PushFloFrames.error(code, message, channel instanceof String text ? text : null));
  }

  private void unsubscribe(@Nullable Object named) {
    if (!(named instanceof String channel)) {
      reject(null, "VALIDATION_ERROR", "unsubscribe needs the name of a channel");
      return;
    }
    Subscription known = subscriptions.get(channel);
    if (known != null) {
      drop(known);
    }
    open().send(PushFloFrames.unsubscribed(channel));
  }

  /** Ends a subscription; false if it is over already. */
  boolean drop(Subscription subscription) {
    if (!subscriptions.remove(subscription.channel(), subscription)) {
      return false;
    }
    subscription.end();
    if (subscriptions.isEmpty()) {
      reaper.idle();
    }
    return true;
  }

  private synchronized boolean isUnused() {
    return !closed && subscriptions.isEmpty();
  }

  private void endUnused() {
    end(4008, "CONNECTION_CLOSED", "No subscription for " + app.limits().idleSeconds() + " s");
  }
}
