package io.fluxy.room;

import io.fluxy.chat.StoredMessage;
import java.util.List;

/**
 * A message and a page of its answers, as one reader may see them.
 *
 * @param parent as it stands; perhaps deleted
 * @param replies newest first, without deleted ones
 */
public record RoomThread(StoredMessage parent, List<StoredMessage> replies) {
  public RoomThread {
    replies = List.copyOf(replies);
  }
}
