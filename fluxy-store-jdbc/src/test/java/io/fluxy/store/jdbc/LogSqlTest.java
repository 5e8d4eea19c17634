package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A page must cost what it holds, not what the room holds: the key is walked, nothing is sorted.
 */
class LogSqlTest {
  @TempDir Path folder;

  @Test
  void h2WalksThePrimaryKey() throws Exception {
    String url = "jdbc:h2:file:" + folder.resolve("plans");
    Database database =
        new H2Database(url, () -> DriverManager.getConnection(url, "sa", ""), () -> {});
    try (Session session = migrated(database)) {
      LogSql log = new Statements(database).log;

      assertThat(plan(session, 1, "explain " + log.head, 1L)).contains("index sorted");
      assertThat(plan(session, 1, "explain " + log.page, 1L, 9L, 9)).contains("index sorted");
      assertThat(plan(session, 1, "explain " + log.events, 1L, 0L, 9)).contains("index sorted");
    }
  }

  @Test
  void sqliteWalksThePrimaryKey() throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("plans.db");
    Database database = new SqliteDatabase(url, () -> DriverManager.getConnection(url));
    try (Session session = migrated(database)) {
      LogSql log = new Statements(database).log;

      for (String sql : List.of(log.head, log.page, log.events)) {
        assertThat(plan(session, 4, "explain query plan " + sql))
            .contains("USING INDEX sqlite_autoindex_fluxy_log_1 (room_key=?")
            .doesNotContain("TEMP B-TREE");
      }
    }
  }

  @Test
  void postgresWalksThePrimaryKey() throws Exception {
    Database database = TestDatabase.POSTGRESQL.at(PostgresServer.newDatabase());
    try (Session session = migrated(database)) {
      LogSql log = new Statements(database).log;
      session.run("set enable_seqscan = off"); // which is cheaper, as long as there are no rows
      session.run("set enable_bitmapscan = off");

      for (String plan :
          List.of(
              plan(session, 1, "explain " + log.head, 1L),
              plan(session, 1, "explain " + log.page, 1L, 9L, 9),
              plan(session, 1, "explain " + log.events, 1L, 0L, 9))) {
        assertThat(plan).contains("using fluxy_log_pkey").doesNotContain("Sort");
      }
    }
  }

  private static Session migrated(Database database) throws SQLException {
    Session session = database.connect();
    new Migrations(database).run(session, 1);
    return session;
  }

  private static String plan(Session session, int column, String sql, Object... binds)
      throws SQLException {
    return String.join("\n", session.list(sql, row -> row.getString(column), binds));
  }
}
