package io.fluxy.testkit;

import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rooms of a {@link TestChat} as the channels of another protocol: whose clients come, and what
 * servers publish to them.
 *
 * <pre>{@code
 * TestChannels pusher = chat.pusher();
 * TestChannelClient ann = pusher.connects("ann").subscribes("private-room");
 *
 * pusher.publishes("private-room", "price", "{\"acme\":10.5}");
 *
 * ann.hears("price", "{\"acme\":10.5}");
 * }</pre>
 */
public final class TestChannels {
  private static final User SERVER = new User("testkit", Set.of(Role.ADMIN));

  private final TestChat chat;
  private final ChannelDialect dialect;
  private Authorizer authorizer;

  TestChannels(TestChat chat, ChannelDialect dialect) {
    this.chat = chat;
    this.dialect = dialect;
    this.authorizer = dialect.authorizer();
  }

  /** What a host's own server answers to a client that wants to hear a private channel. */
  @FunctionalInterface
  public interface Authorizer {
    /**
     * Answers.
     *
     * @param userId whose client it is
     * @param socketId of its connection
     * @return JSON, as {@code PusherApp.authorize} and {@code ChannelApp.authorize} make it; null
     *     to say no
     */
    @Nullable String authorize(String userId, String socketId, String channel);
  }

  /**
   * From now on clients ask this whether they may hear private channels, as in production they ask
   * the host's server. Unless it is set, everybody may: the kit signs with the app's secret.
   */
  public TestChannels authorizedBy(Authorizer host) {
    authorizer = host;
    return this;
  }

  /**
   * Somebody connects.
   *
   * @throws AssertionError if that is refused
   */
  public TestChannelClient connects(String userId) {
    User user = User.named(userId);
    TestChannelClient client =
        new TestChannelClient(
            chat,
            user,
            dialect.speaker(user, (who, socket, name) -> authorizer.authorize(who, socket, name)));
    chat.came(client);
    client.connects();
    return client;
  }

  /**
   * A server publishes an event, by HTTP.
   *
   * @param data JSON as text, any other text, or maps, lists, numbers, booleans and texts
   * @throws AssertionError if that is refused
   */
  public void publishes(String channel, String event, @Nullable Object data) {
    Value value = Value.of(data);
    chat.note("a server", "publishes to " + channel + ":", event + " " + value.text());
    ApiRequest request =
        dialect.publish(channel, event, value, chat.token(SERVER), chat.time().nowMs());
    ApiResponse response = chat.answer(chat.fluxy().answer(request), "a publish to " + channel);
    if (response.status() / 100 != 2) {
      String body = new String(response.body(), StandardCharsets.UTF_8);
      throw new AssertionError(
          chat.story(
              "publishing %s to %s is refused: %d %s"
                  .formatted(event, channel, response.status(), body)));
    }
  }
}
