package io.fluxy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the simulation would see it if something were wrong. */
class PlantedBugsTest {
  private static final int SEEDS_MAX = 2_000;

  private final EngineLog log = new EngineLog();

  @BeforeEach
  void listenToTheLog() {
    log.open();
  }

  @AfterEach
  void hushNoMore() {
    log.close();
  }

  @ParameterizedTest
  @EnumSource(Bug.class)
  void theSimulationFindsIt(Bug bug) {
    for (long seed = 0; seed < SEEDS_MAX; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed, bug, new Tally(), false);
      Violation found = outcome.violation();
      if (found != null) {
        System.out.printf("%-34s seed %,5d  %s%n", bug, seed, shortened(found));
        return;
      }
    }
    assertThat(bug).as("not found within %s seeds", SEEDS_MAX).isNull();
  }

  private static String shortened(Violation found) {
    String message = String.valueOf(found.getMessage());
    return message.substring(0, Math.min(140, message.length()));
  }
}
