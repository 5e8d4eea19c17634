package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.PENDING;
import static io.fluxy.store.jdbc.Tables.ROOM;

import org.jooq.DSLContext;

/** Every statement on pending posts. Its binds are in the order in which they are told here. */
final class PendingSql {
  /** Id, room, user, client id, draft, time, place. */
  final String add;

  /** Project, room, id, user, client id, draft, in the order they were written: max. */
  final String next;

  /** Id. */
  final String remove;

  /** Time, reason, id. */
  final String refuse;

  /** Refused before: time. */
  final String forgetRefused;

  PendingSql(DSLContext jooq) {
    add =
        jooq.render(
            Sql.insert(
                jooq,
                PENDING,
                PENDING.pendingId,
                PENDING.roomKey,
                PENDING.userId,
                PENDING.clientId,
                PENDING.draft,
                PENDING.createdAt,
                PENDING.place));
    next =
        jooq.render(
            jooq.select(
                    ROOM.projectId,
                    ROOM.roomId,
                    PENDING.pendingId,
                    PENDING.userId,
                    PENDING.clientId,
                    PENDING.draft)
                .from(PENDING)
                .join(ROOM)
                .on(ROOM.roomKey.eq(PENDING.roomKey))
                .where(PENDING.refusedAt.isNull())
                .orderBy(PENDING.place, PENDING.pendingId)
                .limit(max()));
    remove = jooq.render(jooq.deleteFrom(PENDING).where(is(PENDING.pendingId)));
    refuse =
        jooq.render(
            jooq.update(PENDING)
                .set(PENDING.refusedAt, bind(PENDING.refusedAt))
                .set(PENDING.reason, bind(PENDING.reason))
                .where(is(PENDING.pendingId)));
    forgetRefused =
        jooq.render(jooq.deleteFrom(PENDING).where(PENDING.refusedAt.lt(bind(PENDING.refusedAt))));
  }
}
