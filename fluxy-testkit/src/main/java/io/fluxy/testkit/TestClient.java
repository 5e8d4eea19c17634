package io.fluxy.testkit;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
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
public final class TestClient extends Remote<TestClient> implements AssertProvider<ClientAssert> {
  private final RoomId room;
  private final Dialect dialect;
  private final Dialect.Ears ears = new Memory();
  private final Deque<String> unheard = new ArrayDeque<>();
  private final TreeMap<Long, String> screen = new TreeMap<>(); // by message id
  private final Map<String, Sent> sent = new HashMap<>(); // by client message id
  private long lastSeq;
  private boolean entered; // and knows what was said before

  TestClient(TestChat chat, RoomId room, User user, Dialect dialect) {
    super(chat, user);
    this.room = room;
    this.dialect = dialect;
  }

  @Override
  TestClient self() {
    return this;
  }

  @Override
  void hear(String frame) {
    dialect.hear(frame, ears);
  }

  // Talking.

  /** Says something, under a name of its own so that saying it again is harmless. */
  public Sent says(String content) {
    Sent said = new Sent(content, chat().nextName());
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

  // Hearing.

  /**
   * Has heard these next, from others, in this order; perhaps more after them.
   *
   * @throws AssertionError if not
   */
  public TestClient hears(String... contents) {
    comes(() -> unheard.size() >= contents.length);
    List<String> next = unheard.stream().limit(contents.length).toList();
    if (!next.equals(List.of(contents))) {
      throw new AssertionError(
          chat().story(this + " should hear " + quoted(List.of(contents)) + ", but " + heard()));
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
    if (comes(() -> !unheard.isEmpty())) {
      throw new AssertionError(chat().story(this + " should hear nothing, but " + heard()));
    }
    return this;
  }

  private String heard() {
    return unheard.isEmpty() ? "heard nothing" : "heard " + quoted(List.copyOf(unheard));
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

  // Coming.

  @Override
  void connects() {
    Optional<String> refusal = tries();
    if (refusal.isPresent()) {
      throw new AssertionError(
          chat().story(userId() + " may not enter " + room + ": " + refusal.get()));
    }
  }

  /** Why it may not connect; empty if it has. */
  Optional<String> tries() {
    Long known = entered ? (Long) lastSeq : null;
    String refusal = opens(dialect.open(room, chat().token(user()), known), dialect.isStream());
    if (refusal != null) {
      return Optional.of(refusal);
    }
    note(entered ? "comes back to" : "enters", room.name());
    chat().settle();
    dialect.greeting(room, known).forEach(this::say);
    entered = true;
    return Optional.empty();
  }

  /** For AssertJ: write {@code assertThat(client)}. */
  @Override
  public ClientAssert assertThat() {
    return new ClientAssert(this);
  }

  @Override
  public String toString() {
    return userId() + " in " + room;
  }

  /** What becomes of the frames. */
  private final class Memory implements Dialect.Ears {
    @Override
    public void message(Dialect.Heard message) {
      boolean isNew = screen.put(message.messageId(), message.content()) == null;
      if (message.from().equals(userId())) {
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
      TestClient.this.reply(frame);
    }
  }
}
