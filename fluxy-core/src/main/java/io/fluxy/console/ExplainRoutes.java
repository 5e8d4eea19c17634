package io.fluxy.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Services;
import io.fluxy.room.Place;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.Personal;
import io.fluxy.store.ProjectRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Unread;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Why a user has a message, or has it not: each stage that the message passes on its way to that
 * user, and where it stopped. Asked of the log, the directory, the room if it is awake, and the
 * connections; nothing is kept for it, so it costs nobody who does not ask.
 */
final class ExplainRoutes {
  private static final int PLACES_MAX = 100;
  private static final int DELIVERIES_MAX = 1_000;

  private final Services services;

  ExplainRoutes(Services services) {
    this.services = services;
  }

  void addTo(Desk desk) {
    desk.onProject("GET", "/explain", (who, project, request, path) -> explain(project, request));
  }

  private CompletionStage<ApiResponse> explain(ProjectRecord project, ApiRequest request) {
    long messageId = Form.query(request, "message", 0);
    String userId = request.query("user").orElse("");
    if (messageId <= 0) {
      throw new Declined(400, "message must be a message's id");
    } else if (!Names.isId(userId)) {
      throw new Declined(400, "user must be a user's id");
    }
    User user = new User(userId, Set.of(Role.MEMBER));
    return services
        .directory()
        .roomByNumber(project.id(), Message.roomNumberOf(messageId))
        .thenCompose(
            room ->
                room.isEmpty()
                    ? CompletableFuture.completedStage(answer(messageId, userId, nowhere(project)))
                    : gather(room.get(), Message.seqOf(messageId), user)
                        .thenApply(
                            facts -> answer(messageId, userId, new Explanation(facts).stages())));
  }

  private static List<Explanation.Stage> nowhere(ProjectRecord project) {
    return List.of(
        new Explanation.Stage(
            "saved",
            Explanation.State.STOPPED,
            "Project " + project.id() + " has no room that this id could be of."));
  }

  private CompletionStage<Explanation.Facts> gather(RoomRecord room, long seq, User user) {
    RoomId id = room.id();
    CompletionStage<List<Event.Durable>> told = services.store().messages().read(id, seq - 1, 1);
    CompletionStage<List<StoredMessage>> now =
        services.store().messages().messages(id, List.of(seq));
    CompletionStage<Optional<OpenedRoom>> opened = services.store().messages().open(id, 1);
    CompletionStage<Optional<List<Place>>> places =
        services.gate().ifAlive(id, awake -> awake.places(user.id(), PLACES_MAX));
    CompletionStage<Optional<Personal.Note>> receipt =
        services.store().personal().find(id, Personal.Kind.RECEIPT, seq, user.id());
    CompletionStage<Unread> unread = services.directory().unread(id, user);
    CompletionStage<List<DeliveryRecord>> deliveries =
        services.webhooks().deliveries(id.project(), null, DELIVERIES_MAX);
    List<Connection> connections = services.lines().of(id.project(), user.id());
    long nowMs = services.scheduler().nowMs();
    return told.thenCombine(now, Explanation.Log::of)
        .thenCombine(
            opened.thenCombine(places, Explanation.Whereabouts::new),
            (log, where) ->
                new Explanation.Facts(
                    user,
                    seq,
                    log.posted(),
                    log.now(),
                    where.room(),
                    where.places(),
                    connections,
                    services.gate().asksHost(),
                    nowMs,
                    Optional.empty(),
                    0,
                    List.of()))
        .thenCombine(receipt, Explanation.Facts::with)
        .thenCombine(unread, (facts, read) -> facts.with(read.readSeq()))
        .thenCombine(
            deliveries,
            (facts, all) ->
                facts.with(
                    all.stream()
                        .filter(each -> each.lane().equals(id.name()) && each.seq() == seq)
                        .filter(each -> each.payload() == null)
                        .toList()));
  }

  private static ApiResponse answer(long messageId, String userId, List<Explanation.Stage> stages) {
    return Declined.ok(
        json -> {
          json.writeNumberField("message", messageId);
          json.writeStringField("user", userId);
          json.writeArrayFieldStart("stages");
          for (Explanation.Stage each : stages) {
            stage(json, each);
          }
          json.writeEndArray();
        });
  }

  private static void stage(JsonGenerator json, Explanation.Stage stage) throws IOException {
    json.writeStartObject();
    json.writeStringField("stage", stage.name());
    json.writeStringField("state", stage.state().word());
    json.writeStringField("text", stage.text());
    json.writeEndObject();
  }
}
