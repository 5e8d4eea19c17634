package io.fluxy.testkit;

import io.fluxy.hook.WebhookSender;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the webhooks of a {@link TestChat} arrive, whatever their address: nothing leaves the
 * process. It takes everything until it is told otherwise.
 */
public final class TestReceiver implements WebhookSender {
  private final Transcript transcript;
  private final List<Call> calls = new ArrayList<>();
  private final Deque<Integer> answers = new ArrayDeque<>();
  private boolean down;

  /**
   * One attempt to deliver.
   *
   * @param headers as sent, the signature among them
   * @param body the JSON
   */
  public record Call(String url, Map<String, String> headers, String body) {}

  TestReceiver(Transcript transcript) {
    this.transcript = transcript;
  }

  /** Every attempt since the last time it was asked, oldest first. */
  public List<Call> calls() {
    List<Call> since = List.copyOf(calls);
    calls.clear();
    return since;
  }

  /** Answers the next attempts with these statuses, and the ones after them with 200. */
  public void answers(int... statuses) {
    for (int status : statuses) {
      answers.add(status);
    }
  }

  /** Can't be reached from here on. */
  public void goesDown() {
    down = true;
  }

  /** Can be reached again. */
  public void recovers() {
    down = false;
  }

  @Override
  public Optional<String> flaw(String url) {
    return Optional.empty();
  }

  @Override
  public CompletionStage<Outcome> send(String url, Map<String, String> headers, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    calls.add(new Call(url, Map.copyOf(headers), text));
    transcript.note("a webhook", down ? "does not reach" : "reaches", url);
    Integer status = answers.poll();
    return CompletableFuture.completedStage(
        down ? Outcome.failed("unreachable") : Outcome.answered(status == null ? 200 : status));
  }
}
