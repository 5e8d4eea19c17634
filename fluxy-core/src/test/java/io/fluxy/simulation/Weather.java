package io.fluxy.simulation;

import io.fluxy.chat.Limits;

/**
 * What one seed is like: how big its world is, how tight the limits, which faults there are and how
 * often. Most seeds have some kinds of faults and not others, for a fault that is always there
 * hides what would happen without it.
 */
final class Weather {
  final int users;
  final int rooms;
  final int projects;
  final int nodes;
  final int actions;
  final int gapMsMax;
  final Limits limits;

  // In percent of operations.
  private final double slow;
  private final double failed;
  private final double savedAndFailed;
  private final double savedAndSilent;
  private final double silent;
  private final double late;
  private final double readsSlow;
  private final double readsFailed;
  private final double readsSilent;
  final double atOnce;
  final double writeLater;
  final double writeFailed;

  // In percent of actions.
  final double stall;
  final double crash;
  final double clock;
  final double idle;
  final double storeTrouble;
  final double poison;
  final boolean tokensExpire;
  final boolean membersOverflow;

  final boolean hostDecides;
  final boolean webhooks;
  final boolean brief;

  boolean outage;
  boolean diskFull;
  boolean calm;

  Weather(Dice dice) {
    users = dice.between(2, dice.percent(30) ? 12 : 5);
    rooms = dice.between(1, dice.percent(20) ? 8 : 2);
    projects = dice.percent(40) ? 2 : 1;
    nodes = dice.percent(25) ? 2 : 1;
    actions = dice.between(20, dice.percent(20) ? 160 : 70);
    gapMsMax = dice.pick(5, 60, 400);
    boolean badStore = dice.percent(65);
    boolean badReads = dice.percent(40);
    slow = badStore && dice.percent(50) ? 6 : 0;
    failed = badStore && dice.percent(50) ? 5 : 0;
    savedAndFailed = badStore && dice.percent(50) ? 6 : 0;
    savedAndSilent = badStore && dice.percent(40) ? 4 : 0;
    silent = badStore && dice.percent(40) ? 4 : 0;
    late = badStore && dice.percent(40) ? 5 : 0;
    readsSlow = badReads && dice.percent(50) ? 8 : 0;
    readsFailed = badReads && dice.percent(60) ? 12 : 0;
    readsSilent = badReads && dice.percent(50) ? 10 : 0;
    atOnce = dice.pick(0, 30, 70, 100);
    boolean slowSockets = dice.percent(50);
    writeLater = slowSockets ? 60 : 15;
    writeFailed = dice.percent(20) ? 2 : 0;
    stall = slowSockets ? 14 : 0;
    crash = dice.percent(35) ? 3 : 0;
    clock = dice.percent(30) ? 3 : 0;
    idle = dice.percent(40) ? 4 : 0;
    storeTrouble = dice.percent(25) ? 4 : 0;
    poison = dice.percent(10) ? 30 : 0;
    tokensExpire = dice.percent(10);
    membersOverflow = dice.percent(8);
    boolean tight = dice.percent(70);
    limits =
        Limits.defaults().toBuilder()
            .streamIdleMs(Integer.MAX_VALUE)
            .recentMessagesMax(tight ? 5 : 20)
            .recentEventsMax(dice.pick(2, 4, 30))
            .clientIdsMax(tight ? 4 : 100)
            .turnLettersMax(tight ? dice.between(1, 4) : 50)
            .mailboxLettersMax(dice.pick(6, 30, 200))
            .outboxBytesMax(slowSockets ? dice.pick(150, 400, 2_000) : 20_000)
            .presenceListMax(dice.pick(2, 50))
            .presencePauseMs(1_000)
            .roomIdleMs(dice.pick(1_000, 20_000))
            .storeTimeoutMs(dice.pick(500, 3_000))
            .writeStallMs(8_000)
            .silenceMs(18_000)
            .connectionsPerRoomMax(membersOverflow ? 3 : 1_000)
            .lifetimeMsMin(1_000)
            .clientEventsPerMinute(1_000_000)
            .webhookTimeoutMs(2_000)
            .messagesPerMinute(dice.percent(10) ? 6 : 1_000_000)
            .commandsPerMinute(1_000_000)
            .build();
    hostDecides = dice.percent(25) && nodes == 1; // each node has to be told, one after the other
    webhooks = dice.percent(25) && clock == 0; // when they are tried is told by the clock
    brief = dice.percent(30);
  }

  /** What becomes of an operation of the store. */
  enum Fate {
    AT_ONCE,
    SOON,
    SLOW,
    FAILED,
    SAVED_AND_FAILED,
    SAVED_AND_SILENT,
    SILENT,
    /** It fails, or falls silent, and is saved some time after that. */
    LATE
  }

  Fate append(Dice dice) {
    if (calm) {
      return good(dice);
    } else if (outage) {
      return dice.percent(50) ? Fate.FAILED : Fate.SILENT;
    } else if (diskFull) {
      return Fate.FAILED;
    }
    double at = dice.between(0, 9_999) / 100.0;
    if ((at -= slow) < 0) {
      return Fate.SLOW;
    } else if ((at -= failed) < 0) {
      return Fate.FAILED;
    } else if ((at -= savedAndFailed) < 0) {
      return Fate.SAVED_AND_FAILED;
    } else if ((at -= savedAndSilent) < 0) {
      return Fate.SAVED_AND_SILENT;
    } else if ((at -= silent) < 0) {
      return Fate.SILENT;
    } else if ((at -= late) < 0) {
      return Fate.LATE;
    }
    return good(dice);
  }

  Fate read(Dice dice) {
    if (calm) {
      return good(dice);
    } else if (outage) {
      return dice.percent(50) ? Fate.FAILED : Fate.SILENT;
    }
    double at = dice.between(0, 9_999) / 100.0;
    if ((at -= readsSlow) < 0) {
      return Fate.SLOW;
    } else if ((at -= readsFailed) < 0) {
      return Fate.FAILED;
    } else if ((at -= readsSilent) < 0) {
      return Fate.SILENT;
    }
    return good(dice);
  }

  private Fate good(Dice dice) {
    return dice.percent(atOnce) ? Fate.AT_ONCE : Fate.SOON;
  }
}
