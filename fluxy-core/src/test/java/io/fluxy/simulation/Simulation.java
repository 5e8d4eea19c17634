package io.fluxy.simulation;

import org.jspecify.annotations.Nullable;

/**
 * One run of one seed: people talk while things break; then the weather turns fine, everybody gets
 * 70 seconds, and what they know is compared with what the store has saved.
 */
final class Simulation {
  private static final int CALM_MS = 70_000;
  private static final int CALM_WITH_RETRIES_MS = 90_000; // they take a minute

  private final World world;
  private final Town town;
  private final People people;

  private Simulation(World world) {
    this.world = world;
    this.town = new Town(world);
    this.people = new People(world, town);
  }

  /** How a run ended. */
  record Outcome(long seed, @Nullable Violation violation, long hash) {}

  static Outcome run(long seed, @Nullable Bug bug, Tally tally, boolean aloud) {
    World world = World.of(seed, bug, tally, aloud);
    Simulation simulation = new Simulation(world);
    try {
      simulation.run();
    } catch (Violation violation) {
      world.judge().fail(violation.invariant(), String.valueOf(violation.getMessage()));
    }
    tally.ran(world.time().ticksMs(), world.time().steps());
    return new Outcome(seed, world.judge().verdict(), world.trace().hash());
  }

  private void run() {
    town.settleIn();
    world.time().after(1, people::act);
    while (people.areBusy() && isFine()) {
      world.time().step();
    }
    town.calm();
    boolean retries = world.weather().webhooks || world.weather().brief;
    long until = world.time().ticksMs() + (retries ? CALM_WITH_RETRIES_MS : CALM_MS);
    int hints = 0; // the first opens rooms whose streams nobody goes on with
    while (isFine() && world.time().ticksMs() < until && world.time().step()) {
      if (hints < 2 && world.time().ticksMs() > until - (hints == 0 ? 40_000 : 10_000)) {
        hints++;
        town.nodes().forEach(node -> town.rooms().forEach(room -> town.hint(node, room)));
      }
    }
    if (isFine()) {
      new Verdict(world, town).judge();
    }
  }

  private boolean isFine() {
    if (!world.time().failures().isEmpty()) {
      Throwable failure = world.time().failures().get(0);
      world.judge().fail("F13", "a task threw " + failure);
      if (world.trace().isAloud()) {
        failure.printStackTrace();
      }
    }
    return world.judge().verdict() == null;
  }
}
