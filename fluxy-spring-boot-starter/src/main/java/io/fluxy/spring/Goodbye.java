package io.fluxy.spring;

import io.fluxy.Fluxy;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Ends sockets and event streams when the application begins to stop, and goes on doing so until it
 * has: one that was just being opened is found by a later look. They would otherwise count as
 * requests that are still being served, and a graceful shutdown would wait for them until its time
 * is up. The engine itself goes on until its bean is destroyed, for requests that are being served
 * may still post.
 */
final class Goodbye implements SmartLifecycle, DisposableBean {
  private static final long EVERY_MS = 200;

  private final Fluxy fluxy;
  private @Nullable ScheduledExecutorService looks; // while the application stops; guarded by this
  private volatile boolean running;

  Goodbye(Fluxy fluxy) {
    this.fluxy = fluxy;
  }

  @Override
  public synchronized void start() {
    destroy();
    running = true;
  }

  @Override
  public synchronized void stop() {
    running = false;
    looks =
        Executors.newSingleThreadScheduledExecutor(
            look -> {
              Thread thread = new Thread(look, "fluxy-goodbye");
              thread.setDaemon(true);
              return thread;
            });
    Future<?> unused =
        looks.scheduleWithFixedDelay(this::endAll, 0, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  private void endAll() {
    fluxy.disconnect(everyone -> true, "going_away");
  }

  /** Comes before the engine's own end, which depends on nobody. */
  @Override
  public synchronized void destroy() {
    if (looks != null) {
      looks.shutdownNow();
      looks = null;
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The highest phase stops first: before the web server does. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
