package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.store.Store;
import io.fluxy.store.StoreContract;
import io.fluxy.store.StoreException;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against a real server, with the settings of production: see {@link PostgresServer}. */
class PostgresStoreTest extends StoreContract {
  private final String url = PostgresServer.newDatabase();

  @Override
  protected Store newStore() {
    return JdbcStore.postgresql(url);
  }

  @Override
  protected Optional<Store> second() {
    return Optional.of(JdbcStore.postgresql(url));
  }

  @Override
  protected Optional<Store> reopened() {
    return Optional.of(JdbcStore.postgresql(url));
  }

  @Test
  void aServerThatSyncsItsCommitsIsSafeFromLossOfPower() {
    assertThat(newStore().durability()).isEqualTo(Store.Durability.POWER);
  }

  @Test
  void whereCommitsAreNotSyncedTheStoreSaysSo() {
    for (String off : List.of("synchronous_commit=off", "synchronous_commit=Off")) {
      String weak = url + "&options=-c%20" + off;
      try (Store store = JdbcStore.postgresql(weak)) {
        assertThat(store.durability()).as(off).isEqualTo(Store.Durability.PROCESS);
      }
    }
    for (String on : List.of("local", "remote_write", "on", "remote_apply")) {
      String strong = url + "&options=-c%20synchronous_commit=" + on;
      try (Store store = JdbcStore.postgresql(strong)) {
        assertThat(store.durability()).as(on).isEqualTo(Store.Durability.POWER);
      }
    }
  }

  /** As a host's pool or an administrator may have set them. */
  @Test
  void everyConnectionWritesAndSeesWhatIsCommitted() throws Exception {
    String odd =
        url
            + "&readOnly=true&options=-c%20default_transaction_isolation=serializable"
            + "%20-c%20default_transaction_read_only=on";

    try (Session session = TestDatabase.POSTGRESQL.at(odd).connect()) {
      assertThat(Database.texts(session, "show transaction_isolation"))
          .isEqualTo(List.of("read committed"));
      assertThat(Database.texts(session, "show transaction_read_only")).isEqualTo(List.of("off"));
    }
    try (JdbcStore store = JdbcStore.postgresql(odd)) {
      store.check().toCompletableFuture().join();
    }
  }

  @Test
  void aServerThatIsNotThereIsNamedWithoutItsPassword() {
    assertThatThrownBy(
            () -> JdbcStore.postgresql("jdbc:postgresql://127.0.0.1:1/chat?password=s3cret"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/chat")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aUrlOfAnotherDatabaseIsRefused() {
    assertThatThrownBy(() -> JdbcStore.postgresql("jdbc:h2:mem:x;PASSWORD=s3cret"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("jdbc:postgresql:")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aDataSourceOfPostgresIsKnownAsSuch() {
    var source = new org.postgresql.ds.PGSimpleDataSource();
    source.setUrl(url);
    try (Store store = JdbcStore.open(source)) {
      assertThat(store.durability()).isEqualTo(Store.Durability.POWER);
    }
  }

  @Test
  void aConnectionThatIsCutIsReplaced() throws Exception {
    try (JdbcStore store = JdbcStore.postgresql(url + "&ApplicationName=victim");
        Connection other = TestDatabase.connect(url)) {
      store.check().toCompletableFuture().join();
      other
          .createStatement()
          .execute(
              "select pg_terminate_backend(pid) from pg_stat_activity"
                  + " where application_name = 'victim'");
      assertThatThrownBy(() -> store.check().toCompletableFuture().join())
          .hasCauseInstanceOf(StoreException.class);
      store.check().toCompletableFuture().join();
      for (int each = 0; each < 4; each++) { // the readers' connections are cut as well
        store.directory().projects(1).exceptionally(cut -> List.of()).toCompletableFuture().join();
      }
      assertThat(store.directory().projects(1).toCompletableFuture().join()).isEmpty();
    }
  }
}
