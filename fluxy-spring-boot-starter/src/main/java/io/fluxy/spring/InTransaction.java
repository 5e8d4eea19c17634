package io.fluxy.spring;

import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.store.Store;
import io.fluxy.store.jdbc.HostTransaction;
import io.fluxy.store.jdbc.JdbcStore;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes messages in the caller's transaction, with the caller's own rows: either both are there in
 * the end or neither, also if the process dies in between.
 *
 * <pre>{@code
 * @Transactional
 * public void ship(Order order) {
 *   orders.markShipped(order);
 *   inTransaction.post(order.room(), SHOP, Draft.text("On its way"));
 * }
 * }</pre>
 *
 * <p>A bean of this type is there if the application has one {@link DataSource} and Spring's JDBC;
 * the transaction may be JDBC's or JPA's. What is posted, when it is told, and what the room may
 * still refuse: {@link HostTransaction}.
 *
 * <p>For the thread of the transaction.
 */
public final class InTransaction {
  private static final String TASK = "post in a transaction";

  private final Store store;
  private final DataSource dataSource;
  private final boolean together;

  /**
   * A place to write to.
   *
   * @param together whether the store is in that data source
   */
  InTransaction(Store store, DataSource dataSource, boolean together) {
    this.store = store;
    this.dataSource = dataSource;
    this.together = together;
  }

  /**
   * Writes a message that its room numbers and tells once the transaction is committed.
   *
   * @param room must be there when this is called
   * @return the client message id under which the room will have the message
   * @throws IllegalTransactionStateException if there is no transaction on the application's data
   *     source
   * @throws IllegalStateException if Fluxy keeps its messages elsewhere
   * @throws IllegalArgumentException if there is no such room, or if no room could take the draft;
   *     nothing was written
   * @throws DataAccessException if the database fails
   */
  public String post(RoomId room, User from, Draft draft) {
    if (!together || !(store instanceof JdbcStore database)) {
      throw new IllegalStateException(
          "Fluxy does not keep its messages in the application's DataSource: see fluxy.store");
    } else if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalTransactionStateException("there is no transaction to post in");
    }
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      if (connection.getAutoCommit()) { // Spring takes any connection into a transaction of another
        throw new IllegalTransactionStateException(
            "this transaction is not one of the application's DataSource");
      }
      HostTransaction chat = database.within(connection);
      String id = chat.post(room, from, draft);
      TransactionSynchronizationManager.registerSynchronization(new Told(chat));
      return id;
    } catch (SQLException e) {
      throw translated(e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  /** Not every driver says what kind of failure it is: SQLite's does not. */
  private static DataAccessException translated(SQLException e) {
    DataAccessException known = new SQLExceptionSubclassTranslator().translate(TASK, null, e);
    return known == null ? new UncategorizedSQLException(TASK, null, e) : known;
  }

  private record Told(HostTransaction chat) implements TransactionSynchronization {
    @Override
    public void afterCommit() {
      chat.committed();
    }
  }
}
