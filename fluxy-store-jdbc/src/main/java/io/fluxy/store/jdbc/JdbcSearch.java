package io.fluxy.store.jdbc;

import io.fluxy.store.RoomRecord;
import io.fluxy.store.Search;
import io.fluxy.store.SearchQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Search in a database. The index is filled behind the log, when somebody searches, by writes of a
 * bounded size that queue like any other: so an append costs nothing more, and waits for one such
 * write at most. Questions have a connection of their own, so a long one keeps no room waiting.
 */
final class JdbcSearch implements Search {
  private static final String ROOMS =
      "select " + SearchScope.ROOM_COLUMNS + " from fluxy_room r where ";
  private static final String NAMED = " and lower(r.name) like ? escape '!'";
  private static final String NEWEST = " order by r.project_id desc, r.number desc limit ?";

  private final FullText text;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcSearch(Database database, WriteQueue writes, ReadPool reads) {
    this.text = database.fullText();
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<List<Hit>> messages(SearchQuery query) {
    return upToDate(query)
        .thenCompose(
            nothing ->
                reads.ask(
                    query.projectId(),
                    session ->
                        text.find(session, query).stream()
                            .map(place -> new Hit(place.room().record(), place.seq()))
                            .toList()));
  }

  private CompletionStage<?> upToDate(SearchQuery query) {
    if (!text.hasIndex()) {
      return CompletableFuture.completedStage(null);
    }
    SearchScope scope = SearchScope.of(query);
    return reads
        .ask(query.projectId(), session -> IndexWrite.isBehind(session, scope))
        .thenCompose(
            behind ->
                behind
                    ? writes
                        .add(new IndexWrite(query.projectId(), scope, text))
                        .thenCompose(nothing -> upToDate(query))
                    : CompletableFuture.completedStage(null));
  }

  @Override
  public CompletionStage<List<RoomRecord>> rooms(SearchQuery query) {
    SearchScope scope =
        SearchScope.of(
            new SearchQuery(query.projectId(), query.words(), null, query.memberId(), query.max()));
    List<Object> binds = new ArrayList<>(scope.binds());
    query.words().forEach(word -> binds.add(ScanText.containing(word)));
    binds.add(query.max());
    String sql = ROOMS + scope.condition() + NAMED.repeat(query.words().size()) + NEWEST;
    return reads.ask(
        query.projectId(),
        session -> session.list(sql, row -> RoomRow.of(row).record(), binds.toArray()));
  }
}
