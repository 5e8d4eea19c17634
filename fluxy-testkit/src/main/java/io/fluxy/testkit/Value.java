package io.fluxy.testkit;

import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What goes with an event: JSON, whichever way a test or a wire writes it. */
record Value(@Nullable Object json) {
  /**
   * Takes it as it is.
   *
   * @param given JSON as text, any other text, or maps, lists, numbers, booleans and texts
   */
  static Value of(@Nullable Object given) {
    if (given instanceof String text && Json.isValue(text)) {
      String wrapped = "{\"value\":" + text + "}";
      return new Value(Json.object(wrapped.getBytes(StandardCharsets.UTF_8)).get("value"));
    }
    return new Value(plain(given));
  }

  private static @Nullable Object plain(@Nullable Object given) {
    if (given instanceof Map<?, ?> fields) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      fields.forEach((name, value) -> object.put(String.valueOf(name), plain(value)));
      return object;
    } else if (given instanceof List<?> items) {
      List<@Nullable Object> list = new ArrayList<>();
      items.forEach(each -> list.add(plain(each)));
      return list;
    } else if (given instanceof Integer || given instanceof Short || given instanceof Byte) {
      return ((Number) given).longValue();
    } else if (given instanceof Float number) {
      return number.doubleValue();
    }
    return given;
  }

  /** As JSON. */
  String text() {
    return Json.text(json);
  }

  /** As Pusher's servers send it: texts as they are, and else JSON. */
  String data() {
    return json instanceof String text ? text : text();
  }

  /** One of its fields, if it has that. */
  @Nullable Object field(String name) {
    return json instanceof Map<?, ?> fields ? fields.get(name) : null;
  }

  /** One of its fields, if that is text; else nothing. */
  String word(String name) {
    return field(name) instanceof String text ? text : "";
  }

  /** What a field of each item of a list says. */
  static List<String> words(@Nullable Object list, String name) {
    return list instanceof List<?> items
        ? items.stream().map(each -> new Value(each).word(name)).toList()
        : List.of();
  }

  @Override
  public String toString() {
    return Objects.requireNonNullElse(text(), "");
  }
}
