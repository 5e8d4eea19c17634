/** Stores on SQLite, H2 and PostgreSQL. */
module io.fluxy.store.jdbc {
  requires transitive io.fluxy.core;
  requires transitive java.sql;
  requires org.jooq;
  requires org.slf4j;
  requires static org.jspecify;

  exports io.fluxy.store.jdbc;
}
