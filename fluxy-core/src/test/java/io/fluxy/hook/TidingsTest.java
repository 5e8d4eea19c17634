package io.fluxy.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.StoreException;
import io.fluxy.store.WebhookRecord;
import io.fluxy.store.WebhookStore;
import io.fluxy.time.VirtualScheduler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What waits for the outbox: in order, counted once, bounded, and kept while the store is down. */
class TidingsTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");

  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final List<List<DeliveryRecord>> writes = new ArrayList<>();
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private final AtomicLong ids = new AtomicLong();
  private final Tidings tidings =
      new Tidings(outbox(), time, 5, () -> "d" + ids.incrementAndGet(), () -> {});
  private final List<WebhookRecord> webhooks =
      List.of(
          new WebhookRecord(
              "shop",
              "h1",
              "https://x.example",
              null,
              List.of("client_event", "subscription_count"),
              1));

  /** Takes what is added, and answers when it is told to. */
  private WebhookStore outbox() {
    return (WebhookStore)
        Proxy.newProxyInstance(
            WebhookStore.class.getClassLoader(),
            new Class<?>[] {WebhookStore.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("add");
              List<DeliveryRecord> batch = new ArrayList<>();
              ((List<?>) arguments[0]).forEach(each -> batch.add((DeliveryRecord) each));
              writes.add(batch);
              CompletableFuture<Void> answer = new CompletableFuture<>();
              answers.add(answer);
              return answer;
            });
  }

  private void says(String text) {
    tidings.whispered(webhooks, LOBBY, new Event.Whispered("ann", text, "1"));
  }

  private List<String> payloads(int write) {
    return writes.get(write).stream()
        .map(d -> String.valueOf(d.payload()).replaceAll(".*eventName\":\"([^\"]*).*", "$1"))
        .toList();
  }

  @Test
  void oneWriteIsUnderWayAndTheNextHasAllThatCameMeanwhile() {
    says("one");
    says("two");
    time.runUntilIdle();
    says("three");
    says("four");
    time.runUntilIdle();
    assertThat(writes).hasSize(1);
    answers.get(0).complete(null);
    time.runUntilIdle();

    assertThat(payloads(0)).containsExactly("one", "two");
    assertThat(payloads(1)).containsExactly("three", "four");
    assertThat(writes.get(1).get(0).seq()).isLessThan(writes.get(1).get(1).seq());
  }

  @Test
  void manyCountsAreTheNewestOne() {
    for (int i = 1; i <= 100; i++) {
      tidings.presence(webhooks, LOBBY, null, i, i + 1);
    }
    time.runUntilIdle();

    assertThat(writes.get(0)).hasSize(1);
    assertThat(writes.get(0).get(0).payload()).contains("\"subscriptionCount\":101");
  }

  @Test
  void whatTheStoreDidNotTakeIsWrittenAgainBeforeTheRest() {
    says("one");
    time.runUntilIdle();
    says("two");
    answers.get(0).completeExceptionally(new StoreException("planned"));
    time.runUntilIdle();
    assertThat(writes).hasSize(1);
    time.advance(1_000);

    assertThat(payloads(1)).containsExactly("one", "two");
    assertThat(writes.get(1).get(0).id())
        .as("it may be there")
        .isNotEqualTo(writes.get(0).get(0).id());
  }

  @Test
  void moreThanMayWaitIsMissed() {
    for (int i = 0; i < 9; i++) {
      says("m" + i);
    }
    time.runUntilIdle();

    assertThat(payloads(0)).containsExactly("m0", "m1", "m2", "m3", "m4");
  }

  @Test
  void nothingIsMadeForThoseWhoWantNothing() {
    tidings.presence(webhooks, LOBBY, new Event.Arrived("ann", Map.of(), "c1"), 1, 2);
    tidings.cacheMissed(webhooks, LOBBY);
    time.runUntilIdle();

    assertThat(writes.get(0)).hasSize(1);
  }
}
