package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Expiry;
import io.fluxy.chat.Names;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A draft as FluxyChat's clients write it, in a request or in a frame (contract 1.5). */
final class DraftJson {
  private static final String ROLE = "role:";
  private static final String BAD_VISIBILITY = "visibility must be room, whisper, or role:<name>";

  private DraftJson() {}

  static Draft draft(Body body, String content, @Nullable Long parentId) {
    return new Draft(
        content, parentId, body.clientMessageId(), body.attachments(), readers(body), expiry(body));
  }

  /** For what is for everyone: what would narrow that must not be ignored. */
  static void refuseNarrowed(Body body) {
    Draft narrowed = draft(body, "", null);
    if (narrowed.readers() != null || narrowed.expiry() != null) {
      throw new Problem(400, "a stream is for everyone who may read what it answers, and for good");
    }
  }

  private static @Nullable Expiry expiry(Body body) {
    if (body.has("expiresInSeconds")) {
      long seconds =
          body.whole("expiresInSeconds")
              .filter(each -> each >= 0 && each <= Integer.MAX_VALUE)
              .orElseThrow(
                  () -> new Problem(400, "expiresInSeconds must be a whole number of seconds"));
      return Expiry.after(1_000 * seconds);
    } else if (body.has("expiresAt")) {
      return Expiry.at(MessageRoutes.time("expiresAt", body.text("expiresAt").orElse("")));
    }
    return null;
  }

  /** What would change who may read a message must not be ignored. */
  private static @Nullable Readers readers(Body body) {
    String visibility =
        body.has("visibility") ? body.text("visibility").orElse("") : "room"; // no string, no word
    if (visibility.equals("whisper")) {
      return Readers.only(named(body));
    } else if (body.has("visibleTo")) {
      throw new Problem(400, "visibleTo needs visibility whisper");
    } else if (visibility.startsWith(ROLE)) {
      Optional<Role> role = Role.of(visibility.substring(ROLE.length()));
      return Readers.inRole(role.orElseThrow(() -> new Problem(400, BAD_VISIBILITY)));
    } else if (!visibility.equals("room") && !visibility.equals("all")) {
      throw new Problem(400, BAD_VISIBILITY);
    }
    return null;
  }

  private static Set<String> named(Body body) {
    Set<String> userIds = new LinkedHashSet<>();
    for (Object each : body.list("visibleTo")) {
      if (!(each instanceof String userId) || !Names.isId(userId)) {
        throw new Problem(400, "visibleTo must be user ids of 1-128 chars, alphanumeric with _ -");
      }
      userIds.add(userId);
    }
    if (userIds.isEmpty()) {
      throw new Problem(400, "visibleTo required for whisper messages");
    }
    return userIds;
  }
}
