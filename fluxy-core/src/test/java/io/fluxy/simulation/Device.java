package io.fluxy.simulation;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of a user's clients: connects, joins, sends, and sends again under the same client message id
 * until it has an answer. What it hears goes to the {@link Session}.
 */
final class Device {
  private static final int PATIENCE_MS = 5_000;
  private static final int JOIN_PATIENCE_MS = 15_000;

  private final World world;
  private final Network network;
  private final String project;
  private final User user;
  private final String name;
  private final List<String> wanted;
  private final Map<String, Send> sends;
  private final List<Request> requests = new ArrayList<>();
  private @Nullable Link link;
  private boolean resigned;
  private int links;
  private int messages;

  /** What a device needs to know of the world outside. */
  interface Network {
    /** Some node that is up; null if none is. */
    @Nullable Node node();
  }

  Device(
      World world,
      Network network,
      String project,
      User user,
      String name,
      List<String> wanted,
      Map<String, Send> sends) {
    this.world = world;
    this.network = network;
    this.project = project;
    this.user = user;
    this.name = name;
    this.wanted = new ArrayList<>(wanted);
    this.sends = sends;
  }

  String project() {
    return project;
  }

  User user() {
    return user;
  }

  List<String> wanted() {
    return wanted;
  }

  @Nullable Link link() {
    return link;
  }

  Identity identity() {
    boolean shortLived = world.weather().tokensExpire && !world.weather().calm;
    long expiresAtMs = shortLived ? world.time().nowMs() + 1_000 : Long.MAX_VALUE / 2;
    return new Identity(project, user, expiresAtMs, null);
  }

  // The connection.

  void connect() {
    Node node = network.node();
    if (link != null || resigned) {
      return;
    } else if (node == null) {
      reconnectSoon();
      return;
    }
    Identity identity = identity();
    Link opened = new Link(world, this, node, identity, name + "#" + ++links);
    link = opened;
    world.trace().note("connects", opened, node);
    opened.open(new Conversation(world, node, identity));
    for (String room : List.copyOf(wanted)) {
      join(room);
    }
  }

  /** There is no place for it; it goes on by HTTP alone. */
  void resign() {
    resigned = true;
  }

  void join(String room) {
    Link now = link;
    if (now == null || !now.isOpen() || !wanted.contains(room)) {
      return;
    }
    Session before = now.sessions().get(room);
    if (before != null && !before.isOver()) {
      return;
    }
    boolean visible = world.dice().percent(85);
    RoomId id = new RoomId(project, room);
    Session session = new Session(world, id, user.id(), visible, before);
    if (!now.isHealthy()) {
      session.heldUp();
    }
    now.sessions().put(room, session);
    int snapshotMax = world.dice().pick(0, 3, 5, 11);
    now.say(room + "|join|" + snapshotMax + "|" + (visible ? "visible" : "unseen"));
    world
        .time()
        .after(
            JOIN_PATIENCE_MS,
            () -> {
              if (!session.isWelcome() && !session.isOver() && now.wasNotLetInto(room)) {
                now.disconnect(); // what it was told was more than it could hear
              }
            });
  }

  /** Leaves a room and comes back to it over the same socket. */
  void stepOut(String room) {
    Session session = session(room);
    Link now = link;
    if (session != null && now != null) {
      session.end();
      now.say(room + "|leave");
      world.time().after(world.dice().between(0, 500), () -> join(room));
    }
  }

  void lost(Link which) {
    if (link == which) {
      link = null;
      reconnectSoon();
    }
  }

  private void reconnectSoon() {
    world.time().after(world.dice().between(10, 3_000), this::connect);
  }

  /** The session of a room this device is in now. */
  @Nullable Session session(String room) {
    Session session = link == null || !link.isOpen() ? null : link.sessions().get(room);
    return session != null && session.isWelcome() ? session : null;
  }

  void hears(Link from, TextCodec.Heard frame) {
    String room = frame.room().substring(frame.room().indexOf('/') + 1);
    Session session = from.sessions().get(room);
    if (session == null) {
      world.judge().fail("I11", from + " hears of a room it is not in: " + frame.line());
    } else if (frame.kind() == 'x' && frame.field(1).equals("join")) {
      session.end();
      notLetIn(room, frame.field(0));
    } else if (!session.isOver()) {
      boolean first = !session.isWelcome();
      session.hear(frame, sends);
      if (first && session.isWelcome()) {
        world.time().run(() -> sends.values().forEach(send -> retry(send, room)));
      }
      if (frame.kind() == 'x' && frame.field(0).equals("BUSY")) {
        Send send = sends.get(user.id() + " " + session.room() + " " + frame.field(1));
        if (send != null) {
          world.time().after(world.dice().between(500, 1_500), () -> retry(send, room));
        }
      }
    }
  }

  private void notLetIn(String room, String reason) {
    if (reason.equals("FORBIDDEN") || reason.equals("BANNED")) {
      wanted.remove(room);
    } else {
      world.judge().check(!reason.equals("INTERNAL"), "F13", () -> name + " cannot join " + room);
      world.time().after(world.dice().between(500, 1_500), () -> join(room));
    }
  }

  // What it sends.

  /** A new message; by this socket if it is in the room, else by HTTP. */
  Send post(RoomId room, boolean named, boolean byHttp) {
    String content = room.toString().replace('/', '.') + "." + name + "." + ++messages;
    if (world.weather().brief && world.dice().percent(10)) {
      content += Send.BRIEF;
    }
    String clientId = named ? "cm-" + name + "-" + messages : null;
    return post(room, clientId, content, byHttp);
  }

  Send post(RoomId room, @Nullable String clientId, String content, boolean byHttp) {
    Send send = new Send(room, user.id(), clientId, content);
    sends.put(content, send);
    if (clientId != null) {
      sends.put(user.id() + " " + room + " " + clientId, send);
      world.time().after(PATIENCE_MS, () -> stillWaiting(send));
    }
    submit(send, byHttp);
    return send;
  }

  private void stillWaiting(Send send) {
    if (!send.isAnswered()) {
      retry(send, send.room().name());
      world.time().after(PATIENCE_MS, () -> stillWaiting(send));
    }
  }

  private void retry(Send send, String room) {
    if (!send.isAnswered()
        && send.clientId() != null
        && send.userId().equals(user.id())
        && send.room().name().equals(room)
        && send.room().project().equals(project)) {
      submit(send, false);
    }
  }

  /** Sends it, once more or for the first time. */
  void submit(Send send, boolean byHttp) {
    Session session = session(send.room().name());
    Link now = link;
    if (session != null && now != null && !byHttp) {
      session.asks(send);
      String clientId = send.clientId() == null ? "" : send.clientId();
      String line = send.room().name() + "|post|" + clientId + "|" + send.content();
      now.say(line);
      if (send.clientId() != null && world.dice().percent(2)) {
        world.tally().saw(Sometimes.FRAME_SENT_TWICE);
        session.asks(send);
        now.say(line);
      }
    } else {
      submitByHttp(send);
    }
  }

  private void submitByHttp(Send send) {
    Node node = network.node();
    if (node == null) {
      return;
    }
    Draft draft = Send.draft(send.content());
    send.sent();
    ask(
        node,
        send.room(),
        new Command.Post(
            send.clientId() == null ? draft : draft.withClientMessageId(send.clientId())),
        answer -> answered(send, answer));
  }

  /** Asks a room something by HTTP. */
  void ask(Node node, RoomId room, Command command, Consumer<Answer> then) {
    world.trace().note("asks", name, command.getClass().getSimpleName());
    Request request = new Request(node, name, room, command.getClass().getSimpleName());
    requests.add(request);
    node.gate()
        .submit(identity(), room, command)
        .whenComplete(
            (answer, failure) -> {
              request.answered();
              if (failure != null) {
                world.judge().fail("F13", name + ": submit failed: " + failure);
              } else {
                world.trace().note("answer", name, answer.getClass().getSimpleName());
                then.accept(answer);
              }
            });
  }

  /** Requests that got no answer although their node is alive. */
  List<Request> openRequests() {
    return requests.stream().filter(Request::isOpen).toList();
  }

  private void answered(Send send, Answer answer) {
    if (answer instanceof Answer.Done done && done.event() instanceof Event.Posted posted) {
      check(send, posted.message().seq());
      send.acked(posted.seq(), world.judge());
    } else if (answer instanceof Answer.Repeated repeated) {
      world.tally().saw(Sometimes.ANSWER_REPEATED);
      check(send, repeated.message().seq());
      send.acked(repeated.message().seq(), world.judge());
    } else if (answer instanceof Answer.Refused refused) {
      Refusal.Reason reason = refused.refusal().reason();
      if (reason == Refusal.Reason.UNAVAILABLE) {
        send.unavailable();
      } else if (reason != Refusal.Reason.BUSY) {
        world.judge().check(reason != Refusal.Reason.INTERNAL, "F13", () -> send + ": " + answer);
        send.refused();
      }
    } else {
      world.judge().fail("I3", send + " is answered with " + answer);
    }
  }

  private void check(Send send, long seq) {
    Truth.Log log = world.truth().log(send.room());
    boolean saved =
        send.clientId() == null
            ? log.withContent(send.content()) != null
            : log.sent(user.id(), send.clientId()) != null;
    world.judge().check(saved && seq <= log.head(), "I6", () -> send + " is acked but not saved");
  }

  @Override
  public String toString() {
    return name;
  }

  /** Something asked by HTTP. */
  static final class Request {
    private final Node node;
    private final Object who;
    private final RoomId room;
    private final String what;
    private boolean answered;

    Request(Node node, Object who, RoomId room, String what) {
      this.node = node;
      this.who = who;
      this.room = room;
      this.what = what;
    }

    void answered() {
      answered = true;
    }

    boolean isOpen() {
      return !answered && node.isAlive();
    }

    @Override
    public String toString() {
      return who + ": " + what + " of " + room;
    }
  }
}
