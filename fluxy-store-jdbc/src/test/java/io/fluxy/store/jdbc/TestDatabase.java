package io.fluxy.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;

/** The databases that every test which is not about one of them runs on. */
enum TestDatabase {
  SQLITE {
    @Override
    String url(Path folder, String name) {
      return "jdbc:sqlite:" + folder.resolve(name + ".db");
    }

    @Override
    Database at(String url) {
      return new SqliteDatabase(url, () -> connect(url));
    }

    @Override
    JdbcStore open(String url) {
      return JdbcStore.sqlite(Path.of(url.substring("jdbc:sqlite:".length())));
    }
  },
  H2 {
    @Override
    String url(Path folder, String name) {
      return "jdbc:h2:file:" + folder.resolve(name) + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    }

    @Override
    Database at(String url) {
      return new H2Database(url, () -> connect(url), () -> {});
    }

    @Override
    JdbcStore open(String url) {
      return JdbcStore.h2(Path.of(url.substring("jdbc:h2:file:".length()).split(";", 2)[0]));
    }
  },
  POSTGRESQL {
    @Override
    String url(Path folder, String name) {
      return PostgresServer.newDatabase();
    }

    @Override
    Database at(String url) {
      return new PostgresDatabase(url, () -> connect(url));
    }

    @Override
    JdbcStore open(String url) {
      return JdbcStore.postgresql(url);
    }
  };

  /** A new database that is empty. */
  abstract String url(Path folder, String name);

  /** For a look behind the store. */
  abstract Database at(String url);

  abstract JdbcStore open(String url);

  /** Whether a second process may have it open at the same time. */
  boolean isShared() {
    return this != H2;
  }

  /** A connection as a host has one. */
  static Connection connect(String url) throws SQLException {
    return url.startsWith("jdbc:h2:")
        ? DriverManager.getConnection(url, "sa", "")
        : DriverManager.getConnection(url);
  }

  /** For processes that are told by their arguments. */
  static TestDatabase of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
