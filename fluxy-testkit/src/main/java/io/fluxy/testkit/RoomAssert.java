package io.fluxy.testkit;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.room.RoomView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.AbstractAssert;

/**
 * What can be claimed of a room: of what it has saved, not of what somebody was told, unless the
 * claim says so.
 */
public final class RoomAssert extends AbstractAssert<RoomAssert, TestRoom> {
  RoomAssert(TestRoom room) {
    super(room, RoomAssert.class);
  }

  /** Its messages say this now, oldest first, and there are no others. */
  public RoomAssert hasMessages(String... contents) {
    List<String> messages = contents();
    if (!messages.equals(List.of(contents))) {
      fail(
          "%s should have messages %s, but has %s"
              .formatted(
                  actual, TestClient.quoted(List.of(contents)), TestClient.quoted(messages)));
    }
    return this;
  }

  /** Nothing has been said, or nothing is left of it. */
  public RoomAssert hasNoMessages() {
    return hasMessages();
  }

  /** Its newest messages say this, oldest of them first. */
  public RoomAssert endsWith(String... contents) {
    List<String> messages = contents();
    int from = Math.max(0, messages.size() - contents.length);
    List<String> newest = messages.subList(from, messages.size());
    if (!newest.equals(List.of(contents))) {
      fail(
          "%s should end with %s, but with %s"
              .formatted(actual, TestClient.quoted(List.of(contents)), TestClient.quoted(newest)));
    }
    return this;
  }

  /** So many messages. */
  public RoomAssert hasMessageCount(int count) {
    int messages = actual.messages().size();
    if (messages != count) {
      fail("%s should have %s messages, but has %s".formatted(actual, count, messages));
    }
    return this;
  }

  private List<String> contents() {
    return actual.messages().stream().map(Message::content).toList();
  }

  /**
   * Its log is what Fluxy promises: numbered from 1 without gaps, in a time that rises strictly,
   * and no send is in it twice.
   */
  public RoomAssert isGapFree() {
    long seq = 0;
    long atMs = Long.MIN_VALUE;
    Set<List<String>> sends = new HashSet<>();
    for (Event.Durable event : actual.log()) {
      seq++;
      if (event.seq() != seq) {
        fail("%s should have seq %s next, but has %s".formatted(actual, seq, event));
      }
      if (event.atMs() <= atMs) {
        fail(
            "%s: the time of seq %s should be after that of the one before".formatted(actual, seq));
      }
      atMs = event.atMs();
      if (event instanceof Event.Posted posted) {
        Message message = posted.message();
        String name = message.clientMessageId();
        if (name != null && !sends.add(List.of(message.userId(), name))) {
          fail("%s: %s of %s is there twice".formatted(actual, name, message.userId()));
        }
      }
    }
    return this;
  }

  /**
   * Whoever is connected sees the same messages as the room has, as far back as it knows of any. Of
   * a room with whispers this can't be claimed.
   */
  public RoomAssert looksTheSameToEveryone() {
    List<String> messages = contents();
    for (TestClient client : actual.clients()) {
      List<String> seen = client.sees();
      int from = Math.max(0, messages.size() - seen.size());
      if (!messages.subList(from, messages.size()).equals(seen)) {
        fail(
            "%s should see %s, but sees %s"
                .formatted(
                    client,
                    TestClient.quoted(messages.subList(from, messages.size())),
                    TestClient.quoted(seen)));
      }
    }
    return this;
  }

  /** These users are members, and no others. */
  public RoomAssert hasMembers(String... userIds) {
    Set<String> members = new TreeSet<>();
    actual
        .chat()
        .answer(
            actual.chat().store().inner().directory().members(actual.id(), Integer.MAX_VALUE),
            "who the members are")
        .forEach(member -> members.add(member.userId()));
    if (!members.equals(new TreeSet<>(List.of(userIds)))) {
      fail("%s should have members %s, but has %s".formatted(actual, List.of(userIds), members));
    }
    return this;
  }

  /** These users are connected, as far as the engine knows, and no others. */
  public RoomAssert hasPresent(String... userIds) {
    RoomView view =
        actual.chat().answer(actual.host().look(TestRoom.ANYBODY), "who is in " + actual);
    Set<String> present = new TreeSet<>();
    view.present().forEach(each -> present.add(each.userId()));
    if (!present.equals(new TreeSet<>(List.of(userIds)))) {
      fail("%s should be the place of %s, but of %s".formatted(actual, List.of(userIds), present));
    }
    return this;
  }

  /** Somebody tries to enter and is refused. */
  public RoomAssert turnsAway(String userId) {
    Optional<String> refusal = actual.refusalOf(userId);
    if (refusal.isEmpty()) {
      fail("%s should turn %s away, but lets them in".formatted(actual, userId));
    }
    return this;
  }

  private void fail(String failure) {
    failWithMessage("%s", actual.chat().story(failure));
  }
}
