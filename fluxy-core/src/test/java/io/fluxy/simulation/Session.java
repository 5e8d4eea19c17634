package io.fluxy.simulation;

import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a client has heard of one room over one socket. */
final class Session {
  private static final int PAUSE_MS = 500;

  private final World world;
  private final RoomId room;
  private final String userId;
  private final boolean visible;
  private final Map<String, Integer> asked; // by client id, over the whole socket
  private final Map<String, Integer> answered;
  private final Map<Send, Integer> order = new LinkedHashMap<>();
  private final Set<String> arrived = new HashSet<>();
  private final Set<String> left = new HashSet<>();
  private final Set<String> whispers = new HashSet<>(); // its own, and those it has heard
  private long heard;
  private boolean welcome;
  private boolean over;
  private int connections = -1;
  private String present = "";
  private boolean slow;
  private long arrivedAtMs = Long.MAX_VALUE;

  /**
   * @param before the session of the same room before this one, on the same socket
   */
  Session(World world, RoomId room, String userId, boolean visible, @Nullable Session before) {
    this.world = world;
    this.room = room;
    this.userId = userId;
    this.visible = visible;
    this.asked = before == null ? new HashMap<>() : before.asked;
    this.answered = before == null ? new HashMap<>() : before.answered;
    this.slow =
        world.weather().limits.outboxBytesMax() < 10_000
            || world.weather().hostDecides; // whoever is asked about is held up
  }

  RoomId room() {
    return room;
  }

  String userId() {
    return userId;
  }

  boolean isVisible() {
    return visible;
  }

  boolean isWelcome() {
    return welcome && !over;
  }

  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  void asks(Send send) {
    send.sent();
    order.put(send, send.times());
    if (send.clientId() != null) {
      asked.merge(send.clientId(), 1, Integer::sum);
    }
  }

  void whispers(String name) {
    whispers.add(name);
  }

  /** Its socket was held up: it may have been told less than everything that is not numbered. */
  void heldUp() {
    slow = true;
  }

  void hear(TextCodec.Heard frame, Map<String, Send> sends) {
    judge()
        .check(frame.room().equals(room.toString()), "I11", () -> this + " hears " + frame.line());
    if (!welcome && "swx".indexOf(frame.kind()) < 0) {
      return; // meant for the session before this one, on the same socket
    }
    if (frame.seq() > 0) {
      numbered(frame);
    }
    switch (frame.kind()) {
      case 'P' -> posted(frame, sends);
      case 'w' -> {
        judge().check(!welcome, "I5", () -> this + " is welcome twice");
        welcome = true;
        roster(frame.number(0), frame.field(1));
      }
      case 'p' -> {
        roster(frame.number(0), frame.field(1));
        boolean crowded = connections > world.weather().limits.presenceListMax();
        if (crowded && world.time().ticksMs() - arrivedAtMs > PAUSE_MS) {
          world.tally().saw(Sometimes.PRESENCE_PAUSED);
        }
        arrivedAtMs = Long.MAX_VALUE;
      }
      case 'q' -> {
        world.tally().saw(Sometimes.WHISPER_HEARD);
        boolean isNew = whispers.add(frame.field(1));
        judge().check(isNew, "I19", () -> this + " hears again: " + frame.line());
      }
      case 'y' -> repeated(frame, sends);
      case 'x' -> refused(frame, sends);
      case 'a' -> {
        String user = frame.field(0);
        judge().check(slow || arrived.add(user), "I9", () -> this + ": " + user + " arrives twice");
        left.remove(user);
        arrivedAtMs = world.time().ticksMs();
      }
      case 'l' -> {
        String user = frame.field(0);
        judge().check(slow || left.add(user), "I9", () -> this + ": " + user + " leaves twice");
        arrived.remove(user);
      }
      default -> {}
    }
  }

  private void numbered(TextCodec.Heard frame) {
    long seq = frame.seq();
    judge()
        .check(
            heard == 0 || seq == heard + 1,
            "I5",
            () -> this + " hears seq " + seq + " after " + heard);
    judge()
        .check(
            world.truth().log(room).isLineOf(seq, frame.line()),
            "I6",
            () -> this + " hears what is not in the log: " + frame.line());
    heard = seq;
  }

  private void roster(long count, String users) {
    connections = (int) count;
    present = users;
  }

  private void posted(TextCodec.Heard frame, Map<String, Send> sends) {
    Send send = sends.get(frame.field(4));
    if (send == null && frame.field(4).startsWith(Truth.STREAM)) {
      world.tally().saw(Sometimes.STREAM_BEGUN);
      return;
    } else if (send == null) {
      boolean erased = world.truth().log(room).isDeleted(frame.seq());
      judge().check(erased, "I11", () -> this + " hears what nobody sent: " + frame.line());
      Send own = sends.get(userId + " " + room + " " + frame.field(3));
      if (own != null && frame.field(2).equals(userId)) {
        own.acked(frame.seq(), judge());
      }
      return;
    }
    judge()
        .check(
            send.room().equals(room) && send.userId().equals(frame.field(2)),
            "I11",
            () -> this + " hears " + frame.line() + ", which is " + send);
    if (send.userId().equals(userId)) {
      if (send.timesUnavailable() > 0 && !send.isAnswered()) {
        world.tally().saw(Sometimes.REFUSED_AND_SAVED_LATER);
      }
      send.acked(frame.seq(), judge());
    }
  }

  private void repeated(TextCodec.Heard frame, Map<String, Send> sends) {
    String clientId = frame.field(3);
    world.tally().saw(Sometimes.ANSWER_REPEATED);
    answer(clientId);
    Send send = sends.get(userId + " " + room + " " + clientId);
    if (send == null) {
      judge().fail("I3", this + " hears of a send it never sent: " + frame.line());
      return;
    }
    boolean maybeSaved = world.store().wasInDoubt(room);
    judge()
        .check(
            send.times() > 1 || maybeSaved,
            "I3",
            () -> this + " sent " + send + " once and hears it twice");
    send.acked(frame.number(0), judge());
  }

  private void refused(TextCodec.Heard frame, Map<String, Send> sends) {
    String reason = frame.field(0);
    String clientId = frame.field(1);
    switch (reason) {
      case "BUSY" -> world.tally().saw(Sometimes.REFUSED_BUSY);
      case "UNAVAILABLE" -> world.tally().saw(Sometimes.REFUSED_UNAVAILABLE);
      case "MUTED" -> world.tally().saw(Sometimes.SAID_WHILE_MUTED);
      case "RATE_LIMITED" -> world.tally().saw(Sometimes.REFUSED_RATE);
      case "INTERNAL" -> judge().fail("F13", this + " hears of an internal error");
      default -> {}
    }
    if (clientId.equals("null")) {
      return;
    }
    answer(clientId);
    Send send = sends.get(userId + " " + room + " " + clientId);
    if (send == null) {
      judge().fail("I3", this + " is refused what it never sent: " + frame.line());
    } else if (reason.equals("UNAVAILABLE")) {
      send.unavailable();
    } else if (!reason.equals("BUSY")) {
      send.refused();
    }
  }

  private void answer(String clientId) {
    int answers = answered.merge(clientId, 1, Integer::sum);
    int asks = asked.getOrDefault(clientId, 0);
    judge()
        .check(
            answers <= asks,
            "I8",
            () -> this + " asked " + asks + " times " + clientId + ", " + answers);
  }

  /**
   * Sends that went over this socket and nowhere else are in the log in the order they were sent.
   */
  void checkOrder() {
    long last = 0;
    for (Map.Entry<Send, Integer> each : order.entrySet()) {
      Send send = each.getKey();
      @Nullable Message message = world.truth().log(room).withContent(send.content());
      if (send.times() == 1 && message != null) {
        judge().check(message.seq() > last, "I5", () -> this + ": " + send + " overtook another");
        last = message.seq();
      }
    }
  }

  void checkAtTheEnd(int visibleConnections, Set<String> users) {
    judge()
        .check(
            heard == 0 || heard == world.truth().log(room).head(),
            "I13",
            () -> this + " has heard up to " + heard + " of " + world.truth().log(room).head());
    judge()
        .check(
            connections == visibleConnections,
            "I9",
            () -> this + " was told of " + connections + " connections, not " + visibleConnections);
    int max = world.weather().limits.presenceListMax();
    TreeSet<String> told = new TreeSet<>();
    for (String each : present.split(" ", -1)) {
      if (!each.isEmpty()) {
        told.add(each);
      }
    }
    judge()
        .check(
            users.size() <= max
                ? told.equals(users)
                : told.size() == max && users.containsAll(told),
            "I9",
            () -> this + " was told of " + told + ", not " + users);
  }

  private Judge judge() {
    return world.judge();
  }

  @Override
  public String toString() {
    return userId + " in " + room;
  }
}
