package io.fluxy.spring;

import io.fluxy.Fluxy;
import org.springframework.context.SmartLifecycle;

/**
 * Ends sockets and event streams when the application begins to stop. They would otherwise count as
 * requests that are still being served, and a graceful shutdown would wait for them until its time
 * is up. The engine itself goes on until its bean is destroyed, for requests that are being served
 * may still post.
 */
final class Goodbye implements SmartLifecycle {
  private final Fluxy fluxy;
  private volatile boolean running;

  Goodbye(Fluxy fluxy) {
    this.fluxy = fluxy;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    fluxy.disconnect(everyone -> true, "going_away");
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
