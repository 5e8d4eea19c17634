package io.fluxy.auth;

import io.fluxy.chat.Limits;
import io.fluxy.store.Directory;
import io.fluxy.store.ProjectRecord;
import io.fluxy.store.ProjectRecord.KeyRecord;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The projects this engine serves: those the host declared and those the directory has. What has
 * been looked up is kept.
 *
 * <p>Safe for use by many threads.
 */
public final class Projects {
  private static final int KNOWN_MAX = 10_000;
  private static final int KEYS_MAX = 10;

  private final Directory directory;
  private final Scheduler scheduler;
  private final Limits limits;
  private final Map<String, ProjectRecord> known = new ConcurrentHashMap<>();
  private final Map<String, Limits> ownLimits = new ConcurrentHashMap<>();

  public Projects(Directory directory, Scheduler scheduler, Limits limits) {
    this.directory = directory;
    this.scheduler = scheduler;
    this.limits = limits;
  }

  /**
   * Writes a declared project into the directory: a new one, or over what was there. Keys that were
   * valid stay valid.
   */
  public CompletionStage<ProjectRecord> declare(Project project) {
    if (project.limits() != null) {
      ownLimits.put(project.id(), project.limits());
    }
    return directory
        .project(project.id())
        .thenCompose(before -> save(merge(project, before), before));
  }

  /**
   * Makes a key, which is in the answer and nowhere else. The oldest of more than ten stops being
   * valid.
   */
  public CompletionStage<ApiKey> mintKey(String projectId) {
    ApiKey key = ApiKey.random(scheduler);
    return directory
        .project(projectId)
        .thenCompose(
            found -> {
              ProjectRecord project =
                  found.orElseThrow(() -> new IllegalArgumentException("no project " + projectId));
              List<KeyRecord> keys = new ArrayList<>(project.keys());
              keys.add(key.record(scheduler.nowMs()));
              return save(with(project, keys), found).thenApply(saved -> key);
            });
  }

  public CompletionStage<Optional<ProjectRecord>> find(String projectId) {
    ProjectRecord project = known.get(projectId);
    return project != null
        ? CompletableFuture.completedStage(Optional.of(project))
        : directory.project(projectId).thenApply(this::keep);
  }

  /** The project that a key belongs to. */
  public CompletionStage<Optional<ProjectRecord>> findByKey(String key) {
    String hash = ApiKey.hash(key);
    for (ProjectRecord project : known.values()) {
      if (project.keys().stream().anyMatch(k -> k.hash().equals(hash))) {
        return CompletableFuture.completedStage(Optional.of(project));
      }
    }
    return directory.projectByKeyHash(hash).thenApply(this::keep);
  }

  /** The ids of the projects that are in use here. */
  public Collection<String> known() {
    return Set.copyOf(known.keySet());
  }

  /** The limits of a project: its own, or the engine's. */
  public Limits limits(String projectId) {
    return ownLimits.getOrDefault(projectId, limits);
  }

  private ProjectRecord merge(Project declared, Optional<ProjectRecord> before) {
    List<KeyRecord> keys = new ArrayList<>(before.map(ProjectRecord::keys).orElse(List.of()));
    if (declared.apiKey() != null) {
      KeyRecord key = declared.apiKey().record(scheduler.nowMs());
      if (keys.stream().noneMatch(k -> k.hash().equals(key.hash()))) {
        keys.add(key);
      }
    }
    String secret =
        declared.jwtSecret() != null
            ? declared.jwtSecret()
            : before.map(ProjectRecord::jwtSecret).orElseGet(this::randomSecret);
    long createdAtMs = before.map(ProjectRecord::createdAtMs).orElseGet(scheduler::nowMs);
    return with(
        new ProjectRecord(declared.id(), declared.name(), createdAtMs, secret, List.of()), keys);
  }

  private CompletionStage<ProjectRecord> save(
      ProjectRecord project, Optional<ProjectRecord> before) {
    CompletionStage<Void> saved =
        before.filter(project::equals).isPresent()
            ? CompletableFuture.completedStage(null)
            : directory.saveProject(project);
    return saved.thenApply(nothing -> keep(Optional.of(project)).orElseThrow());
  }

  private Optional<ProjectRecord> keep(Optional<ProjectRecord> found) {
    found
        .filter(project -> known.size() < KNOWN_MAX || known.containsKey(project.id()))
        .ifPresent(project -> known.put(project.id(), project));
    return found;
  }

  private static ProjectRecord with(ProjectRecord project, List<KeyRecord> keys) {
    List<KeyRecord> newest = keys.subList(Math.max(0, keys.size() - KEYS_MAX), keys.size());
    return new ProjectRecord(
        project.id(), project.name(), project.createdAtMs(), project.jwtSecret(), newest);
  }

  private String randomSecret() {
    HexFormat hex = HexFormat.of();
    StringBuilder secret = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      secret.append(hex.toHexDigits(scheduler.random()));
    }
    return secret.toString();
  }
}
