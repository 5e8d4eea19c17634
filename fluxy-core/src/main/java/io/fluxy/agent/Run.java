package io.fluxy.agent;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Command.ToolPhase;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.hook.Interception;
import io.fluxy.room.Room;
import io.fluxy.room.RoomRegistry;
import io.fluxy.store.AgentRecord;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One answer of an agent, from its acceptance to its end. Letters to the room are sent under this
 * object's lock, so the room takes them in their order; no more than one text waits there at a
 * time, however fast the agent writes.
 */
final class Run implements Reply {
  private static final int ERROR_CHARS_MAX = 500;

  private final String id;
  private final RoomId roomId;
  private final AgentRecord agent;
  private final String by;
  private final String content;
  private final @Nullable Long replyTo;
  private final int depth;
  private final Scheduler scheduler;
  private final Limits limits;
  private final Interception interception;
  private final User user;
  private final long createdAtMs;
  private final long createdAtTicks;
  private final CompletableFuture<AgentRun> ended = new CompletableFuture<>();

  // Guarded by this.
  private CompletionStage<?> said = CompletableFuture.completedStage(null);
  private final StringBuilder text = new StringBuilder();
  private final List<AgentRun.ToolCall> toolCalls = new ArrayList<>();
  private final List<Runnable> onCancel = new ArrayList<>();
  private @Nullable Room room;
  private RoomRegistry.@Nullable Lease lease;
  private boolean hasLetGo;
  private @Nullable Thread thread;
  private long messageId;
  private boolean begun;
  private boolean growing; // a text is on its way to the room
  private boolean grown; // and there is more by now
  private boolean over;
  private boolean silenced; // it says no more than has been told
  private int inputTokens;
  private int outputTokens;
  private double estimatedCost;

  Run(
      String id,
      RoomId roomId,
      AgentRecord agent,
      String by,
      String content,
      @Nullable Long replyTo,
      int depth,
      Scheduler scheduler,
      Limits limits,
      Interception interception) {
    this.id = id;
    this.roomId = roomId;
    this.agent = agent;
    this.by = by;
    this.content = content;
    this.replyTo = replyTo;
    this.depth = depth;
    this.scheduler = scheduler;
    this.limits = limits;
    this.interception = interception;
    this.user = new User(agent.id(), Set.of(Role.BOT));
    this.createdAtMs = scheduler.nowMs();
    this.createdAtTicks = scheduler.ticksMs();
  }

  String id() {
    return id;
  }

  RoomId roomId() {
    return roomId;
  }

  AgentRecord agent() {
    return agent;
  }

  String by() {
    return by;
  }

  int depth() {
    return depth;
  }

  User user() {
    return user;
  }

  /**
   * Completes when the room has taken the end; never exceptionally. Its dependants run in no order:
   * what has to be over before anybody hears of the end belongs into {@link Agents}.
   */
  CompletionStage<AgentRun> ended() {
    return ended;
  }

  /** Keeps the room alive until {@link #letGo}. */
  void holds(RoomRegistry.Lease taken) {
    synchronized (this) {
      if (!hasLetGo) {
        lease = taken;
        return;
      }
    }
    taken.release();
  }

  /** Gives back what it holds, now or later. */
  void letGo() {
    RoomRegistry.Lease held;
    synchronized (this) {
      hasLetGo = true;
      held = lease;
    }
    if (held != null) {
      held.release();
    }
  }

  /** The room is there: lets the agent answer, on the thread of the caller. */
  void answer(Agent code, Invocation invocation) {
    synchronized (this) {
      if (over) {
        return;
      }
      thread = Thread.currentThread();
    }
    String error = null;
    try {
      code.answer(invocation, this);
    } catch (InterruptedException | CancellationException e) {
      error = "cancelled";
    } catch (Exception e) {
      error = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    } finally {
      synchronized (this) {
        thread = null;
      }
    }
    finish(error == null ? AgentRun.Status.COMPLETED : AgentRun.Status.FAILED, error);
  }

  Invocation invocation(List<io.fluxy.chat.Message> history) {
    return new Invocation(id, roomId, agent, by, content, replyTo, depth, history);
  }

  /** The agent has taken its place in the room. */
  synchronized void enter(Room entered) {
    room = entered;
    if (!over) {
      say(entered, new Command.TypeAsAgent(agent.id(), true, null, replyTo));
    }
  }

  @Override
  public synchronized void begin() {
    Room to = alive();
    if (begun) {
      return;
    }
    begun = true;
    growing = true;
    say(to, new Command.StartStream("", replyTo, id)).thenAccept(this::begun);
  }

  private void begun(Answer answer) {
    if (answer instanceof Answer.Done done && done.event() instanceof Event.Posted posted) {
      synchronized (this) {
        messageId = posted.message().id();
      }
      taken();
    } else {
      finish(AgentRun.Status.FAILED, why(answer));
    }
  }

  @Override
  public void append(String more) {
    synchronized (this) {
      begin();
      if (text.length() + more.length() <= limits.contentCharsMax()) {
        text.append(more);
        grown = true;
        if (!growing) {
          grow();
        }
        return;
      }
    }
    String error = "the answer exceeds " + limits.contentCharsMax() + " characters";
    finish(AgentRun.Status.FAILED, error);
    throw new IllegalArgumentException(error);
  }

  private void grow() {
    grown = false;
    growing = true;
    say(alive(), new Command.GrowStream(text.toString())).thenAccept(answer -> taken());
  }

  private synchronized void taken() {
    growing = false;
    if (grown && !over) {
      grow();
    }
  }

  @Override
  public synchronized void toolCall(String toolCallId, String name, String argumentsJson) {
    use(ToolPhase.CALL, toolCallId, name, argumentsJson);
    toolCalls.add(new AgentRun.ToolCall(toolCallId, name, argumentsJson));
  }

  @Override
  public synchronized void toolResult(String toolCallId, String name, String resultJson) {
    use(ToolPhase.RESULT, toolCallId, name, resultJson);
  }

  @Override
  public synchronized void toolError(String toolCallId, String name, String errorJson) {
    use(ToolPhase.ERROR, toolCallId, name, errorJson);
  }

  private void use(ToolPhase phase, String toolCallId, String name, String json) {
    if (toolCalls.size() >= limits.agentToolCallsMax()) {
      throw new IllegalArgumentException(
          "a run may call " + limits.agentToolCallsMax() + " tools at most");
    }
    say(alive(), new Command.UseTool(phase, id, agent.id(), toolCallId, name, json, replyTo))
        .thenAccept(
            answer -> {
              if (!(answer instanceof Answer.Done)) {
                finish(AgentRun.Status.FAILED, why(answer));
              }
            });
  }

  @Override
  public synchronized void usage(int input, int output, double cost) {
    inputTokens = input;
    outputTokens = output;
    estimatedCost = cost;
  }

  @Override
  public void end() {
    finish(AgentRun.Status.COMPLETED, null);
  }

  @Override
  public void fail(String error) {
    finish(AgentRun.Status.FAILED, error);
  }

  @Override
  public synchronized boolean isOver() {
    return over;
  }

  @Override
  public void onCancel(Runnable action) {
    synchronized (this) {
      if (!over) {
        onCancel.add(action);
        return;
      }
    }
    action.run();
  }

  /** Whoever asked may not speak any more: what it has said stands, and nothing more is said. */
  void silence() {
    synchronized (this) {
      silenced = true;
    }
    cancel(AgentRun.Status.CANCELLED, "whoever asked may not speak here any more");
  }

  /** Ends it from outside. */
  void cancel(AgentRun.Status status, String error) {
    List<Runnable> actions;
    synchronized (this) {
      if (over) {
        return;
      }
      actions = List.copyOf(onCancel);
      if (thread != null) {
        thread.interrupt();
      }
    }
    finish(status, error);
    actions.forEach(Runnable::run);
  }

  /**
   * Sends a letter, under our lock. Where the host's interceptors are asked first, it waits for
   * them, and for the letters before it.
   */
  private CompletionStage<Answer> say(Room to, Command command) {
    if (interception.isEmpty()) {
      return to.submit(user, command);
    }
    Identity who = new Identity(roomId.project(), user, Long.MAX_VALUE, null);
    CompletionStage<Command> passed = interception.pass(who, roomId, command);
    CompletionStage<Answer> answer =
        said.thenCompose(before -> passed)
            .thenCompose(approved -> to.submit(user, approved))
            .exceptionally(failure -> new Answer.Refused(refusal(failure)));
    said = answer;
    return answer;
  }

  private static Refusal refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException refused
        ? refused.refusal()
        : Refusal.of(Refusal.Reason.INTERNAL, "internal error");
  }

  private Room alive() {
    Room alive = room;
    if (over || alive == null) {
      throw new CancellationException("the run is over");
    }
    return alive;
  }

  private void finish(AgentRun.Status status, @Nullable String error) {
    CompletionStage<Answer> last;
    Room in;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      in = room;
      if (in == null) {
        ended.complete(outcome(status, error, ""));
        return;
      }
      Command end = silenced ? new Command.EndStream(null) : end(text.toString().strip());
      last = begun ? last(in, end) : CompletableFuture.completedFuture(null);
    }
    last.thenAccept(answer -> report(in, status, error, answer));
  }

  private synchronized void report(
      Room in, AgentRun.Status status, @Nullable String error, @Nullable Answer answer) {
    boolean lost = begun && !(answer instanceof Answer.Done) && error == null;
    AgentRun outcome =
        lost
            ? outcome(AgentRun.Status.FAILED, why(answer), "")
            : outcome(status, error, kept(answer));
    String word = outcome.status().word();
    say(in, new Command.ReportRun(id, agent.id(), word, outcome.json(), replyTo));
    say(in, new Command.TypeAsAgent(agent.id(), false, null, replyTo))
        .thenAccept(told -> ended.complete(outcome));
  }

  /** What the message says in the end, which need not be what the agent has said. */
  private static String kept(@Nullable Answer answer) {
    return answer instanceof Answer.Done done && done.event() instanceof Event.Edited edited
        ? edited.content()
        : "";
  }

  /** The end of the message. If that text is refused, the one before it stands. */
  private CompletionStage<Answer> last(Room in, Command end) {
    return say(in, end)
        .thenCompose(
            answer ->
                answer instanceof Answer.Refused
                    ? in.submit(user, new Command.EndStream(null)).thenApply(stands -> answer)
                    : CompletableFuture.completedStage(answer));
  }

  private static Command end(String said) {
    return said.isEmpty() ? new Command.AbortStream() : new Command.EndStream(said);
  }

  private synchronized AgentRun outcome(
      AgentRun.Status status, @Nullable String error, String said) {
    return new AgentRun(
        id,
        agent.id(),
        roomId,
        status,
        scheduler.ticksMs() - createdAtTicks,
        inputTokens,
        outputTokens,
        estimatedCost,
        toolCalls,
        createdAtMs,
        error == null ? null : cut(error),
        said.isEmpty() ? 0 : messageId,
        said);
  }

  private static String cut(String error) {
    String sound = io.fluxy.chat.Text.isSound(error) ? error : "error";
    return sound.length() <= ERROR_CHARS_MAX ? sound : sound.substring(0, ERROR_CHARS_MAX - 1);
  }

  private static String why(@Nullable Answer answer) {
    Refusal refusal = answer instanceof Answer.Refused refused ? refused.refusal() : null;
    return refusal == null ? "the room did not take the answer" : refusal.detail();
  }
}
