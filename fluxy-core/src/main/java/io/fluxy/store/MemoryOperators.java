package io.fluxy.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reports and audits on the heap, in the order they came. One lock for all. */
final class MemoryOperators implements OperatorStore {
  private final MemoryStore store;
  private final List<ReportRecord> reports = new ArrayList<>();
  private final List<AuditRecord> audits = new ArrayList<>();

  MemoryOperators(MemoryStore store) {
    this.store = store;
  }

  @Override
  public CompletionStage<Void> addReport(ReportRecord report) {
    return store.change(() -> keep(reports, report));
  }

  @Override
  public CompletionStage<List<ReportRecord>> reports(String projectId, int max) {
    return store.answer(
        () -> newest(reports, max, projectId, OperatorStore.ReportRecord::projectId));
  }

  @Override
  public CompletionStage<Void> addAudit(AuditRecord audit) {
    return store.change(() -> keep(audits, audit));
  }

  @Override
  public CompletionStage<List<AuditRecord>> audits(String projectId, int max) {
    return store.answer(() -> newest(audits, max, projectId, OperatorStore.AuditRecord::projectId));
  }

  private synchronized <T> void keep(List<T> all, T one) {
    all.add(one);
  }

  private synchronized <T> List<T> newest(
      List<T> all, int max, String projectId, java.util.function.Function<T, String> project) {
    List<T> newest = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0 && newest.size() < max; i--) {
      if (project.apply(all.get(i)).equals(projectId)) {
        newest.add(all.get(i));
      }
    }
    return List.copyOf(newest);
  }
}
