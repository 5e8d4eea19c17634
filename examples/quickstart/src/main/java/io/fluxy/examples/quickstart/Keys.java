package io.fluxy.examples.quickstart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One object of a configuration. Every key has to be asked for: what nobody asked for is unknown,
 * and a complaint.
 */
final class Keys {
  private final String path;
  private final Map<?, ?> values;
  private final Set<String> asked = new HashSet<>();

  private Keys(String path, Map<?, ?> values) {
    this.path = path;
    this.values = values;
  }

  static Keys root(Map<String, @Nullable Object> values) {
    return new Keys("", values);
  }

  /** The full name of a key, such as {@code projects[0].limits.tokensPerMinute}. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Optional<String> string(String key) throws StartException {
    return value(key, String.class, "a text");
  }

  boolean flag(String key, boolean otherwise) throws StartException {
    return value(key, Boolean.class, "true or false").orElse(otherwise);
  }

  /** A whole number from a least one up, or what holds if there is none. */
  int count(String key, int least, int otherwise) throws StartException {
    String kind = "a whole number from " + least + " to " + Integer.MAX_VALUE;
    long number = value(key, Long.class, kind).orElse((long) otherwise);
    if (number < least || number > Integer.MAX_VALUE) {
      throw wrong(key, kind);
    }
    return (int) number;
  }

  Optional<Keys> object(String key) throws StartException {
    return value(key, Map.class, "an object").map(map -> new Keys(path(key), map));
  }

  List<String> strings(String key) throws StartException {
    return list(key, String.class, "a list of texts");
  }

  List<Keys> objects(String key) throws StartException {
    List<Keys> objects = new ArrayList<>();
    for (Map<?, ?> map : list(key, Map.class, "a list of objects")) {
      objects.add(new Keys(path(key) + "[" + objects.size() + "]", map));
    }
    return objects;
  }

  /** What is made of a key's value, or a complaint that names the key. */
  <T> T checked(String key, Supplier<T> made) throws StartException {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new StartException(path(key) + ": " + e.getMessage());
    }
  }

  /** Complains about the first key that nobody asked for. */
  void end() throws StartException {
    for (Object key : values.keySet()) {
      if (!asked.contains(key)) {
        throw new StartException(path(String.valueOf(key)) + ": unknown key");
      }
    }
  }

  private <T> List<T> list(String key, Class<T> type, String kind) throws StartException {
    List<T> list = new ArrayList<>();
    for (Object element : value(key, List.class, kind).orElse(List.of())) {
      if (!type.isInstance(element)) {
        throw wrong(key, kind);
      }
      list.add(type.cast(element));
    }
    return list;
  }

  private <T> Optional<T> value(String key, Class<T> type, String kind) throws StartException {
    asked.add(key);
    Object value = values.get(key);
    if (has(key) && !type.isInstance(value)) {
      throw wrong(key, kind);
    }
    return Optional.ofNullable(type.cast(value));
  }

  private StartException wrong(String key, String kind) {
    return new StartException(path(key) + ": must be " + kind);
  }
}
