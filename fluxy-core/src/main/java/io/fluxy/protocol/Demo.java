package io.fluxy.protocol;

import io.fluxy.auth.Identity;
import io.fluxy.chat.RoomId;
import org.jspecify.annotations.Nullable;

/**
 * The room that anybody may try.
 *
 * @param room the only one of its project
 */
public record Demo(RoomId room) {
  /** The project that has nothing but the room. */
  public static final String PROJECT = "fluxy-demo";

  /** Whether somebody is a visitor of the demo room, if there is one. */
  public static boolean isVisitor(@Nullable Identity who) {
    return who != null && who.project().equals(PROJECT);
  }
}
