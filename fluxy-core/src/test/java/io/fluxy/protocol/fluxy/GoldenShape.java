package io.fluxy.protocol.fluxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares JSON of ours with the shape of what was captured. In a shape, {@code <number>} stands
 * for any number, {@code <time>} for an ISO time, {@code <any>} for anything; {@code <number m2>}
 * for the one that is called m2 from the first time it is met; {@code <number?>} may be null, and a
 * name that ends with {@code ?} may be missing. The first element of a list is the shape of each,
 * and {@code <none>} behind it says that there may be none. Null says nothing of the type.
 * Everything else has to be equal.
 */
final class GoldenShape {
  private static final Pattern MARK = Pattern.compile("<(\\w+\\??)(?: (\\w+))?>");
  private static final Pattern NAMED = Pattern.compile("\"?\\{(\\w+)}\"?");

  private final Map<String, Object> named = new HashMap<>();

  void name(String name, Object value) {
    named.put(name, value);
  }

  Object named(String name) {
    return Objects.requireNonNull(named.get(name), () -> "nothing is called " + name);
  }

  Object namedOr(String name, Object otherwise) {
    return named.getOrDefault(name, otherwise);
  }

  /**
   * A request's text with what its names stand for; a number that is the whole text loses quotes.
   */
  String filled(String text) {
    Matcher matcher = NAMED.matcher(text);
    return matcher.replaceAll(
        found -> {
          Object value = named.get(found.group(1));
          String whole = found.group();
          if (value == null) {
            return Matcher.quoteReplacement(whole);
          } else if (value instanceof Long && whole.startsWith("\"") && whole.endsWith("\"")) {
            return value.toString();
          }
          return Matcher.quoteReplacement(whole.replace("{" + found.group(1) + "}", "" + value));
        });
  }

  /** All that is different, each as a path and how. */
  void compare(
      String path, @Nullable Object shape, @Nullable Object ours, Consumer<String> different) {
    if (shape instanceof Map<?, ?> object) {
      if (ours instanceof Map<?, ?> fields) {
        compareObjects(path, object, fields, different);
      } else {
        different.accept(path + " is no object");
      }
    } else if (shape instanceof List<?> list) {
      compareLists(path, list, ours, different);
    } else if (shape instanceof String text && MARK.matcher(text).matches()) {
      compareMark(path, text, ours, different);
    } else if (shape != null && !shape.equals(ours)) {
      different.accept(path + " " + shape + " -> " + ours);
    }
  }

  private void compareObjects(
      String path, Map<?, ?> shape, Map<?, ?> ours, Consumer<String> different) {
    Map<Object, @Nullable Object> more = new TreeMap<>(ours);
    shape.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          boolean optional = name.endsWith("?");
          String plain = optional ? name.substring(0, name.length() - 1) : name;
          if (ours.containsKey(plain)) {
            compare(path + "." + plain, value, ours.get(plain), different);
          } else if (!optional) {
            different.accept(path + "." + plain + " missing");
          }
          more.remove(plain);
        });
    if (!shape.isEmpty()) { // else it is a map of what there is
      more.keySet().forEach(name -> different.accept(path + "." + name + " more"));
    }
  }

  private void compareLists(
      String path, List<?> shape, @Nullable Object ours, Consumer<String> different) {
    if (!(ours instanceof List<?> list)) {
      different.accept(path + " is no list");
    } else if (list.isEmpty() && shape.contains("<none>")) {
      return;
    } else if (shape.isEmpty() != list.isEmpty()) {
      different.accept(path + (list.isEmpty() ? " empty" : " not empty"));
    } else if (!shape.isEmpty()) {
      List<String> all = new ArrayList<>();
      list.forEach(each -> compare(path + "[]", shape.get(0), each, all::add));
      all.stream().distinct().forEach(different);
    }
  }

  private void compareMark(
      String path, String mark, @Nullable Object ours, Consumer<String> different) {
    Matcher matcher = MARK.matcher(mark);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(mark);
    }
    String name = matcher.group(2);
    Object known = name == null ? null : named.get(name);
    if (!is(matcher.group(1), ours)) {
      different.accept(path + " <" + matcher.group(1) + "> -> " + ours);
    } else if (known != null && !String.valueOf(known).equals(String.valueOf(ours))) {
      different.accept(path + " is not " + name);
    }
    if (name != null && known == null && ours != null) {
      named.put(name, ours);
    }
  }

  private static boolean is(String type, @Nullable Object value) {
    if (type.endsWith("?")) {
      return value == null || is(type.substring(0, type.length() - 1), value);
    }
    return switch (type) {
      case "any" -> true;
      case "number" -> value instanceof Long || value instanceof Double;
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "time" ->
          value instanceof String text
              && text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
      default -> throw new IllegalArgumentException(type);
    };
  }
}
