package io.fluxy.store.jdbc;

import io.fluxy.store.AgentRecord;
import io.fluxy.store.AgentStore;
import io.fluxy.store.RunRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Agents in a database: changes go to the writer, all else to the readers. */
final class JdbcAgents implements AgentStore {
  private final AgentSql sql;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcAgents(Statements sql, WriteQueue writes, ReadPool reads) {
    this.sql = sql.agents;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<List<AgentRecord>> list(String projectId, int max) {
    return reads.ask(
        projectId,
        session ->
            session.list(
                sql.list,
                row ->
                    new AgentRecord(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5)),
                projectId,
                max));
  }

  @Override
  public CompletionStage<Saved> save(String projectId, AgentRecord agent, int max) {
    return writes.add(new Save(projectId, agent, max));
  }

  @Override
  public CompletionStage<Boolean> remove(String projectId, String id) {
    return writes.add(new Remove(projectId, id));
  }

  @Override
  public CompletionStage<List<RunRecord>> runs(String projectId, String agentId, int max) {
    return reads.ask(
        projectId,
        session ->
            session.list(
                sql.runs,
                row ->
                    new RunRecord(
                        row.getString(1), row.getString(2), row.getLong(3), row.getString(4)),
                projectId,
                agentId,
                max));
  }

  /** An agent that waits to be added or replaced. */
  private static final class Save extends Write<Saved> {
    private final String projectId;
    private final AgentRecord agent;
    private final int max;

    Save(String projectId, AgentRecord agent, int max) {
      super(projectId);
      this.projectId = projectId;
      this.agent = agent;
      this.max = max;
    }

    @Override
    Saved run(Transaction transaction) throws SQLException {
      Session session = transaction.session();
      AgentSql sql = transaction.sql().agents;
      String id = agent.id();
      Optional<String> handled =
          session.first(sql.handled, row -> row.getString(1), projectId, agent.handle());
      if (handled.isPresent() && !handled.get().equals(id)) {
        return Saved.HANDLE_TAKEN;
      }
      int changed =
          session.update(sql.change, agent.handle(), agent.name(), agent.json(), projectId, id);
      if (changed > 0) {
        return Saved.SAVED;
      } else if (session.number(sql.count, projectId) >= max) {
        return Saved.FULL;
      }
      session.update(
          sql.add, projectId, id, agent.handle(), agent.name(), agent.json(), agent.createdAtMs());
      return Saved.SAVED;
    }
  }

  /** An agent that waits to be removed. */
  private static final class Remove extends Write<Boolean> {
    private final String projectId;
    private final String id;

    Remove(String projectId, String id) {
      super(projectId);
      this.projectId = projectId;
      this.id = id;
    }

    @Override
    Boolean run(Transaction transaction) throws SQLException {
      return transaction.session().update(transaction.sql().agents.remove, projectId, id) > 0;
    }
  }
}
