package io.fluxy.protocol.channels;

import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Channels for whoever needs no SDK: a WebSocket whose path names a channel, plain JSON frames, and
 * four HTTP routes, over the rooms of a project (sower contract).
 *
 * <pre>{@code
 * PlainChannels channels = new PlainChannels(ChannelApp.of("shop", key, secret));
 * Fluxy fluxy = Fluxy.builder().project(Project.named("shop")).protocol(channels).start();
 * }</pre>
 *
 * <p>A token or an API key says which project is meant; without one it is the first app's.
 *
 * <p>For one engine. Safe for use by many threads.
 */
public final class PlainChannels implements Protocol.Factory {
  private final List<ChannelApp> apps;
  private volatile List<LiveChannels> live = List.of();

  /**
   * Serves these apps.
   *
   * @throws IllegalArgumentException if there is none, or two are of one project
   */
  public PlainChannels(ChannelApp... apps) {
    this.apps = List.of(apps);
    Set<String> projects = new HashSet<>();
    for (ChannelApp app : apps) {
      if (!projects.add(app.project())) {
        throw new IllegalArgumentException("two apps of project " + app.project());
      }
    }
    if (projects.isEmpty()) {
      throw new IllegalArgumentException("needs an app");
    }
  }

  /** Called by the engine. */
  @Override
  public Protocol open(Services services) {
    List<LiveChannels> all = apps.stream().map(app -> new LiveChannels(app, services)).toList();
    live = all;
    return new ChannelsProtocol(all, services);
  }

  /** How many sockets there are on this server, all apps together. */
  public int connections() {
    return live.stream().mapToInt(LiveChannels::size).sum();
  }
}
