package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where rows are locked, a host's transaction and ours may wait for one another. */
class DeadlockTest {
  private static final String ADD = "insert into things (name) values (?)";

  private final String url = PostgresServer.newDatabase();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  @Timeout(60)
  void aGroupThatTheServerUndoesIsWrittenAgain() throws Exception {
    // Whoever looks first is undone: the group, for the host looks after a minute.
    Database database = TestDatabase.POSTGRESQL.at(url + "&options=-c%20deadlock_timeout=10ms");
    GroupCommit commit = migrated(database);
    try (Connection host =
        TestDatabase.connect(url + "&ApplicationName=host&options=-c%20deadlock_timeout=60s")) {
      run(host, "create table things (name varchar not null primary key)");
      host.setAutoCommit(false);
      run(host, "insert into things (name) values ('hers')");
      CompletableFuture<Void> waiting = new CompletableFuture<>();
      Write<Integer> write =
          new DirectWrite<>(
              "shop",
              open -> {
                if (runs.incrementAndGet() == 1) {
                  open.session().update(ADD, "ours");
                  hostWantsOurs(host, waiting);
                } else {
                  waiting.join(); // until the host has got it, and given it back
                  open.session().update(ADD, "ours");
                }
                return open.session().update(ADD, "hers");
              });

      commit.commit(new ArrayList<>(List.of(write)));

      assertThat(write.stage().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(1);
      waiting.get(10, TimeUnit.SECONDS);
    }
    assertThat(runs).as("the first was undone").hasValue(2);
  }

  /** Gets what it wants when the group is undone, then gives all of it back. */
  private void hostWantsOurs(Connection host, CompletableFuture<Void> done) throws SQLException {
    Thread thread =
        new Thread(
            () -> {
              try {
                run(host, "insert into things (name) values ('ours')");
                host.rollback();
                done.complete(null);
              } catch (SQLException e) {
                done.completeExceptionally(e);
              }
            });
    thread.start();
    try (Connection watcher = TestDatabase.connect(url);
        Statement look = watcher.createStatement()) {
      boolean waits = false;
      while (!waits) {
        try (ResultSet found =
            look.executeQuery(
                "select wait_event_type from pg_stat_activity where application_name = 'host'"
                    + " and wait_event_type = 'Lock'")) {
          waits = found.next();
        }
        if (done.isDone()) {
          throw new CompletionException("the host did not wait", null);
        }
      }
    }
  }

  @Test
  void roomsAreWrittenInOneOrderAndTheLettersOfARoomInTheirs() throws Exception {
    GroupCommit commit = migrated(TestDatabase.POSTGRESQL.at(url));
    List<String> written = new ArrayList<>();
    List<Write<?>> group = new ArrayList<>();
    for (String what : List.of("c1", "a1", "b1", "a2", "c2", "a3")) {
      group.add(
          new DirectWrite<>(
              what.substring(0, 1),
              open -> {
                written.add(what);
                return 1;
              }));
    }

    commit.commit(group);

    assertThat(written).containsExactly("a1", "a2", "a3", "b1", "c1", "c2");
  }

  private static GroupCommit migrated(Database database) throws SQLException {
    Session session = database.connect();
    new Migrations(database).run(session, 1);
    Statements sql = new Statements(database);
    return new GroupCommit(database, sql, new Rooms(sql), session);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
