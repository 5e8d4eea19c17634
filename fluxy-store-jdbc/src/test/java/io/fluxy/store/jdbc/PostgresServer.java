package io.fluxy.store.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server of our own, one for all tests of a JVM, which syncs its commits as one
 * in production does. It is started when it is first needed and ends with the JVM.
 */
public final class PostgresServer {
  private static final AtomicInteger schemas = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;

  private PostgresServer() {}

  /**
   * A place for a store that nobody else has: a schema of its own, empty. Where there is no server
   * for this platform, the test that asks is skipped, and says so.
   *
   * @return its JDBC URL
   */
  public static synchronized String newDatabase() {
    if (server == null) {
      server = started();
    }
    String url = server.getJdbcUrl("postgres", "postgres");
    String schema = "test" + schemas.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("create schema " + schema);
    } catch (SQLException e) {
      throw new IllegalStateException(url, e);
    }
    return url + "&currentSchema=" + schema;
  }

  private static EmbeddedPostgres started() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalStateException e) {
      boolean none =
          String.valueOf(e.getMessage()).startsWith("Missing embedded postgres binaries");
      assumeTrue(!none, "skipped: no PostgreSQL server for this platform is on the test path");
      throw e;
    }
  }
}
