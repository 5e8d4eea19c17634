package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.store.Store;
import io.fluxy.store.StoreContract;
import io.fluxy.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  protected Store newStore() {
    return JdbcStore.sqlite(file());
  }

  @Override
  protected Optional<Store> second() {
    return Optional.of(JdbcStore.sqlite(file()));
  }

  @Override
  protected Optional<Store> reopened() {
    return Optional.of(JdbcStore.sqlite(file()));
  }

  private Path file() {
    return folder.resolve("data").resolve("chat of Ünal.db");
  }

  @Test
  void everyConnectionWritesAheadAndSyncsFully() throws Exception {
    String url = "jdbc:sqlite:" + file();
    Database database = new SqliteDatabase(url, () -> DriverManager.getConnection(url));

    try (Session session = database.connect()) {
      assertThat(Database.texts(session, "pragma journal_mode")).isEqualTo(List.of("wal"));
      assertThat(Database.texts(session, "pragma synchronous")).isEqualTo(List.of("2"));
      assertThat(Database.texts(session, "pragma busy_timeout")).isEqualTo(List.of("5000"));
      assertThat(Database.texts(session, "pragma foreign_keys")).isNotEmpty();
    }
    assertThat(newStore().durability()).isEqualTo(Store.Durability.POWER);
  }

  @Test
  void aDatabaseThatCannotBeWrittenAheadIsRefused() {
    Database memory =
        new SqliteDatabase(
            "SQLite in memory", () -> DriverManager.getConnection("jdbc:sqlite::memory:"));

    assertThatThrownBy(memory::connect)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("SQLite in memory")
        .hasMessageContaining("WAL");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedByName() throws Exception {
    Path letter = Files.writeString(folder.resolve("letter.txt"), "Dear database, ".repeat(100));

    assertThatThrownBy(() -> JdbcStore.sqlite(letter))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("letter.txt");
    assertThat(Files.readString(letter)).startsWith("Dear database");
  }

  @Test
  void aPathThatWouldSmuggleSettingsIsRefused() {
    assertThatThrownBy(() -> JdbcStore.sqlite(folder.resolve("x.db?journal_mode=off")))
        .isInstanceOf(StoreException.class);
  }
}
