package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.ClientIdTakenException;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.StoreException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue is filled before its writer starts, so each story knows its groups. */
class WriteQueueTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final int ROWS_MAX = 10;

  @TempDir Path folder;

  private Flaky database;
  private WriteQueue queue;

  /** SQLite that loses its disk when told to. */
  private static final class Flaky extends SqliteDatabase {
    final AtomicInteger failuresBeforeCommit = new AtomicInteger();
    final AtomicInteger failuresAfterCommit = new AtomicInteger();

    Flaky(String url) {
      super("SQLite file flaky.db", () -> DriverManager.getConnection(url));
    }

    @Override
    void commit(Session session) throws SQLException {
      if (failuresBeforeCommit.getAndDecrement() > 0) {
        throw new SQLException("select secret from table: disk I/O error");
      }
      super.commit(session);
      if (failuresAfterCommit.getAndDecrement() > 0) {
        throw new SQLException("select secret from table: connection lost");
      }
    }
  }

  @BeforeEach
  void makeTheQueue() throws Exception {
    database = new Flaky("jdbc:sqlite:" + folder.resolve("flaky.db"));
    Session session = database.connect();
    new Migrations(database).run(session, 1);
    Statements sql = new Statements(database);
    Rooms rooms = new Rooms(sql);
    queue =
        new WriteQueue(database.where(), ROWS_MAX, new GroupCommit(database, sql, rooms, session));
  }

  @AfterEach
  void closeTheQueue() {
    queue.close();
  }

  @Test
  void whatDoesNotFitIsRefusedAtOnceAndFitsAgainLater() {
    CompletionStage<?> room = found();
    for (long seq = 1; seq < ROWS_MAX; seq++) {
      append(seq);
    }

    CompletionStage<Void> tooMuch = append(ROWS_MAX);

    assertThatThrownBy(() -> get(tooMuch))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("shop/lobby")
        .hasMessageContaining("write queue is full, 10 rows");
    queue.start();
    get(room);
    get(append(ROWS_MAX));
  }

  @Test
  void onlyTheOffenderOfAGroupFails() {
    CompletionStage<?> room = found();
    CompletionStage<Void> first = append(1);
    CompletionStage<Void> again = append(1);
    CompletionStage<Void> second = append(2);
    CompletionStage<Void> gap = append(7);
    CompletionStage<Void> third = append(3);

    queue.start();

    get(room);
    get(first);
    get(second);
    get(third);
    assertThatThrownBy(() -> get(again)).isInstanceOf(SeqTakenException.class);
    assertThatThrownBy(() -> get(gap))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ClientIdTakenException.class)
        .hasMessageContaining("seq 7 offered, next free is 3");
  }

  @Test
  void aCommitThatFailsFailsItsWholeGroupAndTheNextGroupGoesOn() {
    CompletionStage<?> room = found();
    queue.start();
    get(room);
    database.failuresBeforeCommit.set(1);

    CompletionStage<Void> lost = append(1);

    assertThatThrownBy(() -> get(lost))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("shop/lobby")
        .hasMessageContaining("flaky.db")
        .hasMessageNotContaining("secret");
    get(append(1));
    get(append(2));
  }

  @Test
  void aCommitOfUnknownOutcomeIsFoundOutByTheNextAppend() {
    CompletionStage<?> room = found();
    queue.start();
    get(room);
    database.failuresAfterCommit.set(1);

    CompletionStage<Void> unknown = append(1);

    assertThatThrownBy(() -> get(unknown))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(SeqTakenException.class);
    assertThatThrownBy(() -> get(append(1))).isInstanceOf(SeqTakenException.class);
    get(append(2));
  }

  @Test
  void closingWritesWhatWaitsAndRefusesTheRest() {
    List<CompletionStage<?>> stages = new ArrayList<>();
    stages.add(found());
    for (long seq = 1; seq < ROWS_MAX; seq++) {
      stages.add(append(seq));
    }
    queue.start();

    queue.close();

    stages.forEach(WriteQueueTest::get);
    assertThatThrownBy(() -> get(append(ROWS_MAX)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
  }

  private CompletionStage<?> found() {
    return queue.add(new RoomWrite(LOBBY, RoomType.PUBLIC, "Lobby", 1, List.of(), "ann"));
  }

  private CompletionStage<Void> append(long seq) {
    Event.Durable event = new Event.MemberAdded(seq, seq, "ann", Role.OWNER, "ann");
    return queue.add(new AppendWrite(LOBBY, List.of(event), List.of()));
  }

  private static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException why ? why : e;
    }
  }

  @Test
  void itsThreadIsADaemonWithAName() {
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("fluxy-store-") && !thread.isDaemon());
  }
}
