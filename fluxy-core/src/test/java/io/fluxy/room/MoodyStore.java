package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.AgentStore;
import io.fluxy.store.AttachmentStore;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.Directory;
import io.fluxy.store.Expiries;
import io.fluxy.store.Inbox;
import io.fluxy.store.MessageStore;
import io.fluxy.store.OpenStream;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.Personal;
import io.fluxy.store.PersonalData;
import io.fluxy.store.Search;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.store.Templates;
import io.fluxy.store.WebhookStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store that does what a test tells it to: works, waits, fails, or saves and then fails. Counts
 * what it was asked.
 */
final class MoodyStore implements Store, MessageStore {
  enum Mood {
    FINE,
    /** Saves nothing and says nothing until {@link #goOn}. */
    WAITS,
    FAILS,
    SAVES_AND_FAILS,
    NEVER_ANSWERS
  }

  private final Store inner;
  private final List<Runnable> waiting = new ArrayList<>();
  Mood appends = Mood.FINE;
  Mood reads = Mood.FINE;
  int appended;
  int checkpoints;
  int pagesRead;
  int logsRead;

  MoodyStore(Store inner) {
    this.inner = inner;
  }

  Store inner() {
    return inner;
  }

  /** Lets everything happen that was waiting. */
  void goOn() {
    appends = Mood.FINE;
    reads = Mood.FINE;
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(Runnable::run);
  }

  private <T> CompletionStage<T> does(Mood mood, Supplier<CompletionStage<T>> what) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    switch (mood) {
      case FINE -> {
        return what.get();
      }
      case WAITS ->
          waiting.add(
              () ->
                  what.get()
                      .whenComplete(
                          (value, failure) -> {
                            if (failure == null) {
                              answer.complete(value);
                            } else {
                              answer.completeExceptionally(failure);
                            }
                          }));
      case SAVES_AND_FAILS -> {
        what.get().toCompletableFuture().join();
        answer.completeExceptionally(new StoreException("planned"));
      }
      case FAILS -> answer.completeExceptionally(new StoreException("planned"));
      case NEVER_ANSWERS -> {}
    }
    return answer;
  }

  @Override
  public CompletionStage<Void> append(
      RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
    appended++;
    List<Event.Durable> offered = List.copyOf(events);
    return does(appends, () -> inner.messages().append(room, offered, outgoing));
  }

  @Override
  public CompletionStage<Optional<OpenedRoom>> open(RoomId room, int newestMax) {
    return does(reads, () -> inner.messages().open(room, newestMax));
  }

  @Override
  public CompletionStage<List<Event.Durable>> read(RoomId room, long afterSeq, int max) {
    logsRead++;
    return does(reads, () -> inner.messages().read(room, afterSeq, max));
  }

  @Override
  public CompletionStage<List<StoredMessage>> page(RoomId room, long beforeSeq, int max) {
    pagesRead++;
    return does(reads, () -> inner.messages().page(room, beforeSeq, max));
  }

  @Override
  public CompletionStage<List<StoredMessage>> replies(
      RoomId room, long parentSeq, long beforeSeq, int max) {
    return does(reads, () -> inner.messages().replies(room, parentSeq, beforeSeq, max));
  }

  @Override
  public CompletionStage<Long> nthNewest(RoomId room, int nth) {
    return does(reads, () -> inner.messages().nthNewest(room, nth));
  }

  @Override
  public CompletionStage<List<StoredMessage>> messages(RoomId room, Collection<Long> seqs) {
    return does(reads, () -> inner.messages().messages(room, seqs));
  }

  @Override
  public CompletionStage<Optional<StoredMessage>> find(
      RoomId room, String userId, String clientMessageId) {
    return does(reads, () -> inner.messages().find(room, userId, clientMessageId));
  }

  @Override
  public CompletionStage<List<OpenStream>> streams(RoomId room) {
    return does(reads, () -> inner.messages().streams(room));
  }

  @Override
  public CompletionStage<Void> checkpoint(RoomId room, long seq, String content) {
    checkpoints++;
    return does(appends, () -> inner.messages().checkpoint(room, seq, content));
  }

  @Override
  public CompletionStage<Long> seqAt(RoomId room, long atMs) {
    return does(reads, () -> inner.messages().seqAt(room, atMs));
  }

  @Override
  public MessageStore messages() {
    return this;
  }

  @Override
  public AgentStore agents() {
    return inner.agents();
  }

  @Override
  public Directory directory() {
    return inner.directory();
  }

  @Override
  public Templates templates() {
    return inner.templates();
  }

  @Override
  public Expiries expiries() {
    return inner.expiries();
  }

  @Override
  public Personal personal() {
    return inner.personal();
  }

  @Override
  public Search search() {
    return inner.search();
  }

  @Override
  public PersonalData personalData() {
    return inner.personalData();
  }

  @Override
  public WebhookStore webhooks() {
    return inner.webhooks();
  }

  @Override
  public Inbox inbox() {
    return inner.inbox();
  }

  @Override
  public AttachmentStore attachments() {
    return inner.attachments();
  }

  @Override
  public OperatorStore operators() {
    return inner.operators();
  }

  @Override
  public Durability durability() {
    return Durability.NONE;
  }

  @Override
  public void close() {}
}
