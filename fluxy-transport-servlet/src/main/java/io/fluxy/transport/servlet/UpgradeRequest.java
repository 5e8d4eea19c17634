package io.fluxy.transport.servlet;

import io.fluxy.http.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request for a WebSocket, as RFC 6455 has it. Knows no class of Jakarta WebSocket. */
final class UpgradeRequest {
  /** Where a container with Jakarta WebSocket leaves its {@code ServerContainer}. */
  static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

  private UpgradeRequest() {}

  /** Whether the request is for a WebSocket, well-formed or not. */
  static boolean asked(HttpServletRequest request) {
    return "GET".equals(request.getMethod())
        && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
        && connection(request).contains("upgrade");
  }

  /** What is wrong with it, or null. */
  static @Nullable ApiResponse objection(HttpServletRequest request) {
    if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
      return ApiResponse.empty(426).with("Sec-WebSocket-Version", "13");
    }
    boolean hasBody =
        request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    if (!isKey(request.getHeader("Sec-WebSocket-Key")) || hasBody) {
      return ApiResponse.empty(400).with("Connection", "close");
    }
    return null;
  }

  private static String connection(HttpServletRequest request) {
    List<String> values = Collections.list(request.getHeaders("Connection"));
    return String.join(",", values).toLowerCase(Locale.ROOT);
  }

  private static boolean isKey(@Nullable String key) {
    try {
      return key != null && key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
