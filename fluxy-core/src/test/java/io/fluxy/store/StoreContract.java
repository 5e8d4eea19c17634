package io.fluxy.store;

import static io.fluxy.store.Personal.Kind.DRAFT;
import static io.fluxy.store.Personal.Kind.PREFERENCES;
import static io.fluxy.store.Personal.Kind.RECEIPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxy.chat.Attachment;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every store must do. Extend it, give it a store, and say whether it can be opened again. */
public abstract class StoreContract {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final RoomId ATTIC = new RoomId("shop", "attic");
  private static final RoomId ELSEWHERE = new RoomId("school", "lobby");
  private static final long T0 = 1_700_000_000_000L;

  private Store store;

  /** A suite for one store. */
  protected StoreContract() {}

  /** A store with nothing in it. */
  protected abstract Store newStore() throws Exception;

  /**
   * Another store on what {@link #newStore()} made, opened while that is still open; empty if it
   * cannot be.
   */
  protected Optional<Store> second() throws Exception {
    return Optional.empty();
  }

  /**
   * The store on what {@link #newStore()} made, which has been closed; empty if nothing outlives a
   * close.
   */
  protected Optional<Store> reopened() throws Exception {
    return Optional.empty();
  }

  @BeforeEach
  void openTheStore() throws Exception {
    store = newStore();
  }

  @AfterEach
  void closeTheStore() {
    store.close();
  }

  // --- moderators and operators

  @Test
  void aProjectsPlanSecretsAndEndsOfKeysAreKept() {
    ProjectRecord plain = project("shop", "a", "b");
    get(store.directory().saveProject(plain));
    ProjectRecord changed =
        plain
            .on("pro")
            .signing("another secret of at least 32 bytes", T0 + 60)
            .called("Shop 2")
            .with(List.of(plain.keys().get(0).until(T0 + 5), plain.keys().get(1)));
    get(store.directory().saveProject(changed));
    assertThat(get(store.directory().project("shop"))).contains(changed);
    assertThat(get(store.directory().projectByKeyHash(plain.keys().get(0).hash())))
        .contains(changed);

    get(store.directory().saveProject(plain));
    assertThat(get(store.directory().project("shop"))).contains(plain);
    get(store.directory().saveProject(project("school", "c")));
    assertThat(get(store.directory().projects(9)))
        .extracting(ProjectRecord::id)
        .containsExactlyInAnyOrder("shop", "school");
    assertThat(get(store.directory().projects(1))).hasSize(1);
  }

  private static Event.Imposed imposed(long seq, String who, Sanction sanction, long untilMs) {
    return new Event.Imposed(seq, T0 + seq, who, sanction, untilMs, "", "zoe");
  }

  @Test
  void sanctionsFollowTheLog() {
    Room lobby = founded(LOBBY);
    lobby.append(
        imposed(1, "ann", Sanction.MUTE, T0 + 60),
        imposed(2, "ann", Sanction.BAN, Long.MAX_VALUE),
        imposed(3, "bob", Sanction.MUTE, T0 + 70),
        imposed(4, "cid", Sanction.KICK, 0));
    assertThat(lobby.open(1).sanctions())
        .containsExactly(
            new SanctionRecord("ann", T0 + 60, Long.MAX_VALUE),
            new SanctionRecord("bob", T0 + 70, 0));

    lobby.append(imposed(5, "ann", Sanction.UNBAN, 0), imposed(6, "bob", Sanction.UNMUTE, 0));
    assertThat(lobby.open(1).sanctions()).containsExactly(new SanctionRecord("ann", T0 + 60, 0));
    assertThat(founded(ATTIC).open(1).sanctions()).isEmpty();
  }

  @Test
  void reportsAndAuditsAreKeptPerProjectNewestFirst() {
    var first = new OperatorStore.ReportRecord("shop", "r1", "lobby", "ann", 7L, "spam \u00fc", T0);
    var second = new OperatorStore.ReportRecord("shop", "r2", "lobby", "bob", null, "", T0 + 1);
    get(store.operators().addReport(first));
    get(store.operators().addReport(second));
    assertThat(get(store.operators().reports("shop", 9))).containsExactly(second, first);
    assertThat(get(store.operators().reports("shop", 1))).containsExactly(second);
    assertThat(get(store.operators().reports("school", 9))).isEmpty();

    var audit =
        new OperatorStore.AuditRecord(
            "shop", "a1", "boss", "owner", "admin.mute", "user", "bob", "t-1", "{}", T0);
    get(store.operators().addAudit(audit));
    assertThat(get(store.operators().audits("shop", 9))).containsExactly(audit);
    assertThat(get(store.operators().audits("school", 9))).isEmpty();
  }

  // --- webhooks and their outbox

  private WebhookRecord hook(String id, String project) {
    WebhookRecord webhook =
        new WebhookRecord(project, id, "https://x.example/" + id, null, List.of("mention"), T0);
    get(store.webhooks().saveWebhook(webhook));
    return webhook;
  }

  private static DeliveryRecord tells(WebhookRecord webhook, String id, String lane, long seq) {
    return DeliveryRecord.pending(webhook, id, "mention", lane, seq, null, T0 + seq, T0);
  }

  private List<String> due(String webhookId, long nowMs) {
    return get(store.webhooks().due(webhookId, nowMs, 100)).stream()
        .map(DeliveryRecord::id)
        .toList();
  }

  @Test
  void aWebhookIsSavedChangedListedAndTakenOut() {
    WebhookRecord first = hook("h1", "shop");
    WebhookRecord signed =
        new WebhookRecord(
            "school", "h2", "https://y", "s3cret", List.of("mention", "user.event"), T0 + 1);
    get(store.webhooks().saveWebhook(signed));
    assertThat(get(store.webhooks().webhooks(10))).containsExactly(first, signed);
    assertThat(get(store.webhooks().webhooks(1))).containsExactly(first);

    WebhookRecord changed =
        new WebhookRecord("shop", "h1", "https://z", "new", List.of("mention"), T0);
    get(store.webhooks().saveWebhook(changed));
    assertThat(get(store.webhooks().webhooks(10))).containsExactly(changed, signed);

    get(store.webhooks().add(List.of(tells(changed, "d1", "lobby", 1))));
    assertThat(get(store.webhooks().removeWebhook("school", "h1"))).isFalse();
    assertThat(get(store.webhooks().removeWebhook("shop", "h1"))).isTrue();
    assertThat(get(store.webhooks().removeWebhook("shop", "h1"))).isFalse();
    assertThat(get(store.webhooks().webhooks(10))).containsExactly(signed);
    assertThat(get(store.webhooks().deliveries("shop", null, 10))).isEmpty();
  }

  @Test
  void whatFollowsFromAnEventIsSavedWithItOrNotAtAll() {
    Room lobby = founded(LOBBY);
    WebhookRecord webhook = hook("h1", "shop");
    DeliveryRecord kept = tells(webhook, "d1", "lobby", 1);
    get(store.messages().append(LOBBY, List.of(lobby.post(1, "ann", "one")), List.of(kept)));
    CompletionStage<Void> taken =
        store
            .messages()
            .append(
                LOBBY,
                List.of(lobby.post(1, "bob", "other")),
                List.of(tells(webhook, "d2", "lobby", 1)));

    assertThatThrownBy(() -> get(taken)).isInstanceOf(SeqTakenException.class);
    assertThat(get(store.webhooks().deliveries("shop", null, 10))).containsExactly(kept);
    assertThat(due("h1", T0)).containsExactly("d1");
  }

  @Test
  void aLaneIsDueInOrderFromItsOldestOnAndNotBeforeThatIs() {
    WebhookRecord webhook = hook("h1", "shop");
    get(
        store
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
    assertThat(get(store.webhooks().due("h1", T0, 1))).hasSize(1);

    DeliveryRecord a1 =
        get(store.webhooks().due("h1", T0, 9)).stream()
            .filter(delivery -> delivery.id().equals("a1"))
            .findFirst()
            .orElseThrow();
    get(store.webhooks().attempted(a1.retryAt(T0 + 60, 500, "http_500", T0 + 5)));
    assertThat(due("h1", T0 + 59)).containsExactly("b1", "b2");
    assertThat(due("h1", T0 + 60)).containsSubsequence("a1", "a2");
  }

  @Test
  void anAttemptIsWrittenDownOnceAndADeliveryCanBeReplayed() {
    WebhookRecord webhook = hook("h1", "shop");
    DeliveryRecord fresh =
        DeliveryRecord.pending(webhook, "d1", "user.event", "", 0, "{\"a\":1}", T0, T0);
    get(store.webhooks().add(List.of(fresh)));
    DeliveryRecord failed = fresh.retryAt(T0 + 60, 0, "timeout", T0 + 1);
    DeliveryRecord delivered = failed.delivered(204, T0 + 61);
    get(store.webhooks().attempted(failed));
    get(store.webhooks().attempted(fresh.delivered(200, T0 + 2))); // from before, come late
    assertThat(get(store.webhooks().deliveries("shop", "h1", 9))).containsExactly(failed);
    get(store.webhooks().attempted(delivered));
    assertThat(get(store.webhooks().deliveries("shop", null, 9))).containsExactly(delivered);
    assertThat(due("h1", T0 + 99)).isEmpty();

    assertThat(get(store.webhooks().replay("school", "d1", T0 + 70))).isFalse();
    assertThat(get(store.webhooks().replay("shop", "d2", T0 + 70))).isFalse();
    assertThat(get(store.webhooks().replay("shop", "d1", T0 + 70))).isTrue();
    assertThat(due("h1", T0 + 70)).containsExactly("d1");
    assertThat(get(store.webhooks().deliveries("shop", null, 9)).get(0).attempts()).isZero();
  }

  @Test
  void aWebhookIsLeasedToOneWorkerUntilItGivesItBackOrItsTimeIsOver() {
    WebhookRecord webhook = hook("h1", "shop");
    hook("h2", "shop");
    assertThat(get(store.webhooks().lease("w1", T0, T0 + 30, 9))).isEmpty();
    get(store.webhooks().add(List.of(tells(webhook, "d1", "lobby", 1))));

    assertThat(get(store.webhooks().lease("w1", T0, T0 + 30, 0))).isEmpty();
    assertThat(get(store.webhooks().lease("w1", T0, T0 + 30, 9))).containsExactly("h1");
    assertThat(get(store.webhooks().lease("w1", T0, T0 + 30, 9))).isEmpty();
    assertThat(get(store.webhooks().lease("w2", T0, T0 + 30, 9))).isEmpty();
    assertThat(get(store.webhooks().prolong("h1", "w2", T0 + 60))).isFalse();
    assertThat(get(store.webhooks().prolong("h1", "w1", T0 + 60))).isTrue();
    assertThat(get(store.webhooks().lease("w2", T0 + 59, T0 + 90, 9))).isEmpty();
    assertThat(get(store.webhooks().lease("w2", T0 + 61, T0 + 90, 9))).containsExactly("h1");
    assertThat(get(store.webhooks().prolong("h1", "w1", T0 + 99))).isFalse();
    get(store.webhooks().release("h1", "w1"));
    assertThat(get(store.webhooks().lease("w3", T0 + 61, T0 + 90, 9))).isEmpty();
    get(store.webhooks().release("h1", "w2"));
    assertThat(get(store.webhooks().lease("w3", T0 + 61, T0 + 90, 9))).containsExactly("h1");
  }

  @Test
  void ofTwoWorkersThatWantAWebhookAtOnceOneGetsIt() throws Exception {
    Optional<Store> other = second();
    assumeTrue(other.isPresent());
    try (Store elsewhere = other.get()) {
      WebhookRecord webhook = hook("h1", "shop");
      get(store.webhooks().add(List.of(tells(webhook, "d1", "lobby", 1))));
      CompletionStage<List<String>> here = store.webhooks().lease("w1", T0, T0 + 30, 9);
      CompletionStage<List<String>> there = elsewhere.webhooks().lease("w2", T0, T0 + 30, 9);

      assertThat(get(here).size() + get(there).size()).isEqualTo(1);
    }
  }

  @Test
  void whatAPayloadSaysOfAUserCanBeForgotten() {
    WebhookRecord webhook = hook("h1", "shop");
    WebhookRecord schools = hook("h2", "school");
    get(
        store
            .webhooks()
            .add(
                List.of(
                    says(webhook, "d1", "{\"roomId\":\"a\",\"userId\":\"a_b\"}"),
                    says(webhook, "d2", "{\"userId\":\"axb\",\"data\":\"a_b\"}"),
                    says(schools, "d3", "{\"userId\":\"a_b\"}"),
                    tells(webhook, "d4", "a_b", 1))));
    get(store.webhooks().forget("shop", "a_b"));

    assertThat(get(store.webhooks().deliveries("shop", null, 9)).stream().map(DeliveryRecord::id))
        .containsExactlyInAnyOrder("d2", "d4");
    assertThat(get(store.webhooks().deliveries("school", null, 9))).hasSize(1);
  }

  private static DeliveryRecord says(WebhookRecord webhook, String id, String payload) {
    return DeliveryRecord.pending(webhook, id, "user.event", "", 0, payload, T0, T0);
  }

  @Test
  void oldDeliveriesAreForgottenUnlessTheyArePending() {
    WebhookRecord webhook = hook("h1", "shop");
    DeliveryRecord done = tells(webhook, "d1", "lobby", 1);
    get(store.webhooks().add(List.of(done, tells(webhook, "d2", "lobby", 2))));
    get(store.webhooks().attempted(done.delivered(200, T0 + 10)));

    get(store.webhooks().prune(T0 + 10));
    assertThat(get(store.webhooks().deliveries("shop", null, 9))).hasSize(2);
    get(store.webhooks().prune(T0 + 11));
    assertThat(get(store.webhooks().deliveries("shop", null, 9)))
        .extracting(DeliveryRecord::id)
        .containsExactly("d2");
  }

  @Test
  void webhooksAndTheirOutboxAreThereAfterReopening() throws Exception {
    WebhookRecord webhook = hook("h1", "shop");
    get(store.webhooks().add(List.of(tells(webhook, "d1", "lobby", 1))));
    store.close();
    Optional<Store> again = reopened();
    assumeTrue(again.isPresent());
    try (Store reopened = again.get()) {
      assertThat(get(reopened.webhooks().webhooks(9))).containsExactly(webhook);
      assertThat(get(reopened.webhooks().lease("w9", T0, T0 + 1, 9))).containsExactly("h1");
      assertThat(get(reopened.webhooks().due("h1", T0, 9)))
          .containsExactly(tells(webhook, "d1", "lobby", 1));
    }
  }

  // --- the log

  @Test
  void whatIsAppendedIsReadBackInOrder() {
    Room lobby = founded(LOBBY);

    lobby.append(lobby.post(1, "ann", "one"), lobby.post(2, "bob", "two"));
    lobby.append(lobby.post(3, "ann", "three"));

    assertThat(lobby.read(0, 10)).extracting(Event.Durable::seq).containsExactly(1L, 2L, 3L);
    assertThat(lobby.read(0, 10))
        .containsExactly(
            lobby.post(1, "ann", "one"),
            lobby.post(2, "bob", "two"),
            lobby.post(3, "ann", "three"));
  }

  @Test
  void everyKindOfDurableEventComesBackAsItWasTold() {
    Room lobby = founded(LOBBY);
    List<Event.Durable> told = lobby.oneOfEachKind();

    lobby.append(told);

    assertThat(lobby.read(0, 100)).isEqualTo(told);
    Set<Class<?>> kinds = new HashSet<>();
    told.forEach(event -> kinds.add(event.getClass()));
    kinds.add(Event.RoomDeleted.class); // has a story of its own
    assertThat(kinds)
        .as("a new kind of event needs an example here, and room in every store")
        .containsExactlyInAnyOrder(Event.Durable.class.getPermittedSubclasses());
  }

  // --- agents

  private static AgentRecord agent(String id, String handle) {
    return new AgentRecord(id, handle, "The " + handle, "{\"model\":\"ü\"}", T0);
  }

  private AgentStore.Saved saved(String project, AgentRecord agent) {
    return get(store.agents().save(project, agent, 3));
  }

  @Test
  void agentsAreListedByHandleAndOfTheirProjectAlone() {
    assertThat(saved("shop", agent("2", "zoe"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(saved("shop", agent("1", "bot"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(saved("school", agent("1", "bot"))).isEqualTo(AgentStore.Saved.SAVED);

    assertThat(get(store.agents().list("shop", 10)))
        .containsExactly(agent("1", "bot"), agent("2", "zoe"));
    assertThat(get(store.agents().list("shop", 1))).hasSize(1);
    assertThat(get(store.agents().remove("shop", "1"))).isTrue();
    assertThat(get(store.agents().remove("shop", "1"))).isFalse();
    assertThat(get(store.agents().list("school", 10))).containsExactly(agent("1", "bot"));
  }

  @Test
  void aHandleNamesOneAgentAndAProjectHasSoMany() {
    saved("shop", agent("1", "bot"));
    assertThat(saved("shop", agent("2", "bot"))).isEqualTo(AgentStore.Saved.HANDLE_TAKEN);
    assertThat(saved("shop", agent("1", "robot"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(saved("shop", agent("2", "bot"))).isEqualTo(AgentStore.Saved.SAVED);
    saved("shop", agent("3", "c"));
    assertThat(saved("shop", agent("4", "d"))).isEqualTo(AgentStore.Saved.FULL);
    assertThat(saved("shop", agent("3", "e"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(get(store.agents().list("shop", 10)))
        .extracting(AgentRecord::handle)
        .containsExactly("bot", "e", "robot");
  }

  @Test
  void runsStandAsTheLogSaidLastAndTheNewestComesFirst() {
    Room lobby = founded(LOBBY);
    Room theirs = founded(ELSEWHERE);
    lobby.append(
        new Event.RunReported(1, T0 + 1, "bot", "r1", "bot", "running", "{\"n\":1}", null),
        new Event.RunReported(2, T0 + 2, "bot", "r2", "bot", "running", "{\"n\":2}", null),
        new Event.RunReported(3, T0 + 3, "bot", "r1", "bot", "failed", "{\"n\":3}", null),
        new Event.RunReported(4, T0 + 4, "zoe", "r3", "zoe", "failed", "{}", null),
        new Event.RunReported(
            5, T0 + 5, "bot", "r5", "bot", "done", "{}", Readers.only(List.of("ann"))));
    theirs.append(new Event.RunReported(1, T0 + 9, "bot", "r9", "bot", "failed", "{}", null));

    assertThat(get(store.agents().runs("shop", "bot", 10)))
        .containsExactly(
            new RunRecord("r1", "failed", T0 + 3, "{\"n\":3}"),
            new RunRecord("r2", "running", T0 + 2, "{\"n\":2}"));
    assertThat(get(store.agents().runs("shop", "bot", 1))).hasSize(1);
  }

  // --- messages that are being written bit by bit

  private static Event.Posted begun(Event.Durable post, String runId) {
    return new Event.Posted(((Event.Posted) post).message(), new Event.Stream(runId));
  }

  private List<OpenStream> streams() {
    return get(store.messages().streams(LOBBY));
  }

  @Test
  void aMessageThatIsBeingWrittenIsKnownUntilAnEditEndsIt() {
    Room lobby = founded(LOBBY);
    Event.Posted begun = begun(lobby.post(1, "bot", "so"), "run-1");
    lobby.append(begun, lobby.post(2, "ann", "whole"));

    assertThat(streams()).containsExactly(new OpenStream(begun.message(), "run-1", 0));
    assertThat(lobby.read(0, 10)).startsWith(begun);
    OpenedRoom opened = get(store.messages().open(LOBBY, 10)).orElseThrow();
    assertThat(opened.streams()).isEqualTo(streams());

    lobby.append(lobby.edit(3, 1, "so it is", 2));
    assertThat(streams()).isEmpty();
    assertThat(lobby.read(0, 1)).containsExactly(begun);
  }

  @Test
  void aDeletionEndsWhatIsBeingWrittenToo() {
    Room lobby = founded(LOBBY);
    lobby.append(begun(lobby.post(1, "bot", ""), ""), begun(lobby.post(2, "ann", ""), ""));
    lobby.append(
        new Event.Deleted(3, T0 + 3, lobby.messageId(1), "bot", false, 2),
        new Event.Deleted(4, T0 + 4, lobby.messageId(2), "ann", true, 2));

    assertThat(streams()).isEmpty();
  }

  @Test
  void aCheckpointIsWhatTheMessageSaysNowAndMovesItsBeat() {
    Room lobby = founded(LOBBY);
    Event.Posted begun = begun(lobby.post(1, "bot", ""), "");
    lobby.append(begun);
    get(store.messages().checkpoint(LOBBY, 1, "so"));
    get(store.messages().checkpoint(LOBBY, 1, "so far"));

    assertThat(streams()).containsExactly(new OpenStream(begun.message().saying("so far"), "", 2));
    assertThat(get(store.messages().page(LOBBY, Long.MAX_VALUE, 1)).get(0).message())
        .isEqualTo(begun.message().saying("so far"));
    assertThat(lobby.read(0, 10)).as("the log has what was told").containsExactly(begun);
  }

  @Test
  void aCheckpointThatComesTooLateChangesNothing() {
    Room lobby = founded(LOBBY);
    lobby.append(begun(lobby.post(1, "bot", ""), ""), lobby.post(2, "ann", "mine"));
    lobby.append(lobby.edit(3, 1, "whole", 2));
    get(store.messages().checkpoint(LOBBY, 1, "late"));
    get(store.messages().checkpoint(LOBBY, 2, "never begun"));
    get(store.messages().checkpoint(LOBBY, 9, "never there"));

    assertThat(get(store.messages().page(LOBBY, Long.MAX_VALUE, 10)))
        .extracting(stored -> stored.message().content())
        .containsExactly("mine", "whole");
  }

  @Test
  void whatWasBeingWrittenIsThereWhenTheStoreIsOpenedAgain() throws Exception {
    Room lobby = founded(LOBBY);
    lobby.append(begun(lobby.post(1, "bot", ""), "run-1"));
    get(store.messages().checkpoint(LOBBY, 1, "so far"));
    store.close();
    Optional<Store> again = reopened();
    assumeTrue(again.isPresent());
    store = again.get();

    assertThat(streams())
        .singleElement()
        .satisfies(open -> assertThat(open.message().content()).isEqualTo("so far"))
        .satisfies(open -> assertThat(open.runId()).isEqualTo("run-1"));
  }

  @Test
  void allToolPhasesAndRolesComeBackAsTheyWereTold() {
    Room lobby = founded(LOBBY);
    List<Event.Durable> told = new ArrayList<>();
    for (Command.ToolPhase phase : Command.ToolPhase.values()) {
      long seq = told.size() + 1L;
      told.add(
          new Event.ToolUsed(
              seq, T0 + seq, "bot", phase, "run", "agent", "call", "n", "[1,{}]", null));
    }
    for (Role role : Role.values()) {
      long seq = told.size() + 1L;
      told.add(new Event.MemberAdded(seq, T0 + seq, "ann", role, "bob"));
    }

    lobby.append(told);

    assertThat(lobby.read(0, 100)).isEqualTo(told);
  }

  @Test
  void aStretchStartsAfterASeqAndIsShortOnlyAtTheEnd() {
    Room lobby = founded(LOBBY);
    lobby.posts(10);

    assertThat(lobby.read(3, 4)).extracting(Event.Durable::seq).containsExactly(4L, 5L, 6L, 7L);
    assertThat(lobby.read(8, 4)).extracting(Event.Durable::seq).containsExactly(9L, 10L);
    assertThat(lobby.read(10, 4)).isEmpty();
    assertThat(lobby.read(99, 4)).isEmpty();
  }

  @Test
  void aSeqThatIsTakenIsRefusedAndNothingIsSaved() {
    Room lobby = founded(LOBBY);
    lobby.posts(3);

    assertThatThrownBy(() -> lobby.append(lobby.post(3, "bob", "late"), lobby.post(4, "bob", "x")))
        .isInstanceOf(SeqTakenException.class)
        .hasMessageContaining("shop/lobby")
        .hasMessageContaining("3");
    assertThat(lobby.read(0, 10)).hasSize(3);
    assertThat(lobby.open(10).head()).isEqualTo(3);
  }

  @Test
  void anAppendGoesOnAfterOneThatWasRefused() {
    Room lobby = founded(LOBBY);
    lobby.posts(3);
    assertThatThrownBy(() -> lobby.append(lobby.post(1, "bob", "late")))
        .isInstanceOf(SeqTakenException.class);

    lobby.append(lobby.post(4, "bob", "in time"));

    assertThat(lobby.read(3, 10)).containsExactly(lobby.post(4, "bob", "in time"));
  }

  @Test
  void aGapIsRefusedAndNothingIsSaved() {
    Room lobby = founded(LOBBY);
    lobby.posts(3);

    assertThatThrownBy(() -> lobby.append(lobby.post(5, "bob", "too far")))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(SeqTakenException.class)
        .hasMessageContaining("next free is 4");
    assertThatThrownBy(() -> lobby.append(lobby.post(4, "bob", "x"), lobby.post(6, "bob", "y")))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> lobby.append(List.of())).isInstanceOf(StoreException.class);
    assertThat(lobby.read(0, 10)).hasSize(3);
  }

  @Test
  void aRoomThatDoesNotExistReadsLikeAnEmptyOneButTakesNoAppends() {
    Room nowhere = new Room(new RoomId("shop", "nowhere"), 7);

    assertThat(get(store.messages().open(nowhere.id, 10))).isEmpty();
    assertThat(nowhere.read(0, 10)).isEmpty();
    assertThat(nowhere.page(Long.MAX_VALUE, 10)).isEmpty();
    assertThat(nowhere.messages(1L)).isEmpty();
    assertThat(nowhere.find("ann", "client-id-1")).isEmpty();
    assertThat(get(store.messages().seqAt(nowhere.id, T0))).isEqualTo(1);
    assertThat(get(store.directory().members(nowhere.id, 10))).isEmpty();
    assertThatThrownBy(() -> nowhere.append(nowhere.post(1, "ann", "hello?")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("shop/nowhere");
    assertThatThrownBy(() -> get(store.directory().markRead(nowhere.id, "ann", 1)))
        .isInstanceOf(StoreException.class);
  }

  // --- client message ids

  @Test
  void aClientMessageIdIsTakenOncePerUserForTheLifeOfTheRoom() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.sent(1, "ann", "client-id-1", "first"));
    lobby.append(lobby.post(2, "bob", "between"));

    assertThatThrownBy(
            () ->
                lobby.append(
                    lobby.post(3, "bob", "before it"),
                    lobby.sent(4, "ann", "client-id-1", "again")))
        .isInstanceOf(ClientIdTakenException.class)
        .hasMessageContaining("shop/lobby");
    assertThat(lobby.read(0, 10)).as("all or none").hasSize(2);
    assertThat(lobby.find("ann", "client-id-1"))
        .map(stored -> stored.message().content())
        .contains("first");
  }

  @Test
  void aSeqThatIsTakenIsReportedBeforeAClientMessageIdIs() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.sent(1, "ann", "client-id-1", "first"));

    assertThatThrownBy(() -> lobby.append(lobby.sent(1, "ann", "client-id-1", "first")))
        .isInstanceOf(SeqTakenException.class);
  }

  @Test
  void theSameClientMessageIdOfAnotherUserRoomOrProjectIsFine() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    Room elsewhere = founded(ELSEWHERE);

    lobby.append(lobby.sent(1, "ann", "client-id-1", "ann"));
    lobby.append(lobby.sent(2, "bob", "client-id-1", "bob"));
    lobby.append(lobby.sent(3, "Ann", "client-id-1", "another Ann"));
    lobby.append(lobby.sent(4, "ann", "CLIENT-id-1", "another id"));
    attic.append(attic.sent(1, "ann", "client-id-1", "attic"));
    elsewhere.append(elsewhere.sent(1, "ann", "client-id-1", "elsewhere"));

    assertThat(lobby.find("ann", "client-id-1").orElseThrow().message().seq()).isEqualTo(1);
    assertThat(lobby.find("bob", "client-id-1").orElseThrow().message().seq()).isEqualTo(2);
    assertThat(lobby.find("Ann", "client-id-1").orElseThrow().message().seq()).isEqualTo(3);
    assertThat(attic.find("ann", "client-id-1").orElseThrow().message().content())
        .isEqualTo("attic");
    assertThat(lobby.find("ann", "client-id-2")).isEmpty();
    assertThat(lobby.find("eve", "client-id-1")).isEmpty();
  }

  @Test
  void twoPostsOfOneAppendCannotShareAClientMessageId() {
    Room lobby = founded(LOBBY);

    assertThatThrownBy(
            () ->
                lobby.append(
                    lobby.sent(1, "ann", "client-id-1", "x"),
                    lobby.sent(2, "ann", "client-id-1", "y")))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(SeqTakenException.class)
        .isNotInstanceOf(ClientIdTakenException.class);
    assertThat(lobby.read(0, 10)).isEmpty();
  }

  @Test
  void manyPostsWithoutAClientMessageIdAreFine() {
    Room lobby = founded(LOBBY);

    lobby.append(lobby.post(1, "ann", "x"), lobby.post(2, "ann", "x"), lobby.post(3, "ann", "x"));

    assertThat(lobby.read(0, 10)).hasSize(3);
  }

  @Test
  void aDeletedMessageIsStillFoundByItsClientMessageId() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.sent(1, "ann", "client-id-1", "oops"));
    lobby.append(lobby.deletion(2, 1, true));

    StoredMessage found = lobby.find("ann", "client-id-1").orElseThrow();

    assertThat(found.message().isDeleted()).isTrue();
    assertThat(found.message().content()).isEmpty();
  }

  // --- conflicts among many

  @Test
  void aConflictInOneRoomDoesNotHarmTheOthers() {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Room room = founded(new RoomId("shop", "room-" + i));
      room.append(room.sent(1, "ann", "client-id-1", "first"));
      rooms.add(room);
    }

    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 0; i < rooms.size(); i++) {
      Room room = rooms.get(i);
      Event.Durable event =
          i % 3 == 0
              ? room.sent(2, "ann", "client-id-1", "again")
              : room.sent(i % 3, "ann", "client-id-" + (i + 100), "next");
      stages.add(store.messages().append(room.id, List.of(event)));
    }

    for (int i = 0; i < rooms.size(); i++) {
      CompletionStage<Void> stage = stages.get(i);
      if (i % 3 == 0) {
        assertThatThrownBy(() -> get(stage)).isInstanceOf(ClientIdTakenException.class);
      } else if (i % 3 == 1) {
        assertThatThrownBy(() -> get(stage)).isInstanceOf(SeqTakenException.class);
      } else {
        get(stage);
      }
      assertThat(rooms.get(i).read(0, 10)).hasSize(i % 3 == 2 ? 2 : 1);
    }
  }

  @Test
  void ofManyWritersThatOfferTheSameSeqExactlyOneWins() throws Exception {
    Room lobby = founded(LOBBY);
    int writers = 8;
    int seqs = 50;

    List<Integer> wins =
        together(
            writers,
            writer -> {
              int won = 0;
              for (long seq = 1; seq <= seqs; seq++) {
                won += race(store, lobby, lobby.post(seq, "writer-" + writer, "mine")) ? 1 : 0;
              }
              return won;
            });

    assertThat(wins.stream().mapToInt(won -> won).sum()).isEqualTo(seqs);
    assertThat(lobby.read(0, 100))
        .extracting(Event.Durable::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, seqs).boxed().toList());
  }

  @Test
  void twoStoresThatRaceOnOneRoomNeverForkIt() throws Exception {
    Optional<Store> second = second();
    assumeTrue(second.isPresent(), "this store cannot be opened twice");
    Room lobby = founded(LOBBY);
    int seqs = 60;
    try (Store other = second.get()) {
      List<List<Long>> wins =
          together(
              4,
              writer -> {
                Store mine = writer % 2 == 0 ? store : other;
                List<Long> won = new ArrayList<>();
                for (long seq = 1; seq <= seqs; seq++) {
                  if (race(mine, lobby, lobby.post(seq, "writer-" + writer, "mine"))) {
                    won.add(seq);
                  }
                }
                return won;
              });

      List<Event.Durable> log = lobby.read(0, 100);
      assertThat(log)
          .extracting(Event.Durable::seq)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, seqs).boxed().toList());
      for (Event.Durable event : log) {
        String author = ((Event.Posted) event).message().userId();
        int writer = Integer.parseInt(author.substring("writer-".length()));
        assertThat(wins.get(writer)).as("who wrote it was told so").contains(event.seq());
      }
      assertThat(wins.stream().mapToInt(List::size).sum()).isEqualTo(seqs);
      assertThat(get(other.messages().read(LOBBY, 0, 100))).isEqualTo(log);
    }
  }

  @Test
  void twoStoresThatCreateRoomsNeverGiveANumberTwice() throws Exception {
    Optional<Store> second = second();
    assumeTrue(second.isPresent(), "this store cannot be opened twice");
    try (Store other = second.get()) {
      together(
          4,
          writer -> {
            Store mine = writer % 2 == 0 ? store : other;
            for (int i = 0; i < 10; i++) {
              create(mine, new RoomId("shop", "room-" + (i * 2 + writer / 2)), RoomType.PUBLIC);
            }
            return 0;
          });

      assertThat(get(store.directory().rooms("shop", null, null, User.named("ann"), 100)))
          .extracting(listing -> listing.room().number())
          .hasSize(20)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void manyRoomsWrittenAtOnceAllKeepWhatWasAcknowledged() throws Exception {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rooms.add(founded(new RoomId("shop", "room-" + i)));
    }

    together(
        8,
        writer -> {
          for (long seq = 1; seq <= 20; seq++) {
            List<CompletionStage<Void>> stages = new ArrayList<>();
            for (int i = writer; i < rooms.size(); i += 8) {
              Room room = rooms.get(i);
              Event.Durable event = room.sent(seq, "ann", "client-id-" + seq, i + " says " + seq);
              stages.add(store.messages().append(room.id, List.of(event)));
            }
            stages.forEach(StoreContract::get);
          }
          return 0;
        });

    for (int i = 0; i < rooms.size(); i++) {
      Room room = rooms.get(i);
      assertThat(room.open(5).head()).isEqualTo(20);
      List<Event.Durable> log = room.read(0, 100);
      for (int seq = 1; seq <= 20; seq++) {
        assertThat(((Event.Posted) log.get(seq - 1)).message().content())
            .isEqualTo(i + " says " + seq);
      }
    }
  }

  // --- messages as they stand

  @Test
  void anEditedMessageStandsWithItsNewTextWhileTheLogKeepsTheOld() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "ann", "helo"));

    lobby.append(lobby.edit(2, 1, "hello", 2), lobby.edit(3, 1, "hello!", 3));

    Message stands = lobby.messages(1L).get(0).message();
    assertThat(stands.content()).isEqualTo("hello!");
    assertThat(stands.version()).isEqualTo(3);
    assertThat(stands.editedAtMs()).isEqualTo(T0 + 3);
    assertThat(stands.createdAtMs()).isEqualTo(T0 + 1);
    assertThat(stands.isDeleted()).isFalse();
    assertThat(lobby.page(Long.MAX_VALUE, 10)).containsExactlyElementsOf(lobby.messages(1L));
    assertThat(lobby.read(0, 10))
        .containsExactly(
            lobby.post(1, "ann", "helo"),
            lobby.edit(2, 1, "hello", 2),
            lobby.edit(3, 1, "hello!", 3));
  }

  @Test
  void anEditKeepsMentionsAttachmentsParentAndClientMessageId() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "bob", "question"));
    Message rich = lobby.rich(2, "ann", "answer");
    lobby.append(new Event.Posted(rich));

    lobby.append(lobby.edit(3, 2, "better answer", 2));

    assertThat(lobby.messages(2L).get(0).message()).isEqualTo(rich.edited("better answer", T0 + 3));
  }

  @Test
  void aPostAndItsEditInOneAppendLeaveTheEditedText() {
    Room lobby = founded(LOBBY);

    lobby.append(
        lobby.post(1, "ann", "helo"),
        lobby.edit(2, 1, "hello", 2),
        lobby.reaction(3, 1, "bob", true));

    StoredMessage stands = lobby.messages(1L).get(0);
    assertThat(stands.message().content()).isEqualTo("hello");
    assertThat(stands.reactions()).isEqualTo(Map.of("👍", Set.of("bob")));
  }

  @Test
  void aDeletedMessageLeavesPagesAndLosesItsTextEverywhere() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "bob", "question"));
    lobby.append(new Event.Posted(lobby.rich(2, "ann", "secret")));
    lobby.append(lobby.edit(3, 2, "secret too", 2), lobby.edit(4, 1, "stays", 2));

    lobby.append(lobby.deletion(5, 2, false));

    assertThat(lobby.page(Long.MAX_VALUE, 10))
        .extracting(stored -> stored.message().seq())
        .containsExactly(1L);
    Message stands = lobby.messages(2L).get(0).message();
    assertThat(stands.isDeleted()).isTrue();
    assertThat(stands.deletedAtMs()).isEqualTo(T0 + 5);
    assertThat(stands.content()).isEmpty();
    assertThat(stands.mentions()).isEmpty();
    assertThat(stands.attachments()).isEmpty();
    assertThat(stands.version()).isEqualTo(3);
    List<Event.Durable> log = lobby.read(0, 10);
    Message told = ((Event.Posted) log.get(1)).message();
    assertThat(told.content()).isEmpty();
    assertThat(told.mentions()).isEmpty();
    assertThat(told.attachments()).isEmpty();
    assertThat(told.parentId()).isEqualTo(Message.id(lobby.number, 1));
    assertThat(log.get(2)).isEqualTo(lobby.edit(3, 2, "", 2));
    assertThat(log.get(3)).as("another message's edit").isEqualTo(lobby.edit(4, 1, "stays", 2));
    assertThat(log.get(4)).isEqualTo(lobby.deletion(5, 2, false));
  }

  @Test
  void aHardDeletionReadsLikeASoftOneAndSaysThatItWasHard() {
    Room lobby = founded(LOBBY);
    lobby.append(new Event.Posted(lobby.rich(1, "ann", "secret")));
    lobby.append(lobby.edit(2, 1, "secret too", 2), lobby.post(3, "bob", "stays"));
    lobby.append(lobby.edit(4, 3, "stays too", 2));

    lobby.append(lobby.deletion(5, 1, true));

    assertThat(lobby.messages(1L).get(0).message().content()).isEmpty();
    List<Event.Durable> log = lobby.read(0, 10);
    assertThat(((Event.Posted) log.get(0)).message().content()).isEmpty();
    assertThat(log.get(1)).isEqualTo(lobby.edit(2, 1, "", 2));
    assertThat(log.get(2)).isEqualTo(lobby.post(3, "bob", "stays"));
    assertThat(log.get(3)).isEqualTo(lobby.edit(4, 3, "stays too", 2));
    assertThat(log.get(4)).isEqualTo(lobby.deletion(5, 1, true));
  }

  @Test
  void anEditDoesNotBringADeletedMessageBack() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "ann", "secret"), lobby.deletion(2, 1, false));

    lobby.append(lobby.edit(3, 1, "secret again", 4));

    assertThat(lobby.page(Long.MAX_VALUE, 10)).isEmpty();
    assertThat(lobby.messages(1L).get(0).message().content()).isEmpty();
    assertThat(lobby.read(2, 10)).containsExactly(lobby.edit(3, 1, "", 4));
  }

  @Test
  void reactionsArePutOnceAndTakenAwayPerUserAndEmoji() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "ann", "a"), lobby.post(2, "ann", "b"));

    lobby.append(
        lobby.reaction(3, 1, "ann", true),
        lobby.reaction(4, 1, "bob", true),
        lobby.reaction(5, 1, "bob", true),
        new Event.Reacted(6, T0 + 6, lobby.messageId(1), "bob", "🎉", true),
        lobby.reaction(7, 2, "bob", true));
    assertThat(lobby.messages(1L).get(0).reactions())
        .isEqualTo(Map.of("👍", Set.of("ann", "bob"), "🎉", Set.of("bob")));

    lobby.append(
        lobby.reaction(8, 1, "bob", false),
        lobby.reaction(9, 2, "bob", false),
        lobby.reaction(10, 2, "eve", false));
    assertThat(lobby.page(Long.MAX_VALUE, 10))
        .extracting(StoredMessage::reactions)
        .containsExactly(Map.of(), Map.of("👍", Set.of("ann"), "🎉", Set.of("bob")));
    assertThat(lobby.open(10).newest()).isEqualTo(lobby.page(Long.MAX_VALUE, 10));
  }

  @Test
  void chosenMessagesComeInOrderWithoutWhatIsNoPost() {
    Room lobby = founded(LOBBY);
    lobby.posts(100);
    lobby.append(lobby.reaction(101, 70, "bob", true));

    Set<Long> wanted = new TreeSet<>(Collections.reverseOrder());
    LongStream.rangeClosed(0, 120).filter(seq -> seq % 2 == 0).forEach(wanted::add);
    wanted.add(101L);
    List<StoredMessage> found = get(store.messages().messages(lobby.id, wanted));

    assertThat(found)
        .extracting(stored -> stored.message().seq())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 100).filter(seq -> seq % 2 == 0).boxed().toList());
    assertThat(found.get(34).reactions()).isEqualTo(Map.of("👍", Set.of("bob")));
    assertThat(lobby.messages()).isEmpty();
  }

  // --- pages

  @Test
  void pagesAreNewestFirstAndFullUntilTheBeginning() {
    Room lobby = founded(LOBBY);
    lobby.posts(10);
    lobby.append(lobby.deletion(11, 9, false), lobby.deletion(12, 5, false));

    List<StoredMessage> first = lobby.page(Long.MAX_VALUE, 3);
    List<StoredMessage> second = lobby.page(8, 3);
    List<StoredMessage> third = lobby.page(4, 5);

    assertThat(first).extracting(stored -> stored.message().seq()).containsExactly(10L, 8L, 7L);
    assertThat(second).extracting(stored -> stored.message().seq()).containsExactly(7L, 6L, 4L);
    assertThat(third).extracting(stored -> stored.message().seq()).containsExactly(3L, 2L, 1L);
    assertThat(lobby.page(1, 5)).isEmpty();
  }

  @Test
  void pagingWhileOthersWriteLosesAndDoublesNothing() throws Exception {
    Room lobby = founded(LOBBY);
    lobby.posts(200);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (long seq = 201; seq <= 400; seq++) {
                  lobby.append(lobby.post(seq, "bob", "meanwhile"));
                }
              });
      List<Long> seen = new ArrayList<>();
      List<StoredMessage> page = lobby.page(201, 7);
      while (!page.isEmpty()) {
        page.forEach(stored -> seen.add(stored.message().seq()));
        page = lobby.page(seen.get(seen.size() - 1), 7);
      }
      writing.get(30, TimeUnit.SECONDS);

      assertThat(seen)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, 200).map(seq -> 201 - seq).boxed().toList());
    } finally {
      writer.shutdownNow();
    }
  }

  // --- time

  @Test
  void aTimeIsFoundExactlyBetweenBeforeAndAfter() {
    Room lobby = founded(LOBBY);
    assertThat(lobby.seqAt(T0)).isEqualTo(1);
    List<Event.Durable> events = new ArrayList<>();
    for (long seq = 1; seq <= 50; seq++) {
      events.add(new Event.MemberRemoved(seq, T0 + seq * 10, "ann", "bob"));
    }
    lobby.append(events);

    for (long seq = 1; seq <= 50; seq++) {
      assertThat(lobby.seqAt(T0 + seq * 10)).as("exactly").isEqualTo(seq);
      assertThat(lobby.seqAt(T0 + seq * 10 - 3)).as("between").isEqualTo(seq);
    }
    assertThat(lobby.seqAt(0)).as("before all").isEqualTo(1);
    assertThat(lobby.seqAt(T0 + 501)).as("after all").isEqualTo(51);
    assertThat(lobby.seqAt(Long.MAX_VALUE)).isEqualTo(51);
  }

  // --- open

  @Test
  void anEmptyRoomOpensWithNothing() {
    Room lobby = founded(LOBBY);

    OpenedRoom opened = lobby.open(10);

    assertThat(opened.room()).isEqualTo(get(store.directory().room(LOBBY)).orElseThrow());
    assertThat(opened.head()).isZero();
    assertThat(opened.lastAtMs()).isZero();
    assertThat(opened.members()).isEmpty();
    assertThat(opened.newest()).isEmpty();
  }

  @Test
  void anOpenedRoomKnowsItsHeadItsTimeItsMembersAndItsNewestMessages() {
    Room lobby = founded(LOBBY);
    lobby.posts(5);
    lobby.append(new Event.MemberAdded(6, T0 + 6, "ann", Role.OWNER, "ann"));
    lobby.append(lobby.deletion(7, 4, false));
    lobby.append(lobby.reaction(8, 3, "ann", true));

    OpenedRoom opened = lobby.open(3);

    assertThat(opened.head()).isEqualTo(8);
    assertThat(opened.lastAtMs()).isEqualTo(T0 + 8);
    assertThat(opened.members()).containsExactly(new MemberRecord("ann", Role.OWNER, T0 + 6));
    assertThat(opened.newest())
        .extracting(stored -> stored.message().seq())
        .containsExactly(5L, 3L, 2L);
    assertThat(opened.newest().get(1).reactions()).isEqualTo(Map.of("👍", Set.of("ann")));
  }

  // --- members

  @Test
  void membershipsFollowTheLog() {
    Room lobby = founded(LOBBY);
    lobby.append(
        new Event.MemberAdded(1, T0 + 1, "zoe", Role.OWNER, "zoe"),
        new Event.MemberAdded(2, T0 + 2, "ann", Role.MEMBER, "zoe"),
        new Event.MemberAdded(3, T0 + 3, "bob", Role.GUEST, "zoe"));
    lobby.append(
        new Event.MemberAdded(4, T0 + 4, "ann", Role.MODERATOR, "zoe"),
        new Event.MemberRemoved(5, T0 + 5, "bob", "zoe"),
        new Event.MemberRemoved(6, T0 + 6, "nobody", "zoe"));

    List<MemberRecord> members = get(store.directory().members(LOBBY, 10));

    assertThat(members)
        .as("longest first; a change of role keeps the time")
        .containsExactly(
            new MemberRecord("zoe", Role.OWNER, T0 + 1),
            new MemberRecord("ann", Role.MODERATOR, T0 + 2));
    assertThat(lobby.open(1).members()).isEqualTo(members);
    assertThat(get(store.directory().members(LOBBY, 1))).isEqualTo(members.subList(0, 1));

    lobby.append(new Event.MemberAdded(7, T0 + 7, "bob", Role.MEMBER, "ann"));
    assertThat(get(store.directory().members(LOBBY, 10)))
        .contains(new MemberRecord("bob", Role.MEMBER, T0 + 7));
  }

  // --- rooms

  @Test
  void aRoomIsCreatedWithItsFoundersAndAnOpenLog() {
    RoomRecord record =
        get(store
                .directory()
                .createRoom(
                    LOBBY,
                    RoomType.GROUP,
                    "The Lobby",
                    T0,
                    List.of(
                        new MemberRecord("ann", Role.OWNER, 5),
                        new MemberRecord("bob", Role.BOT, 9)),
                    "ann"))
            .orElseThrow();

    assertThat(record).isEqualTo(new RoomRecord(LOBBY, 1, RoomType.GROUP, "The Lobby", T0));
    assertThat(get(store.directory().room(LOBBY))).contains(record);
    assertThat(get(store.directory().roomByNumber("shop", 1))).contains(record);
    OpenedRoom opened = get(store.messages().open(LOBBY, 10)).orElseThrow();
    assertThat(opened.room()).isEqualTo(record);
    assertThat(opened.head()).isEqualTo(2);
    assertThat(opened.lastAtMs()).isEqualTo(T0 + 1);
    assertThat(opened.members())
        .containsExactly(
            new MemberRecord("ann", Role.OWNER, T0), new MemberRecord("bob", Role.BOT, T0 + 1));
    assertThat(get(store.messages().read(LOBBY, 0, 10)))
        .containsExactly(
            new Event.MemberAdded(1, T0, "ann", Role.OWNER, "ann"),
            new Event.MemberAdded(2, T0 + 1, "bob", Role.BOT, "ann"));
    Room lobby = new Room(LOBBY, 1);
    lobby.append(lobby.post(3, "ann", "welcome"));
    assertThat(lobby.open(1).head()).isEqualTo(3);
  }

  @Test
  void aRoomThatExistsIsNotCreatedAgainAndNothingChanges() {
    Room lobby = founded(LOBBY);
    lobby.posts(2);

    Optional<RoomRecord> again =
        get(
            store
                .directory()
                .createRoom(
                    LOBBY,
                    RoomType.DM,
                    "Mine",
                    T0 + 9,
                    List.of(new MemberRecord("eve", Role.OWNER, 0)),
                    "eve"));

    assertThat(again).isEmpty();
    assertThat(get(store.directory().room(LOBBY)).orElseThrow().type()).isEqualTo(RoomType.PUBLIC);
    assertThat(get(store.directory().members(LOBBY, 10))).isEmpty();
    assertThat(lobby.read(0, 10)).hasSize(2);
    assertThat(founded(ATTIC).number).as("no number is lost").isEqualTo(2);
  }

  @Test
  void aRoomCanBeRenamedAndBecomeOfAnotherType() {
    Room lobby = founded(LOBBY);
    lobby.append(new Event.RoomChanged(1, T0 + 1, "ann", "Attic", RoomType.ANNOUNCEMENT));

    RoomRecord now = new RoomRecord(LOBBY, 1, RoomType.ANNOUNCEMENT, "Attic", T0);
    assertThat(get(store.directory().room(LOBBY))).contains(now);
    assertThat(get(store.directory().roomByNumber("shop", 1))).contains(now);
    assertThat(lobby.open(1).room()).isEqualTo(now);
    assertThat(listed("shop", null, RoomType.ANNOUNCEMENT, 9)).containsExactly("lobby");
    assertThat(listed("shop", null, RoomType.PUBLIC, 9)).isEmpty();
  }

  @Test
  void aMessageIsPinnedUntilAnotherOneIsOrItIsDeleted() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    lobby.append(lobby.post(1, "ann", "one"), lobby.post(2, "ann", "two"));
    lobby.append(new Event.Pinned(3, T0 + 3, "ann", lobby.messageId(1)));
    assertThat(pin(lobby)).isEqualTo(new RoomRecord.Pin(lobby.messageId(1), T0 + 3, "ann"));
    lobby.append(new Event.Pinned(4, T0 + 4, "bob", lobby.messageId(2)));
    RoomRecord.Pin second = new RoomRecord.Pin(lobby.messageId(2), T0 + 4, "bob");
    assertThat(pin(lobby)).isEqualTo(second);
    lobby.append(new Event.RoomChanged(5, T0 + 5, "ann", "Attic", RoomType.PUBLIC));
    lobby.append(new Event.Deleted(6, T0 + 6, lobby.messageId(1), "ann", false, 2));
    lobby.append(new Event.Purged(7, T0 + 7, null, 0, 2, "ann", List.of()));
    lobby.append(new Event.Purged(8, T0 + 8, "ann", 0, 8, "ann", List.of()));
    assertThat(pin(lobby)).as("what else happens leaves it pinned").isEqualTo(second);
    lobby.append(new Event.Deleted(9, T0 + 9, lobby.messageId(2), "ann", false, 3));
    assertThat(pin(lobby)).isNull();

    attic.append(
        attic.post(1, "ann", "one"), new Event.Pinned(2, T0 + 2, "ann", attic.messageId(1)));
    attic.append(new Event.Purged(3, T0 + 3, null, 0, 2, "ann", List.of(attic.messageId(1))));
    assertThat(pin(attic)).as("what retention deletes").isNull();
    attic.append(
        attic.post(4, "ann", "two"), new Event.Pinned(5, T0 + 5, "ann", attic.messageId(4)));
    assertThat(pin(attic)).isNotNull();
    attic.append(new Event.Pinned(6, T0 + 6, "bob", null));
    assertThat(pin(attic)).isNull();
    assertThat(attic.read(4, 10))
        .containsExactly(
            new Event.Pinned(5, T0 + 5, "ann", attic.messageId(4)),
            new Event.Pinned(6, T0 + 6, "bob", null));
  }

  /** As every way to it says. */
  private RoomRecord.@Nullable Pin pin(Room room) {
    RoomRecord now = room.open(1).room();
    assertThat(get(store.directory().room(now.id()))).contains(now);
    assertThat(get(store.directory().roomByNumber("shop", now.number()))).contains(now);
    assertThat(get(store.directory().rooms("shop", null, null, User.named("ann"), 9)))
        .anyMatch(listing -> listing.room().equals(now));
    return now.pin();
  }

  @Test
  void ofADeletedRoomNothingIsLeftButItsEndAndNothingComesAfter() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    List<Event.Durable> told = lobby.oneOfEachKind();
    lobby.append(told);
    lobby.append(new Event.MemberAdded(told.size() + 1L, T0 + 99, "bob", Role.MEMBER, "ann"));
    attic.append(attic.post(1, "ann", "stays"));
    get(store.directory().markRead(LOBBY, "bob", 2));
    long last = told.size() + 2L;
    Event.RoomDeleted end = new Event.RoomDeleted(last, T0 + 100, "ann");
    lobby.append(end);

    assertThat(get(store.messages().open(LOBBY, 10))).isEmpty();
    assertThat(get(store.directory().room(LOBBY))).isEmpty();
    assertThat(get(store.directory().roomByNumber("shop", 1))).isEmpty();
    assertThat(listed("shop", null, null, 9)).containsExactly("attic");
    assertThat(listed("shop", "bob", null, 9)).isEmpty();
    assertThat(get(store.directory().members(LOBBY, 9))).isEmpty();
    assertThat(get(store.messages().page(LOBBY, Long.MAX_VALUE, 100))).isEmpty();
    assertThat(lobby.messages(1L, 2L)).isEmpty();
    assertThat(lobby.read(0, 100)).containsExactly(end);
    assertThat(lobby.read(last - 1, 100)).containsExactly(end);
    assertThat(lobby.read(last, 100)).isEmpty();
    for (long seq : List.of(1L, 3L, last - 1, last, last + 1)) {
      assertThatThrownBy(() -> lobby.append(lobby.post(seq, "bob", "late")))
          .as("seq %s", seq)
          .isInstanceOf(StoreException.class);
    }
    assertThat(lobby.read(0, 100)).containsExactly(end);
    assertThat(create(store, LOBBY, RoomType.GROUP)).as("its id is used up").isEmpty();
    assertThat(founded(new RoomId("shop", "next")).number).as("and so is its number").isEqualTo(3);
    assertThat(attic.messages(1L)).hasSize(1);
  }

  @Test
  void aRoomThatNobodyMadeIsNotThere() {
    founded(LOBBY);

    assertThat(get(store.directory().room(ATTIC))).isEmpty();
    assertThat(get(store.directory().roomByNumber("shop", 2))).isEmpty();
    assertThat(get(store.directory().roomByNumber("shop", 0))).isEmpty();
    assertThat(get(store.directory().roomByNumber("shop", -1))).isEmpty();
    assertThat(get(store.directory().roomByNumber("school", 1))).isEmpty();
  }

  @Test
  void roomsCreatedAtOnceGetNumbersThatAreUniqueAndWithoutGaps() throws Exception {
    List<List<Long>> numbers =
        together(
            8,
            writer -> {
              List<Long> mine = new ArrayList<>();
              for (int i = 0; i < 20; i++) {
                RoomId id = new RoomId("shop", "room-" + writer + "-" + i);
                mine.add(create(store, id, RoomType.PUBLIC).orElseThrow().number());
              }
              return mine;
            });

    numbers.forEach(mine -> assertThat(mine).isSorted());
    assertThat(numbers.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 160).boxed().toList());
  }

  @Test
  void ofManyWhoCreateTheSameRoomExactlyOneDoes() throws Exception {
    List<Integer> created =
        together(
            8,
            writer -> {
              int mine = 0;
              for (int i = 0; i < 10; i++) {
                RoomId id = new RoomId("shop", "room-" + i);
                mine += create(store, id, RoomType.PUBLIC).isPresent() ? 1 : 0;
              }
              return mine;
            });

    assertThat(created.stream().mapToInt(made -> made).sum()).isEqualTo(10);
  }

  @Test
  void roomsAreListedNewestFirstByUserAndByType() {
    Room first = founded(LOBBY);
    create(store, ATTIC, RoomType.GROUP);
    create(store, new RoomId("shop", "cellar"), RoomType.GROUP);
    first.append(new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "ann"));
    Room cellar = new Room(new RoomId("shop", "cellar"), 3);
    cellar.append(new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "ann"));
    Room elsewhere = founded(ELSEWHERE);
    elsewhere.append(new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "ann"));

    assertThat(listed("shop", null, null, 10)).containsExactly("cellar", "attic", "lobby");
    assertThat(listed("shop", null, null, 2)).containsExactly("cellar", "attic");
    assertThat(listed("shop", "ann", null, 10)).containsExactly("cellar", "lobby");
    assertThat(listed("shop", null, RoomType.GROUP, 10)).containsExactly("cellar", "attic");
    assertThat(listed("shop", "ann", RoomType.GROUP, 10)).containsExactly("cellar");
    assertThat(listed("shop", "Ann", null, 10)).isEmpty();
    assertThat(listed("nobody", null, null, 10)).isEmpty();
  }

  @Test
  void unreadCountsMessagesOfOthersAfterWhatWasReadWithoutDeletedOnes() {
    Room lobby = founded(LOBBY);
    lobby.append(
        lobby.post(1, "bob", "a"),
        lobby.post(2, "ann", "mine"),
        lobby.post(3, "bob", "b"),
        lobby.post(4, "bob", "c"),
        lobby.deletion(5, 4, false),
        lobby.reaction(6, 3, "bob", true),
        lobby.post(7, "eve", "d"));

    assertThat(unread("ann")).isEqualTo(3);
    get(store.directory().markRead(LOBBY, "ann", 3));
    assertThat(unread("ann")).isEqualTo(1);
    assertThat(unread("bob")).isEqualTo(2);
    get(store.directory().markRead(LOBBY, "ann", 7));
    assertThat(unread("ann")).isZero();
    assertThat(unread("Ann")).as("another user").isEqualTo(4);
  }

  @Test
  void unreadIsCountedUpToAThousand() {
    Room lobby = founded(LOBBY);
    lobby.posts(1_005);

    assertThat(unread("bob")).isEqualTo(1_000);
    get(store.directory().markRead(LOBBY, "bob", 6));
    assertThat(unread("bob")).isEqualTo(999);
  }

  @Test
  void aReadPositionNeverGoesBack() {
    Room lobby = founded(LOBBY);
    lobby.posts(5);

    get(store.directory().markRead(LOBBY, "bob", 4));
    get(store.directory().markRead(LOBBY, "bob", 2));

    assertThat(unread("bob")).isEqualTo(1);
  }

  // --- projects

  @Test
  void aProjectIsSavedFoundByItsKeysAndReplaced() {
    ProjectRecord shop = project("shop", "a", "b");
    get(store.directory().saveProject(shop));
    get(store.directory().saveProject(project("school", "c")));

    assertThat(get(store.directory().project("shop"))).contains(shop);
    assertThat(get(store.directory().projectByKeyHash(hash("b")))).contains(shop);
    assertThat(get(store.directory().projectByKeyHash(hash("x")))).isEmpty();
    assertThat(get(store.directory().project("nobody"))).isEmpty();

    ProjectRecord renamed =
        new ProjectRecord(
            "shop", "Shop & Söhne", T0 + 1, "s".repeat(64), project("", "b", "d").keys());
    get(store.directory().saveProject(renamed));
    assertThat(get(store.directory().project("shop"))).contains(renamed);
    assertThat(get(store.directory().projectByKeyHash(hash("a")))).as("withdrawn").isEmpty();
    assertThat(get(store.directory().projectByKeyHash(hash("d")))).contains(renamed);
    assertThat(get(store.directory().project("school"))).contains(project("school", "c"));
  }

  @Test
  void aKeyOfAnotherProjectIsRefusedAndNothingChanges() {
    get(store.directory().saveProject(project("shop", "a")));
    get(store.directory().saveProject(project("school", "b")));

    assertThatThrownBy(() -> get(store.directory().saveProject(project("school", "c", "a"))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("school");
    assertThat(get(store.directory().project("school"))).contains(project("school", "b"));
    assertThat(get(store.directory().projectByKeyHash(hash("a")))).contains(project("shop", "a"));
    assertThat(get(store.directory().projectByKeyHash(hash("c")))).isEmpty();
  }

  @Test
  void messagesOfAProjectAreCountedSinceATimeDeletedOnesIncluded() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    Room elsewhere = founded(ELSEWHERE);
    lobby.posts(10);
    lobby.append(lobby.deletion(11, 9, true));
    attic.posts(5);
    elsewhere.posts(3);

    assertThat(get(store.directory().messagesSince("shop", 0))).isEqualTo(15);
    assertThat(get(store.directory().messagesSince("shop", T0 + 5))).isEqualTo(7);
    assertThat(get(store.directory().messagesSince("shop", T0 + 100))).isZero();
    assertThat(get(store.directory().messagesSince("school", 0))).isEqualTo(3);
    assertThat(get(store.directory().messagesSince("nobody", 0))).isZero();
  }

  @Test
  void whatIsUsedUpIsCountedByProjectMonthAndMetric() {
    OperatorStore operators = store.operators();
    get(operators.count("shop", "2026-01", "agent_invokes", 2));
    get(operators.count("shop", "2026-01", "agent_invokes", 3));
    get(operators.count("shop", "2026-01", "webhook_deliveries", 1));
    get(operators.count("shop", "2026-02", "agent_invokes", 10));
    get(operators.count("school", "2026-01", "agent_invokes", 100));

    assertThat(get(operators.counts("shop", "2026-01")))
        .isEqualTo(Map.of("agent_invokes", 5L, "webhook_deliveries", 1L));
    assertThat(get(operators.counts("shop", null)))
        .isEqualTo(Map.of("agent_invokes", 15L, "webhook_deliveries", 1L));
    assertThat(get(operators.counts("shop", "2025-12"))).isEmpty();
  }

  @Test
  void roomsAndWhatWasSaidInThemAreCounted() {
    Room lobby = founded(new RoomId("shop", "lobby"));
    founded(new RoomId("shop", "attic"));
    Room elsewhere = founded(new RoomId("school", "lobby"));
    lobby.posts(5);
    lobby.append(lobby.deletion(6, 3, true));
    elsewhere.posts(3);

    assertThat(get(store.operators().rooms("shop"))).isEqualTo(2);
    assertThat(get(store.operators().rooms("nobody"))).isZero();
    assertThat(get(store.operators().room(new RoomId("shop", "lobby"))))
        .isEqualTo(new OperatorStore.RoomFigures(4, 1));
    assertThat(get(store.operators().room(new RoomId("shop", "attic"))))
        .isEqualTo(new OperatorStore.RoomFigures(0, 0));
    assertThat(get(store.operators().room(new RoomId("shop", "cellar"))))
        .isEqualTo(new OperatorStore.RoomFigures(0, 0));
  }

  // --- tenants, text

  @Test
  void roomsOfTheSameNameInTwoProjectsNeverMeet() {
    Room shop = founded(LOBBY);
    Room school = founded(ELSEWHERE);
    shop.append(shop.post(1, "ann", "shop"));
    school.append(school.post(1, "ann", "school"), school.post(2, "ann", "more"));

    assertThat(shop.number).isEqualTo(1);
    assertThat(school.number).as("each project counts by itself").isEqualTo(1);
    assertThat(shop.read(0, 10)).containsExactly(shop.post(1, "ann", "shop"));
    assertThat(school.read(0, 10)).hasSize(2);
    assertThat(shop.open(10).head()).isEqualTo(1);
    assertThat(shop.page(Long.MAX_VALUE, 10)).hasSize(1);
    assertThat(shop.messages(2L)).isEmpty();
    assertThat(get(store.directory().roomByNumber("school", 1)).orElseThrow().id())
        .isEqualTo(ELSEWHERE);
  }

  @Test
  void roomNamesThatDifferInCaseOnlyAreTwoRooms() {
    Room lower = founded(new RoomId("shop", "lobby"));
    Room upper = founded(new RoomId("shop", "LOBBY"));
    Room loud = founded(new RoomId("Shop", "lobby"));
    lower.posts(1);
    upper.posts(2);
    loud.posts(3);

    assertThat(lower.open(1).head()).isEqualTo(1);
    assertThat(upper.open(1).head()).isEqualTo(2);
    assertThat(loud.open(1).head()).isEqualTo(3);
  }

  @Test
  void usersThatDifferInCaseOnlyAreTwoUsers() {
    Room lobby = founded(LOBBY);
    lobby.append(
        new Event.MemberAdded(1, T0 + 1, "ann", Role.OWNER, "ann"),
        new Event.MemberAdded(2, T0 + 2, "Ann", Role.GUEST, "ann"),
        lobby.post(3, "ann", "x"),
        lobby.reaction(4, 3, "ann", true),
        lobby.reaction(5, 3, "Ann", true),
        lobby.reaction(6, 3, "ann", false));

    assertThat(get(store.directory().members(LOBBY, 10)))
        .extracting(MemberRecord::userId)
        .containsExactly("ann", "Ann");
    assertThat(lobby.messages(3L).get(0).reactions()).isEqualTo(Map.of("👍", Set.of("Ann")));
  }

  @Test
  void textComesBackByteForByte() {
    Room lobby = founded(LOBBY);
    List<String> texts =
        List.of(
            "👩‍👩‍👧‍👦 family, 🇫🇷 flag, 👍🏽 skin",
            "שלום عليكم mixed ltr",
            "\u202Eoverride\u202C",
            "İıIi ﬁ ß ẞ",
            "e\u0301 and \u00e9",
            "trailing spaces   ",
            " leading\tand\nlines\r\n",
            "'; drop table fluxy_log; --",
            "\\ % _ \" ` $1 ? :x {0} ${y}",
            "\u0001\u001f\ufffd\uffff",
            "𝔘𝔫𝔦 \uD83D\uDE00",
            "x".repeat(4_000),
            "漢".repeat(4_000),
            "🙂".repeat(2_000));
    List<Event.Durable> told = new ArrayList<>();
    for (String text : texts) {
      told.add(lobby.post(told.size() + 1, "ann", text));
    }
    long seq = told.size();
    told.add(lobby.edit(seq + 1, 1, texts.get(12), 2));
    told.add(
        new Event.Reacted(seq + 2, T0 + seq + 2, lobby.messageId(2), "ann", "👩‍👩‍👧‍👦", true));
    told.add(new Event.Reacted(seq + 3, T0 + seq + 3, lobby.messageId(2), "ann", "👩", true));

    lobby.append(told);

    assertThat(lobby.read(0, 100)).isEqualTo(told);
    assertThat(lobby.messages(1L).get(0).message().content()).isEqualTo(texts.get(12));
    assertThat(lobby.messages(2L).get(0).reactions().keySet())
        .containsExactlyInAnyOrder("👩‍👩‍👧‍👦", "👩");
  }

  @Test
  void namesOfRoomsAndProjectsComeBackByteForByte() {
    String name = "Küche 🍳 '\"; İ ";
    RoomId odd = new RoomId("shop", "_-=@,.;:");
    get(store.directory().createRoom(odd, RoomType.DM, name, T0, List.of(), "ann"));

    assertThat(get(store.directory().room(odd)).orElseThrow().name()).isEqualTo(name);
    assertThat(get(store.messages().open(odd, 1)).orElseThrow().room().id()).isEqualTo(odd);
  }

  @Test
  void onlyWhatAReaderMayReadIsUnread() {
    Room lobby = founded(LOBBY);
    lobby.append(new Event.MemberAdded(1, T0 + 1, "cid", Role.MODERATOR, "ann"));
    lobby.append(lobby.whispered(2, Readers.only(List.of("ann", "bob"))));
    lobby.append(lobby.whispered(6, new Readers(Set.of("ann"), Role.MODERATOR)));
    lobby.append(lobby.post(10, "ann", "aloud"));

    assertThat(unread(User.named("bob"))).isEqualTo(new Unread(2, 0, 2));
    assertThat(unread(User.named("cid"))).isEqualTo(new Unread(2, 0, 6));
    assertThat(unread(User.named("dan"))).isEqualTo(new Unread(1, 0, 10));
    assertThat(unread(new User("dan", Set.of(Role.MODERATOR)))).isEqualTo(new Unread(2, 0, 6));
    assertThat(unread(User.named("ann"))).isEqualTo(new Unread(0, 0, 0));
    assertThat(unread("bob")).isEqualTo(2);
    get(store.directory().markRead(LOBBY, "bob", 2));
    assertThat(unread(User.named("bob"))).isEqualTo(new Unread(1, 2, 10));
    assertThat(get(store.directory().unread(new RoomId("shop", "none"), User.named("bob"))))
        .isEqualTo(new Unread(0, 0, 0));
  }

  private Unread unread(User reader) {
    return get(store.directory().unread(LOBBY, reader));
  }

  @Test
  void whatExpiresIsFoundInTheOrderInWhichItGoesUntilItIsGone() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    lobby.append(lobby.expiring(1, 900), lobby.post(2, "ann", "stays"), lobby.expiring(3, 700));
    attic.append(attic.expiring(1, 800), attic.expiring(2, 800), attic.expiring(3, 800));
    assertThat(expiring(9)).containsExactly("lobby 3", "attic 1", "attic 2", "attic 3", "lobby 1");
    assertThat(expiring(2)).containsExactly("lobby 3", "attic 1");
    assertThat(lobby.messages(1L).get(0).message().expiresAtMs()).isEqualTo(T0 + 900);
    assertThat(((Event.Posted) lobby.read(0, 1).get(0)).message().expiresAtMs())
        .isEqualTo(T0 + 900);

    Event.Deleted expired =
        new Event.Deleted(4, T0 + 750, lobby.messageId(3), "ann", true, 2, true, null);
    lobby.append(expired);
    attic.append(new Event.Deleted(4, T0 + 4, attic.messageId(1), "ann", false, 2));

    assertThat(expiring(9)).containsExactly("attic 2", "attic 3", "lobby 1");
    assertThat(lobby.read(3, 9)).containsExactly(expired);
    Message gone = ((Event.Posted) lobby.read(2, 1).get(0)).message();
    assertThat(gone.content()).isEmpty();
    assertThat(gone.expiresAtMs()).isNull();
    attic.append(new Event.RoomDeleted(5, T0 + 5, "ann"));
    assertThat(expiring(9)).containsExactly("lobby 1");
  }

  private List<String> expiring(int max) {
    return get(store.expiries().next(max)).stream()
        .map(each -> each.room().id().name() + " " + each.seq())
        .toList();
  }

  @Test
  void theLastNoteOfAUserCounts() {
    founded(LOBBY);
    founded(ATTIC);
    Personal personal = store.personal();
    assertThat(noted(LOBBY, "ann", 5, "one")).contains(new Personal.Note("ann", "one", 5));
    assertThat(noted(LOBBY, "ann", 6, "two")).contains(new Personal.Note("ann", "two", 6));
    noted(LOBBY, "bob", 7, "his");
    noted(ATTIC, "ann", 8, "elsewhere");

    assertThat(get(personal.find(LOBBY, DRAFT, 0, "ann")))
        .contains(new Personal.Note("ann", "two", 6));
    assertThat(get(personal.find(LOBBY, PREFERENCES, 0, "ann"))).isEmpty();
    assertThat(get(personal.find(LOBBY, DRAFT, 1, "ann"))).isEmpty();
    assertThat(get(personal.all(LOBBY, DRAFT, 0, 9)))
        .containsExactly(new Personal.Note("ann", "two", 6), new Personal.Note("bob", "his", 7));
    assertThat(get(personal.all(LOBBY, DRAFT, 0, 1))).hasSize(1);
    assertThat(noted(LOBBY, "ann", 9, "")).isEmpty();
    assertThat(get(personal.find(LOBBY, DRAFT, 0, "ann"))).isEmpty();
    RoomId none = new RoomId("shop", "none");
    assertThat(get(personal.find(none, DRAFT, 0, "ann"))).isEmpty();
    assertThat(get(personal.all(none, DRAFT, 0, 9))).isEmpty();
    assertThatThrownBy(() -> noted(none, "ann", 1, "x")).isInstanceOf(StoreException.class);
  }

  @Test
  void aNoteIsChangedByOneAtATime() throws Exception {
    founded(LOBBY);
    together(
        8,
        writer -> {
          for (int i = 0; i < 25; i++) {
            get(store.personal().change(LOBBY, PREFERENCES, 0, "ann", i, was -> was + "x"));
          }
          return writer;
        });

    assertThat(get(store.personal().find(LOBBY, PREFERENCES, 0, "ann")).orElseThrow().text())
        .hasSize(200);
  }

  @Test
  void draftsAndPreferencesGoWithTheMembershipAndEverythingGoesWithTheRoom() {
    Room lobby = founded(LOBBY);
    lobby.append(
        new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "bob"), lobby.post(2, "bob", "x"));
    noted(LOBBY, "ann", 5, "draft");
    get(store.personal().change(LOBBY, PREFERENCES, 0, "ann", 5, was -> "{}"));
    get(store.personal().change(LOBBY, RECEIPT, 2, "ann", 5, was -> "delivered"));
    lobby.append(new Event.MemberRemoved(3, T0 + 3, "ann", "bob"));

    assertThat(get(store.personal().find(LOBBY, DRAFT, 0, "ann"))).isEmpty();
    assertThat(get(store.personal().find(LOBBY, PREFERENCES, 0, "ann"))).isEmpty();
    assertThat(get(store.personal().find(LOBBY, RECEIPT, 2, "ann"))).isPresent();
    lobby.append(new Event.RoomDeleted(4, T0 + 4, "bob"));
    assertThat(get(store.personal().find(LOBBY, RECEIPT, 2, "ann"))).isEmpty();
    assertThatThrownBy(() -> noted(LOBBY, "ann", 6, "late")).isInstanceOf(StoreException.class);
  }

  @Test
  void notesAreInAUsersDataUntilTheyAreForgotten() {
    Room lobby = founded(LOBBY);
    founded(ATTIC);
    lobby.append(lobby.post(1, "bob", "x"));
    noted(LOBBY, "ann", 5, "draft");
    noted(LOBBY, "bob", 6, "his");
    get(store.personal().change(LOBBY, PREFERENCES, 0, "ann", 7, was -> "{}"));
    get(store.personal().change(LOBBY, RECEIPT, 1, "ann", 8, was -> "delivered"));
    noted(ATTIC, "ann", 9, "upstairs");
    PersonalData data = store.personalData();
    String project = LOBBY.project();

    assertThat(get(data.rooms(project, "ann", 0, 9)))
        .extracting(RoomRecord::id)
        .containsExactlyInAnyOrder(LOBBY, ATTIC);
    assertThat(get(data.of(project, "ann", 9)).notes())
        .extracting(each -> each.room().id().name() + " " + each.kind() + " " + each.note().text())
        .containsExactlyInAnyOrder(
            "lobby DRAFT draft",
            "lobby PREFERENCES {}",
            "lobby RECEIPT delivered",
            "attic DRAFT upstairs");
    assertThat(get(data.of(project, "ann", 9)).notes())
        .extracting(PersonalData.Kept::messageId)
        .containsOnlyOnce(lobby.messageId(1))
        .contains(0L);
    assertThat(get(data.of(project, "ann", 2)).notes()).hasSize(2);
    get(data.forgetBesideLogs("other", "ann"));
    assertThat(get(data.of(project, "ann", 9)).notes()).hasSize(4);

    get(data.forgetBesideLogs(project, "ann"));

    assertThat(get(data.of(project, "ann", 9)).notes()).isEmpty();
    assertThat(get(store.personal().find(LOBBY, RECEIPT, 1, "ann"))).isEmpty();
    assertThat(get(data.of(project, "bob", 9)).notes()).hasSize(1);
  }

  private Optional<Personal.Note> noted(RoomId room, String userId, long atMs, String text) {
    return get(store.personal().change(room, DRAFT, 0, userId, atMs, was -> text));
  }

  // --- closing

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    Room lobby = founded(LOBBY);
    List<Event.Durable> told = lobby.oneOfEachKind();
    lobby.append(told);
    lobby.append(lobby.sent(told.size() + 1, "ann", "client-id-9", "kept"));
    get(store.directory().saveProject(project("shop", "a")));
    get(store.directory().markRead(LOBBY, "bob", 2));
    List<Event.Durable> log = lobby.read(0, 100);
    OpenedRoom opened = lobby.open(100);
    List<Directory.RoomListing> rooms =
        get(store.directory().rooms("shop", null, null, User.named("bob"), 9));

    store.close();
    Optional<Store> again = reopened();
    assumeTrue(again.isPresent(), "nothing outlives a close of this store");
    store = again.get();

    assertThat(lobby.read(0, 100)).isEqualTo(log);
    assertThat(lobby.open(100)).isEqualTo(opened);
    assertThat(get(store.directory().rooms("shop", null, null, User.named("bob"), 9)))
        .isEqualTo(rooms);
    assertThat(get(store.directory().project("shop"))).contains(project("shop", "a"));
    assertThatThrownBy(() -> lobby.append(log.get(0))).isInstanceOf(SeqTakenException.class);
    long next = log.size() + 1L;
    assertThatThrownBy(() -> lobby.append(lobby.sent(next, "ann", "client-id-9", "again")))
        .isInstanceOf(ClientIdTakenException.class);
    lobby.append(lobby.post(next, "ann", "on we go"));
    assertThat(founded(ATTIC).number).isEqualTo(2);
  }

  @Test
  void aClosedStoreSavesWhatWasHandedInAndRefusesTheRest() throws Exception {
    Room lobby = founded(LOBBY);
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (long seq = 1; seq <= 100; seq++) {
      stages.add(store.messages().append(LOBBY, List.of(lobby.post(seq, "ann", "x"))));
    }

    store.close();

    stages.forEach(StoreContract::get);
    assertThatThrownBy(() -> lobby.append(lobby.post(101, "ann", "late")))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> lobby.read(0, 1)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> get(store.directory().project("shop")))
        .isInstanceOf(StoreException.class);
    store.close();
    Optional<Store> again = reopened();
    if (again.isPresent()) {
      store = again.get();
      assertThat(lobby.open(1).head()).isEqualTo(100);
    }
  }

  // --- what else a store keeps: a contract for each subject

  @Nested
  class OfTemplates extends TemplatesContract {
    @Override
    Store store() {
      return store;
    }
  }

  @Nested
  class OfSearch extends SearchContract {
    @Override
    Store store() {
      return store;
    }
  }

  @Nested
  class OfPurging extends PurgeContract {
    @Override
    Store store() {
      return store;
    }
  }

  @Nested
  class OfThreads extends ThreadsContract {
    @Override
    Store store() {
      return store;
    }
  }

  @Nested
  class OfAttachments extends AttachmentsContract {
    @Override
    Store store() {
      return store;
    }
  }

  // --- words of these stories

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException why ? why : e;
    }
  }

  private static boolean race(Store store, Room room, Event.Durable event) {
    try {
      get(store.messages().append(room.id, List.of(event)));
      return true;
    } catch (SeqTakenException e) {
      return false;
    }
  }

  /** Work of one of many threads. */
  @FunctionalInterface
  protected interface Work<T> {
    T of(int writer) throws Exception;
  }

  private static <T> List<T> together(int writers, Work<T> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        futures.add(threads.submit(() -> work.of(writer)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Optional<RoomRecord> create(Store store, RoomId id, RoomType type) {
    return get(store.directory().createRoom(id, type, id.name(), T0, List.of(), "ann"));
  }

  private Room founded(RoomId id) {
    return new Room(id, create(store, id, RoomType.PUBLIC).orElseThrow().number());
  }

  private List<String> listed(
      String project, @Nullable String userId, @Nullable RoomType type, int max) {
    return get(store.directory().rooms(project, userId, type, User.named("ann"), max)).stream()
        .map(listing -> listing.room().id().name())
        .toList();
  }

  private int unread(String userId) {
    return get(store.directory().rooms("shop", null, null, User.named(userId), 1)).get(0).unread();
  }

  private static ProjectRecord project(String id, String... keys) {
    return new ProjectRecord(
        id,
        "The " + id,
        T0,
        "secret of " + id + " ".repeat(32),
        Arrays.stream(keys)
            .map(key -> new ProjectRecord.KeyRecord("fc_" + key, hash(key), T0))
            .toList());
  }

  private static String hash(String key) {
    return key.repeat(64);
  }

  /** A room's events, in the order they were asked for. */
  private final class Room {
    final RoomId id;
    final long number;

    Room(RoomId id, long number) {
      this.id = id;
      this.number = number;
    }

    long messageId(long seq) {
      return Message.id(number, seq);
    }

    Event.Durable post(long seq, String userId, String text) {
      return new Event.Posted(message(seq, userId, text, null));
    }

    Event.Durable sent(long seq, String userId, String clientId, String text) {
      return new Event.Posted(message(seq, userId, text, clientId));
    }

    private Message message(long seq, String userId, String text, @Nullable String clientId) {
      return new Message(
          seq,
          messageId(seq),
          userId,
          text,
          T0 + seq,
          null,
          clientId,
          List.of(),
          List.of(),
          1,
          null,
          null);
    }

    /** With all it can have; answers message 1. */
    Message rich(long seq, String userId, String text) {
      return new Message(
          seq,
          messageId(seq),
          userId,
          text,
          T0 + seq,
          messageId(1),
          "client-id-rich-" + seq,
          List.of("bob", "eve"),
          List.of(
              new Attachment("image", "https://x.example/ü?a=1&b", "kätzchen.png", 1, "image/png"),
              new Attachment("file", "http://y.example/", null, 10_485_760, null, "f1")),
          1,
          null,
          null);
    }

    Event.Durable edit(long seq, long of, String text, int version) {
      return new Event.Edited(seq, T0 + seq, messageId(of), "ann", text, version);
    }

    Event.Durable deletion(long seq, long of, boolean hard) {
      return new Event.Deleted(seq, T0 + seq, messageId(of), "ann", hard, 3);
    }

    Event.Durable reaction(long seq, long of, String userId, boolean add) {
      return new Event.Reacted(seq, T0 + seq, messageId(of), userId, "👍", add);
    }

    List<Event.Durable> oneOfEachKind() {
      List<Event.Durable> told = new ArrayList<>();
      told.add(post(1, "ann", "hello"));
      told.add(new Event.Posted(rich(2, "bob", "hello back")));
      told.add(edit(3, 2, "hello, back", 2));
      told.add(new Event.Reacted(4, T0 + 4, messageId(1), "bob", "❤️", true));
      told.add(new Event.Reacted(5, T0 + 5, messageId(1), "bob", "❤️", false));
      told.add(new Event.MemberAdded(6, T0 + 6, "eve", Role.GUEST, "ann"));
      told.add(new Event.MemberRemoved(7, T0 + 7, "eve", "bob"));
      told.add(
          new Event.ToolUsed(
              8,
              T0 + 8,
              "bot",
              Command.ToolPhase.RESULT,
              "run-1",
              "agent-1",
              "call-1",
              "search",
              "{\"q\":\"ü\"}",
              Readers.only(List.of("ann", "bot"))));
      told.add(
          new Event.RunReported(
              9,
              T0 + 9,
              "bot",
              "run-1",
              "agent-1",
              "running",
              "{\"steps\":[]}",
              Readers.inRole(Role.OWNER)));
      told.add(post(10, "ann", ""));
      told.add(new Event.Deleted(11, T0 + 11, messageId(10), "ann", false, 2));
      told.add(post(12, "ann", ""));
      told.add(new Event.Deleted(13, T0 + 13, messageId(12), "ann", true, 2));
      told.add(new Event.RoomChanged(14, T0 + 14, "ann", "Küche", RoomType.GROUP));
      told.addAll(whispered(15, Readers.only(List.of("ann", "bob"))));
      told.addAll(whispered(19, new Readers(Set.of("ann"), Role.MODERATOR)));
      told.add(
          new Event.Purged(
              23, T0 + 23, "nobody", 0, 9, "ann", List.of(messageId(1), messageId(2))));
      told.add(new Event.Purged(24, T0 + 24, null, 0, 1, "ann", List.of()));
      told.add(
          new Event.Imposed(25, T0 + 25, "eve", Sanction.BAN, Long.MAX_VALUE, "spam \"ü\"", "ann"));
      told.add(new Event.Pinned(26, T0 + 26, "ann", messageId(1)));
      told.add(new Event.Pinned(27, T0 + 27, "bob", null));
      told.add(event(28, Label.named("price")));
      told.add(event(29, new Label("Preis \"ü\"", "client-1")));
      return told;
    }

    Event.Durable event(long seq, Label label) {
      return new Event.Posted(
          new Message(
              seq,
              messageId(seq),
              "ticker",
              "{\"ü\":[1,null]}",
              T0 + seq,
              null,
              null,
              List.of(),
              List.of(),
              1,
              null,
              null,
              null,
              null,
              label));
    }

    Event.Durable expiring(long seq, long afterMs) {
      return new Event.Posted(
          new Message(
              seq,
              messageId(seq),
              "ann",
              "bye",
              T0 + seq,
              null,
              null,
              List.of(),
              List.of(),
              1,
              null,
              null,
              null,
              T0 + afterMs));
    }

    /** A message that is not for everyone, and what happens to it: four events. */
    List<Event.Durable> whispered(long seq, Readers readers) {
      long id = messageId(seq);
      Message message =
          new Message(
              seq, id, "ann", "psst", T0 + seq, null, null, List.of(), List.of(), 1, null, null,
              readers, null);
      return List.of(
          new Event.Posted(message),
          new Event.Edited(seq + 1, T0 + seq + 1, id, "ann", "psst!", 2, readers),
          new Event.Reacted(seq + 2, T0 + seq + 2, id, "ann", "👍", true, readers),
          new Event.Reacted(seq + 3, T0 + seq + 3, id, "ann", "👍", false, readers));
    }

    void posts(int count) {
      List<Event.Durable> events = new ArrayList<>();
      for (long seq = 1; seq <= count; seq++) {
        events.add(post(seq, "ann", "message " + seq));
      }
      append(events);
    }

    void append(Event.Durable... events) {
      append(List.of(events));
    }

    void append(List<Event.Durable> events) {
      get(store.messages().append(id, events));
    }

    List<Event.Durable> read(long afterSeq, int max) {
      return get(store.messages().read(id, afterSeq, max));
    }

    List<StoredMessage> page(long beforeSeq, int max) {
      return get(store.messages().page(id, beforeSeq, max));
    }

    List<StoredMessage> messages(Long... seqs) {
      return get(store.messages().messages(id, List.of(seqs)));
    }

    Optional<StoredMessage> find(String userId, String clientId) {
      return get(store.messages().find(id, userId, clientId));
    }

    long seqAt(long atMs) {
      return get(store.messages().seqAt(id, atMs));
    }

    OpenedRoom open(int newestMax) {
      return get(store.messages().open(id, newestMax)).orElseThrow();
    }
  }
}
