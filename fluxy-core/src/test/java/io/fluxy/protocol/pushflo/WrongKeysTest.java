package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Keys and tokens that are no good, and come again and again (contract 2.7 and 6.5). */
class WrongKeysTest {
  private static final String PATH = "/api/v1/channels/room/messages";
  private static final String UNAUTHORIZED =
      "401 {\"success\":false,\"error\":\"Unknown key\",\"code\":\"UNAUTHORIZED\"}";
  private static final String LIMITED =
      "{\"success\":false,\"error\":\"Too many wrong keys or tokens, try later\",\"code\":\"RATE_LIMITED\"}";

  private static final int MANY = PushFloLimits.defaults().wrongKeysPerMinute();

  private final AtomicInteger asked = new AtomicInteger();
  private final FloServer server =
      FloServer.start(app -> app, new AskedStore(asked).store(), builder -> {});

  private String publishesWith(String key) {
    return server.call("POST", PATH, key, "{\"content\":{}}");
  }

  /** A token that looks like the project's, with a signature that is not. */
  private static String forged(int n) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String head = base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8));
    String claims = "{\"tid\":\"shop\",\"sub\":\"ann\",\"exp\":9999999999,\"n\":" + n + "}";
    return "pub_"
        + head
        + "."
        + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".AAAA";
  }

  @Test
  void anAddressIsToldSixHundredTimesWhyAndThenToWait() {
    for (int i = 0; i < MANY; i++) {
      assertThat(publishesWith("sec_" + i)).isEqualTo(UNAUTHORIZED);
    }
    ApiResponse next = server.ask("POST", PATH, "sec_more", "{}", Map.of());
    assertThat(FloServer.shown(next)).isEqualTo("429 " + LIMITED);
    assertThat(next.headers().get("Retry-After")).matches("[1-9][0-9]?");
    assertThat(server.call("POST", "/api/v1/auth/token", null, "{\"publishKey\":\"pub_no\"}"))
        .as("and this way in")
        .isEqualTo("429 " + LIMITED);

    server.time.advance(60_000);
    assertThat(publishesWith("sec_later")).isEqualTo(UNAUTHORIZED);
  }

  @Test
  void socketsAreToldInTheirWords() {
    for (int i = 0; i < MANY; i++) {
      assertThat(server.opens("/ws?token=" + forged(i)).end()).isEqualTo("4001 Invalid token");
    }
    FloWire next = server.opens("/ws?token=" + forged(MANY));
    assertThat(next.hears())
        .containsExactly(
            "{\"type\":\"error\",\"error\":\"Too many wrong keys or tokens, try later\",\"code\":\"RATE_LIMITED\"}");
    assertThat(next.end()).isEqualTo("4029 Too many wrong keys or tokens, try later");
  }

  @Test
  void whoeverSharesTheAddressAndHasWhatIsGoodPasses() {
    String token = server.token("ann");
    for (int i = 0; i < MANY + 10; i++) {
      server.opens("/ws?token=" + forged(i));
    }
    server.connects(FloServer.PUB).subscribes("room");
    server.connects(token);
    assertThat(publishesWith(FloServer.SEC)).startsWith("201 ");
  }

  @Test
  void theStoreIsAskedAboutNoneOfThem() {
    server.connects();
    int before = asked.get();
    for (int i = 0; i < MANY; i++) {
      server.opens("/ws?token=" + forged(i));
      publishesWith("sec_" + i);
    }
    assertThat(asked.get()).isEqualTo(before);
  }
}
