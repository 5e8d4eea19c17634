package io.fluxy.examples.orders;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.spring.HostUsers;
import io.fluxy.spring.InTransaction;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** The orders, in the same database as the chat. */
@Service
class Orders {
  private static final RowMapper<Order> ORDER =
      (row, n) ->
          new Order(
              row.getString("id"),
              row.getString("customer"),
              row.getString("item"),
              row.getTimestamp("placed_at").toInstant());

  private final JdbcClient database;
  private final Fluxy fluxy;
  private final Project project;
  private final TransactionOperations transaction;
  private final InTransaction inTransaction;

  Orders(
      JdbcClient database,
      Fluxy fluxy,
      Project project,
      TransactionOperations transaction,
      InTransaction inTransaction) {
    this.database = database;
    this.fluxy = fluxy;
    this.project = project;
    this.transaction = transaction;
    this.inTransaction = inTransaction;
  }

  /** Places an order, and says so in a room of its own: both are there in the end, or neither. */
  Order place(String customer, String item) {
    Order order = new Order(UUID.randomUUID().toString(), customer, item, Instant.now());
    User from = User.named(HostUsers.id(customer));
    RoomId room = new RoomId(project.id(), order.id());
    // Before the transaction: an order that comes to nothing leaves a room in which nothing is.
    fluxy.createRoom(room, RoomType.GROUP, item, from.id()).toCompletableFuture().join();
    transaction.executeWithoutResult(
        status -> {
          database
              .sql("insert into orders (id, customer, item, placed_at) values (?, ?, ?, ?)")
              .params(order.id(), customer, item, Timestamp.from(order.placedAt()))
              .update();
          inTransaction.post(room, from, Draft.text("I ordered " + item));
          if (item.contains("unicorn")) {
            throw new SoldOutException(item); // takes both back
          }
        });
    return order;
  }

  List<Order> all() {
    return database
        .sql("select * from orders order by placed_at desc limit 50")
        .query(ORDER)
        .list();
  }

  List<Order> of(String customer) {
    return database
        .sql("select * from orders where customer = ? order by placed_at desc limit 50")
        .param(customer)
        .query(ORDER)
        .list();
  }
}
