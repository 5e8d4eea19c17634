package io.fluxy.simulation;

/** What goes wrong: processes crash, clocks jump, disks fill up and sockets stall. */
final class Trouble {
  private final World world;
  private final Town town;
  private final Dice dice;
  private final Weather weather;

  Trouble(World world, Town town) {
    this.world = world;
    this.town = town;
    this.dice = world.dice();
    this.weather = world.weather();
  }

  void maybe() {
    if (dice.percent(weather.crash) && !town.nodes().isEmpty()) {
      crash();
    }
    if (dice.percent(weather.clock)) {
      int jumpMs = dice.between(-7_200_000, 7_200_000);
      world.tally().saw(jumpMs < 0 ? Sometimes.CLOCK_BACK : Sometimes.CLOCK_FORWARD);
      world.time().jumpWallClock(jumpMs);
    }
    if (dice.percent(weather.storeTrouble)) {
      if (dice.percent(50)) {
        weather.outage = true;
      } else {
        weather.diskFull = true;
      }
      world
          .time()
          .after(
              dice.between(100, 8_000),
              () -> {
                weather.outage = false;
                weather.diskFull = false;
              });
    }
    if (dice.percent(weather.stall)) {
      Link link = dice.pick(town.devices()).link();
      if (link != null && link.isHealthy()) {
        if (dice.percent(15)) {
          link.halfOpen();
        } else {
          link.stall();
          world.time().after(dice.between(10, 7_000), link::goOn);
        }
      }
    }
  }

  private void crash() {
    Node node = dice.pick(town.nodes());
    world.tally().saw(Sometimes.CRASH);
    world.trace().note("crashes", node, "");
    town.nodes().remove(node);
    node.crash();
    for (Device device : town.devices()) {
      Link link = device.link();
      if (link != null && link.node() == node) {
        link.serverCrashed();
      }
    }
    world.time().after(dice.between(0, 2_000), town::startNode);
  }
}
