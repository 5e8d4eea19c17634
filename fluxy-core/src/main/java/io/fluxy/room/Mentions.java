package io.fluxy.room;

import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is named in a message: members, by an at sign and their id, and groups of them ({@code
 * @channel}, {@code @here}, {@code @role:moderator}; FluxyChat contract 1.5). Members name groups,
 * guests and visitors don't. Whoever may not read a message is not told that it names them.
 */
final class Mentions {
  private static final String ROLE = "role:";

  private Mentions() {}

  /** In order, and as {@link Message#mentions()} has it if there are too many. */
  static List<String> in(Turn turn, User from, String content, @Nullable Readers readers) {
    if (content.indexOf('@') < 0) {
      return List.of();
    }
    Set<String> mentioned = new LinkedHashSet<>(); // who is named by name comes before groups
    List<String> groups = new ArrayList<>(0);
    for (int at = content.indexOf('@'); at >= 0; at = content.indexOf('@', at + 1)) {
      int end = at + 1;
      while (end < content.length() && isNamePart(content.charAt(end))) {
        end++;
      }
      while (content.charAt(end - 1) == ':') {
        end--;
      }
      String name = content.substring(at + 1, end);
      Optional<MemberRecord> member = turn.member(name);
      if (member.isPresent() && reads(member.get(), readers)) {
        mentioned.add(name);
      } else if (at == 0 || !isNamePart(content.charAt(at - 1))) { // or it is an address
        groups.add(name);
      }
      if (mentioned.size() > Message.MENTIONED_MAX) {
        break;
      }
    }
    if (!groups.isEmpty() && namesGroups(turn, from)) {
      groups.stream().distinct().forEach(each -> add(turn, from, each, readers, mentioned));
    }
    return inOrder(mentioned);
  }

  private static boolean namesGroups(Turn turn, User from) {
    return from.governs()
        || turn.member(from.id()).filter(member -> member.role() != Role.GUEST).isPresent();
  }

  private static void add(
      Turn turn, User from, String group, @Nullable Readers readers, Set<String> mentioned) {
    Predicate<MemberRecord> isMeant = meant(turn, group);
    if (isMeant == null) {
      return;
    }
    for (MemberRecord member : turn.members()) {
      if (mentioned.size() > Message.MENTIONED_MAX) {
        return;
      } else if (!member.userId().equals(from.id())
          && isMeant.test(member)
          && reads(member, readers)) {
        mentioned.add(member.userId());
      }
    }
  }

  private static @Nullable Predicate<MemberRecord> meant(Turn turn, String group) {
    if (group.equals("channel") || group.equals("everyone")) {
      return member -> true;
    } else if (group.equals("here")) {
      return member -> turn.isHere(member.userId());
    } else if (group.startsWith(ROLE)) {
      Optional<Role> role = Role.of(group.substring(ROLE.length()));
      return role.isEmpty() ? null : member -> member.role() == role.get();
    }
    return null;
  }

  private static List<String> inOrder(Set<String> mentioned) {
    List<String> all = new ArrayList<>(mentioned);
    all.subList(0, Math.min(all.size(), Message.MENTIONED_MAX)).sort(null);
    return List.copyOf(all);
  }

  /** Whoever may not read a message is not told that it names them. */
  private static boolean reads(MemberRecord member, @Nullable Readers readers) {
    return readers == null || readers.include(new User(member.userId(), Set.of()), member.role());
  }

  private static boolean isNamePart(char c) {
    return c == '_' || c == '-' || c == ':' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
