package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.RoomId;
import io.fluxy.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that go by themselves: contract 1.5, 2.4. */
class ExpiryTest {
  private static final long ID = 134217731;
  private static final String BYE = "{'roomId':'lobby','content':'bye','expiresInSeconds':90}";

  private final Store store = Store.inMemory();
  private final ChatServer server = ChatServer.setup().store(store).start();
  private final Client bob;
  private final String anns = server.token("ann");

  ExpiryTest() {
    server.room("lobby", "group", "ann", "bob");
    bob = server.joins("bob", "lobby");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String history() {
    return server.get(anns, "/api/messages?roomId=lobby").toString();
  }

  private void passes(long ms) {
    for (long left = ms; left > 0; left -= 20_000) {
      server.time.pass(Math.min(left, 20_000));
      if (bob.isOpen()) {
        bob.pongs();
      }
    }
  }

  @Test
  void aMessageTellsWhenItGoesAndGoesThen() {
    String created =
        "'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann','content':'bye',"
            + "'createdAt':'2026-01-31T12:00:01.000Z','parentId':null,'mentions':[],"
            + "'preview':null,'attachments':[],'expiresAt':'2026-01-31T12:01:31.000Z',"
            + "'seq':3,'version':1}";
    assertThat(server.post(anns, "/messages", BYE)).hasToString("200 {'message':{" + created + "}");
    assertThat(bob.hears()).containsExactly("{'type':'message'," + created);
    assertThat(history()).contains("'expiresAt':'2026-01-31T12:01:31.000Z'");
    passes(89_000);
    assertThat(bob.hears()).isEmpty();
    assertThat(history()).contains("bye");
    passes(1_000);

    String gone =
        "'id':134217731,'roomId':'lobby','userId':'ann','deletedAt':'2026-01-31T12:01:31.000Z',"
            + "'hard':true,'version':2,'seq':4}";
    assertThat(bob.hears())
        .containsExactly(
            "{'type':'message_expired','id':134217731,'roomId':'lobby','userId':'ann',"
                + "'expiredAt':'2026-01-31T12:01:31.000Z'}",
            "{'type':'delete'," + gone,
            "{'type':'message_deleted'," + gone);
    assertThat(history()).isEqualTo("200 {'messages':[],'reactions':{}}");
    assertThat(store.messages().read(new RoomId("acme", "lobby"), 0, 99))
        .isCompletedWithValueMatching(log -> !log.toString().contains("bye"));
  }

  @Test
  void itGoesAtATimeToo() {
    String json = "{'roomId':'lobby','content':'bye','expiresAt':'2026-01-31T12:03:00.000Z'}";
    assertThat(server.post(anns, "/messages", json).toString()).startsWith("200");
    assertThat(history()).contains("'expiresAt':'2026-01-31T12:03:00.000Z'");
    passes(178_999);
    assertThat(history()).contains("bye");
    passes(1);
    assertThat(history()).doesNotContain("bye");
  }

  @Test
  void theNextToGoIsNotTheLastThatWasPosted() {
    server.post(anns, "/messages", BYE.replace("90", "600").replace("bye", "later"));
    server.post(anns, "/messages", BYE.replace("90", "60").replace("bye", "first"));
    server.post(anns, "/messages", BYE.replace("90", "600").replace("bye", "later still"));
    bob.hears();
    passes(60_001);
    assertThat(bob.hears("message_expired")).hasSize(1);
    assertThat(history()).contains("later", "later still").doesNotContain("first");
    passes(540_010);
    assertThat(bob.hears("message_expired")).hasSize(2);
  }

  @Test
  void aRoomThatHasLeftMemoryLetsItsMessagesGo() {
    server.post(anns, "/messages", BYE.replace("90", "3600"));
    bob.leaves();
    passes(3_600_000);
    assertThat(
            store
                .messages()
                .page(new RoomId("acme", "lobby"), Long.MAX_VALUE, 9)
                .toCompletableFuture()
                .join())
        .isEmpty();
  }

  @Test
  void whatWasDueWhileNobodyRanGoesAtTheStart() {
    server.post(anns, "/messages", BYE);
    server.fluxy.roomsAlive();
    ChatServer later = ChatServer.setup().store(store).startsAfterMs(7_200_000).start();

    assertThat(later.get(later.token("ann"), "/api/messages?roomId=lobby"))
        .hasToString("200 {'messages':[],'reactions':{}}");
    assertThat(store.expiries().next(9).toCompletableFuture().join()).isEmpty();
  }

  @Test
  void nothingCanBeDoneToWhatIsGone() {
    server.post(anns, "/messages", BYE);
    passes(90_000);
    assertThat(server.patch(anns, "/messages/" + ID, "{'content':'back'}").status()).isIn(404, 409);
  }

  @Test
  void whoeverDeletesItFirstIsTheOnlyOne() {
    server.post(anns, "/messages", BYE);
    server.delete(anns, "/messages/" + ID);
    bob.hears();
    passes(200_000);
    assertThat(bob.hears()).isEmpty();
  }
}
