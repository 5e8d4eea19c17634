package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.RoomRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A room's messages as a file, for whoever may read them but guests (contract 1.7). Made while it
 * is read, so its length costs nothing; it ends where the room stood when it began.
 */
final class ExportRoutes {
  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;
  private final RateLimit begun;

  private record Reader(String project, String userId) {}

  ExportRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
    this.begun = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    authenticated.on(
        routes,
        "GET",
        "/export/messages.json",
        (who, request, path) -> messages(who, request, ExportFormat.JSON));
    authenticated.on(
        routes,
        "GET",
        "/export/messages.csv",
        (who, request, path) -> messages(who, request, ExportFormat.CSV));
    authenticated.on(routes, "GET", "/export/rooms/:file", this::room);
  }

  private CompletionStage<ApiResponse> messages(
      Identity who, ApiRequest request, ExportFormat format) {
    String name = request.query("roomId").orElseThrow(() -> new Problem(400, "roomId required"));
    return export(who, request, name, format);
  }

  private CompletionStage<ApiResponse> room(
      Identity who, ApiRequest request, Map<String, String> path) {
    String file = path.getOrDefault("file", "");
    if (file.endsWith(".markdown")) {
      String name = file.substring(0, file.length() - ".markdown".length());
      return export(who, request, name, ExportFormat.MARKDOWN);
    }
    throw new Problem(404, file.endsWith(".pdf") ? "pdf_export_not_supported" : "not_found");
  }

  private CompletionStage<ApiResponse> export(
      Identity who, ApiRequest request, String name, ExportFormat format) {
    RoomId id = Rooms.id(who, name, Problem.forbidden());
    Optional<Long> fromMs = request.query("from").map(iso -> MessageRoutes.time("from", iso));
    Optional<Long> toMs = request.query("to").map(iso -> MessageRoutes.time("to", iso));
    if (who.user().isOnlyGuest()) {
      throw Problem.forbidden();
    }
    within(who);
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .thenCompose(
            view ->
                seqAt(id, fromMs.orElse(null), 1)
                    .thenCombine(
                        seqAt(id, toMs.map(ms -> ms + 1).orElse(null), view.head() + 1),
                        (from, end) -> {
                          long stop = Math.min(end, view.head() + 1);
                          RoomReading reading = new RoomReading(rooms, who, id, from, stop);
                          return file(view.record(), reading, format);
                        }));
  }

  private CompletionStage<Long> seqAt(RoomId id, @Nullable Long atMs, long otherwise) {
    return atMs == null
        ? CompletableFuture.completedStage(otherwise)
        : services.store().messages().seqAt(id, atMs);
  }

  private void within(Identity who) {
    int perMinute = services.projects().limits(who.project()).data().exportsPerMinute();
    begun
        .take(new Reader(who.project(), who.user().id()), perMinute)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
  }

  private ApiResponse file(RoomRecord room, RoomReading reading, ExportFormat format) {
    return Download.of(
        format.contentType(),
        room.id().name() + "." + format.extension(),
        services.scheduler(),
        services.projects().limits(room.id().project()).writeStallMs(),
        new Pieces(room, reading, format));
  }

  /** The file, a stretch of the room at a time. */
  private static final class Pieces implements Supplier<CompletionStage<Optional<byte[]>>> {
    private final RoomRecord room;
    private final RoomReading reading;
    private final ExportFormat format;
    private boolean begun;
    private boolean hasMessages;
    private boolean ended;

    Pieces(RoomRecord room, RoomReading reading, ExportFormat format) {
      this.room = room;
      this.reading = reading;
      this.format = format;
    }

    @Override
    public CompletionStage<Optional<byte[]>> get() {
      if (!begun) {
        begun = true;
        return piece(format.head(room));
      } else if (!reading.isOver()) {
        return reading.next().thenApply(messages -> Optional.of(utf8(written(messages))));
      } else if (!ended) {
        ended = true;
        return piece(format.tail());
      }
      return CompletableFuture.completedStage(Optional.empty());
    }

    private String written(List<Message> messages) {
      StringBuilder text = new StringBuilder();
      for (Message message : messages) {
        text.append(format.message(room, message, !hasMessages));
        hasMessages = true;
      }
      return text.toString();
    }

    private static CompletionStage<Optional<byte[]>> piece(String text) {
      return CompletableFuture.completedStage(Optional.of(utf8(text)));
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
