package io.fluxy;

import io.fluxy.agent.Agent;
import io.fluxy.agent.Agents;
import io.fluxy.auth.Access;
import io.fluxy.auth.ApiKey;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Platform;
import io.fluxy.auth.Project;
import io.fluxy.auth.Projects;
import io.fluxy.auth.Tokens;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Gate;
import io.fluxy.connection.Handshake;
import io.fluxy.connection.Lines;
import io.fluxy.connection.Quota;
import io.fluxy.connection.RateLimit;
import io.fluxy.hook.Interception;
import io.fluxy.hook.Interceptor;
import io.fluxy.hook.Listener;
import io.fluxy.hook.Listeners;
import io.fluxy.hook.WebhookSender;
import io.fluxy.hook.Webhooks;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Origins;
import io.fluxy.protocol.Health;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.fluxy.FluxyChat;
import io.fluxy.room.Erasure;
import io.fluxy.room.Retention;
import io.fluxy.room.RoomRegistry;
import io.fluxy.room.Sweep;
import io.fluxy.room.Witness;
import io.fluxy.store.AgentRecord;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.time.RunningScheduler;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chat engine: rooms over a store, reached by protocols over a transport, and from the host's own
 * code.
 *
 * <pre>{@code
 * Fluxy fluxy = Fluxy.builder()
 *     .store(JdbcStore.sqlite(Path.of("chat.db")))
 *     .project(Project.named("shop"))
 *     .start();
 * }</pre>
 *
 * <p>Safe for use by many threads; no method blocks, but {@link Builder#start} and {@link #close}
 * do.
 */
public final class Fluxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fluxy.class);
  private static final int WEBHOOK_THREADS = 4;

  private final Store store;
  private final Scheduler scheduler;
  private final @Nullable RunningScheduler ownScheduler;
  private final Limits limits;
  private final Projects projects;
  private final Tokens tokens;
  private final Gate gate;
  private final Lines lines;
  private final RoomRegistry rooms;
  private final Erasure erasure;
  private final Retention retention;
  private final Sweep sweep;
  private final Listeners listeners;
  private final Agents agents;
  private final Webhooks webhooks;
  private final List<RunningScheduler> strangers = new ArrayList<>();
  private final Health health;
  private final LongAdder messages = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final List<Protocol> protocols;

  private Fluxy(Builder builder, Scheduler scheduler, @Nullable RunningScheduler ownScheduler) {
    this.store = builder.store;
    this.limits = builder.limits;
    this.scheduler = scheduler;
    this.ownScheduler = ownScheduler;
    projects = new Projects(store.directory(), scheduler, limits);
    tokens = new Tokens(projects, scheduler);
    Quota quota = new Quota(store.directory(), scheduler);
    listeners = listeners(builder);
    sweep = new Sweep(store.expiries(), scheduler);
    webhooks = new Webhooks(store, scheduler, limits, sender(builder));
    rooms =
        RoomRegistry.local(
            store,
            scheduler,
            limits,
            new Witness() {
              @Override
              public void happened(RoomRecord room, Event.Durable event) {
                events.increment();
                count(quota, room, event);
                listeners.happened(room, event);
                sweep.happened(room, event);
                agents().happened(room, event);
                webhooks.happened(room, event);
              }

              @Override
              public List<DeliveryRecord> outgoing(RoomRecord room, List<Event.Durable> events) {
                return webhooks.outgoing(room, events);
              }
            });
    agents =
        new Agents(
            store.agents(),
            rooms,
            scheduler,
            builder.hasAgents() ? threadsForStrangers(limits.agentThreadsMax()) : scheduler,
            limits,
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
            new Interception(builder.interceptors, scheduler, limits.interceptorMs()));
    lines = new Lines(scheduler, limits);
    erasure = new Erasure(rooms, store);
    retention =
        new Retention(
            scheduler, erasure, projects::known, id -> projects.limits(id).data().retentionDays());
    health = new Health(store, scheduler);
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
            health);
    protocols = builder.protocols.stream().map(factory -> factory.open(services)).toList();
  }

  /** Puts an engine together. */
  public static Builder builder() {
    return new Builder();
  }

  private Listeners listeners(Builder builder) {
    List<Listeners.Lane<?>> lanes = new ArrayList<>();
    for (ListenerOf<?> listener : builder.listeners) {
      lanes.add(listener.lane(threadsForStrangers(1), limits.listenerEventsMax()));
    }
    return Listeners.of(lanes);
  }

  private WebhookSender sender(Builder builder) {
    return builder.webhookSender != null
        ? builder.webhookSender
        : WebhookSender.direct(
            threadsForStrangers(WEBHOOK_THREADS), builder.webhookReach, limits.webhookTimeoutMs());
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

  /** Threads that may be blocked; the given scheduler if time is in somebody's hand. */
  private Scheduler threadsForStrangers(int count) {
    if (ownScheduler == null) {
      return scheduler;
    }
    RunningScheduler threads = Scheduler.start(count);
    strangers.add(threads);
    return threads;
  }

  private void count(Quota quota, RoomRecord room, Event.Durable event) {
    if (event instanceof Event.Posted) {
      messages.increment();
      quota.count(room.id().project());
    }
  }

  // For transports.

  /**
   * Whether a path belongs to one of the protocols, known route or not; any other is the host's.
   */
  public boolean serves(String rawPath) {
    return protocols.stream().anyMatch(protocol -> protocol.serves(rawPath));
  }

  /**
   * Answers a request whose path this engine {@link #serves}.
   *
   * @return never completes exceptionally
   */
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    return guarded(
        request,
        () -> protocol(request).map(p -> p.answer(request)),
        () -> ApiResponse.text(404, "Not Found"),
        failure -> failure);
  }

  /**
   * Decides on a request for a WebSocket whose path this engine {@link #serves}.
   *
   * @return never completes exceptionally
   */
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    return guarded(
        request,
        () -> protocol(request).map(p -> p.handshake(request)),
        () -> Handshake.refuse(ApiResponse.text(404, "Not Found")),
        Handshake::refuse);
  }

  private Optional<Protocol> protocol(ApiRequest request) {
    return protocols.stream().filter(protocol -> protocol.serves(request.rawPath())).findFirst();
  }

  private <T> CompletionStage<T> guarded(
      ApiRequest request,
      Supplier<Optional<CompletionStage<T>>> answer,
      Supplier<T> nobody,
      Function<ApiResponse, T> failed) {
    CompletionStage<T> stage;
    try {
      stage = answer.get().orElseGet(() -> CompletableFuture.completedStage(nobody.get()));
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedStage(e);
    }
    return stage.exceptionally(
        failure -> {
          LOG.error("{} could not be answered", request, failure);
          return failed.apply(
              ApiResponse.json(
                  500,
                  json -> {
                    json.writeStartObject();
                    json.writeStringField("error", "internal_error");
                    json.writeEndObject();
                  }));
        });
  }

  /**
   * Reads from a socket. What rooms have to do about it is done by this thread as well, as soon as
   * all is read, instead of being handed to another one, which costs more than a turn.
   *
   * @param reading calls a {@link io.fluxy.wire.Socket.Listener}; must not block
   */
  public void read(Runnable reading) {
    scheduler.gather(reading);
  }

  // For hosts.

  public Limits limits() {
    return limits;
  }

  /** The routes of all protocols, for documentation and tests. */
  public List<Protocol> protocols() {
    return protocols;
  }

  /** A room, for the host's own code; it need not exist yet. */
  public HostRoom room(RoomId id) {
    return new HostRoom(gate, id);
  }

  /**
   * Makes a room.
   *
   * @param owner becomes its first member, in the role of owner
   * @return empty if there is one with this id already
   */
  public CompletionStage<Optional<RoomRecord>> createRoom(
      RoomId id, RoomType type, String name, String owner) {
    long nowMs = scheduler.nowMs();
    List<MemberRecord> founders = List.of(new MemberRecord(owner, Role.OWNER, nowMs));
    return store.directory().createRoom(id, type, name, nowMs, founders, owner);
  }

  /**
   * Takes out of a project what a user has said, put and read, in all rooms, and ends its
   * memberships. What others have said about it stays. Doing it twice does no harm.
   *
   * @return completes when all of it is done; exceptionally with {@link
   *     io.fluxy.store.StoreException} if not: then ask again
   */
  public CompletionStage<Void> erase(String projectId, String userId) {
    return erasure.erase(projectId, userId);
  }

  /** Makes an API key of a project. It is in the answer and nowhere else. */
  public CompletionStage<ApiKey> mintKey(String projectId) {
    return projects.mintKey(projectId);
  }

  /** Signs a token for a user of a project. */
  public CompletionStage<String> mintToken(String projectId, User user, int ttlSeconds) {
    return projects
        .find(projectId)
        .thenApply(
            found ->
                tokens.mint(
                    found.orElseThrow(
                        () -> new IllegalArgumentException("no project " + projectId)),
                    user,
                    ttlSeconds,
                    Map.of()));
  }

  /** Ends the connections of whoever a test names; they may come back. */
  public void disconnect(Predicate<Identity> whom, String reason) {
    Predicate<Connection> which = connection -> whom.test(connection.identity());
    lines.close(which, new Farewell(Farewell.Reason.TERMINATED, reason));
  }

  /** Whether the store takes writes and tasks are run. Never completes exceptionally. */
  public CompletionStage<Health.Report> health() {
    return health.look();
  }

  /** How many messages this engine has posted since it started. */
  public long messagesPosted() {
    return messages.sum();
  }

  /** How many numbered events this engine has saved since it started, messages among them. */
  public long eventsSaved() {
    return events.sum();
  }

  /** How many connections there are. */
  public int connections() {
    return lines.size();
  }

  /** How the listeners fare, in the order they were added. */
  public List<Listeners.Counts> listenerCounts() {
    return listeners.counts();
  }

  /** The agents: to ask one, or to end a run. */
  public Agents agents() {
    return agents;
  }

  /** How many turns of rooms were looked at for webhooks, because their project has some. */
  public long webhookTurns() {
    return webhooks.considered();
  }

  /** How many rooms are alive. */
  public int roomsAlive() {
    return rooms.size();
  }

  /**
   * Says goodbye to everyone, finishes what has been begun, and lets go of the store. What was
   * acknowledged is kept; what was not gets no answer.
   */
  @Override
  public void close() {
    retention.close();
    sweep.stop();
    lines.closeAll();
    webhooks.close();
    store.close();
    if (ownScheduler != null) {
      ownScheduler.close();
    }
    strangers.forEach(RunningScheduler::close);
  }

  private record ListenerOf<E extends Event.Durable>(Class<E> kind, Listener<? super E> listener) {
    Listeners.Lane<E> lane(Scheduler thread, int eventsMax) {
      return new Listeners.Lane<>(kind, listener, thread, eventsMax);
    }
  }

  /** Puts an engine together. Every default works. */
  public static final class Builder {
    private Store store = Store.inMemory();
    private Limits limits = Limits.defaults();
    private Access access = Access.byMembership();
    private @Nullable Scheduler scheduler;
    private @Nullable String guestProject;
    private final List<Project> projects = new ArrayList<>();
    private final Set<String> origins = new HashSet<>();
    private final List<ListenerOf<?>> listeners = new ArrayList<>();
    private WebhookSender.Reach webhookReach = WebhookSender.Reach.PUBLIC_HTTPS;
    private @Nullable WebhookSender webhookSender;
    private @Nullable String platform;
    private @Nullable String bootstrapSecret;
    private final List<Interceptor> interceptors = new ArrayList<>();
    private final Map<Agents.Place, Agent> agents = new LinkedHashMap<>();
    private @Nullable Agent otherAgents;
    private final List<Protocol.Factory> protocols = new ArrayList<>(List.of(FluxyChat::open));

    private Builder() {}

    /** Where everything is kept; in memory by default. Closed with the engine. */
    public Builder store(Store kept) {
      this.store = kept;
      return this;
    }

    /** The bounds of everything. */
    public Builder limits(Limits bounds) {
      this.limits = bounds;
      return this;
    }

    /** The host's own say in who may do what. */
    public Builder access(Access hosts) {
      this.access = hosts;
      return this;
    }

    /** Time, threads and chance; the machine's by default. Not closed with the engine. */
    public Builder scheduler(Scheduler steered) {
      this.scheduler = steered;
      return this;
    }

    /** A tenant. Written into the directory at the start. */
    public Builder project(Project project) {
      projects.add(project);
      return this;
    }

    /** Hears everything this engine writes; see {@link Listener}. */
    public Builder listener(Listener<Event.Durable> listener) {
      return listener(Event.Durable.class, listener);
    }

    /** Hears one kind of what this engine writes, such as {@code Event.Posted.class}. */
    public <E extends Event.Durable> Builder listener(Class<E> kind, Listener<? super E> listener) {
      listeners.add(new ListenerOf<>(kind, listener));
      return this;
    }

    /** Is asked before a room hears what a session wants to say; see {@link Interceptor}. */
    public Builder interceptor(Interceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    /**
     * Lets anybody read the public rooms of this project, without an account: sessions of an hour,
     * for one room each. Nobody may by default.
     */
    public Builder guestsOf(String projectId) {
      this.guestProject = projectId;
      return this;
    }

    /**
     * The code behind an agent of a project. It is entered in the project's list of agents at the
     * start, under its handle, unless one with that handle is there already.
     *
     * @param handle 1 to 64 of letters, digits, {@code _ -}: what mentions it, after an at sign
     */
    public Builder agent(String projectId, String handle, Agent agent) {
      if (!Names.isId(handle) || handle.length() > 64) {
        throw new IllegalArgumentException("no good handle: " + Names.shown(handle));
      }
      agents.put(new Agents.Place(projectId, handle), agent);
      return this;
    }

    /** The code behind all agents that operators add and that have no code of their own. */
    public Builder agents(Agent others) {
      this.otherAgents = others;
      return this;
    }

    private boolean hasAgents() {
      return otherAgents != null || !agents.isEmpty();
    }

    /**
     * The project whose owners and admins may make projects and choose plans; nobody's by default.
     */
    public Builder platform(String projectId) {
      this.platform = projectId;
      return this;
    }

    /**
     * Lets whoever knows it make the platform's project with {@code POST /platform/bootstrap},
     * once.
     */
    public Builder bootstrapSecret(String secret) {
      if (secret.length() < 16) {
        throw new IllegalArgumentException("a bootstrap secret needs at least 16 characters");
      }
      this.bootstrapSecret = secret;
      return this;
    }

    /** Where webhooks may go; public addresses by https unless said otherwise. */
    public Builder webhookReach(WebhookSender.Reach reach) {
      this.webhookReach = reach;
      return this;
    }

    /** What brings webhooks to their receivers; {@link WebhookSender#direct} by default. */
    public Builder webhookSender(WebhookSender sender) {
      this.webhookSender = sender;
      return this;
    }

    /** Lets pages of another origin talk to us, such as {@code https://app.example.org}. */
    public Builder allowedOrigin(String origin) {
      origins.add(origin);
      return this;
    }

    /** One more protocol, besides FluxyChat's. */
    public Builder protocol(Protocol.Factory protocol) {
      protocols.add(protocol);
      return this;
    }

    /**
     * Starts the engine. Blocks until the projects are in the store.
     *
     * @throws io.fluxy.store.StoreException if they can't be written
     */
    public Fluxy start() {
      Fluxy fluxy = assembled();
      for (Project project : projects) {
        fluxy.projects.declare(project).toCompletableFuture().join();
      }
      if (fluxy.projects.known().stream()
          .anyMatch(id -> fluxy.projects.limits(id).data().retentionDays() > 0)) {
        fluxy.retention.start();
      }
      fluxy.sweep.start(fluxy.rooms);
      for (Agents.Place place : agents.keySet()) {
        AgentRecord record =
            new AgentRecord(
                place.handle(),
                place.handle(),
                place.handle(),
                "{\"provider\":\"java\"}",
                fluxy.scheduler.nowMs());
        fluxy.enter(place.project(), record).toCompletableFuture().join();
      }
      fluxy.webhooks.start().toCompletableFuture().join();
      LOG.info("Fluxy started: an acknowledged message survives {}", store.durability());
      return fluxy;
    }

    private Fluxy assembled() {
      if (scheduler != null) {
        return new Fluxy(this, scheduler, null);
      }
      RunningScheduler own =
          Scheduler.start(Math.max(2, Runtime.getRuntime().availableProcessors()));
      return new Fluxy(this, own, own);
    }
  }
}
