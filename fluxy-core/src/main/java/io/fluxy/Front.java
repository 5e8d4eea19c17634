package io.fluxy;

import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where requests come in: finds the protocol that serves a path, and answers even if it fails. */
final class Front {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  private final List<Protocol> protocols;

  Front(List<Protocol> protocols) {
    this.protocols = protocols;
  }

  boolean serves(String rawPath) {
    return protocols.stream().anyMatch(protocol -> protocol.serves(rawPath));
  }

  CompletionStage<ApiResponse> answer(ApiRequest request) {
    return guarded(
        request,
        () -> protocol(request).map(p -> p.answer(request)),
        () -> ApiResponse.text(404, "Not Found"),
        failure -> failure);
  }

  CompletionStage<Handshake> handshake(ApiRequest request) {
    return guarded(
        request,
        () -> protocol(request).map(p -> p.handshake(request)),
        () -> Handshake.refuse(ApiResponse.text(404, "Not Found")),
        Handshake::refuse);
  }

  private Optional<Protocol> protocol(ApiRequest request) {
    return protocols.stream().filter(protocol -> protocol.serves(request.rawPath())).findFirst();
  }

  private <T> CompletionStage<T> guarded(
      ApiRequest request,
      Supplier<Optional<CompletionStage<T>>> answer,
      Supplier<T> nobody,
      Function<ApiResponse, T> failed) {
    CompletionStage<T> stage;
    try {
      stage = answer.get().orElseGet(() -> CompletableFuture.completedStage(nobody.get()));
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedStage(e);
    }
    return stage.exceptionally(
        failure -> {
          LOG.error("{} could not be answered", request, failure);
          return failed.apply(
              ApiResponse.json(
                  500,
                  json -> {
                    json.writeStartObject();
                    json.writeStringField("error", "internal_error");
                    json.writeEndObject();
                  }));
        });
  }
}
