package io.fluxy.protocol.pusher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is signed in to an app on this server, and who watches them (contract 2.5).
 *
 * <p>Safe for use by many threads.
 */
final class Users {
  private final Map<String, Set<PusherSocket>> signedIn = new HashMap<>(); // guarded by this
  private final Map<String, Set<PusherSocket>> watching = new HashMap<>(); // by whom they watch

  /** Signs a socket in; its watchers hear of a user that was not there before. */
  synchronized void signIn(PusherSocket socket, String userId, List<String> watchlist) {
    Set<PusherSocket> sockets = signedIn.computeIfAbsent(userId, none -> new LinkedHashSet<>());
    boolean isFirst = sockets.isEmpty();
    sockets.add(socket);
    if (isFirst) {
      tell(userId, "online");
    }
    watchlist.forEach(
        watched -> watching.computeIfAbsent(watched, none -> new LinkedHashSet<>()).add(socket));
    if (!watchlist.isEmpty()) {
      List<String> online = new ArrayList<>();
      List<String> offline = new ArrayList<>();
      watchlist.forEach(each -> (signedIn.containsKey(each) ? online : offline).add(each));
      socket.watchlist(online, offline);
    }
  }

  /** A socket is gone. */
  synchronized void signOut(PusherSocket socket, String userId, List<String> watchlist) {
    watchlist.forEach(watched -> remove(watching, watched, socket));
    if (remove(signedIn, userId, socket)) {
      tell(userId, "offline");
    }
  }

  /** The sockets of one user. */
  synchronized List<PusherSocket> of(String userId) {
    return List.copyOf(signedIn.getOrDefault(userId, Set.of()));
  }

  private void tell(String userId, String what) {
    List<String> whom = List.of(userId);
    for (PusherSocket watcher : watching.getOrDefault(userId, Set.of())) {
      watcher.watchlist(
          what.equals("online") ? whom : List.of(), what.equals("online") ? List.of() : whom);
    }
  }

  /** True if there is none left. */
  private static boolean remove(
      Map<String, Set<PusherSocket>> map, String key, PusherSocket socket) {
    Set<PusherSocket> sockets = map.get(key);
    if (sockets == null || !sockets.remove(socket) || !sockets.isEmpty()) {
      return false;
    }
    map.remove(key);
    return true;
  }
}
