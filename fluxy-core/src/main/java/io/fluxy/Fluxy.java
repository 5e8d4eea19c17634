package io.fluxy;

import io.fluxy.agent.Agent;
import io.fluxy.agent.Agents;
import io.fluxy.attachment.Depot;
import io.fluxy.attachment.UploadPolicy;
import io.fluxy.auth.Access;
import io.fluxy.auth.ApiKey;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Project;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Names;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Handshake;
import io.fluxy.console.ConsoleLimits;
import io.fluxy.console.ConsoleOperator;
import io.fluxy.hook.Interceptor;
import io.fluxy.hook.Listener;
import io.fluxy.hook.Listeners;
import io.fluxy.hook.WebhookSender;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Health;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.browser.BrowserClient;
import io.fluxy.protocol.fluxy.FluxyChat;
import io.fluxy.room.RoomRegistry;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.PendingPost;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
  private final Assembly parts;
  private final Front front;

  private Fluxy(Assembly parts) {
    this.parts = parts;
    this.front = new Front(parts.protocols);
  }

  /** Puts an engine together. */
  public static Builder builder() {
    return new Builder();
  }

  // For transports.

  /**
   * Whether a path belongs to one of the protocols, known route or not; any other is the host's.
   */
  public boolean serves(String rawPath) {
    return front.serves(rawPath);
  }

  /**
   * Answers a request whose path this engine {@link #serves}.
   *
   * @return never completes exceptionally
   */
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    return front.answer(request);
  }

  /**
   * Decides on a request for a WebSocket whose path this engine {@link #serves}.
   *
   * @return never completes exceptionally
   */
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    return front.handshake(request);
  }

  /**
   * Reads from a socket. What rooms have to do about it is done by this thread as well, as soon as
   * all is read, instead of being handed to another one, which costs more than a turn.
   *
   * @param reading calls a {@link io.fluxy.wire.Socket.Listener}; must not block
   */
  public void read(Runnable reading) {
    parts.scheduler.gather(reading);
  }

  // For hosts.

  public Limits limits() {
    return parts.limits;
  }

  /** The routes of all protocols, for documentation and tests. */
  public List<Protocol> protocols() {
    return parts.protocols;
  }

  /** A room, for the host's own code; it need not exist yet. */
  public HostRoom room(RoomId id) {
    return new HostRoom(parts.gate, id);
  }

  /**
   * Makes a room.
   *
   * @param owner becomes its first member, in the role of owner
   * @return empty if there is one with this id already
   */
  public CompletionStage<Optional<RoomRecord>> createRoom(
      RoomId id, RoomType type, String name, String owner) {
    long nowMs = parts.scheduler.nowMs();
    List<MemberRecord> founders = List.of(new MemberRecord(owner, Role.OWNER, nowMs));
    return parts.store.directory().createRoom(id, type, name, nowMs, founders, owner);
  }

  /**
   * Takes out of a project what a user has said, put and read, in all rooms, and ends its
   * memberships. What others have said about it stays. Doing it twice does no harm.
   *
   * @return completes when all of it is done; exceptionally with {@link
   *     io.fluxy.store.StoreException} if not: then ask again
   */
  public CompletionStage<Void> erase(String projectId, String userId) {
    return parts.erasure.erase(projectId, userId);
  }

  /** Makes an API key of a project. It is in the answer and nowhere else. */
  public CompletionStage<ApiKey> mintKey(String projectId) {
    return parts.projects.mintKey(projectId);
  }

  /** Signs a token for a user of a project. */
  public CompletionStage<String> mintToken(String projectId, User user, int ttlSeconds) {
    return parts
        .projects
        .find(projectId)
        .thenApply(
            found ->
                parts.tokens.mint(
                    found.orElseThrow(
                        () -> new IllegalArgumentException("no project " + projectId)),
                    user,
                    ttlSeconds,
                    Map.of()));
  }

  /** Ends the connections of whoever a test names; they may come back. */
  public void disconnect(Predicate<Identity> whom, String reason) {
    Predicate<Connection> which = connection -> whom.test(connection.identity());
    parts.lines.close(which, new Farewell(Farewell.Reason.TERMINATED, reason));
  }

  /**
   * The host's permissions have changed, for everybody: see {@link #permissionsChanged(RoomId,
   * String)}.
   */
  public void permissionsChanged() {
    parts.gate.permissionsChanged(room -> true, null);
  }

  /** The same for one room. */
  public void permissionsChanged(RoomId room) {
    parts.gate.permissionsChanged(room::equals, null);
  }

  /** The same for one user, in all rooms of a project. */
  public void permissionsChanged(String projectId, String userId) {
    parts.gate.permissionsChanged(room -> room.project().equals(projectId), userId);
  }

  /**
   * The host's permissions have changed, for one user in one room: {@link Access} is asked again
   * about the connections, streams and polls that are there. From the room's next turn on they are
   * told nothing until it has answered; whoever may stay then goes on without a gap, whoever may
   * not has heard nothing of what was said since. If it does not answer within {@link
   * Limits#interceptorMs()}, they are sent away and may come back. Members by the host's own code
   * and agents are not concerned. Call it when the change can be seen by {@code Access}. Of this
   * engine: others that share the database have to be told too.
   */
  public void permissionsChanged(RoomId room, String userId) {
    parts.gate.permissionsChanged(room::equals, userId);
  }

  /** Whether the store takes writes and tasks are run. Never completes exceptionally. */
  public CompletionStage<Health.Report> health() {
    return parts.health.look();
  }

  /** How many messages this engine has posted since it started. */
  public long messagesPosted() {
    return parts.messages.sum();
  }

  /** How many numbered events this engine has saved since it started, messages among them. */
  public long eventsSaved() {
    return parts.events.sum();
  }

  /** How many connections there are. */
  public int connections() {
    return parts.lines.size();
  }

  /** How the listeners fare, in the order they were added. */
  public List<Listeners.Counts> listenerCounts() {
    return parts.listeners.counts();
  }

  /** The agents: to ask one, or to end a run. */
  public Agents agents() {
    return parts.agents;
  }

  /** How many turns of rooms were looked at for webhooks, because their project has some. */
  public long webhookTurns() {
    return parts.webhooks.considered();
  }

  /** How many rooms are alive. */
  public int roomsAlive() {
    return parts.rooms.size();
  }

  /**
   * What waits for the turns of the rooms that are alive. Asking costs a look into each of them.
   */
  public RoomRegistry.Waiting roomsWaiting() {
    return parts.rooms.waiting();
  }

  /**
   * Says goodbye to everyone, finishes what has been begun, and lets go of the store. What was
   * acknowledged is kept; what comes too late is refused as unavailable, within two seconds.
   */
  @Override
  public void close() {
    parts.close();
  }

  /** Puts an engine together. Every default works. */
  public static final class Builder {
    Store store = Store.inMemory();
    Limits limits = Limits.defaults();
    Access access = Access.byMembership();
    @Nullable Scheduler scheduler;
    @Nullable String guestProject;
    final List<Project> projects = new ArrayList<>();
    final Set<String> origins = new HashSet<>();
    final List<Assembly.ListenerOf<?>> listeners = new ArrayList<>();
    WebhookSender.Reach webhookReach = WebhookSender.Reach.PUBLIC_HTTPS;
    @Nullable WebhookSender webhookSender;
    List<byte[]> webhookSecretKeys = List.of();
    @Nullable DemoRoom demo;
    @Nullable Depot depot;
    UploadPolicy uploadPolicy = UploadPolicy.defaults();
    @Nullable String publicUrl;
    @Nullable String platform;
    @Nullable String bootstrapSecret;
    final List<Interceptor> interceptors = new ArrayList<>();
    @Nullable BiConsumer<PendingPost, Refusal> refusedPosts;
    final Map<Agents.Place, Agent> agents = new LinkedHashMap<>();
    @Nullable Agent otherAgents;
    final List<Protocol.Factory> protocols =
        new ArrayList<>(List.of(FluxyChat::open, BrowserClient::open));

    final List<ConsoleOperator> operators = new ArrayList<>();
    ConsoleLimits consoleLimits = ConsoleLimits.defaults();

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
      listeners.add(new Assembly.ListenerOf<>(kind, listener));
      return this;
    }

    /** Is asked before a room hears what a session wants to say; see {@link Interceptor}. */
    public Builder interceptor(Interceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    /**
     * Hears of messages that were written in a transaction of the host and that their rooms refuse,
     * because of a rule that only they could look at. May block; see {@link
     * io.fluxy.store.Pending#refused}.
     */
    public Builder refusedPosts(BiConsumer<PendingPost, Refusal> hears) {
      this.refusedPosts = hears;
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

    /**
     * Has a room that anybody may try without an account, in a project of its own: short messages
     * without links, all of them gone within the hour. There is none by default.
     */
    public Builder demoRoom(String roomId) {
      if (!Names.isId(roomId)) {
        throw new IllegalArgumentException("no good room id: " + Names.shown(roomId));
      }
      this.demo = new DemoRoom(roomId);
      return this;
    }

    /** Lets members upload files; nobody may by default. */
    public Builder attachments(Depot files) {
      return attachments(files, UploadPolicy.defaults());
    }

    /** Lets members upload files of some kinds and sizes. */
    public Builder attachments(Depot files, UploadPolicy policy) {
      this.depot = files;
      this.uploadPolicy = policy;
      return this;
    }

    /**
     * Where clients reach this engine, such as {@code https://chat.example.org}: the addresses of
     * uploaded files begin with it. If it is not said, it is what the uploader's request says of
     * itself, {@code X-Forwarded-Proto} included.
     */
    public Builder publicUrl(String url) {
      if (!url.startsWith("https://") && !url.startsWith("http://")) {
        throw new IllegalArgumentException("no http or https address: " + url);
      }
      this.publicUrl = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      return this;
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

    /**
     * Keeps the secrets of webhooks encrypted in the database (AES-GCM), under a key that is not
     * there; otherwise they are kept as they are. To change the key, put the new one first and
     * leave the old one for a start: what is kept under it, or in the clear, is sealed anew.
     *
     * @param keys 32 bytes each; the first seals, all of them open
     * @throws IllegalArgumentException at the start, if one has another length; {@link #start()}
     *     fails, too, if a secret was sealed with a key that is not given
     */
    public Builder webhookSecretKeys(byte[]... keys) {
      webhookSecretKeys = Arrays.stream(keys).map(byte[]::clone).toList();
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

    /**
     * Enables the operator console at {@code /fluxy/console/}, for these operators; there is none
     * by default. Let it be reached by https, or from this machine alone.
     */
    public Builder console(ConsoleOperator... who) {
      operators.addAll(List.of(who));
      return this;
    }

    /** The console's bounds. */
    public Builder consoleLimits(ConsoleLimits bounds) {
      this.consoleLimits = bounds;
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
      Assembly parts = new Assembly(this);
      parts.start(projects, agents.keySet());
      return new Fluxy(parts);
    }
  }
}
