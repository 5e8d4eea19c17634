package io.fluxy.simulation;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Expiry;
import io.fluxy.chat.RoomId;
import org.jspecify.annotations.Nullable;

/**
 * One message that a user wants to be in a room, however often it has to be sent for that. Its
 * content is like no other's.
 */
final class Send {
  static final String BRIEF = ".brief";
  private static final int BRIEF_MS = 2_000;

  private final RoomId room;
  private final String userId;
  private final @Nullable String clientId;
  private final String content;
  private int times;
  private int unavailable;
  private boolean answered;
  private long seq;

  Send(RoomId room, String userId, @Nullable String clientId, String content) {
    this.room = room;
    this.userId = userId;
    this.clientId = clientId;
    this.content = content;
  }

  /** What a room is asked to post: what says that it is brief goes by itself. */
  static Draft draft(String content) {
    Draft draft = Draft.text(content);
    return content.endsWith(BRIEF) ? draft.expiring(Expiry.after(BRIEF_MS)) : draft;
  }

  RoomId room() {
    return room;
  }

  String userId() {
    return userId;
  }

  @Nullable String clientId() {
    return clientId;
  }

  String content() {
    return content;
  }

  void sent() {
    times++;
  }

  int times() {
    return times;
  }

  /** Nobody can say whether it was saved. */
  void unavailable() {
    unavailable++;
  }

  int timesUnavailable() {
    return unavailable;
  }

  /** It is in the log, or never will be. */
  boolean isAnswered() {
    return answered;
  }

  void refused() {
    answered = true;
  }

  void acked(long ackedSeq, Judge judge) {
    judge.check(
        seq == 0 || seq == ackedSeq,
        "I3",
        () -> this + " is acked as seq " + seq + " and " + ackedSeq);
    seq = ackedSeq;
    answered = true;
  }

  /** Where it is in the log, as an ack said; 0 if none has. */
  long seq() {
    return seq;
  }

  @Override
  public String toString() {
    return room + " " + content;
  }
}
