package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.MessageStore;
import io.fluxy.store.SearchQuery;
import io.fluxy.store.Store;
import io.fluxy.store.StoreContract;
import io.fluxy.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  /** Reliability catalogue 3.18: what is deleted for good is in no free page and no index. */
  @Test
  void whatIsErasedIsNotLeftInTheFile() throws Exception {
    RoomId lobby = new RoomId("shop", "lobby");
    Path data = folder.resolve("erased");
    try (Store store = JdbcStore.sqlite(data.resolve("chat.db"))) {
      MessageStore log = store.messages();
      get(store.directory().createRoom(lobby, RoomType.PUBLIC, "Lobby", 1, List.of(), "ann"));
      for (long seq = 1; seq <= 300; seq++) {
        get(log.append(lobby, List.of(posted(seq, "xylophone" + "y".repeat(50)))));
      }
      long second = Message.id(1, 2);
      get(log.append(lobby, List.of(new Event.Edited(301, 301, second, "ann", "xylophones", 2))));
      SearchQuery query = new SearchQuery("shop", List.of("xylophone"), null, null, 1_000);
      assertThat(get(store.search().messages(query))).hasSize(300);

      get(log.append(lobby, List.of(new Event.Deleted(302, 302, second, "ann", true, 3))));
      get(log.append(lobby, List.of(purged(303, "ann"))));
      assertThat(get(store.search().messages(query))).isEmpty();
    }

    try (Stream<Path> files = Files.list(data)) {
      for (Path each : files.toList()) {
        assertThat(Files.readString(each, StandardCharsets.ISO_8859_1).indexOf("xylophone"))
            .as("where %s still has it", each)
            .isNegative();
      }
    }
  }

  private static Event.Durable purged(long seq, String userId) {
    return new Event.Purged(seq, seq, userId, 0, seq, userId, List.of());
  }

  private static Event.Durable posted(long seq, String text) {
    return new Event.Posted(
        new Message(
            seq,
            Message.id(1, seq),
            "ann",
            text,
            seq,
            null,
            null,
            List.of(),
            List.of(),
            1,
            null,
            null));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
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
