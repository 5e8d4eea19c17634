package io.fluxy.store.jdbc;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.MessageStore;
import io.fluxy.store.OpenStream;
import io.fluxy.store.OpenedRoom;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Logs in a database: appends go to the writer, all else to the readers. */
final class JdbcMessages implements MessageStore {
  private final Rooms rooms;
  private final LogReader log;
  private final WriteQueue writes;
  private final ReadPool reads;

  /** Something to find out about a room that exists. */
  @FunctionalInterface
  private interface RoomQuestion<T> {
    T answer(Session session, RoomRow room) throws SQLException;
  }

  JdbcMessages(Rooms rooms, LogReader log, WriteQueue writes, ReadPool reads) {
    this.rooms = rooms;
    this.log = log;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<Optional<OpenedRoom>> open(RoomId room, int newestMax) {
    return reads.ask(
        room.toString(),
        session -> {
          Optional<RoomRow> row = rooms.living(session, room);
          return row.isPresent()
              ? Optional.of(log.open(session, row.get(), newestMax))
              : Optional.empty();
        });
  }

  @Override
  public CompletionStage<Void> append(
      RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
    return writes.add(new AppendWrite(room, List.copyOf(events), outgoing));
  }

  @Override
  public CompletionStage<List<Event.Durable>> read(RoomId room, long afterSeq, int max) {
    return ask(room, List.of(), (session, row) -> log.events(session, row, afterSeq, max));
  }

  @Override
  public CompletionStage<List<StoredMessage>> page(RoomId room, long beforeSeq, int max) {
    return ask(room, List.of(), (session, row) -> log.page(session, row, beforeSeq, max));
  }

  @Override
  public CompletionStage<List<StoredMessage>> replies(
      RoomId room, long parentSeq, long beforeSeq, int max) {
    return ask(
        room, List.of(), (session, row) -> log.replies(session, row, parentSeq, beforeSeq, max));
  }

  @Override
  public CompletionStage<List<StoredMessage>> messages(RoomId room, Collection<Long> seqs) {
    List<Long> wanted = List.copyOf(seqs);
    return ask(room, List.of(), (session, row) -> log.chosen(session, row, wanted));
  }

  @Override
  public CompletionStage<Optional<StoredMessage>> find(
      RoomId room, String userId, String clientMessageId) {
    return ask(
        room, Optional.empty(), (session, row) -> log.find(session, row, userId, clientMessageId));
  }

  @Override
  public CompletionStage<Long> nthNewest(RoomId room, int nth) {
    return ask(room, 0L, (session, row) -> log.nthNewest(session, row.key(), nth));
  }

  @Override
  public CompletionStage<List<OpenStream>> streams(RoomId room) {
    return ask(room, List.of(), log::streams);
  }

  @Override
  public CompletionStage<Void> checkpoint(RoomId room, long seq, String content) {
    return writes.add(new CheckpointWrite(room, seq, content));
  }

  @Override
  public CompletionStage<Long> seqAt(RoomId room, long atMs) {
    return ask(room, 1L, (session, row) -> log.seqAt(session, row.key(), atMs));
  }

  private <T> CompletionStage<T> ask(RoomId id, T ofNoRoom, RoomQuestion<T> question) {
    return reads.ask(
        id.toString(),
        session -> {
          Optional<RoomRow> room = rooms.find(session, id);
          return room.isPresent() ? question.answer(session, room.get()) : ofNoRoom;
        });
  }
}
