package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.chat.Role;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.FakeServer;
import io.fluxy.store.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An engine in the test's hand, with the apps of two projects: shop and bank. */
final class FloServer extends FakeServer {
  static final String PUB = "pub_k";
  static final String SEC = "sec_0123456789abcdef";
  static final String MGMT = "mgmt_0123456789abcdef";
  static final PushFloApp SHOP = PushFloApp.of("shop").key(PUB).key(SEC).key(MGMT);
  static final PushFloApp BANK = PushFloApp.of("bank").key("pub_bank").key("sec_bank0123456789");

  final PushFlo pushFlo;

  private FloServer(PushFlo pushFlo, Store store, Consumer<Fluxy.Builder> more) {
    super(store, builder -> more.accept(builder.protocol(pushFlo)));
    this.pushFlo = pushFlo;
  }

  static FloServer start() {
    return start(app -> app);
  }

  static FloServer start(UnaryOperator<PushFloApp> change) {
    return start(change, Store.inMemory(), builder -> {});
  }

  static FloServer start(
      UnaryOperator<PushFloApp> change, Store store, Consumer<Fluxy.Builder> more) {
    return new FloServer(new PushFlo(change.apply(SHOP), BANK), store, more);
  }

  /** A client that is let in, and has heard so. */
  FloWire connects(String token) {
    FloWire wire = opens("/ws?token=" + token);
    wire.connected();
    return wire;
  }

  FloWire connects() {
    return connects(PUB);
  }

  /** A client whose network answers no ping from the start. */
  FloWire connectsUnconfirmed(String token) {
    FloWire wire = opens("/ws?token=" + token, Map.of(), new FloWire(time).unconfirmed());
    wire.connected();
    return wire;
  }

  /** A socket that is upgraded, whatever becomes of it then. */
  FloWire opens(String target) {
    return opens(target, Map.of());
  }

  FloWire opens(String target, Map<String, String> headers) {
    return opens(target, headers, new FloWire(time));
  }

  private FloWire opens(String target, Map<String, String> headers, FloWire wire) {
    assertThat(fluxy.serves(target.replaceFirst("\\?.*", ""))).as("serves %s", target).isTrue();
    return wire.with(accepts(target, headers).open(wire));
  }

  // HTTP, as status and body.

  String get(String path) {
    return call("GET", path, SEC, "");
  }

  String call(String method, String path, @Nullable String key, String body) {
    return shown(ask(method, path, key, body, Map.of()));
  }

  ApiResponse ask(
      String method, String path, @Nullable String key, String body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("Content-Type", "application/json"); // as the SDK does, body or not
    if (key != null) {
      headers.put("Authorization", "Bearer " + key);
    }
    return answers(method, path, headers, body);
  }

  /** Publishes a content by the shop's secret key; the answer. */
  String publishes(String channel, String content) {
    String body = "{\"content\":" + content + ",\"eventType\":\"message\"}";
    return call("POST", "/api/v1/channels/" + channel + "/messages", SEC, body);
  }

  /** The id of what was published. */
  static String id(String answer) {
    Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(answer);
    assertThat(id.find()).as("an id in %s", answer).isTrue();
    return id.group(1);
  }

  /** What a browser shows as its key: the project's token of a user. */
  @Override
  public String token(String user, Role... roles) {
    return "pub_" + super.token(user, roles);
  }
}
