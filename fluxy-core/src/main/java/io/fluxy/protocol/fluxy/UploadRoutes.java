package io.fluxy.protocol.fluxy;

import io.fluxy.attachment.FileName;
import io.fluxy.attachment.UploadPolicy;
import io.fluxy.attachment.Uploads;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Names;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Demo;
import io.fluxy.protocol.Services;
import io.fluxy.store.AttachmentRecord;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Files: uploaded into a room (contract 1.7), then posted by whoever has uploaded them, and handed
 * out to whoever may see the message. A file that one may not have is answered like one that does
 * not exist.
 */
final class UploadRoutes {
  static final String PATH = "/files/";

  private static final String ANYTHING = "application/octet-stream";
  private static final int TYPE_CHARS_MAX = 128;

  /** What a browser may know a file to be; of everything else it learns nothing. */
  private static final Set<String> HARMLESS = Set.of("application/pdf", "text/plain");

  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;
  private final @Nullable Uploads uploads;
  private final RateLimit uploaded;

  private record Uploader(String project, String userId) {}

  UploadRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
    this.uploads = services.uploads();
    this.uploaded = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "POST", "/upload", (who, request, path) -> upload(who, request));
    authenticated.on(routes, "GET", PATH + ":id", (who, request, path) -> download(who, path));
  }

  private Uploads uploads() {
    if (uploads == null) {
      throw new Problem(404, "uploads_disabled");
    }
    return uploads;
  }

  private CompletionStage<ApiResponse> upload(Identity who, ApiRequest request) {
    Uploads to = uploads();
    String room = request.header("X-Room-Id").orElse("");
    if (!Names.isId(room)) {
      throw new Problem(400, "X-Room-Id required: must be 1-128 chars, alphanumeric with _ -");
    }
    RoomId id = Rooms.id(who, room, Problem.forbidden());
    String name = FileName.of(request.header("X-File-Name").map(UploadRoutes::decoded).orElse(""));
    String type = type(request);
    check(to.policy(), type, request.body().length);
    if (Demo.isVisitor(who)) {
      throw Problem.forbidden();
    } else if (who.user().isOnlyGuest()) {
      throw Problem.withCode(403, "guest_read_only", "guest_read_only");
    }
    uploaded
        .take(new Uploader(who.project(), who.user().id()), to.policy().perMinute())
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
    return rooms
        .look(who, id, there -> there.look(who.user()))
        .thenCompose(view -> to.keep(id, who.user().id(), name, type, request.body()))
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(problem(id, failure)))
        .thenApply(file -> uploaded(file, services.publicUrl(request)));
  }

  private Throwable problem(RoomId id, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException refused
        ? rooms.problem(id, refused.refusal())
        : failure;
  }

  private static void check(UploadPolicy policy, String type, int bytes) {
    if (!policy.takes(type)) {
      throw new Problem(415, "content type not allowed: " + Names.shown(type));
    } else if (bytes > policy.bytesMax()) {
      throw new Problem(413, "payload_too_large");
    } else if (bytes == 0) {
      throw new Problem(400, "the file is empty");
    }
  }

  private static ApiResponse uploaded(AttachmentRecord file, String base) {
    return Problem.ok(
        json -> {
          json.writeBooleanField("success", true);
          json.writeObjectFieldStart("file");
          json.writeStringField("key", file.id());
          json.writeStringField("url", base + PATH + file.id());
          json.writeStringField("name", file.name());
          json.writeStringField("contentType", file.contentType());
          json.writeNumberField("size", file.sizeBytes());
          json.writeEndObject();
        });
  }

  /** A header has no umlauts, so clients write them as in a URL. */
  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name; // with a percent sign of its own
    }
  }

  private static String type(ApiRequest request) {
    String type = request.header("Content-Type").orElse(ANYTHING).toLowerCase(Locale.ROOT);
    int end = type.indexOf(';');
    String bare = (end < 0 ? type : type.substring(0, end)).strip();
    boolean fine =
        bare.length() <= TYPE_CHARS_MAX
            && bare.indexOf('/') > 0
            && bare.chars()
                .allMatch(c -> c == '/' || Names.isId(Character.toString(c)) || isMark(c));
    return fine ? bare : ANYTHING;
  }

  private static boolean isMark(int c) {
    return c == '.' || c == '+';
  }

  private CompletionStage<ApiResponse> download(Identity who, Map<String, String> path) {
    Uploads from = uploads();
    String id = path.getOrDefault("id", "");
    if (!Names.isId(id)) {
      throw notFound();
    }
    return from.find(who.project(), id)
        .thenCompose(found -> allowed(who, found.orElseThrow(UploadRoutes::notFound)))
        .thenApply(file -> file(from, file));
  }

  /** Whoever sees the message may have the file; before there is one, whoever has uploaded it. */
  private CompletionStage<AttachmentRecord> allowed(Identity who, AttachmentRecord file) {
    boolean own = file.userId().equals(who.user().id());
    if (!who.isGoodFor(file.room()) || (file.seq() == 0 && !own)) {
      throw notFound();
    } else if (file.seq() == 0) {
      return CompletableFuture.completedStage(file);
    }
    return rooms
        .look(who, file.room(), room -> room.page(who.user(), file.seq() + 1, 1))
        .thenApply(
            page -> {
              if (page.isEmpty() || page.get(0).message().seq() != file.seq()) {
                throw notFound();
              }
              return file;
            })
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(Problem.isForbidden(failure) ? notFound() : failure));
  }

  private ApiResponse file(Uploads from, AttachmentRecord file) {
    AtomicLong offset = new AtomicLong();
    return Download.of(
            shownType(file.contentType()),
            "file",
            services.scheduler(),
            services.projects().limits(file.room().project()).writeStallMs(),
            () ->
                from.piece(file, offset.get())
                    .thenApply(
                        piece -> {
                          piece.ifPresent(bytes -> offset.addAndGet(bytes.length));
                          return piece;
                        }))
        .with("Content-Disposition", "attachment; " + names(file.name()))
        .with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  }

  private static String shownType(String type) {
    boolean media =
        type.startsWith("audio/")
            || type.startsWith("video/")
            || (type.startsWith("image/") && !type.contains("svg") && !type.contains("xml"));
    return media || HARMLESS.contains(type) ? type : ANYTHING;
  }

  /** The name for everybody, and for whoever knows RFC 6266 the one with its umlauts. */
  private static String names(String name) {
    StringBuilder plain = new StringBuilder();
    StringBuilder full = new StringBuilder();
    name.codePoints().forEach(c -> plain.append(c >= ' ' && c < 127 ? (char) c : '_'));
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean letter = b > 0 && (b == '.' || Names.isId(Character.toString(b)));
      full.append(
          letter ? Character.toString(b) : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
    }
    return "filename=\"" + plain + "\"; filename*=UTF-8''" + full;
  }

  /**
   * The id of the file of ours that an address names, whatever the host in it; null if it is none.
   */
  static @Nullable String fileId(String url) {
    int slashes = url.indexOf("://");
    int start = slashes < 0 ? -1 : url.indexOf('/', slashes + 3);
    if (start < 0 || !url.startsWith(PATH, start)) {
      return null;
    }
    String id = withoutQuery(url).substring(start + PATH.length());
    return Names.isId(id) ? id : null;
  }

  /** An address of ours without the token that somebody may have left in it. */
  static String withoutQuery(String url) {
    int mark = url.indexOf('?');
    return mark < 0 ? url : url.substring(0, mark);
  }

  private static Problem notFound() {
    return new Problem(404, "file not found");
  }
}
