package io.fluxy.examples.quickstart;

import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.store.jdbc.JdbcStore;
import java.nio.file.Path;

/**
 * Where messages are kept: the value of {@code --db}.
 *
 * @param file empty if it is not one file
 * @param url of a server; empty for a file
 */
record Database(Kind kind, Path file, String url) {
  enum Kind {
    SQLITE,
    H2,
    POSTGRESQL,
    MEMORY
  }

  Database(Kind kind, Path file) {
    this(kind, file, "");
  }

  static Database parse(String text) throws StartException {
    if (text.equals("memory")) {
      return new Database(Kind.MEMORY, Path.of(""));
    }
    int colon = text.indexOf(':');
    String kind = text.substring(0, Math.max(0, colon));
    String file = text.substring(colon + 1);
    if (!file.isEmpty() && kind.equals("sqlite")) {
      return new Database(Kind.SQLITE, Options.file("--db", file));
    }
    if (!file.isEmpty() && kind.equals("h2")) {
      return new Database(Kind.H2, Options.file("--db", file));
    }
    if (text.startsWith("postgresql://")) {
      return new Database(Kind.POSTGRESQL, Path.of(""), text);
    }
    throw new StartException(
        "--db must be sqlite:FILE, h2:FILE, postgresql://HOST/NAME or memory, not " + text);
  }

  Store open() throws StartException {
    try {
      return switch (kind) {
        case SQLITE -> JdbcStore.sqlite(file);
        case H2 -> JdbcStore.h2(file);
        case POSTGRESQL -> JdbcStore.postgresql("jdbc:" + url);
        case MEMORY -> Store.inMemory();
      };
    } catch (StoreException e) {
      throw new StartException("--db " + this + ": " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case SQLITE -> "sqlite:" + file;
      case H2 -> "h2:" + file;
      case POSTGRESQL -> url.replaceAll("\\?.*", ""); // settings may hold a password
      case MEMORY -> "memory";
    };
  }
}
