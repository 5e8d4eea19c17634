package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.NOTE;

import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Every statement on notes. Its binds are in the order in which they are told here. */
final class NoteSql {
  /** User, text, time: room, kind, seq, user. */
  final String find;

  /** User, text, time, by user: room, kind, seq, max. */
  final String all;

  /** Text, time, room, kind, seq, user. */
  final String change;

  /** Room, kind, seq, user, text, time. */
  final String add;

  /** Room, kind, seq, user. */
  final String remove;

  NoteSql(DSLContext jooq) {
    Condition all = DSL.and(is(NOTE.roomKey), is(NOTE.kind), is(NOTE.seq));
    Condition one = DSL.and(is(NOTE.roomKey), is(NOTE.kind), is(NOTE.seq), is(NOTE.userId));
    find = jooq.render(jooq.select(NOTE.userId, NOTE.body, NOTE.atMs).from(NOTE).where(one));
    this.all =
        jooq.render(
            jooq.select(NOTE.userId, NOTE.body, NOTE.atMs)
                .from(NOTE)
                .where(all)
                .orderBy(NOTE.roomKey, NOTE.kind, NOTE.seq, NOTE.userId)
                .limit(max()));
    change =
        jooq.render(
            jooq.update(NOTE)
                .set(NOTE.body, bind(NOTE.body))
                .set(NOTE.atMs, bind(NOTE.atMs))
                .where(one));
    add =
        jooq.render(
            Sql.insert(
                jooq, NOTE, NOTE.roomKey, NOTE.kind, NOTE.seq, NOTE.userId, NOTE.body, NOTE.atMs));
    remove = jooq.render(jooq.deleteFrom(NOTE).where(one));
  }
}
