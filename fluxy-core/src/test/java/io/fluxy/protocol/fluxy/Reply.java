package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An answer as a client sees it. In its text, and in that of all tests here, a JSON quote is
 * written as {@code '}.
 */
record Reply(ApiResponse response) {
  Reply {
    if (!response.headers().getOrDefault("Content-Type", "").startsWith("text/javascript")) {
      Leaks.checked(text(response)); // a script speaks of errors, and tells nothing of this server
    }
  }

  /** An answer, which must be no error of ours. */
  static Reply of(ApiResponse response) {
    assertThat(response.status()).as("%s", text(response)).isLessThan(500);
    return new Reply(response);
  }

  int status() {
    return response.status();
  }

  String body() {
    return text(response);
  }

  Optional<String> header(String name) {
    return response.headers().entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The body as an object. */
  Map<String, ?> object() {
    return Json.object(response.body());
  }

  /** A field of the body. */
  Object get(String field) {
    return Objects.requireNonNull(object().get(field), () -> "no " + field + " in " + this);
  }

  /** A text in the body. */
  String text(String field) {
    return (String) get(field);
  }

  /** The token in the answer to who asked for one. */
  String token() {
    return Leaks.secret(text("token"));
  }

  /** The message in the answer to a send. */
  Map<?, ?> message() {
    return (Map<?, ?>) get("message");
  }

  /** The id of the message in the answer to a send. */
  long messageId() {
    return (Long) Objects.requireNonNull(message().get("id"));
  }

  private static String text(ApiResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Status and body, such as {@code 200 {'ok':true}}. */
  @Override
  public String toString() {
    return status() + " " + Leaks.shown(body());
  }
}
