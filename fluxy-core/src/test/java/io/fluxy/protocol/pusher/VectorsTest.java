package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.hook.Signature;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures that Pusher's own libraries make too, bit by bit (contract 3, V1 to V12). */
class VectorsTest {
  private static final String SOCKET = "123456.7890123";
  private static final String ZOE =
      "{\"user_id\":\"u-1\",\"user_info\":{\"name\":\"Zo\u00eb \ud83d\ude00\"}}";
  private static final PusherApp APP = ChannelServer.SHOP;

  private static String channel(String auth) {
    return "{\"auth\":\"testkey-0001:" + auth + "\"";
  }

  @Test
  void v1PrivateChannel() {
    assertThat(APP.authorize(SOCKET, "private-orders"))
        .isEqualTo(
            channel("2ca72dd6a2cc8c61b5424d07f151cad234562bbc77097d82b523efcd9e00f6e8") + "}");
  }

  @Test
  void v2PresenceChannel() {
    assertThat(APP.authorize(SOCKET, "presence-lobby", ZOE))
        .startsWith(
            channel("25b1f61723ba76152adc9a520f7f9023ddcb5a199d54d35d13d65f4470c4d1b1")
                + ",\"channel_data\":\"{\\\"user_id\\\":\\\"u-1\\\"");
  }

  @Test
  void v3NumericUserId() {
    assertThat(APP.authorize(SOCKET, "presence-lobby", "{\"user_id\":10}"))
        .startsWith(channel("d99a28fb9b40581b23e8d5058c3d6c60b926fceaa57bb8c6331b905280e43c43"));
  }

  @Test
  void v4PrivateChannelWithChannelData() {
    assertThat(APP.authorize(SOCKET, "private-orders", ZOE))
        .startsWith(channel("6aefef863d756dfbfb4760e0762c92421dbb8eaa2dbdfcbac3345e358608cd73"));
  }

  @Test
  void v5User() {
    String user =
        "{\"id\":\"u-1\",\"user_info\":{\"name\":\"Ann\"},\"watchlist\":[\"u-2\",\"u-3\"]}";

    assertThat(APP.authenticate(SOCKET, user))
        .startsWith(channel("83ebf2bea9e75579b31aa01531f9915ce904363d9671bf370d36950b29464d9a"))
        .contains("\"user_data\":\"{\\\"id\\\":\\\"u-1\\\"");
  }

  @Test
  void v6SharedSecret() {
    byte[] master = new byte[32];
    for (int i = 0; i < 32; i++) {
      master[i] = (byte) i;
    }

    assertThat(PusherApp.sharedSecret("private-encrypted-a", master))
        .isEqualTo("s1rdijRHyyLa/TmwKiC7A3oeY+nahXaZrWaS3La/se0=");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '^',
      delimiter = '|',
      value = {
        "V7|POST|/apps/4242/events||{\"name\":\"greet\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}|8773f77730e4e61e53a1a993845f4d28261cb447958fa7730bbba3e289a7a966",
        "V8|GET|/apps/4242/channels|filter_by_prefix=presence-&info=user_count,subscription_count||d8901adee00b400e84d5cbc5e94bf7ee2026d5685069fc9acd1ddcdaca026809",
        "V8 escaped|GET|/apps/4242/channels|info=user_count%2Csubscription_count&filter_by_prefix=presence-||d8901adee00b400e84d5cbc5e94bf7ee2026d5685069fc9acd1ddcdaca026809",
        "V9|POST|/apps/4242/users/u-1/terminate_connections||{}|6c133603820e1ab72ad83a9f8a83c739b5f5c1f554443ce4ffc326e295a51d6b",
        "V10|GET|/apps/4242/channels/a=b@c,d.e;f|info=x+y||c76292327ac29ac1910bfd9327e82d94c5eeb1a2a71999e4db992e1863b25d5b",
        "V10 escaped|GET|/apps/4242/channels/a=b@c,d.e;f|info=x%20y||c76292327ac29ac1910bfd9327e82d94c5eeb1a2a71999e4db992e1863b25d5b",
        "V11|POST|/apps/4242/events||{\"name\":\"g\",\"channel\":\"c\",\"data\":\"Zo\u00eb \ud83d\ude00\"}|286b5474da5f0def6e6440a6d930624d3fbe86d16f6537a696d0d5a2c5e331d0",
      })
  void requests(
      String name, String method, String path, String query, String body, String expected) {
    String target =
        ChannelServer.target(
            method, path, query == null ? "" : query, body == null ? "" : body, 1_700_000_000L);

    assertThat(target).endsWith("&auth_signature=" + expected);
  }

  @Test
  void bodiesAreHashedAsTheyAre() {
    assertThat(HttpSignature.md5("{}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("99914b932bd37a50b983c5e7c90ae93b");
  }

  @Test
  void v12Webhook() {
    String body =
        "{\"time_ms\":1700000000123,\"events\":[{\"name\":\"channel_occupied\",\"channel\":\"my-channel\"}]}";

    assertThat(Signature.of(ChannelServer.SECRET, body.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("995b619f7b68b23d100b65f02936013b5a053e2c92713d8e085087f0c94cb989");
  }

  @Test
  void whatPusherHasPublished() {
    PusherApp app = PusherApp.of("3", "p", "278d425bdf160c739803", "7ad3773142a6692b25b8");

    assertThat(app.authorize("1234.1234", "private-foobar"))
        .contains("58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4");
    assertThat(app.authenticate("1234.1234", "{\"id\":\"12345\"}"))
        .contains("4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba");
    assertThat(
            app.authorize(
                "1234.1234",
                "presence-foobar",
                "{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}"))
        .contains("31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80");
  }
}
