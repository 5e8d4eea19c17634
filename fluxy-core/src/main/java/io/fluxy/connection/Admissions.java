package io.fluxy.connection;

import io.fluxy.auth.Identity;
import io.fluxy.chat.RoomId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for the host's word before they take their seats. If permissions change meanwhile,
 * the host is asked again: so whoever has a seat was asked about after the last change, or the room
 * has heard of that change behind it.
 *
 * <p>Safe for use by many threads.
 */
final class Admissions {
  private final ConcurrentNavigableMap<Long, Admission> waiting = new ConcurrentSkipListMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /**
   * Lets somebody in, perhaps.
   *
   * @param ask asks the host
   * @param enter takes the seat; must return at once
   * @return completes with whether it did; never exceptionally
   */
  CompletionStage<Boolean> admit(
      Identity who, RoomId room, Supplier<CompletionStage<Boolean>> ask, Runnable enter) {
    Admission admission = new Admission(who, room, ask, enter);
    long number = numbers.incrementAndGet(); // they are asked again in the order they came
    waiting.put(number, admission);
    admission.ask();
    return admission.entered.whenComplete((entered, failure) -> waiting.remove(number));
  }

  /** Permissions have changed; when this returns, nobody enters by what the host said before. */
  void changed(Predicate<RoomId> which, @Nullable String userId) {
    for (Admission admission : waiting.values()) {
      if (which.test(admission.room)
          && (userId == null || admission.who.user().id().equals(userId))) {
        admission.changed();
      }
    }
  }

  private static final class Admission {
    private final Identity who;
    private final RoomId room;
    private final Supplier<CompletionStage<Boolean>> ask;
    private final Runnable enter;
    private final CompletableFuture<Boolean> entered = new CompletableFuture<>();
    private int asked; // guarded by this, as is the next
    private boolean settled;

    Admission(Identity who, RoomId room, Supplier<CompletionStage<Boolean>> ask, Runnable enter) {
      this.who = who;
      this.room = room;
      this.ask = ask;
      this.enter = enter;
    }

    void ask() {
      int question;
      synchronized (this) {
        question = ++asked;
      }
      ask.get().whenComplete((may, failure) -> answered(question, failure == null && may));
    }

    /** What was asked before counts no more. */
    void changed() {
      synchronized (this) {
        if (settled) {
          return; // with a seat, of which the room hears next
        }
        asked++;
      }
      ask();
    }

    private void answered(int question, boolean may) {
      synchronized (this) {
        if (question != asked || settled) {
          return;
        }
        settled = true;
        if (may) {
          enter.run();
        }
      }
      entered.complete(may);
    }
  }
}
