package io.fluxy.examples.quickstart;

import io.fluxy.Fluxy;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.nio.ByteBuffer;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * Where the page gets its token: {@code POST /quickstart/session {"name":"Ann"}}.
 *
 * <p>This is the part that an application writes itself: it knows who is logged in, and has Fluxy
 * sign a token for that user. A demo has no login, so whoever says they are Ann is Ann. Don't copy
 * that.
 */
final class SessionDesk extends Handler.Abstract.NonBlocking {
  private static final String PATH = "/quickstart/session";
  private static final int BODY_BYTES_MAX = 4_096;
  private static final int NAME_CHARS_MAX = 40;
  private static final int TOKEN_SECONDS = 3_600;

  private final Fluxy fluxy;
  private final RoomId room;

  SessionDesk(Fluxy fluxy, RoomId room) {
    this.fluxy = fluxy;
    this.room = room;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!request.getHttpURI().getPath().equals(PATH)) {
      return false;
    }
    if (!HttpMethod.POST.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      error(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "method not allowed");
    } else if (!isJson(request)) { // so that a page of another origin can't ask without a preflight
      error(response, callback, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "send application/json");
    } else {
      Content.Source.asByteArrayAsync(
          request,
          BODY_BYTES_MAX,
          Promise.Invocable.from(
              InvocationType.NON_BLOCKING,
              body -> admit(response, callback, body),
              failure -> refuse(response, callback)));
    }
    return true;
  }

  private void admit(Response response, Callback callback, byte[] body) {
    Optional<String> name = name(body);
    if (name.isEmpty()) {
      refuse(response, callback);
      return;
    }
    User user = User.named(userId(name.get()));
    fluxy
        .mintToken(room.project(), user, TOKEN_SECONDS)
        .whenComplete(
            (token, broken) -> {
              if (broken != null) {
                error(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "unavailable");
              } else {
                write(response, callback, HttpStatus.OK_200, session(user, token));
              }
            });
  }

  private static void refuse(Response response, Callback callback) {
    String want = "name must be a text of 1 to " + NAME_CHARS_MAX + " characters";
    error(response, callback, HttpStatus.BAD_REQUEST_400, want);
  }

  private Json.Writing session(User user, String token) {
    return json -> {
      json.writeStartObject();
      json.writeStringField("token", token);
      json.writeNumberField("expiresIn", TOKEN_SECONDS);
      json.writeStringField("userId", user.id());
      json.writeStringField("roomId", room.name());
      json.writeEndObject();
    };
  }

  private static Optional<String> name(byte[] body) {
    try {
      return Json.object(body).get("name") instanceof String name
          ? Optional.of(name.strip()).filter(n -> !n.isEmpty() && n.length() <= NAME_CHARS_MAX)
          : Optional.empty();
    } catch (BadJsonException e) {
      return Optional.empty();
    }
  }

  /**
   * The id of whoever has a name: "Zoë Smith" is Zoe_Smith; what has no letters that an id may
   * have, is hashed.
   */
  static String userId(String name) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    String id = plain.strip().replaceAll("\\s+", "_").replaceAll("[^A-Za-z0-9_-]", "");
    return id.matches(".*[A-Za-z0-9].*") && id.length() >= plain.length() / 2
        ? id
        : "user-" + Integer.toHexString(name.toLowerCase(Locale.ROOT).hashCode());
  }

  private static boolean isJson(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
  }

  private static void error(Response response, Callback callback, int status, String message) {
    write(
        response,
        callback,
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("error", message);
          json.writeEndObject();
        });
  }

  private static void write(Response response, Callback callback, int status, Json.Writing answer) {
    response.setStatus(status);
    response
        .getHeaders()
        .put(HttpHeader.CONTENT_TYPE, "application/json")
        .put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap(Json.bytes(answer)), callback);
  }
}
