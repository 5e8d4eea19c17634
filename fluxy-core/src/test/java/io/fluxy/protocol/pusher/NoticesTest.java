package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.hook.FakeReceiver;
import io.fluxy.hook.Signature;
import io.fluxy.hook.WebhookSender;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pusher's webhooks: all seven, in batches, signed (contract 5). */
class NoticesTest {
  private final List<ChannelNotice> notices = new ArrayList<>();
  private final FakeReceiver receiver = new FakeReceiver();
  private final ChannelServer server =
      ChannelServer.start(
          app ->
              app.subscriptionCounts(true)
                  .webhook(
                      new PusherApp.Webhook(
                          "https://hooks.example.org/p", PusherApp.Webhook.EVENTS))
                  .webhook(
                      new PusherApp.Webhook(
                          "https://other.example.org/p", Set.of("channel_occupied")))
                  .listener(notices::add)
                  .listener(
                      notice -> {
                        throw new IllegalStateException("the host's mistake");
                      }),
          builder -> builder.webhookSender(receiver));

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  /** The events that the first receiver has got, in order. */
  private List<String> events() {
    List<String> events = new ArrayList<>();
    Pattern event = Pattern.compile("\\{\"name\":[^}]*}");
    for (FakeReceiver.Post post : receiver.posts()) {
      if (post.url().startsWith("https://hooks")) {
        Matcher matcher = event.matcher(post.body());
        while (matcher.find()) {
          events.add(matcher.group());
        }
      }
    }
    receiver.posts().clear();
    return events;
  }

  @Test
  void aBatchIsSignedAndExact() {
    server.connects().subscribes("my-channel");
    assertThat(receiver.posts()).isEmpty();
    server.time.advance(250);
    long at = server.time.nowMs();

    assertThat(receiver.posts()).hasSize(2);
    FakeReceiver.Post post =
        receiver.posts().stream()
            .filter(each -> each.url().equals("https://hooks.example.org/p"))
            .findFirst()
            .orElseThrow();
    assertThat(post.body())
        .isEqualTo(
            "{\"time_ms\":"
                + at
                + ",\"events\":[{\"name\":\"channel_occupied\",\"channel\":\"my-channel\"},"
                + "{\"name\":\"subscription_count\",\"channel\":\"my-channel\",\"subscription_count\":1}]}");
    assertThat(post.headers())
        .containsOnly(
            java.util.Map.entry("Content-Type", "application/json"),
            java.util.Map.entry("X-Pusher-Key", ChannelServer.KEY),
            java.util.Map.entry(
                "X-Pusher-Signature",
                Signature.of(ChannelServer.SECRET, post.body().getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void whoComesAndGoesIsToldWithPatience() {
    Wire ann = server.connects().subscribesSigned("presence-r", "{\"user_id\":10}");
    Wire tab = server.connects().subscribesSigned("presence-r", "{\"user_id\":\"10\"}");
    server.time.advance(250);
    assertThat(events())
        .containsExactly(
            "{\"name\":\"channel_occupied\",\"channel\":\"presence-r\"}",
            "{\"name\":\"member_added\",\"channel\":\"presence-r\",\"user_id\":\"10\"}");

    ann.leaves();
    tab.leaves();
    server.time.advance(2_000);
    Wire back = server.connects().subscribesSigned("presence-r", "{\"user_id\":\"10\"}");
    server.time.advance(5_000);
    assertThat(events()).as("it was back in time").isEmpty();

    back.leaves();
    server.time.advance(2_999);
    assertThat(events()).isEmpty();
    server.time.advance(251);
    assertThat(events())
        .containsExactly(
            "{\"name\":\"member_removed\",\"channel\":\"presence-r\",\"user_id\":\"10\"}",
            "{\"name\":\"channel_vacated\",\"channel\":\"presence-r\"}");
  }

  @Test
  void clientEventsAndCacheMissesAreTold() {
    Wire ann = server.connects().subscribesSigned("presence-cache-r", "{\"user_id\":\"u\"}");
    ann.says("{\"event\":\"client-x\",\"channel\":\"presence-cache-r\",\"data\":{\"a\":1}}");
    Wire bob = server.connects().subscribes("cache-c");
    server.connects().subscribes("cache-c");
    server.time.advance(250);

    assertThat(events())
        .contains(
            "{\"name\":\"cache_miss\",\"channel\":\"presence-cache-r\"}",
            "{\"name\":\"client_event\",\"channel\":\"presence-cache-r\",\"event\":\"client-x\","
                + "\"data\":\"{\\\"a\\\":1}",
            "{\"name\":\"cache_miss\",\"channel\":\"cache-c\"}")
        .filteredOn(event -> event.contains("cache_miss"))
        .hasSize(2);
    assertThat(bob.end()).isEqualTo("open");
    assertThat(ann.id()).contains(".");
  }

  @Test
  void twentyMakeABatch() {
    Wire ann = server.connects();
    for (int i = 0; i < 12; i++) { // occupied and counted, each
      ann.subscribes("c" + i);
    }
    server.time.runUntilIdle();

    assertThat(events()).hasSize(20);
    server.time.advance(250);
    assertThat(events()).hasSize(4);
  }

  @Test
  void aReceiverThatFailsIsToldAgain() {
    receiver.answers(WebhookSender.Outcome.failed("down"), WebhookSender.Outcome.failed("down"));
    server.connects().subscribes("news");
    server.time.advance(250);
    String first = receiver.posts().get(0).body();
    receiver.posts().clear();
    server.time.advance(70_000);

    assertThat(receiver.posts()).hasSize(2).anyMatch(post -> post.body().equals(first));
  }

  @Test
  void theHostsOwnCodeHearsTheSameAtOnce() {
    Wire ann = server.connects().subscribesSigned("presence-cache-r", "{\"user_id\":10}");
    ann.says("{\"event\":\"client-x\",\"channel\":\"presence-cache-r\",\"data\":{\"a\":1}}");
    server.connects().subscribes("news");
    assertThat(receiver.posts()).as("webhooks wait for a batch").isEmpty();
    ann.leaves();
    server.time.advance(3_000);

    String r = "presence-cache-r";
    assertThat(notices)
        .containsExactlyInAnyOrder(
            ChannelNotice.of("channel_occupied", r),
            ChannelNotice.of("member_added", r, "10"),
            ChannelNotice.of("cache_miss", r),
            new ChannelNotice("client_event", r, "10", "client-x", "{\"a\":1}", ann.id(), null),
            ChannelNotice.of("channel_occupied", "news"),
            new ChannelNotice("subscription_count", "news", null, null, null, null, 1),
            ChannelNotice.of("member_removed", r, "10"),
            ChannelNotice.of("channel_vacated", r));
  }
}
