package io.fluxy.store.jdbc;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Words that our statements are made of. jOOQ renders each statement once per store, with binds
 * only; plain JDBC runs it, prepared once per connection: that is cheaper than jOOQ's execution by
 * half on the append path.
 */
final class Sql {
  private Sql() {}

  /** Renders for a database; runs nothing. */
  static DSLContext rendering(SQLDialect dialect) {
    return DSL.using(dialect);
  }

  /** A place for a value. */
  static <T> Param<T> bind(Field<T> field) {
    return DSL.param(field.getName(), field.getDataType());
  }

  /** A place for how many rows at most. */
  static Param<Integer> max() {
    return DSL.param("max", Integer.class);
  }

  /** A place for a value that the field must have. */
  static <T> Condition is(Field<T> field) {
    return field.eq(bind(field));
  }

  /** So many places, each for a value that the field may have. */
  static <T> Condition isOneOf(Field<T> field, int places) {
    return field.in(Collections.nCopies(places, bind(field)));
  }

  /** A row with a place for each of these fields. */
  static Query insert(DSLContext jooq, Table<Record> into, Field<?>... fields) {
    List<Param<?>> binds = Arrays.<Field<?>>stream(fields).<Param<?>>map(Sql::bind).toList();
    return jooq.insertInto(into).columns(fields).values(binds);
  }
}
