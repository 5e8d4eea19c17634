package io.fluxy.testkit;

import io.fluxy.chat.User;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whose client hears channels, in Pusher's, PushFlo's or the plain words, over a network
 * that fails when it is told to. What it may miss when it is cut off, and what not, is what its
 * protocol says: that of Pusher asks for its channels again and for nothing else; that of PushFlo
 * is given back its channels and what it has missed; a plain one asks for what it has missed.
 *
 * <p>It <em>hears</em> events, of all its channels in the order in which they came; a message that
 * people say is an event too. AssertJ's {@code assertThat(client)} has words for its connection:
 * see {@link ChannelClientAssert}.
 */
public final class TestChannelClient extends Remote<TestChannelClient>
    implements AssertProvider<ChannelClientAssert> {
  private final ChannelDialect.Speaker speaker;
  private final ChannelDialect.Ears ears = new Memory();
  private final Set<String> channels = new LinkedHashSet<>(); // it wants to hear
  private final Set<String> in = new LinkedHashSet<>(); // it hears
  private final Map<String, String> out = new LinkedHashMap<>(); // it does not hear, and why
  private final Map<String, Set<String>> present = new LinkedHashMap<>(); // by channel
  private final Deque<Heard> unheard = new ArrayDeque<>();
  private final List<String> complaints = new ArrayList<>();
  private boolean welcome;

  /**
   * An event, as it was heard.
   *
   * @param data JSON; also of what came as a text
   */
  public record Heard(String channel, String event, String data) {}

  TestChannelClient(TestChat chat, User user, ChannelDialect.Speaker speaker) {
    super(chat, user);
    this.speaker = speaker;
  }

  @Override
  TestChannelClient self() {
    return this;
  }

  @Override
  void hear(String frame) {
    speaker.hear(Value.of(frame), ears);
  }

  // Coming and going.

  @Override
  void connects() {
    in.clear();
    out.clear();
    welcome = false;
    if (speaker.needsChannel()) {
      channels.forEach(this::asks);
      return;
    }
    String refusal = opens("");
    if (refusal == null && !comes(() -> welcome || !isHere())) {
      refusal = "nothing is heard from the other side";
    } else if (refusal == null && !welcome) {
      refusal = end();
    }
    if (refusal != null) {
      throw new AssertionError(chat().story(userId() + " may not connect: " + refusal));
    }
    if (speaker.asksAgain()) {
      channels.forEach(this::asks);
    }
  }

  private @Nullable String opens(String channel) {
    String refusal = opens(speaker.open(chat().token(user()), channel), false);
    if (refusal == null) {
      note("connects", channel);
      chat().time().runUntilIdle();
    }
    return refusal;
  }

  /**
   * Wants to hear channels, and does.
   *
   * @throws AssertionError if that is refused; {@link #refusalOf} expects it
   */
  public TestChannelClient subscribes(String... names) {
    for (String channel : names) {
      Optional<String> refusal = tries(channel);
      if (refusal.isPresent()) {
        throw new AssertionError(
            chat().story(userId() + " may not hear " + channel + ": " + refusal.get()));
      }
    }
    return this;
  }

  /** Why it may not hear a channel; empty if it may, and it does then. */
  public Optional<String> refusalOf(String channel) {
    return tries(channel);
  }

  private Optional<String> tries(String channel) {
    if (speaker.needsChannel() && !channels.isEmpty() && !channels.contains(channel)) {
      throw new IllegalStateException(
          "a plain socket hears one channel, and this one " + channels + ": connect once more");
    }
    channels.add(channel);
    note("asks for", channel);
    asks(channel);
    chat().time().runUntilIdle(); // even if several things happen at once: this one can't wait
    if (!comes(() -> in.contains(channel) || out.containsKey(channel) || !isHere())) {
      return Optional.of("no answer yet");
    } else if (in.contains(channel)) {
      return Optional.empty();
    }
    channels.remove(channel);
    return Optional.of(out.getOrDefault(channel, end()));
  }

  private void asks(String channel) {
    out.remove(channel);
    try {
      if (speaker.needsChannel()) {
        String refusal = opens(channel);
        if (refusal != null) {
          out.put(channel, refusal);
        }
      } else {
        say(String.valueOf(speaker.subscribe(channel)));
      }
    } catch (ChannelDialect.Unauthorized e) {
      out.put(channel, String.valueOf(e.getMessage()));
    }
  }

  /** Wants to hear no more of a channel. */
  public TestChannelClient unsubscribes(String channel) {
    channels.remove(channel);
    in.remove(channel);
    present.remove(channel);
    note("unsubscribes", channel);
    say(speaker.unsubscribe(channel));
    return this;
  }

  /** The channels that it hears, as far as it was told. */
  public Set<String> channels() {
    return Set.copyOf(in);
  }

  // Talking.

  /**
   * Tells the others in the channel that it subscribed to last, without leaving a trace: a client
   * event.
   *
   * @param event begins with {@code client-}
   * @param data JSON as text, any other text, or maps, lists, numbers, booleans and texts
   */
  public TestChannelClient whispers(String event, @Nullable Object data) {
    if (channels.isEmpty()) {
      throw new IllegalStateException(userId() + " has not subscribed to anything");
    }
    return whispersTo(List.copyOf(channels).get(channels.size() - 1), event, data);
  }

  /** The same in another of its channels. */
  public TestChannelClient whispersTo(String channel, String event, @Nullable Object data) {
    Value value = Value.of(data);
    note("whispers to " + channel + ":", event + " " + value.text());
    say(speaker.whisper(channel, event, value));
    return this;
  }

  // Hearing.

  /**
   * Has heard this event next.
   *
   * @param data the same JSON, as text or as maps, lists, numbers, booleans and texts; or any other
   *     text
   * @throws AssertionError if not
   */
  public TestChannelClient hears(String event, @Nullable Object data) {
    String expected = event + " " + Value.of(data).text();
    Heard next = next(expected);
    if (!next.event().equals(event) || !Value.of(next.data()).equals(Value.of(data))) {
      throw unexpected(expected);
    }
    unheard.remove();
    return this;
  }

  /**
   * Has heard an event of this name next, whatever goes with it.
   *
   * @throws AssertionError if not
   */
  public Heard hears(String event) {
    Heard next = next(event);
    if (!next.event().equals(event)) {
      throw unexpected(event);
    }
    return unheard.remove();
  }

  /**
   * Has heard people say this next: what a {@link TestClient} says in the room.
   *
   * @throws AssertionError if not
   */
  public TestChannelClient hearsMessage(String content) {
    String expected = "the message \"" + content + "\"";
    Heard next = next(expected);
    if (!next.event().equals("message") || !Value.of(next.data()).word("content").equals(content)) {
      throw unexpected(expected);
    }
    unheard.remove();
    return this;
  }

  private Heard next(String expected) {
    if (!comes(() -> !unheard.isEmpty())) {
      throw unexpected(expected);
    }
    return unheard.element();
  }

  private AssertionError unexpected(String expected) {
    return new AssertionError(chat().story(this + " should hear " + expected + ", but " + heard()));
  }

  /**
   * Has heard nothing that it was not asked about yet.
   *
   * @throws AssertionError if it has
   */
  public TestChannelClient hearsNothing() {
    if (comes(() -> !unheard.isEmpty())) {
      throw new AssertionError(chat().story(this + " should hear nothing, but " + heard()));
    }
    return this;
  }

  private String heard() {
    if (unheard.isEmpty()) {
      return "heard nothing" + (complaints.isEmpty() ? "" : ", and was told: " + complaints);
    }
    return "heard "
        + String.join(
            ", ",
            unheard.stream()
                .map(each -> each.channel() + ": " + each.event() + " " + each.data())
                .toList());
  }

  /** All it has heard and not been asked about, which it forgets. */
  public List<Heard> shrugs() {
    List<Heard> all = List.copyOf(unheard);
    unheard.clear();
    return all;
  }

  /** Who is in a presence channel, as far as it was told. PushFlo's clients are not told. */
  public Set<String> present(String channel) {
    return Set.copyOf(present.getOrDefault(channel, Set.of()));
  }

  /** What else it was told that was wrong, in its protocol's words, oldest first. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** For AssertJ: write {@code assertThat(client)}. */
  @Override
  public ChannelClientAssert assertThat() {
    return new ChannelClientAssert(this);
  }

  @Override
  public String toString() {
    return userId() + " in " + channels;
  }

  /** What becomes of the frames. */
  private final class Memory implements ChannelDialect.Ears {
    @Override
    public void welcome() {
      welcome = true;
    }

    @Override
    public void in(String channel) {
      in.add(channel);
      out.remove(channel);
    }

    @Override
    public void out(String channel, String why) {
      in.remove(channel);
      out.put(channel, why);
      note("is refused " + channel + ":", why);
    }

    @Override
    public void event(String channel, String event, Value data) {
      unheard.add(new Heard(channel, event, data.text()));
      note("hears " + event + ":", data.text());
    }

    @Override
    public void present(String channel, List<String> userIds) {
      present.put(channel, new LinkedHashSet<>(userIds));
    }

    @Override
    public void came(String channel, String userId) {
      present.computeIfAbsent(channel, name -> new LinkedHashSet<>()).add(userId);
    }

    @Override
    public void went(String channel, String userId) {
      present.getOrDefault(channel, Set.of()).remove(userId);
    }

    @Override
    public void complaint(String why) {
      complaints.add(why);
      note("is told:", why);
    }

    @Override
    public void reply(String frame) {
      TestChannelClient.this.reply(frame);
    }
  }
}
