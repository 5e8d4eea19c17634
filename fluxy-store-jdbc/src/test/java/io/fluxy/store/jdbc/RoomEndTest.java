package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.SearchQuery;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deleted room leaves in the database. */
class RoomEndTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");

  @TempDir Path folder;

  @Test
  void ofADeletedRoomItsRowAndItsEndAreLeftAndNothingInAnyOtherTable() throws Exception {
    Path file = folder.resolve("chat.db");
    try (Store store = JdbcStore.sqlite(file)) {
      found(store);
      get(store.directory().markRead(LOBBY, "bob", 3));
      get(store.messages().append(LOBBY, List.of(post(3), reaction(4))));
      SearchQuery words = new SearchQuery("shop", List.of("x"), null, "ann", 9);
      assertThat(get(store.search().messages(words))).hasSize(1);
      get(store.messages().append(LOBBY, List.of(new Event.RoomDeleted(5, 5, "ann"))));
      assertThat(get(store.search().messages(words))).isEmpty();
    }
    assertThat(rowsOfRooms(file)).isEqualTo(Map.of("fluxy_log", 1, "fluxy_room", 1));
  }

  @Test
  void anotherProcessThatHasNotHeardOfTheEndWritesNothingIntoTheGap() throws Exception {
    Path file = folder.resolve("chat.db");
    try (Store ours = JdbcStore.sqlite(file);
        Store theirs = JdbcStore.sqlite(file)) {
      found(ours);
      get(theirs.messages().append(LOBBY, List.of(post(3))));
      get(ours.messages().append(LOBBY, List.of(post(4), post(5))));
      get(ours.messages().append(LOBBY, List.of(new Event.RoomDeleted(6, 6, "ann"))));

      for (long seq : List.of(4L, 6L, 7L)) {
        assertThatThrownBy(() -> get(theirs.messages().append(LOBBY, List.of(post(seq)))))
            .isInstanceOf(StoreException.class);
      }
      assertThat(get(theirs.messages().open(LOBBY, 1))).isEmpty();
    }
    assertThat(rowsOfRooms(file)).isEqualTo(Map.of("fluxy_log", 1, "fluxy_room", 1));
  }

  private static void found(Store store) {
    List<MemberRecord> founders =
        List.of(new MemberRecord("ann", Role.OWNER, 0), new MemberRecord("bob", Role.MEMBER, 0));
    get(store.directory().createRoom(LOBBY, RoomType.GROUP, "Lobby", 1, founders, "ann"));
  }

  private static Event.Durable post(long seq) {
    return new Event.Posted(
        new Message(
            seq,
            Message.id(1, seq),
            "ann",
            "x",
            seq,
            null,
            null,
            List.of(),
            List.of(),
            1,
            null,
            null));
  }

  private static Event.Durable reaction(long seq) {
    return new Event.Reacted(seq, seq, Message.id(1, 3), "bob", "👍", true);
  }

  /** How many rows each table has of its rooms; tables without any are left out. */
  private static Map<String, Integer> rowsOfRooms(Path file) throws SQLException {
    Map<String, Integer> rows = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      List<String> tables = new ArrayList<>();
      String ofRooms =
          "select m.name from sqlite_master m join pragma_table_info(m.name) c"
              + " where m.type = 'table' and c.name = 'room_key'";
      try (ResultSet found = connection.createStatement().executeQuery(ofRooms)) {
        while (found.next()) {
          tables.add(found.getString(1));
        }
      }
      assertThat(tables).contains("fluxy_member", "fluxy_read", "fluxy_reaction");
      for (String table : tables) {
        String count = "select count(*) from " + table;
        try (ResultSet counted = connection.createStatement().executeQuery(count)) {
          if (counted.getInt(1) > 0) {
            rows.put(table, counted.getInt(1));
          }
        }
      }
    }
    return rows;
  }

  private static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException why ? why : e;
    }
  }
}
