package io.fluxy.testkit;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * A chat in the test's hand: a real {@link Fluxy} over a store in memory, on one thread, in a time
 * that goes on only when the test says so.
 *
 * <pre>{@code
 * try (TestChat chat = TestChat.start()) {
 *   TestRoom lobby = chat.room("lobby", "ann", "bob");
 *   TestClient ann = lobby.enters("ann");
 *   TestClient bob = lobby.enters("bob");
 *
 *   ann.says("hi");
 *
 *   bob.hears("hi");
 * }
 * }</pre>
 *
 * <p>Every call returns when all that follows from it has happened, as far as no time has to pass
 * for it; let time pass with {@link #passes}. In which order things happen that nothing puts in
 * order, as on several threads, a seed decides: the same seed, the same run.
 */
public final class TestChat implements AutoCloseable {
  private static final Limits GENEROUS =
      Limits.defaults().toBuilder().messagesPerMinute(10_000).commandsPerMinute(10_000).build();

  private final String project;
  private final Host host;
  private final long seed;
  private final Duration tokens;
  private final VirtualScheduler time;
  private final Transcript transcript;
  private final TestStore store;
  private final TestReceiver webhooks;
  private final List<TestRoom> rooms = new ArrayList<>();
  private final Apps apps = new Apps();
  private final List<TestChannelClient> channelClients = new ArrayList<>();
  private Life life;
  private Fluxy fluxy;
  private int held;
  private int names;

  private TestChat(Setup setup) {
    this.project = setup.project;
    this.host = setup.host;
    this.seed = setup.seed;
    this.tokens = setup.tokens;
    this.time = VirtualScheduler.seeded(seed);
    this.transcript = new Transcript(time::ticksMs);
    this.store = new TestStore(setup.store, transcript);
    this.webhooks = new TestReceiver(transcript);
    this.life = new Life(time);
    this.fluxy = begin(life);
  }

  /** A chat with nothing added to it, from a seed that is always the same. */
  public static TestChat start() {
    return setup().start();
  }

  /** A chat with a host's code in it. */
  public static TestChat start(Host host) {
    return setup().host(host).start();
  }

  /** Puts a chat together. */
  public static Setup setup() {
    return new Setup();
  }

  private Fluxy begin(Life process) {
    Fluxy.Builder builder =
        Fluxy.builder()
            .scheduler(process)
            .store(store.of(process))
            .limits(GENEROUS)
            .webhookSender(webhooks)
            .project(Project.named(project))
            .protocol(apps);
    Fluxy started = host.start(builder, process);
    settle();
    return started;
  }

  // What there is.

  /** The engine itself; another one after {@link #restarts()} and {@link #crashes()}. */
  public Fluxy fluxy() {
    return fluxy;
  }

  /** What everything is kept in, and what makes it fail. */
  public TestStore store() {
    return store;
  }

  /** Where webhooks arrive. */
  public TestReceiver webhooks() {
    return webhooks;
  }

  /** Time, threads and chance, for a test that wants more of them than is here. */
  public VirtualScheduler time() {
    return time;
  }

  /** What this run follows from. */
  public long seed() {
    return seed;
  }

  /** The project whose rooms these are. */
  public String project() {
    return project;
  }

  /** A room that everybody may enter. */
  public TestRoom room(String name) {
    return room(RoomType.PUBLIC, name);
  }

  /** A group: nobody else may enter. The first member owns it. */
  public TestRoom room(String name, String owner, String... others) {
    String[] members = new String[others.length + 1];
    members[0] = owner;
    System.arraycopy(others, 0, members, 1, others.length);
    return room(RoomType.GROUP, name, members);
  }

  /** A room; its first member, if there is one, owns it. */
  public TestRoom room(RoomType type, String name, String... members) {
    RoomId id = new RoomId(project, name);
    List<MemberRecord> founders = new ArrayList<>();
    for (String member : members) {
      Role role = founders.isEmpty() ? Role.OWNER : Role.MEMBER;
      founders.add(new MemberRecord(member, role, time.nowMs()));
    }
    String by = members.length == 0 ? "host" : members[0];
    boolean isNew =
        now(store.inner().directory().createRoom(id, type, name, time.nowMs(), founders, by))
            .isPresent();
    if (!isNew) {
      throw new IllegalArgumentException("there is a room " + id + " already");
    }
    TestRoom room = new TestRoom(this, id);
    rooms.add(room);
    transcript.note(id.name(), "opens", String.join(", ", members));
    passes(Duration.ofMillis(members.length + 1L)); // founding takes a millisecond for each
    return room;
  }

  // Other protocols.

  /**
   * The rooms as Pusher's channels, through an app of the kit's own, which is there from now on. A
   * host that has an app uses {@link #pusher(PusherApp)}.
   */
  public TestChannels pusher() {
    return apps.pusher(this);
  }

  /** The rooms as the channels of an app that the host's engine serves. */
  public TestChannels pusher(PusherApp app) {
    return new TestChannels(this, new PusherDialect(app));
  }

  /**
   * The rooms as PushFlo's channels, through an app of the kit's own, which is there from now on. A
   * host that has one uses {@link #pushFlo(String)}.
   */
  public TestChannels pushFlo() {
    return apps.pushFlo(this);
  }

  /**
   * The rooms as the channels of a PushFlo app that the host's engine serves.
   *
   * @param secretKey with which its servers publish
   */
  public TestChannels pushFlo(String secretKey) {
    return new TestChannels(this, new PushFloDialect(secretKey));
  }

  /**
   * The rooms as plain channels, through an app of the kit's own, which is there from now on. A
   * host that has one uses {@link #plainChannels(ChannelApp)}.
   */
  public TestChannels plainChannels() {
    return apps.plainChannels(this);
  }

  /** The rooms as the channels of an app that the host's engine serves. */
  public TestChannels plainChannels(ChannelApp app) {
    return new TestChannels(this, new PlainDialect(app));
  }

  void came(TestChannelClient client) {
    channelClients.add(client);
  }

  // What happens.

  /** Lets time pass, and whatever is due in it happen. */
  public void passes(Duration duration) {
    time.advance(duration.toMillis());
    check();
  }

  /**
   * Lets time pass until something holds.
   *
   * @throws AssertionError if it does not within {@code max}
   */
  public void passesUntil(BooleanSupplier something, Duration max) {
    if (!comes(something, max)) {
      throw new AssertionError(story("it did not happen within " + max));
    }
  }

  boolean comes(BooleanSupplier something, Duration max) {
    long untilMs = time.ticksMs() + max.toMillis();
    settle();
    while (!something.getAsBoolean()) {
      if (time.ticksMs() >= untilMs) {
        return false;
      }
      time.advance(Math.max(1, Math.min(time.quietMs(), untilMs - time.ticksMs())));
      check();
    }
    return true;
  }

  /** The time as everybody here has it. */
  public Instant now() {
    return Instant.ofEpochMilli(time.nowMs());
  }

  /** Somebody sets the machine's clock, forward or back; time itself goes on as before. */
  public void clockJumps(Duration by) {
    transcript.note("the clock", "jumps", by.toString());
    time.jumpWallClock(by.toMillis());
  }

  /**
   * Lets several things happen at once: whatever is said and done in here goes on its way together,
   * and the seed decides who is first.
   */
  public void atOnce(Runnable things) {
    held++;
    try {
      things.run();
    } finally {
      held--;
    }
    settle();
  }

  /**
   * The engine says goodbye to everyone and ends, and the host starts another one over the same
   * store. Clients have to come back by themselves.
   */
  public void restarts() {
    transcript.note("the engine", "restarts", "");
    fluxy.close();
    settle();
    replace();
  }

  /**
   * The engine is gone between two steps, as by {@code kill -9}: what it was about to do is not
   * done, and the host starts another one over the same store.
   */
  public void crashes() {
    transcript.note("the engine", "crashes", "");
    life.end();
    rooms.forEach(TestRoom::engineIsGone);
    channelClients.forEach(TestChannelClient::engineIsGone);
    replace();
  }

  private void replace() {
    life.end();
    life = new Life(time);
    fluxy = begin(life);
  }

  /** What happened lately, a line each. */
  public List<String> transcript() {
    return transcript.lines();
  }

  /** Ends the engine and lets go of the store. */
  @Override
  public void close() {
    fluxy.close();
    time.runUntilIdle();
    store.inner().close();
  }

  // For the rest of the kit.

  void note(String who, String what, String text) {
    transcript.note(who, what, text);
  }

  /** Runs all that can run without time going on; later, if several things happen at once. */
  void settle() {
    if (held == 0) {
      time.runUntilIdle();
      check();
    }
  }

  private void check() {
    if (!time.failures().isEmpty()) {
      Throwable first = time.failures().get(0);
      time.failures().clear();
      throw new AssertionError(story("a task threw " + first), first);
    }
  }

  <T> T answer(CompletionStage<T> stage, String question) {
    time.runUntilIdle(); // even if several things happen at once: this one can't wait
    check();
    if (!stage.toCompletableFuture().isDone()) {
      throw new AssertionError(story("no answer yet to " + question));
    }
    return stage.toCompletableFuture().join();
  }

  String token(User user) {
    return answer(
        fluxy.mintToken(project, user, Math.toIntExact(tokens.toSeconds())),
        "who wants a token for " + user.id());
  }

  String nextName() {
    return String.format(Locale.ROOT, "send-%04d", ++names);
  }

  /** A failure and what led to it. */
  String story(String failure) {
    return failure + "\n\n" + transcript;
  }

  /** From a store that answers at once. */
  static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** Puts a chat together. Every default works. */
  public static final class Setup {
    private Host host = (builder, scheduler) -> builder.start();
    private Store store = Store.inMemory();
    private String project = "test";
    private Duration tokens = Duration.ofDays(365);
    private long seed = Long.getLong("fluxy.testkit.seed", 1);

    private Setup() {}

    /** The application's own code around the engine. */
    public Setup host(Host code) {
      host = code;
      return this;
    }

    /**
     * Another store than the one in memory. It may have threads: each answer of it is waited for,
     * and time stands still meanwhile.
     */
    public Setup store(Store kept) {
      store = kept;
      return this;
    }

    /** The project whose rooms these are; {@code test} unless set. */
    public Setup project(String id) {
      project = id;
      return this;
    }

    /** For how long a client's token is good; a year unless set. */
    public Setup tokensFor(Duration duration) {
      tokens = duration;
      return this;
    }

    /**
     * What the run follows from; the system property {@code fluxy.testkit.seed}, or 1, unless set.
     */
    public Setup seed(long number) {
      seed = number;
      return this;
    }

    /** Starts the engine. */
    public TestChat start() {
      return new TestChat(this);
    }
  }
}
