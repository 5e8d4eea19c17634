package io.fluxy.simulation;

import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.hook.WebhookType;
import io.fluxy.store.WebhookRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who and what there is in a run: nodes, rooms, and the devices of people. */
final class Town implements Device.Network {
  private final World world;
  private final Dice dice;
  private final Weather weather;
  private final List<Node> nodes = new ArrayList<>();
  private final List<RoomId> rooms = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Device.Request> requests = new ArrayList<>();
  private final Map<String, Send> sends = new LinkedHashMap<>();
  private int nodeNumber;

  Town(World world) {
    this.world = world;
    this.dice = world.dice();
    this.weather = world.weather();
  }

  /** Those that are up. */
  List<Node> nodes() {
    return nodes;
  }

  List<RoomId> rooms() {
    return rooms;
  }

  List<Device> devices() {
    return devices;
  }

  List<Listener> listeners() {
    return listeners;
  }

  /** What was asked without a connection, but for commands. */
  List<Device.Request> requests() {
    return requests;
  }

  /** By what they say, and by user, room and client message id. */
  Map<String, Send> sends() {
    return sends;
  }

  void settleIn() {
    for (int p = 0; p < weather.projects && weather.webhooks; p++) {
      List<String> types = List.of(WebhookType.MESSAGE_CREATED.word());
      WebhookRecord webhook =
          new WebhookRecord(project(p), "hook" + p, "https://hook.example", null, types, 0);
      FaultyStore.now(world.store().inner().webhooks().saveWebhook(webhook));
    }
    for (int i = 0; i < weather.nodes; i++) {
      startNode();
    }
    List<String> users = new ArrayList<>();
    for (int i = 0; i < weather.users; i++) {
      users.add("u" + i);
    }
    for (int p = 0; p < weather.projects; p++) {
      String project = project(p);
      for (int r = 0; r < weather.rooms; r++) {
        found(new RoomId(project, "r" + r), users);
      }
      for (int u = 0; u < weather.users; u++) {
        people(project, u);
      }
    }
    if (world.isPlanted(Bug.STORE_NOT_SYNCED)) {
      syncNowAndThen();
    }
  }

  private static String project(int number) {
    return number == 0 ? "alpha" : "beta";
  }

  private void syncNowAndThen() {
    world.store().sync();
    world.time().after(dice.between(100, 1_000), this::syncNowAndThen);
  }

  private void found(RoomId id, List<String> users) {
    RoomType type =
        dice.percent(60)
            ? RoomType.GROUP
            : dice.percent(60) ? RoomType.PUBLIC : RoomType.ANNOUNCEMENT;
    List<String> founders = new ArrayList<>();
    List<Role> roles = new ArrayList<>();
    for (String user : users) {
      if (founders.isEmpty() || dice.percent(75)) {
        roles.add(founders.isEmpty() ? Role.OWNER : Role.MEMBER);
        founders.add(user);
      }
    }
    world.store().found(id, type, founders, roles);
    rooms.add(id);
  }

  private void people(String project, int number) {
    Set<Role> roles = Set.of(number == 1 && dice.percent(10) ? Role.ADMIN : Role.MEMBER);
    User user = new User("u" + number, roles);
    int count = dice.percent(70) ? 1 : dice.between(2, 3);
    for (int d = 0; d < count; d++) {
      List<String> wanted = new ArrayList<>();
      for (int r = 0; r < weather.rooms; r++) {
        if (wanted.isEmpty() || dice.percent(40)) {
          wanted.add("r" + r);
        }
      }
      String name = project.charAt(0) + "-" + user.id() + "-" + d;
      Device device = new Device(world, this, project, user, name, wanted, sends);
      devices.add(device);
      world.time().after(dice.between(0, 50), device::connect);
    }
  }

  void startNode() {
    Node node = new Node("node" + ++nodeNumber, world);
    node.start();
    nodes.add(node);
    world.trace().note("starts", node, "");
  }

  @Override
  public @Nullable Node node() {
    return nodes.isEmpty() ? null : dice.pick(nodes);
  }

  void calm() {
    world.trace().note("calm", "", "");
    weather.calm = true;
    weather.outage = false;
    weather.diskFull = false;
    world.store().sync();
    if (nodes.isEmpty()) {
      startNode();
    }
    for (Device device : devices) {
      if (device.link() != null) {
        device.link().goOn();
      }
    }
  }

  void hint(Node node, RoomId room) {
    node.rooms()
        .lease(room)
        .thenAccept(
            lease ->
                lease.ifPresent(
                    held -> {
                      held.room().hint();
                      held.release();
                    }));
  }
}
