package io.fluxy.hook;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.time.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An engine's interceptors, in the order they are asked. Safe for use by many threads. */
public final class Interception {
  private static final Logger LOG = LoggerFactory.getLogger(Interception.class);

  /** Nobody is asked. */
  public static final Interception NONE = new Interception();

  private final List<Interceptor> interceptors;
  private final Function<Runnable, Scheduler.Timer> deadline;
  private final Consumer<Flagged> flagged;

  /** An interceptor has refused what somebody wanted to say. */
  public record Flagged(Identity who, RoomId room, Refusal refusal) {}

  private Interception() {
    interceptors = List.of();
    deadline = late -> () -> {};
    flagged = refused -> {};
  }

  /**
   * Interceptors.
   *
   * @param timeoutMs how long all of them together may take over one command
   * @param flagged hears what they refuse; must return at once
   */
  public Interception(
      List<Interceptor> interceptors,
      Scheduler scheduler,
      int timeoutMs,
      Consumer<Flagged> flagged) {
    this.interceptors = List.copyOf(interceptors);
    this.deadline = late -> scheduler.after(timeoutMs, late);
    this.flagged = flagged;
  }

  /** Whether nobody wants to be asked about anything. */
  public boolean isEmpty() {
    return interceptors.isEmpty();
  }

  /**
   * What they make of a command.
   *
   * @return exceptionally with {@link RefusedException}, and with nothing else, if they refuse it
   */
  public CompletionStage<Command> pass(Identity who, RoomId room, Command command) {
    if (interceptors.isEmpty() || !saysSomething(command)) {
      return CompletableFuture.completedStage(command);
    }
    CompletableFuture<Command> passed = new CompletableFuture<>();
    Scheduler.Timer tooLate =
        deadline.apply(() -> passed.completeExceptionally(busy("took too long")));
    asked(who, room, command)
        .whenComplete(
            (rewritten, failure) -> {
              tooLate.cancel();
              if (failure == null) {
                passed.complete(rewritten);
              } else {
                passed.completeExceptionally(refused(who, room, failure));
              }
            });
    return passed;
  }

  private static boolean saysSomething(Command command) {
    return command instanceof Command.Post
        || command instanceof Command.Edit
        || Told.of(command) != null
        || !streamed(command).isBlank();
  }

  /** The whole text, so far, of a message that is written bit by bit; empty if it says nothing. */
  private static String streamed(Command command) {
    if (command instanceof Command.StartStream start) {
      return start.content();
    } else if (command instanceof Command.GrowStream grow) {
      return grow.content();
    }
    return command instanceof Command.EndStream end && end.content() != null ? end.content() : "";
  }

  private static Command streaming(Command command, String content) {
    if (command instanceof Command.StartStream start) {
      return new Command.StartStream(content, start.parentId(), start.runId());
    }
    return command instanceof Command.GrowStream
        ? new Command.GrowStream(content)
        : new Command.EndStream(content);
  }

  private CompletionStage<Command> asked(Identity who, RoomId room, Command command) {
    CompletionStage<Command> stage = CompletableFuture.completedStage(command);
    for (Interceptor interceptor : interceptors) {
      stage = stage.thenCompose(before -> ask(interceptor, who, room, before));
    }
    return stage;
  }

  private static CompletionStage<Command> ask(
      Interceptor interceptor, Identity who, RoomId room, Command command) {
    if (command instanceof Command.Post post) {
      return interceptor
          .before(who, room, post.draft())
          .thenApply(
              draft ->
                  new Command.Post(
                      sameSend(draft, post.draft()), post.exceptMemberId(), post.askedBy()));
    } else if (command instanceof Command.Edit edit) {
      return interceptor
          .beforeEdit(who, room, edit.messageId(), edit.content())
          .thenApply(content -> new Command.Edit(edit.messageId(), content));
    }
    Told told = Told.of(command);
    if (told != null) {
      String before = told.json();
      return interceptor
          .beforeJson(who, room, before)
          .thenApply(after -> after.equals(before) ? command : Told.with(command, after));
    }
    return interceptor
        .beforeStreamed(who, room, streamed(command))
        .thenApply(content -> streaming(command, content));
  }

  /** Whatever is rewritten, it stays the same send, or a repeated one would be said twice. */
  private static Draft sameSend(Draft rewritten, Draft original) {
    String id = original.clientMessageId();
    return id == null || id.equals(rewritten.clientMessageId())
        ? rewritten
        : rewritten.withClientMessageId(id);
  }

  private RefusedException refused(Identity who, RoomId room, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RefusedException refused) {
      flagged.accept(new Flagged(who, room, refused.refusal()));
      return refused;
    }
    LOG.warn("{}: an interceptor failed", room, cause);
    return busy("failed");
  }

  private static RefusedException busy(String how) {
    return new RefusedException(Refusal.later(Reason.BUSY, "what checks messages here " + how, 1));
  }
}
