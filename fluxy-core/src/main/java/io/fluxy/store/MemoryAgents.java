package io.fluxy.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Agents on the heap; their runs are with the rooms. */
final class MemoryAgents implements AgentStore {
  private final MemoryStore store;
  private final MemoryDirectory directory;
  private final Map<String, Map<String, AgentRecord>> byProject = new HashMap<>();

  MemoryAgents(MemoryStore store, MemoryDirectory directory) {
    this.store = store;
    this.directory = directory;
  }

  @Override
  public CompletionStage<List<AgentRecord>> list(String projectId, int max) {
    return store.answer(() -> listNow(projectId, max));
  }

  private synchronized List<AgentRecord> listNow(String projectId, int max) {
    return byProject.getOrDefault(projectId, Map.of()).values().stream()
        .sorted(Comparator.comparing(AgentRecord::handle))
        .limit(max)
        .toList();
  }

  @Override
  public CompletionStage<Saved> save(String projectId, AgentRecord agent, int max) {
    return store.answer(() -> saveNow(projectId, agent, max));
  }

  private synchronized Saved saveNow(String projectId, AgentRecord agent, int max) {
    Map<String, AgentRecord> all = byProject.computeIfAbsent(projectId, none -> new HashMap<>());
    boolean taken =
        all.values().stream()
            .anyMatch(a -> a.handle().equals(agent.handle()) && !a.id().equals(agent.id()));
    if (taken) {
      return Saved.HANDLE_TAKEN;
    } else if (!all.containsKey(agent.id()) && all.size() >= max) {
      return Saved.FULL;
    }
    all.put(agent.id(), agent);
    return Saved.SAVED;
  }

  @Override
  public CompletionStage<Boolean> remove(String projectId, String id) {
    return store.answer(() -> removeNow(projectId, id));
  }

  private synchronized boolean removeNow(String projectId, String id) {
    Map<String, AgentRecord> all = byProject.get(projectId);
    return all != null && all.remove(id) != null;
  }

  @Override
  public CompletionStage<List<RunRecord>> runs(String projectId, String agentId, int max) {
    return store.answer(
        () -> {
          List<RunRecord> runs = new ArrayList<>();
          directory.roomsOf(projectId).forEach(room -> runs.addAll(room.runs(agentId)));
          runs.sort(Comparator.comparingLong(RunRecord::atMs).reversed());
          return runs.stream().limit(max).toList();
        });
  }
}
