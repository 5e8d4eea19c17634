package io.fluxy.testkit;

import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The kit's own apps of other protocols: there as soon as a test asks for one and not before, so
 * that they are in no host's way; and again in the next engine.
 */
final class Apps implements Protocol.Factory {
  private final List<Protocol.Factory> asked = new ArrayList<>();
  private List<Protocol> open = new ArrayList<>();
  private @Nullable Services services;

  @Override
  public Protocol open(Services lent) {
    services = lent;
    open = new ArrayList<>(asked.stream().map(each -> each.open(lent)).toList());
    return new Desk(open);
  }

  /** From now on, this is served too. */
  void serve(Protocol.Factory factory) {
    if (services == null) {
      throw new IllegalStateException("the host has not started the engine that it was given");
    }
    asked.add(factory);
    open.add(factory.open(services));
  }

  /** Whatever of them is there, as one. */
  private record Desk(List<Protocol> open) implements Protocol {
    @Override
    public boolean serves(String rawPath) {
      return open.stream().anyMatch(each -> each.serves(rawPath));
    }

    private Protocol of(ApiRequest request) {
      return open.stream().filter(each -> each.serves(request.rawPath())).findFirst().orElseThrow();
    }

    @Override
    public CompletionStage<ApiResponse> answer(ApiRequest request) {
      return of(request).answer(request);
    }

    @Override
    public CompletionStage<Handshake> handshake(ApiRequest request) {
      return of(request).handshake(request);
    }

    @Override
    public Routes routes() {
      Routes all = new Routes();
      open.stream()
          .flatMap(each -> each.routes().all().stream())
          .forEach(each -> all.on(each.method(), each.pattern(), each.handler()));
      return all;
    }
  }
}
