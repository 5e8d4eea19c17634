package io.fluxy.protocol.pusher;

import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The Pusher Channels protocol over a project's rooms: unmodified clients and server libraries of
 * Pusher connect by changing a host name.
 *
 * <pre>{@code
 * PusherChannels pusher = new PusherChannels(PusherApp.of("4242", "shop", key, secret));
 * Fluxy fluxy = Fluxy.builder().project(Project.named("shop")).protocol(pusher).start();
 * }</pre>
 *
 * <p>For one engine. Safe for use by many threads.
 */
public final class PusherChannels implements Protocol.Factory {
  private final List<PusherApp> configured;
  private volatile List<LiveApp> apps = List.of();

  /**
   * Serves these apps.
   *
   * @throws IllegalArgumentException if two have the same id or share a key
   */
  public PusherChannels(PusherApp... apps) {
    configured = List.of(apps);
    Set<String> seen = new HashSet<>();
    for (PusherApp app : configured) {
      if (!seen.add("id " + app.id())) {
        throw new IllegalArgumentException("two apps have the id " + app.id());
      }
      for (PusherApp.Key key : app.keys()) {
        if (!seen.add("key " + key.key())) {
          throw new IllegalArgumentException("two apps have the key " + key.key());
        }
      }
    }
  }

  /** Called by the engine. */
  @Override
  public Protocol open(Services services) {
    apps = configured.stream().map(app -> new LiveApp(app, services)).toList();
    return new PusherProtocol(apps);
  }

  /** Ends an app's connections (4003), and refuses whatever asks for it. */
  public void disable(String appId) {
    app(appId).enable(false);
  }

  /** Takes {@link #disable} back. */
  public void enable(String appId) {
    app(appId).enable(true);
  }

  /** How many connections an app has on this server. */
  public int connections(String appId) {
    return app(appId).size();
  }

  private LiveApp app(String appId) {
    return apps.stream()
        .filter(app -> app.config().id().equals(appId))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no app " + appId));
  }
}
