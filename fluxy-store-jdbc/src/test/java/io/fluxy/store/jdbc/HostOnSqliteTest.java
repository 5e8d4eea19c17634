package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One writer at a time: the host's transaction and the engine on one SQLite file. */
@Timeout(60)
class HostOnSqliteTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final User ANN = User.named("ann");

  @TempDir Path folder;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private JdbcStore store;
  private Fluxy fluxy;

  @BeforeEach
  void start() throws Exception {
    store = JdbcStore.sqlite(folder.resolve("shop.db"));
    fluxy =
        Fluxy.builder()
            .store(store)
            .project(Project.named("shop"))
            .listener(Event.Posted.class, (room, posted) -> told.add(posted.message().content()))
            .start();
    fluxy.createRoom(LOBBY, RoomType.PUBLIC, "Lobby", "ann").toCompletableFuture().join();
    try (Connection host = host("")) {
      run(host, "create table orders (item varchar(100))");
      host.commit();
    }
  }

  @AfterEach
  void stop() {
    fluxy.close();
  }

  private Connection host(String settings) throws SQLException {
    Connection host =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("shop.db") + settings);
    host.setAutoCommit(false);
    return host;
  }

  private static void run(Connection host, String sql) throws SQLException {
    try (Statement statement = host.createStatement()) {
      statement.execute(sql);
    }
  }

  private CompletableFuture<Message> says(String text) {
    return fluxy.room(LOBBY).post(ANN, Draft.text(text)).toCompletableFuture();
  }

  private List<String> told(int count) throws InterruptedException {
    List<String> first = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      first.add(told.poll(30, TimeUnit.SECONDS));
    }
    return first;
  }

  @Test
  void whoeverHasReadBeforeSomebodyElseWroteIsToldAtOnceWhatToDo() throws Exception {
    try (Connection host = host("")) {
      run(host, "select count(*) from orders");
      says("meanwhile").join();

      assertThatThrownBy(() -> store.within(host).post(LOBBY, ANN, Draft.text("late")))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("has read before somebody else wrote")
          .hasMessageContaining("transaction_mode=IMMEDIATE");
      host.rollback();
      HostTransaction again = store.within(host);
      again.post(LOBBY, ANN, Draft.text("in time"));
      run(host, "insert into orders values ('a kite')");
      host.commit();
      again.committed();
    }

    assertThat(told(2)).containsExactly("meanwhile", "in time");
  }

  @Test
  void aMessageIsTheFirstWordOfAnyNumberOfTransactionsInABusyRoom() throws Exception {
    List<CompletableFuture<Message>> others = new ArrayList<>();
    try (Connection host = host("")) {
      for (int i = 0; i < 100; i++) {
        others.add(says("other"));
        HostTransaction chat = store.within(host);
        chat.post(LOBBY, ANN, Draft.text("ordered"));
        run(host, "insert into orders values ('a kite')");
        host.commit();
        chat.committed();
      }
    }
    others.forEach(CompletableFuture::join);

    assertThat(told(200)).filteredOn("ordered"::equals).hasSize(100);
  }

  @Test
  void aTransactionThatTakesTheLockFirstMayReadAndWait() throws Exception {
    try (Connection host = host("?transaction_mode=IMMEDIATE&busy_timeout=5000")) {
      run(host, "select count(*) from orders");
      CompletableFuture<Message> other = says("other");
      HostTransaction chat = store.within(host);
      chat.post(LOBBY, ANN, Draft.text("ordered"));
      host.commit();
      host.setAutoCommit(true); // as pools do; else the driver takes the lock for the next one
      chat.committed();

      other.join();
    }
    assertThat(told(2)).containsExactlyInAnyOrder("other", "ordered");
  }

  @Test
  void whoeverWaitsForTheEngineInItsTransactionIsRefusedAndNotHungUp() throws Exception {
    try (Connection host = host("")) {
      run(host, "insert into orders values ('a kite')");
      CompletableFuture<Message> inside = says("inside");

      assertThatThrownBy(inside::join).hasCauseInstanceOf(RefusedException.class);
      host.commit();
    }
    assertThat(says("after").join().content()).isEqualTo("after");
  }
}
