package io.fluxy.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * The answers to a message, in short. Counted are those that everybody may read who may read the
 * message itself, and that are not deleted; so it says the same to all, and nothing of whispers.
 *
 * @param count at least 1
 * @param lastAtMs when the newest was posted
 * @param userIds who has answered, whoever did so last first; at most {@value #USERS_MAX}
 */
public record Replies(int count, long lastAtMs, List<String> userIds) {
  /** How many users are named. */
  public static final int USERS_MAX = 5;

  public Replies {
    userIds = List.copyOf(userIds);
  }

  /** The first answer to a message. */
  public static Replies first(Message reply) {
    return new Replies(1, reply.createdAtMs(), List.of(reply.userId()));
  }

  /** With one more answer, which is newer than all before. */
  public Replies with(Message reply) {
    List<String> users = new ArrayList<>(USERS_MAX);
    users.add(reply.userId());
    for (String userId : userIds) {
      if (users.size() < USERS_MAX && !userId.equals(reply.userId())) {
        users.add(userId);
      }
    }
    return new Replies(count + 1, reply.createdAtMs(), users);
  }

  /** With one more answer, which is older than all before. */
  public Replies withOlder(Message reply) {
    if (userIds.size() == USERS_MAX || userIds.contains(reply.userId())) {
      return new Replies(count + 1, lastAtMs, userIds);
    }
    List<String> users = new ArrayList<>(userIds);
    users.add(reply.userId());
    return new Replies(count + 1, lastAtMs, users);
  }
}
