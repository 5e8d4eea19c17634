package io.fluxy.protocol.pusher;

import io.fluxy.chat.Names;
import io.fluxy.protocol.KeySignature;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A project as Pusher's clients know it: an app id, keys and secrets. Its channels are the
 * project's rooms.
 *
 * <pre>{@code
 * Fluxy.builder()
 *     .project(Project.named("shop"))
 *     .protocol(new PusherChannels(PusherApp.of("4242", "shop", key, secret)))
 * }</pre>
 *
 * @param id the app id, as server libraries have it: 1 to 128 of letters, digits, {@code _ -}
 * @param project whose rooms the channels are
 * @param keys at least one; the first signs what the app signs itself
 * @param clientEvents whether clients may send events to private and presence channels
 * @param subscriptionCounts whether subscribers are told how many they are, and publishers who ask
 * @param signedOnly whether a socket has to sign in or join a signed channel within 30 s
 * @param strict whether clients that do not say which protocol and version they speak are refused
 * @param origins pages that may connect, such as {@code https://*.example.org}; empty for any
 * @param webhooks who is told what happens in the channels
 * @param listeners the host's own code that hears what webhooks are told
 * @param histories which channels keep what was published to them; none, unless it is said here
 */
public record PusherApp(
    String id,
    String project,
    List<Key> keys,
    boolean clientEvents,
    boolean subscriptionCounts,
    boolean signedOnly,
    boolean strict,
    List<String> origins,
    PusherLimits limits,
    List<Webhook> webhooks,
    List<PusherHistory> histories,
    List<ChannelNotice.Listener> listeners) {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if an id is no good id, there is no key, or one comes twice
   */
  public PusherApp {
    if (!Names.isId(id)) {
      throw new IllegalArgumentException(
          "app id must be 1-128 letters, digits, _ or -: " + Names.shown(id));
    }
    keys = List.copyOf(keys);
    origins = List.copyOf(origins);
    webhooks = List.copyOf(webhooks);
    histories = List.copyOf(histories);
    listeners = List.copyOf(listeners);
    if (keys.isEmpty() || keys.stream().map(Key::key).distinct().count() < keys.size()) {
      throw new IllegalArgumentException("app " + id + ": needs keys, each of them once");
    }
    if (histories.stream().map(PusherHistory::prefix).distinct().count() < histories.size()) {
      throw new IllegalArgumentException("app " + id + ": two histories of one prefix");
    }
  }

  /** A key that clients show, and the secret that signs. */
  public record Key(String key, String secret) {
    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if the key has other characters than letters, digits, {@code
     *     _ -}, or the secret is empty
     */
    public Key {
      if (!Names.isId(key) || secret.isEmpty()) {
        throw new IllegalArgumentException("no good key or secret: " + Names.shown(key));
      }
    }

    /** Does not show the secret. */
    @Override
    public String toString() {
      return "Key[" + key + "]";
    }
  }

  /**
   * Who is told what happens: signed with the app's first key, in batches, at least once.
   *
   * @param url by https, unless the engine's builder says otherwise
   * @param events {@code channel_occupied}, {@code channel_vacated}, {@code member_added}, {@code
   *     member_removed}, {@code client_event}, {@code cache_miss}, {@code subscription_count}
   */
  public record Webhook(String url, Set<String> events) {
    /** All there are. */
    public static final Set<String> EVENTS =
        Set.of(
            "channel_occupied",
            "channel_vacated",
            "member_added",
            "member_removed",
            "client_event",
            "cache_miss",
            "subscription_count");

    /**
     * Checks the events.
     *
     * @throws IllegalArgumentException if there is one we don't know
     */
    public Webhook {
      events = Set.copyOf(events);
      if (!EVENTS.containsAll(events)) {
        throw new IllegalArgumentException("no such webhook events: " + events);
      }
    }
  }

  /** An app with one key and every default: client events on, counts off, no history. */
  public static PusherApp of(String id, String project, String key, String secret) {
    return new PusherApp(
        id,
        project,
        List.of(new Key(key, secret)),
        true,
        false,
        false,
        false,
        List.of(),
        PusherLimits.defaults(),
        List.of(),
        List.of(),
        List.of());
  }

  /** What is to be different. */
  private final class Change {
    private List<Key> newKeys = keys;
    private boolean newClientEvents = clientEvents;
    private boolean newCounts = subscriptionCounts;
    private boolean newSignedOnly = signedOnly;
    private boolean newStrict = strict;
    private List<String> newOrigins = origins;
    private PusherLimits newLimits = limits;
    private List<Webhook> newWebhooks = webhooks;
    private List<PusherHistory> newHistories = histories;
    private List<ChannelNotice.Listener> newListeners = listeners;
  }

  private PusherApp with(Consumer<Change> changing) {
    Change to = new Change();
    changing.accept(to);
    return new PusherApp(
        id,
        project,
        to.newKeys,
        to.newClientEvents,
        to.newCounts,
        to.newSignedOnly,
        to.newStrict,
        to.newOrigins,
        to.newLimits,
        to.newWebhooks,
        to.newHistories,
        to.newListeners);
  }

  private static <T> List<T> and(List<T> all, T more) {
    List<T> longer = new ArrayList<>(all);
    longer.add(more);
    return longer;
  }

  /** The same with one more key. */
  public PusherApp key(String key, String secret) {
    return with(to -> to.newKeys = and(keys, new Key(key, secret)));
  }

  /** The same with or without client events. */
  public PusherApp clientEvents(boolean allowed) {
    return with(to -> to.newClientEvents = allowed);
  }

  /** The same with or without subscription counts. */
  public PusherApp subscriptionCounts(boolean told) {
    return with(to -> to.newCounts = told);
  }

  /** The same, where a socket has to prove something within 30 s or not. */
  public PusherApp signedOnly(boolean required) {
    return with(to -> to.newSignedOnly = required);
  }

  /** The same, strict about what clients say of themselves or not. */
  public PusherApp strict(boolean strictly) {
    return with(to -> to.newStrict = strictly);
  }

  /** The same for pages of these origins; a {@code *} stands for any characters. */
  public PusherApp origins(List<String> allowed) {
    return with(to -> to.newOrigins = allowed);
  }

  /** The same within other bounds. */
  public PusherApp limits(PusherLimits bounds) {
    return with(to -> to.newLimits = bounds);
  }

  /** The same with one more webhook. */
  public PusherApp webhook(Webhook more) {
    return with(to -> to.newWebhooks = and(webhooks, more));
  }

  /** The same with one more listener, which hears all that webhooks could be told. */
  public PusherApp listener(ChannelNotice.Listener more) {
    return with(to -> to.newListeners = and(listeners, more));
  }

  /** The same with a history of some channels, or of all. */
  public PusherApp history(PusherHistory rule) {
    return with(to -> to.newHistories = and(histories, rule));
  }

  /** What is kept of a channel: the rule with the longest prefix says so. Null for nothing. */
  @Nullable PusherHistory historyOf(String channel) {
    PusherHistory longest = null;
    for (PusherHistory rule : histories) {
      if (channel.startsWith(rule.prefix())
          && (longest == null || rule.prefix().length() > longest.prefix().length())) {
        longest = rule;
      }
    }
    return longest == null || longest.keepsNothing() ? null : longest;
  }

  // What a host's own code signs.

  /**
   * What an application answers when a client asks whether it may subscribe to a private channel.
   *
   * @param socketId of the client's connection
   * @return JSON to answer with status 200
   */
  public String authorize(String socketId, String channel) {
    return authorized(socketId, channel, null);
  }

  /**
   * The same for a presence channel, and for any other whose signature is to cover data.
   *
   * @param channelData a JSON object; for a presence channel with {@code user_id}, and {@code
   *     user_info} if others are to see it
   */
  public String authorize(String socketId, String channel, String channelData) {
    return authorized(socketId, channel, channelData);
  }

  /**
   * What an application answers when a client asks to be signed in.
   *
   * @param userData a JSON object with {@code id}, and {@code user_info} and {@code watchlist} if
   *     there are any
   */
  public String authenticate(String socketId, String userData) {
    String auth = sign(socketId + "::user::" + userData);
    return text(
        json -> {
          json.writeStartObject();
          json.writeStringField("auth", auth);
          json.writeStringField("user_data", userData);
          json.writeEndObject();
        });
  }

  /**
   * The key to an encrypted channel, which goes into an application's answer as {@code
   * shared_secret} and nowhere else: never to this server.
   *
   * @param masterKey 32 bytes
   */
  public static String sharedSecret(String channel, byte[] masterKey) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(channel.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sha256.digest(masterKey));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private String authorized(String socketId, String channel, @Nullable String channelData) {
    String auth = sign(signed(socketId, channel, channelData));
    return text(
        json -> {
          json.writeStartObject();
          json.writeStringField("auth", auth);
          if (channelData != null) {
            json.writeStringField("channel_data", channelData);
          }
          json.writeEndObject();
        });
  }

  // What clients and servers have signed.

  Optional<Key> find(String key) {
    return keys.stream().filter(each -> each.key().equals(key)).findFirst();
  }

  /** The text behind the signature of a subscription. */
  static String signed(String socketId, String channel, @Nullable String channelData) {
    return socketId + ":" + channel + (channelData == null ? "" : ":" + channelData);
  }

  /** Whether {@code key:hex} is the signature of a text by one of the app's keys. */
  boolean isSigned(@Nullable String auth, String text) {
    return KeySignature.parse(auth)
        .filter(
            shown -> find(shown.key()).filter(key -> shown.isOf(key.secret(), text)).isPresent())
        .isPresent();
  }

  private String sign(String text) {
    Key first = keys.get(0);
    return KeySignature.of(first.key(), first.secret(), text).toString();
  }

  /** Whether a page may connect. */
  boolean allows(Optional<String> origin) {
    return origins.isEmpty()
        || origin.isEmpty()
        || origins.stream().anyMatch(pattern -> fits(pattern, origin.get()));
  }

  private static boolean fits(String pattern, String origin) {
    String[] parts = pattern.split("\\*", -1);
    int at = parts[0].length();
    if (parts.length == 1) {
      return pattern.equals(origin);
    } else if (!origin.startsWith(parts[0])) {
      return false;
    }
    for (int i = 1; i < parts.length - 1; i++) {
      int found = origin.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    String last = parts[parts.length - 1];
    return origin.length() - last.length() >= at && origin.endsWith(last);
  }

  private static String text(Json.Writing json) {
    return new String(Json.bytes(json), StandardCharsets.UTF_8);
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "PusherApp[" + id + ", " + project + ", " + keys + "]";
  }

  /** The value of a field, if it is a string. */
  static Optional<String> text(Map<String, ?> fields, String name) {
    return fields.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
