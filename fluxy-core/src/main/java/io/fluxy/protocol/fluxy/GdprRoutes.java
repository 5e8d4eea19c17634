package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.AttachmentRecord;
import io.fluxy.store.Personal.Kind;
import io.fluxy.store.PersonalData;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is kept of whoever asks, and taking it out again (contract 1.7). */
final class GdprRoutes {
  private static final long HOUR_MS = 3_600_000;
  private static final int ROWS = 200; // in one piece of the file

  private final Services services;
  private final Authenticated authenticated;
  private final RateLimit exported;

  private record Owner(String project, String userId) {}

  /** Writes one row of a kind. */
  @FunctionalInterface
  private interface Row<T> {
    void to(JsonGenerator json, T row) throws IOException;
  }

  GdprRoutes(Services services, Authenticated authenticated) {
    this.services = services;
    this.authenticated = authenticated;
    this.exported = new RateLimit(services.scheduler(), HOUR_MS);
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/gdpr/export", (who, request, path) -> export(who));
    authenticated.on(routes, "DELETE", "/gdpr/delete", (who, request, path) -> delete(who));
  }

  private CompletionStage<ApiResponse> export(Identity who) {
    int perHour = services.projects().limits(who.project()).data().ownExportsPerHour();
    int rowsMax = services.projects().limits(who.project()).data().ownRowsMax();
    exported
        .take(new Owner(who.project(), who.user().id()), perHour)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
    return services
        .store()
        .personalData()
        .of(who.project(), who.user().id(), rowsMax)
        .thenCombine(
            services.store().attachments().of(who.project(), who.user().id(), rowsMax),
            (report, files) -> file(who, report, files));
  }

  private ApiResponse file(Identity who, PersonalData.Report report, List<AttachmentRecord> files) {
    Deque<byte[]> pieces = new ArrayDeque<>();
    String head =
        "{\"exportedAt\":\"%s\",\"projectId\":\"%s\",\"userId\":\"%s\",\"data\":{"
            .formatted(
                MessageJson.iso(services.scheduler().nowMs()), who.project(), who.user().id());
    pieces.add(Pieces.utf8(head));
    Pieces all = new Pieces(pieces);
    all.kind("messages", report.messages(), GdprRoutes::message);
    all.kind("reactions", report.reactions(), GdprRoutes::reaction);
    all.kind("readReceipts", report.reads(), GdprRoutes::read);
    all.kind("moderationEvents", report.moderated(), GdprRoutes::moderated);
    all.kind("roomMemberships", report.memberships(), GdprRoutes::membership);
    all.kind("mentions", visible(who, report), GdprRoutes::mention);
    all.kind("drafts", notes(report, Kind.DRAFT), (json, note) -> noted(json, "draft", note));
    all.kind(
        "preferences",
        notes(report, Kind.PREFERENCES),
        (json, note) -> noted(json, "preferences", note));
    all.kind("deliveryReceipts", notes(report, Kind.RECEIPT), GdprRoutes::receipt);
    all.kind("attachments", files, GdprRoutes::attachment);
    pieces.add(Pieces.utf8("}}"));
    return Download.of(
        "application/json",
        "gdpr-export-" + who.user().id() + "-" + services.scheduler().nowMs() + ".json",
        services.scheduler(),
        services.projects().limits(who.project()).writeStallMs(),
        () -> CompletableFuture.completedStage(Optional.ofNullable(pieces.poll())));
  }

  /** Mentions, but for those in whispers that the user may not read, or not any more. */
  private static List<PersonalData.Said> visible(Identity who, PersonalData.Report report) {
    Map<RoomId, Role> roles = new HashMap<>();
    report.memberships().forEach(each -> roles.put(each.room().id(), each.member().role()));
    return report.mentions().stream()
        .filter(
            said -> {
              Readers readers = said.message().readers();
              return readers == null || readers.include(who.user(), roles.get(said.room().id()));
            })
        .toList();
  }

  private static List<PersonalData.Kept> notes(PersonalData.Report report, Kind kind) {
    return report.notes().stream().filter(note -> note.kind() == kind).toList();
  }

  private static void noted(JsonGenerator json, String field, PersonalData.Kept kept)
      throws IOException {
    json.writeStringField("room_id", kept.room().id().name());
    json.writeFieldName(field);
    json.writeRawValue(kept.note().text()); // JSON, made by us
    json.writeStringField("updated_at", MessageJson.iso(kept.note().atMs()));
  }

  private static void receipt(JsonGenerator json, PersonalData.Kept kept) throws IOException {
    json.writeStringField("room_id", kept.room().id().name());
    json.writeNumberField("message_id", kept.messageId());
    json.writeStringField("status", kept.note().text());
    json.writeStringField("updated_at", MessageJson.iso(kept.note().atMs()));
  }

  private static void attachment(JsonGenerator json, AttachmentRecord file) throws IOException {
    json.writeStringField("id", file.id());
    json.writeStringField("room_id", file.room().name());
    json.writeStringField("name", file.name());
    json.writeStringField("content_type", file.contentType());
    json.writeNumberField("size_bytes", file.sizeBytes());
    json.writeBooleanField("posted", file.seq() != 0);
    json.writeStringField("created_at", MessageJson.iso(file.createdAtMs()));
  }

  private CompletionStage<ApiResponse> delete(Identity who) {
    if (!who.user().governs()) {
      throw new Problem(403, "only owner/admin can request data erasure");
    }
    return services
        .erasure()
        .erase(who.project(), who.user().id())
        .thenApply(
            nothing ->
                Problem.ok(
                    json -> {
                      json.writeBooleanField("ok", true);
                      json.writeStringField(
                          "message",
                          "All personal data for this user has been redacted/removed in this"
                              + " project.");
                      json.writeBooleanField("partial_erasure", false);
                    }));
  }

  private static void message(JsonGenerator json, PersonalData.Said said) throws IOException {
    Message message = said.message();
    json.writeNumberField("id", message.id());
    json.writeStringField("room_id", said.room().id().name());
    json.writeStringField("content", message.content());
    json.writeFieldName("parent_id");
    if (message.parentId() == null) {
      json.writeNull();
    } else {
      json.writeNumber(message.parentId());
    }
    json.writeStringField("created_at", MessageJson.iso(message.createdAtMs()));
    json.writeStringField("edited_at", time(message.editedAtMs()));
    json.writeStringField("deleted_at", time(message.deletedAtMs()));
    json.writeStringField("client_message_id", message.clientMessageId());
  }

  private static void reaction(JsonGenerator json, PersonalData.Put put) throws IOException {
    json.writeStringField("room_id", put.room().id().name());
    json.writeNumberField("message_id", put.messageId());
    json.writeStringField("emoji", put.emoji());
  }

  private static void read(JsonGenerator json, PersonalData.Place read) throws IOException {
    json.writeStringField("room_id", read.room().id().name());
    json.writeNumberField("message_id", read.messageId());
  }

  /** Who did it is not said: that is somebody else's. */
  private static void moderated(JsonGenerator json, PersonalData.Moderated moderated)
      throws IOException {
    Event.Imposed event = moderated.event();
    boolean ends = event.untilMs() != 0 && event.untilMs() != Long.MAX_VALUE;
    json.writeStringField("room_id", moderated.room().id().name());
    json.writeStringField("action", event.sanction().word());
    json.writeStringField("reason", event.reason().isEmpty() ? null : event.reason());
    json.writeStringField("expires_at", ends ? MessageJson.iso(event.untilMs()) : null);
    json.writeStringField("created_at", MessageJson.iso(event.atMs()));
  }

  private static void membership(JsonGenerator json, PersonalData.Membership membership)
      throws IOException {
    json.writeStringField("room_id", membership.room().id().name());
    json.writeStringField("role", membership.member().role().word());
    json.writeStringField("joined_at", MessageJson.iso(membership.member().joinedAtMs()));
  }

  private static void mention(JsonGenerator json, PersonalData.Said said) throws IOException {
    json.writeStringField("room_id", said.room().id().name());
    json.writeNumberField("message_id", said.message().id());
    json.writeStringField("created_at", MessageJson.iso(said.message().createdAtMs()));
  }

  private static @Nullable String time(@Nullable Long ms) {
    return ms == null ? null : MessageJson.iso(ms);
  }

  /** Rows as JSON, so many in one piece. */
  private static final class Pieces {
    private final Deque<byte[]> pieces;
    private boolean hasKinds;

    Pieces(Deque<byte[]> pieces) {
      this.pieces = pieces;
    }

    <T> void kind(String name, List<T> rows, Row<T> row) {
      pieces.add(utf8((hasKinds ? ",\"" : "\"") + name + "\":["));
      hasKinds = true;
      for (int from = 0; from < rows.size(); from += ROWS) {
        List<T> some = rows.subList(from, Math.min(rows.size(), from + ROWS));
        byte[] array = Json.bytes(json -> array(json, some, row));
        String text = new String(array, StandardCharsets.UTF_8);
        pieces.add(utf8((from == 0 ? "" : ",") + text.substring(1, text.length() - 1)));
      }
      pieces.add(utf8("]"));
    }

    private static <T> void array(JsonGenerator json, List<T> rows, Row<T> row) throws IOException {
      json.writeStartArray();
      for (T each : rows) {
        json.writeStartObject();
        row.to(json, each);
        json.writeEndObject();
      }
      json.writeEndArray();
    }

    static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
