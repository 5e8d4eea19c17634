package io.fluxy.console;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.room.Place;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.Personal;
import io.fluxy.store.SanctionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the facts say of a message's way to a user, stage by stage, as far as it got. */
final class Explanation {
  private final Facts facts;
  private final List<Stage> stages = new ArrayList<>();

  Explanation(Facts facts) {
    this.facts = facts;
  }

  /** How a stage stands. */
  enum State {
    PASSED,
    /** Here it ends, until somebody changes something. */
    STOPPED,
    /** Not yet. */
    OPEN,
    /** Nobody here knows. */
    UNKNOWN;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One stage, in words for the operator. */
  record Stage(String name, State state, String text) {}

  /** What the log says of the message: as it was told, and as it is. */
  record Log(Optional<Message> posted, Optional<Message> now) {
    static Log of(List<Event.Durable> told, List<StoredMessage> now) {
      return new Log(
          told.stream()
              .filter(Event.Posted.class::isInstance)
              .map(event -> ((Event.Posted) event).message())
              .findFirst(),
          now.stream().map(StoredMessage::message).findFirst());
    }
  }

  /** The room as the store has it, and the user's places in it if it is awake. */
  record Whereabouts(Optional<OpenedRoom> room, Optional<List<Place>> places) {}

  /**
   * All that is known.
   *
   * @param connections of the user, in whatever room
   * @param asksHost the host has a say of its own in who may be where
   * @param receipt what a client of the user said of the message's arrival
   * @param readSeq up to where the user has read
   * @param deliveries what webhooks are told of the message
   */
  record Facts(
      User user,
      long seq,
      Optional<Message> posted,
      Optional<Message> now,
      Optional<OpenedRoom> room,
      Optional<List<Place>> places,
      List<Connection> connections,
      boolean asksHost,
      long nowMs,
      Optional<Personal.Note> receipt,
      long readSeq,
      List<DeliveryRecord> deliveries) {
    Facts with(Optional<Personal.Note> note) {
      return with(note, readSeq, deliveries);
    }

    Facts with(long read) {
      return with(receipt, read, deliveries);
    }

    Facts with(List<DeliveryRecord> told) {
      return with(receipt, readSeq, told);
    }

    private Facts with(Optional<Personal.Note> note, long read, List<DeliveryRecord> told) {
      return new Facts(
          user, seq, posted, now, room, places, connections, asksHost, nowMs, note, read, told);
    }
  }

  List<Stage> stages() {
    if (facts.posted.isEmpty() || facts.room.isEmpty()) {
      add(
          "saved",
          State.STOPPED,
          "Seq " + facts.seq + " of the room's log is no message. It was never saved.");
      facts.room.ifPresent(room -> blocks(room, State.STOPPED, "What they send is refused here"));
      return stages;
    }
    Message message = facts.posted.get();
    OpenedRoom room = facts.room.get();
    add(
        "saved",
        State.PASSED,
        "Saved as seq %d of %s at %s, by %s."
            .formatted(
                facts.seq, room.room().id().name(), at(message.createdAtMs()), message.userId()));
    boolean gone = kept(message);
    boolean mayBeHere = mayBeHere(room);
    blocks(room, State.PASSED, "This was saved before, and what they send now is refused");
    boolean isReader = isReader(message, room); // said even of whoever may not be here
    if (mayBeHere && isReader) {
      told(room.head());
      reached();
    }
    webhooks(message, gone);
    return stages;
  }

  /** Whether it is gone by now. */
  private boolean kept(Message message) {
    Message now = facts.now.orElse(message);
    if (now.isDeleted()) {
      add("kept", State.STOPPED, "It was deleted: whoever has not seen it will not.");
      return true;
    }
    Long expiresAtMs = now.expiresAtMs();
    if (expiresAtMs != null && expiresAtMs <= facts.nowMs) {
      add("kept", State.STOPPED, "Its time was over at " + at(expiresAtMs) + ".");
      return true;
    }
    Long editedAtMs = now.editedAtMs();
    if (editedAtMs != null) {
      add("kept", State.PASSED, "It was edited last at " + at(editedAtMs) + ".");
    }
    return false;
  }

  private @Nullable MemberRecord member(OpenedRoom room) {
    return room.members().stream()
        .filter(member -> member.userId().equals(facts.user.id()))
        .findFirst()
        .orElse(null);
  }

  private boolean mayBeHere(OpenedRoom room) {
    MemberRecord member = member(room);
    RoomType type = room.room().type();
    String user = facts.user.id();
    boolean open = type == RoomType.PUBLIC;
    if (member != null) {
      add(
          "membership",
          State.PASSED,
          "%s is a %s of this %s room since %s."
              .formatted(user, member.role().word(), type.word(), at(member.joinedAtMs())));
    } else if (open) {
      add("membership", State.PASSED, "The room is public: " + user + " may enter, and has not.");
    } else {
      add(
          "membership",
          State.STOPPED,
          "%s is no member of this %s room. Only owners and admins of the project get in so."
              .formatted(user, type.word()));
    }
    boolean banned = isBanned(room);
    if (facts.asksHost) {
      add("permission", State.UNKNOWN, "The host's own code is asked, each time somebody enters.");
    }
    return (member != null || open) && !banned;
  }

  private boolean isBanned(OpenedRoom room) {
    for (SanctionRecord each : room.sanctions()) {
      if (each.userId().equals(facts.user.id()) && each.bannedUntilMs() > facts.nowMs) {
        boolean forGood = each.bannedUntilMs() == Long.MAX_VALUE;
        add(
            "ban",
            State.STOPPED,
            facts.user.id()
                + " is banned from the room "
                + (forGood ? "for good." : "until " + at(each.bannedUntilMs()) + "."));
        return true;
      }
    }
    return false;
  }

  /** A block in a dm is of who sends, not of who reads: it stops what was not saved yet. */
  private void blocks(OpenedRoom room, State state, String consequence) {
    for (SanctionRecord each : room.sanctions()) {
      if (each.isBlocked()) {
        add(
            "block",
            state,
            "%s is blocked by the other one of this dm. %s; they may still read."
                .formatted(each.userId(), consequence));
      }
    }
  }

  private boolean isReader(Message message, OpenedRoom room) {
    Readers readers = message.readers();
    if (readers == null) {
      add("visibility", State.PASSED, "It is for everyone in the room.");
      return true;
    }
    MemberRecord member = member(room);
    Role role = member == null ? null : member.role();
    boolean is = readers.include(facts.user, role);
    add(
        "visibility",
        is ? State.PASSED : State.STOPPED,
        is
            ? "It is for some only, and " + facts.user.id() + " is one of them."
            : "It is for some only, and "
                + facts.user.id()
                + " is none of them: to them it does not exist.");
    return is;
  }

  private void told(long head) {
    List<Place> places = facts.places.orElse(List.of());
    if (places.isEmpty()) {
      String elsewhere =
          facts.connections.isEmpty()
              ? "has no connection at all"
              : "has " + facts.connections.size() + " connections, none of them in this room";
      add(
          "connection",
          State.OPEN,
          "%s %s. It is told when they come back, from history or by resuming."
              .formatted(facts.user.id(), elsewhere));
      return;
    }
    add(
        "connection",
        State.PASSED,
        "%s is in the room with %d connections.".formatted(facts.user.id(), places.size()));
    places.forEach(place -> told(place, head));
  }

  private void told(Place place, long head) {
    String name = "Connection " + place.memberId();
    int waiting =
        facts.connections.stream()
            .filter(each -> each.id().equals(place.memberId()))
            .mapToInt(Connection::waitingBytes)
            .sum();
    String queue = waiting == 0 ? "." : "; " + waiting + " bytes wait to be sent to it.";
    if (place.heardUpTo() >= facts.seq) {
      boolean later = place.since() >= facts.seq;
      add(
          "told",
          waiting == 0 ? State.PASSED : State.OPEN,
          name + (later ? " came after it, and has it from history" : " was told it live") + queue);
    } else if (place.state() == Place.State.HELD) {
      add("told", State.OPEN, name + " is told nothing until the host says whether it may stay.");
    } else {
      add(
          "told",
          State.OPEN,
          "%s is behind: told up to seq %d of %d%s"
              .formatted(name, place.heardUpTo(), head, queue));
    }
  }

  private void reached() {
    facts.receipt.ifPresentOrElse(
        note ->
            add(
                "receipt",
                State.PASSED,
                "A client of theirs said that it has arrived, at " + at(note.atMs()) + "."),
        () -> add("receipt", State.UNKNOWN, "No client of theirs said that it has arrived."));
    boolean read = facts.readSeq >= facts.seq;
    add(
        "read",
        read ? State.PASSED : State.OPEN,
        read
            ? "They have read up to seq " + facts.readSeq + "."
            : facts.readSeq == 0
                ? "They have not said that they have read anything here."
                : "They have read up to seq " + facts.readSeq + ", which is before it.");
  }

  private void webhooks(Message message, boolean gone) {
    if (message.readers() != null) {
      add("webhooks", State.PASSED, "Webhooks are told of no message that is for some only.");
      return;
    }
    for (DeliveryRecord each : facts.deliveries) {
      String error = each.lastError() == null ? "" : ", last error " + each.lastError();
      add(
          "webhook",
          switch (each.status()) {
            case DELIVERED -> State.PASSED;
            case PENDING -> State.OPEN;
            case FAILED -> State.STOPPED;
          },
          "%s to webhook %s: %s after %d attempts%s."
              .formatted(
                  each.eventType(),
                  each.webhookId(),
                  each.status().name().toLowerCase(Locale.ROOT),
                  each.attempts(),
                  error));
    }
    if (facts.deliveries.isEmpty() && !gone) {
      add("webhooks", State.UNKNOWN, "Among the newest deliveries none is of this message.");
    }
  }

  private void add(String name, State state, String text) {
    stages.add(new Stage(name, state, text));
  }

  private static String at(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }
}
