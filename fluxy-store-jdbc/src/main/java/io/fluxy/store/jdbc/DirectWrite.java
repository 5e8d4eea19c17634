package io.fluxy.store.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A write that is a few statements and remembers nothing. */
final class DirectWrite<T> extends Write<T> {
  private final Change<T> change;

  /** What to do inside the transaction. */
  @FunctionalInterface
  interface Change<T> {
    @Nullable T run(Transaction transaction) throws SQLException;
  }

  DirectWrite(String subject, Change<T> change) {
    super(subject);
    this.change = change;
  }

  @Override
  @Nullable T run(Transaction transaction) throws SQLException {
    return change.run(transaction);
  }
}
