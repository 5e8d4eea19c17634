package io.fluxy.store.jdbc;

import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.Personal;
import io.fluxy.store.PersonalData;
import io.fluxy.store.RoomRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a database keeps of one user; long questions, so they wait with the searches. */
final class JdbcPersonalData implements PersonalData {
  private static final String ROOMS =
      "select "
          + SearchScope.ROOM_COLUMNS
          + " from fluxy_room r where r.deleted_at is null and r.project_id = ? and r.number > ?";
  private static final String NAMING =
      " and (exists (select 1 from fluxy_log l where l.room_key = r.room_key and l.user_id = ?)"
          + " or exists (select 1 from fluxy_member m where m.room_key = r.room_key"
          + " and m.user_id = ?)"
          + " or exists (select 1 from fluxy_read d where d.room_key = r.room_key"
          + " and d.user_id = ?)"
          + " or exists (select 1 from fluxy_note n where n.room_key = r.room_key"
          + " and n.user_id = ?)"
          + " or exists (select 1 from fluxy_sanction s where s.room_key = r.room_key"
          + " and s.user_id = ?))";
  private static final String IN_ORDER = " order by r.project_id, r.number limit ?";
  private static final String PUT =
      "select target_seq, emoji from fluxy_reaction where room_key = ? and user_id = ?"
          + " order by target_seq, seq limit ?";
  private static final String READ =
      "select seq from fluxy_read where room_key = ? and user_id = ?";
  private static final String MEMBER =
      "select role, joined_at from fluxy_member where room_key = ? and user_id = ?";
  private static final String NOTED =
      "select kind, seq, body, at_ms from fluxy_note where room_key = ? and user_id = ?"
          + " order by kind, seq limit ?";
  private static final String MODERATED =
      "select seq, at_ms, user_id, extra from fluxy_log where room_key = ? and kind = 20"
          + " and body = ? order by room_key, seq limit ?";
  private static final String FORGET_REPORTS =
      "update fluxy_report set reason = ? where project_id = ? and user_id = ? and reason <> ''";
  private static final String AUDITS =
      "select audit_id, metadata from fluxy_audit where project_id = ? and metadata like"
          + " '%\"reason\"%' and (actor = ? or (target_type = 'user' and target_id = ?))";
  private static final String CHANGE_AUDIT =
      "update fluxy_audit set metadata = ? where audit_id = ?";
  private static final String FORGET_NOTES =
      "delete from fluxy_note where user_id = ? and room_key in"
          + " (select room_key from fluxy_room where project_id = ?)";
  private static final String FORGET_PENDING =
      "delete from fluxy_pending where user_id = ? and room_key in"
          + " (select room_key from fluxy_room where project_id = ?)";
  private static final String FORGET_READS =
      "delete from fluxy_read where user_id = ? and room_key in"
          + " (select room_key from fluxy_room where project_id = ?)";

  private final LogSql log;
  private final Rooms rooms;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcPersonalData(Statements sql, Rooms rooms, WriteQueue writes, ReadPool reads) {
    this.log = sql.log;
    this.rooms = rooms;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<List<RoomRecord>> rooms(
      String projectId, @Nullable String userId, long afterNumber, int max) {
    return reads.ask(
        projectId,
        session ->
            list(session, projectId, userId, afterNumber, max).stream()
                .map(RoomRow::record)
                .toList());
  }

  private static List<RoomRow> list(
      Session session, String projectId, @Nullable String userId, long afterNumber, int max)
      throws SQLException {
    return userId == null
        ? session.list(ROOMS + IN_ORDER, RoomRow::of, projectId, afterNumber, max)
        : session.list(
            ROOMS + NAMING + IN_ORDER,
            RoomRow::of,
            projectId,
            afterNumber,
            userId,
            userId,
            userId,
            userId,
            userId,
            max);
  }

  @Override
  public CompletionStage<Report> of(String projectId, String userId, int max) {
    return reads.ask(projectId, session -> report(session, projectId, userId, max));
  }

  private Report report(Session session, String projectId, String userId, int max)
      throws SQLException {
    List<Said> messages = new ArrayList<>();
    List<Put> put = new ArrayList<>();
    List<Place> read = new ArrayList<>();
    List<Membership> memberships = new ArrayList<>();
    List<Said> mentions = new ArrayList<>();
    List<Kept> notes = new ArrayList<>();
    List<Moderated> moderated = new ArrayList<>();
    String mention = ScanText.containing('"' + userId + '"');
    for (RoomRow room : list(session, projectId, userId, 0, max)) {
      RoomRecord record = room.record();
      messages.addAll(
          session.list(
              log.messagesBy,
              row -> new Said(record, LogRow.message(row, room)),
              room.key(),
              userId,
              max - messages.size()));
      put.addAll(
          session.list(
              PUT,
              row -> new Put(record, Message.id(room.number(), row.getLong(1)), row.getString(2)),
              room.key(),
              userId,
              max - put.size()));
      read.addAll(
          session.list(
              READ,
              row -> new Place(record, Message.id(room.number(), row.getLong(1))),
              room.key(),
              userId));
      memberships.addAll(
          session.list(
              MEMBER,
              row ->
                  new Membership(
                      record,
                      new MemberRecord(
                          userId, Role.of(row.getString(1)).orElse(Role.MEMBER), row.getLong(2))),
              room.key(),
              userId));
      moderated.addAll(
          session.list(
              MODERATED,
              row ->
                  new Moderated(
                      record,
                      Extra.of(row.getString(4))
                          .sanction(row.getLong(1), row.getLong(2), row.getString(3), userId)),
              room.key(),
              userId,
              max - moderated.size()));
      notes.addAll(
          session.list(
              NOTED, row -> kept(row, room, userId), room.key(), userId, max - notes.size()));
      for (Said said :
          session.list(
              log.mentioning,
              row -> new Said(record, LogRow.message(row, room)),
              room.key(),
              mention,
              max)) {
        if (said.message().mentions().contains(userId) && mentions.size() < max) {
          mentions.add(said);
        }
      }
    }
    return new Report(messages, put, read, memberships, mentions, notes, moderated);
  }

  private static Kept kept(ResultSet row, RoomRow room, String userId) throws SQLException {
    long seq = row.getLong(2);
    return new Kept(
        room.record(),
        JdbcPersonal.kind(row.getShort(1)),
        seq == 0 ? 0 : Message.id(room.number(), seq),
        new Personal.Note(userId, row.getString(3), row.getLong(4)));
  }

  @Override
  public CompletionStage<Void> forgetBesideLogs(String projectId, String userId) {
    return writes.add(
        new Write<Void>(projectId) {
          @Override
          @Nullable Void run(Transaction transaction) throws SQLException {
            transaction.session().update(FORGET_READS, userId, projectId);
            transaction.session().update(FORGET_NOTES, userId, projectId);
            transaction.session().update(FORGET_PENDING, userId, projectId);
            forgetReasons(transaction.session(), projectId, userId);
            return null;
          }
        });
  }

  private static void forgetReasons(Session session, String projectId, String userId)
      throws SQLException {
    session.update(FORGET_REPORTS, Message.ERASED, projectId, userId);
    for (OperatorStore.AuditRecord audit :
        session.list(
            AUDITS,
            row ->
                new OperatorStore.AuditRecord(
                    projectId, row.getString(1), "", "", "", "", "", "", row.getString(2), 0),
            projectId,
            userId,
            userId)) {
      session.update(CHANGE_AUDIT, audit.withoutReason().metadata(), audit.id());
    }
  }

  @Override
  public CompletionStage<Long> firstKept(RoomId id) {
    return reads.ask(
        id.toString(),
        session -> {
          Optional<RoomRow> room = rooms.find(session, id);
          return room.isPresent() ? session.number(log.firstKept, room.get().key()) : 0L;
        });
  }
}
