package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.EXPIRY;
import static io.fluxy.store.jdbc.Tables.LOG;
import static io.fluxy.store.jdbc.Tables.ROOM;

import org.jooq.DSLContext;

/** Every statement on what expires. Its binds are in the order in which they are told here. */
final class ExpirySql {
  /** A room, for {@link RoomRow#of}, then seq and time, the next first: max. */
  final String next;

  /** Time, room, seq. */
  final String add;

  /** Room, seq. */
  final String remove;

  ExpirySql(DSLContext jooq) {
    next =
        jooq.render(
            jooq.select(
                    ROOM.roomKey,
                    ROOM.projectId,
                    ROOM.roomId,
                    ROOM.number,
                    ROOM.type,
                    ROOM.name,
                    ROOM.createdAt,
                    EXPIRY.seq,
                    EXPIRY.expiresAt)
                .from(EXPIRY)
                .join(ROOM)
                .on(ROOM.roomKey.eq(EXPIRY.roomKey))
                .join(LOG)
                .on(LOG.roomKey.eq(EXPIRY.roomKey), LOG.seq.eq(EXPIRY.seq))
                .where(LOG.deletedAt.isNull()) // retention may have been faster
                .orderBy(EXPIRY.expiresAt, EXPIRY.roomKey, EXPIRY.seq)
                .limit(max()));
    add = jooq.render(Sql.insert(jooq, EXPIRY, EXPIRY.expiresAt, EXPIRY.roomKey, EXPIRY.seq));
    remove = jooq.render(jooq.deleteFrom(EXPIRY).where(is(EXPIRY.roomKey), is(EXPIRY.seq)));
  }
}
