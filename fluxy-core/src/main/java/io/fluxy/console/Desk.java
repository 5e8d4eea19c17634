package io.fluxy.console;

import io.fluxy.auth.Projects;
import io.fluxy.chat.Names;
import io.fluxy.console.Sessions.Session;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.store.ProjectRecord;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Puts the checks in front of the console's routes: the header that no other site's page can send,
 * the session, and whether the project is the operator's. A project that is not theirs looks like
 * one that is not there.
 */
final class Desk {
  /** No page of another origin can set it without our leave, which is never given. */
  static final String HEADER = "X-Fluxy-Console";

  private final Routes routes;
  private final String folder;
  private final Sessions sessions;
  private final Projects projects;

  /** Answers an operator. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<ApiResponse> answer(
        ConsoleOperator who, ApiRequest request, Map<String, String> path);
  }

  /** Answers an operator about a project that is theirs. */
  @FunctionalInterface
  interface OfProject {
    CompletionStage<ApiResponse> answer(
        ConsoleOperator who, ProjectRecord project, ApiRequest request, Map<String, String> path);
  }

  Desk(Routes routes, String folder, Sessions sessions, Projects projects) {
    this.routes = routes;
    this.folder = folder;
    this.sessions = sessions;
    this.projects = projects;
  }

  /** A route for whoever is signed in. */
  void on(String method, String pattern, Handler handler) {
    open(
        method,
        pattern,
        (request, path) -> {
          Session session =
              sessions.of(request).orElseThrow(() -> new Declined(401, "sign in first"));
          return handler.answer(session.operator(), request, path);
        });
  }

  /** A route about one project, below {@code projects/:project}. */
  void onProject(String method, String pattern, OfProject handler) {
    on(
        method,
        "projects/:project" + pattern,
        (who, request, path) -> {
          String id = path.getOrDefault("project", "");
          if (!Names.isId(id) || !who.runs(id)) {
            throw noProject(id);
          }
          return projects
              .find(id)
              .thenCompose(
                  found ->
                      handler.answer(who, found.orElseThrow(() -> noProject(id)), request, path));
        });
  }

  private static Declined noProject(String id) {
    return new Declined(404, "there is no project " + Names.shown(id));
  }

  /** A route for whoever knows where it is, with our header. */
  void open(String method, String pattern, Routes.Handler handler) {
    routes.on(
        method,
        folder + "api/" + pattern,
        (request, path) -> {
          if (request.header(HEADER).isEmpty()
              || !request.header("Sec-Fetch-Site").orElse("same-origin").equals("same-origin")) {
            throw new Declined(403, "only the console's own page may ask this");
          }
          checkBody(request);
          return handler.answer(request, path);
        });
  }

  private static void checkBody(ApiRequest request) {
    if (request.isBodyTooLarge()) {
      throw new Declined(413, "the request is too long");
    }
    String type = request.header("Content-Type").orElse("");
    if (request.body().length > 0 && !type.split(";", 2)[0].strip().equals("application/json")) {
      throw new Declined(415, "only application/json is read here");
    }
  }
}
