package io.fluxy.protocol.pusher;

import io.fluxy.http.ApiRequest;
import io.fluxy.protocol.KeySignature;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The signature of an API request, from its raw path, query and body (contract 3). */
final class HttpSignature {
  private static final long WINDOW_SECONDS = 600;
  private static final int PARAMETERS_MAX = 100;
  private static final String SIGNATURE = "auth_signature";

  private HttpSignature() {}

  /**
   * Checks a request before anything of it is believed.
   *
   * @throws ApiProblem with status 401 if it is not signed by one of the app's keys, now
   */
  static void check(PusherApp app, ApiRequest request, long nowMs) {
    Map<String, String> query = parameters(request.rawQuery());
    String key = query.getOrDefault("auth_key", "");
    PusherApp.Key known =
        app.find(key).orElseThrow(() -> new ApiProblem(401, "auth_key is not a key of this app"));
    if (!query.getOrDefault("auth_version", "").equals("1.0")) {
      throw new ApiProblem(401, "auth_version must be 1.0");
    }
    long timestamp = seconds(query.getOrDefault("auth_timestamp", ""));
    if (Math.abs(nowMs / 1_000 - timestamp) > WINDOW_SECONDS) {
      throw new ApiProblem(
          401, "auth_timestamp must be within %d s of %d".formatted(WINDOW_SECONDS, nowMs / 1_000));
    }
    String bodyMd5 = query.get("body_md5");
    boolean rightBody =
        request.body().length == 0 && bodyMd5 == null
            || bodyMd5 != null && bodyMd5.equalsIgnoreCase(md5(request.body()));
    if (!rightBody) {
      throw new ApiProblem(401, "body_md5 is not the MD5 of the body");
    }
    String text = signed(request.method(), request.rawPath(), query);
    KeySignature shown = new KeySignature(key, query.getOrDefault(SIGNATURE, ""));
    if (!shown.isOf(known.secret(), text)) {
      throw new ApiProblem(
          401,
          "Invalid signature: you should have sent HmacSHA256Hex of "
              + text.replace("\n", "\\n")
              + " with your secret");
    }
  }

  /** The text behind the signature. */
  static String signed(String method, String rawPath, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .filter(each -> !each.getKey().equals(SIGNATURE))
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining("&"));
    return method.toUpperCase(Locale.ROOT) + "\n" + rawPath + "\n" + parameters;
  }

  /** A query's parameters by lower-case name, decoded and sorted. */
  static Map<String, String> parameters(String rawQuery) {
    Map<String, String> parameters = new TreeMap<>();
    for (String part : rawQuery.split("&", PARAMETERS_MAX)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(
            decoded(part.substring(0, equals)).toLowerCase(Locale.ROOT),
            decoded(part.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiProblem(400, "the query's percent encoding is broken");
    }
  }

  private static long seconds(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 12;
    if (!digits || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new ApiProblem(401, "auth_timestamp must be in seconds since 1970");
    }
    return Long.parseLong(text);
  }

  static String md5(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has MD5", e);
    }
  }
}
