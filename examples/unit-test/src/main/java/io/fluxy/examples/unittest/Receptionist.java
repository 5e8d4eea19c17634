package io.fluxy.examples.unittest;

import io.fluxy.Fluxy;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.hook.Listener;
import io.fluxy.store.RoomRecord;
import io.fluxy.time.Scheduler;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps customers company: whoever waits two minutes for the team is told, once, that somebody will
 * come. It takes time from the scheduler it is given, so a test has that in its hand.
 */
public final class Receptionist implements Listener<Event.Posted> {
  static final String SORRY = "Sorry for the wait: somebody will be with you soon.";

  private static final User SELF = new User("receptionist", Set.of(Role.ADMIN));
  private static final long PATIENCE_MS = 120_000;
  private static final long RETRY_MS = 10_000;

  private final Set<String> team;
  private final Scheduler scheduler;
  private final Map<RoomId, Scheduler.Timer> waiting = new ConcurrentHashMap<>();
  private final CompletableFuture<Fluxy> fluxy = new CompletableFuture<>(); // once it has started

  private Receptionist(Set<String> team, Scheduler scheduler) {
    this.team = team;
    this.scheduler = scheduler;
  }

  /** Starts an engine with a receptionist in it: production calls this, and so does the test. */
  public static Fluxy start(Fluxy.Builder builder, Scheduler scheduler, Set<String> team) {
    Receptionist receptionist = new Receptionist(team, scheduler);
    Fluxy fluxy = builder.listener(Event.Posted.class, receptionist).start();
    receptionist.fluxy.complete(fluxy);
    return fluxy;
  }

  @Override
  public void happened(RoomRecord room, Event.Posted posted) {
    String from = posted.message().userId();
    if (team.contains(from)) {
      answered(room.id());
    } else if (!from.equals(SELF.id())) {
      Draft sorry = Draft.text(SORRY).withClientMessageId("sorry-for-" + posted.seq());
      waiting.computeIfAbsent(
          room.id(), id -> scheduler.after(PATIENCE_MS, () -> say(sorry, room.id())));
    }
  }

  private void answered(RoomId room) {
    Scheduler.Timer timer = waiting.remove(room);
    if (timer != null) {
      timer.cancel();
    }
  }

  /** The draft has a name, so saying it again is harmless when nobody knows whether it was said. */
  private void say(Draft sorry, RoomId room) {
    post(sorry, room)
        .exceptionally(
            failure -> {
              scheduler.after(RETRY_MS, () -> say(sorry, room));
              return null;
            });
  }

  private CompletionStage<Message> post(Draft draft, RoomId room) {
    return fluxy.thenCompose(engine -> engine.room(room).post(SELF, draft));
  }
}
