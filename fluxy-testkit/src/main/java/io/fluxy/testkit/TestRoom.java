package io.fluxy.testkit;

import io.fluxy.HostRoom;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.AssertProvider;

/**
 * A room of a {@link TestChat}. AssertJ's {@code assertThat(room)} has words for it: see {@link
 * RoomAssert}.
 */
public final class TestRoom implements AssertProvider<RoomAssert> {
  /** For looking at a room as an operator does. */
  static final User ANYBODY = new User("testkit", Set.of(Role.ADMIN));

  private static final int PAGE = 1_000;

  private final TestChat chat;
  private final RoomId id;
  private final List<TestClient> clients = new ArrayList<>();

  TestRoom(TestChat chat, RoomId id) {
    this.chat = chat;
    this.id = id;
  }

  /** Its id. */
  public RoomId id() {
    return id;
  }

  /** The room as the host's own code has it. */
  public HostRoom host() {
    return chat.fluxy().room(id);
  }

  /**
   * Somebody connects, the way FluxyChat's SDK does.
   *
   * @throws AssertionError if that is refused; {@link RoomAssert#turnsAway} expects it
   */
  public TestClient enters(String userId) {
    return enters(User.named(userId));
  }

  /** Somebody with certain roles in the project connects. */
  public TestClient enters(User user) {
    return enters(user, Dialect.fluxyChat());
  }

  /** Somebody connects with a client of another kind. */
  public TestClient enters(String userId, Dialect dialect) {
    return enters(User.named(userId), dialect);
  }

  /** Somebody with certain roles in the project connects with a client of another kind. */
  public TestClient enters(User user, Dialect dialect) {
    TestClient client = new TestClient(chat, id, user, dialect);
    client.connects();
    clients.add(client);
    return client;
  }

  /** Why somebody may not connect; empty if it may, and is not connected then. */
  Optional<String> refusalOf(String userId) {
    TestClient client = new TestClient(chat, id, User.named(userId), Dialect.fluxyChat());
    Optional<String> refusal = client.tries();
    if (refusal.isEmpty()) {
      client.leaves();
    }
    return refusal;
  }

  /**
   * The host's own code posts a message for somebody.
   *
   * @throws java.util.concurrent.CompletionException caused by {@link
   *     io.fluxy.chat.RefusedException} if the room declines
   */
  public Message posts(String userId, String content) {
    return posts(userId, Draft.text(content));
  }

  /** The same with everything that a draft can have. */
  public Message posts(String userId, Draft draft) {
    chat.note(userId, "posts to " + id.name() + ":", draft.content());
    return chat.answer(host().post(User.named(userId), draft), "a post of " + userId);
  }

  /** All messages as they stand, oldest first, whispers included and deleted ones not. */
  public List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    long beforeSeq = Long.MAX_VALUE;
    List<StoredMessage> page;
    do {
      page = TestChat.now(chat.store().inner().messages().page(id, beforeSeq, PAGE));
      for (StoredMessage each : page) {
        messages.add(each.message());
        beforeSeq = each.message().seq();
      }
    } while (page.size() == PAGE);
    Collections.reverse(messages);
    return messages;
  }

  /** Everything that the room has saved, oldest first. */
  public List<Event.Durable> log() {
    List<Event.Durable> log = new ArrayList<>();
    List<Event.Durable> page;
    do {
      long afterSeq = log.isEmpty() ? 0 : log.get(log.size() - 1).seq();
      page = TestChat.now(chat.store().inner().messages().read(id, afterSeq, PAGE));
      log.addAll(page);
    } while (page.size() == PAGE);
    return log;
  }

  /** Whoever has entered and is still connected. */
  public List<TestClient> clients() {
    return clients.stream().filter(TestClient::isHere).toList();
  }

  void engineIsGone() {
    clients.forEach(TestClient::engineIsGone);
  }

  TestChat chat() {
    return chat;
  }

  /** For AssertJ: write {@code assertThat(room)}. */
  @Override
  public RoomAssert assertThat() {
    return new RoomAssert(this);
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
