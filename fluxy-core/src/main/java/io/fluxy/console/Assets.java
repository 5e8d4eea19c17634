package io.fluxy.console;

import io.fluxy.http.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The console's page, from a map that is filled once: no request ever names a file. The files lie
 * beside this class, not under {@code META-INF/resources}, where a servlet container would serve
 * them whether the console is enabled or not.
 */
final class Assets {
  private static final List<String> SCRIPTS =
      List.of(
          "main.js",
          "dom.js",
          "api.js",
          "charts.js",
          "overview.js",
          "rooms.js",
          "timeline.js",
          "projects.js",
          "webhooks.js",
          "agents.js",
          "records.js",
          "explain.js",
          "people.js");

  private final Map<String, ApiResponse> byPath = new TreeMap<>();

  Assets(String folder) {
    ApiResponse page = file("index.html", "text/html; charset=utf-8");
    byPath.put(folder, page);
    byPath.put(folder + "console.css", file("console.css", "text/css; charset=utf-8"));
    byPath.put(folder + "icon.svg", file("icon.svg", "image/svg+xml"));
    for (String script : SCRIPTS) {
      byPath.put(folder + script, file(script, "text/javascript; charset=utf-8"));
    }
  }

  /** Every path that has a file. */
  Iterable<String> paths() {
    return byPath.keySet();
  }

  /** What is served at a path, compared as it came. */
  Optional<ApiResponse> at(String rawPath) {
    return Optional.ofNullable(byPath.get(rawPath));
  }

  private static ApiResponse file(String name, String type) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the console's " + name + " is not in fluxy-core's jar");
      }
      return ApiResponse.of(200, type, in.readAllBytes()).with("Cache-Control", "no-cache");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
