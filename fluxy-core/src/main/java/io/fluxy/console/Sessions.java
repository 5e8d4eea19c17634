package io.fluxy.console;

import io.fluxy.http.ApiRequest;
import io.fluxy.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in. A session is a random word in a cookie that no script reads and no other site
 * sends; here only its hash is kept. The cookie has no path of its own, so browsers send it to the
 * console's API and nowhere else, wherever the engine is mounted.
 *
 * <p>Safe for use by many threads.
 */
final class Sessions {
  private static final String COOKIE = "fluxy_console";

  private final Scheduler scheduler;
  private final ConsoleLimits limits;
  private final Map<String, Session> byHash = new HashMap<>(); // guarded by this

  Sessions(Scheduler scheduler, ConsoleLimits limits) {
    this.scheduler = scheduler;
    this.limits = limits;
  }

  /** An operator who is signed in. */
  static final class Session {
    private final ConsoleOperator operator;
    private final long sinceTicksMs;
    private long usedTicksMs; // guarded by the sessions

    private Session(ConsoleOperator operator, long ticksMs) {
      this.operator = operator;
      this.sinceTicksMs = ticksMs;
      this.usedTicksMs = ticksMs;
    }

    ConsoleOperator operator() {
      return operator;
    }
  }

  /** Begins a session; the value of its {@code Set-Cookie}. */
  String begin(ConsoleOperator operator, ApiRequest request) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      word.append(HexFormat.of().toHexDigits(scheduler.random()));
    }
    synchronized (this) {
      byHash.values().removeIf(session -> !isAlive(session));
      if (byHash.size() >= limits.sessionsMax()) {
        byHash.entrySet().stream()
            .min(Comparator.comparingLong(each -> each.getValue().usedTicksMs))
            .map(Map.Entry::getKey)
            .ifPresent(byHash::remove);
      }
      byHash.put(hash(word.toString()), new Session(operator, scheduler.ticksMs()));
    }
    return cookie(word.toString(), limits.sessionMs() / 1_000, request);
  }

  /** Ends the session behind a request; the value of the {@code Set-Cookie} that forgets it. */
  synchronized String end(ApiRequest request) {
    word(request).ifPresent(word -> byHash.remove(hash(word)));
    return cookie("", 0, request);
  }

  /** The session behind a request, if it has not ended; it is used by this. */
  synchronized Optional<Session> of(ApiRequest request) {
    Optional<String> hash = word(request).map(Sessions::hash);
    Optional<Session> session = hash.map(byHash::get);
    if (session.isPresent() && !isAlive(session.get())) {
      byHash.remove(hash.get());
      return Optional.empty();
    }
    session.ifPresent(found -> found.usedTicksMs = scheduler.ticksMs());
    return session;
  }

  private boolean isAlive(Session session) {
    long ticksMs = scheduler.ticksMs();
    return ticksMs - session.usedTicksMs < limits.sessionIdleMs()
        && ticksMs - session.sinceTicksMs < limits.sessionMs();
  }

  private static Optional<String> word(ApiRequest request) {
    for (String pair : request.header("Cookie").orElse("").split("[;,]", 100)) {
      String[] parts = pair.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equals(COOKIE) && parts[1].length() == 64) {
        return Optional.of(parts[1]);
      }
    }
    return Optional.empty();
  }

  private static String cookie(String word, long seconds, ApiRequest request) {
    return COOKIE
        + "="
        + word
        + "; Max-Age="
        + seconds
        + "; HttpOnly; SameSite=Strict"
        + (isOnThisMachine(request) ? "" : "; Secure");
  }

  /** Only then nothing travels in the open that is not said to be secure. */
  private static boolean isOnThisMachine(ApiRequest request) {
    String host = request.header("Host").orElse("");
    String peer = request.peer();
    boolean direct =
        request.header("X-Forwarded-Proto").isEmpty()
            && request.header("X-Forwarded-For").isEmpty();
    int port = host.lastIndexOf(':');
    String name = host.endsWith("]") || port < 0 ? host : host.substring(0, port);
    return direct
        && (peer.startsWith("127.") || peer.equals("::1") || peer.equals("0:0:0:0:0:0:0:1"))
        && (name.equals("localhost") || name.equals("127.0.0.1") || name.equals("[::1]"));
  }

  private static String hash(String word) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(word.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
