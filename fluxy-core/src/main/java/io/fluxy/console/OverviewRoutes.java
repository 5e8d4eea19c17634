package io.fluxy.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.connection.Lines;
import io.fluxy.hook.Listeners;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Health;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.Tally;
import io.fluxy.room.RoomRegistry;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.ProjectRecord;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * How the engine fares, for operators of all projects, and how one project does. The figures of an
 * engine say something of all its tenants, so whoever runs only some of them does not see them.
 */
final class OverviewRoutes {
  private static final int HOUR = 60;
  private static final int DELIVERIES_MAX = 200;

  private final Services services;
  private final Backstage backstage;
  private final Pulse pulse;

  OverviewRoutes(Services services, Backstage backstage, Pulse pulse) {
    this.services = services;
    this.backstage = backstage;
    this.pulse = pulse;
  }

  void addTo(Desk desk) {
    desk.on("GET", "overview", (who, request, path) -> engine(who));
    desk.onProject("GET", "/overview", (who, project, request, path) -> project(project));
  }

  private CompletionStage<ApiResponse> engine(ConsoleOperator who) {
    if (!who.runsAll()) {
      throw new Declined(403, "the engine's figures are for operators of all projects");
    }
    return services.health().look().thenApply(health -> Declined.ok(json -> engine(json, health)));
  }

  private void engine(JsonGenerator json, Health.Report health) throws IOException {
    Lines.Load load = services.lines().load(null);
    json.writeNumberField("now", services.scheduler().nowMs());
    json.writeObjectFieldStart("health");
    json.writeBooleanField("ok", health.ok());
    json.writeBooleanField("storeWrites", health.storeWrites());
    json.writeBooleanField("tasksRun", health.tasksRun());
    json.writeStringField("durability", String.valueOf(services.store().durability()));
    json.writeEndObject();
    load(json, load);
    json.writeNumberField("rooms", backstage.roomsAlive());
    RoomRegistry.Waiting waiting = backstage.roomsWaiting();
    json.writeObjectFieldStart("letters");
    json.writeNumberField("waiting", waiting.letters());
    json.writeNumberField("deepest", waiting.deepest());
    json.writeEndObject();
    json.writeNumberField("messages", backstage.messagesPosted());
    json.writeNumberField("events", backstage.eventsSaved());
    json.writeArrayFieldStart("listeners");
    for (Listeners.Counts each : backstage.listeners()) {
      json.writeStartObject();
      json.writeNumberField("heard", each.heard());
      json.writeNumberField("failed", each.failed());
      json.writeNumberField("missed", each.missed());
      json.writeNumberField("waiting", each.waiting());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("sampleMs", Pulse.ROUND_MS);
    json.writeArrayFieldStart("samples");
    for (Pulse.Sample each : pulse.samples()) {
      json.writeStartArray();
      json.writeNumber(each.atMs());
      json.writeNumber(each.connections());
      json.writeNumber(each.rooms());
      json.writeNumber(each.messages());
      json.writeNumber(each.p50Ms());
      json.writeNumber(each.p99Ms());
      json.writeNumber(each.waitingBytes());
      json.writeNumber(each.listeners());
      json.writeNumber(each.letters());
      json.writeNumber(each.deepest());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void load(JsonGenerator json, Lines.Load load) throws IOException {
    json.writeObjectFieldStart("connections");
    json.writeNumberField("open", load.connections());
    json.writeNumberField("waiting", load.waiting());
    json.writeNumberField("waitingBytes", load.waitingBytes());
    json.writeEndObject();
  }

  private CompletionStage<ApiResponse> project(ProjectRecord project) {
    String id = project.id();
    return services
        .operators()
        .rooms(id)
        .thenCombine(
            services.webhooks().deliveries(id, null, DELIVERIES_MAX),
            (rooms, deliveries) -> Declined.ok(json -> project(json, id, rooms, deliveries)));
  }

  private void project(JsonGenerator json, String id, long rooms, List<DeliveryRecord> deliveries)
      throws IOException {
    Tally tally = services.tally();
    load(json, services.lines().load(id));
    json.writeNumberField("rooms", rooms);
    json.writeObjectFieldStart("lastHour");
    for (Map.Entry<Tally.Metric, Long> total : tally.totals(id, HOUR).entrySet()) {
      json.writeNumberField(total.getKey().word(), total.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("messagesByMinute"); // this minute first
    long[] byMinute = new long[HOUR];
    long now = services.scheduler().nowMs() / 60_000;
    for (Tally.Point point : tally.points(id, HOUR)) {
      if (point.metric() == Tally.Metric.MESSAGES_CREATED && now - point.minute() < HOUR) {
        byMinute[(int) (now - point.minute())] = point.count();
      }
    }
    for (long count : byMinute) {
      json.writeNumber(count);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("deliveries");
    json.writeNumberField("newest", deliveries.size());
    for (DeliveryRecord.Status status : DeliveryRecord.Status.values()) {
      long count = deliveries.stream().filter(each -> each.status() == status).count();
      json.writeNumberField(status.name().toLowerCase(Locale.ROOT), count);
    }
    json.writeEndObject();
  }
}
