package io.fluxy.console;

import io.fluxy.http.ApiRequest;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an operator has filled in: the JSON object in a request. */
final class Form {
  private final Map<String, @Nullable Object> fields;

  private Form(Map<String, @Nullable Object> fields) {
    this.fields = fields;
  }

  static Form of(ApiRequest request) {
    try {
      return new Form(Json.object(request.body()));
    } catch (BadJsonException e) {
      throw new Declined(400, "the request's body is no JSON object: " + e.getMessage());
    }
  }

  /** A text that is there, without the blanks around it. */
  String text(String name, int charsMax) {
    String text = optional(name, charsMax);
    if (text.isEmpty()) {
      throw new Declined(400, name + " is missing");
    }
    return text;
  }

  /** A text that may be missing: then it is empty. */
  String optional(String name, int charsMax) {
    Object value = fields.get(name);
    if (value != null && !(value instanceof String)) {
      throw new Declined(400, name + " must be a text");
    }
    String text = value == null ? "" : ((String) value).strip();
    if (text.length() > charsMax) {
      throw new Declined(400, name + " has at most " + charsMax + " characters");
    }
    return text;
  }

  /** A whole number that may be missing. */
  Optional<Long> whole(String name) {
    Object value = fields.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Long number)) {
      throw new Declined(400, name + " must be a whole number");
    }
    return Optional.of(number);
  }

  /** A number of the query, from 0 up. */
  static long query(ApiRequest request, String name, long otherwise) {
    Optional<String> text = request.query(name);
    if (text.isEmpty() || text.get().isEmpty()) {
      return otherwise;
    }
    String digits = text.get();
    if (digits.length() > 16 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Declined(400, name + " must be a whole number");
    }
    return Long.parseLong(digits);
  }
}
