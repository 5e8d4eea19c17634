package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Attachment;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Expiry;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.room.Member;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.PendingPost;
import io.fluxy.store.Store;
import io.fluxy.wire.Delivery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages in a transaction of the host, on a connection of its own. */
@Timeout(60)
class PendingTest {
  /** Its two members take the first two seqs. */
  private static final RoomId ORDER = new RoomId("shop", "order-7");

  private static final User ANN = User.named("ann");
  private static final Draft SHIPPED = Draft.text("shipped");

  @TempDir Path folder;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();

  @ParameterizedTest
  @EnumSource
  void aMessageComesWithTheCommitAndOfARollbackNothingRemains(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "host");
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = engine(store);
        Connection host = host(url)) {
      HostTransaction lost = store.within(host);
      run(host, "insert into orders (number) values (6)");
      lost.post(ORDER, ANN, Draft.text("never said"));
      host.rollback();
      lost.committed();

      HostTransaction kept = store.within(host);
      run(host, "insert into orders (number) values (7)");
      String first = kept.post(ORDER, ANN, SHIPPED);
      String second = kept.post(ORDER, User.named("bob"), Draft.text("and paid"));
      host.commit();
      kept.committed();
      assertThat(List.of(next(heard), next(heard))).containsExactly("3 shipped", "4 and paid");
      Message third = of(fluxy.room(ORDER).post(ANN, Draft.text("thanks")));

      assertThat(third.seq()).as("no hole").isEqualTo(5);
      assertThat(next(heard)).isEqualTo("5 thanks");
      assertThat(of(store.messages().find(ORDER, "ann", first))).isPresent();
      assertThat(of(store.messages().find(ORDER, "bob", second))).isPresent();
      awaitEmpty(store);
      assertThat(number(kind, url, "select count(*) from fluxy_pending")).isZero();
      assertThat(number(kind, url, "select count(*) from fluxy_log")).isEqualTo(5);
      assertThat(number(kind, url, "select count(*) from orders")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheHostNamesItselfIsSaidOnce(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "host");
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = engine(store);
        Connection host = host(url)) {
      for (int i = 0; i < 2; i++) {
        HostTransaction chat = store.within(host);
        assertThat(chat.post(ORDER, ANN, SHIPPED.withClientMessageId("order-7-shipped")))
            .isEqualTo("order-7-shipped");
        host.commit();
        chat.committed();
        awaitEmpty(store);
      }

      Message next = of(fluxy.room(ORDER).post(ANN, Draft.text("thanks")));
      assertThat(next.seq()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatNoRoomCouldTakeIsRefusedAtOnceAndTheTransactionGoesOn(TestDatabase kind)
      throws Exception {
    String url = kind.url(folder, "host");
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = engine(store);
        Connection host = host(url)) {
      assertThat(fluxy.roomsAlive()).isOne();
      HostTransaction chat = store.within(host);
      assertThatThrownBy(() -> chat.post(new RoomId("shop", "order-8"), ANN, SHIPPED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("shop/order-8: no such room");
      assertThatThrownBy(() -> chat.post(new RoomId("school", "order-7"), ANN, SHIPPED))
          .hasMessage("school/order-7: no such room");
      assertThatThrownBy(() -> chat.post(ORDER, ANN, Draft.text(" ")))
          .hasMessage("content cannot be empty");
      assertThatThrownBy(() -> chat.post(ORDER, ANN, Draft.text("a\0b")))
          .hasMessage("content has NUL or half a surrogate pair");
      assertThatThrownBy(() -> chat.post(ORDER, ANN, SHIPPED.withClientMessageId("no good")))
          .hasMessageContaining("client message id must be 8-128");

      chat.post(ORDER, ANN, SHIPPED);
      host.commit();
      chat.committed();
      assertThat(next(heard)).isEqualTo("3 shipped");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheRoomRefusesStaysInTheTableAndIsTold(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "host");
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = engine(store);
        Connection host = host(url)) {
      HostTransaction chat = store.within(host);
      chat.post(ORDER, User.named("eve"), Draft.text("let me in"));
      chat.post(ORDER, ANN, SHIPPED);
      host.commit();
      chat.committed();

      assertThat(next(heard)).isEqualTo("3 shipped");
      assertThat(next(refused)).isEqualTo("eve let me in FORBIDDEN");
      awaitEmpty(store);
      assertThat(texts(kind, url, "select reason from fluxy_pending where refused_at is not null"))
          .isEqualTo(List.of("FORBIDDEN: not a member of this room"));

      of(store.pending().orElseThrow().forgetRefused(1));
      assertThat(number(kind, url, "select count(*) from fluxy_pending")).isEqualTo(1);
      of(store.pending().orElseThrow().forgetRefused(Long.MAX_VALUE));
      assertThat(number(kind, url, "select count(*) from fluxy_pending")).isZero();
      assertThat(fluxy.messagesPosted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everythingInADraftIsThereWhenTheRoomIsAsked(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "host");
    try (JdbcStore store = kind.open(url);
        Connection host = host(url)) {
      found(store);
      User boss = new User("boss", Set.of(Role.OWNER, Role.MODERATOR));
      Attachment file = new Attachment("file", "https://x.example/ü", "r.pdf", 7, "a/b");
      Draft whole =
          new Draft(
              "hello 👋\n\"you\"",
              Message.id(1, 5),
              "client-id-1",
              List.of(file),
              new Readers(Set.of("ann", "bob"), Role.MODERATOR),
              Expiry.after(60_000));
      Draft other =
          SHIPPED.withClientMessageId("client-id-2").expiring(Expiry.at(1_800_000_000_000L));
      HostTransaction chat = store.within(host);
      chat.post(ORDER, boss, whole);
      chat.post(ORDER, ANN, other);
      assertThat(of(store.pending().orElseThrow().next(9))).as("not committed").isEmpty();
      host.commit();

      assertThat(of(store.pending().orElseThrow().next(9)))
          .extracting(PendingPost::room, PendingPost::from, PendingPost::draft)
          .containsExactly(tuple(ORDER, boss, whole), tuple(ORDER, ANN, other));
      assertThat(of(store.pending().orElseThrow().next(1))).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRowOfSomebodyElsesMakingIsNotInTheWay(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "host");
    try (JdbcStore store = kind.open(url);
        Connection host = host(url)) {
      found(store);
      HostTransaction chat = store.within(host);
      chat.post(ORDER, ANN, Draft.text("first"));
      run(host, "update fluxy_pending set draft = 'scribble'");
      chat.post(ORDER, ANN, SHIPPED);
      host.commit();

      assertThat(of(store.pending().orElseThrow().next(9)))
          .extracting(post -> post.draft().content())
          .containsExactly("shipped");
      assertThat(texts(kind, url, "select reason from fluxy_pending where reason is not null"))
          .isEqualTo(List.of("it cannot be read"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsErasedLeavesNothingPending(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "host");
    try (JdbcStore store = kind.open(url);
        Connection host = host(url)) {
      found(store);
      HostTransaction chat = store.within(host);
      chat.post(ORDER, ANN, SHIPPED);
      chat.post(ORDER, User.named("bob"), SHIPPED);
      host.commit();

      of(store.personalData().forgetBesideLogs("school", "ann"));
      assertThat(number(kind, url, "select count(*) from fluxy_pending")).isEqualTo(2);
      of(store.personalData().forgetBesideLogs("shop", "ann"));
      assertThat(texts(kind, url, "select user_id from fluxy_pending")).isEqualTo(List.of("bob"));
    }
  }

  private Fluxy engine(JdbcStore store) {
    Fluxy fluxy =
        Fluxy.builder()
            .store(store)
            .project(Project.named("shop"))
            .refusedPosts(
                (post, why) ->
                    refused.add(
                        post.from().id() + " " + post.draft().content() + " " + why.reason()))
            .start();
    found(store);
    of(fluxy.room(ORDER).join(new Ear(heard), 0));
    return fluxy;
  }

  private static void found(Store store) {
    of(
        store
            .directory()
            .createRoom(
                ORDER,
                RoomType.GROUP,
                "Order 7",
                1,
                List.of(
                    new MemberRecord("ann", Role.OWNER, 0),
                    new MemberRecord("bob", Role.MEMBER, 0)),
                "ann"));
  }

  private static Connection host(String url) throws SQLException {
    Connection connection = TestDatabase.connect(url);
    run(connection, "create table if not exists orders (number integer not null primary key)");
    connection.setAutoCommit(false);
    return connection;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(TestDatabase kind, String url, String sql) throws SQLException {
    try (Session session = kind.at(url).connect()) {
      return session.number(sql);
    }
  }

  private static List<String> texts(TestDatabase kind, String url, String sql) throws SQLException {
    try (Session session = kind.at(url).connect()) {
      return Database.texts(session, sql);
    }
  }

  private static void awaitEmpty(Store store) {
    while (!of(store.pending().orElseThrow().next(1)).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private static String next(BlockingQueue<String> queue) throws InterruptedException {
    @Nullable String next = queue.poll(20, TimeUnit.SECONDS);
    return String.valueOf(next);
  }

  private static <T> T of(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private record Ear(BlockingQueue<String> heard) implements Member {
    @Override
    public String id() {
      return "ear";
    }

    @Override
    public User user() {
      return ANN;
    }

    @Override
    public Map<String, String> info() {
      return Map.of();
    }

    @Override
    public boolean hear(Delivery delivery) {
      for (Event event : delivery.events()) {
        if (event instanceof Event.Posted posted) {
          heard.add(posted.seq() + " " + posted.message().content());
        }
      }
      return true;
    }

    @Override
    public void part(Farewell farewell) {
      heard.add(farewell.toString());
    }
  }
}
