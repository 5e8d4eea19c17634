package io.fluxy.protocol.browser;

import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The files of fluxy.js, from a map that is filled once: whatever else is asked for is not here.
 * They are the same for everybody and say nothing of any project, so pages of any origin may load
 * them.
 *
 * <p>Safe for use by many threads.
 */
public final class BrowserClient implements Protocol {
  private static final String FOLDER = "/fluxy/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final List<String> SCRIPTS =
      List.of(
          "fluxy.js",
          "http.js",
          "line.js",
          "outbox.js",
          "pages.js",
          "people.js",
          "room.js",
          "thread.js",
          "timeline.js",
          "transports.js");

  private final Map<String, ApiResponse> files = new LinkedHashMap<>();
  private final Routes routes = new Routes();

  private BrowserClient() {
    SCRIPTS.forEach(this::add);
  }

  /**
   * For every engine.
   *
   * @throws IllegalStateException if a file is missing from the jar
   */
  public static Protocol open(Services services) {
    return new BrowserClient();
  }

  private void add(String name) {
    ApiResponse file =
        ApiResponse.of(200, SCRIPT, read(name))
            .with("Cache-Control", "public, max-age=300")
            .with("Access-Control-Allow-Origin", "*")
            .with("X-Content-Type-Options", "nosniff");
    files.put(FOLDER + name, file);
    routes.on("GET", FOLDER + name, (request, path) -> CompletableFuture.completedStage(file));
  }

  private static byte[] read(String name) {
    try (InputStream in =
        BrowserClient.class.getResourceAsStream("/META-INF/resources" + FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in fluxy-core's jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean serves(String rawPath) {
    return files.containsKey(rawPath);
  }

  @Override
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    ApiResponse file = files.get(request.rawPath());
    return CompletableFuture.completedStage(
        file == null
            ? ApiResponse.text(404, "Not Found")
            : request.method().equals("GET")
                ? file
                : ApiResponse.text(405, "Method Not Allowed").with("Allow", "GET"));
  }

  @Override
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    return CompletableFuture.completedStage(
        Handshake.refuse(ApiResponse.text(400, "no WebSocket is spoken here")));
  }

  @Override
  public Routes routes() {
    return routes;
  }
}
