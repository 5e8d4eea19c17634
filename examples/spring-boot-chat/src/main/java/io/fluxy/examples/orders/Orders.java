package io.fluxy.examples.orders;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.spring.AfterCommit;
import io.fluxy.spring.HostUsers;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

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
  private final AfterCommit afterCommit;

  Orders(JdbcClient database, Fluxy fluxy, Project project, AfterCommit afterCommit) {
    this.database = database;
    this.fluxy = fluxy;
    this.project = project;
    this.afterCommit = afterCommit;
  }

  /** Places an order, and opens its room when the order is really there. */
  @Transactional
  Order place(String customer, String item) {
    Order order = new Order(UUID.randomUUID().toString(), customer, item, Instant.now());
    database
        .sql("insert into orders (id, customer, item, placed_at) values (?, ?, ?, ?)")
        .params(order.id(), customer, item, Timestamp.from(order.placedAt()))
        .update();
    afterCommit.run(() -> open(order));
    if (item.contains("unicorn")) {
      throw new SoldOutException(item); // takes the row back, and nobody hears of the order
    }
    return order;
  }

  private CompletionStage<?> open(Order order) {
    User customer = User.named(HostUsers.id(order.customer()));
    RoomId room = new RoomId(project.id(), order.id());
    return fluxy
        .createRoom(room, RoomType.GROUP, order.item(), customer.id())
        .thenCompose(
            made -> fluxy.room(room).post(customer, Draft.text("I ordered " + order.item())));
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
