package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.User;
import io.fluxy.store.OpenStream;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are being written bit by bit. What they say so far is told at most once in a while,
 * kept at every beat, and never numbered; their beginning and their end are. For the room's turn
 * only, but for {@link #isBusy}.
 *
 * <p>Whoever writes here moves the beat of its stream in the store. A stream that nobody here
 * writes is another node's, or was one of a process that is gone: it is over when its beat has
 * stood still for three beats by our own clock, so clocks of nodes need not agree.
 */
final class Streams {
  private static final int BEATS_MISSED_MAX = 3;

  private final Limits limits;
  private final Scheduler scheduler;
  private final Ledger ledger;
  private final Audience audience;
  private final Archive archive;
  private final Consumer<Letter> post;
  private final Map<Long, Written> written = new HashMap<>(0); // here, by seq
  private final Map<Long, Seen> seen = new HashMap<>(0); // elsewhere, by seq
  private volatile boolean busy;
  private boolean beating;

  /** What somebody writes through this process. */
  private static final class Written {
    private final String userId;
    private long toldAtMs;
    private long grownAtMs;
    private boolean untold;
    private boolean timed;

    Written(String userId, long nowMs, int pauseMs) {
      this.userId = userId;
      this.grownAtMs = nowMs;
      this.toldAtMs = nowMs - pauseMs;
    }
  }

  private record Seen(long beat, int missed) {}

  Streams(
      Limits limits,
      Scheduler scheduler,
      Ledger ledger,
      Audience audience,
      Archive archive,
      Consumer<Letter> post) {
    this.limits = limits;
    this.scheduler = scheduler;
    this.ledger = ledger;
    this.audience = audience;
    this.archive = archive;
    this.post = post;
    this.busy = !ledger.streams().isEmpty();
    beat();
  }

  /** Whether a message is being written, here or elsewhere; any thread may ask. */
  boolean isBusy() {
    return busy;
  }

  /** What to tell a user who joins and is writing something. */
  Event.@Nullable StreamState stateFor(User user) {
    Ledger.Stream open = ledger.stream(user.id());
    return open == null ? null : new Event.StreamState(open.message());
  }

  /** A message has begun, in this process or elsewhere. */
  void began(Event.Posted posted, boolean here) {
    busy = true;
    if (here) {
      write(posted.seq(), posted.message().userId());
    }
    beat();
  }

  private Written write(long seq, String userId) {
    seen.remove(seq);
    return written.computeIfAbsent(
        seq, key -> new Written(userId, scheduler.ticksMs(), limits.streamPauseMs()));
  }

  /** A message says more. */
  void grew(Event.Streamed grown) {
    Ledger.Stream open = ledger.stream(grown.userId());
    if (open == null || open.message().id() != grown.messageId()) {
      return; // it has ended in this turn
    }
    long seq = Message.seqOf(grown.messageId());
    ledger.grow(grown.userId(), grown.content());
    Written written = write(seq, grown.userId());
    written.grownAtMs = scheduler.ticksMs();
    written.untold = true;
    long waitMs = written.toldAtMs + limits.streamPauseMs() - scheduler.ticksMs();
    if (waitMs <= 0) {
      tell(written);
    } else if (!written.timed) {
      written.timed = true;
      scheduler.after(waitMs, () -> post.accept(new Letter.StreamDue(seq)));
    }
    beat();
  }

  /** The pause after the last telling is over. */
  void due(long seq) {
    Written due = written.get(seq);
    if (due != null) {
      due.timed = false;
      if (due.untold) {
        tell(due);
      }
    }
  }

  private void tell(Written written) {
    Ledger.Stream open = ledger.stream(written.userId);
    if (open != null) {
      written.untold = false;
      written.toldAtMs = scheduler.ticksMs();
      Message message = open.message();
      audience.tell(
          new Event.Streamed(
              message.id(),
              message.userId(),
              message.content(),
              scheduler.nowMs(),
              message.readers()));
    }
  }

  /** A message is whole or gone, whoever saw to it. */
  void ended(long seq) {
    seen.remove(seq);
    written.remove(seq);
    busy = !ledger.streams().isEmpty();
  }

  /** Text has been taken out of the log: some of what was being written is no more. */
  void purged() {
    Set<Long> open = new HashSet<>();
    ledger.streams().forEach(stream -> open.add(stream.seq()));
    seen.keySet().retainAll(open);
    written.keySet().retainAll(open);
    busy = !open.isEmpty();
  }

  private void beat() {
    if (!beating && !ledger.streams().isEmpty()) {
      beating = true;
      scheduler.after(limits.streamBeatMs(), () -> post.accept(new Letter.BeatDue()));
    }
  }

  /** Keeps what is written here, ends what nobody goes on with, looks after what is elsewhere. */
  void beatDue() {
    beating = false;
    boolean elsewhere = false;
    for (Ledger.Stream open : List.copyOf(ledger.streams())) {
      Written here = written.get(open.seq());
      if (here == null) {
        elsewhere = true;
      } else if (scheduler.ticksMs() - here.grownAtMs >= limits.streamIdleMs()) {
        interrupt(open);
      } else {
        archive.checkpoint(open.seq(), open.message().content());
      }
    }
    if (elsewhere) {
      archive
          .streams()
          .whenComplete(
              (streams, failure) ->
                  post.accept(new Letter.Beats(failure == null ? streams : List.of())));
    }
    beat();
  }

  /** What the store says of streams. */
  void beats(List<OpenStream> streams) {
    List<Ledger.Stream> over = new ArrayList<>();
    Set<Long> known = new HashSet<>();
    for (OpenStream stream : streams) {
      long seq = stream.message().seq();
      Ledger.Stream open = ledger.stream(stream.message().userId());
      if (open == null || open.seq() != seq || written.containsKey(seq)) {
        continue;
      }
      known.add(seq);
      Seen before = seen.get(seq);
      int missed = before != null && before.beat() == stream.beat() ? before.missed() + 1 : 0;
      Seen now = new Seen(stream.beat(), missed);
      seen.put(seq, now);
      ledger.grow(stream.message().userId(), stream.message().content());
      if (now.missed() >= BEATS_MISSED_MAX) {
        over.add(open);
      }
    }
    seen.keySet().retainAll(known);
    over.forEach(this::interrupt);
  }

  private void interrupt(Ledger.Stream open) {
    post.accept(new Letter.Interrupt(open.seq(), open.message().userId()));
  }
}
