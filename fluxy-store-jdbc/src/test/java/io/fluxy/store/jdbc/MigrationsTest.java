package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.store.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aNewDatabaseGetsTheWholeSchemaAndASecondStartDoesNothing(TestDatabase kind)
      throws Exception {
    Database database = database(kind, "new");
    try (Session session = database.connect()) {
      new Migrations(database).run(session, 1);
      new Migrations(database).run(session, 2);

      assertThat(steps(session)).isEqualTo(allStepsAt(1));
      assertThat(session.number("select count(*) from fluxy_log")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatWasInterruptedAnywhereIsFinishedByTheNextStart(TestDatabase kind) throws Exception {
    for (int step = 1; step <= Migrations.steps(); step++) {
      int all = new Migrations(database(kind, "any" + step)).statements(step).size();
      for (int done = 0; done <= all; done++) {
        Database database = database(kind, step + "-" + done);
        try (Session session = database.connect()) {
          Migrations migrations = new Migrations(database);
          migrations.run(session, 1, step - 1);
          interrupted(kind, session, migrations.statements(step).subList(0, done));

          migrations.run(session, 1);

          assertThat(steps(session)).isEqualTo(allStepsAt(1));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSchemaOfTheFutureIsRefused(TestDatabase kind) throws Exception {
    Database database = database(kind, "new");
    try (Session session = database.connect()) {
      new Migrations(database).run(session, 1);
      session.run("insert into fluxy_schema (version, applied_at) values (77, 7)");

      assertThatThrownBy(() -> new Migrations(database).run(session, 2))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(database.where())
          .hasMessageContaining("version 77")
          .hasMessageContaining("up to " + Migrations.steps());
    }
  }

  /** Where DDL is part of a transaction, an interrupted step leaves nothing. */
  private static void interrupted(TestDatabase kind, Session session, List<String> statements)
      throws SQLException {
    boolean undone = kind != TestDatabase.H2;
    if (undone) {
      session.run("begin");
    }
    for (String statement : statements) {
      session.run(statement);
    }
    if (undone) {
      session.run("rollback");
    }
  }

  private static List<String> allStepsAt(long ms) {
    return IntStream.rangeClosed(1, Migrations.steps()).mapToObj(n -> n + " at " + ms).toList();
  }

  private static List<String> steps(Session session) throws SQLException {
    return session.list(
        "select version, applied_at from fluxy_schema order by version",
        row -> row.getLong(1) + " at " + row.getLong(2));
  }

  private Database database(TestDatabase kind, String name) {
    return kind.at(kind.url(folder, name));
  }
}
