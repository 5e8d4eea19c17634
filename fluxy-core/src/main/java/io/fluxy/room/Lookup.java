package io.fluxy.room;

import io.fluxy.chat.Command;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.MessageStore;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a turn is about but memory does not hold: long snapshots, old messages, client message ids
 * of long ago. For the room's turn only.
 */
final class Lookup {
  private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);

  private final RoomId room;
  private final MessageStore messages;
  private final Parking parking;
  private final Scheduler scheduler;
  private final Ledger ledger;
  private final Pages pages;

  Lookup(RoomId room, MessageStore messages, Parking parking, Scheduler scheduler, Ledger ledger) {
    this.room = room;
    this.messages = messages;
    this.parking = parking;
    this.scheduler = scheduler;
    this.ledger = ledger;
    this.pages = new Pages(room, messages);
  }

  /** The snapshot of a member that joins, oldest first; empty if the store has to be asked. */
  Optional<List<StoredMessage>> snapshot(Letter.Join join) {
    Sight sight = sight(join);
    if (join.fetched() != null) {
      // What another writer has added beyond our head is told live, when we have read it.
      return Optional.of(
          sight.of(
              join.fetched().stream().filter(m -> m.message().seq() <= ledger.head()).toList()));
    } else if (join.snapshotMax() == 0) {
      return Optional.of(List.of());
    }
    List<StoredMessage> newestFirst =
        ledger.page(sight, Long.MAX_VALUE, Long.MAX_VALUE, join.snapshotMax());
    return Optional.ofNullable(newestFirst).map(Lookup::oldestFirst);
  }

  /** Asks the store for a snapshot; goes on with none if it fails. */
  void fetchSnapshot(Letter.Join join, Consumer<Optional<Letter.Join>> then) {
    Sight sight = sight(join);
    parking.await(
        () -> pages.before(sight, Long.MAX_VALUE, join.snapshotMax()),
        (page, failure) -> {
          if (page == null) {
            StoreTrouble.log(LOG, "{}: no snapshot: {}", room, failure);
            then.accept(Optional.empty());
          } else {
            then.accept(Optional.of(join.with(oldestFirst(page))));
          }
        });
  }

  private Sight sight(Letter.Join join) {
    return ledger.sight(join.member().user(), scheduler.nowMs());
  }

  private static List<StoredMessage> oldestFirst(List<StoredMessage> newestFirst) {
    List<StoredMessage> turned = new ArrayList<>(newestFirst);
    Collections.reverse(turned);
    return turned;
  }

  /** The seqs of older messages without which these letters can't be decided. */
  Set<Long> missing(Turn turn, List<Letter> letters) {
    Set<Long> missing = Set.of();
    for (Letter letter : letters) {
      long seq = Rules.needs(turn, letter);
      if (seq != 0) {
        missing = missing.isEmpty() ? new TreeSet<>() : missing;
        missing.add(seq);
      }
    }
    return missing;
  }

  /**
   * Asks the store for older messages.
   *
   * @param fetched what it has said before
   */
  void fetch(
      Set<Long> missing,
      Map<Long, Optional<StoredMessage>> fetched,
      Consumer<Map<Long, Optional<StoredMessage>>> then,
      Runnable otherwise) {
    parking.await(
        () -> messages.messages(room, missing),
        (found, failure) -> {
          if (found == null) {
            StoreTrouble.log(LOG, "{}: messages could not be read: {}", room, failure);
            otherwise.run();
            return;
          }
          Map<Long, Optional<StoredMessage>> more = new HashMap<>(fetched);
          missing.forEach(seq -> more.put(seq, Optional.empty()));
          found.forEach(stored -> more.put(stored.message().seq(), Optional.of(stored)));
          then.accept(more);
        });
  }

  /** Letters that send again what memory does not know. */
  List<Letter> unknown(List<Letter> letters) {
    List<Letter> unknown = List.of();
    for (Letter letter : letters) {
      if (letter instanceof Letter.Ask ask
          && ask.command() instanceof Command.Resend resend
          && resend.draft().clientMessageId() != null
          && ledger.seqOf(ask.from().id(), resend.draft().clientMessageId()) == 0) {
        unknown = unknown.isEmpty() ? new ArrayList<>() : unknown;
        unknown.add(letter);
      }
    }
    return unknown;
  }

  /** The store says it has one of these client message ids: learn under which seq. */
  void recall(List<Letter> letters, Runnable then, Runnable otherwise) {
    List<CompletableFuture<Optional<StoredMessage>>> finds = new ArrayList<>();
    for (Letter letter : letters) {
      if (letter instanceof Letter.Ask ask && ask.clientMessageId() != null) {
        finds.add(find(ask));
      }
    }
    parking.await(
        () -> CompletableFuture.allOf(finds.toArray(CompletableFuture[]::new)),
        (nothing, failure) -> {
          if (failure != null) {
            StoreTrouble.log(LOG, "{}: sent messages could not be found: {}", room, failure);
            otherwise.run();
            return;
          }
          finds.forEach(find -> find.join().ifPresent(found -> remember(found.message())));
          then.run();
        });
  }

  private CompletableFuture<Optional<StoredMessage>> find(Letter.Ask ask) {
    String clientMessageId = Objects.requireNonNull(ask.clientMessageId());
    return messages.find(room, ask.from().id(), clientMessageId).toCompletableFuture();
  }

  private void remember(Message first) {
    if (first.clientMessageId() != null) {
      ledger.remember(first.userId(), first.clientMessageId(), first.seq());
    }
  }
}
