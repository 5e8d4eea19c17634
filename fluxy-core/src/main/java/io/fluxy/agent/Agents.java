package io.fluxy.agent;

import static io.fluxy.auth.Quota.Metric.AGENT_INVOKES;

import io.fluxy.auth.Projects;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.StoredMessage;
import io.fluxy.connection.RateLimit;
import io.fluxy.hook.Interception;
import io.fluxy.room.RoomRegistry;
import io.fluxy.store.AgentRecord;
import io.fluxy.store.AgentStore;
import io.fluxy.store.RoomRecord;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agents of an engine: who is asked, how often, and in which order. A room asks an agent one
 * thing at a time; agents may ask each other, three deep and no deeper.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public final class Agents {
  private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
  private static final int DEPTH_MAX = 3;
  private static final int HISTORY = 20;
  private static final int MENTIONED_MAX = 5; // agents in one message
  private static final int LISTED_MAX = 1_000;
  private static final Set<Sanction> SILENCING =
      EnumSet.of(Sanction.MUTE, Sanction.BAN, Sanction.BLOCK);
  private static final long KNOWN_MS = 5_000; // for how long a project's list is taken as it was

  private final AgentStore store;
  private final RoomRegistry rooms;
  private final Scheduler scheduler;
  private final Scheduler threads;
  private final Limits limits;
  private final Projects projects;
  private final Quota quota;
  private final RateLimit rates;
  private final Interception interception;
  private final Map<Place, Agent> code;
  private final @Nullable Agent others;
  private final Unfinished unfinished;
  private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>(); // by project
  private final Map<Queue, Deque<Run>> queues = new HashMap<>(); // guarded by itself, as is:
  private int runs;

  /** An agent that the host has written, by project and handle. */
  public record Place(String project, String handle) {}

  private record Queue(RoomId room, String agentId) {}

  private record Known(List<AgentRecord> agents, long atTicks) {}

  /**
   * The agents of an engine.
   *
   * @param interception is asked about what agents say
   * @param threads where the host's code runs; its tasks may block
   * @param code what the host has written for certain agents
   * @param others what answers for all other agents of the store; null if nothing does
   */
  public Agents(
      AgentStore store,
      RoomRegistry rooms,
      Scheduler scheduler,
      Scheduler threads,
      Limits limits,
      Projects projects,
      Quota quota,
      Interception interception,
      Map<Place, Agent> code,
      @Nullable Agent others) {
    this.store = store;
    this.rooms = rooms;
    this.scheduler = scheduler;
    this.threads = threads;
    this.limits = limits;
    this.projects = projects;
    this.quota = quota;
    this.interception = interception;
    this.rates = new RateLimit(scheduler);
    this.code = Map.copyOf(code);
    this.others = others;
    this.unfinished = new Unfinished(limits.agentRunsMax());
  }

  /**
   * Hears what this engine has written, on the room's turn: a message that is whole may mention an
   * agent, and whoever may not speak any more has nobody speak for it.
   */
  public void happened(RoomRecord room, Event.Durable event) {
    if (others == null && code.isEmpty()) {
      return;
    }
    boolean whole = unfinished.isWholeWith(room.id(), event);
    if (event instanceof Event.Posted posted && posted.stream() == null) {
      Message message = posted.message();
      said(room.id(), message.userId(), message.content(), message.readers());
    } else if (whole && event instanceof Event.Edited edited) {
      said(room.id(), edited.userId(), edited.content(), edited.readers());
    } else if (event instanceof Event.MemberRemoved removed) {
      silence(room.id(), removed.userId());
    } else if (event instanceof Event.Imposed imposed && SILENCING.contains(imposed.sanction())) {
      silence(room.id(), imposed.userId());
    }
  }

  private void said(RoomId room, String by, String content, @Nullable Readers readers) {
    if (readers == null && content.indexOf('@') >= 0) {
      scheduler.run(() -> mentioned(room, by, content, 0));
    }
  }

  private void silence(RoomId room, String userId) {
    if (running() > 0) {
      scheduler.run(
          () ->
              found(run -> run.roomId().equals(room) && run.by().equals(userId))
                  .forEach(Run::silence));
    }
  }

  /** Forgets what was known of a project's agents: they have changed. */
  public void changed(String project) {
    known.remove(project);
  }

  /**
   * Asks an agent. Whether the one who asks may be in the room, the caller has seen to.
   *
   * @param agentId its id or its handle
   * @return completes when the room has taken the answer, or that there is none; exceptionally with
   *     {@link RefusedException}: {@link Reason#MEMBER_NOT_FOUND} if there is no such agent, {@link
   *     Reason#INVALID} if nothing answers for it, {@link Reason#RATE_LIMITED}, {@link
   *     Reason#QUOTA_EXCEEDED}, {@link Reason#BUSY}
   */
  public CompletionStage<AgentRun> invoke(
      RoomId room, String agentId, String by, String content, @Nullable Long replyTo) {
    return agents(room.project())
        .thenCompose(
            agents -> {
              Optional<AgentRecord> found =
                  agents.stream()
                      .filter(a -> a.id().equals(agentId) || a.handle().equals(agentId))
                      .findFirst();
              return found.isEmpty()
                  ? refused(Refusal.of(Reason.MEMBER_NOT_FOUND, "agent_not_found"))
                  : accept(room, found.get(), by, content, replyTo, 0);
            });
  }

  /** Ends a run that is going on here, or waits to. */
  public void cancel(String runId) {
    cancel(run -> run.id().equals(runId));
  }

  /** Ends all runs of a project's agent that are going on here or wait to. */
  public void cancelAll(String project, String agentId) {
    cancel(run -> run.agent().id().equals(agentId) && run.roomId().project().equals(project));
  }

  private void cancel(Predicate<Run> which) {
    found(which).forEach(run -> run.cancel(AgentRun.Status.CANCELLED, "cancelled"));
  }

  private List<Run> found(Predicate<Run> which) {
    List<Run> found = new ArrayList<>();
    synchronized (queues) {
      queues.values().forEach(queue -> queue.stream().filter(which).forEach(found::add));
    }
    return found;
  }

  /** How many runs are going on or wait. */
  public int running() {
    synchronized (queues) {
      return runs;
    }
  }

  private CompletionStage<List<AgentRecord>> agents(String project) {
    Known last = known.get(project);
    if (last != null && scheduler.ticksMs() - last.atTicks() < KNOWN_MS) {
      return CompletableFuture.completedStage(last.agents());
    }
    return store
        .list(project, LISTED_MAX)
        .thenApply(
            agents -> {
              known.put(project, new Known(agents, scheduler.ticksMs()));
              return agents;
            });
  }

  private void mentioned(RoomId room, String by, String content, int depth) {
    agents(room.project())
        .whenComplete(
            (agents, failure) -> {
              if (failure != null) {
                LOG.warn("{}: the agents are not known: {}", room, failure.toString());
              } else if (depth > 0 || agents.stream().noneMatch(a -> a.id().equals(by))) {
                for (AgentRecord agent : named(agents, by, content)) {
                  accept(room, agent, by, content, null, depth)
                      .exceptionally(
                          refusal -> {
                            LOG.debug("{}: @{} does not answer", room, agent.handle(), refusal);
                            return null;
                          });
                }
              }
            });
  }

  /** Who is named with an at sign; nobody names itself. */
  private static List<AgentRecord> named(List<AgentRecord> agents, String by, String content) {
    Set<AgentRecord> named = new LinkedHashSet<>();
    for (int at = content.indexOf('@'); at >= 0; at = content.indexOf('@', at + 1)) {
      int end = at + 1;
      while (end < content.length() && Names.isId(content.substring(end, end + 1))) {
        end++;
      }
      String handle = content.substring(at + 1, end);
      agents.stream()
          .filter(agent -> agent.handle().equals(handle) && !agent.id().equals(by))
          .findFirst()
          .ifPresent(named::add);
      if (named.size() == MENTIONED_MAX) {
        break;
      }
    }
    return List.copyOf(named);
  }

  private CompletionStage<AgentRun> accept(
      RoomId room,
      AgentRecord agent,
      String by,
      String content,
      @Nullable Long replyTo,
      int depth) {
    Agent answers = code.getOrDefault(new Place(room.project(), agent.handle()), others);
    if (depth > DEPTH_MAX) {
      return refused(
          Refusal.of(Reason.INVALID, "agents may ask each other " + DEPTH_MAX + " deep at most"));
    } else if (answers == null) {
      return refused(Refusal.of(Reason.INVALID, "no code answers for @" + agent.handle()));
    }
    Limits own = projects.limits(room.project());
    int perMinute = Math.min(own.agentRunsPerMinute(), perMinute(agent));
    Optional<Integer> seconds = rates.take(new Place(room.project(), agent.id()), perMinute);
    if (seconds.isPresent()) {
      return refused(
          Refusal.later(Reason.RATE_LIMITED, "retry in " + seconds.get() + "s", seconds.get()));
    }
    long perMonth = own.data().agentInvokesPerMonth();
    if (perMonth > 0 && quota.usage(room.project(), AGENT_INVOKES).used() >= perMonth) {
      int left = quota.usage(room.project(), AGENT_INVOKES).secondsLeft();
      return refused(
          Refusal.later(Reason.QUOTA_EXCEEDED, perMonth + " invocations this month", left));
    }
    String id = new UUID(scheduler.random(), scheduler.random()).toString();
    Run run =
        new Run(id, room, agent, by, content, replyTo, depth, scheduler, limits, interception);
    Queue queue = new Queue(room, agent.id());
    boolean first;
    synchronized (queues) {
      if (runs >= limits.agentRunsMax()) {
        return refused(
            Refusal.later(Reason.BUSY, "more than " + limits.agentRunsMax() + " runs", 1));
      }
      runs++;
      Deque<Run> waiting = queues.computeIfAbsent(queue, none -> new ArrayDeque<>());
      waiting.add(run);
      first = waiting.size() == 1;
    }
    quota.count(room.project(), AGENT_INVOKES);
    Scheduler.Timer deadline =
        scheduler.after(
            limits.agentDeadlineMs(),
            () ->
                run.cancel(
                    AgentRun.Status.FAILED, "no answer in " + limits.agentDeadlineMs() + " ms"));
    CompletionStage<AgentRun> over =
        run.ended()
            .thenApply(
                ended -> {
                  deadline.cancel();
                  run.letGo();
                  next(queue, run);
                  if (ended.status() == AgentRun.Status.COMPLETED
                      && ended.content().indexOf('@') >= 0) {
                    mentioned(room, agent.id(), ended.content(), depth + 1);
                  }
                  return ended;
                });
    if (first) {
      start(run, answers);
    }
    return over;
  }

  /** How often its operators let it be asked. */
  private static int perMinute(AgentRecord agent) {
    byte[] settings = agent.json().getBytes(StandardCharsets.UTF_8);
    return Json.object(settings).get("rateLimitRpm") instanceof Long max
        ? (int) Math.max(0, Math.min(Integer.MAX_VALUE, max))
        : Integer.MAX_VALUE;
  }

  private void next(Queue queue, Run ended) {
    Run next;
    synchronized (queues) {
      runs--;
      Deque<Run> waiting = queues.get(queue);
      if (waiting == null) {
        return;
      }
      boolean wasFirst = waiting.peek() == ended;
      waiting.remove(ended);
      next = wasFirst ? waiting.peek() : null;
      if (waiting.isEmpty()) {
        queues.remove(queue);
      }
    }
    if (next != null) {
      Agent answers =
          code.getOrDefault(new Place(next.roomId().project(), next.agent().handle()), others);
      if (answers != null) {
        start(next, answers);
      }
    }
  }

  private void start(Run run, Agent answers) {
    rooms
        .lease(run.roomId())
        .whenComplete(
            (lease, failure) -> {
              if (failure != null || lease.isEmpty()) {
                run.cancel(AgentRun.Status.FAILED, "the room can't be had");
              } else {
                run.holds(lease.get());
                enter(run, answers, lease.get());
              }
            });
  }

  private void enter(Run run, Agent answers, RoomRegistry.Lease lease) {
    lease
        .room()
        .submit(run.user(), new Command.Enter(true))
        .thenCompose(
            entered -> {
              if (entered instanceof Answer.Refused refused) {
                throw new RefusedException(refused.refusal());
              }
              run.enter(lease.room());
              return lease.room().page(run.user(), Long.MAX_VALUE, HISTORY);
            })
        .whenComplete(
            (page, failure) -> {
              if (failure != null) {
                run.cancel(AgentRun.Status.FAILED, "the room does not let it in");
              } else {
                threads.run(() -> run.answer(answers, run.invocation(oldestFirst(page))));
              }
            });
  }

  private static List<Message> oldestFirst(List<StoredMessage> newestFirst) {
    List<Message> messages = new ArrayList<>();
    newestFirst.forEach(stored -> messages.add(stored.message()));
    Collections.reverse(messages);
    return messages;
  }

  private static <T> CompletionStage<T> refused(Refusal refusal) {
    return CompletableFuture.failedStage(new RefusedException(refusal));
  }
}
