package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.ChatWords;
import io.fluxy.protocol.Health;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import io.fluxy.store.StoreException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The FluxyChat protocol: its stock clients connect unmodified. SDKs speak to absolute paths, so
 * the engine needs the root of an origin (contract 0.7).
 */
public final class FluxyChat implements Protocol {
  private static final Logger LOG = LoggerFactory.getLogger(FluxyChat.class);
  private static final Set<String> FIRST_SEGMENTS =
      Set.of(
          "auth",
          "tokens",
          "rooms",
          "chat",
          "messages",
          "reports",
          "billing",
          "platform",
          "templates",
          "webhooks",
          "agents",
          "users",
          "export",
          "gdpr",
          "admin",
          "stats",
          "demo",
          "health",
          "client",
          "config",
          "public",
          "search",
          "upload",
          "files",
          "threads",
          "inbox",
          "notifications",
          "blocks");
  private static final String METHODS = "GET,POST,PUT,PATCH,DELETE,OPTIONS";
  private static final String HEADERS =
      "Content-Type,Authorization,X-Trace-Id,X-Fluxy-Api-Key,X-Project-Id"
          + ",X-File-Name,X-Room-Id";

  private final Services services;
  private final Caller caller;
  private final RoomDoor door;
  private final UserRoutes users;
  private final Routes routes = new Routes();

  private FluxyChat(Services services) {
    this.services = services;
    this.caller = new Caller(services.tokens());
    Rooms rooms = new Rooms(services);
    Authenticated authenticated = new Authenticated(caller, services);
    this.door = new RoomDoor(services, caller, rooms);
    TokenRoutes tokens = new TokenRoutes(services);
    tokens.addTo(routes);
    new GuestRoutes(services).addTo(routes);
    new DemoRoutes(services).addTo(routes);
    new RoomRoutes(services, authenticated, rooms).addTo(routes);
    new PinRoutes(authenticated, rooms).addTo(routes);
    TemplateRoutes templates = new TemplateRoutes(services, authenticated);
    templates.addTo(routes);
    new MessageRoutes(authenticated, rooms, new Polls(services, rooms), templates).addTo(routes);
    new AgentRoutes(services, authenticated, rooms).addTo(routes);
    this.users = new UserRoutes(services, caller, authenticated, rooms);
    users.addTo(routes);
    new EventRoutes(authenticated, rooms).addTo(routes);
    new SearchRoutes(services, authenticated, rooms).addTo(routes);
    new ExportRoutes(services, authenticated, rooms).addTo(routes);
    new MemberRoutes(services, authenticated, rooms).addTo(routes);
    DmRoutes dms = new DmRoutes(services, authenticated);
    dms.addTo(routes);
    new BlockRoutes(services, authenticated, dms).addTo(routes);
    new GdprRoutes(services, authenticated).addTo(routes);
    new ClientRoutes(services, authenticated, rooms).addTo(routes);
    new ThreadRoutes(authenticated, rooms).addTo(routes);
    new InboxRoutes(services, authenticated, rooms).addTo(routes);
    new UploadRoutes(services, authenticated, rooms).addTo(routes);
    Operators operators = new Operators(authenticated);
    Audit audit = new Audit(services, caller);
    tokens.addTo(routes, operators, audit);
    new WebhookRoutes(services, operators, rooms, audit).addTo(routes);
    new ProjectRoutes(services, operators, audit).addTo(routes);
    UsageRoutes usage = new UsageRoutes(services, operators);
    usage.addTo(routes);
    new StatsRoutes(services, operators, usage).addTo(routes);
    new ModerationRoutes(services, authenticated, operators, rooms, audit).addTo(routes);
    door.addTo(routes);
    routes.on("GET", "/health", (request, path) -> health());
  }

  /** Opens the protocol over an engine. */
  public static Protocol open(Services services) {
    return new FluxyChat(services);
  }

  /**
   * Answers a request that the engine itself makes for somebody, without a token.
   *
   * @param actor who is behind it, in the words of the audit log
   */
  public CompletionStage<ApiResponse> answerAs(Identity who, String actor, ApiRequest request) {
    return caller.vouching(who, actor, request, this::answer);
  }

  @Override
  public Routes routes() {
    return routes;
  }

  @Override
  public boolean serves(String rawPath) {
    String[] segments = rawPath.split("/", 4);
    if (segments.length < 2) {
      return false;
    }
    String second = segments.length > 2 ? segments[2] : "";
    return switch (segments[1]) {
      case "ws" -> segments.length > 3 && (second.equals("room") || second.equals("user"));
      case "events" -> second.isEmpty();
      case "api" -> second.equals("messages") || second.equals("rooms");
      default -> FIRST_SEGMENTS.contains(segments[1]);
    };
  }

  @Override
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    String traceId = traceId(request);
    return settled(request, traceId, () -> route(request))
        .thenApply(response -> dressed(request, traceId, response));
  }

  @Override
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    String[] segments = request.rawPath().split("/", -1);
    boolean isSocket = segments.length == 4 && segments[1].equals("ws");
    boolean isUsers = isSocket && segments[2].equals("user");
    if (!isUsers && (!isSocket || !segments[2].equals("room"))) {
      return answer(request).thenApply(Handshake::refuse);
    }
    String traceId = traceId(request);
    CompletionStage<Handshake> decided;
    try {
      decided = isUsers ? users.socket(request, segments[3]) : door.socket(request, segments[3]);
    } catch (RuntimeException e) {
      decided = CompletableFuture.failedStage(e);
    }
    return decided
        .exceptionally(failure -> Handshake.refuse(failed(request, traceId, failure)))
        .thenApply(
            handshake -> {
              ApiResponse refusal = handshake.refusal();
              return refusal == null
                  ? handshake
                  : Handshake.refuse(dressed(request, traceId, refusal));
            });
  }

  private CompletionStage<ApiResponse> route(ApiRequest request) {
    if (request.method().equals("OPTIONS")) {
      return CompletableFuture.completedStage(preflight(request));
    } else if (request.isBodyTooLarge()) {
      return CompletableFuture.completedStage(
          ApiResponse.json(
              413,
              json -> {
                json.writeStartObject();
                json.writeStringField("error", "payload_too_large");
                json.writeEndObject();
              }));
    }
    Optional<Routes.Match> match = routes.match(request);
    return match.isPresent() ? match.get().answer(request) : unknown(request);
  }

  /**
   * A path we don't know is a secret to those who prove nothing (contract 1.1), and missing to the
   * others.
   */
  private CompletionStage<ApiResponse> unknown(ApiRequest request) {
    return caller
        .of(request)
        .handle((who, failure) -> who == null)
        .thenCompose(
            stranger ->
                CompletableFuture.failedStage(
                    stranger ? new Problem(401, "unauthorized") : new Problem(404, "not_found")));
  }

  private ApiResponse preflight(ApiRequest request) {
    return services.origins().allows(request)
        ? ApiResponse.empty(204)
        : ApiResponse.text(403, "Forbidden");
  }

  private CompletionStage<ApiResponse> health() {
    return services.health().look().thenApply(this::health);
  }

  private ApiResponse health(Health.Report report) {
    return ApiResponse.json(
        report.ok() ? 200 : 503,
        json -> {
          json.writeStartObject();
          json.writeBooleanField("ok", report.ok());
          json.writeNumberField("ts", services.scheduler().nowMs());
          json.writeObjectFieldStart("checks");
          json.writeStringField("database", report.storeWrites() ? "connected" : "unavailable");
          json.writeStringField("scheduler", report.tasksRun() ? "in time" : "late");
          json.writeEndObject();
          json.writeStringField("status", report.ok() ? "ok" : "unavailable"); // PushFlo's words
          json.writeStringField("timestamp", ChatWords.iso(services.scheduler().nowMs()));
          json.writeEndObject();
        });
  }

  private static CompletionStage<ApiResponse> settled(
      ApiRequest request, String traceId, Supplier<CompletionStage<ApiResponse>> answer) {
    CompletionStage<ApiResponse> stage;
    try {
      stage = answer.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedStage(e);
    }
    return stage.exceptionally(failure -> failed(request, traceId, failure));
  }

  private static ApiResponse failed(ApiRequest request, String traceId, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Problem problem) {
      return problem.response(traceId);
    } else if (cause instanceof TokenException token) {
      return Caller.unauthorized(token);
    } else if (cause instanceof StoreException) {
      LOG.warn("{} [{}]: {}", request, traceId, cause.toString());
      return new Problem(503, "storage_unavailable").response(traceId).with("Retry-After", "1");
    }
    LOG.error("{} [{}] could not be answered", request, traceId, cause);
    return new Problem(500, "internal_error").response(traceId);
  }

  private ApiResponse dressed(ApiRequest request, String traceId, ApiResponse response) {
    ApiResponse dressed =
        response
            .with("X-Trace-Id", traceId)
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer");
    if (response.stream() == null) {
      dressed = dressed.with("Cache-Control", "no-store");
    }
    Optional<String> origin = services.origins().crossOrigin(request);
    return origin.isEmpty()
        ? dressed
        : dressed
            .with("Access-Control-Allow-Origin", origin.get())
            .with("Vary", "Origin")
            .with("Access-Control-Allow-Methods", METHODS)
            .with("Access-Control-Allow-Headers", HEADERS)
            .with("Access-Control-Expose-Headers", "X-Trace-Id,Retry-After");
  }

  private String traceId(ApiRequest request) {
    return request
        .header("X-Trace-Id")
        .filter(Problem::isTraceId)
        .orElseGet(
            () ->
                new UUID(services.scheduler().random(), services.scheduler().random()).toString());
  }
}
