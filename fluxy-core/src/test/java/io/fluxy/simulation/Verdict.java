package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What must hold when a run is over: what everybody knows is what the store has saved. */
final class Verdict {
  private static final int GOES_WITHIN_MS = 130_000;

  private final World world;
  private final Town town;

  Verdict(World world, Town town) {
    this.world = world;
    this.town = town;
  }

  void judge() {
    Judge judge = world.judge();
    for (Send send : town.sends().values()) {
      judge.check(
          send.isAnswered() || send.clientId() == null, "I13", () -> send + " was never answered");
      Truth.Log log = world.truth().log(send.room());
      String clientId = send.clientId();
      Message saved =
          clientId == null ? log.withContent(send.content()) : log.sent(send.userId(), clientId);
      judge.check(
          send.seq() == 0 || saved != null && saved.seq() == send.seq(),
          "I1",
          () -> send + " was acked as seq " + send.seq() + " and is " + saved);
    }
    for (Device device : town.devices()) {
      for (Device.Request request : device.openRequests()) {
        judge.fail("I13", request + " was never answered");
      }
    }
    for (Device.Request request : town.requests()) {
      judge.check(!request.isOpen(), "I13", () -> request + " was never answered");
    }
    world.truth().logs().forEach(this::lookForWhatHappened);
    judgeStore(judge);
    judgeRosters(judge);
    town.listeners().forEach(Listener::checkAtTheEnd);
  }

  private void lookForWhatHappened(Truth.Log log) {
    if (log.hasInterrupted()) {
      world.tally().saw(Sometimes.STREAM_INTERRUPTED);
    }
    for (long seq = 1; seq <= log.head(); seq++) {
      Event.Durable event = log.event(seq);
      if (event instanceof Event.Imposed imposed) {
        world
            .tally()
            .saw(
                switch (imposed.sanction()) {
                  case MUTE -> Sometimes.MUTED;
                  case BAN -> Sometimes.BANNED;
                  case KICK -> Sometimes.KICKED;
                  case UNMUTE, UNBAN, BLOCK, UNBLOCK -> Sometimes.TAKEN_BACK;
                });
      } else if (event instanceof Event.Pinned pinned) {
        boolean follows = pinned.messageId() == null && log.event(seq - 1) instanceof Event.Deleted;
        world.tally().saw(follows ? Sometimes.UNPINNED_WITH_ITS_MESSAGE : Sometimes.PINNED);
      } else if (event instanceof Event.MemberAdded added
          && (added.role() == Role.MODERATOR || added.role() == Role.ADMIN)) {
        world.tally().saw(Sometimes.ROLE_GIVEN);
      } else if (event instanceof Event.RoomChanged changed) {
        boolean open = changed.type() == RoomType.PUBLIC;
        world.tally().saw(open ? Sometimes.OPENED_TO_ALL : Sometimes.CLOSED_TO_STRANGERS);
      } else if (event instanceof Event.Deleted gone && gone.expired()) {
        world.tally().saw(Sometimes.EXPIRED);
      } else if (event instanceof Event.ToolUsed) {
        world.tally().saw(Sometimes.TOOL_USED);
      }
    }
    log.checkAtTheEnd();
    for (StoredMessage each : log.at(log.head()).values()) {
      Long expiresAtMs = each.message().expiresAtMs();
      world
          .judge()
          .check(
              expiresAtMs == null || expiresAtMs > world.time().nowMs() - GOES_WITHIN_MS,
              "I21",
              () -> log.room().id() + ": has expired and is still there: " + each.message());
    }
    if (world.weather().webhooks) {
      world.receiver().checkAtTheEnd(log, world.judge());
    }
  }

  /** What the store has is what was saved, and its pages are what follows from that. */
  private void judgeStore(Judge judge) {
    for (Truth.Log log : world.truth().logs()) {
      RoomId id = log.room().id();
      List<Event.Durable> stored =
          FaultyStore.now(world.store().inner().messages().read(id, 0, 10_000));
      judge.check(
          stored.size() == log.head(),
          "I1",
          () -> id + ": the store has " + stored.size() + " events of " + log.head());
      for (Event.Durable event : stored) {
        judge.check(
            log.isLineOf(event.seq(), TextCodec.line(id, event)), "I1", () -> id + ": " + event);
      }
      judge.check(
          FaultyStore.now(world.store().inner().messages().page(id, Long.MAX_VALUE, 10_000))
              .equals(log.page(log.head(), Long.MAX_VALUE, Long.MAX_VALUE, 10_000)),
          "I7",
          () -> id + ": the store's messages don't follow from its log");
    }
  }

  private void judgeRosters(Judge judge) {
    Map<String, List<Session>> here = new HashMap<>();
    for (Device device : town.devices()) {
      Link link = device.link();
      if (link == null || !link.isHealthy()) {
        continue;
      }
      for (Session session : link.sessions().values()) {
        if (session.isWelcome()) {
          here.computeIfAbsent(link.node() + " " + session.room(), none -> new ArrayList<>())
              .add(session);
        } else if (!session.isOver()) {
          judge.fail("I13", session + " is still not welcome");
        }
      }
    }
    for (List<Session> sessions : here.values()) {
      List<Session> visible = sessions.stream().filter(Session::isVisible).toList();
      TreeSet<String> users = new TreeSet<>();
      visible.forEach(session -> users.add(session.userId()));
      for (Session session : sessions) {
        session.checkAtTheEnd(visible.size(), users);
        session.checkOrder();
      }
    }
  }
}
