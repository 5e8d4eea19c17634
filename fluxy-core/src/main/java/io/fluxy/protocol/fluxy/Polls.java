package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Services;
import io.fluxy.room.Member;
import io.fluxy.room.Room;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Delivery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What followed a seq, by HTTP; a client may wait for it (issue of clients without sockets and
 * streams). Whoever waits is a member of the room that nobody sees, so it is woken by what it may
 * hear and sent away when it is removed.
 */
final class Polls {
  private static final int WAIT_SECONDS_MAX = 25;

  private final Services services;
  private final Rooms rooms;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ConcurrentMap<Waiter, Integer> perUser = new ConcurrentHashMap<>();

  private record Waiter(String project, String userId) {}

  Polls(Services services, Rooms rooms) {
    this.services = services;
    this.rooms = rooms;
  }

  /**
   * Answers {@code GET /api/messages?roomId&since=seq[&wait=seconds][&limit][&epoch][&only=tools]}.
   * With {@code only=tools} it goes through as much of the log, and tells what agents' tools did:
   * whoever has the messages from a page of history asks for the rest so.
   */
  CompletionStage<ApiResponse> answer(Identity who, RoomId id, ApiRequest request) {
    long since = number(request, "since", 0, 16);
    int max = (int) Math.max(1, Math.min(RoomSocket.RESUMED_MAX, number(request, "limit", 200, 9)));
    long waitMs = 1_000 * Math.min(WAIT_SECONDS_MAX, number(request, "wait", 0, 9));
    boolean onlyTools = request.query("only").isPresent();
    if (onlyTools && !request.query("only").equals(Optional.of("tools"))) {
      throw new Problem(400, "only must be tools");
    }
    Command.Resume resume = new Command.Resume(since, request.query("epoch").orElse(null), max);
    return rooms
        .ask(who, id, resume)
        .thenCompose(
            first ->
                waitMs == 0 || !isEmpty(first, since)
                    ? CompletableFuture.completedStage(first)
                    : waited(who, id, resume, waitMs))
        .thenApply(
            answer -> {
              Event.Replayed replayed = replayed(id, answer);
              Event.Replayed told = onlyTools ? toolsOf(replayed) : replayed;
              return Problem.ok(json -> ReplayJson.replayed(json, id, told));
            });
  }

  private static Event.Replayed toolsOf(Event.Replayed all) {
    List<Event.Durable> tools =
        all.events().stream().filter(event -> event instanceof Event.ToolUsed).toList();
    return new Event.Replayed(all.epoch(), all.recovered(), all.lastSeq(), all.currentSeq(), tools);
  }

  private static long number(ApiRequest request, String name, long otherwise, int digitsMax) {
    return request
        .query(name)
        .map(
            text ->
                Body.whole(text, digitsMax)
                    .orElseThrow(() -> new Problem(400, name + " must be a whole number")))
        .orElse(otherwise);
  }

  private Event.Replayed replayed(RoomId id, Answer answer) {
    if (answer instanceof Answer.Refused refused) {
      throw rooms.problem(id, refused.refusal());
    } else if (answer instanceof Answer.Done done
        && done.event() instanceof Event.Replayed replayed) {
      return replayed;
    }
    throw new IllegalStateException("a resume became " + answer);
  }

  /** Whether there is nothing to tell yet. */
  private static boolean isEmpty(Answer answer, long since) {
    return answer instanceof Answer.Done done
        && done.event() instanceof Event.Replayed replayed
        && replayed.recovered()
        && replayed.lastSeq() == since;
  }

  private CompletionStage<Answer> waited(
      Identity who, RoomId id, Command.Resume resume, long waitMs) {
    Waiter waiter = new Waiter(who.project(), who.user().id());
    Limits limits = services.limits();
    if (waiting.incrementAndGet() > limits.pollsMax()) {
      waiting.decrementAndGet();
      throw Problem.rateLimited(1);
    } else if (perUser.merge(waiter, 1, Integer::sum) > limits.pollsPerUserMax()) {
      gone(waiter);
      throw Problem.rateLimited(1);
    }
    return rooms
        .look(who, id, room -> new Wait(room, who, resume).begin(waitMs))
        .whenComplete((answer, failure) -> gone(waiter));
  }

  private void gone(Waiter waiter) {
    waiting.decrementAndGet();
    perUser.computeIfPresent(waiter, (key, count) -> count == 1 ? null : count - 1);
  }

  /** One request that waits, as a member of its room. */
  private final class Wait implements Member {
    private final Room room;
    private final Identity who;
    private final Command.Resume resume;
    private final String id;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    Wait(Room room, Identity who, Command.Resume resume) {
      Scheduler scheduler = services.scheduler();
      this.room = room;
      this.who = who;
      this.resume = resume;
      this.id = new UUID(scheduler.random(), scheduler.random()).toString();
    }

    CompletionStage<Answer> begin(long waitMs) {
      Scheduler.Timer over = services.scheduler().after(waitMs, () -> look(true));
      room.join(this, 0, false);
      return answer.whenComplete(
          (done, failure) -> {
            over.cancel();
            room.leave(this);
          });
    }

    private void look(boolean isOver) {
      services
          .gate()
          .look(who, room.record().id(), here -> here.submit(who.user(), resume))
          .whenComplete(
              (found, failure) -> {
                if (failure != null) {
                  answer.completeExceptionally(failure);
                } else if (isOver || !isEmpty(found, resume.lastSeq())) {
                  answer.complete(found);
                }
              });
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public User user() {
      return who.user();
    }

    @Override
    public Map<String, String> info() {
      return Map.of();
    }

    @Override
    public boolean hear(Delivery delivery) {
      boolean isNews =
          delivery.events().stream()
              .anyMatch(event -> event instanceof Event.Durable || event instanceof Event.Welcomed);
      if (isNews) {
        look(false);
      }
      return true;
    }

    @Override
    public boolean answersToHost() {
      return services.gate().asksHost();
    }

    @Override
    public CompletionStage<Boolean> mayStay() {
      return services.gate().mayStay(who, room.record().id());
    }

    @Override
    public void part(Farewell farewell) {
      look(true); // the room says by itself who may not be here
    }
  }
}
