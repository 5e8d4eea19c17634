package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Tables.LOG;
import static io.fluxy.store.jdbc.Tables.STREAM;
import static org.jooq.impl.DSL.inline;

import org.jooq.DSLContext;

/**
 * Every statement on messages that are being written bit by bit. Its binds are in the order in
 * which they are told here.
 */
final class StreamSql {
  /** Seq, run and beat, oldest first: room. */
  final String open;

  /** Room, seq, run, beat. */
  final String begin;

  /** Room, seq. */
  final String end;

  /** Moves the beat on: room, seq. */
  final String beat;

  /** What a message says so far: text, room, seq. */
  final String soFar;

  StreamSql(DSLContext jooq) {
    open =
        jooq.render(
            jooq.select(STREAM.seq, STREAM.runId, STREAM.beat)
                .from(STREAM)
                .where(is(STREAM.roomKey))
                .orderBy(STREAM.roomKey, STREAM.seq));
    begin =
        jooq.render(
            Sql.insert(jooq, STREAM, STREAM.roomKey, STREAM.seq, STREAM.runId, STREAM.beat));
    end = jooq.render(jooq.deleteFrom(STREAM).where(is(STREAM.roomKey), is(STREAM.seq)));
    beat =
        jooq.render(
            jooq.update(STREAM)
                .set(STREAM.beat, STREAM.beat.plus(inline(1L)))
                .where(is(STREAM.roomKey), is(STREAM.seq)));
    soFar =
        jooq.render(
            jooq.update(LOG)
                .set(LOG.revised, bind(LOG.revised))
                .where(is(LOG.roomKey), is(LOG.seq)));
  }
}
