package io.fluxy.testkit;

import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.channels.PlainChannels;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import io.fluxy.protocol.pushflo.PushFlo;
import io.fluxy.protocol.pushflo.PushFloApp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The kit's own apps of other protocols: there as soon as a test asks for one and not before, so
 * that they are in no host's way; and again in the next engine.
 */
final class Apps implements Protocol.Factory {
  private static final String KEY = "testkit-key";
  private static final String SECRET = "testkit-secret";

  private final Map<String, TestChannels> wires = new HashMap<>();
  private final List<Protocol.Factory> asked = new ArrayList<>();
  private List<Protocol> open = new ArrayList<>();
  private @Nullable Services services;

  @Override
  public Protocol open(Services lent) {
    services = lent;
    open = new ArrayList<>(asked.stream().map(each -> each.open(lent)).toList());
    return new Desk(open);
  }

  TestChannels pusher(TestChat chat) {
    return wires.computeIfAbsent(
        "Pusher",
        kind -> {
          PusherApp app = PusherApp.of("testkit", chat.project(), KEY, SECRET);
          serve(lent -> new PusherChannels(app).open(lent));
          return chat.pusher(app);
        });
  }

  TestChannels pushFlo(TestChat chat) {
    return wires.computeIfAbsent(
        "PushFlo",
        kind -> {
          String key = "sec_" + SECRET;
          PushFloApp app =
              PushFloApp.of(chat.project()).key(key).with(PushFloApp.Option.CREATE_ON_PUBLISH);
          serve(lent -> new PushFlo(app).open(lent));
          return chat.pushFlo(key);
        });
  }

  TestChannels plainChannels(TestChat chat) {
    return wires.computeIfAbsent(
        "plain channels",
        kind -> {
          ChannelApp app = ChannelApp.of(chat.project(), KEY, SECRET);
          serve(lent -> new PlainChannels(app).open(lent));
          return chat.plainChannels(app);
        });
  }

  /** From now on, this is served too. */
  private void serve(Protocol.Factory factory) {
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
