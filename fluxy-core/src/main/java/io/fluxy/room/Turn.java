package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Emoji;
import io.fluxy.chat.Event;
import io.fluxy.chat.Expiry;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.Text;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SentIds;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules: what a room makes of the commands of one turn. Pure: it reads the ledger and what the
 * store said about older messages, and gathers events; nothing has happened until the room has
 * saved them. If another writer was faster, the turn is thrown away and decided again.
 */
final class Turn {
  private static final int MENTIONS_MAX = 50;
  private static final String INTERRUPTED = "interrupted";
  private static final long SANCTION_SECONDS_MAX = 10L * 366 * 24 * 3_600;
  private static final int REASON_CHARS_MAX = 500;

  private RoomRecord room;
  private boolean deleted;
  private final Limits limits;
  private final Ledger ledger;
  private final Map<Long, Optional<StoredMessage>> fetched;
  private final boolean canSave;
  private final long nowMs;
  private Sanctions sanctions; // the ledger's, until this turn imposes one

  private final List<Event.Durable> events = new ArrayList<>(2);
  private final Map<Long, StoredMessage> touched = new HashMap<>(0); // edits, deletes, reactions
  private final Map<String, Optional<MemberRecord>> memberships = new HashMap<>(0);
  private final SentIds sent = new SentIds(Integer.MAX_VALUE);
  private final Map<String, Optional<Ledger.Stream>> streams = new HashMap<>(0);

  /**
   * @param fetched what the store said about messages that the ledger does not hold
   * @param canSave false while it is not known where the log ends: whatever needs saving is refused
   */
  Turn(
      Limits limits,
      Ledger ledger,
      Map<Long, Optional<StoredMessage>> fetched,
      boolean canSave,
      long nowMs) {
    this.room = ledger.room();
    this.deleted = ledger.deletedBy() != null;
    this.limits = limits;
    this.ledger = ledger;
    this.fetched = fetched;
    this.canSave = canSave;
    this.nowMs = nowMs;
    this.sanctions = ledger.sanctions();
  }

  /** What has to be saved, in order. */
  List<Event.Durable> events() {
    return events;
  }

  /** Decides one command, in the light of all that the turn has decided before. */
  Answer decide(User from, Command command) {
    if (deleted) {
      return command instanceof Command.DeleteRoom && from.id().equals(ledger.deletedBy())
          ? new Answer.Unchanged(null)
          : new Answer.Refused(Refusals.forbidden());
    }
    Optional<Refusal> sanctioned = sanctions.refusal(from, command, nowMs);
    if (sanctioned.isPresent()) {
      return new Answer.Refused(sanctioned.get());
    } else if (command instanceof Command.Post post) {
      return post(from, post.draft(), null);
    } else if (command instanceof Command.GrowStream grow) {
      return grow(from, grow);
    } else if (command instanceof Command.StartStream start) {
      return start(from, start);
    } else if (command instanceof Command.EndStream end) {
      return end(from, end.content());
    } else if (command instanceof Command.AbortStream) {
      return end(from, "");
    } else if (command instanceof Command.Type type) {
      return type(from, type);
    } else if (command instanceof Command.Resend resend) {
      return resend(from, resend);
    } else if (command instanceof Command.Read read) {
      return read(from, read);
    } else if (command instanceof Command.Deliver deliver) {
      return deliver(from, deliver);
    } else if (command instanceof Command.Expire expire) {
      return expire(expire);
    } else if (command instanceof Command.Edit edit) {
      return edit(from, edit);
    } else if (command instanceof Command.Delete delete) {
      return delete(from, delete);
    } else if (command instanceof Command.React react) {
      return react(from, react);
    } else if (command instanceof Command.Enter enter) {
      return enter(from, enter);
    } else if (command instanceof Command.AddMember add) {
      return add(from, add);
    } else if (command instanceof Command.RemoveMember remove) {
      return remove(from, remove);
    } else if (command instanceof Command.Impose impose) {
      return impose(from, impose);
    } else if (command instanceof Command.Signal signal) {
      return tell(
          from, signal.json(), new Event.Signalled(from.id(), signal.name(), signal.json()));
    } else if (command instanceof Command.Whisper whisper) {
      return tell(
          from, whisper.json(), new Event.Whispered(from.id(), whisper.name(), whisper.json()));
    } else if (command instanceof Command.TypeAsAgent type) {
      return tell(from, "{}", new Event.AgentTyping(type.agentId(), type.typing()));
    } else if (command instanceof Command.ChangeRoom change) {
      return change(from, change);
    } else if (command instanceof Command.Pin pin) {
      return pin(from, pin.messageId());
    } else if (command instanceof Command.DeleteRoom) {
      return deleteRoom(from);
    } else if (command instanceof Command.UseTool use) {
      return useTool(from, use);
    } else if (command instanceof Command.ReportRun report) {
      return reportRun(from, report);
    } else if (command instanceof Command.Purge purge) {
      return purge(from, purge);
    }
    throw new AssertionError("no rule for " + command);
  }

  /** True if the user may see what is said here. */
  boolean mayBeHere(User user) {
    return !deleted
        && (user.governs()
            || ((room.type() == RoomType.PUBLIC
                    || (!user.isOnlyGuest() && member(user.id()).isPresent()))
                && !sanctions.isBanned(user, nowMs)));
  }

  /**
   * The seq of an older message that has to be fetched before this command can be decided; 0 for
   * none.
   */
  long needs(User from, Command command) {
    if (command instanceof Command.Edit edit) {
      return unknown(edit.messageId());
    } else if (command instanceof Command.Delete delete) {
      return unknown(delete.messageId());
    } else if (command instanceof Command.React react) {
      return unknown(react.messageId());
    } else if (command instanceof Command.EndStream || command instanceof Command.AbortStream) {
      return needs(from.id());
    } else if (command instanceof Command.Read read) {
      return unknown(read.messageId());
    } else if (command instanceof Command.Deliver deliver) {
      return unknown(deliver.messageId());
    } else if (command instanceof Command.Expire expire) {
      return unknown(expire.messageId());
    } else if (command instanceof Command.Pin pin && pin.messageId() != null) {
      return unknown(pin.messageId());
    } else if (command instanceof Command.Resend resend) {
      String clientMessageId = resend.draft().clientMessageId();
      long seq = clientMessageId == null ? 0 : ledger.seqOf(from.id(), clientMessageId);
      return seq == 0 ? 0 : unknown(Message.id(room.number(), seq));
    } else if (command instanceof Command.Post post && post.draft().clientMessageId() != null) {
      long seq = ledger.seqOf(from.id(), post.draft().clientMessageId());
      long first = seq == 0 ? 0 : unknown(Message.id(room.number(), seq));
      return first != 0 ? first : parent(post.draft());
    } else if (command instanceof Command.Post post) {
      return parent(post.draft());
    }
    return 0;
  }

  /** The seq of an older message without which a letter can't be decided; 0 for none. */
  long needs(Letter letter) {
    if (letter instanceof Letter.Interrupt interrupt) {
      return needs(interrupt.userId());
    }
    return letter instanceof Letter.Ask ask ? needs(ask.from(), ask.command()) : 0;
  }

  /** The seq of what a user is writing, if it has to be fetched before that can end; 0 if not. */
  private long needs(String userId) {
    Ledger.Stream stream = ledger.stream(userId);
    return stream == null ? 0 : unknown(stream.message().id());
  }

  private Answer start(User from, Command.StartStream start) {
    if (mayBeHere(from) && stream(from.id()) != null) {
      return refuse(
          Reason.STREAM_ALREADY_ACTIVE, "one message at a time is written here by a user");
    }
    Draft draft = new Draft(start.content(), start.parentId(), null, List.of());
    return post(from, draft, new Event.Stream(start.runId()));
  }

  private Answer grow(User from, Command.GrowStream grow) {
    Ledger.Stream stream = stream(from.id());
    Optional<Refusal> flaw =
        grow.content().isBlank() ? Optional.empty() : flaw(grow.content().strip());
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (stream == null) {
      return refuse(Reason.STREAM_NOT_ACTIVE, "no message is being written here by this user");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    String content = grow.content();
    return new Answer.Done(
        new Event.Streamed(
            stream.message().id(), from.id(), content, nowMs, stream.message().readers()));
  }

  private Answer end(User from, @Nullable String content) {
    Ledger.Stream stream = stream(from.id());
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (stream == null) {
      return refuse(Reason.STREAM_NOT_ACTIVE, "no message is being written here by this user");
    }
    return end(stream, content == null ? stream.message().content() : content);
  }

  private Answer end(Ledger.Stream stream, String content) {
    Message message = stream.message();
    int version = message.version() + 1;
    String whole = content.strip();
    if (whole.isEmpty()) {
      return save(
          new Event.Deleted(
              nextSeq(),
              nextAtMs(),
              message.id(),
              message.userId(),
              false,
              version,
              message.readers()));
    }
    Optional<Refusal> flaw = flaw(whole);
    return flaw.isPresent()
        ? new Answer.Refused(flaw.get())
        : save(
            new Event.Edited(
                nextSeq(),
                nextAtMs(),
                message.id(),
                message.userId(),
                whole,
                version,
                message.readers()));
  }

  /**
   * Nobody writes a message any more: it keeps what it says so far, and the run that wrote it is
   * marked.
   *
   * @return what happens; empty if somebody else has seen to it
   */
  List<Event.Durable> interrupt(Letter.Interrupt interrupt) {
    Ledger.Stream stream = stream(interrupt.userId());
    int before = events.size();
    if (stream == null
        || stream.seq() != interrupt.seq()
        || !(end(stream, stream.message().content()) instanceof Answer.Done)) {
      return List.of();
    }
    if (!stream.runId().isEmpty()) {
      save(
          new Event.RunReported(
              nextSeq(),
              nextAtMs(),
              interrupt.userId(),
              stream.runId(),
              interrupt.userId(),
              INTERRUPTED,
              interrupted(stream)));
    }
    return List.copyOf(events.subList(before, events.size()));
  }

  private String interrupted(Ledger.Stream stream) {
    byte[] utf8 =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("id", stream.runId());
              json.writeStringField("status", INTERRUPTED);
              json.writeStringField("room_id", room.id().name());
              json.writeStringField("error", "the server that ran it is gone");
              json.writeEndObject();
            });
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private Ledger.@Nullable Stream stream(String userId) {
    Optional<Ledger.Stream> changed = streams.get(userId);
    return changed != null ? changed.orElse(null) : ledger.stream(userId);
  }

  private Answer resend(User from, Command.Resend resend) {
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    Optional<Message> first = sentBefore(from, resend.draft());
    return first.isPresent()
        ? new Answer.Repeated(first.get())
        : new Answer.Refused(resend.refusal());
  }

  private boolean lives(Expiry expiry) {
    long lifeMs = expiry.from(nowMs) - nowMs;
    return lifeMs >= limits.lifetimeMsMin() && lifeMs <= limits.lifetimeMsMax();
  }

  private Answer expire(Command.Expire expire) {
    Message message = known(expire.messageId()).map(StoredMessage::message).orElse(null);
    if (message == null
        || message.isDeleted()
        || message.expiresAtMs() == null
        || message.expiresAtMs() > nowMs) {
      return new Answer.Unchanged(message);
    }
    return save(
        new Event.Deleted(
            nextSeq(),
            nextAtMs(),
            message.id(),
            message.userId(),
            true,
            message.version() + 1,
            true,
            message.readers()));
  }

  private long parent(Draft draft) {
    return draft.parentId() == null ? 0 : unknown(draft.parentId());
  }

  private Answer post(User from, Draft draft, Event.@Nullable Stream stream) {
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    Optional<Message> first = sentBefore(from, draft);
    if (first.isPresent()) {
      return new Answer.Repeated(first.get());
    }
    if (from.isOnlyGuest()) {
      return refuse(Reason.GUEST_READ_ONLY, "guests only read");
    } else if (room.type() == RoomType.ANNOUNCEMENT && !moderates(from)) {
      return refuse(Reason.ANNOUNCEMENT_READ_ONLY, "only moderators speak here");
    }
    String content = draft.content().strip();
    Optional<Refusal> flaw = stream != null && content.isEmpty() ? Optional.empty() : flaw(content);
    if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    if (draft.attachments().size() > limits.attachmentsMax()) {
      return refuse(Reason.LIMIT_REACHED, "more than " + limits.attachmentsMax() + " attachments");
    }
    if (draft.clientMessageId() != null && !Names.isClientMessageId(draft.clientMessageId())) {
      return refuse(Reason.INVALID, "client message id must be 8-128 letters, digits, _ or -");
    }
    StoredMessage parent =
        draft.parentId() == null ? null : message(from, draft.parentId()).orElse(null);
    if (draft.parentId() != null && parent == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "the message to answer is not in this room");
    }
    if (draft.expiry() != null && !lives(draft.expiry())) {
      return refuse(
          Reason.INVALID,
          "a message lives %d seconds to %d days"
              .formatted(limits.lifetimeMsMin() / 1_000, limits.lifetimeMsMax() / 86_400_000));
    }
    Readers readers = readers(from, draft, parent);
    Optional<Refusal> unheard = flaw(readers, parent);
    if (unheard.isPresent()) {
      return new Answer.Refused(unheard.get());
    }
    return save(
        new Event.Posted(
            new Message(
                nextSeq(),
                Message.id(room.number(), nextSeq()),
                from.id(),
                content,
                nextAtMs(),
                draft.parentId(),
                draft.clientMessageId(),
                mentions(content, readers),
                draft.attachments(),
                1,
                null,
                null,
                readers,
                draft.expiry() == null ? null : (Long) draft.expiry().from(nextAtMs())),
            stream));
  }

  private Answer edit(User from, Command.Edit edit) {
    Message message = message(from, edit.messageId()).map(StoredMessage::message).orElse(null);
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (message == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (!message.userId().equals(from.id())) {
      return refuse(Reason.NOT_THE_AUTHOR, "only its author edits a message");
    } else if (message.isDeleted()) {
      return refuse(Reason.MESSAGE_DELETED, "message deleted");
    }
    String content = edit.content().strip();
    Optional<Refusal> flaw = flaw(content);
    if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    int version = message.version() + 1;
    return save(
        new Event.Edited(
            nextSeq(), nextAtMs(), message.id(), from.id(), content, version, message.readers()));
  }

  private Answer delete(User from, Command.Delete delete) {
    Message message = message(from, delete.messageId()).map(StoredMessage::message).orElse(null);
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (message == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (delete.hard() && !administers(from)) {
      return refuse(Reason.NOT_AN_ADMIN, "only owners and admins delete for good");
    } else if (!delete.hard() && !message.userId().equals(from.id())) {
      return refuse(Reason.NOT_THE_AUTHOR, "only its author deletes a message");
    } else if (message.isDeleted() && !delete.hard()) {
      return new Answer.Unchanged(message);
    }
    int version = message.version() + 1;
    return save(
        new Event.Deleted(
            nextSeq(),
            nextAtMs(),
            message.id(),
            from.id(),
            delete.hard(),
            version,
            message.readers()));
  }

  private Answer react(User from, Command.React react) {
    StoredMessage stored = message(from, react.messageId()).orElse(null);
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (from.isOnlyGuest()) {
      return refuse(Reason.GUEST_READ_ONLY, "guests only read");
    } else if (stored == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (stored.message().isDeleted()) {
      return refuse(Reason.MESSAGE_DELETED, "message deleted");
    } else if (!Emoji.isEmoji(react.emoji())) {
      return refuse(Reason.EMOJI_INVALID, "invalid emoji");
    }
    boolean there = stored.reactions().getOrDefault(react.emoji(), Set.of()).contains(from.id());
    if (there == react.add()) {
      return new Answer.Unchanged(stored.message());
    }
    int reactions = stored.reactions().values().stream().mapToInt(Set::size).sum();
    if (react.add() && reactions >= limits.reactionsPerMessageMax()) {
      return refuse(Reason.LIMIT_REACHED, limits.reactionsPerMessageMax() + " reactions are on it");
    }
    return save(
        new Event.Reacted(
            nextSeq(),
            nextAtMs(),
            react.messageId(),
            from.id(),
            react.emoji(),
            react.add(),
            stored.message().readers()));
  }

  private Answer read(User from, Command.Read read) {
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    Optional<StoredMessage> message = message(from, read.messageId());
    return message.isEmpty()
        ? refuse(Reason.MESSAGE_NOT_FOUND, "message not found")
        : new Answer.Done(
            new Event.Read(from.id(), read.messageId(), nowMs, message.get().message().readers()));
  }

  private Answer deliver(User from, Command.Deliver deliver) {
    Message message = message(from, deliver.messageId()).map(StoredMessage::message).orElse(null);
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (message == null || message.isDeleted()) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (message.userId().equals(from.id())) {
      return refuse(Reason.INVALID, "cannot_mark_own_message_delivered");
    }
    return new Answer.Done(new Event.Delivered(from.id(), message.id(), nowMs, message.readers()));
  }

  private Answer type(User from, Command.Type type) {
    return mayBeHere(from)
        ? new Answer.Done(new Event.Typing(from.id(), type.typing(), type.intent()))
        : refuse(Reason.FORBIDDEN, "not a member of this room");
  }

  private Answer enter(User from, Command.Enter enter) {
    if (member(from.id()).isPresent()) {
      return new Answer.Unchanged(null);
    } else if (!enter.admitted() && room.type() != RoomType.PUBLIC) {
      return from.governs()
          ? new Answer.Unchanged(null)
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    return admit(from.id(), roleOf(from), from.id());
  }

  private static Role roleOf(User user) {
    if (user.isOnlyGuest()) {
      return Role.GUEST;
    }
    return user.roles().equals(Set.of(Role.BOT)) ? Role.BOT : Role.MEMBER;
  }

  private Answer add(User from, Command.AddMember add) {
    if (!administers(from)) {
      return mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins add members")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (!Names.isId(add.userId())) {
      return refuse(Reason.INVALID, "user id must be 1-128 letters, digits, _ or -");
    } else if (member(add.userId()).filter(m -> m.role() == add.role()).isPresent()) {
      return new Answer.Unchanged(null);
    }
    return admit(add.userId(), add.role(), from.id());
  }

  private Answer admit(String userId, Role role, String by) {
    if (room.type() == RoomType.DM && member(userId).isEmpty() && ledger.memberCount() >= 2) {
      return refuse(Reason.INVALID, "a dm has two members");
    } else if (member(userId).isEmpty() && ledger.memberCount() >= limits.membersPerRoomMax()) {
      return refuse(
          Reason.LIMIT_REACHED, "the room has " + limits.membersPerRoomMax() + " members");
    }
    return save(new Event.MemberAdded(nextSeq(), nextAtMs(), userId, role, by));
  }

  private Answer remove(User from, Command.RemoveMember remove) {
    if (!administers(from) && !from.id().equals(remove.userId())) {
      return mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins remove members")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (member(remove.userId()).isEmpty()) {
      return refuse(Reason.MEMBER_NOT_FOUND, "not a member");
    }
    return save(new Event.MemberRemoved(nextSeq(), nextAtMs(), remove.userId(), from.id()));
  }

  private Answer change(User from, Command.ChangeRoom change) {
    String name = change.name() == null ? room.name() : change.name();
    RoomType type = change.type() == null ? room.type() : change.type();
    if (!administers(from)) {
      return mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins change a room")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (type != room.type() && (type == RoomType.DM || room.type() == RoomType.DM)) {
      return refuse(Reason.INVALID, "a dm stays a dm, and nothing else becomes one");
    } else if (name.isBlank() || name.length() > limits.roomNameCharsMax() || !Text.isSound(name)) {
      return refuse(
          Reason.INVALID, "name must be text of 1-" + limits.roomNameCharsMax() + " characters");
    } else if (name.equals(room.name()) && type == room.type()) {
      return new Answer.Unchanged(null);
    }
    return save(new Event.RoomChanged(nextSeq(), nextAtMs(), from.id(), name, type));
  }

  private Answer pin(User from, @Nullable Long messageId) {
    Message message =
        messageId == null
            ? null
            : message(from, messageId).map(StoredMessage::message).orElse(null);
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (from.isOnlyGuest()) {
      return refuse(Reason.GUEST_READ_ONLY, "guests only read");
    } else if (room.type() == RoomType.ANNOUNCEMENT && !moderates(from)) {
      return refuse(Reason.ANNOUNCEMENT_READ_ONLY, "only moderators pin here");
    } else if (messageId != null && message == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (message != null && message.isDeleted()) {
      return refuse(Reason.MESSAGE_DELETED, "message deleted");
    } else if (message != null && message.readers() != null) {
      return refuse(Reason.INVALID, "only a message for everybody in the room can be pinned");
    }
    Long pinned = room.pin() == null ? null : (Long) room.pin().messageId();
    return Objects.equals(pinned, messageId)
        ? new Answer.Unchanged(message)
        : save(new Event.Pinned(nextSeq(), nextAtMs(), from.id(), messageId));
  }

  private Answer deleteRoom(User from) {
    if (!administers(from)) {
      return mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins delete a room")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    return save(new Event.RoomDeleted(nextSeq(), nextAtMs(), from.id()));
  }

  private Answer tell(User from, String json, Event event) {
    Optional<Refusal> flaw = flawOfJson(json, "data");
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    return new Answer.Done(event);
  }

  private Optional<Refusal> flawOfJson(String json, String what) {
    if (json.length() > limits.jsonCharsMax()) {
      return Optional.of(
          Refusal.of(
              Reason.INVALID, what + " exceeds " + limits.jsonCharsMax() + " characters of JSON"));
    }
    return Json.isValue(json)
        ? Optional.empty()
        : Optional.of(Refusal.of(Reason.INVALID, what + " must be JSON"));
  }

  private Answer impose(User from, Command.Impose impose) {
    if (!moderates(from)) {
      return mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only moderators do this")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (!Names.isId(impose.userId()) || from.id().equals(impose.userId())) {
      return refuse(Reason.INVALID, "userId must be another user's");
    } else if (impose.seconds() < 0 || impose.seconds() > SANCTION_SECONDS_MAX) {
      return refuse(Reason.INVALID, "durationSeconds must be 0 to " + SANCTION_SECONDS_MAX);
    } else if (!Text.isSound(impose.reason()) || impose.reason().length() > REASON_CHARS_MAX) {
      return refuse(Reason.INVALID, "reason has at most " + REASON_CHARS_MAX + " characters");
    }
    boolean aboveUs = hasRole(impose.userId(), Role.OWNER) || hasRole(impose.userId(), Role.ADMIN);
    if (aboveUs && !from.governs()) {
      return refuse(Reason.NOT_AN_ADMIN, "owners and admins of the room can't be sanctioned");
    } else if (sanctions.size() >= limits.membersPerRoomMax()) {
      return refuse(Reason.LIMIT_REACHED, limits.membersPerRoomMax() + " users are sanctioned");
    }
    long untilMs =
        switch (impose.sanction()) {
          case UNMUTE, UNBAN, KICK -> 0;
          case MUTE, BAN ->
              impose.seconds() == 0 ? Long.MAX_VALUE : nowMs + impose.seconds() * 1_000;
        };
    return save(
        new Event.Imposed(
            nextSeq(),
            nextAtMs(),
            impose.userId(),
            impose.sanction(),
            untilMs,
            impose.reason(),
            from.id()));
  }

  private Answer useTool(User from, Command.UseTool use) {
    Optional<Refusal> flaw = flawOfJson(use.json(), "a tool's arguments, result and error");
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    return save(
        new Event.ToolUsed(
            nextSeq(),
            nextAtMs(),
            from.id(),
            use.phase(),
            use.runId(),
            use.agentId(),
            use.toolCallId(),
            use.name(),
            use.json()));
  }

  private Answer reportRun(User from, Command.ReportRun report) {
    Optional<Refusal> flaw = flawOfJson(report.json(), "a run");
    if (!mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    return save(
        new Event.RunReported(
            nextSeq(),
            nextAtMs(),
            from.id(),
            report.runId(),
            report.agentId(),
            report.status(),
            report.json()));
  }

  private Answer purge(User from, Command.Purge purge) {
    if (!from.governs() && !from.id().equals(purge.userId())) {
      return refuse(Reason.NOT_AN_ADMIN, "only owners, admins and oneself erase");
    }
    long beforeSeq = Math.min(purge.beforeSeq(), nextSeq());
    if (purge.afterSeq() + 1 >= beforeSeq) {
      return new Answer.Unchanged(null);
    }
    Event.Purged asked =
        new Event.Purged(
            nextSeq(),
            nextAtMs(),
            purge.userId(),
            purge.afterSeq(),
            beforeSeq,
            from.id(),
            List.of());
    Map<Long, StoredMessage> known = new TreeMap<>();
    ledger.newest().forEach(stored -> known.put(stored.message().seq(), stored));
    known.putAll(touched);
    known.values().removeIf(stored -> !asked.concerns(stored.message()));
    List<Long> ids =
        known.values().stream()
            .map(StoredMessage::message)
            .filter(message -> message.readers() == null) // of others, nobody learns
            .map(Message::id)
            .toList();
    Answer answer =
        save(
            new Event.Purged(
                asked.seq(),
                asked.atMs(),
                asked.userId(),
                asked.afterSeq(),
                asked.beforeSeq(),
                asked.by(),
                ids));
    if (answer instanceof Answer.Done) {
      known.replaceAll((seq, stored) -> after(stored, asked));
      touched.putAll(known);
    }
    return answer;
  }

  private Answer save(Event.Durable event) {
    if (!canSave) {
      return refuse(Reason.UNAVAILABLE, "the store does not answer");
    } else if (event.seq() > Message.SEQ_MAX) {
      return refuse(Reason.LIMIT_REACHED, "the room's log is full");
    }
    events.add(event);
    if (room.pin() != null || event instanceof Event.Pinned) {
      room = room.pinnedAfter(event);
    }
    if (event instanceof Event.Posted posted) {
      Message message = posted.message();
      if (posted.stream() != null) {
        streams.put(
            message.userId(), Optional.of(new Ledger.Stream(message, posted.stream().runId())));
      }
      if (message.clientMessageId() != null) {
        sent.add(message.userId(), message.clientMessageId(), message.seq());
      }
    } else if (event instanceof Event.MemberAdded added) {
      memberships.put(
          added.userId(),
          Optional.of(new MemberRecord(added.userId(), added.role(), added.atMs())));
    } else if (event instanceof Event.MemberRemoved removed) {
      memberships.put(removed.userId(), Optional.empty());
    } else if (event instanceof Event.RoomChanged changed) {
      room = room.changed(changed.name(), changed.type());
    } else if (event instanceof Event.RoomDeleted) {
      deleted = true; // nothing may come behind it
    } else if (event instanceof Event.Imposed imposed) {
      sanctions = new Sanctions(sanctions);
      sanctions.apply(imposed);
    } else if (Ledger.aim(event) != 0) {
      closeStream(event);
      touched.computeIfPresent(Ledger.aim(event), (seq, before) -> after(before, event));
      touched.computeIfAbsent(Ledger.aim(event), seq -> after(before(seq).orElseThrow(), event));
    }
    return new Answer.Done(event);
  }

  private void closeStream(Event.Durable event) {
    if (event instanceof Event.Reacted || (streams.isEmpty() && ledger.streams().isEmpty())) {
      return;
    }
    String author =
        known(Message.id(room.number(), Ledger.aim(event))).orElseThrow().message().userId();
    Ledger.Stream open = stream(author);
    if (open != null && open.seq() == Ledger.aim(event)) {
      streams.put(author, Optional.empty());
    }
  }

  private static StoredMessage after(StoredMessage before, Event.Durable event) {
    return Ledger.after(before, event)
        .orElseGet(() -> new StoredMessage(before.message().deleted(event.atMs()), Map.of()));
  }

  private Optional<Message> sentBefore(User from, Draft draft) {
    if (draft.clientMessageId() == null) {
      return Optional.empty();
    }
    long seq = sent.seqOf(from.id(), draft.clientMessageId());
    if (seq == 0) {
      seq = ledger.seqOf(from.id(), draft.clientMessageId());
    }
    return seq == 0
        ? Optional.empty()
        : known(Message.id(room.number(), seq)).map(StoredMessage::message);
  }

  /** A message that this user may see; one that it may not see is as good as none. */
  private Optional<StoredMessage> message(User from, long id) {
    return known(id).filter(stored -> sight(from).sees(stored.message()));
  }

  private Optional<StoredMessage> known(long id) {
    if (!isOfThisRoom(id)) {
      return Optional.empty();
    }
    StoredMessage touchedNow = touched.get(Message.seqOf(id));
    return touchedNow != null ? Optional.of(touchedNow) : before(Message.seqOf(id));
  }

  private Sight sight(User user) {
    return new Sight(user, member(user.id()).map(MemberRecord::role).orElse(null), nowMs);
  }

  /** An answer to what not everyone may read is for the same readers, unless it names its own. */
  private static @Nullable Readers readers(User from, Draft draft, @Nullable StoredMessage parent) {
    if (draft.readers() == null) {
      return parent == null ? null : parent.message().readers();
    }
    return draft.readers().and(from.id());
  }

  private Optional<Refusal> flaw(@Nullable Readers readers, @Nullable StoredMessage parent) {
    Readers limit = parent == null ? null : parent.message().readers();
    if (readers == null || readers.equals(limit)) {
      return Optional.empty();
    } else if (readers.userIds().size() > limits.readersPerMessageMax() + 1) { // and its author
      return Optional.of(
          Refusal.of(
              Reason.LIMIT_REACHED, "more than " + limits.readersPerMessageMax() + " readers"));
    } else if (!readers.userIds().stream().allMatch(Names::isId)) {
      return Optional.of(
          Refusal.of(Reason.INVALID, "visibleTo must be user ids of letters, digits, _ or -"));
    } else if (limit != null
        && !(readers.role() == null && limit.userIds().containsAll(readers.userIds()))) {
      return Optional.of(
          Refusal.of(Reason.INVALID, "an answer is for no more readers than what it answers"));
    }
    return Optional.empty();
  }

  private Optional<StoredMessage> before(long seq) {
    if (seq > ledger.head()) {
      return events.get((int) (seq - ledger.head() - 1)) instanceof Event.Posted posted
          ? Optional.of(new StoredMessage(posted.message(), Map.of()))
          : Optional.empty();
    }
    StoredMessage remembered = ledger.message(seq);
    return remembered != null
        ? Optional.of(remembered)
        : fetched.getOrDefault(seq, Optional.empty());
  }

  private long unknown(long id) {
    long seq = Message.seqOf(id);
    boolean known =
        !isOfThisRoom(id)
            || seq > ledger.head()
            || ledger.message(seq) != null
            || fetched.containsKey(seq);
    return known ? 0 : seq;
  }

  private boolean isOfThisRoom(long id) {
    return Message.roomNumberOf(id) == room.number()
        && Message.seqOf(id) >= 1
        && Message.seqOf(id) < nextSeq();
  }

  private Optional<MemberRecord> member(String userId) {
    Optional<MemberRecord> changed = memberships.get(userId);
    return changed != null ? changed : Optional.ofNullable(ledger.member(userId));
  }

  private boolean administers(User user) {
    return user.governs() || hasRole(user, Role.OWNER) || hasRole(user, Role.ADMIN);
  }

  private boolean moderates(User user) {
    return administers(user)
        || hasRole(user, Role.MODERATOR)
        || user.roles().contains(Role.MODERATOR);
  }

  private boolean hasRole(User user, Role role) {
    return hasRole(user.id(), role);
  }

  private boolean hasRole(String userId, Role role) {
    return member(userId).filter(member -> member.role() == role).isPresent();
  }

  private Optional<Refusal> flaw(String content) {
    if (content.isEmpty()) {
      return Optional.of(Refusal.of(Reason.CONTENT_EMPTY, "content cannot be empty"));
    } else if (content.length() > limits.contentCharsMax()) {
      return Optional.of(
          Refusal.of(
              Reason.CONTENT_TOO_LONG,
              "content exceeds maximum length of " + limits.contentCharsMax() + " characters"));
    } else if (!Text.isSound(content)) {
      return Optional.of(
          Refusal.of(Reason.TEXT_INVALID, "content has NUL or half a surrogate pair"));
    }
    return Optional.empty();
  }

  /**
   * The members named with an at sign and letters, digits, {@code _ - :} (FluxyChat contract 1.5).
   */
  private List<String> mentions(String content, @Nullable Readers readers) {
    if (content.indexOf('@') < 0) {
      return List.of();
    }
    Set<String> mentioned = new TreeSet<>();
    for (int at = content.indexOf('@'); at >= 0; at = content.indexOf('@', at + 1)) {
      int end = at + 1;
      while (end < content.length() && isNamePart(content.charAt(end))) {
        end++;
      }
      String name = content.substring(at + 1, end);
      Optional<MemberRecord> member = member(name);
      if (mentioned.size() < MENTIONS_MAX && member.isPresent() && reads(member.get(), readers)) {
        mentioned.add(name);
      }
    }
    return List.copyOf(mentioned);
  }

  /** Whoever may not read a message is not told that it names them. */
  private static boolean reads(MemberRecord member, @Nullable Readers readers) {
    return readers == null || readers.include(new User(member.userId(), Set.of()), member.role());
  }

  private static boolean isNamePart(char c) {
    return c == '_' || c == '-' || c == ':' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private long nextSeq() {
    return ledger.head() + events.size() + 1;
  }

  private long nextAtMs() {
    long last = events.isEmpty() ? ledger.lastAtMs() : events.get(events.size() - 1).atMs();
    return Math.max(nowMs, last + 1);
  }

  private static Answer refuse(Reason reason, String detail) {
    return reason == Reason.UNAVAILABLE
        ? new Answer.Refused(Refusal.later(reason, detail, 1))
        : new Answer.Refused(Refusal.of(reason, detail));
  }
}
