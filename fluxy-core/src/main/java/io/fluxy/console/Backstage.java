package io.fluxy.console;

import io.fluxy.auth.Identity;
import io.fluxy.hook.Listeners;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.room.RoomRegistry;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What an engine shows its console beyond what protocols get.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public interface Backstage {
  /**
   * Asks FluxyChat's own routes in somebody's name, so that what operators do by the console is
   * what they do by that protocol.
   *
   * @param actor who is behind it, in the words of the audit log
   */
  CompletionStage<ApiResponse> chat(Identity who, String actor, ApiRequest request);

  /** How many rooms are alive. */
  int roomsAlive();

  /** What waits for the turns of rooms. */
  RoomRegistry.Waiting roomsWaiting();

  /** How many messages this engine has posted since it started. */
  long messagesPosted();

  /** How many numbered events this engine has saved since it started, messages among them. */
  long eventsSaved();

  /** How the host's listeners fare. */
  List<Listeners.Counts> listeners();
}
