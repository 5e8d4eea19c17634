package io.fluxy.room;

import io.fluxy.store.StoreClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** How a store's failure is logged: as a warning, unless the engine ends and it had to come. */
final class StoreTrouble {
  private StoreTrouble() {}

  /**
   * Logs it.
   *
   * @param message with holes for the room and the failure
   */
  static void log(Logger log, String message, Object room, @Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null && cause.getCause() != null && !(cause instanceof StoreClosedException)) {
      cause = cause.getCause();
    }
    if (cause instanceof StoreClosedException) {
      log.debug(message, room, cause.toString());
    } else {
      log.warn(message, room, String.valueOf(failure));
    }
  }
}
