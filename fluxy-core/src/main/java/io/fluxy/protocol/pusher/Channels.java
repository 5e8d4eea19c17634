package io.fluxy.protocol.pusher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Who is subscribed to which channel of an app, on this server. No larger than connections times
 * channels per connection.
 *
 * <p>Safe for use by many threads.
 */
final class Channels {
  private final Map<String, Channel> channels = new HashMap<>(); // guarded by this

  private static final class Channel {
    private final Set<Subscription> subscribed = new LinkedHashSet<>();
    private final Map<String, Integer> present = new HashMap<>(0); // users that are in
    private final Map<String, Integer> users = new LinkedHashMap<>(); // reserved seats included

    boolean isEmpty() {
      return subscribed.isEmpty() && users.isEmpty();
    }
  }

  /** Keeps a place for a user of a presence channel; false if it has as many as it may have. */
  synchronized boolean reserve(String channel, String userId, int usersMax) {
    Channel known = channels.computeIfAbsent(channel, none -> new Channel());
    if (known.users.size() >= usersMax && !known.users.containsKey(userId)) {
      return false;
    }
    known.users.merge(userId, 1, Integer::sum);
    return true;
  }

  /** Gives the place back. */
  synchronized void giveBack(String channel, String userId) {
    Channel known = channels.get(channel);
    if (known != null) {
      known.users.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
      forgetIfEmpty(channel, known);
    }
  }

  /**
   * How things are after somebody came or went.
   *
   * @param count how many are in
   * @param ofUser how many of them are this user, in a presence channel
   */
  record Now(int count, int ofUser) {}

  /** Somebody is in. */
  synchronized Now entered(Subscription subscription) {
    Channel known = channels.computeIfAbsent(subscription.channel(), none -> new Channel());
    known.subscribed.add(subscription);
    int ofUser =
        subscription.kind().isPresence()
            ? known.present.merge(subscription.userId(), 1, Integer::sum)
            : 0;
    return new Now(known.subscribed.size(), ofUser);
  }

  /** Somebody is in no more. */
  synchronized Now left(Subscription subscription) {
    Channel known = channels.get(subscription.channel());
    if (known == null) {
      return new Now(0, 0);
    }
    known.subscribed.remove(subscription);
    Integer ofUser =
        known.present.computeIfPresent(
            subscription.userId(), (user, count) -> count == 1 ? null : count - 1);
    forgetIfEmpty(subscription.channel(), known);
    return new Now(known.subscribed.size(), ofUser == null ? 0 : ofUser);
  }

  private void forgetIfEmpty(String channel, Channel known) {
    if (known.isEmpty()) {
      channels.remove(channel);
    }
  }

  synchronized int count(String channel) {
    Channel known = channels.get(channel);
    return known == null ? 0 : known.subscribed.size();
  }

  /** Whoever is subscribed to a channel. */
  synchronized List<Subscription> of(String channel) {
    Channel known = channels.get(channel);
    return known == null ? List.of() : new ArrayList<>(known.subscribed);
  }

  /** Channels with subscribers, by name. */
  synchronized Map<String, Integer> occupied(Predicate<String> which) {
    Map<String, Integer> occupied = new TreeMap<>();
    channels.forEach(
        (name, channel) -> {
          if (!channel.subscribed.isEmpty() && which.test(name)) {
            occupied.put(name, channel.subscribed.size());
          }
        });
    return occupied;
  }
}
