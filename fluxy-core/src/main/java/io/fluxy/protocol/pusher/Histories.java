package io.fluxy.protocol.pusher;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.protocol.Services;
import io.fluxy.store.MessageStore;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.StoreClosedException;
import io.fluxy.store.StoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of an app's channels. What is shown ends exactly where the rule says; what lies
 * before that leaves the store in stretches: when so much has been published again, and once an
 * hour everywhere.
 *
 * <p>Safe for use by many threads.
 */
final class Histories {
  private static final Logger LOG = LoggerFactory.getLogger(Histories.class);
  private static final long SWEEP_MS = 3_600_000;
  private static final int ROOMS_MAX = 200; // looked up at a time
  private static final int STRETCH = 2_000; // seqs a turn purges
  private static final int GROWN = 200; // events after which a channel is trimmed
  private static final int CHANNELS_MAX = 10_000; // of which it is known where they were trimmed

  private final PusherApp app;
  private final Services services;
  private final MessageStore messages;
  private final Map<String, Trimmed> trimmed; // guarded by this

  /** How long ago a channel was trimmed, in events, and up to which seq. */
  private record Trimmed(int grown, long upToSeq) {}

  /**
   * A page of a history, newest first.
   *
   * @param nextBeforeSeq before which seq the next one lies; 0 if this is the last
   */
  record Page(List<Message> messages, long nextBeforeSeq) {}

  Histories(PusherApp app, Services services) {
    this.app = app;
    this.services = services;
    this.messages = services.store().messages();
    this.trimmed =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Trimmed> eldest) {
            return size() > CHANNELS_MAX;
          }
        };
    if (!app.histories().isEmpty()) {
      sweepLater();
    }
  }

  /**
   * What is there of a channel.
   *
   * @param afterSeq only later events
   * @param beforeSeq only earlier events
   */
  CompletionStage<Page> page(
      String channel, PusherHistory rule, long afterSeq, long beforeSeq, int max) {
    RoomId room = room(channel);
    return firstSeq(room, rule)
        .thenCompose(
            first ->
                messages
                    .page(room, beforeSeq, max + 1)
                    .thenApply(page -> page(page, Math.max(afterSeq, first - 1), max)));
  }

  private Page page(List<StoredMessage> found, long afterSeq, int max) {
    List<Message> all =
        found.stream()
            .map(StoredMessage::message)
            .filter(message -> message.seq() > afterSeq)
            .toList();
    long next = all.size() > max ? all.get(max - 1).seq() : 0;
    return new Page(all.stream().limit(max).filter(this::isForAll).toList(), next);
  }

  /** Whispers are told to nobody who subscribes, and what is past its time to nobody at all. */
  private boolean isForAll(Message message) {
    Long expiresAtMs = message.expiresAtMs();
    return message.readers() == null
        && (expiresAtMs == null || expiresAtMs > services.scheduler().nowMs());
  }

  /** Up from which seq events are shown. */
  private CompletionStage<Long> firstSeq(RoomId room, PusherHistory rule) {
    CompletionStage<Long> byCount =
        rule.eventsMax() == 0
            ? CompletableFuture.completedStage(0L)
            : messages.nthNewest(room, rule.eventsMax());
    return rule.lastsMs() == 0
        ? byCount
        : byCount.thenCombine(
            messages.seqAt(room, services.scheduler().nowMs() - rule.lastsMs()), Math::max);
  }

  private RoomId room(String channel) {
    return new RoomId(app.project(), channel);
  }

  /** A channel has one event more. */
  void grew(String channel) {
    PusherHistory rule = app.historyOf(channel);
    synchronized (this) {
      Trimmed now = trimmed.getOrDefault(channel, new Trimmed(0, 0));
      boolean due = now.grown() + 1 >= GROWN;
      trimmed.put(channel, new Trimmed(due ? 0 : now.grown() + 1, now.upToSeq()));
      if (!due || rule == null) {
        return;
      }
    }
    trim(channel, rule).exceptionally(failure -> failed(channel, failure));
  }

  private static Void failed(String channel, Throwable failure) {
    LOG.warn("{}: old events were not deleted: {}", channel, failure.toString());
    return null;
  }

  private CompletionStage<Void> trim(String channel, PusherHistory rule) {
    RoomId room = room(channel);
    return firstSeq(room, rule)
        .thenCompose(first -> purge(room, upTo(channel), first))
        .thenAccept(first -> trimmed(channel, first));
  }

  private synchronized long upTo(String channel) {
    Trimmed known = trimmed.get(channel);
    return known == null ? 0 : known.upToSeq();
  }

  private synchronized void trimmed(String channel, long first) {
    trimmed.computeIfPresent(
        channel, (key, was) -> new Trimmed(was.grown(), Math.max(was.upToSeq(), first - 1)));
  }

  /** Takes events out of the store, by the room itself; completes with where it has got to. */
  private CompletionStage<Long> purge(RoomId id, long afterSeq, long endSeq) {
    if (afterSeq + 1 >= endSeq) {
      return CompletableFuture.completedStage(endSeq);
    }
    long beforeSeq = Math.min(endSeq, afterSeq + 1 + STRETCH);
    return messages
        .page(id, beforeSeq, 1)
        .thenCompose(
            newest ->
                newest.isEmpty() || newest.get(0).message().seq() <= afterSeq
                    ? CompletableFuture.completedStage(null)
                    : purge(
                        id,
                        new Command.Purge(null, afterSeq, beforeSeq, Command.Purge.Scope.LABELLED)))
        .thenCompose(nothing -> purge(id, beforeSeq - 1, endSeq));
  }

  private CompletionStage<Void> purge(RoomId id, Command.Purge purge) {
    return services
        .gate()
        .with(id, room -> room.submit(LiveApp.PUBLISHER, purge))
        .thenAccept(
            answer -> {
              if (answer instanceof Answer.Refused refused) {
                throw new StoreException(id + ": not purged: " + refused.refusal().detail());
              }
            });
  }

  private void sweepLater() {
    services
        .scheduler()
        .after(
            SWEEP_MS,
            () ->
                sweep(0)
                    .whenComplete(
                        (nothing, failure) -> {
                          if (!(failure != null
                              && LiveApp.cause(failure) instanceof StoreClosedException)) {
                            sweepLater();
                          }
                        }));
  }

  private CompletionStage<Void> sweep(long afterNumber) {
    return services
        .store()
        .personalData()
        .rooms(app.project(), null, afterNumber, ROOMS_MAX)
        .thenCompose(
            rooms -> {
              CompletionStage<Void> done = CompletableFuture.completedStage(null);
              for (RoomRecord room : rooms) {
                String channel = room.id().name();
                PusherHistory rule = app.historyOf(channel);
                if (rule != null) {
                  done =
                      done.thenCompose(
                          nothing ->
                              trim(channel, rule)
                                  .exceptionally(failure -> failed(channel, failure)));
                }
              }
              return rooms.size() < ROOMS_MAX
                  ? done
                  : done.thenCompose(nothing -> sweep(rooms.get(ROOMS_MAX - 1).number()));
            });
  }
}
