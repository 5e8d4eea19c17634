package io.fluxy.examples.quarkus;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.Fluxy;
import io.fluxy.chat.User;
import io.fluxy.wire.Json;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;

/**
 * Where the page gets its token: {@code GET /session}. Quarkus lets nobody get here who is not
 * logged in, as application.properties says.
 */
@ApplicationScoped
public class Session {
  private static final int TOKEN_SECONDS = 3_600;

  private Fluxy fluxy;

  void register(@Observes Router router, Fluxy engine) {
    fluxy = engine;
    router.get("/session").handler(this::answer);
  }

  private void answer(RoutingContext context) {
    String name = user(context);
    fluxy
        .mintToken(Chat.PROJECT, User.named(name), TOKEN_SECONDS)
        .whenComplete(
            (token, failure) -> {
              if (failure != null) {
                context.fail(503, failure);
              } else {
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .end(Buffer.buffer(Json.bytes(json -> session(json, name, token))));
              }
            });
  }

  /** Who is logged in. */
  static String user(RoutingContext context) {
    return ((QuarkusHttpUser) context.user()).getSecurityIdentity().getPrincipal().getName();
  }

  private static void session(JsonGenerator json, String name, String token) throws IOException {
    json.writeStartObject();
    json.writeStringField("userId", name);
    json.writeStringField("token", token);
    json.writeEndObject();
  }
}
