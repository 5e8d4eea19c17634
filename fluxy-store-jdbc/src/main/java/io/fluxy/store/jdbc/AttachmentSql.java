package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.ATTACHMENT;
import static org.jooq.impl.DSL.inline;

import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/** Every statement on attachments. Its binds are in the order in which they are told here. */
final class AttachmentSql {
  /** Project, id, room, user, name, type, bytes, time, seq, doomed. */
  final String add;

  /** How many, and their bytes, doomed or not: project. */
  final String usage;

  /** Project, id. */
  final String find;

  /** Oldest first: project, user, max. */
  final String of;

  /** Seq, project, id, room, user. */
  final String show;

  /** Of messages of a room: project, room, after seq, before seq. */
  final String doomShown;

  /** The same of one user: project, room, after seq, before seq, user. */
  final String doomShownBy;

  /** Project, room. */
  final String doomRoom;

  /** Project, user. */
  final String doomUser;

  /** Before. */
  final String doomUnposted;

  /** Max. */
  final String doomed;

  /** Project, id. */
  final String forget;

  private final DSLContext jooq;

  AttachmentSql(DSLContext jooq) {
    this.jooq = jooq;
    Condition inRoom = DSL.and(is(ATTACHMENT.projectId), is(ATTACHMENT.roomId));
    Condition one = DSL.and(is(ATTACHMENT.projectId), is(ATTACHMENT.attachmentId));
    Condition shown =
        DSL.and(
            inRoom,
            ATTACHMENT.seq.gt(bind(ATTACHMENT.seq)),
            ATTACHMENT.seq.lt(bind(ATTACHMENT.seq)));
    add =
        jooq.render(
            Sql.insert(
                jooq,
                ATTACHMENT,
                ATTACHMENT.projectId,
                ATTACHMENT.attachmentId,
                ATTACHMENT.roomId,
                ATTACHMENT.userId,
                ATTACHMENT.name,
                ATTACHMENT.contentType,
                ATTACHMENT.sizeBytes,
                ATTACHMENT.createdAt,
                ATTACHMENT.seq,
                ATTACHMENT.doomed));
    usage =
        jooq.render(
            jooq.select(DSL.count(), DSL.sum(ATTACHMENT.sizeBytes))
                .from(ATTACHMENT)
                .where(is(ATTACHMENT.projectId)));
    find = jooq.render(files(one, isDoomed(false)));
    of =
        jooq.render(
            files(is(ATTACHMENT.projectId), is(ATTACHMENT.userId), isDoomed(false))
                .orderBy(ATTACHMENT.createdAt, ATTACHMENT.attachmentId)
                .limit(max()));
    show =
        jooq.render(
            jooq.update(ATTACHMENT)
                .set(ATTACHMENT.seq, bind(ATTACHMENT.seq))
                .where(one, is(ATTACHMENT.roomId), is(ATTACHMENT.userId))
                .and(ATTACHMENT.seq.eq(inline(0L)))
                .and(isDoomed(false)));
    doomShown = jooq.render(doom(shown));
    doomShownBy = jooq.render(doom(shown.and(is(ATTACHMENT.userId))));
    doomRoom = jooq.render(doom(inRoom));
    doomUser = jooq.render(doom(DSL.and(is(ATTACHMENT.projectId), is(ATTACHMENT.userId))));
    doomUnposted =
        jooq.render(
            doom(
                DSL.and(
                    isDoomed(false),
                    ATTACHMENT.seq.eq(inline(0L)),
                    ATTACHMENT.createdAt.lt(bind(ATTACHMENT.createdAt)))));
    doomed =
        jooq.render(
            files(isDoomed(true))
                .orderBy(ATTACHMENT.doomed, ATTACHMENT.seq, ATTACHMENT.createdAt)
                .limit(max()));
    forget = jooq.render(jooq.deleteFrom(ATTACHMENT).where(one));
  }

  private static Condition isDoomed(boolean doomed) {
    return ATTACHMENT.doomed.eq(inline(doomed ? 1 : 0));
  }

  private Query doom(Condition which) {
    return jooq.update(ATTACHMENT).set(ATTACHMENT.doomed, inline(1)).where(which);
  }

  private SelectConditionStep<?> files(Condition... where) {
    return jooq.select(
            ATTACHMENT.projectId,
            ATTACHMENT.attachmentId,
            ATTACHMENT.roomId,
            ATTACHMENT.userId,
            ATTACHMENT.name,
            ATTACHMENT.contentType,
            ATTACHMENT.sizeBytes,
            ATTACHMENT.createdAt,
            ATTACHMENT.seq)
        .from(ATTACHMENT)
        .where(where);
  }
}
