package io.fluxy.store.jdbc;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Replies;
import io.fluxy.chat.Role;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.OpenStream;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.SanctionRecord;
import io.fluxy.store.Unread;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads logs. Safe for use by many threads, each with its own session. */
final class LogReader {
  private static final int UNREAD_MAX = 1_000;

  private final LogSql log;
  private final PeopleSql people;
  private final StreamSql streams;
  private final ThreadSql threads;

  private record Beat(String runId, long count) {}

  private final OperatorSql operators;

  /** Where a log ends. */
  private record Head(long seq, long atMs) {}

  LogReader(Statements sql) {
    log = sql.log;
    people = sql.people;
    streams = sql.streams;
    threads = sql.threads;
    operators = sql.operators;
  }

  /**
   * The head first: whatever is written meanwhile, nothing newer than the head is in the answer's
   * messages.
   */
  OpenedRoom open(Session session, RoomRow room, int newestMax) throws SQLException {
    Head head = head(session, room);
    List<MemberRecord> members = members(session, room, Integer.MAX_VALUE);
    List<StoredMessage> newest = page(session, room, head.seq() + 1, newestMax);
    List<OpenStream> streams =
        streams(session, room).stream().filter(s -> s.message().seq() <= head.seq()).toList();
    List<SanctionRecord> sanctions =
        session.list(operators.sanctions, LogReader::sanction, room.key());
    return new OpenedRoom(
        room.record(), head.seq(), head.atMs(), members, newest, streams, sanctions);
  }

  static SanctionRecord sanction(ResultSet row) throws SQLException {
    return new SanctionRecord(
        row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4) != 0);
  }

  /** Messages that are being written bit by bit, oldest first. */
  List<OpenStream> streams(Session session, RoomRow room) throws SQLException {
    Map<Long, Beat> beats = new LinkedHashMap<>();
    session.list(
        streams.open,
        row -> beats.put(row.getLong(1), new Beat(row.getString(2), row.getLong(3))),
        room.key());
    if (beats.isEmpty()) {
      return List.of();
    }
    List<OpenStream> open = new ArrayList<>();
    for (StoredMessage stored : chosen(session, room, beats.keySet())) {
      Message message = stored.message();
      Beat beat = beats.get(message.seq());
      if (beat != null && !message.isDeleted()) {
        open.add(new OpenStream(message, beat.runId(), beat.count()));
      }
    }
    return open;
  }

  private Head head(Session session, RoomRow room) throws SQLException {
    return session
        .first(log.head, row -> new Head(row.getLong(1), row.getLong(2)), room.key())
        .orElse(new Head(0, 0));
  }

  List<Event.Durable> events(Session session, RoomRow room, long afterSeq, int max)
      throws SQLException {
    return session.list(log.events, row -> LogRow.event(row, room), room.key(), afterSeq, max);
  }

  List<StoredMessage> page(Session session, RoomRow room, long beforeSeq, int max)
      throws SQLException {
    List<Message> page =
        session.list(log.page, row -> LogRow.message(row, room), room.key(), beforeSeq, max);
    if (page.isEmpty()) {
      return List.of();
    }
    long first = page.get(page.size() - 1).seq();
    long last = page.get(0).seq();
    return stored(
        page,
        reactions(session, people.reactions, room.key(), first, last),
        Answers.list(session, threads.summary, room.key(), first, last));
  }

  long nthNewest(Session session, long roomKey, int nth) throws SQLException {
    return session.first(log.nthNewest, row -> row.getLong(1), roomKey, nth - 1).orElse(0L);
  }

  /** Answers to a message, newest first. */
  List<StoredMessage> replies(
      Session session, RoomRow room, long parentSeq, long beforeSeq, int max) throws SQLException {
    List<Long> seqs =
        session.list(threads.replies, row -> row.getLong(1), room.key(), parentSeq, beforeSeq, max);
    List<StoredMessage> page = new ArrayList<>(chosen(session, room, seqs));
    Collections.reverse(page);
    return page;
  }

  List<StoredMessage> chosen(Session session, RoomRow room, Collection<Long> seqs)
      throws SQLException {
    List<Long> sorted = new ArrayList<>(new TreeSet<>(seqs));
    List<StoredMessage> found = new ArrayList<>();
    for (int from = 0; from < sorted.size(); from += LogSql.CHOSEN) {
      Object[] binds = new Object[1 + LogSql.CHOSEN];
      binds[0] = room.key();
      for (int i = 0; i < LogSql.CHOSEN; i++) {
        binds[1 + i] = sorted.get(Math.min(from + i, sorted.size() - 1));
      }
      List<Message> messages = session.list(log.chosen, row -> LogRow.message(row, room), binds);
      found.addAll(
          stored(
              messages,
              reactions(session, people.reactionsOfChosen, binds),
              Answers.list(session, threads.summaryOfChosen, binds)));
    }
    return found;
  }

  Optional<StoredMessage> find(Session session, RoomRow room, String userId, String clientId)
      throws SQLException {
    Optional<Message> message =
        session.first(
            log.byClientId, row -> LogRow.message(row, room), room.key(), userId, clientId);
    if (message.isEmpty()) {
      return Optional.empty();
    }
    long seq = message.get().seq();
    return stored(
            List.of(message.get()),
            reactions(session, people.reactions, room.key(), seq, seq),
            Answers.list(session, threads.summary, room.key(), seq, seq))
        .stream()
        .findFirst();
  }

  private static List<StoredMessage> stored(
      List<Message> messages,
      Map<Long, Map<String, Set<String>>> reactions,
      List<Answers> answers) {
    List<StoredMessage> stored = new ArrayList<>(messages.size());
    for (Message message : messages) {
      Replies replies = answers.isEmpty() ? null : Answers.to(message, answers);
      stored.add(
          new StoredMessage(message, reactions.getOrDefault(message.seq(), Map.of()), replies));
    }
    return stored;
  }

  /** By message, then by emoji, oldest first. */
  private static Map<Long, Map<String, Set<String>>> reactions(
      Session session, String sql, Object... binds) throws SQLException {
    Map<Long, Map<String, Set<String>>> reactions = new HashMap<>();
    session.list(sql, row -> add(reactions, row), binds);
    return reactions;
  }

  private static boolean add(Map<Long, Map<String, Set<String>>> reactions, ResultSet row)
      throws SQLException {
    return reactions
        .computeIfAbsent(row.getLong(1), none -> new LinkedHashMap<>())
        .computeIfAbsent(row.getString(2), none -> new LinkedHashSet<>())
        .add(row.getString(3));
  }

  List<MemberRecord> members(Session session, RoomRow room, int max) throws SQLException {
    return session.list(people.members, LogReader::member, room.key(), max);
  }

  private static MemberRecord member(ResultSet row) throws SQLException {
    String word = row.getString(2);
    Role role = Role.of(word).orElseThrow(() -> new SQLException("no role: " + word));
    return new MemberRecord(row.getString(1), role, row.getLong(3));
  }

  /** Messages of others after what the user has read, counted up to a bound. */
  Unread unread(Session session, long roomKey, User reader) throws SQLException {
    long readSeq = session.number(people.read, roomKey, reader.id());
    List<Others> others =
        session.list(log.unread, Others::of, roomKey, readSeq, reader.id(), UNREAD_MAX);
    int count = 0;
    long first = 0;
    Role role = null;
    for (Others some : others) {
      if (some.readers() != null && role == null) {
        role = role(session, roomKey, reader.id());
      }
      if (some.readers() == null || some.readers().include(reader, role)) {
        count += some.count();
        first = first == 0 ? some.firstSeq() : Math.min(first, some.firstSeq());
      }
    }
    return new Unread(count, readSeq, first);
  }

  /** Unread messages that are for the same readers. */
  private record Others(@Nullable Readers readers, int count, long firstSeq) {
    static Others of(ResultSet row) throws SQLException {
      String readers = row.getString(1);
      return new Others(
          readers == null ? null : Readers.of(readers), row.getInt(2), row.getLong(3));
    }
  }

  private @Nullable Role role(Session session, long roomKey, String userId) throws SQLException {
    return session
        .first(people.role, row -> row.getString(1), roomKey, userId)
        .flatMap(Role::of)
        .orElse(null);
  }

  /** By bisection: times rise with seqs. */
  long seqAt(Session session, long roomKey, long atMs) throws SQLException {
    Head head =
        session
            .first(log.head, row -> new Head(row.getLong(1), row.getLong(2)), roomKey)
            .orElse(new Head(0, 0));
    if (head.atMs() < atMs) {
      return head.seq() + 1;
    }
    long low = 1;
    long high = head.seq();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (session.number(log.time, roomKey, middle) < atMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  long messagesSince(Session session, long roomKey, long atMs) throws SQLException {
    return session.number(log.posts, roomKey, seqAt(session, roomKey, atMs));
  }
}
