package io.fluxy.simulation;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What people read of rooms, and whether it is what the rooms have said. */
final class Reading {
  private final World world;
  private final Town town;
  private final Dice dice;

  Reading(World world, Town town) {
    this.world = world;
    this.town = town;
    this.dice = world.dice();
  }

  /**
   * Somebody asks what it has missed: the answer is a stretch of the log, or that there is none.
   */
  void resume(Device device, RoomId room) {
    Node node = town.node();
    if (node == null) {
      return;
    }
    Truth.Log log = world.truth().log(room);
    long lastSeq = dice.between(0, (int) log.head() + (dice.percent(10) ? 3 : 0));
    long headThen = log.head();
    int max = dice.pick(1, 3, 7, 200);
    node.rooms()
        .lease(room)
        .thenAccept(
            lease ->
                lease.ifPresent(
                    held ->
                        held.room()
                            .submit(device.user(), new Command.Resume(lastSeq, null, max))
                            .thenAccept(
                                answer -> {
                                  held.release();
                                  resumed(log, lastSeq, headThen, max, answer);
                                })));
  }

  private void resumed(Truth.Log log, long lastSeq, long headThen, int max, Answer answer) {
    if (!(answer instanceof Answer.Done done)
        || !(done.event() instanceof Event.Replayed replayed)) {
      return; // refused, as reading is
    }
    RoomId room = log.room().id();
    world
        .judge()
        .check(
            replayed.recovered() ? lastSeq <= log.head() : lastSeq > headThen,
            "I7",
            () -> room + " says of " + lastSeq + " of " + log.head() + ": " + replayed);
    if (!replayed.recovered()) {
      world.tally().saw(Sometimes.NOT_RECOVERED);
      return;
    }
    world.tally().saw(Sometimes.REPLAYED);
    long next = lastSeq;
    for (Event.Durable event : replayed.events()) {
      next++;
      long seq = next;
      world
          .judge()
          .check(
              event.seq() == seq && log.isLineOf(seq, TextCodec.line(room, event)),
              "I7",
              () -> room + " replays " + event + " as seq " + seq);
    }
    long reached = next;
    world
        .judge()
        .check(
            reached == replayed.lastSeq()
                && (reached == replayed.currentSeq() || replayed.events().size() == max),
            "I7",
            () -> room + " replays up to " + reached + ": " + replayed);
  }

  void look(Device device, RoomId room) {
    Node node = town.node();
    if (node != null) {
      Truth.Log log = world.truth().log(room);
      long atLeast = node.told(room);
      node.gate()
          .with(room, there -> there.look(device.user()))
          .whenComplete(
              (view, failure) -> {
                if (failure != null) {
                  checkRefusal("look", failure);
                } else {
                  world
                      .judge()
                      .check(
                          view.head() >= atLeast && view.head() <= log.head(),
                          "I7",
                          () ->
                              room + " looks like it ends at " + view.head() + ", told " + atLeast);
                }
              });
    }
  }

  void page(Device device, RoomId room) {
    Node node = town.node();
    if (node == null) {
      return;
    }
    Truth.Log log = world.truth().log(room);
    int max = dice.pick(2, 4, 6, 10);
    if (dice.percent(30) && log.head() > 0) {
      world.tally().saw(Sometimes.PAGE_BEFORE_TIME);
      long beforeMs = log.event(dice.between(1, (int) log.head())).atMs() + dice.between(0, 1);
      page(device, node, room, Long.MAX_VALUE, beforeMs, max);
    } else {
      long beforeSeq = dice.percent(50) ? Long.MAX_VALUE : dice.between(1, (int) log.head() + 1);
      page(device, node, room, beforeSeq, Long.MAX_VALUE, max);
    }
  }

  private CompletionStage<List<StoredMessage>> page(
      Device device, Node node, RoomId room, long beforeSeq, long beforeMs, int max) {
    Truth.Log log = world.truth().log(room);
    long atLeast = node.told(room);
    long askedAtMs = world.time().nowMs();
    long skewMs = askedAtMs - world.time().ticksMs();
    Device.Request request = new Device.Request(node, device, room, "page");
    town.requests().add(request);
    return node.gate()
        .with(
            room,
            there ->
                beforeMs == Long.MAX_VALUE
                    ? there.page(device.user(), beforeSeq, max)
                    : there.pageBefore(device.user(), beforeMs, max))
        .whenComplete(
            (page, failure) -> {
              request.answered();
              if (failure != null) {
                checkRefusal("page", failure);
                return;
              }
              if (skewMs == world.time().nowMs() - world.time().ticksMs()) {
                page.forEach(stored -> checkExpiry(room, stored.message(), askedAtMs));
              }
              for (long head = log.head(); head >= atLeast; head--) {
                if (log.wasPage(page, head, beforeSeq, beforeMs, max)) {
                  return;
                }
              }
              world
                  .judge()
                  .fail(
                      "I7",
                      room
                          + " never had this page before "
                          + beforeSeq
                          + "/"
                          + beforeMs
                          + ": "
                          + page);
            });
  }

  private void checkExpiry(RoomId room, Message message, long askedAtMs) {
    Long expiresAtMs = message.expiresAtMs();
    world
        .judge()
        .check(
            expiresAtMs == null || expiresAtMs > askedAtMs,
            "I21",
            () -> room + ": a page shows what had expired: " + message);
  }

  private void checkRefusal(String what, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    world
        .judge()
        .check(cause instanceof RefusedException, "F13", () -> what + " failed with " + cause);
  }

  /** Reads all of a room's history, page by page, while others write. */
  void walk(Device device, RoomId room) {
    Node node = town.node();
    if (node != null) {
      Truth.Log log = world.truth().log(room);
      long head = node.told(room);
      walk(device, node, room, Long.MAX_VALUE, log, head, new TreeSet<>());
    }
  }

  private void walk(
      Device device,
      Node node,
      RoomId room,
      long beforeSeq,
      Truth.Log log,
      long headAtStart,
      Set<Long> seen) {
    page(device, node, room, beforeSeq, Long.MAX_VALUE, 4)
        .thenAccept(
            page -> {
              for (StoredMessage each : page) {
                world
                    .judge()
                    .check(
                        seen.add(each.message().seq()),
                        "I7",
                        () -> room + ": a walk sees a row twice");
              }
              if (page.size() == 4) {
                long next = page.get(3).message().seq();
                world
                    .time()
                    .after(
                        dice.between(0, 50),
                        () -> walk(device, node, room, next, log, headAtStart, seen));
                return;
              }
              world.tally().saw(Sometimes.HISTORY_WALKED);
              for (StoredMessage each : log.at(log.head()).values()) {
                long seq = each.message().seq();
                boolean mayBeGone = each.message().expiresAtMs() != null;
                world
                    .judge()
                    .check(
                        seq > headAtStart || mayBeGone || seen.contains(seq),
                        "I7",
                        () -> room + ": a walk missed seq " + seq);
              }
            });
  }
}
