package io.fluxy.connection;

import io.fluxy.auth.Access;
import io.fluxy.auth.Access.Verdict;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Projects;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.hook.Interception;
import io.fluxy.room.Room;
import io.fluxy.room.RoomRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What every command passes on its way to a room, whether it came by socket or by HTTP: is the
 * identity for this room, is the user within the limits, does the host agree. So the two ways can't
 * drift apart.
 *
 * <p>Safe for use by many threads.
 */
public final class Gate {
  private static final int WAITING_MAX = 100;

  private final RoomRegistry rooms;
  private final Projects projects;
  private final Access access;
  private final RateLimit messages;
  private final RateLimit others;
  private final Quota quota;
  private final Interception interception;
  private final Admissions admissions = new Admissions();

  private record Sender(RoomId room, String userId) {}

  private record Writer(RoomId room, String userId) {}

  private record Whisperer(String project, String userId) {}

  private record Founder(String project, String userId) {}

  public Gate(
      RoomRegistry rooms,
      Projects projects,
      Access access,
      RateLimit messages,
      RateLimit others,
      Quota quota,
      Interception interception) {
    this.rooms = rooms;
    this.projects = projects;
    this.access = access;
    this.messages = messages;
    this.others = others;
    this.quota = quota;
    this.interception = interception;
  }

  /** What the project has used of its quota. */
  public Quota quota() {
    return quota;
  }

  /**
   * Asks a room something on behalf of somebody who need not be there.
   *
   * @return never completes exceptionally
   */
  public CompletionStage<Answer> submit(Identity who, RoomId id, Command command) {
    return unless(check(who, id, command), who, id, command);
  }

  /**
   * The same, by a protocol that counts for itself how often its callers may ask. Quotas hold.
   *
   * @return never completes exceptionally
   */
  public CompletionStage<Answer> submitUncounted(Identity who, RoomId id, Command command) {
    Optional<Refusal> refusal =
        who.isGoodFor(id) ? overQuota(id, command) : Optional.of(forbidden());
    return unless(refusal, who, id, command);
  }

  private CompletionStage<Answer> unless(
      Optional<Refusal> refusal, Identity who, RoomId id, Command command) {
    if (refusal.isPresent()) {
      Command again = resend(command, refusal.get());
      return again == null ? refused(refusal.get()) : unchecked(who, id, again);
    }
    return unchecked(who, id, command);
  }

  private CompletionStage<Answer> unchecked(Identity who, RoomId id, Command command) {
    return judged(who, id, command)
        .thenCompose(
            verdict ->
                verdict == Verdict.NO
                    ? refused(forbidden())
                    : interception
                        .pass(who, id, command)
                        .thenCompose(
                            passed -> with(id, room -> submit(room, who, passed, verdict))))
        .exceptionally(failure -> new Answer.Refused(refusal(failure)));
  }

  /** Whoever is over its quota may still ask what became of what it sent before. */
  private static @Nullable Command resend(Command command, Refusal refusal) {
    return refusal.reason() == Reason.QUOTA_EXCEEDED
            && command instanceof Command.Post post
            && post.draft().clientMessageId() != null
        ? new Command.Resend(post.draft(), refusal)
        : null;
  }

  /** Whether a user may make one more room: as many a minute as messages in one room. */
  public Optional<Refusal> mayFound(Identity who) {
    int perMinute = projects.limits(who.project()).messagesPerMinute();
    return others
        .take(new Founder(who.project(), who.user().id()), perMinute)
        .map(Gate::rateLimited);
  }

  private static Refusal rateLimited(int seconds) {
    return Refusal.later(Reason.RATE_LIMITED, "retry in " + seconds + "s", seconds);
  }

  private static CompletionStage<Answer> submit(
      Room room, Identity who, Command command, Verdict verdict) {
    if (verdict != Verdict.YES) {
      return room.submit(who.user(), command);
    }
    // Whom the host lets in becomes a member.
    return room.submit(who.user(), new Command.Enter(true))
        .thenCompose(
            entered ->
                entered instanceof Answer.Refused || command instanceof Command.Enter
                    ? CompletableFuture.completedStage(entered)
                    : room.submit(who.user(), command));
  }

  /**
   * Looks into a room on behalf of somebody: whoever may enter may look.
   *
   * @return completes exceptionally with {@link RefusedException} if not, or if there is no such
   *     room
   */
  public <T> CompletionStage<T> look(
      Identity who, RoomId id, Function<Room, CompletionStage<T>> use) {
    if (!who.isGoodFor(id)) {
      return CompletableFuture.failedStage(new RefusedException(forbidden()));
    }
    return judged(who, id, new Command.Enter(false))
        .thenCompose(
            verdict ->
                switch (verdict) {
                  case NO -> CompletableFuture.failedStage(new RefusedException(forbidden()));
                  case BY_MEMBERSHIP -> with(id, use);
                  case YES ->
                      with(
                          id,
                          room ->
                              room.submit(who.user(), new Command.Enter(true))
                                  .thenCompose(entered -> use.apply(room)));
                });
  }

  /**
   * Does something with a room that is alive for as long as it takes.
   *
   * @return completes exceptionally with {@link RefusedException} ({@link Reason#FORBIDDEN}) if
   *     there is no such room
   */
  public <T> CompletionStage<T> with(RoomId id, Function<Room, CompletionStage<T>> use) {
    return rooms
        .lease(id)
        .thenCompose(
            lease -> {
              if (lease.isEmpty()) {
                return CompletableFuture.failedStage(new RefusedException(forbidden()));
              }
              return used(lease.get(), use).whenComplete((value, failure) -> lease.get().release());
            });
  }

  /**
   * Does something with a room if it is in memory; wakes none.
   *
   * @return empty if it sleeps, or there is no such room
   */
  public <T> CompletionStage<Optional<T>> ifAlive(
      RoomId id, Function<Room, CompletionStage<T>> use) {
    return rooms
        .leaseIfAlive(id)
        .thenCompose(
            lease ->
                lease.isEmpty()
                    ? CompletableFuture.completedStage(Optional.<T>empty())
                    : used(lease.get(), use)
                        .<Optional<T>>thenApply(Optional::of)
                        .whenComplete((value, failure) -> lease.get().release()));
  }

  private static <T> CompletionStage<T> used(
      RoomRegistry.Lease lease, Function<Room, CompletionStage<T>> use) {
    try {
      return use.apply(lease.room());
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Whether the host objects. For a protocol that has proof of its own of who may do what.
   *
   * @return never completes exceptionally
   */
  public CompletionStage<Boolean> allows(Identity who, RoomId id, Command command) {
    return judged(who, id, command).thenApply(verdict -> verdict != Verdict.NO);
  }

  /** A lease, for whoever wants to stay. Empty if there is no such room. */
  public CompletionStage<Optional<RoomRegistry.Lease>> lease(RoomId id) {
    return rooms.lease(id);
  }

  /** Whether the host has a say of its own in who may be where. */
  public boolean asksHost() {
    return access != Access.BY_MEMBERSHIP;
  }

  /** Whether the host lets somebody be in a room, as far as it has a say. */
  public CompletionStage<Boolean> mayStay(Identity who, RoomId id) {
    return judged(who, id, new Command.Enter(false)).thenApply(verdict -> verdict != Verdict.NO);
  }

  /**
   * Lets somebody take a seat, if the host, should it have a say, allows it now.
   *
   * @param enter takes the seat; must return at once
   * @return completes with whether it did; never exceptionally
   */
  CompletionStage<Boolean> admit(Identity who, RoomId id, Runnable enter) {
    if (!asksHost()) {
      enter.run();
      return CompletableFuture.completedStage(true);
    }
    return admissions.admit(who, id, () -> mayStay(who, id), enter);
  }

  /**
   * The host's permissions have changed: members are asked about again, and told nothing from their
   * rooms' next turns on until they are known to be allowed.
   *
   * @param which the rooms concerned
   * @param userId whose permissions; null for anybody's
   */
  public void permissionsChanged(Predicate<RoomId> which, @Nullable String userId) {
    if (asksHost()) {
      admissions.changed(which, userId); // first: or somebody could slip in behind the review
      rooms.review(which, userId);
    }
  }

  /** Where the commands of one connection wait for the host's verdict, in order. */
  Line line() {
    return new Line();
  }

  private Optional<Refusal> check(Identity who, RoomId id, Command command) {
    if (!who.isGoodFor(id)) {
      return Optional.of(forbidden());
    }
    Limits limits = projects.limits(id.project());
    boolean post = command instanceof Command.Post || command instanceof Command.StartStream;
    if (command instanceof Command.Enter) {
      return Optional.empty();
    }
    if (command instanceof Command.GrowStream) {
      return others
          .take(new Writer(id, who.user().id()), limits.streamDeltasPerMinute())
          .map(Gate::rateLimited);
    } else if (command instanceof Command.Whisper) {
      return others
          .take(new Whisperer(id.project(), who.user().id()), limits.clientEventsPerMinute())
          .map(Gate::rateLimited);
    }
    Optional<Integer> seconds =
        (post ? messages : others)
            .take(
                new Sender(id, who.user().id()),
                post ? limits.messagesPerMinute() : limits.commandsPerMinute());
    if (seconds.isPresent()) {
      return seconds.map(Gate::rateLimited);
    }
    return overQuota(id, command);
  }

  private Optional<Refusal> overQuota(RoomId id, Command command) {
    Limits limits = projects.limits(id.project());
    boolean post = command instanceof Command.Post || command instanceof Command.StartStream;
    if (post && limits.messagesPerMonth() > 0) {
      Quota.Usage usage = quota.usage(id.project(), Quota.Metric.MESSAGES);
      if (usage.used() >= limits.messagesPerMonth()) {
        return Optional.of(
            Refusal.later(
                Reason.QUOTA_EXCEEDED,
                limits.messagesPerMonth() + " messages this month",
                usage.secondsLeft()));
      }
    }
    return Optional.empty();
  }

  private CompletionStage<Verdict> judged(Identity who, RoomId id, Command command) {
    if (access == Access.BY_MEMBERSHIP) {
      return CompletableFuture.completedStage(Verdict.BY_MEMBERSHIP);
    }
    try {
      return access.may(who, id, command).exceptionally(failure -> Verdict.NO);
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(Verdict.NO);
    }
  }

  /** A command as the host would have it; fails with {@link RefusedException}. */
  private CompletionStage<Command> approved(Identity who, RoomId id, Command command) {
    return judged(who, id, command)
        .thenCompose(
            verdict ->
                verdict == Verdict.NO
                    ? CompletableFuture.failedStage(new RefusedException(forbidden()))
                    : interception.pass(who, id, command));
  }

  private static Refusal refusal(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException refused
        ? refused.refusal()
        : Refusal.of(Reason.INTERNAL, "internal error");
  }

  private static Refusal forbidden() {
    return Refusal.of(Reason.FORBIDDEN, "not a member of this room");
  }

  private static CompletionStage<Answer> refused(Refusal refusal) {
    return CompletableFuture.completedStage(new Answer.Refused(refusal));
  }

  /** See {@link Gate#line()}. For one thread at a time. */
  final class Line {
    private CompletionStage<?> last = CompletableFuture.completedStage(null);
    private final AtomicInteger waiting = new AtomicInteger();

    /** What is asked from now on waits for this. */
    void after(CompletionStage<?> first) {
      last = first;
    }

    void ask(
        Identity who, RoomId id, Command asked, Consumer<Command> pass, Consumer<Refusal> refuse) {
      Optional<Refusal> refusal = check(who, id, asked);
      Command again = refusal.isPresent() ? resend(asked, refusal.get()) : null;
      Command command = again == null ? asked : again;
      if (refusal.isPresent() && again == null) {
        refuse.accept(refusal.get());
      } else {
        forward(who, id, command, pass, refuse);
      }
    }

    /** Without a look at how often the user asks. */
    void forward(
        Identity who,
        RoomId id,
        Command command,
        Consumer<Command> pass,
        Consumer<Refusal> refuse) {
      if (access == Access.BY_MEMBERSHIP && interception.isEmpty()) {
        pass.accept(command);
      } else if (waiting.incrementAndGet() > WAITING_MAX) {
        waiting.decrementAndGet();
        refuse.accept(Refusal.later(Reason.BUSY, "too many commands wait", 1));
      } else {
        last =
            last.thenCombine(approved(who, id, command), (before, approved) -> approved)
                .handle(
                    (approved, failure) -> {
                      waiting.decrementAndGet();
                      if (approved != null) {
                        pass.accept(approved);
                      } else {
                        refuse.accept(refusal(failure));
                      }
                      return null;
                    });
      }
    }
  }
}
