package io.fluxy.store.jdbc;

import io.fluxy.chat.Attachment;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.store.Personal;
import io.fluxy.store.SanctionRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from events beyond their own rows: how messages stand, reactions, memberships. Of
 * the writer thread only.
 */
final class Consequences {
  private final Session session;
  private final LogSql log;
  private static final short NOTE_OF_DRAFT = JdbcPersonal.number(Personal.Kind.DRAFT);
  private static final short NOTE_OF_PREFERENCES = JdbcPersonal.number(Personal.Kind.PREFERENCES);

  private final PeopleSql people;
  private final NoteSql notes;
  private final ExpirySql expiries;
  private final StreamSql streams;
  private final DirectorySql directory;
  private final RoomEnd roomEnd;
  private final Rooms rooms;
  private final FullText text;
  private final AgentSql agents;
  private final OperatorSql operators;
  private final AttachmentSql attachments;
  private final ThreadRows threads;
  private final List<Consequence> expected = new ArrayList<>();

  private record Consequence(RoomRow room, Event.Durable event) {}

  Consequences(Session session, Statements sql, Rooms rooms) {
    text = sql.text;
    this.session = session;
    log = sql.log;
    people = sql.people;
    notes = sql.notes;
    expiries = sql.expiries;
    streams = sql.streams;
    directory = sql.directory;
    roomEnd = sql.roomEnd;
    this.rooms = rooms;
    agents = sql.agents;
    operators = sql.operators;
    attachments = sql.attachments;
    threads = new ThreadRows(session, sql.threads);
  }

  /** Notes an event whose row is about to be saved. */
  void expect(RoomRow room, Event.Durable event) {
    if (!(event instanceof Event.Posted posted)
        || posted.stream() != null
        || posted.message().expiresAtMs() != null
        || !posted.message().attachments().isEmpty()
        || ThreadRows.concern(posted.message())) {
      expected.add(new Consequence(room, event));
    }
  }

  void forget() {
    expected.clear();
  }

  /** Does what follows from all noted events, in their order. */
  void apply() throws SQLException {
    for (Consequence consequence : expected) {
      apply(consequence.room(), consequence.event());
    }
    expected.clear();
  }

  private void apply(RoomRow row, Event.Durable event) throws SQLException {
    long room = row.key();
    if (event instanceof Event.Posted posted) {
      begin(row, posted);
    } else if (event instanceof Event.Edited edited) {
      long seq = Message.seqOf(edited.messageId());
      session.update(streams.end, room, seq);
      session.update(log.edit, edited.content(), edited.atMs(), edited.version(), room, seq);
    } else if (event instanceof Event.Deleted deleted) {
      delete(row, deleted);
    } else if (event instanceof Event.Reacted reacted) {
      react(room, reacted);
    } else if (event instanceof Event.MemberAdded added) {
      String role = added.role().word();
      if (session.update(people.changeRole, role, room, added.userId()) == 0) {
        session.update(people.addMember, room, added.userId(), role, added.atMs());
      }
    } else if (event instanceof Event.Purged purged) {
      purge(row, purged);
    } else if (event instanceof Event.Imposed imposed) {
      impose(room, imposed);
    } else if (event instanceof Event.MemberRemoved removed) {
      session.update(people.removeMember, room, removed.userId());
      session.update(notes.remove, room, NOTE_OF_DRAFT, 0L, removed.userId());
      session.update(notes.remove, room, NOTE_OF_PREFERENCES, 0L, removed.userId());
    } else if (event instanceof Event.RoomChanged changed) {
      session.update(directory.changeRoom, changed.name(), changed.type().word(), room);
      rooms.forget(row.id());
    } else if (event instanceof Event.Pinned pinned) {
      pin(room, pinned);
    } else if (event instanceof Event.RoomDeleted deleted) {
      session.update(directory.unpin, room, 0L, Long.MAX_VALUE);
      roomEnd.run(session, room, deleted.seq());
      session.update(directory.endRoom, deleted.atMs(), room);
      session.update(attachments.doomRoom, row.id().project(), row.id().name());
      rooms.forget(row.id());
    } else if (event instanceof Event.RunReported run && run.readers() == null) {
      report(room, run);
    }
  }

  private void report(long room, Event.RunReported run) throws SQLException {
    int changed =
        session.update(agents.changeRun, run.status(), run.atMs(), run.json(), room, run.runId());
    if (changed == 0) {
      session.update(
          agents.addRun, room, run.runId(), run.agentId(), run.status(), run.atMs(), run.json());
    }
  }

  private void pin(long room, Event.Pinned pinned) throws SQLException {
    Long messageId = pinned.messageId();
    if (messageId == null) {
      session.update(directory.unpin, room, 0L, Long.MAX_VALUE);
    } else {
      long seq = Message.seqOf(messageId);
      session.update(directory.pin, seq, pinned.atMs(), pinned.by(), room);
    }
  }

  private void begin(RoomRow row, Event.Posted posted) throws SQLException {
    long room = row.key();
    threads.posted(row, posted.message());
    for (Attachment attachment : posted.message().attachments()) {
      if (attachment.fileId() != null) {
        session.update(
            attachments.show,
            posted.seq(),
            row.id().project(),
            attachment.fileId(),
            row.id().name(),
            posted.message().userId());
      }
    }
    if (posted.stream() != null) {
      session.update(streams.begin, room, posted.seq(), posted.stream().runId(), 0L);
    }
    if (posted.message().expiresAtMs() != null) {
      session.update(expiries.add, posted.message().expiresAtMs(), room, posted.seq());
    }
  }

  private void impose(long room, Event.Imposed imposed) throws SQLException {
    SanctionRecord before =
        session.first(operators.sanction, LogReader::sanction, room, imposed.userId()).orElse(null);
    SanctionRecord after = SanctionRecord.after(before, imposed);
    session.update(operators.removeSanction, room, imposed.userId());
    if (!after.isNone()) {
      session.update(
          operators.addSanction,
          room,
          imposed.userId(),
          after.mutedUntilMs(),
          after.bannedUntilMs(),
          after.isBlocked() ? 1L : 0L);
    }
  }

  private void delete(RoomRow row, Event.Deleted deleted) throws SQLException {
    long room = row.key();
    long seq = Message.seqOf(deleted.messageId());
    threads.deleted(room, seq);
    session.update(attachments.doomShown, row.id().project(), row.id().name(), seq - 1, seq + 1);
    session.update(streams.end, room, seq);
    session.update(expiries.remove, room, seq);
    session.update(directory.unpin, room, seq - 1, seq + 1);
    session.update(log.delete, deleted.atMs(), deleted.version(), room, seq);
    if (deleted.hard()) {
      session.update(log.erase, room, seq);
      session.update(log.eraseEdits, room, seq, seq);
      text.remove(session, room, seq);
    }
  }

  /** Messages with a label lie side by side, mostly: each run of them is purged as a whole. */
  private void purgeLabelled(RoomRow where, Event.Purged purged) throws SQLException {
    long first = 0;
    long last = 0;
    for (long seq :
        session.list(
            log.labelled,
            row -> row.getLong(1),
            where.key(),
            purged.afterSeq(),
            purged.beforeSeq())) {
      if (seq > last + 1) {
        purgeRun(where, purged, first, last);
        first = seq;
      }
      last = seq;
    }
    purgeRun(where, purged, first, last);
  }

  private void purgeRun(RoomRow where, Event.Purged of, long first, long last) throws SQLException {
    if (last > 0) {
      purge(
          where,
          new Event.Purged(
              of.seq(), of.atMs(), of.userId(), first - 1, last + 1, of.by(), List.of()));
    }
  }

  private void purge(RoomRow where, Event.Purged purged) throws SQLException {
    if (!purged.isOfAll()) {
      purgeLabelled(where, purged);
      return;
    }
    long room = where.key();
    String project = where.id().project();
    String name = where.id().name();
    long after = purged.afterSeq();
    long before = purged.beforeSeq();
    String userId = purged.userId();
    List<Long> posted =
        userId == null
            ? session.list(log.posted, row -> row.getLong(1), room, after, before)
            : session.list(log.postedBy, row -> row.getLong(1), room, after, before, userId);
    unlist(room, posted);
    new Redaction(session, streams, room, purged).run(posted);
    if (userId == null) {
      session.update(attachments.doomShown, project, name, after, before);
      threads.purged(room, purged, List.of());
      session.update(directory.unpin, room, after, before);
      session.update(log.emptyAll, room, after, before);
      session.update(log.emptyEdits, room, after, after, before);
      session.update(log.deleteAll, purged.atMs(), room, after, before);
    } else {
      session.update(attachments.doomShownBy, project, name, after, before, userId);
      threads.purged(room, purged, posted);
      session.update(log.emptyDeletedBy, room, after, before, userId);
      session.update(log.redactBy, Message.ERASED, purged.atMs(), room, after, before, userId);
      session.update(log.redactEditsBy, Message.ERASED, room, after, after, before, userId);
      session.update(people.removeReactionsBy, room, userId);
    }
  }

  private void unlist(long room, List<Long> seqs) throws SQLException {
    for (long seq : seqs) {
      text.remove(session, room, seq);
    }
  }

  private void react(long room, Event.Reacted reacted) throws SQLException {
    long seq = Message.seqOf(reacted.messageId());
    if (!reacted.add()) {
      session.update(people.removeReaction, room, seq, reacted.emoji(), reacted.userId());
    } else if (session.number(people.hasReaction, room, seq, reacted.emoji(), reacted.userId())
        == 0) {
      session.update(
          people.addReaction, room, seq, reacted.emoji(), reacted.userId(), reacted.seq());
    }
  }
}
