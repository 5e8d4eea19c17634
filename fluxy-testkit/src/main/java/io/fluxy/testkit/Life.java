package io.fluxy.testkit;

import io.fluxy.time.Scheduler;

/** The scheduler of one process: when that is gone, nothing it has asked for happens any more. */
final class Life implements Scheduler {
  private final Scheduler world;
  private boolean over;

  Life(Scheduler world) {
    this.world = world;
  }

  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  @Override
  public long nowMs() {
    return world.nowMs();
  }

  @Override
  public long ticksMs() {
    return world.ticksMs();
  }

  @Override
  public void run(Runnable task) {
    world.run(unlessOver(task));
  }

  @Override
  public Timer after(long delayMs, Runnable task) {
    return world.after(delayMs, unlessOver(task));
  }

  @Override
  public long random() {
    return world.random();
  }

  private Runnable unlessOver(Runnable task) {
    return () -> {
      if (!over) {
        task.run();
      }
    };
  }
}
