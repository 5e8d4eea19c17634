package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.SearchQuery;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a deleted room leaves in the database. */
class RoomEndTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void ofADeletedRoomItsRowAndItsEndAreLeftAndNothingInAnyOtherTable(TestDatabase kind)
      throws Exception {
    String url = kind.url(folder, "chat");
    try (JdbcStore store = kind.open(url);
        Connection host = TestDatabase.connect(url)) {
      found(store);
      store.within(host).post(LOBBY, User.named("ann"), Draft.text("x"));
      get(store.directory().markRead(LOBBY, "bob", 3));
      get(store.messages().append(LOBBY, List.of(post(3), reaction(4))));
      SearchQuery words = new SearchQuery("shop", List.of("x"), null, "ann", 9);
      assertThat(get(store.search().messages(words))).hasSize(1);
      get(store.messages().append(LOBBY, List.of(new Event.RoomDeleted(5, 5, "ann"))));
      assertThat(get(store.search().messages(words))).isEmpty();
    }
    assertThat(rowsOfRooms(kind, url)).isEqualTo(Map.of("fluxy_log", 1, "fluxy_room", 1));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void anotherProcessThatHasNotHeardOfTheEndWritesNothingIntoTheGap(TestDatabase kind)
      throws Exception {
    String url = kind.url(folder, "chat");
    try (Store ours = kind.open(url);
        Store theirs = kind.open(url)) {
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
    assertThat(rowsOfRooms(kind, url)).isEqualTo(Map.of("fluxy_log", 1, "fluxy_room", 1));
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
  private static Map<String, Integer> rowsOfRooms(TestDatabase kind, String url)
      throws SQLException {
    Map<String, Integer> rows = new TreeMap<>();
    String ofRooms =
        kind == TestDatabase.SQLITE
            ? "select m.name from sqlite_master m join pragma_table_info(m.name) c"
                + " where m.type = 'table' and c.name = 'room_key'"
            : "select lower(table_name) from information_schema.columns"
                + " where lower(column_name) = 'room_key' and table_schema = current_schema";
    try (Session session = kind.at(url).connect()) {
      List<String> tables = Database.texts(session, ofRooms);
      assertThat(tables).contains("fluxy_member", "fluxy_read", "fluxy_reaction");
      for (String table : tables) {
        int count = (int) session.number("select count(*) from " + table);
        if (count > 0) {
          rows.put(table, count);
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
