package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A host that writes orders and what is said about them in one transaction is killed ({@code kill
 * -9}) again and again, mostly between a commit and its telling: afterwards each order that is
 * there has been said once, none that is not, and the room has no hole.
 */
class PendingCrashTest {
  private static final RoomId ORDERS = new RoomId("shop", "orders");
  private static final int KILLS = 3;
  private static final int ORDERS_MIN = 20; // before each kill

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void eachCommittedOrderIsSaidOnceAndNoOther(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "orders");
    int committed = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (ChildJvm host = ChildJvm.start(Host.class, kind.name(), url, "" + kill * 100_000)) {
        for (int i = 0; i < ORDERS_MIN; i++) {
          assertThat(host.line()).startsWith("committed ");
          committed++;
        }
        host.kill();
        while (host.line() != null) {
          committed++;
        }
        host.status();
      }
    }
    int leftByTheLast = pending(kind, url);

    List<String> said = new ArrayList<>();
    try (JdbcStore store = kind.open(url);
        Fluxy fluxy = Fluxy.builder().store(store).project(Project.named("shop")).start()) {
      while (!of(store.pending().orElseThrow().next(1)).isEmpty()) {
        Thread.onSpinWait();
      }
      long seq = 0;
      for (Event.Durable event : of(store.messages().read(ORDERS, 0, Integer.MAX_VALUE))) {
        assertThat(event.seq()).isEqualTo(++seq);
        if (event instanceof Event.Posted posted) {
          said.add(posted.message().content());
        }
      }
      assertThat(fluxy.messagesPosted()).isLessThanOrEqualTo(leftByTheLast);
    }
    List<String> orders = orders(kind, url);
    assertThat(said).containsExactlyElementsOf(orders);
    assertThat(new HashSet<>(said)).hasSameSizeAs(said);
    assertThat(orders).hasSizeGreaterThanOrEqualTo(committed);
    assertThat(leftByTheLast).as("killed before all was told").isPositive();
  }

  private static int pending(TestDatabase kind, String url) throws Exception {
    try (Session session = kind.at(url).connect()) {
      return (int) session.number("select count(*) from fluxy_pending");
    }
  }

  private static List<String> orders(TestDatabase kind, String url) throws Exception {
    try (Session session = kind.at(url).connect()) {
      return Database.texts(session, "select 'order ' || number from orders order by number");
    }
  }

  private static <T> T of(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /**
   * Takes orders until it is killed; every third it takes back. It doesn't say that it has
   * committed, so all that is told is told by looking, every two seconds, and at the start.
   */
  static final class Host {
    private Host() {}

    public static void main(String[] args) throws Exception {
      TestDatabase kind = TestDatabase.of(args[0]);
      JdbcStore store = kind.open(args[1]);
      Fluxy fluxy = Fluxy.builder().store(store).project(Project.named("shop")).start();
      of(fluxy.createRoom(ORDERS, RoomType.GROUP, "Orders", "ann"));
      try (Connection connection = TestDatabase.connect(args[1]);
          Statement create = connection.createStatement()) {
        create.execute("create table if not exists orders (number integer not null primary key)");
        connection.setAutoCommit(false);
        for (int number = Integer.parseInt(args[2]); ; number++) {
          HostTransaction chat = store.within(connection);
          try (PreparedStatement insert =
              connection.prepareStatement("insert into orders (number) values (?)")) {
            insert.setInt(1, number);
            insert.executeUpdate();
          }
          chat.post(ORDERS, User.named("ann"), Draft.text("order " + number));
          if (number % 3 == 2) {
            connection.rollback();
            chat.committed();
          } else {
            connection.commit();
            System.out.println("committed " + number);
          }
        }
      }
    }
  }
}
