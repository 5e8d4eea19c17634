package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Attachment;
import io.fluxy.chat.Command;
import io.fluxy.chat.Command.ToolPhase;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.StoredMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must forget, and what it must keep; part of {@link StoreContract}. */
abstract class PurgeContract extends StoreStories {
  private long number;
  private long head;

  PurgeContract(StoreContract suite) {
    super(suite);
  }

  @BeforeEach
  void aRoomWithHistory() {
    number =
        get(store().directory().createRoom(LOBBY, RoomType.PUBLIC, "Lobby", T0, List.of(), "ann"))
            .orElseThrow()
            .number();
    append(post("ann", "secret one"));
    append(post("bob", "reply to ann"));
    append(new Event.Edited(head + 1, at(), id(1), "ann", "secret two", 2));
    append(post("ann", "secret three"));
    append(new Event.Deleted(head + 1, at(), id(4), "ann", false, 2));
    append(new Event.Reacted(head + 1, at(), id(2), "ann", "👍", true));
    append(new Event.Reacted(head + 1, at(), id(2), "bob", "👍", true));
    append(post("ann", "secret four"));
  }

  @Test
  void aUsersTextBecomesANoteEverywhereAndItsPlaceStays() {
    assertThat(search("secret")).containsExactly(8L, 1L);

    append(new Event.Purged(head + 1, at(), "ann", 0, head + 1, "ann", List.of(id(8))));

    List<StoredMessage> page = get(store().messages().page(LOBBY, Long.MAX_VALUE, 10));
    assertThat(page).extracting(m -> m.message().seq()).containsExactly(8L, 2L, 1L);
    assertThat(page.get(0).message()).isEqualTo(erased(8, 2));
    assertThat(page.get(1).message().content()).isEqualTo("reply to ann");
    assertThat(page.get(1).reactions().toString()).isEqualTo("{👍=[bob]}");
    assertThat(page.get(2).message()).isEqualTo(erased(1, 3));
    List<Event.Durable> log = get(store().messages().read(LOBBY, 0, 100));
    assertThat(log).hasSize(9);
    assertThat(log.toString()).doesNotContain("secret").contains("reply to ann");
    assertThat(((Event.Posted) log.get(0)).message().content()).isEqualTo(Message.ERASED);
    assertThat(((Event.Posted) log.get(0)).message().attachments()).isEmpty();
    assertThat(((Event.Edited) log.get(2)).content()).isEqualTo(Message.ERASED);
    assertThat(((Event.Posted) log.get(3)).message().content()).isEmpty();
    assertThat(get(store().messages().messages(LOBBY, List.of(4L))).get(0).message().isDeleted())
        .isTrue();
    assertThat(search("secret")).isEmpty();
    assertThat(search("reply")).containsExactly(2L);
  }

  @Test
  void whatIsNoMessageIsForgottenToo() {
    for (String who : List.of("ann", "bob")) {
      String json = "{\"secret\":1}";
      append(
          new Event.ToolUsed(
              head + 1, at(), who, ToolPhase.CALL, "r-" + who, who, "c", "n", json, null));
      append(new Event.RunReported(head + 1, at(), who, "r-" + who, who, "done", json, null));
    }
    append(new Event.Imposed(head + 1, at(), "ann", Sanction.MUTE, T0 + 99, "secret a", "bob"));
    append(new Event.Imposed(head + 1, at(), "bob", Sanction.MUTE, T0 + 99, "secret b", "ann"));
    append(new Event.Imposed(head + 1, at(), "eve", Sanction.MUTE, T0 + 99, "other", "bob"));
    append(new Event.Posted(post("ann", "").message(), new Event.Stream("run")));
    append(new Event.Posted(post("bob", "").message(), new Event.Stream("run")));
    long written = head - 1;
    get(store().messages().checkpoint(LOBBY, written, "secret so far"));
    assertThat(get(store().messages().streams(LOBBY))).hasSize(2);
    assertThat(get(store().personalData().of("shop", "ann", 9)).moderated()).hasSize(1);

    append(new Event.Purged(head + 1, at(), "ann", 0, head + 1, "ann", List.of()));

    assertThat(get(store().messages().streams(LOBBY)))
        .extracting(open -> open.message().userId())
        .containsExactly("bob");
    get(store().messages().checkpoint(LOBBY, written, "secret still"));
    assertThat(get(store().messages().page(LOBBY, Long.MAX_VALUE, 99)).toString())
        .doesNotContain("secret so far", "secret still");
    List<Event.Durable> log = get(store().messages().read(LOBBY, 8, 7));
    assertThat(log.toString()).doesNotContain("secret a", "secret b").contains("other");
    assertThat(((Event.ToolUsed) log.get(0)).json()).isEqualTo(Event.Purged.ERASED_JSON);
    assertThat(((Event.RunReported) log.get(1)).json()).isEqualTo(Event.Purged.ERASED_JSON);
    assertThat(((Event.ToolUsed) log.get(2)).json()).isEqualTo("{\"secret\":1}");
    assertThat(get(store().agents().runs("shop", "ann", 9)).toString()).doesNotContain("secret");
    assertThat(get(store().agents().runs("shop", "bob", 9)).toString()).contains("secret");
    assertThat(get(store().personalData().of("shop", "ann", 9)).moderated())
        .extracting(each -> each.event().reason())
        .containsExactly("");

    append(new Event.Purged(head + 1, at(), null, 0, head + 1, "system", List.of()));
    assertThat(get(store().messages().read(LOBBY, 0, 100)).toString())
        .doesNotContain("secret", "other");
    assertThat(get(store().messages().streams(LOBBY))).isEmpty();
  }

  @Test
  void theReasonsOfReportsAndOfWhatOperatorsDidAreForgotten() {
    OperatorStore operators = store().operators();
    for (String who : List.of("ann", "bob")) {
      get(
          operators.addReport(
              new OperatorStore.ReportRecord(
                  "shop", "r-" + who, "lobby", who, null, "secret", T0)));
      String metadata = "{\"roomId\":\"lobby\",\"reason\":\"a \\\"secret\\\"\",\"n\":1}";
      get(
          operators.addAudit(
              new OperatorStore.AuditRecord(
                  "shop", "a-" + who, "boss", "owner", "x", "user", who, "t", metadata, T0)));
    }

    get(store().personalData().forgetBesideLogs("shop", "ann"));

    assertThat(get(operators.reports("shop", 9)))
        .extracting(OperatorStore.ReportRecord::reason)
        .containsExactly("secret", Message.ERASED);
    assertThat(get(operators.audits("shop", 9)).get(1).metadata())
        .isEqualTo("{\"roomId\":\"lobby\",\"reason\":\"" + Message.ERASED + "\",\"n\":1}");
    get(store().personalData().forgetBesideLogs("shop", "boss"));
    assertThat(get(operators.audits("shop", 9)).toString()).doesNotContain("secret");
  }

  @Test
  void whatHasALabelIsPurgedWithoutTheMessagesBetween() {
    long before = head;
    for (int i = 1; i <= 5; i++) {
      append(event("n" + i));
      if (i % 2 == 0) {
        append(post("bob", "between"));
      }
    }
    MessageStore messages = store().messages();
    assertThat(get(messages.nthNewest(LOBBY, 1))).isEqualTo(before + 7);
    assertThat(get(messages.nthNewest(LOBBY, 10))).isEqualTo(1);
    assertThat(get(messages.nthNewest(LOBBY, 11))).isEqualTo(0);

    append(
        new Event.Purged(
            head + 1, at(), null, 0, before + 5, "p", List.of(), Command.Purge.Scope.LABELLED));

    assertThat(get(messages.page(LOBBY, Long.MAX_VALUE, 99)))
        .extracting(stored -> stored.message().seq())
        .containsExactly(before + 7, before + 6, before + 5, before + 3, 8L, 2L, 1L);
    assertThat(get(messages.nthNewest(LOBBY, 7))).isEqualTo(1);
    String log = get(messages.read(LOBBY, 0, 99)).toString();
    assertThat(log).contains("secret one", "n4", "n5").doesNotContain("n1", "n3");
    assertThat(search("secret")).containsExactly(before + 7, before + 5, 8L, 1L);
    assertThat(get(messages.nthNewest(new RoomId("shop", "none"), 1))).isEqualTo(0);
  }

  private Event.Posted event(String name) {
    return new Event.Posted(
        new Message(
            head + 1,
            id(head + 1),
            "ann",
            "\"secret\"",
            at(),
            null,
            null,
            List.of(),
            List.of(),
            1,
            null,
            null,
            null,
            null,
            Label.named(name)));
  }

  @Test
  void onlyTheStretchIsPurged() {
    append(new Event.Purged(head + 1, at(), "ann", 1, 8, "ann", List.of()));

    assertThat(search("secret")).containsExactly(8L, 1L);
    append(post("ann", "secret five"));
    append(new Event.Purged(head + 1, at(), "ann", 7, 9, "ann", List.of()));
    assertThat(search("secret")).containsExactly(10L, 1L);
  }

  @Test
  void aStretchOfEveryoneIsDeletedForGood() {
    assertThat(search("secret")).containsExactly(8L, 1L);

    append(new Event.Purged(head + 1, at(), null, 0, 8, "system", List.of()));

    assertThat(get(store().messages().page(LOBBY, Long.MAX_VALUE, 10)))
        .extracting(m -> m.message().seq())
        .containsExactly(8L);
    Message first = get(store().messages().messages(LOBBY, List.of(1L))).get(0).message();
    assertThat(first.isDeleted()).isTrue();
    assertThat(first.content()).isEmpty();
    assertThat(first.version()).isEqualTo(3);
    List<Event.Durable> log = get(store().messages().read(LOBBY, 0, 100));
    assertThat(log.subList(0, 7).toString()).doesNotContain("secret").doesNotContain("reply");
    assertThat(search("secret")).containsExactly(8L);
  }

  @Test
  void whatIsPurgedBeforeAnybodySearchesIsNotFoundEither() {
    append(new Event.Purged(head + 1, at(), "ann", 0, head + 1, "ann", List.of()));

    assertThat(search("secret")).isEmpty();
    assertThat(search("reply")).containsExactly(2L);
  }

  private Message erased(long seq, int version) {
    return new Message(
        seq,
        id(seq),
        "ann",
        Message.ERASED,
        T0 + seq,
        null,
        null,
        List.of(),
        List.of(),
        version,
        T0 + head,
        null);
  }

  private List<Long> search(String word) {
    SearchQuery query = new SearchQuery("shop", List.of(word), null, null, 10);
    return get(store().search().messages(query)).stream().map(Search.Hit::seq).toList();
  }

  private Event.Posted post(String userId, String text) {
    Attachment file = new Attachment("file", "https://x.example/s", "secret", 1, null);
    return new Event.Posted(
        new Message(
            head + 1,
            id(head + 1),
            userId,
            text,
            at(),
            null,
            null,
            List.of(),
            userId.equals("ann") ? List.of(file) : List.of(),
            1,
            null,
            null));
  }

  private void append(Event.Durable event) {
    get(store().messages().append(LOBBY, List.of(event)));
    head++;
  }

  private long id(long seq) {
    return Message.id(number, seq);
  }

  private long at() {
    return T0 + head + 1;
  }
}
