package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Tables.SCHEMA;

import io.fluxy.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Brings a database's schema up to date. Each step is a file in Flyway's naming, so that a host may
 * run them itself.
 *
 * <p>A step and its row in {@code fluxy_schema} are one transaction; where DDL commits by itself
 * (H2), a step that was interrupted is run again from its start, so its statements must bear that.
 */
final class Migrations {
  private static final List<String> STEPS =
      List.of(
          "V1__rooms_and_logs.sql",
          "V2__templates.sql",
          "V3__search.sql",
          "V4__streams.sql",
          "V5__readers.sql",
          "V6__room_ends.sql",
          "V7__notes.sql",
          "V8__expiries.sql",
          "V9__agents.sql",
          "V10__webhooks.sql",
          "V11__operators.sql",
          "V12__projects.sql",
          "V13__pins.sql",
          "V14__attachments.sql",
          "V15__usage.sql",
          "V16__pending.sql",
          "V17__threads.sql",
          "V18__blocks.sql");

  private final Database database;
  private final String current;
  private final String applied;

  Migrations(Database database) {
    this.database = database;
    DSLContext jooq = Sql.rendering(database.dialect());
    current = jooq.render(jooq.select(DSL.max(SCHEMA.version)).from(SCHEMA));
    applied = jooq.render(Sql.insert(jooq, SCHEMA, SCHEMA.version, SCHEMA.appliedAt));
  }

  /**
   * Runs the steps that are missing.
   *
   * @param nowMs UTC milliseconds since 1970, noted beside each step
   * @throws StoreException if the schema is newer than this code knows
   */
  void run(Session session, long nowMs) throws SQLException {
    run(session, nowMs, STEPS.size());
  }

  /** Runs the steps that are missing up to one. */
  void run(Session session, long nowMs, int lastStep) throws SQLException {
    database.begin(session);
    database.lockSchema(session);
    session.run(
        "create table if not exists fluxy_schema"
            + " (version integer not null primary key, applied_at bigint not null)");
    long version = session.number(current);
    if (version > STEPS.size()) {
      database.rollback(session);
      throw new StoreException(
          database.where()
              + ": its schema is version %d, but this Fluxy knows only up to %d: use a newer Fluxy"
                  .formatted(version, STEPS.size()));
    }
    while (version < lastStep) {
      version++;
      for (String statement : statements(version)) {
        session.run(statement);
      }
      session.update(applied, version, nowMs);
    }
    database.commit(session);
  }

  /** How many there are. */
  static int steps() {
    return STEPS.size();
  }

  /** The statements of the step to a version; each ends with a semicolon at the end of a line. */
  List<String> statements(long version) {
    String step = database.folder() + "/" + STEPS.get((int) version - 1);
    return List.of(text(step).split(";\\R+"));
  }

  private static String text(String resource) {
    try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
