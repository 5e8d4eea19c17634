package io.fluxy.protocol.pushflo;

import io.fluxy.store.Personal;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a channel's makers say of it beyond its name: a note on the room, which goes when the room
 * goes.
 *
 * @param description null for none
 * @param metadata JSON: an object or null
 * @param atMs when the channel was last changed; 0 for never
 */
record Details(@Nullable String description, String metadata, long atMs) {
  static final Details NONE = new Details(null, "null", 0);
  private static final String NOBODY = ""; // no user's id: the note is the room's own

  static CompletionStage<Details> of(LiveApp app, String channel) {
    return app.services()
        .store()
        .personal()
        .find(app.room(channel), Personal.Kind.DETAILS, 0, NOBODY)
        .thenApply(note -> note.map(Details::of).orElse(NONE));
  }

  private static Details of(Personal.Note note) {
    Map<String, @Nullable Object> fields = fields(note.text());
    return new Details(
        fields.get("description") instanceof String text ? text : null,
        Json.text(fields.get("metadata")),
        note.atMs());
  }

  private static Map<String, @Nullable Object> fields(String text) {
    return text.isEmpty() ? Map.of() : Json.object(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What is to be said of it from now on; a field that is not there stays as it is.
   *
   * @param fields {@code description} and {@code metadata}, as far as they change
   */
  record Change(Map<String, @Nullable Object> fields) {
    static Change of(Map<String, @Nullable Object> body, PushFloLimits limits) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      if (body.containsKey("description")) {
        String text = Keyed.text(body, "description").orElse(null);
        if (text != null && text.length() > limits.descriptionCharsMax()) {
          throw ApiProblem.invalid(
              "description",
              "description has more than " + limits.descriptionCharsMax() + " characters");
        }
        fields.put("description", text);
      }
      if (body.containsKey("metadata")) {
        Object metadata = body.get("metadata");
        if (metadata != null && !(metadata instanceof Map<?, ?>)) {
          throw ApiProblem.invalid("metadata", "metadata must be an object or null");
        } else if (Json.text(metadata).length() > limits.metadataCharsMax()) {
          throw ApiProblem.invalid(
              "metadata", "metadata has more than " + limits.metadataCharsMax() + " characters");
        }
        fields.put("metadata", metadata);
      }
      return new Change(fields);
    }

    boolean isEmpty() {
      return fields.isEmpty();
    }

    CompletionStage<Details> save(LiveApp app, String channel) {
      return app.services()
          .store()
          .personal()
          .change(
              app.room(channel),
              Personal.Kind.DETAILS,
              0,
              NOBODY,
              app.services().scheduler().nowMs(),
              this::over)
          .thenApply(note -> note.map(Details::of).orElse(NONE));
    }

    private String over(String before) {
      Map<String, @Nullable Object> all = new LinkedHashMap<>(Details.fields(before));
      all.putAll(fields);
      return Json.text(all);
    }
  }
}
