package io.fluxy.store;

import io.fluxy.chat.Attachment;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Words that the stories of {@link StoreContract} have in common. */
abstract class StoreStories {
  static final RoomId LOBBY = new RoomId("shop", "lobby");
  static final RoomId ATTIC = new RoomId("shop", "attic");
  static final RoomId ELSEWHERE = new RoomId("school", "lobby");
  static final long T0 = 1_700_000_000_000L;

  private final StoreContract suite;

  StoreStories(StoreContract suite) {
    this.suite = suite;
  }

  /** The store that the story is about. */
  final Store store() {
    return suite.store;
  }

  /** Another store on the same data, opened while this one is open. */
  final Optional<Store> second() throws Exception {
    return suite.second();
  }

  /** A store on the data of this one, which has been closed. */
  final Optional<Store> reopened() throws Exception {
    return suite.reopened();
  }

  /** From here on, the story is about this store. */
  final void goOnWith(Store other) {
    suite.store = other;
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException why ? why : e;
    }
  }

  static boolean race(Store store, Room room, Event.Durable event) {
    try {
      get(store.messages().append(room.id, List.of(event)));
      return true;
    } catch (SeqTakenException e) {
      return false;
    }
  }

  /** Work of one of many threads. */
  @FunctionalInterface
  interface Work<T> {
    T of(int writer) throws Exception;
  }

  static <T> List<T> together(int writers, Work<T> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        futures.add(threads.submit(() -> work.of(writer)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  static Optional<RoomRecord> create(Store store, RoomId id, RoomType type) {
    return get(store.directory().createRoom(id, type, id.name(), T0, List.of(), "ann"));
  }

  Room founded(RoomId id) {
    return new Room(id, create(store(), id, RoomType.PUBLIC).orElseThrow().number());
  }

  List<String> listed(String project, @Nullable String userId, @Nullable RoomType type, int max) {
    return get(store().directory().rooms(project, userId, type, User.named("ann"), max)).stream()
        .map(listing -> listing.room().id().name())
        .toList();
  }

  int unread(String userId) {
    return get(store().directory().rooms("shop", null, null, User.named(userId), 1))
        .get(0)
        .unread();
  }

  static ProjectRecord project(String id, String... keys) {
    return new ProjectRecord(
        id,
        "The " + id,
        T0,
        "secret of " + id + " ".repeat(32),
        Arrays.stream(keys)
            .map(key -> new ProjectRecord.KeyRecord("fc_" + key, hash(key), T0))
            .toList());
  }

  static String hash(String key) {
    return key.repeat(64);
  }

  /** A room's events, in the order they were asked for. */
  final class Room {
    final RoomId id;
    final long number;

    Room(RoomId id, long number) {
      this.id = id;
      this.number = number;
    }

    long messageId(long seq) {
      return Message.id(number, seq);
    }

    Event.Durable post(long seq, String userId, String text) {
      return new Event.Posted(message(seq, userId, text, null));
    }

    Event.Durable sent(long seq, String userId, String clientId, String text) {
      return new Event.Posted(message(seq, userId, text, clientId));
    }

    Message message(long seq, String userId, String text, @Nullable String clientId) {
      return new Message(
          seq,
          messageId(seq),
          userId,
          text,
          T0 + seq,
          null,
          clientId,
          List.of(),
          List.of(),
          1,
          null,
          null);
    }

    /** With all it can have; answers message 1. */
    Message rich(long seq, String userId, String text) {
      return new Message(
          seq,
          messageId(seq),
          userId,
          text,
          T0 + seq,
          messageId(1),
          "client-id-rich-" + seq,
          List.of("bob", "eve"),
          List.of(
              new Attachment("image", "https://x.example/ü?a=1&b", "kätzchen.png", 1, "image/png"),
              new Attachment("file", "http://y.example/", null, 10_485_760, null, "f1")),
          1,
          null,
          null);
    }

    Event.Durable edit(long seq, long of, String text, int version) {
      return new Event.Edited(seq, T0 + seq, messageId(of), "ann", text, version);
    }

    Event.Durable deletion(long seq, long of, boolean hard) {
      return new Event.Deleted(seq, T0 + seq, messageId(of), "ann", hard, 3);
    }

    Event.Durable reaction(long seq, long of, String userId, boolean add) {
      return new Event.Reacted(seq, T0 + seq, messageId(of), userId, "👍", add);
    }

    List<Event.Durable> oneOfEachKind() {
      List<Event.Durable> told = new ArrayList<>();
      told.add(post(1, "ann", "hello"));
      told.add(new Event.Posted(rich(2, "bob", "hello back")));
      told.add(edit(3, 2, "hello, back", 2));
      told.add(new Event.Reacted(4, T0 + 4, messageId(1), "bob", "❤️", true));
      told.add(new Event.Reacted(5, T0 + 5, messageId(1), "bob", "❤️", false));
      told.add(new Event.MemberAdded(6, T0 + 6, "eve", Role.GUEST, "ann"));
      told.add(new Event.MemberRemoved(7, T0 + 7, "eve", "bob"));
      told.add(
          new Event.ToolUsed(
              8,
              T0 + 8,
              "bot",
              Command.ToolPhase.RESULT,
              "run-1",
              "agent-1",
              "call-1",
              "search",
              "{\"q\":\"ü\"}",
              Readers.only(List.of("ann", "bot"))));
      told.add(
          new Event.RunReported(
              9,
              T0 + 9,
              "bot",
              "run-1",
              "agent-1",
              "running",
              "{\"steps\":[]}",
              Readers.inRole(Role.OWNER)));
      told.add(post(10, "ann", ""));
      told.add(new Event.Deleted(11, T0 + 11, messageId(10), "ann", false, 2));
      told.add(post(12, "ann", ""));
      told.add(new Event.Deleted(13, T0 + 13, messageId(12), "ann", true, 2));
      told.add(new Event.RoomChanged(14, T0 + 14, "ann", "Küche", RoomType.GROUP));
      told.addAll(whispered(15, Readers.only(List.of("ann", "bob"))));
      told.addAll(whispered(19, new Readers(Set.of("ann"), Role.MODERATOR)));
      told.add(
          new Event.Purged(
              23, T0 + 23, "nobody", 0, 9, "ann", List.of(messageId(1), messageId(2))));
      told.add(new Event.Purged(24, T0 + 24, null, 0, 1, "ann", List.of()));
      told.add(
          new Event.Imposed(25, T0 + 25, "eve", Sanction.BAN, Long.MAX_VALUE, "spam \"ü\"", "ann"));
      told.add(new Event.Pinned(26, T0 + 26, "ann", messageId(1)));
      told.add(new Event.Pinned(27, T0 + 27, "bob", null));
      told.add(event(28, Label.named("price")));
      told.add(event(29, new Label("Preis \"ü\"", "client-1")));
      told.add(
          new Event.Purged(
              30, T0 + 30, null, 0, 28, "ann", List.of(), Command.Purge.Scope.LABELLED));
      return told;
    }

    Event.Durable event(long seq, Label label) {
      return new Event.Posted(
          new Message(
              seq,
              messageId(seq),
              "ticker",
              "{\"ü\":[1,null]}",
              T0 + seq,
              null,
              null,
              List.of(),
              List.of(),
              1,
              null,
              null,
              null,
              null,
              label));
    }

    Event.Durable expiring(long seq, long afterMs) {
      return new Event.Posted(
          new Message(
              seq,
              messageId(seq),
              "ann",
              "bye",
              T0 + seq,
              null,
              null,
              List.of(),
              List.of(),
              1,
              null,
              null,
              null,
              T0 + afterMs));
    }

    /** A message that is not for everyone, and what happens to it: four events. */
    List<Event.Durable> whispered(long seq, Readers readers) {
      long id = messageId(seq);
      Message message =
          new Message(
              seq, id, "ann", "psst", T0 + seq, null, null, List.of(), List.of(), 1, null, null,
              readers, null);
      return List.of(
          new Event.Posted(message),
          new Event.Edited(seq + 1, T0 + seq + 1, id, "ann", "psst!", 2, readers),
          new Event.Reacted(seq + 2, T0 + seq + 2, id, "ann", "👍", true, readers),
          new Event.Reacted(seq + 3, T0 + seq + 3, id, "ann", "👍", false, readers));
    }

    void posts(int count) {
      List<Event.Durable> events = new ArrayList<>();
      for (long seq = 1; seq <= count; seq++) {
        events.add(post(seq, "ann", "message " + seq));
      }
      append(events);
    }

    void append(Event.Durable... events) {
      append(List.of(events));
    }

    void append(List<Event.Durable> events) {
      get(store().messages().append(id, events));
    }

    List<Event.Durable> read(long afterSeq, int max) {
      return get(store().messages().read(id, afterSeq, max));
    }

    List<StoredMessage> page(long beforeSeq, int max) {
      return get(store().messages().page(id, beforeSeq, max));
    }

    List<StoredMessage> messages(Long... seqs) {
      return get(store().messages().messages(id, List.of(seqs)));
    }

    Optional<StoredMessage> find(String userId, String clientId) {
      return get(store().messages().find(id, userId, clientId));
    }

    long seqAt(long atMs) {
      return get(store().messages().seqAt(id, atMs));
    }

    OpenedRoom open(int newestMax) {
      return get(store().messages().open(id, newestMax)).orElseThrow();
    }
  }
}
