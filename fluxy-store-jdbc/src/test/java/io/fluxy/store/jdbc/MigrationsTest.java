package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.store.StoreException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2"})
  void aNewDatabaseGetsTheWholeSchemaAndASecondStartDoesNothing(String kind) throws Exception {
    Database database = database(kind);
    try (Session session = database.connect()) {
      new Migrations(database).run(session, 1);
      new Migrations(database).run(session, 2);

      assertThat(steps(session)).isEqualTo(List.of("1 at 1"));
      assertThat(session.number("select count(*) from fluxy_log")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2"})
  void aStepThatWasInterruptedAnywhereIsFinishedByTheNextStart(String kind) throws Exception {
    Database database = database(kind);
    try (Session session = database.connect()) {
      List<String> statements = new Migrations(database).statements(1);
      for (int done = 0; done <= statements.size(); done++) {
        session.run("drop table if exists fluxy_schema");
        for (String table : TABLES) {
          session.run("drop table if exists " + table);
        }
        for (String statement : statements.subList(0, done)) {
          session.run(statement);
        }

        new Migrations(database).run(session, 1);

        assertThat(steps(session)).isEqualTo(List.of("1 at 1"));
        for (String table : TABLES) {
          assertThat(session.number("select count(*) from " + table)).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2"})
  void aSchemaOfTheFutureIsRefused(String kind) throws Exception {
    Database database = database(kind);
    try (Session session = database.connect()) {
      new Migrations(database).run(session, 1);
      session.run("insert into fluxy_schema (version, applied_at) values (7, 7)");

      assertThatThrownBy(() -> new Migrations(database).run(session, 2))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(database.where())
          .hasMessageContaining("version 7")
          .hasMessageContaining("up to 1");
    }
  }

  private static final List<String> TABLES =
      List.of(
          "fluxy_project",
          "fluxy_api_key",
          "fluxy_room",
          "fluxy_log",
          "fluxy_reaction",
          "fluxy_member",
          "fluxy_read");

  private static List<String> steps(Session session) throws SQLException {
    return session.list(
        "select version, applied_at from fluxy_schema order by version",
        row -> row.getLong(1) + " at " + row.getLong(2));
  }

  private Database database(String kind) {
    Path file = folder.resolve(kind);
    return kind.equals("h2")
        ? new H2Database(
            "H2 file " + file,
            () -> DriverManager.getConnection("jdbc:h2:file:" + file, "sa", ""),
            () -> {})
        : new SqliteDatabase(
            "SQLite file " + file, () -> DriverManager.getConnection("jdbc:sqlite:" + file));
  }
}
