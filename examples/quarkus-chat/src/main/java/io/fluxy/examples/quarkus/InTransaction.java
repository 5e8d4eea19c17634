package io.fluxy.examples.quarkus;

import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.store.jdbc.HostTransaction;
import io.fluxy.store.jdbc.JdbcStore;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Writes messages in the caller's {@code @Transactional} method, with the caller's own rows: either
 * both are there in the end or neither, also if the process dies in between.
 */
@Singleton
class InTransaction {
  private final JdbcStore store;
  private final DataSource dataSource;
  private final TransactionSynchronizationRegistry transactions;

  InTransaction(
      JdbcStore store, DataSource dataSource, TransactionSynchronizationRegistry transactions) {
    this.store = store;
    this.dataSource = dataSource;
    this.transactions = transactions;
  }

  /**
   * Writes a message that its room numbers and tells once the transaction is committed.
   *
   * @return the client message id under which the room will have the message
   * @throws IllegalArgumentException if there is no such room, or if no room could take the draft
   */
  String post(RoomId room, User from, Draft draft) {
    if (transactions.getTransactionKey() == null) {
      throw new IllegalStateException("there is no transaction to post in");
    }
    try (Connection connection = dataSource.getConnection()) { // the transaction's own
      HostTransaction chat = store.within(connection);
      String id = chat.post(room, from, draft);
      transactions.registerInterposedSynchronization(new Told(chat));
      return id;
    } catch (SQLException e) {
      throw new IllegalStateException("the message could not be written", e);
    }
  }

  private record Told(HostTransaction chat) implements Synchronization {
    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        chat.committed();
      }
    }
  }
}
