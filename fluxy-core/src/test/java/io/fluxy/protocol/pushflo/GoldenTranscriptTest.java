package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.protocol.pushflo.PushFloApp.Option;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract's transcript (section 9), by exact text, with its ids shortened. */
class GoldenTranscriptTest {
  private final FloServer server = FloServer.start(app -> app.without(Option.NESTED_FRAMES));
  private final List<String> transcript = new ArrayList<>();

  private void heard(FloWire client) {
    for (String frame : client.hears()) {
      transcript.add("S: " + shortened(frame));
    }
  }

  private static String shortened(String text) {
    return text.replaceAll("client_[0-9a-f]+", "client_1")
        .replaceAll("msg_\\d+", "msg_1")
        .replaceAll("\"timestamp\":\\d{13}", "\"timestamp\":1795188914416")
        .replaceAll("\"createdAt\":\"[^\"]+Z\"", "\"createdAt\":\"…Z\"");
  }

  private void publishes(int n) {
    String body = "{\"content\":{\"n\":" + n + "},\"eventType\":\"message\"}";
    String answer = server.call("POST", "/api/v1/channels/room/messages", FloServer.SEC, body);
    transcript.add("P: " + shortened(answer));
  }

  @Test
  void theTranscriptIsTheContracts() {
    String token = server.token("user1");
    FloWire client = server.opens("/ws?token=" + token);
    heard(client);
    client.says("{\"type\":\"subscribe\",\"channel\":\"room\"}");
    heard(client);
    publishes(1);
    heard(client);
    server.time.advance(1_000);

    client.isCut();
    publishes(2);
    publishes(3);
    FloWire again = server.opens("/ws?token=" + token);
    heard(again);
    again.says("{\"type\":\"ping\"}");
    again.says("{\"type\":\"unsubscribe\",\"channel\":\"room\"}");
    heard(again);
    again.leaves();

    String published =
        "P: 201 {\"success\":true,\"data\":{\"id\":\"msg_1\",\"channelSlug\":\"room\",\"eventType\":\"message\","
            + "\"clientId\":\"server\",\"delivered\":%d,\"createdAt\":\"…Z\",\"channel\":\"room\",\"timestamp\":1795188914416}}";
    String message =
        "S: {\"type\":\"message\",\"channel\":\"room\",\"messageId\":\"msg_1\",\"eventType\":\"message\","
            + "\"clientId\":\"server\",\"data\":{\"n\":%d},\"timestamp\":1795188914416}";
    assertThat(transcript)
        .containsExactly(
            "S: {\"type\":\"connected\",\"clientId\":\"client_1\",\"timestamp\":1795188914416}",
            "S: {\"type\":\"subscribed\",\"channel\":\"room\"}",
            published.formatted(1),
            message.formatted(1),
            published.formatted(0),
            published.formatted(0),
            "S: {\"type\":\"connected\",\"clientId\":\"client_1\",\"timestamp\":1795188914416}",
            "S: {\"type\":\"subscribed\",\"channel\":\"room\"}",
            message.formatted(2),
            message.formatted(3),
            "S: {\"type\":\"pong\"}",
            "S: {\"type\":\"unsubscribed\",\"channel\":\"room\"}");
    assertThat(server.time.failures()).isEmpty();
  }
}
