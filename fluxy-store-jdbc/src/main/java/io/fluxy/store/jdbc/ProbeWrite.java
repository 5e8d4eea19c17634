package io.fluxy.store.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A write that changes nothing, to see whether one would be taken. */
final class ProbeWrite extends Write<Void> {
  ProbeWrite() {
    super("probe");
  }

  @Override
  @Nullable Void run(Transaction transaction) throws SQLException {
    transaction.session().run("update fluxy_schema set applied_at = applied_at");
    return null;
  }
}
