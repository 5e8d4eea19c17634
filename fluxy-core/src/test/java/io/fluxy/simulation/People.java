package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.User;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people do: talk, change what was said, moderate, read, and come and go. */
final class People {
  private static final String[] EMOJI = {"✔", "☺", "★"};

  private final World world;
  private final Town town;
  private final Reading reading;
  private final Trouble trouble;
  private final Occasions occasions;
  private final Dice dice;
  private final Weather weather;
  private int actionsLeft;

  People(World world, Town town) {
    this.world = world;
    this.town = town;
    this.reading = new Reading(world, town);
    this.trouble = new Trouble(world, town);
    this.occasions = new Occasions(world, town);
    this.dice = world.dice();
    this.weather = world.weather();
    this.actionsLeft = weather.actions;
  }

  boolean areBusy() {
    return actionsLeft > 0;
  }

  void act() {
    if (weather.calm) {
      return;
    }
    actionsLeft--;
    trouble.maybe();
    int kind = dice.between(0, 99);
    Device device = dice.pick(town.devices());
    RoomId room = new RoomId(device.project(), "r" + dice.between(0, weather.rooms - 1));
    occasions.maybe(device, room);
    if (weather.hostDecides && dice.percent(8)) {
      decide(room, device.user());
    }
    if (kind < 34) {
      RoomId joined = joined(device);
      device.post(joined == null ? room : joined, dice.percent(80), false);
    } else if (kind < 42) {
      device.post(room, dice.percent(80), true);
    } else if (kind < 47) {
      for (int i = 0; i < 8; i++) {
        Device one = dice.pick(town.devices());
        RoomId its = joined(one);
        if (its != null) {
          one.post(its, dice.percent(80), false);
        }
      }
    } else if (kind < 53) {
      sendAgain();
    } else if (kind < 55) {
      borrowClientId(device, room);
    } else if (kind < 73) {
      say(device, room);
    } else if (kind < 75) {
      moderate(room);
    } else if (kind < 77) {
      reading.resume(device, room);
    } else if (kind < 80) {
      reading.look(device, room);
    } else if (kind < 85) {
      reading.page(device, room);
    } else if (kind < 87) {
      reading.walk(device, room);
    } else if (kind < 91) {
      if (device.link() != null) {
        device.link().disconnect();
      }
    } else if (kind < 93) {
      device.stepOut(room.name());
    } else if (kind < 95) {
      listen(room, device.user());
    } else if (kind < 97 && !town.listeners().isEmpty()) {
      dice.pick(town.listeners()).leave();
    } else if (!town.nodes().isEmpty()) {
      town.hint(dice.pick(town.nodes()), room);
    }
    world.time().after(gapMs(), this::act);
  }

  /** The host changes its mind about somebody, or only says that it may have. */
  private void decide(RoomId room, User user) {
    boolean allowed = dice.percent(50);
    world.trace().note("decides", room, user.id() + " " + allowed);
    world.host().decides(room, user.id(), allowed);
    boolean thisRoom = dice.percent(70);
    String whose = dice.percent(60) ? user.id() : null;
    for (Node node : town.nodes()) {
      node.gate().permissionsChanged(each -> !thisRoom || each.equals(room), whose);
    }
  }

  private int gapMs() {
    return dice.percent(weather.idle)
        ? dice.between(2_000, 60_000)
        : dice.between(0, weather.gapMsMax);
  }

  private static @Nullable RoomId joined(Device device) {
    for (String room : device.wanted()) {
      if (device.session(room) != null) {
        return new RoomId(device.project(), room);
      }
    }
    return null;
  }

  /** Something that may have been answered already, by whoever of the same user. */
  private void sendAgain() {
    if (!town.sends().isEmpty()) {
      Send send = dice.pick(List.copyOf(town.sends().values()));
      for (Device device : town.devices()) {
        if (send.clientId() != null
            && device.user().id().equals(send.userId())
            && device.project().equals(send.room().project())) {
          device.submit(send, dice.percent(30));
          return;
        }
      }
    }
  }

  private void borrowClientId(Device device, RoomId room) {
    for (Send send : List.copyOf(town.sends().values())) {
      String clientId = send.clientId();
      if (clientId != null
          && !send.userId().equals(device.user().id())
          && !town.sends().containsKey(device.user().id() + " " + room + " " + clientId)) {
        world.tally().saw(Sometimes.SAME_CLIENT_ID_OF_TWO_USERS);
        device.post(
            room, clientId, send.content() + ".of." + device + "." + actionsLeft, dice.percent(50));
        return;
      }
    }
  }

  private void say(Device device, RoomId room) {
    RoomId joined = joined(device);
    RoomId where = joined == null || dice.percent(20) ? room : joined;
    String line = where.name() + "|" + words(where, device.user());
    Link link = device.link();
    Node node = town.node();
    if (link != null && device.session(where.name()) != null && dice.percent(80)) {
      link.say(line);
    } else if (node != null) {
      device.ask(node, where, Conversation.command(line.split("\\|", -1)), answer -> {});
    }
  }

  /** The owner of a room does something about a user, or takes it back. */
  private void moderate(RoomId room) {
    String userId = "u" + dice.between(0, weather.users - 1);
    String sanction = dice.pick(List.of(Sanction.values())).word();
    occasions.ask(room, "impose|" + userId + "|" + sanction);
  }

  private String words(RoomId room, User user) {
    long id = someMessage(room, user);
    if (dice.percent(5)) {
      return dice.percent(80) ? "pin|" + id : "unpin";
    }
    if (dice.percent(12)) {
      return streaming(room, user);
    }
    int kind = dice.between(0, 99);
    if (kind < 25) {
      return "edit|" + id + "|edited." + room.toString().replace('/', '.') + "." + actionsLeft;
    } else if (kind < 40) {
      return "delete|" + id + "|" + (dice.percent(30) ? "hard" : "soft");
    } else if (kind < 65) {
      return "react|"
          + id
          + "|"
          + EMOJI[dice.between(0, 2)]
          + "|"
          + (dice.percent(70) ? "add" : "no");
    } else if (kind < 72) {
      return "read|" + id;
    } else if (kind < 84) {
      return "type";
    } else if (kind < 89) {
      return "add|u" + dice.between(0, weather.users - 1);
    } else if (kind < 94) {
      return "remove|u" + dice.between(0, weather.users - 1);
    } else if (kind < 97) {
      return "tool|call" + actionsLeft;
    }
    return "run|working";
  }

  /** A step of writing a message bit by bit; what it says does not change on the way. */
  private String streaming(RoomId room, User user) {
    int kind = dice.between(0, 99);
    String text = Truth.STREAM + room.toString().replace('/', '.') + "." + user.id();
    if (kind < 45) {
      return "start|" + text + "|run" + actionsLeft;
    } else if (kind < 75) {
      return "grow|" + text;
    }
    return kind < 93 ? "end" : "abort";
  }

  /** Mostly one of the user's own, mostly a young one. */
  private long someMessage(RoomId room, User user) {
    Truth.Log log = world.truth().log(room);
    long id = Message.id(log.room().number(), Math.max(1, log.head()));
    for (int i = 0; i < 4; i++) {
      int back = dice.percent(60) ? 6 : (int) log.head();
      long seq = Math.max(1, log.head() - dice.between(0, back));
      if (log.head() > 0 && log.event(seq) instanceof Event.Posted posted) {
        id = posted.message().id();
        if (posted.message().userId().equals(user.id())) {
          return id;
        }
      }
    }
    return id;
  }

  private void listen(RoomId room, User user) {
    Node node = town.node();
    if (node == null) {
      return;
    }
    Listener listener = new Listener(world, node, user, "listener" + town.listeners().size());
    node.rooms()
        .lease(room)
        .whenComplete(
            (lease, failure) -> {
              if (failure == null && lease.isPresent()) {
                Listener before =
                    town.listeners().stream()
                        .filter(gone -> gone.isGoneFrom(room, user))
                        .reduce((one, two) -> two)
                        .orElse(null);
                town.listeners().add(listener);
                if (before == null) {
                  listener.join(lease.get(), room);
                } else {
                  listener.rejoin(lease.get(), room, before);
                }
              }
            });
  }
}
