package io.fluxy;

import io.fluxy.agent.Agents;
import io.fluxy.attachment.Uploads;
import io.fluxy.auth.Platform;
import io.fluxy.auth.Project;
import io.fluxy.auth.Projects;
import io.fluxy.auth.Quota;
import io.fluxy.auth.Tokens;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.connection.Gate;
import io.fluxy.connection.Lines;
import io.fluxy.connection.RateLimit;
import io.fluxy.console.Backstage;
import io.fluxy.console.Console;
import io.fluxy.console.Pulse;
import io.fluxy.hook.DeliveryAccount;
import io.fluxy.hook.Interception;
import io.fluxy.hook.Interceptor;
import io.fluxy.hook.Listener;
import io.fluxy.hook.Listeners;
import io.fluxy.hook.WebhookSender;
import io.fluxy.hook.Webhooks;
import io.fluxy.http.Origins;
import io.fluxy.protocol.Health;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.Tally;
import io.fluxy.protocol.fluxy.FluxyChat;
import io.fluxy.room.Erasure;
import io.fluxy.room.Intake;
import io.fluxy.room.Retention;
import io.fluxy.room.RoomRegistry;
import io.fluxy.room.Sweep;
import io.fluxy.room.Witness;
import io.fluxy.store.AgentRecord;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.PendingPost;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.time.RunningScheduler;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of an engine, put together. What one part has to know of another is wired here and
 * nowhere else.
 */
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(Fluxy.class);
  private static final int WEBHOOK_THREADS = 4;
  private static final int FILE_THREADS = 2;
  private static final long FINISH_MS = 2_000;

  final Store store;
  final Scheduler scheduler;
  final Limits limits;
  final Projects projects;
  final Tokens tokens;
  final Gate gate;
  final Lines lines;
  final RoomRegistry rooms;
  final Erasure erasure;
  final Listeners listeners;
  final Agents agents;
  final Webhooks webhooks;
  final Health health;
  final LongAdder messages = new LongAdder();
  final LongAdder events = new LongAdder();
  final List<Protocol> protocols;

  private final @Nullable RunningScheduler ownScheduler;
  private final Retention retention;
  private final Sweep sweep;
  private final @Nullable Uploads uploads;
  private final @Nullable Intake intake;
  private final @Nullable DemoRoom demo;
  private final Quota quota;
  private final Tally tally;
  private final @Nullable Pulse pulse; // with a console only
  private final List<RunningScheduler> strangers = new ArrayList<>();

  /** A listener, and which events it hears. */
  record ListenerOf<E extends Event.Durable>(Class<E> kind, Listener<? super E> listener) {
    Listeners.Lane<E> lane(Scheduler thread, int eventsMax) {
      return new Listeners.Lane<>(kind, listener, thread, eventsMax);
    }
  }

  Assembly(Fluxy.Builder builder) {
    store = builder.store;
    limits = builder.limits;
    demo = builder.demo;
    if (builder.scheduler == null) {
      int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
      ownScheduler = Scheduler.start(threads);
      scheduler = ownScheduler;
    } else {
      ownScheduler = null;
      scheduler = builder.scheduler;
    }
    projects = new Projects(store.directory(), scheduler, limits);
    tokens = new Tokens(projects, scheduler);
    quota = new Quota(store, scheduler);
    tally = new Tally(store.operators(), scheduler);
    pulse = builder.operators.isEmpty() ? null : new Pulse(scheduler);
    listeners = listeners(builder);
    sweep = new Sweep(store.expiries(), scheduler);
    webhooks =
        new Webhooks(
            store, scheduler, limits, sender(builder), account(), builder.webhookSecretKeys);
    rooms = RoomRegistry.local(store, scheduler, limits, witness());
    BiConsumer<PendingPost, Refusal> refused = refusedPosts(builder);
    intake =
        store.pending().map(pending -> new Intake(store, pending, scheduler, refused)).orElse(null);
    Interception interception =
        new Interception(
            interceptors(builder), scheduler, limits.interceptorMs(), webhooks::flagged);
    boolean hasAgents = builder.otherAgents != null || !builder.agents.isEmpty();
    agents =
        new Agents(
            store.agents(),
            rooms,
            scheduler,
            hasAgents ? threadsForStrangers(limits.agentThreadsMax()) : scheduler,
            limits,
            projects,
            quota,
            interception,
            builder.agents,
            builder.otherAgents);
    gate =
        new Gate(
            rooms,
            projects,
            builder.access,
            new RateLimit(scheduler),
            new RateLimit(scheduler),
            quota,
            interception);
    lines = new Lines(scheduler, limits);
    erasure = new Erasure(rooms, store);
    retention =
        new Retention(
            scheduler, erasure, projects::known, id -> projects.limits(id).data().retentionDays());
    health = new Health(store, scheduler);
    uploads = uploads(builder);
    Services services =
        new Services(
            scheduler,
            limits,
            store,
            erasure,
            store.directory(),
            projects,
            new Platform(builder.platform, builder.bootstrapSecret),
            tokens,
            gate,
            webhooks,
            store.operators(),
            lines,
            agents,
            new Origins(builder.origins),
            builder.guestProject,
            health,
            demo == null ? null : demo.place(),
            uploads,
            builder.publicUrl,
            tally,
            () -> threadsForStrangers(1));
    protocols =
        new ArrayList<>(builder.protocols.stream().map(each -> each.open(services)).toList());
    if (pulse != null) {
      Backstage stage = new EngineStage(this, (FluxyChat) protocols.get(0));
      protocols.add(Console.open(services, stage, pulse, builder.operators, builder.consoleLimits));
    }
  }

  private DeliveryAccount account() {
    return new DeliveryAccount() {
      @Override
      public boolean mayDeliver(String project) {
        long max = projects.limits(project).data().webhookDeliveriesPerMonth();
        return quota.take(project, Quota.Metric.WEBHOOK_DELIVERIES, max);
      }

      @Override
      public void ended(String project, boolean delivered) {
        tally.count(
            project, delivered ? Tally.Metric.WEBHOOKS_DELIVERED : Tally.Metric.WEBHOOKS_FAILED);
      }
    };
  }

  private Witness witness() {
    return new Witness() {
      @Override
      public void happened(RoomRecord room, Event.Durable event) {
        events.increment();
        count(room, event);
        if (pulse != null) {
          pulse.happened(event);
        }
        listeners.happened(room, event);
        sweep.happened(room, event);
        agents.happened(room, event);
        webhooks.happened(room, event);
      }

      @Override
      public List<DeliveryRecord> outgoing(
          RoomRecord room, List<Event.Durable> events, LongFunction<@Nullable Message> streams) {
        return webhooks.outgoing(room, events, streams);
      }

      @Override
      public void presence(RoomRecord room, @Nullable Event change, int before, int now) {
        webhooks.presence(room, change, before, now);
      }

      @Override
      public void whispered(RoomRecord room, Event.Whispered event) {
        webhooks.whispered(room, event);
      }
    };
  }

  private void count(RoomRecord room, Event.Durable event) {
    if (event instanceof Event.Posted) {
      messages.increment();
      quota.count(room.id().project(), Quota.Metric.MESSAGES);
      tally.count(room.id().project(), Tally.Metric.MESSAGES_CREATED);
    } else if (event instanceof Event.RunReported run) {
      tally.run(room.id().project(), run);
    }
  }

  private Listeners listeners(Fluxy.Builder builder) {
    List<Listeners.Lane<?>> lanes = new ArrayList<>();
    for (ListenerOf<?> listener : builder.listeners) {
      lanes.add(listener.lane(threadsForStrangers(1), limits.listenerEventsMax()));
    }
    return Listeners.of(lanes);
  }

  /** The demo room's own rules come first. */
  private static List<Interceptor> interceptors(Fluxy.Builder builder) {
    if (builder.demo == null) {
      return builder.interceptors;
    }
    List<Interceptor> all = new ArrayList<>(builder.interceptors);
    all.add(0, builder.demo);
    return all;
  }

  private @Nullable Uploads uploads(Fluxy.Builder builder) {
    return builder.depot == null
        ? null
        : new Uploads(
            store.attachments(),
            builder.depot,
            builder.uploadPolicy,
            scheduler,
            threadsForStrangers(FILE_THREADS));
  }

  private WebhookSender sender(Fluxy.Builder builder) {
    return builder.webhookSender != null
        ? builder.webhookSender
        : WebhookSender.direct(
            threadsForStrangers(WEBHOOK_THREADS), builder.webhookReach, limits.webhookTimeoutMs());
  }

  /** What the host's code can't take in time, it misses, as a listener does: the rows are there. */
  private BiConsumer<PendingPost, Refusal> refusedPosts(Fluxy.Builder builder) {
    BiConsumer<PendingPost, Refusal> hears = builder.refusedPosts;
    if (hears == null) {
      return (post, refusal) -> {};
    }
    Scheduler thread = threadsForStrangers(1);
    Semaphore free = new Semaphore(limits.listenerEventsMax());
    return (post, refusal) -> {
      if (free.tryAcquire()) {
        thread.run(
            () -> {
              try {
                hears.accept(post, refusal);
              } finally {
                free.release();
              }
            });
      }
    };
  }

  /** Threads that may be blocked; the given scheduler if time is in somebody's hand. */
  private Scheduler threadsForStrangers(int count) {
    if (ownScheduler == null) {
      return scheduler;
    }
    RunningScheduler threads = Scheduler.start(count);
    strangers.add(threads);
    return threads;
  }

  /** Begins; blocks until the projects and agents are in the store. */
  void start(List<Project> declared, Collection<Agents.Place> places) {
    for (Project project : declared) {
      projects.declare(project).toCompletableFuture().join();
    }
    if (projects.known().stream().anyMatch(id -> projects.limits(id).data().retentionDays() > 0)) {
      retention.start();
    }
    if (demo != null) {
      projects.declare(demo.project(limits)).toCompletableFuture().join();
      demo.open(store.directory(), gate, scheduler).toCompletableFuture().join();
      demo.wipeHourly(erasure, gate, scheduler);
    }
    sweep.start(rooms);
    if (uploads != null) {
      uploads.start();
    }
    if (intake != null) {
      intake.start(rooms);
    }
    for (Agents.Place place : places) {
      AgentRecord record =
          new AgentRecord(
              place.handle(),
              place.handle(),
              place.handle(),
              "{\"provider\":\"java\"}",
              scheduler.nowMs());
      enter(place.project(), record).toCompletableFuture().join();
    }
    webhooks.start().toCompletableFuture().join();
    LOG.info("Fluxy started: an acknowledged message survives {}", store.durability());
  }

  /** What operators have made of an agent is left as it is. */
  private CompletionStage<?> enter(String project, AgentRecord agent) {
    return store
        .agents()
        .list(project, Integer.MAX_VALUE)
        .thenCompose(
            agents ->
                agents.stream().anyMatch(known -> known.handle().equals(agent.handle()))
                    ? CompletableFuture.completedStage(null)
                    : store
                        .agents()
                        .save(project, agent, Integer.MAX_VALUE)
                        .thenApply(saved -> null));
  }

  /** Ends all parts, the outer ones first. */
  void close() {
    retention.close();
    sweep.stop();
    if (uploads != null) {
      uploads.stop();
    }
    if (intake != null) {
      intake.stop();
    }
    if (pulse != null) {
      pulse.close();
    }
    lines.closeAll();
    webhooks.close();
    store.close();
    if (ownScheduler != null) {
      ownScheduler.finish(FINISH_MS); // what the store's last answers set off: answers to clients
      ownScheduler.close();
    }
    strangers.forEach(RunningScheduler::close);
  }
}
