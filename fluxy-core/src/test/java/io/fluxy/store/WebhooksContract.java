package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every store must do with webhooks and their outbox; part of {@link StoreContract}. */
abstract class WebhooksContract extends StoreStories {
  WebhooksContract(StoreContract suite) {
    super(suite);
  }

  private WebhookRecord hook(String id, String project) {
    WebhookRecord webhook =
        new WebhookRecord(project, id, "https://x.example/" + id, null, List.of("mention"), T0);
    get(store().webhooks().saveWebhook(webhook));
    return webhook;
  }

  private static DeliveryRecord tells(WebhookRecord webhook, String id, String lane, long seq) {
    return DeliveryRecord.pending(webhook, id, "mention", lane, seq, null, T0 + seq, T0);
  }

  private List<String> due(String webhookId, long nowMs) {
    return get(store().webhooks().due(webhookId, nowMs, 100)).stream()
        .map(DeliveryRecord::id)
        .toList();
  }

  @Test
  void aWebhookIsSavedChangedListedAndTakenOut() {
    WebhookRecord first = hook("h1", "shop");
    WebhookRecord signed =
        new WebhookRecord(
            "school", "h2", "https://y", "s3cret", List.of("mention", "user.event"), T0 + 1);
    get(store().webhooks().saveWebhook(signed));
    assertThat(get(store().webhooks().webhooks(10))).containsExactly(first, signed);
    assertThat(get(store().webhooks().webhooks(1))).containsExactly(first);

    WebhookRecord changed =
        new WebhookRecord("shop", "h1", "https://z", "new", List.of("mention"), T0);
    get(store().webhooks().saveWebhook(changed));
    assertThat(get(store().webhooks().webhooks(10))).containsExactly(changed, signed);

    get(store().webhooks().add(List.of(tells(changed, "d1", "lobby", 1))));
    assertThat(get(store().webhooks().removeWebhook("school", "h1"))).isFalse();
    assertThat(get(store().webhooks().removeWebhook("shop", "h1"))).isTrue();
    assertThat(get(store().webhooks().removeWebhook("shop", "h1"))).isFalse();
    assertThat(get(store().webhooks().webhooks(10))).containsExactly(signed);
    assertThat(get(store().webhooks().deliveries("shop", null, 10))).isEmpty();
  }

  @Test
  void whatFollowsFromAnEventIsSavedWithItOrNotAtAll() {
    Room lobby = founded(LOBBY);
    WebhookRecord webhook = hook("h1", "shop");
    DeliveryRecord kept = tells(webhook, "d1", "lobby", 1);
    get(store().messages().append(LOBBY, List.of(lobby.post(1, "ann", "one")), List.of(kept)));
    CompletionStage<Void> taken =
        store()
            .messages()
            .append(
                LOBBY,
                List.of(lobby.post(1, "bob", "other")),
                List.of(tells(webhook, "d2", "lobby", 1)));

    assertThatThrownBy(() -> get(taken)).isInstanceOf(SeqTakenException.class);
    assertThat(get(store().webhooks().deliveries("shop", null, 10))).containsExactly(kept);
    assertThat(due("h1", T0)).containsExactly("d1");
  }

  @Test
  void aLaneIsDueInOrderFromItsOldestOnAndNotBeforeThatIs() {
    WebhookRecord webhook = hook("h1", "shop");
    get(
        store()
            .webhooks()
            .add(
                List.of(
                    tells(webhook, "b2", "b", 2),
                    tells(webhook, "a2", "a", 3),
                    tells(webhook, "a1", "a", 1),
                    tells(webhook, "b1", "b", 1))));
    assertThat(due("h1", T0 - 1)).isEmpty();
    assertThat(due("h1", T0)).containsExactlyInAnyOrder("a1", "a2", "b1", "b2");
    assertThat(due("h1", T0)).containsSubsequence("a1", "a2").containsSubsequence("b1", "b2");
    assertThat(get(store().webhooks().due("h1", T0, 1))).hasSize(1);

    DeliveryRecord a1 =
        get(store().webhooks().due("h1", T0, 9)).stream()
            .filter(delivery -> delivery.id().equals("a1"))
            .findFirst()
            .orElseThrow();
    get(store().webhooks().attempted(a1.retryAt(T0 + 60, 500, "http_500", T0 + 5)));
    assertThat(due("h1", T0 + 59)).containsExactly("b1", "b2");
    assertThat(due("h1", T0 + 60)).containsSubsequence("a1", "a2");
  }

  @Test
  void anAttemptIsWrittenDownOnceAndADeliveryCanBeReplayed() {
    WebhookRecord webhook = hook("h1", "shop");
    DeliveryRecord fresh =
        DeliveryRecord.pending(webhook, "d1", "user.event", "", 0, "{\"a\":1}", T0, T0);
    get(store().webhooks().add(List.of(fresh)));
    DeliveryRecord failed = fresh.retryAt(T0 + 60, 0, "timeout", T0 + 1);
    DeliveryRecord delivered = failed.delivered(204, T0 + 61);
    get(store().webhooks().attempted(failed));
    get(store().webhooks().attempted(fresh.delivered(200, T0 + 2))); // from before, come late
    assertThat(get(store().webhooks().deliveries("shop", "h1", 9))).containsExactly(failed);
    get(store().webhooks().attempted(delivered));
    assertThat(get(store().webhooks().deliveries("shop", null, 9))).containsExactly(delivered);
    assertThat(due("h1", T0 + 99)).isEmpty();

    assertThat(get(store().webhooks().replay("school", "d1", T0 + 70))).isFalse();
    assertThat(get(store().webhooks().replay("shop", "d2", T0 + 70))).isFalse();
    assertThat(get(store().webhooks().replay("shop", "d1", T0 + 70))).isTrue();
    assertThat(due("h1", T0 + 70)).containsExactly("d1");
    assertThat(get(store().webhooks().deliveries("shop", null, 9)).get(0).attempts()).isZero();
  }

  @Test
  void aWebhookIsLeasedToOneWorkerUntilItGivesItBackOrItsTimeIsOver() {
    WebhookRecord webhook = hook("h1", "shop");
    hook("h2", "shop");
    assertThat(get(store().webhooks().lease("w1", T0, T0 + 30, 9))).isEmpty();
    get(store().webhooks().add(List.of(tells(webhook, "d1", "lobby", 1))));

    assertThat(get(store().webhooks().lease("w1", T0, T0 + 30, 0))).isEmpty();
    assertThat(get(store().webhooks().lease("w1", T0, T0 + 30, 9))).containsExactly("h1");
    assertThat(get(store().webhooks().lease("w1", T0, T0 + 30, 9))).isEmpty();
    assertThat(get(store().webhooks().lease("w2", T0, T0 + 30, 9))).isEmpty();
    assertThat(get(store().webhooks().prolong("h1", "w2", T0 + 60))).isFalse();
    assertThat(get(store().webhooks().prolong("h1", "w1", T0 + 60))).isTrue();
    assertThat(get(store().webhooks().lease("w2", T0 + 59, T0 + 90, 9))).isEmpty();
    assertThat(get(store().webhooks().lease("w2", T0 + 61, T0 + 90, 9))).containsExactly("h1");
    assertThat(get(store().webhooks().prolong("h1", "w1", T0 + 99))).isFalse();
    get(store().webhooks().release("h1", "w1"));
    assertThat(get(store().webhooks().lease("w3", T0 + 61, T0 + 90, 9))).isEmpty();
    get(store().webhooks().release("h1", "w2"));
    assertThat(get(store().webhooks().lease("w3", T0 + 61, T0 + 90, 9))).containsExactly("h1");
  }

  @Test
  void ofTwoWorkersThatWantAWebhookAtOnceOneGetsIt() throws Exception {
    Optional<Store> other = second();
    assumeTrue(other.isPresent());
    try (Store elsewhere = other.get()) {
      WebhookRecord webhook = hook("h1", "shop");
      get(store().webhooks().add(List.of(tells(webhook, "d1", "lobby", 1))));
      CompletionStage<List<String>> here = store().webhooks().lease("w1", T0, T0 + 30, 9);
      CompletionStage<List<String>> there = elsewhere.webhooks().lease("w2", T0, T0 + 30, 9);

      assertThat(get(here).size() + get(there).size()).isEqualTo(1);
    }
  }

  @Test
  void whatAPayloadSaysOfAUserCanBeForgotten() {
    WebhookRecord webhook = hook("h1", "shop");
    WebhookRecord schools = hook("h2", "school");
    get(
        store()
            .webhooks()
            .add(
                List.of(
                    says(webhook, "d1", "{\"roomId\":\"a\",\"userId\":\"a_b\"}"),
                    says(webhook, "d2", "{\"userId\":\"axb\",\"data\":\"a_b\"}"),
                    says(schools, "d3", "{\"userId\":\"a_b\"}"),
                    tells(webhook, "d4", "a_b", 1))));
    get(store().webhooks().forget("shop", "a_b"));

    assertThat(get(store().webhooks().deliveries("shop", null, 9)).stream().map(DeliveryRecord::id))
        .containsExactlyInAnyOrder("d2", "d4");
    assertThat(get(store().webhooks().deliveries("school", null, 9))).hasSize(1);
  }

  private static DeliveryRecord says(WebhookRecord webhook, String id, String payload) {
    return DeliveryRecord.pending(webhook, id, "user.event", "", 0, payload, T0, T0);
  }

  @Test
  void oldDeliveriesAreForgottenUnlessTheyArePending() {
    WebhookRecord webhook = hook("h1", "shop");
    DeliveryRecord done = tells(webhook, "d1", "lobby", 1);
    get(store().webhooks().add(List.of(done, tells(webhook, "d2", "lobby", 2))));
    get(store().webhooks().attempted(done.delivered(200, T0 + 10)));

    get(store().webhooks().prune(T0 + 10));
    assertThat(get(store().webhooks().deliveries("shop", null, 9))).hasSize(2);
    get(store().webhooks().prune(T0 + 11));
    assertThat(get(store().webhooks().deliveries("shop", null, 9)))
        .extracting(DeliveryRecord::id)
        .containsExactly("d2");
  }

  @Test
  void webhooksAndTheirOutboxAreThereAfterReopening() throws Exception {
    WebhookRecord webhook = hook("h1", "shop");
    get(store().webhooks().add(List.of(tells(webhook, "d1", "lobby", 1))));
    store().close();
    Optional<Store> again = reopened();
    assumeTrue(again.isPresent());
    try (Store reopened = again.get()) {
      assertThat(get(reopened.webhooks().webhooks(9))).containsExactly(webhook);
      assertThat(get(reopened.webhooks().lease("w9", T0, T0 + 1, 9))).containsExactly("h1");
      assertThat(get(reopened.webhooks().due("h1", T0, 9)))
          .containsExactly(tells(webhook, "d1", "lobby", 1));
    }
  }
}
