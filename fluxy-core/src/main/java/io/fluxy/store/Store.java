package io.fluxy.store;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One place that keeps everything: the logs of rooms, and the directory of projects, rooms and
 * members.
 *
 * <p>Safe for use by many threads. Extend {@code StoreContract} (in fluxy-testkit) to prove an
 * implementation.
 */
public interface Store extends AutoCloseable {
  /** The logs of the rooms. */
  MessageStore messages();

  /** Who and what there is. */
  Directory directory();

  /** The templates of projects. */
  Templates templates();

  /** The agents of projects. */
  AgentStore agents();

  /** Finds what is kept. */
  Search search();

  /** Which messages go by themselves. */
  Expiries expiries();

  /** What users keep in rooms. */
  Personal personal();

  /** What is kept of one user. */
  PersonalData personalData();

  /** Webhooks, and what they are still to be told. */
  WebhookStore webhooks();

  /** What operators have to see to, and what they have done. */
  OperatorStore operators();

  /** What concerns a user, over all rooms. */
  Inbox inbox();

  /** Which files users have uploaded. */
  AttachmentStore attachments();

  /** What hosts write in transactions of their own; empty if a store knows no such thing. */
  default Optional<Pending> pending() {
    return Optional.empty();
  }

  /** What an acknowledged append survives. */
  Durability durability();

  /** Completes if a write would be taken now, exceptionally if not; for probes. */
  default CompletionStage<Void> check() {
    return CompletableFuture.completedStage(null);
  }

  /**
   * Finishes what has been handed in, then lets go of files and connections. Later calls fail with
   * {@link StoreException}.
   */
  @Override
  void close();

  /** A store that lives as long as the process: for tests, demos and rooms that need no history. */
  static Store inMemory() {
    return new MemoryStore();
  }

  /** What an acknowledged append survives. */
  enum Durability {
    /** The end of the process, and loss of power: synced to disk. */
    POWER,
    /** The end of the process: handed to the operating system. */
    PROCESS,
    /** Nothing. */
    NONE
  }
}
