package io.fluxy;

import io.fluxy.hook.Listeners;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * An engine's figures for Micrometer, which the application brings itself:
 *
 * <pre>{@code new FluxyMetrics(fluxy).bindTo(registry)}</pre>
 *
 * <ul>
 *   <li>{@code fluxy.connections}: sockets and event streams open now
 *   <li>{@code fluxy.rooms}: rooms alive in memory
 *   <li>{@code fluxy.rooms.waiting}: commands that wait for the turns of rooms
 *   <li>{@code fluxy.rooms.deepest}: how many of them in the room that has most
 *   <li>{@code fluxy.messages}: messages posted by this engine
 *   <li>{@code fluxy.events}: numbered events saved by this engine, messages among them
 *   <li>{@code fluxy.listeners.missed}: events that listeners were too busy to hear
 * </ul>
 */
public final class FluxyMetrics implements MeterBinder {
  private final Fluxy fluxy;

  public FluxyMetrics(Fluxy fluxy) {
    this.fluxy = fluxy;
  }

  private static long missed(Fluxy fluxy) {
    return fluxy.listenerCounts().stream().mapToLong(Listeners.Counts::missed).sum();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("fluxy.connections", fluxy, Fluxy::connections)
        .description("Sockets and event streams open now")
        .register(registry);
    Gauge.builder("fluxy.rooms", fluxy, Fluxy::roomsAlive)
        .description("Rooms alive in memory")
        .register(registry);
    Gauge.builder("fluxy.rooms.waiting", fluxy, each -> each.roomsWaiting().letters())
        .description("Commands that wait for the turns of rooms")
        .register(registry);
    Gauge.builder("fluxy.rooms.deepest", fluxy, each -> each.roomsWaiting().deepest())
        .description("Commands that wait for the room that has most of them")
        .register(registry);
    FunctionCounter.builder("fluxy.messages", fluxy, Fluxy::messagesPosted)
        .description("Messages posted by this engine")
        .register(registry);
    FunctionCounter.builder("fluxy.events", fluxy, Fluxy::eventsSaved)
        .description("Numbered events saved by this engine, messages among them")
        .register(registry);
    FunctionCounter.builder("fluxy.listeners.missed", fluxy, FluxyMetrics::missed)
        .description("Events that listeners were too busy to hear")
        .register(registry);
  }
}
