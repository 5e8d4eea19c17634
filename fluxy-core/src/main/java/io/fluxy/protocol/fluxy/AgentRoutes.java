package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.agent.AgentRun;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.AgentRecord;
import io.fluxy.store.AgentStore;
import io.fluxy.store.RunRecord;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Agents, their runs, and what they say (contract 7). Who they are, anybody of the project may
 * know; how they are set up is for those who run the project.
 */
final class AgentRoutes {
  private static final int LISTED_MAX = 1_000;
  private static final int RUNS_DEFAULT = 20;
  private static final int RUNS_MAX = 100;
  private static final int HANDLE_CHARS_MAX = 64;
  private static final int NAME_CHARS_MAX = 128;

  /** What operators say of an agent; nothing of it is fetched or called by us. */
  private static final List<String> SETTINGS =
      List.of(
          "provider",
          "model",
          "modelRef",
          "capabilities",
          "config",
          "systemPrompt",
          "contextFetchUrl",
          "toolExecuteUrl",
          "toolsSchema",
          "rateLimitRpm");

  private static final Set<String> SHOWN_TO_ALL =
      Set.of("provider", "model", "modelRef", "capabilities");

  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;

  AgentRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/agents", (who, request, path) -> list(who));
    authenticated.on(routes, "POST", "/agents", (who, request, path) -> create(who, request));
    authenticated.on(routes, "GET", "/agents/:id", (who, request, path) -> show(who, path));
    authenticated.on(routes, "PATCH", "/agents/:id", this::change);
    authenticated.on(routes, "DELETE", "/agents/:id", (who, request, path) -> remove(who, path));
    authenticated.on(routes, "GET", "/agents/:id/runs", this::runs);
    authenticated.on(routes, "POST", "/agents/:id/invoke", this::invoke);
    authenticated.on(routes, "POST", "/rooms/:id/messages/from-bot", this::fromBot);
  }

  private CompletionStage<ApiResponse> list(Identity who) {
    return services
        .store()
        .agents()
        .list(who.project(), LISTED_MAX)
        .thenApply(
            agents ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("agents");
                      for (AgentRecord agent : agents) {
                        json.writeStartObject();
                        agent(json, who, agent);
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                    }));
  }

  private CompletionStage<AgentRecord> find(Identity who, String id) {
    return services
        .store()
        .agents()
        .list(who.project(), LISTED_MAX)
        .thenApply(
            agents ->
                agents.stream()
                    .filter(agent -> agent.id().equals(id) || agent.handle().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new Problem(404, "agent_not_found")));
  }

  private CompletionStage<ApiResponse> show(Identity who, Map<String, String> path) {
    return find(who, path.getOrDefault("id", "")).thenApply(agent -> one(who, agent));
  }

  private static ApiResponse one(Identity who, AgentRecord agent) {
    return Problem.ok(
        json -> {
          json.writeObjectFieldStart("agent");
          agent(json, who, agent);
          json.writeEndObject();
        });
  }

  private CompletionStage<ApiResponse> create(Identity who, ApiRequest request) {
    operates(who);
    Body body = Body.of(request);
    String name = name(body);
    String handle = handle(body);
    UUID id = new UUID(services.scheduler().random(), services.scheduler().random());
    String json = settings(body, Map.of());
    return save(
        who, new AgentRecord(id.toString(), handle, name, json, services.scheduler().nowMs()));
  }

  private CompletionStage<ApiResponse> change(
      Identity who, ApiRequest request, Map<String, String> path) {
    operates(who);
    Body body = Body.of(request);
    return find(who, path.getOrDefault("id", ""))
        .thenCompose(
            agent ->
                save(
                    who,
                    new AgentRecord(
                        agent.id(),
                        body.has("handle") ? handle(body) : agent.handle(),
                        body.has("name") ? name(body) : agent.name(),
                        settings(body, fields(agent)),
                        agent.createdAtMs())));
  }

  private CompletionStage<ApiResponse> save(Identity who, AgentRecord agent) {
    return services
        .store()
        .agents()
        .save(who.project(), agent, services.limits().agentsMax())
        .thenApply(
            saved -> {
              services.agents().changed(who.project());
              if (saved == AgentStore.Saved.HANDLE_TAKEN) {
                throw new Problem(409, "handle_already_exists");
              } else if (saved == AgentStore.Saved.FULL) {
                throw new Problem(
                    409, "limit_reached: " + services.limits().agentsMax() + " agents");
              }
              return one(who, agent);
            });
  }

  private CompletionStage<ApiResponse> remove(Identity who, Map<String, String> path) {
    operates(who);
    return find(who, path.getOrDefault("id", ""))
        .thenCompose(agent -> services.store().agents().remove(who.project(), agent.id()))
        .thenApply(
            removed -> {
              services.agents().changed(who.project());
              return Problem.ok(json -> json.writeBooleanField("ok", true));
            });
  }

  private CompletionStage<ApiResponse> runs(
      Identity who, ApiRequest request, Map<String, String> path) {
    operates(who);
    long limit =
        request
            .query("limit")
            .map(
                text ->
                    Body.whole(text, 9)
                        .orElseThrow(() -> new Problem(400, "limit must be a whole number")))
            .orElse((long) RUNS_DEFAULT);
    return find(who, path.getOrDefault("id", ""))
        .thenCompose(
            agent ->
                services
                    .store()
                    .agents()
                    .runs(who.project(), agent.id(), (int) Math.min(limit, RUNS_MAX)))
        .thenApply(
            runs ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("runs");
                      for (RunRecord run : runs) {
                        json.writeRawValue(run.json());
                      }
                      json.writeEndArray();
                    }));
  }

  private CompletionStage<ApiResponse> invoke(
      Identity who, ApiRequest request, Map<String, String> path) {
    Body body = Body.of(request);
    RoomId room = room(who, body.text("roomId").orElse(""));
    String content =
        body.text("content")
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> new Problem(400, "agentId, roomId and content required"));
    if (content.length() > services.limits().contentCharsMax()) {
      throw new Problem(
          400,
          "content exceeds maximum length of "
              + services.limits().contentCharsMax()
              + " characters");
    }
    Long replyTo = body.whole("replyTo").orElse(null);
    String agentId = path.getOrDefault("id", "");
    return find(who, agentId)
        .thenCompose(agent -> rooms.ask(who, room, new Command.Speak(replyTo)))
        .thenCompose(
            mayAsk -> services.agents().invoke(room, agentId, who.user().id(), content, replyTo))
        .handle(
            (run, failure) -> {
              if (failure != null) {
                throw problem(room, failure);
              }
              return invoked(room, run);
            });
  }

  private static RoomId room(Identity who, String name) {
    if (!Names.isId(name)) {
      throw new Problem(400, Problem.BAD_ROOM_ID);
    }
    return Rooms.id(who, name, Problem.forbidden());
  }

  private RuntimeException problem(RoomId room, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (!(cause instanceof RefusedException refused)) {
      return cause instanceof Problem problem ? problem : new CompletionException(cause);
    }
    Refusal refusal = refused.refusal();
    return switch (refusal.reason()) {
      case MEMBER_NOT_FOUND -> new Problem(404, "agent_not_found");
      case INVALID -> new Problem(409, refusal.detail());
      case QUOTA_EXCEEDED -> rooms.quotaExceeded(room.project(), Quota.Metric.AGENT_INVOKES);
      default -> rooms.problem(room, refusal);
    };
  }

  private static ApiResponse invoked(RoomId room, AgentRun run) {
    if (run.status() != AgentRun.Status.COMPLETED) {
      int status = run.status() == AgentRun.Status.CANCELLED ? 409 : 500;
      String error = run.error() == null ? run.status().word() : run.error();
      throw Problem.runFailed(status, error, run.id());
    }
    return Problem.ok(
        json -> {
          json.writeObjectFieldStart("run");
          json.writeStringField("id", run.id());
          json.writeStringField("status", run.status().word());
          json.writeNumberField("latencyMs", run.latencyMs());
          json.writeNumberField("inputTokens", run.inputTokens());
          json.writeNumberField("outputTokens", run.outputTokens());
          json.writeNumberField("estimatedCost", run.estimatedCost());
          json.writeNumberField("iterations", 1 + run.toolCalls().size());
          json.writeArrayFieldStart("toolCalls");
          for (AgentRun.ToolCall call : run.toolCalls()) {
            json.writeStartObject();
            json.writeStringField("id", call.id());
            json.writeStringField("name", call.name());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeStringField("createdAt", MessageJson.iso(run.createdAtMs()));
          json.writeEndObject();
          if (run.messageId() == 0) {
            json.writeNullField("message");
          } else {
            json.writeObjectFieldStart("message");
            json.writeNumberField("id", run.messageId());
            json.writeStringField("roomId", room.name());
            json.writeStringField("senderId", run.agentId());
            json.writeStringField("content", run.content());
            json.writeEndObject();
          }
        });
  }

  /** A backend says what a bot says; the bot becomes a member of the room by it. */
  private CompletionStage<ApiResponse> fromBot(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId room = Rooms.id(who, path.getOrDefault("id", ""), Problem.forbidden());
    Body body = Body.of(request);
    String botId = body.text("botId").filter(Names::isId).orElseThrow(AgentRoutes::badBot);
    String content =
        body.text("content").orElseThrow(() -> new Problem(400, "content must be a string"));
    Draft draft =
        new Draft(
            content,
            body.whole("replyTo").orElse(null),
            body.clientMessageId(),
            body.attachments());
    if (!AgentFrames.speaksFor(who.user(), botId)) {
      throw Problem.forbidden();
    }
    return rooms
        .ask(who, room, new Command.Speak(draft.parentId()))
        .thenCompose(maySpeak -> find(who, botId))
        .thenCompose(agent -> said(who, room, agent, draft));
  }

  private CompletionStage<ApiResponse> said(
      Identity who, RoomId room, AgentRecord agent, Draft draft) {
    User bot = new User(agent.id(), Set.of(Role.BOT));
    Identity as = new Identity(who.project(), bot, who.expiresAtMs(), who.onlyRoom());
    return services
        .gate()
        .with(room, entered -> entered.submit(bot, new Command.Enter(true)))
        .thenCompose(
            entered ->
                entered instanceof Answer.Refused refused
                    ? CompletableFuture.failedStage(rooms.problem(room, refused.refusal()))
                    : rooms.ask(as, room, new Command.Post(draft, null, who.user())))
        .thenApply(
            answer -> {
              Message message =
                  answer instanceof Answer.Repeated repeated ? repeated.message() : posted(answer);
              return Problem.ok(
                  json -> {
                    json.writeObjectFieldStart("message");
                    MessageJson.created(json, room, message);
                    json.writeEndObject();
                  });
            });
  }

  private static Message posted(Answer answer) {
    if (answer instanceof Answer.Done done && done.event() instanceof Event.Posted posted) {
      return posted.message();
    }
    throw new IllegalStateException("a post became " + answer);
  }

  private static Problem badBot() {
    return new Problem(400, "botId required: must be 1-128 chars, alphanumeric with _ -");
  }

  private static void operates(Identity who) {
    if (!who.user().governs()) {
      throw Problem.forbidden();
    }
  }

  private static String name(Body body) {
    return body.text("name")
        .map(String::strip)
        .filter(name -> !name.isEmpty() && name.length() <= NAME_CHARS_MAX)
        .orElseThrow(() -> new Problem(400, "name must be 1-" + NAME_CHARS_MAX + " characters"));
  }

  private static String handle(Body body) {
    return body.text("handle")
        .filter(handle -> Names.isId(handle) && handle.length() <= HANDLE_CHARS_MAX)
        .orElseThrow(
            () ->
                new Problem(
                    400, "handle must be 1-" + HANDLE_CHARS_MAX + " letters, digits, _ or -"));
  }

  private String settings(Body body, Map<String, ?> before) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    for (String name : SETTINGS) {
      Object value = body.has(name) ? body.value(name) : before.get(name);
      if (value != null) {
        settings.put(name, value);
      }
    }
    Object perMinute = settings.get("rateLimitRpm");
    if (perMinute != null && !(perMinute instanceof Long whole && whole > 0)) {
      throw new Problem(400, "rateLimitRpm must be a whole number from 1");
    }
    String json = Json.text(settings);
    if (json.length() > services.limits().jsonCharsMax()) {
      throw new Problem(
          400, "an agent's settings exceed " + services.limits().jsonCharsMax() + " characters");
    }
    return json;
  }

  private static Map<String, ?> fields(AgentRecord agent) {
    return Json.object(agent.json().getBytes(StandardCharsets.UTF_8));
  }

  private static void agent(JsonGenerator json, Identity who, AgentRecord agent)
      throws IOException {
    Map<String, ?> fields = fields(agent);
    json.writeStringField("id", agent.id());
    json.writeStringField("projectId", who.project());
    json.writeStringField("name", agent.name());
    json.writeStringField("handle", agent.handle());
    for (String name : SETTINGS) {
      if (who.user().governs() || SHOWN_TO_ALL.contains(name)) {
        json.writeFieldName(name);
        Json.value(json, setting(fields, name));
      }
    }
    json.writeStringField("createdAt", MessageJson.iso(agent.createdAtMs()));
  }

  private static @Nullable Object setting(Map<String, ?> fields, String name) {
    Object value = fields.get(name);
    if (value == null && name.equals("capabilities")) {
      return List.of();
    } else if (value == null && name.equals("modelRef") && fields.get("model") != null) {
      return fields.get("provider") + "/" + fields.get("model");
    }
    return value;
  }
}
