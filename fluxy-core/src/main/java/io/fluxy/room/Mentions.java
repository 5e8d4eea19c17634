package io.fluxy.room;

import io.fluxy.chat.Readers;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who is named in a message. */
final class Mentions {
  private static final int MENTIONED_MAX = 50;

  private Mentions() {}

  /**
   * The members named with an at sign and letters, digits, {@code _ - :} (FluxyChat contract 1.5).
   */
  static List<String> in(Turn turn, String content, @Nullable Readers readers) {
    if (content.indexOf('@') < 0) {
      return List.of();
    }
    Set<String> mentioned = new TreeSet<>();
    for (int at = content.indexOf('@'); at >= 0; at = content.indexOf('@', at + 1)) {
      int end = at + 1;
      while (end < content.length() && isNamePart(content.charAt(end))) {
        end++;
      }
      String name = content.substring(at + 1, end);
      Optional<MemberRecord> member = turn.member(name);
      if (mentioned.size() < MENTIONED_MAX && member.isPresent() && reads(member.get(), readers)) {
        mentioned.add(name);
      }
    }
    return List.copyOf(mentioned);
  }

  /** Whoever may not read a message is not told that it names them. */
  private static boolean reads(MemberRecord member, @Nullable Readers readers) {
    return readers == null || readers.include(new User(member.userId(), Set.of()), member.role());
  }

  private static boolean isNamePart(char c) {
    return c == '_' || c == '-' || c == ':' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
