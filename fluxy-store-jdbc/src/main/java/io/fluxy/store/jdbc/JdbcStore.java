package io.fluxy.store.jdbc;

import io.fluxy.store.AgentStore;
import io.fluxy.store.AttachmentStore;
import io.fluxy.store.Directory;
import io.fluxy.store.Expiries;
import io.fluxy.store.Inbox;
import io.fluxy.store.MessageStore;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.Pending;
import io.fluxy.store.Personal;
import io.fluxy.store.PersonalData;
import io.fluxy.store.Search;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.store.Templates;
import io.fluxy.store.WebhookStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Keeps everything in a database, through one writing, two reading and one searching connection of
 * its own.
 *
 * <p>An append is acknowledged when it is synced to disk; appends that wait together share one
 * transaction and one sync. The schema is made and brought up to date when the store is opened; its
 * tables start with {@code fluxy_} and are documented in the jar, under {@code
 * io/fluxy/store/jdbc}. The database's driver must be on the application's path.
 *
 * <p>Safe for use by many threads. Its own threads are daemons and are named {@code
 * fluxy-store-...}.
 */
public final class JdbcStore implements Store {
  private static final int READERS = 2;
  private static final int READS_MAX = 10_000;
  private static final int SEARCHES_MAX = 1_000;
  private static final int ROWS_MAX = 65_536;

  /**
   * H2 lets one process open a file as often as it likes; a second store there would be a mistake.
   */
  private static final Set<Path> OPEN_H2_FILES = ConcurrentHashMap.newKeySet();

  private final Database database;
  private final WriteQueue writes;
  private final ReadPool reads;
  private final JdbcMessages messages;
  private final JdbcDirectory directory;
  private final JdbcTemplates templates;
  private final JdbcPersonal personal;
  private final String nextToExpire;
  private final JdbcAgents agents;
  private final ReadPool searches;
  private final JdbcSearch search;
  private final JdbcPersonalData personalData;
  private final JdbcWebhooks webhooks;
  private final JdbcOperators operators;
  private final JdbcAttachments attachments;
  private final JdbcPending pending;
  private final JdbcInbox inbox;

  /**
   * @param session a connection for the writer, so that the file stays ours from now on
   */
  private JdbcStore(Database database, Session session) {
    this.database = database;
    Statements sql = new Statements(database);
    Rooms rooms = new Rooms(sql);
    LogReader log = new LogReader(sql);
    GroupCommit commit = new GroupCommit(database, sql, rooms, session);
    writes = new WriteQueue(database.where(), ROWS_MAX, commit);
    reads = new ReadPool(database, READERS, READS_MAX);
    messages = new JdbcMessages(rooms, log, writes, reads);
    directory = new JdbcDirectory(sql, rooms, log, writes, reads);
    templates = new JdbcTemplates(sql, writes, reads);
    nextToExpire = sql.expiries.next;
    personal = new JdbcPersonal(sql, rooms, writes, reads);
    agents = new JdbcAgents(sql, writes, reads);
    searches = new ReadPool(database, 1, SEARCHES_MAX);
    search = new JdbcSearch(database, writes, searches);
    personalData = new JdbcPersonalData(sql, rooms, writes, searches);
    webhooks = new JdbcWebhooks(sql, writes, reads);
    operators = new JdbcOperators(sql, writes, searches);
    attachments = new JdbcAttachments(sql, writes, reads);
    pending = new JdbcPending(sql, writes, reads);
    inbox = new JdbcInbox(searches);
  }

  /**
   * Opens an SQLite file, or makes it. Several processes may share it.
   *
   * @param file such as {@code data/chat.db}; its folder is made too
   * @throws StoreException if it cannot be opened; the message names the file
   */
  public static JdbcStore sqlite(Path file) {
    Path path = prepared(file);
    String url = "jdbc:sqlite:" + path;
    return start(new SqliteDatabase("SQLite file " + path, () -> DriverManager.getConnection(url)));
  }

  /**
   * Opens an H2 file, or makes it. Only one store at a time may have it.
   *
   * @param file without H2's own suffix: {@code data/chat} names {@code data/chat.mv.db}
   * @throws StoreException if it cannot be opened or is open elsewhere; the message names the file
   */
  public static JdbcStore h2(Path file) {
    Path path = prepared(file);
    String where = "H2 file " + path + ".mv.db";
    if (!OPEN_H2_FILES.add(path)) {
      throw new StoreException(where + ": another store of this process has it open");
    }
    String url = "jdbc:h2:file:" + path + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    return start(
        new H2Database(
            where,
            () -> DriverManager.getConnection(url, "sa", ""),
            () -> OPEN_H2_FILES.remove(path)));
  }

  /**
   * Opens a PostgreSQL database. Several processes may share it. What is kept goes into the
   * connection's schema, which has to be there; a search path or {@code currentSchema} chooses it.
   *
   * @param url such as {@code jdbc:postgresql://localhost/chat?user=chat}; a password is better
   *     kept in {@code ~/.pgpass}
   * @throws StoreException if it cannot be opened; the message names the server
   */
  public static JdbcStore postgresql(String url) {
    String where = withoutSettings(url);
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new StoreException(where + ": a URL of PostgreSQL begins with jdbc:postgresql:");
    }
    return start(new PostgresDatabase(where, () -> DriverManager.getConnection(url)));
  }

  /**
   * Opens a database through the host's data source, which must give at least four connections:
   * SQLite (a file), H2 or PostgreSQL.
   *
   * @throws StoreException if it cannot be opened, or is of another kind
   */
  public static JdbcStore open(DataSource dataSource) {
    return start(detected(dataSource));
  }

  private static Database detected(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      String product = connection.getMetaData().getDatabaseProductName();
      String where = withoutSettings(connection.getMetaData().getURL());
      return switch (product) {
        case "SQLite" -> new SqliteDatabase(where, dataSource::getConnection);
        case "H2" -> new H2Database(where, dataSource::getConnection, () -> {});
        case "PostgreSQL" -> new PostgresDatabase(where, dataSource::getConnection);
        default ->
            throw new StoreException(
                product + ": not a database we know; SQLite, H2 and PostgreSQL are");
      };
    } catch (SQLException e) {
      throw new StoreException("the data source gives no connection", e);
    }
  }

  /** Settings may hold passwords. */
  private static String withoutSettings(String url) {
    return url.split("[;?]", 2)[0];
  }

  private static Path prepared(Path file) {
    Path path = file.toAbsolutePath().normalize();
    if (path.toString().indexOf(';') >= 0 || path.toString().indexOf('?') >= 0) {
      throw new StoreException(path + ": a database's path must not contain ';' or '?'");
    }
    try {
      Path folder = path.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new StoreException(path + ": its folder cannot be made", e);
    }
    return path;
  }

  private static JdbcStore start(Database database) {
    try {
      JdbcStore store = new JdbcStore(database, migrated(database));
      store.writes.start();
      store.reads.start();
      store.searches.start();
      return store;
    } catch (SQLException e) {
      database.close();
      throw database.cannotOpen(e);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Session migrated(Database database) throws SQLException {
    Session session = database.connect();
    try {
      new Migrations(database).run(session, System.currentTimeMillis());
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public MessageStore messages() {
    return messages;
  }

  @Override
  public Directory directory() {
    return directory;
  }

  @Override
  public Templates templates() {
    return templates;
  }

  @Override
  public Expiries expiries() {
    return max ->
        reads.ask(
            "what expires",
            session ->
                session.list(
                    nextToExpire,
                    row ->
                        new Expiries.Expiring(
                            RoomRow.of(row).record(), row.getLong(8), row.getLong(9)),
                    max));
  }

  @Override
  public Personal personal() {
    return personal;
  }

  @Override
  public AgentStore agents() {
    return agents;
  }

  @Override
  public Search search() {
    return search;
  }

  @Override
  public PersonalData personalData() {
    return personalData;
  }

  @Override
  public WebhookStore webhooks() {
    return webhooks;
  }

  @Override
  public OperatorStore operators() {
    return operators;
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public AttachmentStore attachments() {
    return attachments;
  }

  @Override
  public Optional<Pending> pending() {
    return Optional.of(pending);
  }

  /**
   * For messages that are to be written in a transaction of the host, with its own rows.
   *
   * @param connection to the database of this store, in a transaction; it is used, not kept, not
   *     committed and not closed
   */
  public HostTransaction within(Connection connection) {
    return new HostTransaction(connection, pending, database);
  }

  @Override
  public CompletionStage<Void> check() {
    return writes.add(new ProbeWrite());
  }

  @Override
  public Durability durability() {
    return database.durability();
  }

  @Override
  public void close() {
    writes.close();
    reads.close();
    searches.close();
    database.close();
  }
}
