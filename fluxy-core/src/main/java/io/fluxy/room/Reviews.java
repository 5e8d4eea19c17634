package io.fluxy.room;

import io.fluxy.chat.Farewell;
import io.fluxy.time.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's permissions have changed: members that answer to them are told nothing more until they
 * have been asked about again. Whoever may stay goes on where it stopped, like a slow member, with
 * no gap; whoever may not has heard nothing that came after the change. The host is asked outside
 * of the turn. For the room's turn only.
 */
final class Reviews {
  private static final Logger LOG = LoggerFactory.getLogger(Reviews.class);
  private static final Farewell NOT_ALLOWED =
      new Farewell(Farewell.Reason.FORBIDDEN, "no longer allowed in this room");
  private static final Farewell NO_ANSWER =
      new Farewell(Farewell.Reason.INTERNAL, "permissions could not be checked");

  private final Audience audience;
  private final Scheduler scheduler;
  private final int answerMs;
  private final Consumer<Letter> post;

  /** What came of it. */
  enum Verdict {
    STAYS,
    GOES,
    /** The host did not answer in time: it may come back, and is asked about then. */
    UNKNOWN
  }

  /**
   * @param answerMs how long the host may think
   * @param post puts a letter into the room's mailbox
   */
  Reviews(Audience audience, Scheduler scheduler, int answerMs, Consumer<Letter> post) {
    this.audience = audience;
    this.scheduler = scheduler;
    this.answerMs = answerMs;
    this.post = post;
  }

  /** From now on those of whom this holds hear nothing, until they are known to be allowed. */
  void begin(Predicate<Member> whom) {
    List<Seat> held = audience.hold(member -> member.answersToHost() && whom.test(member));
    for (Seat seat : held) {
      scheduler.run(() -> ask(seat));
    }
  }

  private void ask(Seat seat) {
    AtomicBoolean answered = new AtomicBoolean();
    Scheduler.Timer tooLate =
        scheduler.after(answerMs, () -> answer(answered, seat, Verdict.UNKNOWN));
    mayStay(seat.member())
        .whenComplete(
            (may, failure) -> {
              tooLate.cancel();
              boolean stays = failure == null && may;
              answer(answered, seat, stays ? Verdict.STAYS : Verdict.GOES);
            });
  }

  private static CompletionStage<Boolean> mayStay(Member member) {
    try {
      return member.mayStay();
    } catch (RuntimeException e) {
      LOG.error("{}: a member threw", member.id(), e);
      return CompletableFuture.failedStage(e);
    }
  }

  private void answer(AtomicBoolean answered, Seat seat, Verdict verdict) {
    if (answered.compareAndSet(false, true)) {
      post.accept(new Letter.Reviewed(seat, verdict));
    }
  }

  /** The host has answered; {@code resumed} is run if the member hears the room again. */
  void end(Letter.Reviewed reviewed, Runnable resumed) {
    Seat seat = reviewed.seat();
    Member member = seat.member();
    if (audience.roster().seat(member) != seat) {
      return; // it has left meanwhile
    } else if (reviewed.verdict() != Verdict.STAYS) {
      audience.dismiss(
          other -> other == member, reviewed.verdict() == Verdict.GOES ? NOT_ALLOWED : NO_ANSWER);
    } else if (seat.release()) {
      resumed.run();
    }
  }
}
