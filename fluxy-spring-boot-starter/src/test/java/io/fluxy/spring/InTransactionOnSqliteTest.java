package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.store.jdbc.JdbcStore;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** The application and the engine write to one SQLite file, which takes one writer at a time. */
@Timeout(60)
class InTransactionOnSqliteTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final User ANN = User.named("ann");

  @TempDir Path folder;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private JdbcTemplate database;
  private TransactionTemplate transaction;
  private InTransaction chat;
  private Fluxy fluxy;

  @BeforeEach
  void start() {
    DataSource dataSource = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("shop.db"));
    database = new JdbcTemplate(dataSource);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    JdbcStore store = JdbcStore.open(dataSource);
    chat = new InTransaction(store, dataSource, true);
    database.execute("create table orders (item varchar(100))");
    fluxy =
        Fluxy.builder()
            .store(store)
            .project(Project.named("shop"))
            .listener(Event.Posted.class, (room, posted) -> told.add(posted.message().content()))
            .start();
    fluxy.createRoom(LOBBY, RoomType.PUBLIC, "Lobby", "ann").toCompletableFuture().join();
  }

  @AfterEach
  void stop() {
    fluxy.close();
  }

  private void order(String item) {
    database.update("insert into orders values (?)", item);
    chat.post(LOBBY, ANN, Draft.text("I ordered " + item));
  }

  @Test
  void whatIsCommittedIsToldAndOfWhatIsRolledBackNothingIsLeft() throws Exception {
    transaction.executeWithoutResult(
        status -> {
          order("a unicorn");
          status.setRollbackOnly();
        });
    transaction.executeWithoutResult(status -> order("a kite"));

    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("I ordered a kite");
    assertThat(fluxy.messagesPosted()).isEqualTo(1);
    assertThat(database.queryForList("select item from orders", String.class))
        .containsExactly("a kite");
  }

  @Test
  void whatCannotBeWrittenAnyMoreIsSaidAtOnceWithTheReason() {
    assertThatThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      database.queryForList("select item from orders");
                      fluxy
                          .room(LOBBY)
                          .post(ANN, Draft.text("meanwhile"))
                          .toCompletableFuture()
                          .join();
                      chat.post(LOBBY, ANN, Draft.text("late"));
                    }))
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("has read before somebody else wrote")
        .hasMessageContaining("transaction_mode=IMMEDIATE");
    assertThat(fluxy.messagesPosted()).isEqualTo(1);
  }
}
