package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.Directory;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.MessageStore;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.StandIn;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.store.WebhookStore;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One node's way to a {@link FaultyStore}: what it asks is late, lost or refused. */
final class StorePort {
  private final FaultyStore all;
  private final Node node;
  private final Store store;
  private final Map<RoomId, List<Event.Durable>> unknown = new HashMap<>();
  private final Set<RoomId> opened = new HashSet<>();

  StorePort(FaultyStore all, Node node) {
    this.all = all;
    this.node = node;
    MessageStore messages = StandIn.of(MessageStore.class, new Messages(), this::asked);
    Directory directory = StandIn.of(Directory.class, new Object(), this::askedOfDirectory);
    this.store =
        StandIn.of(
            Store.class,
            new Object(),
            (method, arguments) ->
                switch (method.getName()) {
                  case "messages" -> messages;
                  case "directory" -> directory;
                  case "webhooks" -> webhooks();
                  default -> StandIn.call(method, all.inner(), arguments);
                });
  }

  private WebhookStore webhooks() {
    WebhookStore real = all.inner().webhooks();
    return all.has(Bug.OUTBOX_OUT_OF_ORDER)
        ? StandIn.of(WebhookStore.class, new NewestFirst(real), (m, a) -> StandIn.call(m, real, a))
        : real;
  }

  /** A planted bug. */
  record NewestFirst(WebhookStore real) {
    CompletionStage<List<DeliveryRecord>> due(String webhookId, long nowMs, int max) {
      List<DeliveryRecord> due = new ArrayList<>(FaultyStore.now(real.due(webhookId, nowMs, max)));
      Collections.reverse(due);
      return CompletableFuture.completedStage(due);
    }
  }

  Store store() {
    return store;
  }

  /** Every question about a room's log that {@link Messages} has nothing to say about. */
  private Object asked(Method method, Object @Nullable [] arguments) {
    return read(method, arguments, () -> all.inner().messages());
  }

  /** Rooms wait for what they write there, and nobody else asks it for much. */
  private Object askedOfDirectory(Method method, Object @Nullable [] arguments) throws Throwable {
    return method.getName().equals("markRead")
        ? read(method, arguments, () -> all.inner().directory())
        : StandIn.call(method, all.inner().directory(), arguments);
  }

  private CompletionStage<?> read(
      Method method, Object @Nullable [] arguments, Supplier<Object> target) {
    RoomId room = (RoomId) Objects.requireNonNull(arguments)[0];
    return look(
        method.getName(),
        room,
        () -> {
          try {
            return FaultyStore.now(
                (CompletionStage<?>) StandIn.call(method, target.get(), arguments));
          } catch (Throwable e) {
            throw new StoreException(method.getName(), e);
          }
        });
  }

  /** What goes wrong in ways of its own. */
  final class Messages {
    CompletionStage<Void> append(
        RoomId room, List<Event.Durable> offered, List<DeliveryRecord> outgoing) {
      List<Event.Durable> events = List.copyOf(offered);
      if (events.size() > 1) {
        all.tally().saw(Sometimes.TURN_OF_MANY);
      }
      if (all.has(Bug.STORE_DROPS_APPEND) && all.dice().percent(2)) {
        return CompletableFuture.completedFuture(null);
      }
      Weather.Fate fate = all.weather().append(all.dice());
      all.trace().note("append", room, fate);
      if (all.weather().diskFull) {
        all.tally().saw(Sometimes.DISK_FULL);
      } else if (all.weather().outage) {
        all.tally().saw(Sometimes.STORE_OUTAGE);
      }
      FaultyStore.Append append = all.underWay(node, room, events, List.copyOf(outgoing));
      CompletableFuture<Void> answer = new CompletableFuture<>();
      if (all.has(Bug.STORE_ANSWERS_BEFORE_SAVING)) {
        all.time().after(all.dice().between(1, 300), append::commit);
        return CompletableFuture.completedFuture(null);
      }
      if (fate == Weather.Fate.AT_ONCE) {
        append.commit();
        settle(answer, append.failure());
        return answer;
      }
      if (fate != Weather.Fate.SOON) {
        unknown.put(room, events);
        all.isInDoubt(room);
      }
      switch (fate) {
        case SOON ->
            commitAndAnswer(append, answer, all.dice().between(0, 20), all.dice().between(0, 20));
        case SLOW -> {
          all.tally().saw(Sometimes.STORE_SLOW);
          int delayMs = all.dice().between(50, 30_000);
          if (delayMs > all.weather().limits.storeTimeoutMs()) {
            all.tally().saw(Sometimes.STORE_SLOWER_THAN_ROOMS_WAIT);
          }
          int first = all.dice().between(0, delayMs);
          commitAndAnswer(append, answer, first, delayMs - first);
        }
        case FAILED -> {
          all.tally().saw(Sometimes.STORE_FAILED);
          append.forget();
          fail(answer, room, all.dice().between(0, 200));
        }
        case SAVED_AND_FAILED -> {
          all.tally().saw(Sometimes.STORE_SAVED_AND_FAILED);
          all.time()
              .after(
                  all.dice().between(0, 100),
                  () -> {
                    append.commit();
                    if (append.failure() != null) {
                      answer(answer, append.failure());
                    } else if (all.has(Bug.STORE_SAYS_TAKEN_WHEN_UNKNOWN)) {
                      answer(answer, new SeqTakenException(room, events.get(0).seq()));
                    } else {
                      fail(answer, room, all.dice().between(0, 100));
                    }
                  });
        }
        case SAVED_AND_SILENT -> {
          all.tally().saw(Sometimes.STORE_SAVED_AND_FELL_SILENT);
          all.time().after(all.dice().between(0, 100), append::commit);
        }
        case SILENT -> {
          all.tally().saw(Sometimes.STORE_FELL_SILENT);
          append.forget();
        }
        case LATE -> {
          all.tally().saw(Sometimes.STORE_SAVED_LATE);
          if (all.dice().percent(50)) {
            fail(answer, room, all.dice().between(0, 100));
          }
          all.time()
              .after(
                  all.dice().between(100, 2 * all.weather().limits.storeTimeoutMs()),
                  append::commit);
        }
        default -> throw new AssertionError(fate);
      }
      return answer;
    }

    CompletionStage<Optional<OpenedRoom>> open(RoomId room, int newestMax) {
      if (!opened.add(room)) {
        all.tally().saw(Sometimes.ROOM_REOPENED);
      }
      return look(
          "open",
          room,
          () ->
              FaultyStore.now(all.inner().messages().open(room, newestMax))
                  .map(StorePort.this::asTheBugHasIt));
    }

    CompletionStage<List<Event.Durable>> read(RoomId room, long afterSeq, int max) {
      List<Event.Durable> offered = unknown.get(room);
      boolean findingOut =
          offered != null && offered.get(0).seq() == afterSeq + 1 && offered.size() == max;
      if (!findingOut && afterSeq < node.told(room)) {
        node.askedForMissed(room, afterSeq);
      }
      return look(
          "read",
          room,
          () -> {
            List<Event.Durable> events =
                FaultyStore.now(all.inner().messages().read(room, afterSeq, max));
            if (findingOut) {
              all.tally()
                  .saw(
                      events.equals(offered)
                          ? Sometimes.FOUND_OUT_SAVED
                          : Sometimes.FOUND_OUT_NOT_SAVED);
            }
            if (all.has(Bug.STORE_READ_SKIPS) && events.size() > 1) {
              List<Event.Durable> holed = new ArrayList<>(events);
              holed.remove(1);
              return holed;
            }
            return events;
          },
          findingOut ? Sometimes.HEAD_LOST : null);
    }

    CompletionStage<List<StoredMessage>> page(RoomId room, long beforeSeq, int max) {
      all.tally().saw(max % 2 == 1 ? Sometimes.SNAPSHOT_FROM_STORE : Sometimes.PAGE_FROM_STORE);
      return look(
          "page",
          room,
          () -> {
            boolean off = all.has(Bug.STORE_PAGE_OFF_BY_ONE) && beforeSeq < Long.MAX_VALUE;
            List<StoredMessage> page =
                FaultyStore.now(
                    all.inner().messages().page(room, off ? beforeSeq - 1 : beforeSeq, max));
            if (all.has(Bug.STORE_PAGE_SHOWS_DELETED)) {
              List<StoredMessage> whole = new ArrayList<>(page);
              for (long seq = 1; seq < Math.min(beforeSeq, all.truth().log(room).head()); seq++) {
                if (all.truth().log(room).isDeleted(seq)) {
                  whole.addAll(
                      FaultyStore.now(all.inner().messages().messages(room, List.of(seq))));
                }
              }
              whole.sort((a, b) -> Long.compare(b.message().seq(), a.message().seq()));
              return whole.subList(0, Math.min(max, whole.size()));
            }
            return page;
          });
    }

    CompletionStage<List<StoredMessage>> messages(RoomId room, Collection<Long> seqs) {
      all.tally().saw(Sometimes.MESSAGE_FETCHED);
      List<Long> wanted = List.copyOf(seqs);
      return look(
          "messages", room, () -> FaultyStore.now(all.inner().messages().messages(room, wanted)));
    }

    CompletionStage<Optional<StoredMessage>> find(
        RoomId room, String userId, String clientMessageId) {
      return look(
          "find",
          room,
          () -> {
            Optional<StoredMessage> found =
                FaultyStore.now(all.inner().messages().find(room, userId, clientMessageId));
            if (found.isPresent()) {
              all.tally().saw(Sometimes.RECALLED);
            }
            return found;
          });
    }
  }

  private void commitAndAnswer(
      FaultyStore.Append append, CompletableFuture<Void> answer, long commitMs, long answerMs) {
    all.time()
        .after(
            commitMs,
            () -> {
              append.commit();
              all.time().after(answerMs, () -> answer(answer, append.failure()));
            });
  }

  private void fail(CompletableFuture<?> answer, RoomId room, long delayMs) {
    all.time().after(delayMs, () -> answer(answer, new StoreException(room + ": planned failure")));
  }

  private void answer(CompletableFuture<?> answer, @Nullable Throwable failure) {
    if (node.isAlive()) {
      settle(answer, failure);
    }
  }

  private static void settle(CompletableFuture<?> answer, @Nullable Throwable failure) {
    if (failure == null) {
      answer.complete(null);
    } else {
      answer.completeExceptionally(failure);
    }
  }

  private static OpenedRoom with(OpenedRoom room, RoomRecord record, List<MemberRecord> members) {
    return new OpenedRoom(
        record,
        room.head(),
        room.lastAtMs(),
        members,
        room.newest(),
        room.streams(),
        room.sanctions());
  }

  private OpenedRoom asTheBugHasIt(OpenedRoom room) {
    if (all.has(Bug.STORE_OPENS_WITHOUT_STREAMS)) {
      return new OpenedRoom(
          room.room(), room.head(), room.lastAtMs(), room.members(), room.newest());
    } else if (all.has(Bug.STORE_OPENS_WITHOUT_SANCTIONS)) {
      return new OpenedRoom(
          room.room(),
          room.head(),
          room.lastAtMs(),
          room.members(),
          room.newest(),
          room.streams(),
          List.of());
    } else if (all.has(Bug.STORE_OPENS_WITH_FIRST_TYPE)) {
      RoomRecord now = room.room();
      RoomType first = all.truth().log(now.id()).room().type();
      return with(room, now.changed(now.name(), first), room.members());
    } else if (all.has(Bug.STORE_OPENS_WITH_FIRST_ROLES)) {
      Map<String, Role> first = new HashMap<>();
      all.founders(room.room().id()).forEach(each -> first.put(each.userId(), each.role()));
      List<MemberRecord> members = new ArrayList<>();
      for (MemberRecord each : room.members()) {
        Role role = first.getOrDefault(each.userId(), Role.MEMBER);
        members.add(new MemberRecord(each.userId(), role, each.joinedAtMs()));
      }
      return with(room, room.room(), members);
    } else if (all.has(Bug.STORE_OPENS_WITHOUT_TIME)) {
      return new OpenedRoom(room.room(), room.head(), 0, room.members(), room.newest());
    } else if (all.has(Bug.STORE_OPENS_STALE) && !room.newest().isEmpty()) {
      return new OpenedRoom(
          room.room(),
          room.head(),
          room.lastAtMs(),
          room.members(),
          room.newest().subList(1, room.newest().size()));
    } else if (all.has(Bug.STORE_OPENS_WITH_REMOVED_MEMBERS)) {
      List<MemberRecord> members = new ArrayList<>(room.members());
      for (MemberRecord founder : all.founders(room.room().id())) {
        if (members.stream().noneMatch(m -> m.userId().equals(founder.userId()))) {
          members.add(founder);
        }
      }
      return new OpenedRoom(room.room(), room.head(), room.lastAtMs(), members, room.newest());
    }
    return room;
  }

  private <T> CompletionStage<T> look(String what, RoomId room, Supplier<T> value) {
    return look(what, room, value, null);
  }

  private <T> CompletionStage<T> look(
      String what, RoomId room, Supplier<T> value, @Nullable Sometimes ifNot) {
    Weather.Fate fate = all.weather().read(all.dice());
    all.trace().note(what, room, fate);
    if (fate == Weather.Fate.AT_ONCE) {
      return CompletableFuture.completedFuture(value.get());
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (fate == Weather.Fate.FAILED) {
      fail(answer, room, all.dice().between(0, 100));
    } else if (fate != Weather.Fate.SILENT) {
      int delayMs =
          fate == Weather.Fate.SLOW ? all.dice().between(50, 30_000) : all.dice().between(0, 40);
      int first = all.dice().between(0, delayMs);
      all.time()
          .after(
              first,
              () -> {
                if (node.isAlive()) {
                  T seen = value.get();
                  all.time()
                      .after(
                          delayMs - first,
                          () -> {
                            if (node.isAlive()) {
                              answer.complete(seen);
                            }
                          });
                }
              });
      return answer;
    }
    if (ifNot != null) {
      all.tally().saw(ifNot);
    }
    return answer;
  }
}
