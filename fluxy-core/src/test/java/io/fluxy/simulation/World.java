package io.fluxy.simulation;

import io.fluxy.time.VirtualScheduler;
import org.jspecify.annotations.Nullable;

/** What everybody in a simulation shares. */
record World(
    VirtualScheduler time,
    Dice dice,
    Weather weather,
    Truth truth,
    Host host,
    FaultyStore store,
    TextCodec codec,
    Judge judge,
    Whispers whispers,
    Receiver receiver,
    Tally tally,
    Trace trace,
    @Nullable Bug bug) {

  static World of(long seed, @Nullable Bug bug, Tally tally, boolean aloud) {
    Dice dice = new Dice(seed);
    VirtualScheduler time = VirtualScheduler.seeded(seed);
    Weather weather = new Weather(dice.split());
    Judge judge = new Judge();
    Truth truth = new Truth(judge);
    Trace trace = new Trace(time, aloud);
    FaultyStore store = new FaultyStore(time, dice.split(), weather, truth, tally, trace, bug);
    return new World(
        time,
        dice,
        weather,
        truth,
        new Host(),
        store,
        new TextCodec(bug),
        judge,
        new Whispers(judge),
        new Receiver(weather, dice.split(), tally, trace),
        tally,
        trace,
        bug);
  }

  boolean isPlanted(Bug suspect) {
    return bug == suspect;
  }
}
