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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The projects this engine serves: those the host declared and those the directory has. What has
 * been looked up is taken for true for {@value #FRESH_MS} ms: so long may a key or secret that
 * another engine has taken back still be good here. What this engine changes holds at once. If the
 * store can't be read, what was known goes on.
 *
 * <p>Safe for use by many threads.
 */
public final class Projects {
  static final int FRESH_MS = 10_000;
  private static final int KNOWN_MAX = 10_000;
  private static final int KEYS_MAX = 10;

  private final Directory directory;
  private final Scheduler scheduler;
  private final Limits limits;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Limits> ownLimits = new ConcurrentHashMap<>();

  /**
   * A project as it was at a time.
   *
   * @param planned the engine's limits with the quota of its plan; null if it has none
   */
  private record Known(ProjectRecord project, long atMs, @Nullable Limits planned) {}

  public Projects(Directory directory, Scheduler scheduler, Limits limits) {
    this.directory = directory;
    this.scheduler = scheduler;
    this.limits = limits;
  }

  /**
   * Writes a declared project into the directory: a new one, or over what was there. Keys that were
   * valid stay valid. A secret that differs from the one in the directory takes its place at once.
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
   * Makes a project with an id nobody has chosen, on the free plan and with a key, which is in the
   * answer and nowhere else.
   */
  public CompletionStage<Created> create(String name) {
    return create(new UUID(scheduler.random(), scheduler.random()).toString(), name);
  }

  /** The same with a given id, which must not be taken. */
  public CompletionStage<Created> create(String id, String name) {
    ApiKey key = ApiKey.random(scheduler);
    ProjectRecord project =
        new ProjectRecord(
                id, name, scheduler.nowMs(), randomSecret(), List.of(key.record(scheduler.nowMs())))
            .on(Plan.FREE.word());
    return save(project, Optional.empty()).thenApply(saved -> new Created(saved, key));
  }

  /** A new project and its first key. */
  public record Created(ProjectRecord project, ApiKey key) {}

  /**
   * Makes a key, which is in the answer and nowhere else. The oldest of more than ten stops being
   * valid.
   */
  public CompletionStage<ApiKey> mintKey(String projectId) {
    return addKey(projectId, Long.MAX_VALUE)
        .thenApply(
            made ->
                made.orElseThrow(() -> new IllegalArgumentException("no project " + projectId)));
  }

  /**
   * Makes a key, and has all others end after a while.
   *
   * @return empty if there is no such project
   */
  public CompletionStage<Optional<ApiKey>> rotateKey(String projectId, long overlapMs) {
    return addKey(projectId, scheduler.nowMs() + overlapMs);
  }

  private CompletionStage<Optional<ApiKey>> addKey(String projectId, long othersUntilMs) {
    ApiKey key = ApiKey.random(scheduler);
    return change(
            projectId,
            project -> {
              List<KeyRecord> keys = new ArrayList<>();
              project.keys().forEach(other -> keys.add(other.until(othersUntilMs)));
              keys.removeIf(other -> other.validUntilMs() <= scheduler.nowMs());
              keys.add(key.record(scheduler.nowMs()));
              return project.with(newest(keys));
            })
        .thenApply(changed -> changed.map(project -> key));
  }

  /**
   * Ends the keys with this prefix now.
   *
   * @return false if the project has none
   */
  public CompletionStage<Boolean> revokeKey(String projectId, String prefix) {
    boolean[] found = {false};
    return change(
            projectId,
            project -> {
              List<KeyRecord> keys = new ArrayList<>(project.keys());
              found[0] = keys.removeIf(key -> key.prefix().equals(prefix));
              return project.with(keys);
            })
        .thenApply(changed -> found[0]);
  }

  /**
   * Gives a project a new secret, which is in the answer; tokens of the old one are good for a
   * while.
   */
  public CompletionStage<Optional<ProjectRecord>> rotateSecret(String projectId, long overlapMs) {
    return change(
        projectId, project -> project.signing(randomSecret(), scheduler.nowMs() + overlapMs));
  }

  /** Changes a project as it is in the directory; empty if there is none. */
  public CompletionStage<Optional<ProjectRecord>> change(
      String projectId, UnaryOperator<ProjectRecord> change) {
    return directory
        .project(projectId)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? CompletableFuture.completedStage(found)
                    : save(change.apply(found.get()), found).thenApply(Optional::of));
  }

  /** All projects, newest first. */
  public CompletionStage<List<ProjectRecord>> all(int max) {
    return directory.projects(max);
  }

  /** A project as it was a little while ago at most. */
  public CompletionStage<Optional<ProjectRecord>> find(String projectId) {
    Known project = known.get(projectId);
    if (project == null) {
      return directory.project(projectId).thenApply(this::keep);
    }
    return isFresh(project)
        ? CompletableFuture.completedStage(Optional.of(project.project()))
        : directory
            .project(projectId)
            .thenApply(this::keep)
            .exceptionally(failure -> Optional.of(project.project()));
  }

  private boolean isFresh(Known project) {
    return scheduler.ticksMs() - project.atMs() < FRESH_MS;
  }

  /** The project that a key belongs to, if the key is valid. */
  public CompletionStage<Optional<ProjectRecord>> findByKey(String key) {
    Optional<ProjectRecord> recalled = recallByKey(key);
    if (recalled.isPresent()) {
      return CompletableFuture.completedStage(recalled);
    }
    String hash = ApiKey.hash(key);
    return directory
        .projectByKeyHash(hash)
        .thenApply(this::keep)
        .thenApply(found -> found.filter(project -> has(project, hash)));
  }

  /** The same as far as it is known without asking the store. */
  public Optional<ProjectRecord> recallByKey(String key) {
    String hash = ApiKey.hash(key);
    for (Known project : known.values()) {
      if (isFresh(project) && has(project.project(), hash)) {
        return Optional.of(project.project());
      }
    }
    return Optional.empty();
  }

  private boolean has(ProjectRecord project, String hash) {
    long nowMs = scheduler.nowMs();
    return project.keys().stream()
        .anyMatch(key -> key.hash().equals(hash) && key.validUntilMs() > nowMs);
  }

  /** The ids of the projects that are in use here. */
  public Collection<String> known() {
    return Set.copyOf(known.keySet());
  }

  /** The limits of a project: its own, or the engine's with the quota of its plan. */
  public Limits limits(String projectId) {
    Limits own = ownLimits.get(projectId);
    if (own != null) {
      return own;
    }
    Known project = known.get(projectId);
    Limits planned = project == null ? null : project.planned();
    return planned == null ? limits : planned;
  }

  private ProjectRecord merge(Project declared, Optional<ProjectRecord> before) {
    List<KeyRecord> keys = new ArrayList<>(before.map(ProjectRecord::keys).orElse(List.of()));
    if (declared.apiKey() != null) {
      KeyRecord key = declared.apiKey().record(scheduler.nowMs());
      keys.removeIf(
          known -> known.hash().equals(key.hash()) && known.validUntilMs() != Long.MAX_VALUE);
      if (keys.stream().noneMatch(k -> k.hash().equals(key.hash()))) {
        keys.add(key);
      }
    }
    String secret =
        declared.jwtSecret() != null
            ? declared.jwtSecret()
            : before.map(ProjectRecord::jwtSecret).orElseGet(this::randomSecret);
    long createdAtMs = before.map(ProjectRecord::createdAtMs).orElseGet(scheduler::nowMs);
    return new ProjectRecord(
        declared.id(),
        declared.name(),
        createdAtMs,
        secret,
        newest(keys),
        before.map(ProjectRecord::plan).orElse(null),
        before.map(ProjectRecord::previousSecret).orElse(null),
        before.map(ProjectRecord::previousUntilMs).orElse(0L));
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
        .ifPresent(
            project ->
                known.put(project.id(), new Known(project, scheduler.ticksMs(), planned(project))));
    return found;
  }

  private @Nullable Limits planned(ProjectRecord project) {
    String word = project.plan();
    return word == null
        ? null
        : Plan.of(word)
            .map(
                plan ->
                    limits.toBuilder()
                        .messagesPerMonth(plan.messages())
                        .data(limits.data().withQuotas(plan.invokes(), plan.deliveries()))
                        .build())
            .orElse(null);
  }

  private static List<KeyRecord> newest(List<KeyRecord> keys) {
    return keys.subList(Math.max(0, keys.size() - KEYS_MAX), keys.size());
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
