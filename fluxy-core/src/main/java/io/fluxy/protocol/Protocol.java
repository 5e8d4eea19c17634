package io.fluxy.protocol;

import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import java.util.concurrent.CompletionStage;

/**
 * A wire protocol: which paths are its own, and how it answers there. Made once per engine, from
 * {@link Services}.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public interface Protocol {
  /** Whether a path belongs to this protocol, known route or not. */
  boolean serves(String rawPath);

  /**
   * Answers a request to one of its paths.
   *
   * @return may complete exceptionally: the engine logs it and answers an internal error
   */
  CompletionStage<ApiResponse> answer(ApiRequest request);

  /** Decides on a WebSocket to one of its paths. */
  CompletionStage<Handshake> handshake(ApiRequest request);

  /** Its table of routes, for documentation and tests. */
  Routes routes();

  /** Makes a protocol for an engine. */
  @FunctionalInterface
  interface Factory {
    Protocol open(Services services);
  }
}
