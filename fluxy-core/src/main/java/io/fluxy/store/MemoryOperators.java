package io.fluxy.store;

import io.fluxy.chat.RoomId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reports and audits on the heap, in the order they came. One lock for all. */
final class MemoryOperators implements OperatorStore {
  private final MemoryStore store;
  private final List<ReportRecord> reports = new ArrayList<>();
  private final List<AuditRecord> audits = new ArrayList<>();
  private final MemoryDirectory directory;
  private final Map<Counted, Long> counts = new HashMap<>();

  private record Counted(String projectId, String month, String metric) {}

  MemoryOperators(MemoryStore store, MemoryDirectory directory) {
    this.store = store;
    this.directory = directory;
  }

  @Override
  public CompletionStage<Void> count(String projectId, String month, String metric, long more) {
    return store.change(() -> countNow(new Counted(projectId, month, metric), more));
  }

  private synchronized void countNow(Counted what, long more) {
    counts.merge(what, more, Long::sum);
  }

  @Override
  public CompletionStage<Map<String, Long>> counts(String projectId, @Nullable String month) {
    return store.answer(() -> countsNow(projectId, month));
  }

  private synchronized Map<String, Long> countsNow(String projectId, @Nullable String month) {
    Map<String, Long> found = new HashMap<>();
    counts.forEach(
        (what, count) -> {
          if (what.projectId().equals(projectId) && (month == null || what.month().equals(month))) {
            found.merge(what.metric(), count, Long::sum);
          }
        });
    return Map.copyOf(found);
  }

  @Override
  public CompletionStage<Long> rooms(String projectId) {
    return store.answer(() -> directory.count(projectId));
  }

  @Override
  public CompletionStage<RoomFigures> room(RoomId id) {
    return store.answer(
        () -> directory.find(id).map(MemoryRoom::figures).orElse(new RoomFigures(0, 0)));
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

  synchronized void forget(String projectId, String userId) {
    reports.replaceAll(
        report ->
            report.projectId().equals(projectId) && report.userId().equals(userId)
                ? report.withoutReason()
                : report);
    audits.replaceAll(
        audit ->
            audit.projectId().equals(projectId) && audit.names(userId)
                ? audit.withoutReason()
                : audit);
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
