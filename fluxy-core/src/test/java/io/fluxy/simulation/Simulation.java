package io.fluxy.simulation;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One run of one seed: people talk while things break; then the weather turns fine, everybody gets
 * 70 seconds, and what they know is compared with what the store has saved.
 */
final class Simulation implements Device.Network {
  private static final int CALM_MS = 70_000;
  private static final String[] EMOJI = {"✔", "☺", "★"};

  private final World world;
  private final Dice dice;
  private final Weather weather;
  private final List<Node> nodes = new ArrayList<>();
  private final List<RoomId> rooms = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Device.Request> requests = new ArrayList<>();
  private final Map<String, Send> sends = new LinkedHashMap<>();
  private int actionsLeft;
  private int nodeNumber;

  private Simulation(World world) {
    this.world = world;
    this.dice = world.dice();
    this.weather = world.weather();
    this.actionsLeft = weather.actions;
  }

  /** How a run ended. */
  record Outcome(long seed, @Nullable Violation violation, long hash) {}

  static Outcome run(long seed, @Nullable Bug bug, Tally tally, boolean aloud) {
    World world = World.of(seed, bug, tally, aloud);
    Simulation simulation = new Simulation(world);
    try {
      simulation.run();
    } catch (Violation violation) {
      world.judge().fail(violation.invariant(), String.valueOf(violation.getMessage()));
    }
    tally.ran(world.time().ticksMs(), world.time().steps());
    return new Outcome(seed, world.judge().verdict(), world.trace().hash());
  }

  private void run() {
    settleIn();
    world.time().after(1, this::act);
    while (actionsLeft > 0 && isFine()) {
      world.time().step();
    }
    calm();
    long until = world.time().ticksMs() + CALM_MS;
    int hints = 0; // the first opens rooms whose streams nobody goes on with
    while (isFine() && world.time().ticksMs() < until && world.time().step()) {
      if (hints < 2 && world.time().ticksMs() > until - (hints == 0 ? 40_000 : 10_000)) {
        hints++;
        nodes.forEach(node -> rooms.forEach(room -> hint(node, room)));
      }
    }
    if (isFine()) {
      judge();
    }
  }

  private boolean isFine() {
    if (!world.time().failures().isEmpty()) {
      Throwable failure = world.time().failures().get(0);
      world.judge().fail("F13", "a task threw " + failure);
      if (world.trace().isAloud()) {
        failure.printStackTrace();
      }
    }
    return world.judge().verdict() == null;
  }

  // The world.

  private void settleIn() {
    for (int i = 0; i < weather.nodes; i++) {
      startNode();
    }
    List<String> users = new ArrayList<>();
    for (int i = 0; i < weather.users; i++) {
      users.add("u" + i);
    }
    for (int p = 0; p < weather.projects; p++) {
      String project = p == 0 ? "alpha" : "beta";
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

  private void startNode() {
    Node node = new Node("node" + ++nodeNumber, world);
    nodes.add(node);
    world.trace().note("starts", node, "");
  }

  @Override
  public @Nullable Node node() {
    return nodes.isEmpty() ? null : dice.pick(nodes);
  }

  // What happens.

  private void act() {
    if (weather.calm) {
      return;
    }
    actionsLeft--;
    trouble();
    int kind = dice.between(0, 99);
    Device device = dice.pick(devices);
    RoomId room = new RoomId(device.project(), "r" + dice.between(0, weather.rooms - 1));
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
        Device one = dice.pick(devices);
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
      moderate(device, room);
    } else if (kind < 77) {
      resume(device, room);
    } else if (kind < 80) {
      look(device, room);
    } else if (kind < 85) {
      page(device, room);
    } else if (kind < 87) {
      walk(device, room);
    } else if (kind < 91) {
      if (device.link() != null) {
        device.link().disconnect();
      }
    } else if (kind < 93) {
      device.stepOut(room.name());
    } else if (kind < 95) {
      listen(room, device.user());
    } else if (kind < 97 && !listeners.isEmpty()) {
      dice.pick(listeners).leave();
    } else if (!nodes.isEmpty()) {
      hint(dice.pick(nodes), room);
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
    for (Node node : nodes) {
      node.gate().permissionsChanged(each -> !thisRoom || each.equals(room), whose);
    }
  }

  private int gapMs() {
    return dice.percent(weather.idle)
        ? dice.between(2_000, 60_000)
        : dice.between(0, weather.gapMsMax);
  }

  private void trouble() {
    if (dice.percent(weather.crash) && !nodes.isEmpty()) {
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
      Link link = dice.pick(devices).link();
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
    Node node = dice.pick(nodes);
    world.tally().saw(Sometimes.CRASH);
    world.trace().note("crashes", node, "");
    nodes.remove(node);
    node.crash();
    for (Device device : devices) {
      Link link = device.link();
      if (link != null && link.node() == node) {
        link.serverCrashed();
      }
    }
    world
        .time()
        .after(
            dice.between(0, 2_000),
            () -> {
              startNode();
            });
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
    if (!sends.isEmpty()) {
      Send send = dice.pick(List.copyOf(sends.values()));
      for (Device device : devices) {
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
    for (Send send : List.copyOf(sends.values())) {
      String clientId = send.clientId();
      if (clientId != null
          && !send.userId().equals(device.user().id())
          && !sends.containsKey(device.user().id() + " " + room + " " + clientId)) {
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
    Node node = node();
    if (link != null && device.session(where.name()) != null && dice.percent(80)) {
      link.say(line);
    } else if (node != null) {
      device.ask(node, where, Conversation.command(line.split("\\|", -1)), answer -> {});
    }
  }

  /** The owner of a room does something about a user, or takes it back. */
  private void moderate(Device device, RoomId room) {
    String userId = "u" + dice.between(0, weather.users - 1);
    String sanction = dice.pick(List.of(Sanction.values())).word();
    Node node = node();
    for (Device owners : devices) {
      if (node != null
          && owners.user().id().equals("u0")
          && owners.project().equals(device.project())) {
        String line = room.name() + "|impose|" + userId + "|" + sanction;
        owners.ask(node, room, Conversation.command(line.split("\\|", -1)), answer -> {});
        return;
      }
    }
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

  /**
   * Somebody asks what it has missed: the answer is a stretch of the log, or that there is none.
   */
  private void resume(Device device, RoomId room) {
    Node node = node();
    if (node == null) {
      return;
    }
    Truth.Log log = world.truth().log(room);
    long lastSeq = dice.between(0, (int) log.head() + (dice.percent(10) ? 3 : 0));
    long headThen = log.head();
    int max = dice.pick(1, 3, 7, 200);
    node.rooms()
        .lease(room)
        .thenAccept(
            lease ->
                lease.ifPresent(
                    held ->
                        held.room()
                            .submit(device.user(), new Command.Resume(lastSeq, null, max))
                            .thenAccept(
                                answer -> {
                                  held.release();
                                  resumed(log, lastSeq, headThen, max, answer);
                                })));
  }

  private void resumed(Truth.Log log, long lastSeq, long headThen, int max, Answer answer) {
    if (!(answer instanceof Answer.Done done)
        || !(done.event() instanceof Event.Replayed replayed)) {
      return; // refused, as reading is
    }
    RoomId room = log.room().id();
    world
        .judge()
        .check(
            replayed.recovered() ? lastSeq <= log.head() : lastSeq > headThen,
            "I7",
            () -> room + " says of " + lastSeq + " of " + log.head() + ": " + replayed);
    if (!replayed.recovered()) {
      world.tally().saw(Sometimes.NOT_RECOVERED);
      return;
    }
    world.tally().saw(Sometimes.REPLAYED);
    long next = lastSeq;
    for (Event.Durable event : replayed.events()) {
      next++;
      long seq = next;
      world
          .judge()
          .check(
              event.seq() == seq && log.isLineOf(seq, TextCodec.line(room, event)),
              "I7",
              () -> room + " replays " + event + " as seq " + seq);
    }
    long reached = next;
    world
        .judge()
        .check(
            reached == replayed.lastSeq()
                && (reached == replayed.currentSeq() || replayed.events().size() == max),
            "I7",
            () -> room + " replays up to " + reached + ": " + replayed);
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

  private void hint(Node node, RoomId room) {
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

  private void look(Device device, RoomId room) {
    Node node = node();
    if (node != null) {
      Truth.Log log = world.truth().log(room);
      long atLeast = node.told(room);
      node.gate()
          .with(room, there -> there.look(device.user()))
          .whenComplete(
              (view, failure) -> {
                if (failure != null) {
                  checkRefusal("look", failure);
                } else {
                  world
                      .judge()
                      .check(
                          view.head() >= atLeast && view.head() <= log.head(),
                          "I7",
                          () ->
                              room + " looks like it ends at " + view.head() + ", told " + atLeast);
                }
              });
    }
  }

  // History.

  private void page(Device device, RoomId room) {
    Node node = node();
    if (node == null) {
      return;
    }
    Truth.Log log = world.truth().log(room);
    int max = dice.pick(2, 4, 6, 10);
    if (dice.percent(30) && log.head() > 0) {
      world.tally().saw(Sometimes.PAGE_BEFORE_TIME);
      long beforeMs = log.event(dice.between(1, (int) log.head())).atMs() + dice.between(0, 1);
      page(device, node, room, Long.MAX_VALUE, beforeMs, max);
    } else {
      long beforeSeq = dice.percent(50) ? Long.MAX_VALUE : dice.between(1, (int) log.head() + 1);
      page(device, node, room, beforeSeq, Long.MAX_VALUE, max);
    }
  }

  private CompletionStage<List<StoredMessage>> page(
      Device device, Node node, RoomId room, long beforeSeq, long beforeMs, int max) {
    Truth.Log log = world.truth().log(room);
    long atLeast = node.told(room);
    Device.Request request = new Device.Request(node, device, room, "page");
    requests.add(request);
    return node.gate()
        .with(
            room,
            there ->
                beforeMs == Long.MAX_VALUE
                    ? there.page(device.user(), beforeSeq, max)
                    : there.pageBefore(device.user(), beforeMs, max))
        .whenComplete(
            (page, failure) -> {
              request.answered();
              if (failure != null) {
                checkRefusal("page", failure);
                return;
              }
              for (long head = log.head(); head >= atLeast; head--) {
                if (log.page(head, beforeSeq, beforeMs, max).equals(page)) {
                  return;
                }
              }
              world
                  .judge()
                  .fail(
                      "I7",
                      room
                          + " never had this page before "
                          + beforeSeq
                          + "/"
                          + beforeMs
                          + ": "
                          + page);
            });
  }

  private void checkRefusal(String what, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    world
        .judge()
        .check(cause instanceof RefusedException, "F13", () -> what + " failed with " + cause);
  }

  /** Reads all of a room's history, page by page, while others write. */
  private void walk(Device device, RoomId room) {
    Node node = node();
    if (node != null) {
      Truth.Log log = world.truth().log(room);
      long head = node.told(room);
      walk(device, node, room, Long.MAX_VALUE, log, head, new TreeSet<>());
    }
  }

  private void walk(
      Device device,
      Node node,
      RoomId room,
      long beforeSeq,
      Truth.Log log,
      long headAtStart,
      Set<Long> seen) {
    page(device, node, room, beforeSeq, Long.MAX_VALUE, 4)
        .thenAccept(
            page -> {
              for (StoredMessage each : page) {
                world
                    .judge()
                    .check(
                        seen.add(each.message().seq()),
                        "I7",
                        () -> room + ": a walk sees a row twice");
              }
              if (page.size() == 4) {
                long next = page.get(3).message().seq();
                world
                    .time()
                    .after(
                        dice.between(0, 50),
                        () -> walk(device, node, room, next, log, headAtStart, seen));
                return;
              }
              world.tally().saw(Sometimes.HISTORY_WALKED);
              for (long seq : log.at(log.head()).keySet()) {
                world
                    .judge()
                    .check(
                        seq > headAtStart || seen.contains(seq),
                        "I7",
                        () -> room + ": a walk missed seq " + seq);
              }
            });
  }

  // Members without a socket.

  private void listen(RoomId room, User user) {
    Node node = node();
    if (node == null) {
      return;
    }
    Listener listener = new Listener(world, node, user, "listener" + listeners.size());
    node.rooms()
        .lease(room)
        .whenComplete(
            (lease, failure) -> {
              if (failure == null && lease.isPresent()) {
                Listener before =
                    listeners.stream()
                        .filter(gone -> gone.isGoneFrom(room, user))
                        .reduce((one, two) -> two)
                        .orElse(null);
                listeners.add(listener);
                if (before == null) {
                  listener.join(lease.get(), room);
                } else {
                  listener.rejoin(lease.get(), room, before);
                }
              }
            });
  }

  // The end.

  private void calm() {
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

  private void judge() {
    Judge judge = world.judge();
    for (Send send : sends.values()) {
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
    for (Device device : devices) {
      for (Device.Request request : device.openRequests()) {
        judge.fail("I13", request + " was never answered");
      }
    }
    for (Device.Request request : requests) {
      judge.check(!request.isOpen(), "I13", () -> request + " was never answered");
    }
    world.truth().logs().forEach(this::lookForWhatHappened);
    judgeStore(judge);
    judgeRosters(judge);
    listeners.forEach(Listener::checkAtTheEnd);
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
      } else if (event instanceof Event.ToolUsed) {
        world.tally().saw(Sometimes.TOOL_USED);
      }
    }
    log.checkAtTheEnd();
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
    for (Device device : devices) {
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
