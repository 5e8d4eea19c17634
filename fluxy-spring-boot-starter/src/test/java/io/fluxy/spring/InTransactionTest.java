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
import io.fluxy.store.Store;
import io.fluxy.store.jdbc.JdbcStore;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;

class InTransactionTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final User ANN = User.named("ann");

  private final DataSource dataSource =
      new DriverManagerDataSource("jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1");
  private final JdbcTemplate database = new JdbcTemplate(dataSource);
  private final TransactionTemplate transaction = in(dataSource);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Store store = JdbcStore.open(dataSource);
  private final InTransaction chat = new InTransaction(store, dataSource, true);
  private Fluxy fluxy;

  private static TransactionTemplate in(DataSource dataSource) {
    return new TransactionTemplate(new DataSourceTransactionManager(dataSource));
  }

  @BeforeEach
  void start() {
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
    database.execute("drop all objects");
  }

  private void order(String item) {
    database.update("insert into orders values (?)", item);
    chat.post(LOBBY, ANN, Draft.text("I ordered " + item));
  }

  private List<String> orders() {
    return database.queryForList("select item from orders", String.class);
  }

  @Test
  void whatIsCommittedIsTold() throws Exception {
    transaction.executeWithoutResult(
        status -> {
          order("a kite");
          assertThat(fluxy.messagesPosted()).isZero();
        });

    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("I ordered a kite");
    assertThat(orders()).containsExactly("a kite");
  }

  @Test
  void ofWhatIsRolledBackNothingIsLeft() throws Exception {
    transaction.executeWithoutResult(
        status -> {
          order("a unicorn");
          status.setRollbackOnly();
        });
    transaction.executeWithoutResult(status -> order("a horse"));

    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("I ordered a horse");
    assertThat(orders()).containsExactly("a horse");
    assertThat(fluxy.messagesPosted()).isEqualTo(1);
  }

  @Test
  void withoutATransactionOnTheDataSourceNothingIsWritten() {
    assertThatThrownBy(() -> chat.post(LOBBY, ANN, Draft.text("now")))
        .isInstanceOf(IllegalTransactionStateException.class);
    TransactionTemplate elsewhere = in(new DriverManagerDataSource("jdbc:h2:mem:elsewhere"));
    assertThatThrownBy(
            () ->
                elsewhere.executeWithoutResult(
                    status -> chat.post(LOBBY, ANN, Draft.text("there"))))
        .isInstanceOf(IllegalTransactionStateException.class);
    assertThat(database.queryForObject("select count(*) from fluxy_pending", Integer.class))
        .isZero();
  }

  @Test
  void aStoreElsewhereIsNamed() {
    InTransaction apart = new InTransaction(Store.inMemory(), dataSource, true);
    assertThatThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> apart.post(LOBBY, ANN, Draft.text("hello"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fluxy.store");
  }

  @Test
  void aRoomThatIsNotThereIsNamedAndTheTransactionGoesOn() {
    RoomId attic = new RoomId("shop", "attic");
    transaction.executeWithoutResult(
        status -> {
          database.update("insert into orders values ('a hat')");
          assertThatThrownBy(() -> chat.post(attic, ANN, Draft.text("hello")))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("attic");
        });
    assertThat(orders()).containsExactly("a hat");
  }
}
