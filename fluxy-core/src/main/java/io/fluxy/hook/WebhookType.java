package io.fluxy.hook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a webhook can be told of (FluxyChat contract 6). */
public enum WebhookType {
  MESSAGE_CREATED("message.created"),
  MENTION("mention"),
  REPORT_CREATED("report.created"),
  MODERATION_AUTO_FLAG("moderation.auto_flag"),
  ROOM_OCCUPIED("room.occupied"),
  ROOM_VACATED("room.vacated"),
  MEMBER_JOINED("member_joined"),
  MEMBER_LEFT("member_left"),
  SUBSCRIPTION_COUNT("subscription_count"),
  CLIENT_EVENT("client_event"),
  CACHE_MISS("cache_miss"),
  USER_EVENT("user.event");

  private final String word;

  WebhookType(String word) {
    this.word = word;
  }

  /** The word on the wire and in the store. */
  public String word() {
    return word;
  }

  /** Reads {@link #word()} back. */
  public static Optional<WebhookType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  /** All words, in the order of the contract. */
  public static List<String> words() {
    return Arrays.stream(values()).map(WebhookType::word).toList();
  }
}
