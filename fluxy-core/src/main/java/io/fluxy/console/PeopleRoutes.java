package io.fluxy.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Services;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.ProjectRecord;
import io.fluxy.store.RoomRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of a user, as a file, and taking it out. An erasure may take long, so it goes on by
 * itself: the page asks how it stands. One that was cut short, by the end of the engine too, is
 * finished by asking for it again.
 */
final class PeopleRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(PeopleRoutes.class);
  private static final int ERASURES_MAX = 100; // remembered
  private static final int ROOMS_MAX = 1_000;

  private final Services services;
  private final Backstage backstage;
  private final Journal journal;
  private final Map<String, Erasing> erasures = new LinkedHashMap<>(); // guarded by this

  /** How an erasure stands; all guarded by the routes. */
  private static final class Erasing {
    private final String project;
    private final String user;
    private final String by;
    private final long startedAtMs;
    private int rooms = -1;
    private int done;
    private long endedAtMs;
    private @Nullable String failure;

    Erasing(String project, String user, String by, long nowMs) {
      this.project = project;
      this.user = user;
      this.by = by;
      this.startedAtMs = nowMs;
    }
  }

  PeopleRoutes(Services services, Backstage backstage, Journal journal) {
    this.services = services;
    this.backstage = backstage;
    this.journal = journal;
  }

  void addTo(Desk desk) {
    desk.onProject("GET", "/users/:user/rooms", (who, project, req, path) -> rooms(project, path));
    desk.onProject("GET", "/users/:user/export", this::export);
    desk.onProject("POST", "/users/:user/erase", this::erase);
    desk.onProject("GET", "/erasures", (who, project, req, path) -> erasures(project));
  }

  private static String user(Map<String, String> path) {
    String id = path.getOrDefault("user", "");
    if (!Names.isId(id)) {
      throw new Declined(404, "there is no user " + Names.shown(id));
    }
    return id;
  }

  /** The rooms that have anything of a user. */
  private CompletionStage<ApiResponse> rooms(ProjectRecord project, Map<String, String> path) {
    return services
        .store()
        .personalData()
        .rooms(project.id(), user(path), 0, ROOMS_MAX)
        .thenApply(
            rooms ->
                Declined.ok(
                    json -> {
                      json.writeArrayFieldStart("rooms");
                      for (RoomRecord room : rooms) {
                        json.writeStartObject();
                        json.writeStringField("id", room.id().name());
                        json.writeStringField("name", room.name());
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                    }));
  }

  /** The file that the user would get. */
  private CompletionStage<ApiResponse> export(
      ConsoleOperator who, ProjectRecord project, ApiRequest request, Map<String, String> path) {
    String userId = user(path);
    User user = new User(userId, Set.of(Role.MEMBER));
    ApiRequest own = ApiRequest.of("GET", "/gdpr/export", Map.of(), new byte[0], request.peer());
    return backstage
        .chat(new Identity(project.id(), user, Long.MAX_VALUE, null), Journal.actor(who), own)
        .thenCompose(
            file ->
                file.status() != 200
                    ? CompletableFuture.completedStage(file)
                    : journal.done(
                        who,
                        project.id(),
                        "user.export",
                        OperatorStore.USER,
                        userId,
                        json -> {},
                        file));
  }

  private CompletionStage<ApiResponse> erase(
      ConsoleOperator who, ProjectRecord project, ApiRequest request, Map<String, String> path) {
    String userId = user(path);
    if (!Form.of(request).text("confirm", 128).equals(userId)) {
      throw new Declined(400, "confirm must be the user's id");
    }
    long nowMs = services.scheduler().nowMs();
    Erasing erasing = new Erasing(project.id(), userId, who.name(), nowMs);
    begin(erasing);
    return journal
        .done(
            who,
            project.id(),
            "user.erase",
            OperatorStore.USER,
            userId,
            json -> {},
            Declined.ok(json -> json.writeBooleanField("ok", true)))
        .thenApply(
            answer -> {
              erase(erasing);
              return answer;
            });
  }

  private synchronized void begin(Erasing erasing) {
    String key = erasing.project + "/" + erasing.user;
    Erasing before = erasures.get(key);
    if (before != null && before.endedAtMs == 0) {
      throw new Declined(409, erasing.user + " is being erased already");
    }
    erasures.remove(key);
    while (erasures.size() >= ERASURES_MAX) {
      String oldest = erasures.keySet().iterator().next();
      erasures.remove(oldest);
    }
    erasures.put(key, erasing);
  }

  private void erase(Erasing erasing) {
    services
        .store()
        .personalData()
        .rooms(erasing.project, erasing.user, 0, ROOMS_MAX)
        .thenAccept(rooms -> found(erasing, rooms))
        .thenCompose(
            nothing ->
                services.erasure().erase(erasing.project, erasing.user, () -> oneMore(erasing)))
        .whenComplete((nothing, failure) -> ended(erasing, failure));
  }

  private synchronized void found(Erasing erasing, List<RoomRecord> rooms) {
    erasing.rooms = rooms.size();
  }

  private synchronized void oneMore(Erasing erasing) {
    erasing.done++;
  }

  private synchronized void ended(Erasing erasing, @Nullable Throwable failure) {
    erasing.endedAtMs = services.scheduler().nowMs();
    if (failure != null) {
      LOG.warn("{}: an erasure was cut short: {}", erasing.project, failure.toString());
      erasing.failure = "it was cut short: ask for it again, and it goes on";
    }
  }

  private synchronized CompletionStage<ApiResponse> erasures(ProjectRecord project) {
    List<Erasing> own =
        erasures.values().stream().filter(each -> each.project.equals(project.id())).toList();
    return CompletableFuture.completedStage(
        Declined.ok(
            json -> {
              json.writeArrayFieldStart("erasures");
              for (Erasing each : own) {
                erasing(json, each);
              }
              json.writeEndArray();
            }));
  }

  private static void erasing(JsonGenerator json, Erasing each) throws IOException {
    json.writeStartObject();
    json.writeStringField("user", each.user);
    json.writeStringField("by", each.by);
    json.writeNumberField("startedAt", each.startedAtMs);
    if (each.rooms >= 0) {
      json.writeNumberField("rooms", each.rooms);
      json.writeNumberField("done", each.done);
    }
    if (each.endedAtMs > 0) {
      json.writeNumberField("endedAt", each.endedAtMs);
    }
    if (each.failure != null) {
      json.writeStringField("failure", each.failure);
    }
    json.writeEndObject();
  }
}
