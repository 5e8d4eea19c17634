package io.fluxy.store.jdbc;

import io.fluxy.store.StoreClosedException;
import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers questions on a few threads, each with a connection of its own; what waits is bounded. */
final class ReadPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReadPool.class);
  private static final Question<Boolean> STOP = session -> true;

  private final Database database;
  private final int questionsMax;
  private final BlockingQueue<Asked<?>> waiting;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** Something to find out. */
  @FunctionalInterface
  interface Question<T> {
    T answer(Session session) throws SQLException;
  }

  /** A question that waits, and its stage. */
  private record Asked<T>(String subject, Question<T> question, CompletableFuture<T> stage) {
    /** False if the session should not be used again. */
    boolean answer(Session session, String where) {
      try {
        stage.complete(question.answer(session));
        return true;
      } catch (StoreException e) {
        stage.completeExceptionally(e);
        return true;
      } catch (SQLException | RuntimeException | Error e) {
        log.warn("{}: a read of {} failed", subject, where, e);
        stage.completeExceptionally(new StoreException(subject + ": could not read " + where, e));
        return false;
      }
    }
  }

  ReadPool(Database database, int threadCount, int questionsMax) {
    this.database = database;
    this.questionsMax = questionsMax;
    waiting = new ArrayBlockingQueue<>(questionsMax);
    for (int i = 1; i <= threadCount; i++) {
      Thread thread = new Thread(this::work, "fluxy-store-reader-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /**
   * @param subject the room or project it is about, for messages
   */
  <T> CompletionStage<T> ask(String subject, Question<T> question) {
    Asked<T> asked = new Asked<>(subject, question, new CompletableFuture<>());
    if (closed) {
      failClosed(asked);
    } else if (!waiting.offer(asked)) {
      fail(asked, "the read queue is full, " + questionsMax + " reads");
    } else if (closed && threads.stream().noneMatch(Thread::isAlive)) {
      failWaiting(); // it slipped in after the readers' last look
    }
    return asked.stage();
  }

  private void work() {
    Session session = null;
    Asked<?> asked;
    while ((asked = next()) != null) {
      try {
        if (session == null) {
          session = database.connect();
        }
      } catch (SQLException | RuntimeException e) {
        log.warn("{}: no connection to read", database.where(), e);
        fail(asked, "no connection to read");
        continue;
      }
      if (!asked.answer(session, database.where())) {
        session.close();
        session = null;
      }
    }
    if (session != null) {
      session.close();
    }
  }

  /** Waits for a question; null when closed and none is left for this thread. */
  private @Nullable Asked<?> next() {
    Asked<?> asked = Uninterrupted.get(waiting::take);
    return asked.question() == STOP ? null : asked;
  }

  /** Answers what has been asked, then stops. */
  @Override
  public void close() {
    closed = true;
    Asked<Boolean> stop = new Asked<>("close", STOP, new CompletableFuture<>());
    while (threads.stream().anyMatch(Thread::isAlive)) {
      Uninterrupted.get(() -> waiting.offer(stop, 10, TimeUnit.MILLISECONDS));
    }
    failWaiting();
  }

  private void failWaiting() {
    Asked<?> asked;
    while ((asked = waiting.poll()) != null) {
      failClosed(asked);
    }
  }

  private void fail(Asked<?> asked, String why) {
    asked
        .stage()
        .completeExceptionally(
            new StoreException(asked.subject() + ": " + why + "; " + database.where()));
  }

  private void failClosed(Asked<?> asked) {
    asked
        .stage()
        .completeExceptionally(
            new StoreClosedException(
                asked.subject() + ": the store is closed; " + database.where()));
  }
}
