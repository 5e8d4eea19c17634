package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.isOneOf;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.LOG;
import static org.jooq.impl.DSL.inline;

import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.SortField;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Every statement on logs. Its binds are in the order in which they are told here. */
final class LogSql {
  /** How many seqs {@link #chosen} takes; spare places repeat one. */
  static final int CHOSEN = 32;

  /**
   * By the whole primary key, although the room is given: or else H2 sorts instead of walking it.
   */
  private static final List<SortField<Long>> OLDEST_FIRST =
      List.of(LOG.roomKey.asc(), LOG.seq.asc());

  private static final List<SortField<Long>> NEWEST_FIRST =
      List.of(LOG.roomKey.desc(), LOG.seq.desc());

  /** All columns of a new row, see {@link LogRow#bind}. */
  final String insert;

  /** Seq and time of the newest row: room. */
  final String head;

  /** Time of a row: room, seq. */
  final String time;

  /** A stretch, for {@link LogRow#event}: room, after seq, max. */
  final String events;

  /** Messages, for {@link LogRow#message}: room, before seq, max. */
  final String page;

  /** Seq of the message after so many, newest first: room, how many. */
  final String nthNewest;

  /** Seqs of messages with a label in a stretch, oldest first: room, after seq, before seq. */
  final String labelled;

  /** Messages: room, {@link #CHOSEN} seqs. */
  final String chosen;

  /** A message: room, user, client id. */
  final String byClientId;

  /** Readers, how many and the first of the messages of others: room, after seq, user, max. */
  final String unread;

  /** How many messages: room, from seq. */
  final String posts;

  /** Gives a message new text: text, time, version, room, seq. */
  final String edit;

  /** Marks a message as deleted: time, version, room, seq. */
  final String delete;

  /** Takes the text out of a message: room, seq. */
  final String erase;

  /** Takes the text out of a message's edits: room, after seq, message. */
  final String eraseEdits;

  /** Seqs of messages in a stretch, whatever became of them: room, after seq, before seq. */
  final String posted;

  /** The same of one user: room, after seq, before seq, user. */
  final String postedBy;

  /** Messages of a user, oldest first, for {@link LogRow#message}: room, user, max. */
  final String messagesBy;

  /** Messages that mention somebody, for {@link LogRow#message}: room, pattern, max. */
  final String mentioning;

  /** Seq of the first message that is not deleted: room. */
  final String firstKept;

  /** Takes the text out of all messages of a stretch: room, after seq, before seq. */
  final String emptyAll;

  /** Takes the text out of their edits: room, after seq, after message, before message. */
  final String emptyEdits;

  /** Marks as deleted what is not yet: time, room, after seq, before seq. */
  final String deleteAll;

  /** Takes the text out of deleted messages of a user: room, after seq, before seq, user. */
  final String emptyDeletedBy;

  /** Changes the text of a user's other messages: text, time, room, after, before, user. */
  final String redactBy;

  /** And of their edits: text, room, after seq, after message, before message, user. */
  final String redactEditsBy;

  private final DSLContext jooq;

  LogSql(DSLContext jooq) {
    this.jooq = jooq;
    insert = jooq.render(Sql.insert(jooq, LOG, LogRow.INSERTED));
    head =
        jooq.render(
            jooq.select(LOG.seq, LOG.atMs)
                .from(LOG)
                .where(is(LOG.roomKey))
                .orderBy(NEWEST_FIRST)
                .limit(inline(1)));
    time = jooq.render(jooq.select(LOG.atMs).from(LOG).where(is(LOG.roomKey), is(LOG.seq)));
    events = jooq.render(stretch());
    page =
        jooq.render(
            messages(is(LOG.roomKey), isBefore(), LOG.deletedAt.isNull())
                .orderBy(NEWEST_FIRST)
                .limit(max()));
    nthNewest =
        jooq.render(
            jooq.select(LOG.seq)
                .from(LOG)
                .where(is(LOG.roomKey), isPost(), LOG.deletedAt.isNull())
                .orderBy(NEWEST_FIRST)
                .limit(inline(1))
                .offset(max()));
    labelled =
        jooq.render(
            jooq.select(LOG.seq)
                .from(LOG)
                .where(
                    inStretch(),
                    isPost(),
                    LOG.deletedAt.isNull(),
                    LOG.extra.like(inline(Extra.WITH_LABEL), '!'))
                .orderBy(OLDEST_FIRST));
    chosen = jooq.render(messages(is(LOG.roomKey), isOneOf(LOG.seq, CHOSEN)).orderBy(OLDEST_FIRST));
    byClientId = jooq.render(messages(is(LOG.roomKey), is(LOG.userId), is(LOG.clientId)));
    unread = jooq.render(unreadByOthers());
    posts =
        jooq.render(
            jooq.selectCount()
                .from(LOG)
                .where(is(LOG.roomKey), LOG.seq.ge(bind(LOG.seq)), isPost()));
    edit =
        jooq.render(
            jooq.update(LOG)
                .set(LOG.revised, bind(LOG.revised))
                .set(LOG.revisedAt, bind(LOG.revisedAt))
                .set(LOG.version, bind(LOG.version))
                .where(is(LOG.roomKey), is(LOG.seq), isPost(), LOG.deletedAt.isNull()));
    delete =
        jooq.render(
            jooq.update(LOG)
                .set(LOG.deletedAt, bind(LOG.deletedAt))
                .set(LOG.version, bind(LOG.version))
                .where(is(LOG.roomKey), is(LOG.seq), isPost()));
    erase =
        jooq.render(
            jooq.update(LOG)
                .set(LOG.body, inline(""))
                .set(LOG.extra, inline(null, LOG.extra))
                .set(LOG.revised, inline(null, LOG.revised))
                .where(is(LOG.roomKey), is(LOG.seq), isPost()));
    eraseEdits =
        jooq.render(
            jooq.update(LOG)
                .set(LOG.body, inline(""))
                .where(is(LOG.roomKey), isAfter(), isEdit(), is(LOG.targetSeq)));
    posted = jooq.render(jooq.select(LOG.seq).from(LOG).where(inStretch(), isPost()));
    postedBy =
        jooq.render(jooq.select(LOG.seq).from(LOG).where(inStretch(), isPost(), is(LOG.userId)));
    messagesBy =
        jooq.render(messages(is(LOG.roomKey), is(LOG.userId)).orderBy(OLDEST_FIRST).limit(max()));
    mentioning =
        jooq.render(
            messages(is(LOG.roomKey), LOG.extra.like(bind(LOG.extra), '!'))
                .orderBy(OLDEST_FIRST)
                .limit(max()));
    firstKept =
        jooq.render(
            jooq.select(LOG.seq)
                .from(LOG)
                .where(is(LOG.roomKey), isPost(), LOG.deletedAt.isNull())
                .orderBy(OLDEST_FIRST)
                .limit(inline(1)));
    emptyAll = jooq.render(emptied(inStretch(), isPost()));
    emptyEdits = jooq.render(jooq.update(LOG).set(LOG.body, inline("")).where(editsOfStretch()));
    deleteAll =
        jooq.render(
            jooq.update(LOG)
                .set(LOG.deletedAt, bind(LOG.deletedAt))
                .set(LOG.version, LOG.version.add(inline(1)))
                .where(inStretch(), isPost(), LOG.deletedAt.isNull()));
    emptyDeletedBy =
        jooq.render(emptied(inStretch(), isPost(), is(LOG.userId), LOG.deletedAt.isNotNull()));
    redactBy =
        jooq.render(
            jooq.update(LOG)
                .set(LOG.body, bind(LOG.body))
                .set(LOG.revisedAt, bind(LOG.revisedAt))
                .set(LOG.extra, inline(null, LOG.extra))
                .set(LOG.revised, inline(null, LOG.revised))
                .set(LOG.version, LOG.version.add(inline(1)))
                .where(inStretch(), isPost(), is(LOG.userId), LOG.deletedAt.isNull()));
    redactEditsBy =
        jooq.render(
            jooq.update(LOG).set(LOG.body, bind(LOG.body)).where(editsOfStretch(), is(LOG.userId)));
  }

  private Condition inStretch() {
    return DSL.and(is(LOG.roomKey), isAfter(), isBefore());
  }

  private Condition editsOfStretch() {
    return DSL.and(
        is(LOG.roomKey),
        isAfter(),
        isEdit(),
        LOG.targetSeq.gt(bind(LOG.targetSeq)),
        LOG.targetSeq.lt(bind(LOG.targetSeq)));
  }

  private Query emptied(Condition... where) {
    return jooq.update(LOG)
        .set(LOG.body, inline(""))
        .set(LOG.extra, inline(null, LOG.extra))
        .set(LOG.revised, inline(null, LOG.revised))
        .where(where);
  }

  private Query stretch() {
    Table<Record> message = LOG.as("message");
    Field<Long> messageDeletedAt =
        DSL.field(
            jooq.select(message.field(LOG.deletedAt))
                .from(message)
                .where(
                    isEdit(),
                    message.field(LOG.roomKey).eq(LOG.roomKey),
                    message.field(LOG.seq).eq(LOG.targetSeq)));
    return jooq.select(
            LOG.seq,
            LOG.kind,
            LOG.atMs,
            LOG.userId,
            LOG.targetSeq,
            LOG.clientId,
            LOG.body,
            LOG.extra,
            LOG.version,
            LOG.deletedAt,
            messageDeletedAt,
            LOG.readers)
        .from(LOG)
        .where(is(LOG.roomKey), isAfter())
        .orderBy(OLDEST_FIRST)
        .limit(max());
  }

  private SelectConditionStep<?> messages(Condition... where) {
    return jooq.select(
            LOG.seq,
            LOG.atMs,
            LOG.userId,
            LOG.targetSeq,
            LOG.clientId,
            LOG.body,
            LOG.extra,
            LOG.version,
            LOG.revised,
            LOG.revisedAt,
            LOG.deletedAt,
            LOG.readers)
        .from(LOG)
        .where(where)
        .and(isPost());
  }

  private Query unreadByOthers() {
    Field<String> readers = DSL.field(DSL.unquotedName("readers"), LOG.readers.getDataType());
    Field<Long> seq = DSL.field(DSL.unquotedName("seq"), LOG.seq.getDataType());
    return jooq.select(readers, DSL.count(), DSL.min(seq))
        .from(
            jooq.select(LOG.seq, LOG.readers)
                .from(LOG)
                .where(
                    is(LOG.roomKey),
                    isAfter(),
                    isPost(),
                    LOG.deletedAt.isNull(),
                    LOG.userId.ne(bind(LOG.userId)))
                .orderBy(OLDEST_FIRST)
                .limit(max())
                .asTable("unread"))
        .groupBy(readers);
  }

  private static Condition isPost() {
    return LOG.kind.eq(inline(LogRow.POSTED));
  }

  private static Condition isEdit() {
    return LOG.kind.eq(inline(LogRow.EDITED));
  }

  private static Condition isAfter() {
    return LOG.seq.gt(bind(LOG.seq));
  }

  private static Condition isBefore() {
    return LOG.seq.lt(bind(LOG.seq));
  }
}
