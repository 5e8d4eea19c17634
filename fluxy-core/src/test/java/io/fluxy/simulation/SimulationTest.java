package io.fluxy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The engine in bad weather. {@code fluxy.sim.seeds} says how many runs (the first 10,000 are the
 * same for ever, the rest follow from {@code fluxy.sim.base}); {@code fluxy.sim.seed} replays one
 * and prints all that happens in it.
 */
class SimulationTest {
  private static final int FIXED = 10_000;
  private static final int REPLAY_ONE_IN = 50;
  private static final int FEW = 1_000;

  private final EngineLog log = new EngineLog();

  @BeforeEach
  void listenToTheLog() {
    log.open();
  }

  @AfterEach
  void hushNoMore() {
    log.close();
  }

  @Test
  void noSeedBreaksAnInvariant() {
    Long one = Long.getLong("fluxy.sim.seed");
    if (one != null) {
      replay(one);
      return;
    }
    int count = Integer.getInteger("fluxy.sim.seeds", 2_000);
    Tally tally = new Tally();
    List<String> broken = new ArrayList<>();
    long traces = 1;
    long start = System.nanoTime();
    for (int i = 0; i < count && broken.size() < 10; i++) {
      long seed = seed(i);
      Simulation.Outcome outcome = Simulation.run(seed, null, tally, false);
      traces = 31 * traces + outcome.hash();
      String error = log.error();
      Violation violation = outcome.violation();
      if (violation != null) {
        broken.add(told(seed, violation));
      } else if (error != null) {
        broken.add("seed " + seed + ": the engine logged an error: " + error);
      }
      if (i % REPLAY_ONE_IN == 0) {
        assertThat(Simulation.run(seed, null, new Tally(), false).hash())
            .as("I14: seed %s, run twice", seed)
            .isEqualTo(outcome.hash());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "Simulation: %,d seeds in %.1f s (%.0f a second), traces %x, %s%n",
        count, seconds, count / seconds, traces, tally);
    assertThat(broken).as("replay one with -Dfluxy.sim.seed=N").isEmpty();
    if (count >= FEW) {
      assertThat(tally.neverSeen()).as("what the simulation never reached").isEmpty();
    }
  }

  private static long seed(int index) {
    long base = Long.getLong("fluxy.sim.base", 0);
    return index < FIXED ? index : base * 1_000_000_007L + index;
  }

  private static String told(long seed, Violation violation) {
    return "seed %d: %s (replay with -Dfluxy.sim.seed=%d)"
        .formatted(seed, violation.getMessage(), seed);
  }

  private static void replay(long seed) {
    Simulation.Outcome outcome = Simulation.run(seed, null, new Tally(), true);
    System.out.println("seed " + seed + ": hash " + outcome.hash());
    assertThat(outcome.violation()).isNull();
  }
}
