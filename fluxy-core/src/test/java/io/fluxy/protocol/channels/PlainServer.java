package io.fluxy.protocol.channels;

import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.FakeClient;
import io.fluxy.protocol.FakeServer;
import io.fluxy.store.Store;
import java.util.Map;
import java.util.function.UnaryOperator;

/** An engine in the test's hand, with the plain channels of two projects: shop and bank. */
final class PlainServer extends FakeServer {
  static final ChannelApp SHOP = ChannelApp.of("shop", "testkey-0001", "testsecret-0001");
  static final ChannelApp BANK = ChannelApp.of("bank", "bankkey-0001", "banksecret-0001");

  final PlainChannels channels;
  final Store store;
  final String key;
  final String bankKey;

  private PlainServer(PlainChannels channels, Store store) {
    super(store, builder -> builder.allowedOrigin("https://page.example").protocol(channels));
    this.channels = channels;
    this.store = store;
    key = now(fluxy.mintKey("shop")).text();
    bankKey = now(fluxy.mintKey("bank")).text();
  }

  static PlainServer start() {
    return start(app -> app);
  }

  static PlainServer start(UnaryOperator<ChannelApp> change) {
    return new PlainServer(new PlainChannels(change.apply(SHOP), BANK), Store.inMemory());
  }

  FakeClient opens(String target) {
    FakeClient client = new FakeClient(time);
    return client.with(accepts(target, Map.of()).open(client));
  }

  /** Status and body of the refusal of a socket. */
  String refuses(String target) {
    ApiResponse refusal = shakes(target, Map.of()).refusal();
    return refusal == null ? "accepted" : shown(refusal);
  }

  String calls(String method, String target, Map<String, String> headers, String body) {
    return shown(answers(method, target, headers, body));
  }

  String gets(String target) {
    return calls("GET", target, Map.of(), "");
  }

  String gets(String target, String token) {
    return calls("GET", target, Map.of("Authorization", "Bearer " + token), "");
  }

  String posts(String target, String token, String body) {
    return calls("POST", target, Map.of("Authorization", "Bearer " + token), body);
  }

  /** Publishes with the shop's API key. */
  String publishes(String body) {
    return posts("/events/publish", key, body);
  }
}
