package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Tables.LOG;
import static io.fluxy.store.jdbc.Tables.ROOM;
import static io.fluxy.store.jdbc.Tables.USAGE;
import static org.jooq.impl.DSL.inline;

import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Every statement on figures. Its binds are in the order told here. */
final class FigureSql {
  /** More, project, month, metric. */
  final String more;

  /** Project, month, metric, used. */
  final String first;

  /** Metric, used: project, month. */
  final String ofMonth;

  /** Metric, used: project. */
  final String ofAllMonths;

  /** Project. */
  final String rooms;

  /** Messages, authors: project, room. */
  final String room;

  FigureSql(DSLContext jooq) {
    more =
        jooq.render(
            jooq.update(USAGE)
                .set(USAGE.used, USAGE.used.plus(bind(USAGE.used)))
                .where(is(USAGE.projectId), is(USAGE.month), is(USAGE.metric)));
    first =
        jooq.render(
            Sql.insert(jooq, USAGE, USAGE.projectId, USAGE.month, USAGE.metric, USAGE.used));
    ofMonth =
        jooq.render(
            jooq.select(USAGE.metric, USAGE.used)
                .from(USAGE)
                .where(is(USAGE.projectId), is(USAGE.month)));
    ofAllMonths =
        jooq.render(
            jooq.select(USAGE.metric, DSL.sum(USAGE.used))
                .from(USAGE)
                .where(is(USAGE.projectId))
                .groupBy(USAGE.metric));
    rooms =
        jooq.render(
            jooq.selectCount().from(ROOM).where(is(ROOM.projectId), ROOM.deletedAt.isNull()));
    room =
        jooq.render(
            jooq.select(DSL.count(), DSL.countDistinct(LOG.userId))
                .from(LOG)
                .where(
                    LOG.roomKey.eq(
                        jooq.select(ROOM.roomKey)
                            .from(ROOM)
                            .where(is(ROOM.projectId), is(ROOM.roomId))),
                    LOG.kind.eq(inline(LogRow.POSTED)),
                    LOG.deletedAt.isNull()));
  }
}
