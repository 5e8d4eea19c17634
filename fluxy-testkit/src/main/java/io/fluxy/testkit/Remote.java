package io.fluxy.testkit;

import io.fluxy.chat.User;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Somebody at the other end of a line, whatever is spoken there: what networks do to people. */
abstract class Remote<S extends Remote<S>> {
  private static final int FRAMES_MAX = 1_000;

  private final TestChat chat;
  private final User user;
  private final Deque<String> frames = new ArrayDeque<>();
  private Line line;
  private Duration patience = Duration.ZERO;

  Remote(TestChat chat, User user) {
    this.chat = chat;
    this.user = user;
    this.line = newLine();
  }

  /** This, as what it is. */
  abstract S self();

  /** A frame has come. */
  abstract void hear(String frame);

  abstract void connects();

  private Line newLine() {
    return new Line(
        chat.time(),
        frame -> {
          if (frames.size() == FRAMES_MAX) {
            frames.remove();
          }
          frames.add(frame);
          hear(frame);
        },
        how -> note("is gone:", how));
  }

  /** Sends a frame as it is, for what has no verb here. */
  public void sends(String frame) {
    note("sends", frame);
    say(frame);
  }

  void say(String frame) {
    byte[] utf8 = frame.getBytes(StandardCharsets.UTF_8);
    Line over = line;
    over.say(engine -> chat.fluxy().read(() -> engine.text(utf8)));
    chat.settle();
  }

  /** Says something at once, in answer to what it has just heard. */
  void reply(String frame) {
    chat.time().run(() -> say(frame));
  }

  // Hearing.

  /** The next question whether it has heard something lets at most so much time pass. */
  public S within(Duration duration) {
    patience = duration;
    return self();
  }

  /** Whether something comes in the time that it was given. */
  boolean comes(BooleanSupplier something) {
    Duration now = patience;
    patience = Duration.ZERO;
    return chat.comes(something, now);
  }

  /** The newest frames as they came, oldest first, at most 1,000. */
  public List<String> frames() {
    return List.copyOf(frames);
  }

  // Coming and going.

  /** Closes its connection. */
  public void leaves() {
    line.leaves();
    chat.settle();
  }

  /** Loses its connection, and the engine notices at once. */
  public void drops() {
    line.ends("dropped");
    chat.settle();
  }

  /** Loses its connection, and nobody notices: nothing comes through either way. */
  public void vanishes() {
    note("vanishes", "");
    line.vanishes();
  }

  /** Stops reading: what is sent to it piles up. */
  public void stalls() {
    note("stalls", "");
    line.stalls();
  }

  /** Reads again. */
  public void reads() {
    note("reads again", "");
    line.reads();
    chat.settle();
  }

  /**
   * Connects again, the old connection being gone for it, and asks for what it has missed as far as
   * its protocol can.
   *
   * @throws AssertionError if that is refused
   */
  public void comesBack() {
    line.ends("dropped");
    connects();
  }

  /** Whether it is connected, as far as it knows. */
  public boolean isHere() {
    return line.isOpen();
  }

  /** How its connection ended, such as {@code 4001 token_expired}; "open" if it did not. */
  public String end() {
    return line.end();
  }

  /** Who it is. */
  public String userId() {
    return user.id();
  }

  /** Opens a connection; why that is refused, or null if it is not. */
  @Nullable String opens(ApiRequest request, boolean isStream) {
    Line next = newLine();
    ApiResponse refusal = isStream ? streams(request, next) : upgrades(request, next);
    if (refusal != null) {
      String body = new String(refusal.body(), StandardCharsets.UTF_8);
      note("is turned away:", refusal.status() + " " + body);
      return refusal.status() + " " + body;
    }
    line = next;
    return null;
  }

  private @Nullable ApiResponse upgrades(ApiRequest request, Line next) {
    Handshake handshake = chat.answer(chat.fluxy().handshake(request), "a handshake");
    ApiResponse refusal = handshake.refusal();
    if (refusal == null) {
      next.opens(handshake.open(next));
    }
    return refusal;
  }

  private @Nullable ApiResponse streams(ApiRequest request, Line next) {
    ApiResponse answer = chat.answer(chat.fluxy().answer(request), "a request for a stream");
    ApiResponse.Stream stream = answer.stream();
    if (stream == null) {
      return answer;
    }
    next.opens(stream.open(next));
    return null;
  }

  void engineIsGone() {
    line.engineIsGone();
  }

  TestChat chat() {
    return chat;
  }

  User user() {
    return user;
  }

  void note(String what, String text) {
    chat.note(user.id(), what, text);
  }

  static String quoted(List<String> contents) {
    return contents.isEmpty() ? "nothing" : "\"" + String.join("\", \"", contents) + "\"";
  }
}
