package io.fluxy.simulation;

import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import java.util.List;

/** What happens now and then: whispers, new roles, and rooms that open to all or close. */
final class Occasions {
  private static final List<Role> ROLES = List.of(Role.MODERATOR, Role.MEMBER, Role.ADMIN);
  private static final List<RoomType> TYPES =
      List.of(RoomType.GROUP, RoomType.PUBLIC, RoomType.GROUP, RoomType.ANNOUNCEMENT);

  private final World world;
  private final Town town;
  private final Dice dice;
  private int whispers;

  Occasions(World world, Town town) {
    this.world = world;
    this.town = town;
    this.dice = world.dice();
  }

  /** One of them, now and then. */
  void maybe(Device device, RoomId room) {
    int kind = dice.between(0, 99);
    if (kind < 8) {
      whisper(device);
    } else if (kind < 10) {
      String userId = "u" + dice.between(1, world.weather().users - 1);
      ask(room, "role|" + userId + "|" + dice.pick(ROLES));
    } else if (kind < 12) {
      ask(room, "become|" + dice.pick(TYPES));
    }
  }

  private void whisper(Device device) {
    Link link = device.link();
    for (String room : device.wanted()) {
      Session session = device.session(room);
      if (link != null && session != null) {
        String name = "whisper" + ++whispers;
        session.whispers(name);
        link.say(room + "|whisper|" + name);
        return;
      }
    }
  }

  /** The owner of a room asks for it. */
  void ask(RoomId room, String words) {
    Node node = town.node();
    for (Device owners : town.devices()) {
      if (node != null
          && owners.user().id().equals("u0")
          && owners.project().equals(room.project())) {
        String line = room.name() + "|" + words;
        owners.ask(node, room, Conversation.command(line.split("\\|", -1)), answer -> {});
        return;
      }
    }
  }
}
