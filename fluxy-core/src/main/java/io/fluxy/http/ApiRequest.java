package io.fluxy.http;

import io.fluxy.chat.Names;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request as a transport received it, the whole body included.
 *
 * <p>The raw target and the raw body are as they came, for signatures. {@link #toString()} never
 * shows the query or a header, since tokens travel in both, and fits into one line of a log.
 */
public final class ApiRequest {
  private final String method;
  private final String rawPath;
  private final String rawQuery;
  private final Map<String, String> headers;
  private final byte[] body;
  private final boolean bodyTooLarge;
  private final String peer;
  private final Map<String, String> query;

  private ApiRequest(
      String method,
      String rawTarget,
      Map<String, String> headers,
      byte[] body,
      boolean bodyTooLarge,
      String peer) {
    this.method = method;
    int mark = rawTarget.indexOf('?');
    this.rawPath = mark < 0 ? rawTarget : rawTarget.substring(0, mark);
    this.rawQuery = mark < 0 ? "" : rawTarget.substring(mark + 1);
    Map<String, String> lowered = new HashMap<>();
    headers.forEach((name, value) -> lowered.put(name.toLowerCase(Locale.ROOT), value));
    this.headers = lowered;
    this.body = body;
    this.bodyTooLarge = bodyTooLarge;
    this.peer = peer;
    this.query = parse(rawQuery);
  }

  /**
   * A request with its body.
   *
   * @param rawTarget path and query as they came, such as {@code /api/messages?roomId=lobby};
   *     relative to the context path
   * @param headers one value a name; a transport joins several with a comma
   * @param peer the client's address without a port
   */
  public static ApiRequest of(
      String method, String rawTarget, Map<String, String> headers, byte[] body, String peer) {
    return new ApiRequest(method, rawTarget, headers, body, false, peer);
  }

  /**
   * A request whose body was longer than {@link io.fluxy.chat.Limits#bodyBytesMax()} and was not
   * kept.
   */
  public static ApiRequest tooLarge(
      String method, String rawTarget, Map<String, String> headers, String peer) {
    return new ApiRequest(method, rawTarget, headers, new byte[0], true, peer);
  }

  public String method() {
    return method;
  }

  /** The path as it came, still percent-encoded, without the query. */
  public String rawPath() {
    return rawPath;
  }

  /**
   * The query as it came, still percent-encoded, without the question mark; empty if there was
   * none.
   */
  public String rawQuery() {
    return rawQuery;
  }

  /**
   * A query parameter, decoded; the first if it came several times. Empty if absent or not
   * decodable.
   */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A header's value; the name's case does not matter. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public byte[] body() {
    return body;
  }

  public boolean isBodyTooLarge() {
    return bodyTooLarge;
  }

  /** The client's address, without a port. */
  public String peer() {
    return peer;
  }

  @Override
  public String toString() {
    return Names.shown(method) + " " + Names.shown(rawPath);
  }

  /** The path's segments, each decoded once; empty if an encoding is broken. */
  Optional<List<String>> segments() {
    String[] raw = rawPath.substring(rawPath.startsWith("/") ? 1 : 0).split("/", -1);
    for (int i = 0; i < raw.length; i++) {
      Optional<String> decoded = decode(raw[i].replace("+", "%2B"));
      if (decoded.isEmpty()) {
        return Optional.empty();
      }
      raw[i] = decoded.get();
    }
    return Optional.of(List.of(raw));
  }

  private static Map<String, String> parse(String rawQuery) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String part : rawQuery.split("&", 100)) {
      int equals = part.indexOf('=');
      Optional<String> name = decode(equals < 0 ? part : part.substring(0, equals));
      Optional<String> value = decode(equals < 0 ? "" : part.substring(equals + 1));
      if (name.isPresent() && value.isPresent()) {
        query.putIfAbsent(name.get(), value.get());
      }
    }
    return query;
  }

  private static Optional<String> decode(String raw) {
    try {
      return Optional.of(URLDecoder.decode(raw, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a broken percent encoding
    }
  }
}
