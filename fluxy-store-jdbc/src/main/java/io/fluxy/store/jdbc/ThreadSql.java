package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.isOneOf;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.LOG;
import static io.fluxy.store.jdbc.Tables.MENTION;
import static io.fluxy.store.jdbc.Tables.REPLY;

import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.impl.DSL;

/** Every statement on answers and mentions. Its binds are in the order told here. */
final class ThreadSql {
  /** Author of a message: room, seq. */
  final String author;

  /** Room, parent, seq, project, user, parent's author, time, readers. */
  final String addReply;

  /** Room, after seq, before seq. */
  final String removeReplies;

  /** Seqs of answers, newest first: room, parent, before seq, max. */
  final String replies;

  /**
   * Parent, user, readers, how many, the newest's seq and time: room, first parent, last parent.
   */
  final String summary;

  /** The same: room, {@link LogSql#CHOSEN} parents. */
  final String summaryOfChosen;

  /** Room, seq, user, project, time. */
  final String addMention;

  /** Room, after seq, before seq. */
  final String removeMentions;

  ThreadSql(DSLContext jooq) {
    author = jooq.render(jooq.select(LOG.userId).from(LOG).where(is(LOG.roomKey), is(LOG.seq)));
    addReply =
        jooq.render(
            Sql.insert(
                jooq,
                REPLY,
                REPLY.roomKey,
                REPLY.parentSeq,
                REPLY.seq,
                REPLY.projectId,
                REPLY.userId,
                REPLY.parentUserId,
                REPLY.atMs,
                REPLY.readers));
    removeReplies =
        jooq.render(
            jooq.deleteFrom(REPLY)
                .where(
                    is(REPLY.roomKey),
                    REPLY.seq.gt(bind(REPLY.seq)),
                    REPLY.seq.lt(bind(REPLY.seq))));
    replies =
        jooq.render(
            jooq.select(REPLY.seq)
                .from(REPLY)
                .where(is(REPLY.roomKey), is(REPLY.parentSeq), REPLY.seq.lt(bind(REPLY.seq)))
                .orderBy(REPLY.roomKey.desc(), REPLY.parentSeq.desc(), REPLY.seq.desc())
                .limit(max()));
    summary =
        jooq.render(
            summary(jooq, REPLY.parentSeq.between(bind(REPLY.parentSeq), bind(REPLY.parentSeq))));
    summaryOfChosen = jooq.render(summary(jooq, isOneOf(REPLY.parentSeq, LogSql.CHOSEN)));
    addMention =
        jooq.render(
            Sql.insert(
                jooq,
                MENTION,
                MENTION.roomKey,
                MENTION.seq,
                MENTION.userId,
                MENTION.projectId,
                MENTION.atMs));
    removeMentions =
        jooq.render(
            jooq.deleteFrom(MENTION)
                .where(
                    is(MENTION.roomKey),
                    MENTION.seq.gt(bind(MENTION.seq)),
                    MENTION.seq.lt(bind(MENTION.seq))));
  }

  private static Query summary(DSLContext jooq, Condition parents) {
    return jooq.select(
            REPLY.parentSeq,
            REPLY.userId,
            REPLY.readers,
            DSL.count(),
            DSL.max(REPLY.seq),
            DSL.max(REPLY.atMs))
        .from(REPLY)
        .where(is(REPLY.roomKey), parents)
        .groupBy(REPLY.parentSeq, REPLY.userId, REPLY.readers);
  }
}
