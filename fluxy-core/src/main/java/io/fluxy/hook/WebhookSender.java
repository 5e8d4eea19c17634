package io.fluxy.hook;

import io.fluxy.time.Scheduler;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Brings webhooks to their receivers. A host whose network has a proxy, or rules of its own about
 * where its servers may connect to, brings its own.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public interface WebhookSender {
  /**
   * What is wrong with an address as it is written, in a word for the client; asked when a webhook
   * is registered. Looks nothing up.
   */
  Optional<String> flaw(String url);

  /**
   * Posts a body once.
   *
   * @return never completes exceptionally; completes within the time it was made for
   */
  CompletionStage<Outcome> send(String url, Map<String, String> headers, byte[] body);

  /**
   * What came of it.
   *
   * @param httpStatus 0 if there was no answer
   * @param error null if the receiver took it
   */
  record Outcome(int httpStatus, @Nullable String error) {
    /** An answer: anything but a status of 200 to 299 is an error. */
    public static Outcome answered(int httpStatus) {
      boolean taken = httpStatus >= 200 && httpStatus < 300;
      return new Outcome(httpStatus, taken ? null : "http_" + httpStatus);
    }

    /** No answer. */
    public static Outcome failed(String error) {
      return new Outcome(0, error);
    }
  }

  /** Where the direct sender goes. */
  enum Reach {
    /** Public addresses, by https. */
    PUBLIC_HTTPS,
    /** Public addresses, by https or http. */
    PUBLIC,
    /** Also this machine and private networks: for development and tests. */
    ANYWHERE
  }

  /**
   * Connects by itself. It resolves a name once, refuses it if any of its addresses is not public,
   * and connects to the very address it has looked at; so it does for each of at most 5 redirects.
   *
   * @param threads where it waits for receivers, which may block them
   * @param timeoutMs for one attempt, redirects included
   */
  static WebhookSender direct(Scheduler threads, Reach reach, int timeoutMs) {
    return new DirectSender(threads, reach, timeoutMs, java.net.InetAddress::getAllByName);
  }
}
