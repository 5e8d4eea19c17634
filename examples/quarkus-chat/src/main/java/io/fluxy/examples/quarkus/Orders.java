package io.fluxy.examples.quarkus;

import io.fluxy.chat.Draft;
import io.fluxy.chat.User;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The orders, in the same database as the chat. */
@ApplicationScoped
public class Orders {
  private final DataSource dataSource;
  private final InTransaction inTransaction;

  Orders(DataSource dataSource, InTransaction inTransaction) {
    this.dataSource = dataSource;
    this.inTransaction = inTransaction;
  }

  void begin(@Observes StartupEvent started) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists orders ("
              + "number bigint generated always as identity primary key,"
              + " customer varchar(128) not null, item varchar(200) not null)");
    }
  }

  /** Places an order, and says so in the lobby: both are there in the end, or neither. */
  @Transactional
  public void place(String customer, String item) {
    add(customer, item);
    inTransaction.post(Chat.LOBBY, User.named(customer), Draft.text("I ordered " + item));
    if (item.contains("unicorn")) {
      throw new SoldOutException(item); // takes both back
    }
  }

  private void add(String customer, String item) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into orders (customer, item) values (?, ?)")) {
      insert.setString(1, customer);
      insert.setString(2, item);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("the order could not be written", e);
    }
  }

  /** The newest 50, newest first. */
  @Transactional
  public List<String> items() {
    List<String> items = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select item from orders order by number desc limit 50");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        items.add(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the orders could not be read", e);
    }
    return items;
  }
}
