package io.fluxy.store;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Templates on the heap. */
final class MemoryTemplates implements Templates {
  private final MemoryStore store;
  private final Map<String, Map<String, TemplateRecord>> byProject = new HashMap<>();

  MemoryTemplates(MemoryStore store) {
    this.store = store;
  }

  @Override
  public CompletionStage<List<TemplateRecord>> list(String projectId, int max) {
    return store.answer(
        () -> {
          synchronized (this) {
            return of(projectId).values().stream()
                .sorted(Comparator.comparing(TemplateRecord::name))
                .limit(max)
                .toList();
          }
        });
  }

  @Override
  public CompletionStage<Optional<TemplateRecord>> find(String projectId, String id) {
    return store.answer(
        () -> {
          synchronized (this) {
            return Optional.ofNullable(of(projectId).get(id));
          }
        });
  }

  @Override
  public CompletionStage<Saved> save(String projectId, TemplateRecord template, int max) {
    return store.answer(() -> saveNow(projectId, template, max));
  }

  private synchronized Saved saveNow(String projectId, TemplateRecord template, int max) {
    Map<String, TemplateRecord> all = byProject.computeIfAbsent(projectId, none -> new HashMap<>());
    boolean taken =
        all.values().stream()
            .anyMatch(t -> t.name().equals(template.name()) && !t.id().equals(template.id()));
    if (taken) {
      return Saved.NAME_TAKEN;
    } else if (!all.containsKey(template.id()) && all.size() >= max) {
      return Saved.FULL;
    }
    all.put(template.id(), template);
    return Saved.SAVED;
  }

  @Override
  public CompletionStage<Boolean> remove(String projectId, String id) {
    return store.answer(
        () -> {
          synchronized (this) {
            return of(projectId).remove(id) != null;
          }
        });
  }

  private Map<String, TemplateRecord> of(String projectId) {
    return byProject.getOrDefault(projectId, new HashMap<>(0));
  }
}
