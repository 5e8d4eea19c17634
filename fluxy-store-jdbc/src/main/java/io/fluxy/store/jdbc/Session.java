package io.fluxy.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection and the statements prepared on it. For one thread. */
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Session(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /** Makes something of the row that the result stands on. */
  @FunctionalInterface
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  <T> List<T> list(String sql, Row<T> as, @Nullable Object... binds) throws SQLException {
    try (ResultSet rows = bound(sql, binds).executeQuery()) {
      List<T> list = new ArrayList<>();
      while (rows.next()) {
        list.add(as.of(rows));
      }
      return list;
    }
  }

  <T> Optional<T> first(String sql, Row<T> as, @Nullable Object... binds) throws SQLException {
    try (ResultSet rows = bound(sql, binds).executeQuery()) {
      return rows.next() ? Optional.of(as.of(rows)) : Optional.empty();
    }
  }

  /** The first column of the only row, as a count. */
  long number(String sql, @Nullable Object... binds) throws SQLException {
    return first(sql, row -> row.getLong(1), binds).orElse(0L);
  }

  /** How many rows have changed. */
  int update(String sql, @Nullable Object... binds) throws SQLException {
    return bound(sql, binds).executeUpdate();
  }

  /** Runs a statement that is part of Fluxy: no binds, nothing prepared. */
  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Prepared once, kept until the connection closes. */
  PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  private PreparedStatement bound(String sql, @Nullable Object... binds) throws SQLException {
    PreparedStatement statement = prepared(sql);
    for (int i = 0; i < binds.length; i++) {
      statement.setObject(i + 1, binds[i]);
    }
    return statement;
  }

  /** What was not committed is gone. Never fails: whoever closes has something better to report. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(Session.class).debug("a connection did not close", e);
    }
  }
}
