package io.fluxy.connection;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Socket;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections of the engine. One timer looks after all of them: whether they are still there,
 * still read, and whether their token still holds.
 *
 * <p>Safe for use by many threads.
 */
public final class Lines {
  static final long EXPIRY_LEEWAY_MS = 30_000;
  private static final long ROUND_MS = 5_000;
  private static final Logger LOG = LoggerFactory.getLogger(Lines.class);

  private final Scheduler scheduler;
  private final Limits limits;
  private final ConcurrentMap<String, Connection> connections = new ConcurrentHashMap<>(); // by id
  private final ConcurrentMap<UserKey, Integer> perUser = new ConcurrentHashMap<>();
  private volatile Scheduler.Timer round;
  private volatile boolean closing;

  private record UserKey(String project, String userId) {}

  public Lines(Scheduler scheduler, Limits limits) {
    this.scheduler = scheduler;
    this.limits = limits;
    this.round = scheduler.after(ROUND_MS, this::round);
  }

  /** True unless this user already has as many connections as one may have. */
  public boolean hasRoomFor(Identity identity) {
    return perUser.getOrDefault(key(identity), 0) < limits.connectionsPerUserMax();
  }

  /** Opens a connection over a socket. */
  public Connection open(Socket socket, Identity identity, Conversation conversation) {
    String id = new UUID(scheduler.random(), scheduler.random()).toString();
    Connection connection =
        new Connection(this, scheduler, limits, socket, identity, id, conversation);
    connections.put(id, connection);
    perUser.merge(key(identity), 1, Integer::sum);
    try {
      conversation.opened(connection);
    } catch (RuntimeException e) {
      LOG.error("{}: could not be opened", connection, e);
      connection.close(new Farewell(Farewell.Reason.INTERNAL, "internal error"));
    }
    if (closing) {
      connection.close(goingAway());
    }
    return connection;
  }

  /** The connections of one user of a project. */
  public List<Connection> of(String project, String userId) {
    if (!perUser.containsKey(new UserKey(project, userId))) {
      return List.of();
    }
    return connections.values().stream()
        .filter(each -> key(each.identity()).equals(new UserKey(project, userId)))
        .toList();
  }

  /** The connection with this id. */
  public Optional<Connection> find(String id) {
    return Optional.ofNullable(connections.get(id));
  }

  /**
   * How connections fare now.
   *
   * @param waiting of these, have something waiting to be sent
   * @param waitingBytes all together
   */
  public record Load(int connections, int waiting, long waitingBytes) {}

  /** How the connections of a project fare, or of all: looks at each of them. */
  public Load load(@Nullable String project) {
    int count = 0;
    int waiting = 0;
    long bytes = 0;
    for (Connection each : connections.values()) {
      if (project == null || each.identity().project().equals(project)) {
        int queued = each.waitingBytes();
        count++;
        waiting += queued > 0 ? 1 : 0;
        bytes += queued;
      }
    }
    return new Load(count, waiting, bytes);
  }

  /** How many connections there are. */
  public int size() {
    return connections.size();
  }

  /** Ends the connections of which something holds. */
  public void close(Predicate<Connection> which, Farewell farewell) {
    connections.values().stream().filter(which).forEach(each -> each.close(farewell));
  }

  /** Ends all connections, and every one that is opened from now on. */
  public void closeAll() {
    closing = true;
    round.cancel();
    close(connection -> true, goingAway());
  }

  long ticksMs() {
    return scheduler.ticksMs();
  }

  void forget(Connection connection) {
    if (connections.remove(connection.id(), connection)) {
      perUser.computeIfPresent(
          key(connection.identity()), (key, count) -> count == 1 ? null : count - 1);
    }
  }

  private void round() {
    long ticksMs = scheduler.ticksMs();
    long nowMs = scheduler.nowMs();
    connections.values().forEach(connection -> check(connection, ticksMs, nowMs));
    if (!closing) {
      round = scheduler.after(ROUND_MS, this::round);
    }
  }

  private void check(Connection connection, long ticksMs, long nowMs) {
    try {
      connection.check(limits, ticksMs, nowMs);
    } catch (
        RuntimeException e) { // one connection must not keep the others from being looked after
      LOG.error("{}: could not be checked", connection, e);
    }
  }

  private static Farewell goingAway() {
    return new Farewell(Farewell.Reason.GOING_AWAY, "going_away");
  }

  private static UserKey key(Identity identity) {
    return new UserKey(identity.project(), identity.user().id());
  }
}
