package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Attachment;
import io.fluxy.chat.Names;
import io.fluxy.http.ApiRequest;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON object in a request or frame, read the way FluxyChat's clients write it. */
final class Body {
  private static final long ATTACHMENT_BYTES_MAX = 10L * 1024 * 1024;

  private final Map<String, @Nullable Object> fields;

  private Body(Map<String, @Nullable Object> fields) {
    this.fields = fields;
  }

  /**
   * Reads a request's body.
   *
   * @throws Problem 400 {@code invalid_body} if it is no JSON object
   */
  static Body of(ApiRequest request) {
    try {
      return new Body(Json.object(request.body()));
    } catch (BadJsonException e) {
      throw new Problem(400, "invalid_body");
    }
  }

  /**
   * Reads a frame.
   *
   * @throws BadJsonException if it is no JSON object
   */
  static Body of(byte[] frame) {
    return new Body(Json.object(frame));
  }

  /** An object inside of a body. */
  static Body of(Map<?, ?> object) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    object.forEach((name, value) -> fields.put((String) name, value));
    return new Body(fields);
  }

  static Body empty() {
    return new Body(Map.of());
  }

  boolean has(String name) {
    return fields.get(name) != null;
  }

  /** It is there and says null. */
  boolean isNull(String name) {
    return fields.containsKey(name) && fields.get(name) == null;
  }

  @Nullable Object value(String name) {
    return fields.get(name);
  }

  /** A string; empty if absent or not a string. */
  Optional<String> text(String name) {
    return fields.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A whole number, also if it comes as a string of digits; empty if absent or neither. */
  Optional<Long> whole(String name) {
    Object value = fields.get(name);
    if (value instanceof Long number) {
      return Optional.of(number);
    } else if (value instanceof String digits) {
      return whole(digits, 18);
    }
    return Optional.empty();
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  List<?> list(String name) {
    return fields.get(name) instanceof List<?> list ? list : List.of();
  }

  /** A client message id; what is no good one is ignored, as the contract has it (1.5). */
  @Nullable String clientMessageId() {
    return text("clientMessageId").filter(Names::isClientMessageId).orElse(null);
  }

  /**
   * Attachments with an http or https address; others are dropped, as the contract has it (1.5).
   */
  List<Attachment> attachments() {
    List<Attachment> attachments = new ArrayList<>();
    for (Object each : list("attachments")) {
      if (each instanceof Map<?, ?> file && file.get("url") instanceof String url && isWeb(url)) {
        Object size = file.get("sizeBytes");
        long sizeBytes = size instanceof Long bytes ? Math.max(0, bytes) : 0;
        String fileId = UploadRoutes.fileId(url);
        attachments.add(
            new Attachment(
                file.get("kind") instanceof String kind && kind.length() <= 32 ? kind : "file",
                fileId == null ? url : UploadRoutes.withoutQuery(url),
                word(file.get("name")),
                Math.min(sizeBytes, ATTACHMENT_BYTES_MAX),
                word(file.get("contentType")),
                fileId));
      }
    }
    return attachments;
  }

  /** A number in decimal digits; empty if it is anything else or too long. */
  static Optional<Long> whole(String digits, int digitsMax) {
    boolean plain = !digits.isEmpty() && digits.length() <= digitsMax;
    return plain && digits.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(Long.parseLong(digits))
        : Optional.empty();
  }

  private static boolean isWeb(String url) {
    return url.length() <= 2_048
        && (url.startsWith("https://") || url.startsWith("http://"))
        && url.chars().allMatch(c -> c > ' ');
  }

  private static @Nullable String word(@Nullable Object value) {
    return value instanceof String text && text.length() <= 256 ? text : null;
  }
}
