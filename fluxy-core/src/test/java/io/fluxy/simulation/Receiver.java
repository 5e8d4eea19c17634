package io.fluxy.simulation;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.hook.WebhookSender;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who listens to webhooks: at times it is slow, fails or says nothing. In the end it has been told
 * of every message, and first of each in the order of its room.
 */
final class Receiver {
  private static final Pattern MESSAGE = Pattern.compile("\"id\":(\\d+),\"roomId\":\"([^\"]*)\"");

  private final Weather weather;
  private final Dice dice;
  private final Tally tally;
  private final Trace trace;
  private final Map<RoomId, Set<Long>> attempted = new HashMap<>(); // seqs, in order
  private final Map<RoomId, Set<Long>> taken = new HashMap<>();
  private final Set<RoomId> failed = new HashSet<>(); // once for each, as retries take a minute

  Receiver(Weather weather, Dice dice, Tally tally, Trace trace) {
    this.weather = weather;
    this.dice = dice;
    this.tally = tally;
    this.trace = trace;
  }

  /** The way of one process to it. */
  WebhookSender of(Node node, World world) {
    return new WebhookSender() {
      @Override
      public Optional<String> flaw(String url) {
        return Optional.empty();
      }

      @Override
      public CompletionStage<Outcome> send(String url, Map<String, String> headers, byte[] body) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        String project = headers.getOrDefault("X-Fluxy-Project-Id", "");
        String text = new String(body, StandardCharsets.UTF_8);
        int delayMs = dice.between(0, !weather.calm && dice.percent(10) ? 1_500 : 40);
        boolean takes = receive(project, text);
        boolean silent = !takes && dice.percent(30);
        if (!silent) {
          world
              .time()
              .after(
                  delayMs,
                  () -> {
                    if (node.isAlive()) {
                      answer.complete(Outcome.answered(takes ? 200 : 500));
                    } else {
                      tally.saw(Sometimes.CRASH_WHILE_DELIVERING);
                    }
                  });
        }
        return answer;
      }
    };
  }

  private boolean receive(String project, String body) {
    Matcher found = MESSAGE.matcher(body);
    if (!found.find()) {
      throw new Violation("I15", "no message in " + body);
    }
    RoomId room = new RoomId(project, found.group(2));
    long seq = Message.seqOf(Long.parseLong(found.group(1)));
    trace.note("is told", room, seq);
    attempted.computeIfAbsent(room, none -> new LinkedHashSet<>()).add(seq);
    if (!weather.calm && dice.percent(15) && failed.add(room)) {
      tally.saw(Sometimes.DELIVERY_FAILED);
      return false;
    }
    tally.saw(
        taken.computeIfAbsent(room, none -> new HashSet<>()).add(seq)
            ? Sometimes.DELIVERED
            : Sometimes.DELIVERED_AGAIN);
    return true;
  }

  /** Everything is quiet. */
  void checkAtTheEnd(Truth.Log log, Judge judge) {
    RoomId room = log.room().id();
    List<Long> said = said(log);
    List<Long> told = new ArrayList<>(attempted.getOrDefault(room, Set.of()));
    judge.check(
        told.equals(said), "I15", () -> room + ": told of " + told + ", and it said " + said);
    judge.check(
        taken.getOrDefault(room, Set.of()).containsAll(said),
        "I15",
        () -> room + ": " + said + " were to be delivered, not " + taken.get(room));
  }

  /** The seqs of all messages in the order in which they were whole. */
  private static List<Long> said(Truth.Log log) {
    List<Long> said = new ArrayList<>();
    Set<Long> growing = new HashSet<>();
    for (long seq = 1; seq <= log.head(); seq++) {
      Event.Durable event = log.event(seq);
      if (event instanceof Event.Posted posted && posted.stream() != null) {
        growing.add(seq);
      } else if (event instanceof Event.Posted) {
        said.add(seq);
      } else if (event instanceof Event.Deleted deleted) {
        growing.remove(Message.seqOf(deleted.messageId()));
      } else if (event instanceof Event.Edited edited
          && growing.remove(Message.seqOf(edited.messageId()))) {
        said.add(Message.seqOf(edited.messageId()));
      }
    }
    return said;
  }
}
