/** Keeps rooms in SQLite, H2 or PostgreSQL; {@link io.fluxy.store.jdbc.JdbcStore} is the door. */
@NullMarked
package io.fluxy.store.jdbc;

import org.jspecify.annotations.NullMarked;
