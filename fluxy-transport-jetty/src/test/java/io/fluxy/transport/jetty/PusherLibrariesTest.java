package io.fluxy.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import com.pusher.client.channel.ChannelEventListener;
import com.pusher.client.channel.PresenceChannelEventListener;
import com.pusher.client.channel.PrivateChannel;
import com.pusher.client.channel.PrivateEncryptedChannelEventListener;
import com.pusher.client.channel.PusherEvent;
import com.pusher.client.channel.User;
import com.pusher.client.connection.ConnectionEventListener;
import com.pusher.client.connection.ConnectionState;
import com.pusher.client.connection.ConnectionStateChange;
import com.pusher.rest.data.Event;
import com.pusher.rest.data.PresenceUser;
import com.pusher.rest.data.Result;
import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pusher's own libraries for Java, unmodified, against a started engine (contract 7.2). */
class PusherLibrariesTest {
  private static final PusherApp APP = PusherApp.of("4242", "shop", "a-key", "a-secret");
  private static final String MASTER = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private final Fluxy fluxy =
      Fluxy.builder().project(Project.named("shop")).protocol(new PusherChannels(APP)).start();
  private final Server server = new Server(new QueuedThreadPool(16));
  private final ServerConnector connector = FluxyJetty.connector(server, "127.0.0.1", 0);
  private final List<Client> clients = new ArrayList<>();
  private com.pusher.rest.Pusher rest;

  @BeforeEach
  void start() throws Exception {
    server.addConnector(connector);
    server.setHandler(FluxyJetty.handler(server, fluxy));
    server.start();
    rest = new com.pusher.rest.Pusher("4242", "a-key", "a-secret", MASTER);
    rest.setHost("127.0.0.1:" + connector.getLocalPort());
    rest.setEncrypted(false);
  }

  @AfterEach
  void stop() throws Exception {
    clients.forEach(client -> client.pusher.disconnect());
    rest.close();
    server.stop();
    fluxy.close();
  }

  /** One client, and all it is told in the order it is told. */
  private final class Client implements PresenceChannelEventListener, ConnectionEventListener {
    private final Pusher pusher;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    Client(String key, String userId) {
      PusherOptions options =
          new PusherOptions()
              .setHost("127.0.0.1")
              .setWsPort(connector.getLocalPort())
              .setUseTLS(false)
              .setChannelAuthorizer((channel, socketId) -> authorize(channel, socketId, userId))
              .setUserAuthenticator(
                  socketId -> APP.authenticate(socketId, "{\"id\":\"" + userId + "\"}"));
      pusher = new Pusher(key, options);
      clients.add(this);
      pusher.connect(this, ConnectionState.ALL);
    }

    private String authorize(String channel, String socketId, String userId) {
      if (channel.contains("refused")) {
        return "{\"auth\":\"a-key:00\"}";
      }
      return channel.startsWith("presence-")
          ? rest.authenticate(socketId, channel, new PresenceUser(userId, Map.of("name", userId)))
          : rest.authenticate(socketId, channel);
    }

    /**
     * The library subscribes once more to what it has when its own part hears of the connection,
     * which may be after us. By the time a subscription is answered, that part has heard of it.
     */
    void settles() throws InterruptedException {
      CountDownLatch settled = new CountDownLatch(1);
      pusher.subscribe(
          "settling",
          new ChannelEventListener() {
            @Override
            public void onSubscriptionSucceeded(String channel) {
              settled.countDown();
            }

            @Override
            public void onEvent(PusherEvent event) {}
          });
      assertThat(settled.await(10, TimeUnit.SECONDS)).isTrue();
      pusher.unsubscribe("settling");
    }

    void hears(String expected) throws InterruptedException {
      assertThat(next()).isEqualTo(expected);
    }

    String next() throws InterruptedException {
      return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
    }

    @Override
    public void onConnectionStateChange(ConnectionStateChange change) {
      if (change.getCurrentState() != ConnectionState.CONNECTING
          && change.getCurrentState() != ConnectionState.DISCONNECTING) {
        heard.add(change.getCurrentState().name());
      }
    }

    @Override
    public void onError(String message, String code, Exception e) {
      heard.add("error " + code + " " + message);
    }

    @Override
    public void onSubscriptionSucceeded(String channel) {
      heard.add("in " + channel);
    }

    @Override
    public void onEvent(PusherEvent event) {
      String by = event.getUserId() == null ? "" : " by " + event.getUserId();
      heard.add(event.getChannelName() + " " + event.getEventName() + " " + event.getData() + by);
    }

    @Override
    public void onAuthenticationFailure(String message, Exception e) {
      heard.add("failure " + message);
    }

    @Override
    public void onUsersInformationReceived(String channel, Set<User> users) {
      Set<String> all = new TreeSet<>();
      users.forEach(user -> all.add(user.getId() + user.getInfo()));
      heard.add("here " + all);
    }

    @Override
    public void userSubscribed(String channel, User user) {
      heard.add("joins " + user.getId() + user.getInfo());
    }

    @Override
    public void userUnsubscribed(String channel, User user) {
      heard.add("leaves " + user.getId());
    }
  }

  private Client connected(String userId) throws InterruptedException {
    Client client = new Client("a-key", userId);
    client.hears("CONNECTED");
    client.settles();
    return client;
  }

  private static void ok(Result result, String body) {
    assertThat(result.getHttpStatus() + " " + result.getMessage()).isEqualTo("200 " + body);
  }

  @Test
  void publicChannelsAndEvents() throws Exception {
    Client ann = connected("ann");
    ann.pusher.subscribe("a=b@c,d.e;f", ann, "greet");
    ann.hears("in a=b@c,d.e;f");

    ok(rest.trigger("a=b@c,d.e;f", "greet", Map.of("hello", "Zo\u00eb \ud83d\ude00")), "{}");
    ann.hears("a=b@c,d.e;f greet {\"hello\":\"Zo\u00eb \ud83d\ude00\"}");
    ok(rest.trigger(List.of("a=b@c,d.e;f", "other"), "greet", "plain"), "{}");
    ann.hears("a=b@c,d.e;f greet \"plain\"");
    ok(
        rest.trigger(
            List.of(new Event("a=b@c,d.e;f", "greet", 1), new Event("a=b@c,d.e;f", "greet", 2))),
        "{}");
    ann.hears("a=b@c,d.e;f greet 1");
    ann.hears("a=b@c,d.e;f greet 2");
    ok(rest.trigger("a=b@c,d.e;f", "greet", 3, ann.pusher.getConnection().getSocketId()), "{}");
    ok(rest.trigger("a=b@c,d.e;f", "greet", 4), "{}");
    ann.hears("a=b@c,d.e;f greet 4");
    ok(rest.get("/channels/a=b@c,d.e;f"), "{\"occupied\":true}");
    ok(rest.get("/channels"), "{\"channels\":{\"a=b@c,d.e;f\":{}}}");

    ann.pusher.unsubscribe("a=b@c,d.e;f");
    ok(rest.get("/channels/none", Map.of("info", "subscription_count")), "{\"occupied\":false}");
  }

  @Test
  void privateChannelsAndClientEvents() throws Exception {
    Client ann = connected("ann");
    Client bob = connected("bob");
    PrivateChannel channel = ann.pusher.subscribePrivate("private-x", ann, "client-hi");
    ann.hears("in private-x");
    bob.pusher.subscribePrivate("private-x", bob, "client-hi");
    bob.hears("in private-x");

    channel.trigger("client-hi", "{\"x\":1}");
    bob.hears("private-x client-hi {\"x\":1}");
    bob.pusher.subscribePrivate("private-refused", bob);
    assertThat(bob.next()).startsWith("error 4009 Invalid signature: Expected HMAC SHA256");
    bob.pusher.getPrivateChannel("private-x").trigger("client-hi", "\"back\"");
    ann.hears("private-x client-hi \"back\"");
  }

  @Test
  void presenceWithOneUserOnTwoSockets() throws Exception {
    Client ann = connected("ann");
    ann.pusher.subscribePresence("presence-r", ann, "client-hi");
    ann.hears("here [ann{\"name\":\"ann\"}]");
    ann.hears("in presence-r");
    Client bob = connected("bob");
    bob.pusher.subscribePresence("presence-r", bob);
    bob.hears("here [ann{\"name\":\"ann\"}, bob{\"name\":\"bob\"}]");
    bob.hears("in presence-r");
    ann.hears("joins bob{\"name\":\"bob\"}");
    Client tab = connected("bob");
    tab.pusher.subscribePresence("presence-r", tab);
    tab.hears("here [ann{\"name\":\"ann\"}, bob{\"name\":\"bob\"}]");
    tab.hears("in presence-r");

    ok(
        rest.get(
            "/channels",
            Map.of("filter_by_prefix", "presence-", "info", "user_count,subscription_count")),
        "{\"channels\":{\"presence-r\":{\"subscription_count\":3,\"user_count\":2}}}");
    ok(rest.get("/channels/presence-r/users"), "{\"users\":[{\"id\":\"ann\"},{\"id\":\"bob\"}]}");
    bob.pusher.getPresenceChannel("presence-r").trigger("client-hi", "{}");
    ann.hears("presence-r client-hi {} by bob");
    bob.pusher.disconnect();
    bob.hears("DISCONNECTED");
    tab.pusher.unsubscribe("presence-r");
    ann.hears("leaves bob");
  }

  @Test
  void encryptedThereAndBack() throws Exception {
    Client ann = connected("ann");
    ann.pusher.subscribePrivateEncrypted(
        "private-encrypted-a",
        new PrivateEncryptedChannelEventListener() {
          @Override
          public void onDecryptionFailure(String event, String reason) {
            ann.heard.add("failure " + reason);
          }

          @Override
          public void onAuthenticationFailure(String message, Exception e) {
            ann.heard.add("failure " + message);
          }

          @Override
          public void onSubscriptionSucceeded(String channel) {
            ann.heard.add("in " + channel);
          }

          @Override
          public void onEvent(PusherEvent event) {
            ann.heard.add(event.getData());
          }
        },
        "secret");
    ann.hears("in private-encrypted-a");

    ok(rest.trigger("private-encrypted-a", "secret", Map.of("words", "hush")), "{}");
    ann.hears("{\"words\":\"hush\"}");
    assertThat(PusherApp.sharedSecret("private-encrypted-a", Base64.getDecoder().decode(MASTER)))
        .isEqualTo("s1rdijRHyyLa/TmwKiC7A3oeY+nahXaZrWaS3La/se0=");
  }

  @Test
  void cacheChannelsTellTheLastEvent() throws Exception {
    ok(rest.trigger("cache-c", "price", 7), "{}");
    Client ann = connected("ann");
    ann.pusher.subscribe("cache-c", ann, "price", "pusher:cache_miss");

    ann.hears("in cache-c");
    ann.hears("cache-c price 7");
    ann.pusher.subscribe("cache-d", ann, "price", "pusher:cache_miss");
    ann.hears("in cache-d");
    ann.hears("cache-d pusher:cache_miss {}");
  }

  @Test
  void signInServerToUserAndTermination() throws Exception {
    Client ann = connected("ann");
    ann.pusher.user().bind("hey", ann);
    ann.pusher.signin();
    String body = "{\"name\":\"hey\",\"channel\":\"#server-to-user-ann\",\"data\":\"you\"}";
    String heard = null;
    for (int i = 0; i < 100 && heard == null; i++) { // nobody says when it is signed in
      ok(rest.post("/events", body), "{}");
      heard = ann.heard.poll(100, TimeUnit.MILLISECONDS);
    }
    assertThat(heard).isEqualTo("#server-to-user-ann hey you");

    ok(rest.post("/users/ann/terminate_connections", "{}"), "{}");
    String end = ann.next();
    while (end.startsWith("#")) {
      end = ann.next();
    }
    assertThat(end).isEqualTo("error 4009 You got disconnected by the app");
    ann.hears("DISCONNECTED");
  }

  @Test
  void aKeyThatIsNotOneEndsItForGood() throws Exception {
    Client ann = new Client("no-such-key", "ann");

    ann.hears("error 4001 App key no-such-key does not exist.");
    ann.hears("DISCONNECTED");
  }

  @Test
  void librariesAreToldWhatIsWrong() throws Exception {
    com.pusher.rest.Pusher stranger = new com.pusher.rest.Pusher("4242", "a-key", "another-secret");
    stranger.setHost("127.0.0.1:" + connector.getLocalPort());
    stranger.setEncrypted(false);
    Result result = stranger.trigger("c", "e", 1);
    stranger.close();
    assertThat(result.getStatus()).isEqualTo(Result.Status.AUTHENTICATION_ERROR);
    assertThat(rest.trigger("c", "pusher:error", 1).getHttpStatus()).isEqualTo(400);
    assertThat(rest.trigger("c", "e", "x".repeat(20_000)).getHttpStatus()).isEqualTo(413);
  }

  @Test
  void theSubprotocolOfSwiftIsEchoed() throws Exception {
    java.net.http.WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols("pusher-channels-protocol-7")
            .buildAsync(
                URI.create("ws://127.0.0.1:" + connector.getLocalPort() + "/app/a-key?protocol=7"),
                new java.net.http.WebSocket.Listener() {})
            .get(10, TimeUnit.SECONDS);

    assertThat(socket.getSubprotocol()).isEqualTo("pusher-channels-protocol-7");
    socket.abort();
    HttpRequest plain =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/app/a-key"))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(plain, HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(400);
  }
}
