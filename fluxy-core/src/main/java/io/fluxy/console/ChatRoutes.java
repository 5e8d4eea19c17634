package io.fluxy.console;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a project's owner does by FluxyChat's routes, an operator does by the same ones, in the name
 * of the console: below {@code projects/:project/chat}. Only what stands here is asked. The audit
 * log has the operator's name.
 */
final class ChatRoutes {
  private static final int BEFORE = 6; // /fluxy/console/api/projects/:project/chat
  private static final User CONSOLE = new User("console", Set.of(Role.OWNER));

  private final Backstage backstage;
  private final Journal journal;

  ChatRoutes(Backstage backstage, Journal journal) {
    this.backstage = backstage;
    this.journal = journal;
  }

  void addTo(Desk desk) {
    asks(desk, "GET", "/stats/slo");
    asks(desk, "GET", "/stats/alerts");
    asks(desk, "GET", "/stats/ai");
    asks(desk, "GET", "/admin/tenant-usage");
    asks(desk, "GET", "/admin/reports");
    asks(desk, "GET", "/admin/audit/events");
    asks(desk, "POST", "/admin/announcement");
    asks(desk, "PATCH", "/admin/projects/:id");
    asks(desk, "POST", "/admin/projects/:id/keys/rotate");
    asks(desk, "POST", "/admin/projects/:id/keys/revoke");
    asks(desk, "POST", "/admin/projects/:id/secret/rotate");
    asks(desk, "GET", "/webhooks/event-types");
    asks(desk, "GET", "/admin/webhooks/summary");
    asks(desk, "GET", "/admin/webhooks/deliveries");
    asks(desk, "POST", "/webhooks/register");
    asks(desk, "PATCH", "/webhooks/:id");
    asks(desk, "DELETE", "/webhooks/:id");
    asks(desk, "POST", "/admin/webhooks/deliveries/:id/replay", "webhook.replay", "delivery");
    asks(desk, "GET", "/agents");
    asks(desk, "GET", "/agents/:id/runs");
    asks(desk, "DELETE", "/agents/:id", "agent.delete", "agent");
  }

  private void asks(Desk desk, String method, String pattern) {
    asks(desk, method, pattern, null, "");
  }

  /**
   * @param action what to write into the audit log, if the route itself writes nothing
   */
  private void asks(
      Desk desk, String method, String pattern, @Nullable String action, String targetType) {
    desk.onProject(
        method,
        "/chat" + pattern,
        (who, project, request, path) -> {
          CompletionStage<ApiResponse> answer =
              backstage.chat(
                  new Identity(project.id(), CONSOLE, Long.MAX_VALUE, null),
                  Journal.actor(who),
                  inside(request));
          String target = path.getOrDefault("id", "");
          return action == null
              ? answer
              : answer.thenCompose(
                  done ->
                      done.status() != 200
                          ? CompletableFuture.completedStage(done)
                          : journal.done(
                              who, project.id(), action, targetType, target, json -> {}, done));
        });
  }

  /** The same request as FluxyChat knows it, with nothing of the browser's but what it says. */
  private static ApiRequest inside(ApiRequest request) {
    String path = request.rawPath();
    int start = 0;
    for (int slashes = 0; slashes < BEFORE; slashes++) {
      start = path.indexOf('/', start + 1);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    request.header("Content-Type").ifPresent(type -> headers.put("Content-Type", type));
    String target = path.substring(start);
    String query = request.rawQuery();
    return ApiRequest.of(
        request.method(),
        query.isEmpty() ? target : target + "?" + query,
        headers,
        request.body(),
        request.peer());
  }
}
