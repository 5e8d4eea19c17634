package io.fluxy.testkit;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in a room, at a client that speaks a real protocol over a network that fails when it is
 * told to. It remembers what it has heard, and where it was when it lost its connection.
 *
 * <p>It <em>hears</em> each message of others once, in order, from when it first entered; what was
 * said before it only <em>sees</em>. Its own messages it sees too, and does not hear. AssertJ's
 * {@code assertThat(client)} has words for what it sees: see {@link ClientAssert}.
 */
public final class TestClient implements AssertProvider<ClientAssert> {
  private static final int FRAMES_MAX = 1_000;

  private final TestChat chat;
  private final RoomId room;
  private final User user;
  private final Dialect dialect;
  private final Dialect.Ears ears = new Memory();
  private final Deque<String> unheard = new ArrayDeque<>();
  private final TreeMap<Long, String> screen = new TreeMap<>(); // by message id
  private final Map<String, Sent> sent = new HashMap<>(); // by client message id
  private final Deque<String> frames = new ArrayDeque<>();
  private Line line;
  private Duration patience = Duration.ZERO;
  private long lastSeq;
  private boolean entered; // and knows what was said before

  TestClient(TestChat chat, RoomId room, User user, Dialect dialect) {
    this.chat = chat;
    this.room = room;
    this.user = user;
    this.dialect = dialect;
    this.line = newLine();
  }

  private Line newLine() {
    return new Line(
        chat.time(),
        frame -> {
          if (frames.size() == FRAMES_MAX) {
            frames.remove();
          }
          frames.add(frame);
          dialect.hear(frame, ears);
        },
        how -> note("is gone:", how));
  }

  // Talking.

  /** Says something, under a name of its own so that saying it again is harmless. */
  public Sent says(String content) {
    Sent said = new Sent(content, chat.nextName());
    sent.put(said.clientMessageId(), said);
    note("says:", content);
    say(dialect.say(room, content, said.clientMessageId()));
    return said;
  }

  /** Sends the same message again, as a client does that has heard nothing of it. */
  public Sent repeats(Sent earlier) {
    earlier.again();
    note("repeats:", earlier.content());
    say(dialect.say(room, earlier.content(), earlier.clientMessageId()));
    return earlier;
  }

  /** Changes what a message of its own says. */
  public void edits(Sent earlier, String content) {
    note("edits:", content);
    say(dialect.edit(room, earlier.messageId(), content));
  }

  /** Deletes a message of its own. */
  public void deletes(Sent earlier) {
    note("deletes:", earlier.content());
    say(dialect.delete(room, earlier.messageId()));
  }

  /** Sends a frame as it is, for what has no verb here. */
  public void sends(String frame) {
    note("sends", frame);
    say(frame);
  }

  private void say(String frame) {
    byte[] utf8 = frame.getBytes(StandardCharsets.UTF_8);
    Line over = line;
    over.say(engine -> chat.fluxy().read(() -> engine.text(utf8)));
    chat.settle();
  }

  // Hearing.

  /**
   * Has heard these next, from others, in this order; perhaps more after them.
   *
   * @throws AssertionError if not
   */
  public TestClient hears(String... contents) {
    chat.comes(() -> unheard.size() >= contents.length, waits());
    List<String> next = unheard.stream().limit(contents.length).toList();
    if (!next.equals(List.of(contents))) {
      throw new AssertionError(
          chat.story(this + " should hear " + quoted(List.of(contents)) + ", but " + heard()));
    }
    for (int i = 0; i < contents.length; i++) {
      unheard.remove();
    }
    return this;
  }

  /**
   * Has heard nothing that it was not asked about yet.
   *
   * @throws AssertionError if it has
   */
  public TestClient hearsNothing() {
    if (chat.comes(() -> !unheard.isEmpty(), waits())) {
      throw new AssertionError(chat.story(this + " should hear nothing, but " + heard()));
    }
    return this;
  }

  /** The next {@link #hears} or {@link #hearsNothing} lets at most so much time pass. */
  public TestClient within(Duration duration) {
    patience = duration;
    return this;
  }

  private Duration waits() {
    Duration now = patience;
    patience = Duration.ZERO;
    return now;
  }

  private String heard() {
    return unheard.isEmpty() ? "heard nothing" : "heard " + quoted(List.copyOf(unheard));
  }

  static String quoted(List<String> contents) {
    return contents.isEmpty() ? "nothing" : "\"" + String.join("\", \"", contents) + "\"";
  }

  /** Forgets what it has heard and not been asked about. */
  public TestClient shrugs() {
    unheard.clear();
    return this;
  }

  /** What is on its screen now: all it knows of, its own included, oldest first. */
  public List<String> sees() {
    return List.copyOf(screen.values());
  }

  /** The newest frames as they came, oldest first, at most 1,000. */
  public List<String> frames() {
    return List.copyOf(frames);
  }

  // Coming and going.

  /** Closes its connection. */
  public void leaves() {
    line.ends("left");
    chat.settle();
  }

  /** Loses its connection, and the engine notices at once. */
  public void drops() {
    line.ends("dropped");
    chat.settle();
  }

  /** Loses its connection, and nobody notices: nothing comes through either way. */
  public void vanishes() {
    note("vanishes", "");
    line.vanishes();
  }

  /** Stops reading: what is sent to it piles up. */
  public void stalls() {
    note("stalls", "");
    line.stalls();
  }

  /** Reads again. */
  public void reads() {
    note("reads again", "");
    line.reads();
    chat.settle();
  }

  /**
   * Connects again, the old connection being gone for it, and asks for what it has missed.
   *
   * @throws AssertionError if that is refused
   */
  public void comesBack() {
    line.ends("dropped");
    connects();
  }

  /** Whether it is connected, as far as it knows. */
  public boolean isHere() {
    return line.isOpen();
  }

  /** How its connection ended, such as {@code 4001 token_expired}; "open" if it did not. */
  public String end() {
    return line.end();
  }

  /** Who it is. */
  public String userId() {
    return user.id();
  }

  void connects() {
    Optional<String> refusal = tries();
    if (refusal.isPresent()) {
      throw new AssertionError(
          chat.story(user.id() + " may not enter " + room + ": " + refusal.get()));
    }
  }

  /** Why it may not connect; empty if it has. */
  Optional<String> tries() {
    Long known = entered ? (Long) lastSeq : null;
    ApiRequest request = dialect.open(room, chat.token(user), known);
    Line next = newLine();
    ApiResponse refusal = dialect.isStream() ? streams(request, next) : upgrades(request, next);
    if (refusal != null) {
      String body = new String(refusal.body(), StandardCharsets.UTF_8);
      note("is turned away:", refusal.status() + " " + body);
      return Optional.of(refusal.status() + " " + body);
    }
    line = next;
    note(entered ? "comes back to" : "enters", room.name());
    chat.settle();
    dialect.greeting(room, known).forEach(this::say);
    entered = true;
    return Optional.empty();
  }

  private @Nullable ApiResponse upgrades(ApiRequest request, Line next) {
    Handshake handshake = chat.answer(chat.fluxy().handshake(request), "a handshake");
    ApiResponse refusal = handshake.refusal();
    if (refusal == null) {
      next.opens(handshake.open(next));
    }
    return refusal;
  }

  private @Nullable ApiResponse streams(ApiRequest request, Line next) {
    ApiResponse answer = chat.answer(chat.fluxy().answer(request), "a request for a stream");
    ApiResponse.Stream stream = answer.stream();
    if (stream == null) {
      return answer;
    }
    next.opens(stream.open(next));
    return null;
  }

  void engineIsGone() {
    line.engineIsGone();
  }

  TestChat chat() {
    return chat;
  }

  private void note(String what, String text) {
    chat.note(user.id(), what, text);
  }

  /** For AssertJ: write {@code assertThat(client)}. */
  @Override
  public ClientAssert assertThat() {
    return new ClientAssert(this);
  }

  @Override
  public String toString() {
    return user.id() + " in " + room;
  }

  /** What becomes of the frames. */
  private final class Memory implements Dialect.Ears {
    @Override
    public void message(Dialect.Heard message) {
      boolean isNew = screen.put(message.messageId(), message.content()) == null;
      if (message.from().equals(user.id())) {
        Sent mine = sent.get(String.valueOf(message.clientMessageId()));
        if (mine != null) {
          mine.acknowledged(message.messageId());
        }
      } else if (isNew && entered) {
        unheard.add(message.content());
        note("hears " + message.from() + ":", message.content());
      }
    }

    @Override
    public void edited(long messageId, String content) {
      screen.computeIfPresent(messageId, (id, before) -> content);
    }

    @Override
    public void deleted(long messageId) {
      screen.remove(messageId);
    }

    @Override
    public void refused(String why, @Nullable String clientMessageId) {
      note("is refused:", why);
      Sent mine = sent.get(String.valueOf(clientMessageId));
      if (mine != null) {
        mine.refused(why);
      }
    }

    @Override
    public void reached(long seq) {
      lastSeq = Math.max(lastSeq, seq);
    }

    @Override
    public void reload() {
      note("has to reload", "");
      screen.clear();
      lastSeq = 0;
    }

    @Override
    public void reply(String frame) {
      chat.time().run(() -> say(frame));
    }
  }
}
