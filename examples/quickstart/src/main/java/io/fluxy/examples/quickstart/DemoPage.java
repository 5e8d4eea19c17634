package io.fluxy.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The chat page. Its files are read at the start: no request ever names a file. */
final class DemoPage extends Handler.Abstract.NonBlocking {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'";

  private static final List<String> SCRIPTS =
      List.of(
          "banner.js",
          "elements.js",
          "main.js",
          "panel.js",
          "people.js",
          "row.js",
          "timeline.js",
          "tools.js");

  private final Map<String, Asset> assets = new HashMap<>();

  DemoPage() {
    assets.put("/", asset("index.html", "text/html; charset=utf-8"));
    assets.put("/quickstart/chat.css", asset("chat.css", "text/css; charset=utf-8"));
    assets.put("/favicon.ico", asset("icon.svg", "image/svg+xml"));
    SCRIPTS.forEach(name -> assets.put("/quickstart/" + name, script(name)));
  }

  private record Asset(ByteBuffer bytes, String type) {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Asset asset = assets.get(request.getHttpURI().getPath());
    boolean head = HttpMethod.HEAD.is(request.getMethod());
    if (asset == null) {
      return false;
    }
    if (!head && !HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
      return true;
    }
    response
        .getHeaders()
        .put(HttpHeader.CONTENT_TYPE, asset.type)
        .put(HttpHeader.CONTENT_LENGTH, asset.bytes.remaining())
        .put(HttpHeader.CACHE_CONTROL, "no-cache")
        .put("Content-Security-Policy", POLICY)
        .put("X-Content-Type-Options", "nosniff")
        .put("Referrer-Policy", "no-referrer");
    response.write(true, head ? null : asset.bytes.slice(), callback);
    return true;
  }

  private static Asset script(String name) {
    return asset(name, "text/javascript; charset=utf-8");
  }

  private static Asset asset(String name, String type) {
    try (InputStream in = DemoPage.class.getResourceAsStream("/page/" + name)) {
      if (in == null) {
        throw new AssertionError("the jar lacks page/" + name);
      }
      return new Asset(ByteBuffer.wrap(in.readAllBytes()).asReadOnlyBuffer(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
