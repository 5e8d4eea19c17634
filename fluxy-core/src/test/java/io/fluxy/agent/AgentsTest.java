package io.fluxy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.auth.Projects;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.hook.Interception;
import io.fluxy.room.Room;
import io.fluxy.room.RoomRegistry;
import io.fluxy.store.AgentRecord;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When agents take long, or are many: their threads run only when a test says so. */
class AgentsTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final Limits LIMITS = Limits.defaults().toBuilder().agentRunsMax(3).build();

  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final VirtualScheduler threads = VirtualScheduler.inOrder();
  private final Store store = Store.inMemory();
  private final List<String> asked = new ArrayList<>();
  private final RoomRegistry rooms = RoomRegistry.local(store, time, LIMITS, (room, event) -> {});
  private int held;
  private Agent code = (invocation, reply) -> reply.append("answer to " + invocation.content());

  private final Agents agents =
      new Agents(
          store.agents(),
          counted(rooms),
          time,
          threads,
          LIMITS,
          new Projects(store.directory(), time, LIMITS),
          new Quota(store, time),
          Interception.NONE,
          Map.of(),
          (asking, reply) -> ask(asking, reply));

  AgentsTest() {
    for (String name : List.of("lobby", "attic")) {
      List<MemberRecord> founders = List.of(new MemberRecord("ann", Role.OWNER, 0));
      RoomId id = new RoomId("shop", name);
      store.directory().createRoom(id, RoomType.GROUP, name, time.nowMs(), founders, "ann");
    }
    store.agents().save("shop", new AgentRecord("bot", "bot", "Bot", "{}", 0), 9);
  }

  private void ask(Invocation invocation, Reply reply) throws Exception {
    asked.add(invocation.content());
    code.answer(invocation, reply);
  }

  /** Counts the rooms that somebody holds. */
  private RoomRegistry counted(RoomRegistry real) {
    return new RoomRegistry() {
      @Override
      public CompletionStage<Optional<Lease>> lease(RoomId id) {
        return real.lease(id).thenApply(lease -> lease.map(this::counted));
      }

      @Override
      public CompletionStage<Optional<Lease>> leaseIfAlive(RoomId id) {
        return real.leaseIfAlive(id).thenApply(lease -> lease.map(this::counted));
      }

      private Lease counted(Lease lease) {
        held++;
        return new Lease() {
          @Override
          public Room room() {
            return lease.room();
          }

          @Override
          public void release() {
            held--;
            lease.release();
          }
        };
      }

      @Override
      public Waiting waiting() {
        return real.waiting();
      }

      @Override
      public int size() {
        return real.size();
      }

      @Override
      public void review(Predicate<RoomId> which, @Nullable String userId) {
        real.review(which, userId);
      }
    };
  }

  private CompletableFuture<AgentRun> invoke(String content) {
    CompletableFuture<AgentRun> run =
        agents.invoke(LOBBY, "bot", "ann", content, null).toCompletableFuture();
    time.runUntilIdle();
    return run;
  }

  private void agentsRun() {
    threads.runUntilIdle();
    time.runUntilIdle();
  }

  private List<Event.Durable> log() {
    return store.messages().read(LOBBY, 2, 100).toCompletableFuture().join();
  }

  @Test
  void aRoomAsksAnAgentOneThingAtATime() {
    CompletableFuture<AgentRun> one = invoke("one");
    CompletableFuture<AgentRun> two = invoke("two");
    assertThat(threads.ready()).isEqualTo(1);
    agentsRun();
    assertThat(one.join().content()).isEqualTo("answer to one");
    assertThat(two).isNotDone();
    assertThat(threads.ready()).isEqualTo(1);
    agentsRun();

    assertThat(two.join().status()).isEqualTo(AgentRun.Status.COMPLETED);
    assertThat(asked).containsExactly("one", "two");
    assertThat(agents.running()).isZero();
  }

  @Test
  void whoeverHearsOfTheEndFindsNothingOfTheRunLeft() {
    List<String> left = new ArrayList<>();
    for (String how : List.of("answered", "cancelled")) {
      CompletableFuture<AgentRun> run =
          agents.invoke(LOBBY, "bot", "ann", how, null).toCompletableFuture();
      CompletableFuture<Void> heard =
          run.thenAccept(
              ended -> left.add(how + " " + agents.running() + " runs, " + held + " rooms"));
      time.runUntilIdle();
      assertThat(agents.running() + held).isEqualTo(2);
      if (how.equals("cancelled")) {
        agents.cancelAll("shop", "bot");
      }
      agentsRun();
      assertThat(heard).isDone();
    }

    assertThat(left).containsExactly("answered 0 runs, 0 rooms", "cancelled 0 runs, 0 rooms");
  }

  @Test
  void whoeverAnswersTooLateHasNotAnswered() {
    CompletableFuture<AgentRun> late = invoke("one");
    CompletableFuture<AgentRun> next = invoke("two");
    time.advance(LIMITS.agentDeadlineMs() - 1L);
    assertThat(late).isNotDone();
    time.advance(1);

    assertThat(late.join().status()).isEqualTo(AgentRun.Status.FAILED);
    assertThat(late.join().error()).isEqualTo("no answer in 60000 ms");
    assertThat(next.join().error()).as("it has waited as long").isNotNull();
    agentsRun();
    assertThat(asked).isEmpty();
    assertThat(log()).hasOnlyElementsOfType(Event.RunReported.class).hasSize(1);
    assertThat(agents.running()).isZero();
  }

  @Test
  void whoIsCancelledKeepsWhatItSaidAndMaySayNoMore() {
    List<String> closed = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    code =
        (invocation, reply) -> {
          reply.onCancel(() -> closed.add("stream"));
          reply.append("so far");
          agents.cancel(invocation.runId());
          assertThat(Thread.interrupted()).isTrue();
          assertThat(reply.isOver()).isTrue();
          try {
            reply.append(" and on");
          } catch (CancellationException e) {
            thrown.add(e);
          }
        };
    CompletableFuture<AgentRun> run = invoke("one");
    agentsRun();

    assertThat(run.join().status()).isEqualTo(AgentRun.Status.CANCELLED);
    assertThat(run.join().content()).isEqualTo("so far");
    assertThat(closed).containsExactly("stream");
    assertThat(thrown).hasSize(1);
    assertThat(log()).filteredOn(Event.Edited.class::isInstance).hasSize(1);
  }

  @Test
  void soManyRunsAndNoMore() {
    List<CompletableFuture<AgentRun>> three =
        List.of(invoke("one"), invoke("two"), invoke("three"));

    assertThat(three).noneMatch(CompletableFuture::isDone);
    assertThatThrownBy(() -> invoke("four").join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().reason()).isEqualTo(Reason.BUSY));
    agentsRun();
    agentsRun();
    agentsRun();
    assertThat(agents.running()).isZero();
  }

  @Test
  void howeverFastAnAgentWritesOneTextWaitsForTheRoom() {
    code =
        (invocation, reply) -> {
          for (int i = 0; i < 1_000; i++) {
            reply.append("x");
          }
        };
    CompletableFuture<AgentRun> run = invoke("one");
    long before = time.steps();
    agentsRun();

    assertThat(run.join().content()).hasSize(1_000);
    assertThat(time.steps() - before).isLessThan(50);
  }
}
