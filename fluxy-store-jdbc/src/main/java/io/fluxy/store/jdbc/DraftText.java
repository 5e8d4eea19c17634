package io.fluxy.store.jdbc;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Expiry;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who says what, as the JSON of a pending row; its client message id has a column of its own. */
final class DraftText {
  private DraftText() {}

  static String of(User from, Draft draft) {
    byte[] utf8 =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("roles");
              for (Role role : new TreeSet<>(from.roles())) {
                json.writeString(role.word());
              }
              json.writeEndArray();
              json.writeStringField("content", draft.content());
              if (draft.parentId() != null) {
                json.writeNumberField("parentId", draft.parentId());
              }
              Extra.attachments(json, draft.attachments());
              Extra.label(json, draft.label());
              Readers readers = draft.readers();
              if (readers != null) {
                json.writeStringField("readers", readers.text());
              }
              Expiry expiry = draft.expiry();
              if (expiry != null && expiry.atMs() != null) {
                json.writeNumberField("expiresAt", expiry.atMs());
              } else if (expiry != null && expiry.afterMs() != null) {
                json.writeNumberField("expiresAfter", expiry.afterMs());
              }
              json.writeEndObject();
            });
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /**
   * Reads the roles back.
   *
   * @throws SQLException if somebody else has written it
   */
  static User user(String id, String text) throws SQLException {
    Set<Role> roles = new TreeSet<>();
    if (fields(text).get("roles") instanceof List<?> words) {
      for (Object word : words) {
        Role.of(String.valueOf(word)).ifPresent(roles::add);
      }
    }
    return new User(id, roles);
  }

  /**
   * Reads the draft back.
   *
   * @throws SQLException if somebody else has written it
   */
  static Draft draft(String text, String clientMessageId) throws SQLException {
    Map<String, @Nullable Object> fields = fields(text);
    if (!(fields.get("content") instanceof String content)) {
      throw new SQLException("a pending draft has no content");
    }
    Expiry expiry = null;
    if (fields.get("expiresAt") instanceof Long atMs) {
      expiry = Expiry.at(atMs);
    } else if (fields.get("expiresAfter") instanceof Long afterMs) {
      expiry = Expiry.after(afterMs);
    }
    return new Draft(
        content,
        fields.get("parentId") instanceof Long parentId ? parentId : null,
        clientMessageId,
        Extra.of(text).attachments(),
        fields.get("readers") instanceof String readers ? Readers.of(readers) : null,
        expiry,
        Extra.of(text).label());
  }

  private static Map<String, @Nullable Object> fields(String text) throws SQLException {
    try {
      return Json.object(text.getBytes(StandardCharsets.UTF_8));
    } catch (BadJsonException e) {
      throw new SQLException("a pending draft is no JSON of ours", e);
    }
  }
}
