package io.fluxy.protocol.fluxy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A token made by hand, right or wrong. Values are JSON with {@code '} for a quote. */
final class Jwt {
  private final Map<String, String> header = new LinkedHashMap<>();
  private final Map<String, String> claims = new LinkedHashMap<>();
  private String algorithm = "HmacSHA256";
  private byte[] key;

  private Jwt(String tid, String secret) {
    key = secret.getBytes(StandardCharsets.UTF_8);
    header.put("alg", "'HS256'");
    header.put("typ", "'JWT'");
    claims.put("sub", "'ann'");
    claims.put("tid", "'" + tid + "'");
    claims.put("roles", "['member']");
    claims.put("iat", "1769860800");
    claims.put("exp", "1769864400");
  }

  /** As acme signs for ann, good for an hour from noon. */
  static Jwt acme() {
    return new Jwt("acme", ChatServer.ACME_SECRET);
  }

  Jwt header(String name, String json) {
    header.put(name, json);
    return this;
  }

  Jwt withoutHeader(String name) {
    header.remove(name);
    return this;
  }

  Jwt claim(String name, String json) {
    claims.put(name, json);
    return this;
  }

  Jwt without(String name) {
    claims.remove(name);
    return this;
  }

  Jwt key(String secret) {
    return key(secret.getBytes(StandardCharsets.UTF_8));
  }

  Jwt key(byte[] bytes) {
    key = bytes;
    return this;
  }

  Jwt algorithm(String mac) {
    algorithm = mac;
    return this;
  }

  String sign() {
    return signed(object(claims));
  }

  /** Signs any payload. */
  String signed(String payload) {
    String signed = base64(object(header)) + "." + base64(payload.replace('\'', '"'));
    return Leaks.secret(signed + "." + mac(signed));
  }

  /** Everything but a signature. */
  String unsigned() {
    return base64(object(header)) + "." + base64(object(claims)) + ".";
  }

  static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String mac(String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String object(Map<String, String> fields) {
    StringBuilder json = new StringBuilder("{");
    fields.forEach(
        (name, value) ->
            json.append(json.length() > 1 ? "," : "").append("\"" + name + "\":" + value));
    return json.append("}").toString().replace('\'', '"');
  }
}
