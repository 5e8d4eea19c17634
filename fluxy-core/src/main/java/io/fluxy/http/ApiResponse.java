package io.fluxy.http;

import io.fluxy.wire.Json;
import io.fluxy.wire.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to answer: a status, headers, and either a whole body or a stream that stays open.
 *
 * @param headers in order; content type included, content length not
 * @param body empty if there is none, or if there is a stream
 * @param stream if not null, the body goes on until somebody closes it: the transport flushes the
 *     head at once, never times the response out, and opens the stream with a socket that writes to
 *     the body
 * @param sent if not null, the transport tells it once whether the whole answer, head and body, was
 *     handed to the network; not told of a stream, which has a socket for that
 */
@SuppressWarnings("ArrayRecordComponent") // a body is bytes; nobody compares answers
public record ApiResponse(
    int status,
    Map<String, String> headers,
    byte[] body,
    @Nullable Stream stream,
    Socket.@Nullable Sent sent) {
  /** An answer of whose fate nobody asks. */
  public ApiResponse(
      int status, Map<String, String> headers, byte[] body, @Nullable Stream stream) {
    this(status, headers, body, stream, null);
  }

  /** A body that is written bit by bit. */
  @FunctionalInterface
  public interface Stream {
    /** Called once, when the head is on its way. */
    Socket.Listener open(Socket socket);
  }

  /** A JSON answer. */
  public static ApiResponse json(int status, Json.Writing json) {
    return of(status, "application/json", Json.bytes(json));
  }

  /** A plain text answer. */
  public static ApiResponse text(int status, String text) {
    return of(status, "text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer without a body. */
  public static ApiResponse empty(int status) {
    return new ApiResponse(status, Map.of(), new byte[0], null);
  }

  /** Any body. */
  public static ApiResponse of(int status, String contentType, byte[] body) {
    return new ApiResponse(status, Map.of("Content-Type", contentType), body, null);
  }

  /** Server-sent events. */
  public static ApiResponse eventStream(Stream stream) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "text/event-stream");
    headers.put("Cache-Control", "no-cache");
    headers.put("X-Accel-Buffering", "no"); // nginx would hold events back
    return new ApiResponse(200, headers, new byte[0], stream);
  }

  /** The same answer with one more header, or another value for it. */
  public ApiResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiResponse(status, more, body, stream, sent);
  }

  /**
   * The same answer, with somebody who hears what became of it: from the transport, on any of its
   * threads. Must not block. An answer counts as lost as soon as the transport knows that the
   * client has gone, whether or not the kernel still took the bytes.
   */
  public ApiResponse telling(Socket.Sent hears) {
    return new ApiResponse(status, headers, body, stream, hears);
  }

  /** Shows no body: it may hold a token. */
  @Override
  public String toString() {
    return "ApiResponse["
        + status
        + ", "
        + body.length
        + " bytes"
        + (stream == null ? "" : ", stream")
        + "]";
  }
}
