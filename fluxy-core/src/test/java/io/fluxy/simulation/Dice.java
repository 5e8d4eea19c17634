package io.fluxy.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Chance, from a seed. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this(new SplittableRandom(seed));
  }

  private Dice(SplittableRandom random) {
    this.random = random;
  }

  /** Dice of their own, so that one part of a run does not disturb another. */
  Dice split() {
    return new Dice(random.split());
  }

  boolean percent(double percent) {
    return random.nextDouble() * 100 < percent;
  }

  /** Both ends are possible. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  int pick(int... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
