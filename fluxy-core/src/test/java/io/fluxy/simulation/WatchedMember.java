package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.room.Member;
import io.fluxy.wire.Delivery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A member and what it is told, seen on the room's turn, before any outbox, socket or network. */
final class WatchedMember implements Member {
  private static final long NOTHING = -1;

  private final World world;
  private final Node node;
  private final RoomId room;
  private final Member member;
  private final Collection<WatchedMember> others;
  private int snapshotMax;
  private long heard = NOTHING;
  private long headAtWelcome = NOTHING;
  private Event.@Nullable Snapshot snapshot;
  private long heardBefore = NOTHING;
  private boolean slow;
  private boolean missesSome; // of what is not numbered
  private boolean parted;

  WatchedMember(
      World world, Node node, RoomId room, Member member, Collection<WatchedMember> others) {
    this.world = world;
    this.node = node;
    this.room = room;
    this.member = member;
    this.others = others;
  }

  void joins(int newestMax) {
    snapshotMax = newestMax;
  }

  /** It has heard up to a seq; only if that is not of this log, it begins anew. */
  void comesBack(long lastSeq, int newestMax) {
    snapshotMax = newestMax;
    heardBefore = lastSeq;
  }

  @Override
  public String id() {
    return member.id();
  }

  @Override
  public User user() {
    return member.user();
  }

  @Override
  public Map<String, String> info() {
    return member.info();
  }

  @Override
  public boolean answersToHost() {
    return member.answersToHost();
  }

  @Override
  public CompletionStage<Boolean> mayStay() {
    return member
        .mayStay()
        .thenApply(
            may -> {
              world.tally().saw(may ? Sometimes.REVIEWED_AND_STAYS : Sometimes.REVIEWED_AND_GOES);
              return may;
            });
  }

  @Override
  public boolean hear(Delivery delivery) {
    if (world.isPlanted(Bug.WHISPER_GETS_LOST)
        && delivery.events().get(0) instanceof Event.Whispered
        && world.dice().percent(20)) {
      return true;
    }
    check(delivery);
    boolean couldHear = !missesSome;
    missesSome = true; // if it throws
    boolean took = member.hear(delivery);
    missesSome = !(took && couldHear);
    if (world.isPlanted(Bug.MEMBER_TOLD_TWICE)
        && delivery.events().get(0) instanceof Event.Refused) {
      member.hear(delivery);
    }
    if (!took) {
      world.tally().saw(Sometimes.MEMBER_TOO_SLOW);
      if (delivery.events().stream().anyMatch(Event.Welcomed.class::isInstance)) {
        world.tally().saw(Sometimes.WELCOME_NOT_TAKEN);
      }
      slow = true;
      return world.isPlanted(Bug.MEMBER_SAYS_IT_HEARD);
    }
    for (Event event : delivery.events()) {
      took(event);
    }
    return true;
  }

  private void check(Delivery delivery) {
    boolean answers = delivery.events().stream().allMatch(WatchedMember::isAnswer);
    judge()
        .check(
            answers || !parted, "I10", () -> this + " was parted and is told " + delivery.events());
    judge()
        .check(delivery.room().equals(room), "I11", () -> this + " is told of " + delivery.room());
    for (Event event : delivery.events()) {
      checkAllowed(event);
      if (event instanceof Event.Durable durable) {
        if (durable.seq() > node.told(room)) {
          String line = TextCodec.line(room, event);
          judge()
              .check(
                  log().isLineOf(durable.seq(), line),
                  "I6",
                  () -> this + " is told what is not saved: " + line);
          node.tells(room, durable.seq());
        }
        judge()
            .check(
                user().governs() || mayHear(durable.seq()),
                "I10",
                () -> this + " is no member and is told seq " + durable.seq());
      } else if (event instanceof Event.Whispered whispered) {
        judge()
            .check(
                user().governs()
                    || log().mayHearBetween(user().id(), node.told(room), log().head()),
                "I10",
                () -> this + " is no member and is told " + whispered);
        world.whispers().told(world, whispered, this, here());
      } else if (event instanceof Event.Repeated repeated) {
        judge()
            .check(
                repeated.message().seq() <= log().head(),
                "I6",
                () -> this + " is told again of what is not saved: " + repeated);
      }
    }
  }

  private List<WatchedMember> here() {
    return others.stream()
        .filter(each -> each.room.equals(room) && each.couldHearAllAlong())
        .toList();
  }

  /** Whether it is here, and has been told all that was told since it came. */
  boolean couldHearAllAlong() {
    return headAtWelcome != NOTHING
        && heardBefore == NOTHING
        && !missesSome
        && !parted
        && !answersToHost()
        && others.contains(this);
  }

  RoomId room() {
    return room;
  }

  private void checkAllowed(Event event) {
    if (event instanceof Event.Posted posted) {
      checkAllowed(posted.message());
    } else if (event instanceof Event.Snapshot told) {
      told.messages().forEach(stored -> checkAllowed(stored.message()));
    }
  }

  private void checkAllowed(Message message) {
    judge()
        .check(
            !answersToHost() || !world.host().isSaidSince(room, user().id(), message.content()),
            "I10",
            () -> this + " is denied the room by the host and is told " + message);
  }

  /** What was said before a member came back is history: it may hear that if it is one again. */
  private boolean mayHear(long seq) {
    return log().mayHear(user().id(), seq)
        || (seq <= headAtWelcome && log().mayHearBetween(user().id(), seq, headAtWelcome));
  }

  private static boolean isAnswer(Event event) {
    return event instanceof Event.Refused
        || event instanceof Event.Repeated
        || event instanceof Event.StreamStarted; // kicked meanwhile, but not out of the room
  }

  private void took(Event event) {
    if (event instanceof Event.Durable durable) {
      if (heard == NOTHING) {
        judge().check(headAtWelcome != NOTHING, "I5", () -> this + " is told before it is welcome");
        checkSnapshot(durable.seq());
      } else {
        judge()
            .check(
                durable.seq() == heard + 1,
                "I5",
                () -> this + " heard seq " + heard + " and then " + durable.seq());
      }
      if (slow) {
        slow = false;
        world
            .tally()
            .saw(
                node.hasAskedForMissed(room, durable.seq() - 1)
                    ? Sometimes.CAUGHT_UP_FROM_STORE
                    : Sometimes.CAUGHT_UP_FROM_MEMORY);
      }
      heard = durable.seq();
    } else if (event instanceof Event.Welcomed) {
      judge().check(headAtWelcome == NOTHING, "I5", () -> this + " is welcome twice");
      headAtWelcome = log().head();
      slow = false;
    } else if (event instanceof Event.Resumed resumed) {
      judge()
          .check(
              resumed.recovered() == heardBefore <= log().head(),
              "I7",
              () -> this + " comes back with " + heardBefore + ": " + resumed);
      if (resumed.recovered()) {
        world.tally().saw(Sometimes.CAME_BACK);
        heard = heardBefore;
      }
    } else if (event instanceof Event.Snapshot told) {
      snapshot = told;
    }
  }

  /**
   * The snapshot is what the log said at the moment of joining, or later; together with what is
   * told from {@code first} on nothing is missing and nothing comes twice.
   */
  private void checkSnapshot(long first) {
    judge()
        .check(
            first <= headAtWelcome + 1,
            "I5",
            () ->
                this + " joined at seq " + headAtWelcome + " or before and is first told " + first);
    if (snapshotMax == 0) {
      return;
    } else if (snapshot == null) {
      judge().fail("I7", this + " got no snapshot");
      return;
    }
    String told = TextCodec.snapshot(snapshot.messages());
    Set<Long> times = new TreeSet<>(log().expiries());
    times.add(Long.MIN_VALUE);
    for (long head = headAtWelcome; head >= first - 1; head--) {
      for (long readAtMs : times) {
        for (long toldAtMs : times) {
          List<StoredMessage> newest = newest(head, first, readAtMs);
          newest.removeIf(each -> hasExpired(each, toldAtMs)); // since it was read
          if (TextCodec.snapshot(newest).equals(told)) {
            return;
          }
        }
      }
    }
    judge()
        .fail(
            "I7",
            this + " got a snapshot that never was, before it was told " + first + ": " + told);
  }

  private static boolean hasExpired(StoredMessage stored, long nowMs) {
    Long atMs = stored.message().expiresAtMs();
    return atMs != null && atMs <= nowMs;
  }

  /** The newest messages before a seq when the log ended at another, oldest first. */
  private List<StoredMessage> newest(long head, long before, long nowMs) {
    List<StoredMessage> oldestFirst = new ArrayList<>();
    for (StoredMessage each :
        log().page(head, Long.MAX_VALUE, Long.MAX_VALUE, snapshotMax, nowMs)) {
      if (each.message().seq() < before) {
        oldestFirst.add(0, each);
      }
    }
    return oldestFirst;
  }

  /** Everything is quiet: a member that is still here has heard everything. */
  void checkAtTheEnd() {
    if (headAtWelcome == NOTHING) {
      judge().fail("I13", this + " was never welcome");
    } else if (heard == NOTHING) {
      checkSnapshot(log().head() + 1);
    } else {
      judge()
          .check(
              heard == log().head(),
              "I13",
              () -> this + " has heard up to seq " + heard + " of " + log().head());
    }
  }

  boolean isParted() {
    return parted;
  }

  @Override
  public void part(Farewell farewell) {
    parted = true;
    world.trace().note("parted", this, farewell.reason() + " " + farewell.detail());
    if (farewell.detail().equals("the room is full")) {
      world.tally().saw(Sometimes.ROOM_FULL);
    } else if (farewell.reason() == Farewell.Reason.FORBIDDEN) {
      world.tally().saw(Sometimes.MEMBER_DISMISSED);
      if (log().event(log().head()) instanceof Event.RoomChanged) {
        world.tally().saw(Sometimes.DISMISSED_AS_STRANGER);
      }
    }
    member.part(farewell);
  }

  private Truth.Log log() {
    return world.truth().log(room);
  }

  private Judge judge() {
    return world.judge();
  }

  @Override
  public String toString() {
    return node + " " + room + " " + user().id();
  }
}
