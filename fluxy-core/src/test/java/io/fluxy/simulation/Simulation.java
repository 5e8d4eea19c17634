package io.fluxy.simulation;

import org.jspecify.annotations.Nullable;

/**
 * One run of one seed: people talk while things break; then the weather turns fine, everybody gets
 * a minute or more, and what they know is compared with what the store has saved.
 */
final class Simulation {
  private static final int CALM_MS = 70_000;
  private static final int CALM_WITH_WEBHOOKS_MS = 90_000; // retries take a minute
  private static final int CALM_WITH_EXPIRY_MS = 160_000; // one for silence, one for a refusal

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
    long until = world.time().ticksMs() + calmMs();
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

  private int calmMs() {
    if (world.weather().brief) {
      return CALM_WITH_EXPIRY_MS;
    }
    return world.weather().webhooks ? CALM_WITH_WEBHOOKS_MS : CALM_MS;
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
