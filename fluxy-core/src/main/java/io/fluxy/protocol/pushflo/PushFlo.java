package io.fluxy.protocol.pushflo;

import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The PushFlo protocol over projects' rooms: unmodified clients of PushFlo connect by changing an
 * address.
 *
 * <pre>{@code
 * PushFlo pushFlo = new PushFlo(PushFloApp.of("shop").key(publishKey).key(secretKey));
 * Fluxy fluxy = Fluxy.builder().project(Project.named("shop")).protocol(pushFlo).start();
 * }</pre>
 *
 * <p>For one engine. Safe for use by many threads.
 */
public final class PushFlo implements Protocol.Factory {
  private final List<PushFloApp> configured;
  private volatile List<LiveApp> apps = List.of();

  /**
   * Serves these apps.
   *
   * @throws IllegalArgumentException if two are of the same project or share a key
   */
  public PushFlo(PushFloApp... apps) {
    configured = List.of(apps);
    Set<String> seen = new HashSet<>();
    for (PushFloApp app : configured) {
      if (!seen.add(app.project())) {
        throw new IllegalArgumentException("two apps of the project " + app.project());
      }
      for (PushFloApp.Key key : app.keys()) {
        if (!seen.add("key " + key.hash())) {
          throw new IllegalArgumentException("a key comes twice: " + key.shown());
        }
      }
    }
  }

  /** Called by the engine. */
  @Override
  public Protocol open(Services services) {
    apps = configured.stream().map(app -> new LiveApp(app, services)).toList();
    return new PushFloProtocol(apps, services);
  }

  /**
   * One more key from now on, until the engine stops.
   *
   * @throws IllegalArgumentException if there is no such project, or it is no good key
   */
  public void accept(String project, String key) {
    app(project).accept(PushFloApp.Key.of(key));
  }

  /**
   * A key is good for nothing any more: sockets that came with it, or with a token it was exchanged
   * for, are told so and closed (4001).
   *
   * @return false if it was no key of the project
   * @throws IllegalArgumentException if there is no such project
   */
  public boolean revoke(String project, String key) {
    return app(project).revoke(PushFloApp.Key.hashOf(key));
  }

  /** How many sockets a project has on this server. */
  public int connections(String project) {
    return app(project).size();
  }

  /** How many pings came faster than {@link PushFloLimits#pingFloorMs()}. */
  public long fastPings(String project) {
    return app(project).fastPings();
  }

  private LiveApp app(String project) {
    return apps.stream()
        .filter(app -> app.config().project().equals(project))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no app of the project " + project));
  }
}
