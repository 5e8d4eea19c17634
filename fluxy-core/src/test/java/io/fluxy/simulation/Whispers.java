package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was whispered, and who has to hear it: everybody who is there and can hear, once and at
 * once; not whom it comes from, nor anybody later.
 */
final class Whispers {
  private final Judge judge;
  private final Map<String, Whisper> whispers = new HashMap<>();
  private final Map<RoomId, Event.Whispered> last = new HashMap<>();

  Whispers(Judge judge) {
    this.judge = judge;
  }

  private static final class Whisper {
    private final RoomId room;
    private final String memberId;
    private final Set<WatchedMember> told = new HashSet<>();
    private boolean begun;
    private boolean over;

    Whisper(RoomId room, String memberId) {
      this.room = room;
      this.memberId = memberId;
    }
  }

  /** A member asks its room to tell this to the others. Every whisper has another name. */
  void asked(String name, RoomId room, String memberId) {
    whispers.put(name, new Whisper(room, memberId));
  }

  /** The last that was told in a room. */
  Event.@Nullable Whispered last(RoomId room) {
    return last.get(room);
  }

  /**
   * A member is told.
   *
   * @param here all members of its room in its process
   */
  void told(World world, Event.Whispered event, WatchedMember to, List<WatchedMember> here) {
    Whisper whisper = whispers.get(event.name());
    if (whisper == null) {
      judge.fail("I19", to + " is told what nobody whispered: " + event);
      return;
    }
    judge.check(
        whisper.room.equals(to.room()),
        "I19",
        () -> to + " is told what was whispered in " + whisper.room);
    judge.check(
        !whisper.memberId.equals(to.id()), "I19", () -> to + " is told its own whisper: " + event);
    judge.check(!whisper.over, "I19", () -> to + " is told after the others: " + event);
    judge.check(whisper.told.add(to), "I19", () -> to + " is told twice: " + event);
    if (!whisper.begun) {
      whisper.begun = true;
      last.put(whisper.room, event);
      world.tally().saw(Sometimes.WHISPERED);
      List<WatchedMember> owed =
          here.stream().filter(each -> !each.id().equals(whisper.memberId)).toList();
      world.time().run(() -> isOver(whisper, owed, event));
    }
  }

  private void isOver(Whisper whisper, List<WatchedMember> owed, Event.Whispered event) {
    whisper.over = true;
    for (WatchedMember each : owed) {
      judge.check(
          whisper.told.contains(each) || !each.couldHearAllAlong(),
          "I19",
          () -> each + " was here and is not told: " + event);
    }
  }
}
