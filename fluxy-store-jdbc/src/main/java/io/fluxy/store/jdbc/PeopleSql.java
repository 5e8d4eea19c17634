package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.isOneOf;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.MEMBER;
import static io.fluxy.store.jdbc.Tables.REACTION;
import static io.fluxy.store.jdbc.Tables.READ;

import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.impl.DSL;

/**
 * Every statement on reactions, members and read positions. Its binds are in the order in which
 * they are told here.
 */
final class PeopleSql {
  /** Message, emoji, user, oldest first: room, first message, last message. */
  final String reactions;

  /** The same: room, {@link LogSql#CHOSEN} messages. */
  final String reactionsOfChosen;

  /** 0 or 1: room, message, emoji, user. */
  final String hasReaction;

  /** Room, message, emoji, user, seq. */
  final String addReaction;

  /** Room, message, emoji, user. */
  final String removeReaction;

  /** All that a user has put anywhere: room, user. */
  final String removeReactionsBy;

  /** User, role, time; longest first: room, max. */
  final String members;

  /** Role: room, user. */
  final String role;

  /** Role, room, user. */
  final String changeRole;

  /** Room, user, role, time. */
  final String addMember;

  /** Room, user. */
  final String removeMember;

  /** Up to where: room, user. */
  final String read;

  /** Moves it forth, never back: seq, room, user, seq. */
  final String readOn;

  /** Room, user, seq. */
  final String addRead;

  PeopleSql(DSLContext jooq) {
    reactions =
        jooq.render(
            reactions(
                jooq,
                REACTION.targetSeq.between(bind(REACTION.targetSeq), bind(REACTION.targetSeq))));
    reactionsOfChosen = jooq.render(reactions(jooq, isOneOf(REACTION.targetSeq, LogSql.CHOSEN)));
    hasReaction = jooq.render(jooq.selectCount().from(REACTION).where(thisReaction()));
    addReaction =
        jooq.render(
            Sql.insert(
                jooq,
                REACTION,
                REACTION.roomKey,
                REACTION.targetSeq,
                REACTION.emoji,
                REACTION.userId,
                REACTION.seq));
    removeReaction = jooq.render(jooq.deleteFrom(REACTION).where(thisReaction()));
    removeReactionsBy =
        jooq.render(jooq.deleteFrom(REACTION).where(is(REACTION.roomKey), is(REACTION.userId)));
    members =
        jooq.render(
            jooq.select(MEMBER.userId, MEMBER.role, MEMBER.joinedAt)
                .from(MEMBER)
                .where(is(MEMBER.roomKey))
                .orderBy(MEMBER.joinedAt, MEMBER.userId)
                .limit(max()));
    role =
        jooq.render(
            jooq.select(MEMBER.role).from(MEMBER).where(is(MEMBER.roomKey), is(MEMBER.userId)));
    changeRole =
        jooq.render(
            jooq.update(MEMBER)
                .set(MEMBER.role, bind(MEMBER.role))
                .where(is(MEMBER.roomKey), is(MEMBER.userId)));
    addMember =
        jooq.render(
            Sql.insert(jooq, MEMBER, MEMBER.roomKey, MEMBER.userId, MEMBER.role, MEMBER.joinedAt));
    removeMember =
        jooq.render(jooq.deleteFrom(MEMBER).where(is(MEMBER.roomKey), is(MEMBER.userId)));
    read = jooq.render(jooq.select(READ.seq).from(READ).where(is(READ.roomKey), is(READ.userId)));
    readOn =
        jooq.render(
            jooq.update(READ)
                .set(READ.seq, bind(READ.seq))
                .where(is(READ.roomKey), is(READ.userId), READ.seq.lt(bind(READ.seq))));
    addRead = jooq.render(Sql.insert(jooq, READ, READ.roomKey, READ.userId, READ.seq));
  }

  private static Query reactions(DSLContext jooq, Condition messages) {
    return jooq.select(REACTION.targetSeq, REACTION.emoji, REACTION.userId)
        .from(REACTION)
        .where(is(REACTION.roomKey), messages)
        .orderBy(REACTION.seq);
  }

  private static Condition thisReaction() {
    return DSL.and(
        is(REACTION.roomKey), is(REACTION.targetSeq), is(REACTION.emoji), is(REACTION.userId));
  }
}
