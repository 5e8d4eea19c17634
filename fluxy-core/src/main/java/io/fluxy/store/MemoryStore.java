package io.fluxy.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Keeps everything on the heap, without a bound, until the process ends. Every stage is complete
 * when it is returned.
 *
 * <p>Each room has its own lock, so appends to different rooms never meet.
 */
final class MemoryStore implements Store {
  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final MemoryDirectory directory = new MemoryDirectory(this);
  private final MemoryTemplates templates = new MemoryTemplates(this);
  private final MemoryPersonal personal = new MemoryPersonal(this, directory);
  private final MemoryAgents agents = new MemoryAgents(this, directory);
  private final MemorySearch search = new MemorySearch(this, directory);
  private final MemoryOperators operators = new MemoryOperators(this, directory);
  private final MemoryPersonalData personalData =
      new MemoryPersonalData(this, directory, operators);
  private final MemoryWebhooks webhooks = new MemoryWebhooks(this);
  private final MemoryInbox inbox = new MemoryInbox(this, directory);
  private final MemoryAttachments attachments = new MemoryAttachments(this);
  private final MemoryMessages messages =
      new MemoryMessages(this, directory, webhooks, attachments);
  private volatile boolean closed;

  @Override
  public MessageStore messages() {
    return messages;
  }

  @Override
  public Directory directory() {
    return directory;
  }

  @Override
  public Templates templates() {
    return templates;
  }

  @Override
  public Expiries expiries() {
    return directory::next;
  }

  @Override
  public Personal personal() {
    return personal;
  }

  @Override
  public AgentStore agents() {
    return agents;
  }

  @Override
  public Search search() {
    return search;
  }

  @Override
  public PersonalData personalData() {
    return personalData;
  }

  @Override
  public WebhookStore webhooks() {
    return webhooks;
  }

  @Override
  public OperatorStore operators() {
    return operators;
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public AttachmentStore attachments() {
    return attachments;
  }

  @Override
  public Durability durability() {
    return Durability.NONE;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** What comes of this, now. */
  <T> CompletionStage<T> answer(Supplier<T> question) {
    if (closed) {
      return CompletableFuture.failedStage(closed());
    }
    try {
      return CompletableFuture.completedFuture(question.get());
    } catch (StoreException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Does this, now. */
  CompletionStage<Void> change(Runnable change) {
    if (closed) {
      return CompletableFuture.failedStage(closed());
    }
    try {
      change.run();
      return DONE;
    } catch (StoreException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static StoreException closed() {
    return new StoreClosedException("the store in memory is closed");
  }
}
