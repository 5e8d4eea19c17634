package io.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.Project;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.connection.Gate;
import io.fluxy.hook.Interceptor;
import io.fluxy.protocol.Demo;
import io.fluxy.room.Erasure;
import io.fluxy.room.Room;
import io.fluxy.store.Directory;
import io.fluxy.store.MemberRecord;
import io.fluxy.time.Scheduler;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room that anybody may try: in a project of its own, where nobody has a key, governs, or hears
 * webhooks. Messages are short and without links, and once an hour all of them go.
 */
final class DemoRoom implements Interceptor {
  private static final Logger LOG = LoggerFactory.getLogger(DemoRoom.class);
  private static final String GUIDE = "fluxy-guide";
  private static final User HOST = new User(GUIDE, Set.of(Role.ADMIN));
  private static final long WIPE_MS = 3_600_000;
  private static final int MESSAGE_CHARS_MAX = 500;
  private static final int MESSAGES_PER_MINUTE = 20;
  private static final String DOTS = ".\u3002\uff0e\uff61"; // what a browser takes for one
  private static final List<String> WELCOME =
      List.of(
          "Welcome! This room is for trying things out.",
          "Whatever is said here goes within the hour, and anybody can read it.",
          "Say hello.");

  private final RoomId room;

  DemoRoom(String roomId) {
    this.room = new RoomId(Demo.PROJECT, roomId);
  }

  Demo place() {
    return new Demo(room);
  }

  Project project(Limits engines) {
    return Project.named(Demo.PROJECT)
        .called("Demo")
        .limits(engines.toBuilder().messagesPerMinute(MESSAGES_PER_MINUTE).build());
  }

  /** Makes the room; if it was not there, somebody says hello, for which nobody waits. */
  CompletionStage<Void> open(Directory directory, Gate gate, Scheduler scheduler) {
    long nowMs = scheduler.nowMs();
    List<MemberRecord> founders = List.of(new MemberRecord(GUIDE, Role.OWNER, nowMs));
    return directory
        .createRoom(room, RoomType.PUBLIC, "Demo", nowMs, founders, GUIDE)
        .thenAccept(
            made -> {
              if (made.isPresent()) {
                scheduler.run(() -> welcome(gate));
              }
            });
  }

  /** Wipes an hour from now, and every hour after, as long as there is anybody to run it. */
  void wipeHourly(Erasure erasure, Gate gate, Scheduler scheduler) {
    scheduler.after(
        WIPE_MS,
        () ->
            wipe(erasure, gate, scheduler)
                .whenComplete(
                    (nothing, failure) -> {
                      if (failure != null) {
                        LOG.warn("the demo room was not wiped: {}", failure.toString());
                      }
                      wipeHourly(erasure, gate, scheduler);
                    }));
  }

  private CompletionStage<Void> wipe(Erasure erasure, Gate gate, Scheduler scheduler) {
    return erasure
        .expire(Demo.PROJECT, scheduler.nowMs())
        .thenCompose(nothing -> gate.with(room, DemoRoom::empty))
        .thenCompose(nothing -> welcome(gate));
  }

  /** Visitors come with a new name each time; whoever is still here may stay. */
  private static CompletionStage<Void> empty(Room room) {
    return room.look(HOST)
        .thenCompose(
            view -> {
              CompletionStage<Void> done = CompletableFuture.completedStage(null);
              for (MemberRecord member : view.members()) {
                if (!member.userId().equals(GUIDE)) {
                  Command.RemoveMember leave = new Command.RemoveMember(member.userId());
                  done =
                      done.thenCompose(
                          nothing -> room.submit(HOST, leave).thenAccept(answer -> {}));
                }
              }
              return done;
            });
  }

  private CompletionStage<Void> welcome(Gate gate) {
    CompletionStage<Void> done = CompletableFuture.completedStage(null);
    for (String text : WELCOME) {
      Command.Post post = new Command.Post(Draft.text(text));
      done =
          done.thenCompose(
              nothing -> gate.with(room, live -> live.submit(HOST, post)).thenAccept(answer -> {}));
    }
    return done;
  }

  @Override
  public CompletionStage<Draft> before(Identity who, RoomId to, Draft draft) {
    if (!who.project().equals(Demo.PROJECT)) {
      return CompletableFuture.completedStage(draft);
    } else if (draft.content().length() > MESSAGE_CHARS_MAX) {
      return refused("content exceeds maximum length of " + MESSAGE_CHARS_MAX + " characters");
    } else if (hasLink(draft.content()) || !draft.attachments().isEmpty()) {
      return refused("no links and no files in the demo room");
    }
    return CompletableFuture.completedStage(draft);
  }

  private static CompletionStage<Draft> refused(String why) {
    return CompletableFuture.failedStage(
        new RefusedException(Refusal.of(Refusal.Reason.INVALID, why)));
  }

  /** Whatever some client may make a link of: a scheme, or a dot that joins two words. */
  static boolean hasLink(String text) {
    if (text.contains("://") || text.toLowerCase(Locale.ROOT).contains("mailto:")) {
      return true;
    }
    for (int i = 1; i + 2 < text.length(); i++) {
      if (DOTS.indexOf(text.charAt(i)) >= 0
          && Character.isLetterOrDigit(text.charAt(i - 1))
          && Character.isLetter(text.charAt(i + 1))
          && Character.isLetter(text.charAt(i + 2))) {
        return true;
      }
    }
    return false;
  }
}
