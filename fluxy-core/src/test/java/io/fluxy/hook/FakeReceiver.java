package io.fluxy.hook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A receiver of webhooks that remembers what it got, and answers as it is told: 200 unless. */
public final class FakeReceiver implements WebhookSender {
  private final List<Post> posts = new ArrayList<>();
  private final Deque<Outcome> answers = new ArrayDeque<>();
  private final List<CompletableFuture<Outcome>> thinking = new ArrayList<>();
  private boolean slow;
  private int underWay;
  private int mostUnderWay;

  /** One request. */
  public record Post(String url, Map<String, String> headers, String body) {
    public String id() {
      return headers.getOrDefault("X-Fluxy-Delivery-Id", "");
    }
  }

  /** What it answers to the next request, and the one after that, and so on. */
  public void answers(Outcome... next) {
    answers.addAll(List.of(next));
  }

  /** From now on it answers only when {@link #answersNow} is called. */
  public void thinks() {
    slow = true;
  }

  /** Answers all that wait, with a 200. */
  public void answersNow() {
    List<CompletableFuture<Outcome>> waiting = List.copyOf(thinking);
    thinking.clear();
    underWay -= waiting.size();
    waiting.forEach(one -> one.complete(Outcome.answered(200)));
  }

  public List<Post> posts() {
    return posts;
  }

  /** The bodies since the last look. */
  public List<String> bodies() {
    List<String> bodies = posts.stream().map(post -> post.body().replace('"', '\'')).toList();
    posts.clear();
    return bodies;
  }

  /** How many requests there were at once, at the most. */
  public int mostUnderWay() {
    return mostUnderWay;
  }

  @Override
  public Optional<String> flaw(String url) {
    return url.contains("127.0.0.1") ? Optional.of("ssrf_blocked") : Optional.empty();
  }

  @Override
  public CompletionStage<Outcome> send(String url, Map<String, String> headers, byte[] body) {
    posts.add(new Post(url, Map.copyOf(headers), new String(body, StandardCharsets.UTF_8)));
    mostUnderWay = Math.max(mostUnderWay, ++underWay);
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    if (slow) {
      thinking.add(outcome);
    } else {
      underWay--;
      outcome.complete(answers.isEmpty() ? Outcome.answered(200) : answers.remove());
    }
    return outcome;
  }
}
