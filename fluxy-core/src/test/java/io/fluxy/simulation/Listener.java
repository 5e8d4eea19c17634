package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.room.Member;
import io.fluxy.room.RoomRegistry;
import io.fluxy.wire.Delivery;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A member in the host's own code: always hears, unless it throws. */
final class Listener implements Member {
  private final World world;
  private final Node node;
  private final User user;
  private final String name;
  private RoomRegistry.@Nullable Lease lease;
  private @Nullable RoomId room;
  private boolean gone;
  private long heard;

  Listener(World world, Node node, User user, String name) {
    this.world = world;
    this.node = node;
    this.user = user;
    this.name = name;
  }

  /** Comes back to a room, having heard what another has. */
  void rejoin(RoomRegistry.Lease held, RoomId where, Listener before) {
    lease = held;
    room = where;
    heard = before.heard;
    held.room().rejoin(this, heard, 3, false);
  }

  boolean isGoneFrom(RoomId where, User who) {
    return gone && heard > 0 && where.equals(room) && user.equals(who);
  }

  void join(RoomRegistry.Lease held, RoomId where) {
    lease = held;
    room = where;
    held.room().join(this, 3, false);
  }

  void leave() {
    if (lease != null && !gone) {
      gone = true;
      lease.room().leave(this);
      lease.release();
    }
  }

  @Override
  public String id() {
    return name;
  }

  @Override
  public User user() {
    return user;
  }

  @Override
  public Map<String, String> info() {
    return Map.of("name", name);
  }

  @Override
  public boolean hear(Delivery delivery) {
    if (!world.weather().calm && world.dice().percent(world.weather().poison)) {
      world.tally().saw(Sometimes.MEMBER_THREW);
      throw new IllegalStateException("planned: " + name + " does not like this");
    }
    for (Event event : delivery.events()) {
      if (event instanceof Event.Durable durable) {
        heard = durable.seq();
      }
    }
    return true;
  }

  @Override
  public void part(Farewell farewell) {
    leave();
  }

  void checkAtTheEnd() {
    RoomId where = room;
    if (!gone && node.isAlive() && where != null && heard > 0) {
      world
          .judge()
          .check(
              heard == world.truth().log(where).head(),
              "I13",
              () -> name + " has heard up to " + heard + " of " + world.truth().log(where).head());
    }
  }
}
