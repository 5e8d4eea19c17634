package io.fluxy.protocol;

import io.fluxy.agent.Agents;
import io.fluxy.attachment.Uploads;
import io.fluxy.auth.Platform;
import io.fluxy.auth.Projects;
import io.fluxy.auth.Tokens;
import io.fluxy.chat.Limits;
import io.fluxy.connection.Gate;
import io.fluxy.connection.Lines;
import io.fluxy.hook.Webhooks;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.Origins;
import io.fluxy.room.Erasure;
import io.fluxy.store.Directory;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine lends to its protocols.
 *
 * @param guestProject whose public rooms anybody may visit; null for none
 * @param demo the room that anybody may try; null for none
 * @param uploads null if nobody may upload anything
 * @param threadForStrangers a thread that the host's code may block; the engine ends it
 * @param url where clients reach us, without a slash at its end; null for wherever they say
 */
public record Services(
    Scheduler scheduler,
    Limits limits,
    Store store,
    Erasure erasure,
    Directory directory,
    Projects projects,
    Platform platform,
    Tokens tokens,
    Gate gate,
    Webhooks webhooks,
    OperatorStore operators,
    Lines lines,
    Agents agents,
    Origins origins,
    @Nullable String guestProject,
    Health health,
    @Nullable Demo demo,
    @Nullable Uploads uploads,
    @Nullable String url,
    Tally tally,
    Supplier<Scheduler> threadForStrangers) {

  /** Where clients reach us: as the host has said, or as this client does. */
  public String publicUrl(ApiRequest request) {
    if (url != null) {
      return url;
    }
    String host = request.header("Host").filter(Services::isHost).orElse("localhost");
    String scheme = request.header("X-Forwarded-Proto").filter("https"::equals).orElse("http");
    return scheme + "://" + host;
  }

  private static boolean isHost(String host) {
    return !host.isEmpty()
        && host.length() <= 255
        && host.chars()
            .allMatch(
                c ->
                    c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || ".-:[]".indexOf(c) >= 0);
  }
}
