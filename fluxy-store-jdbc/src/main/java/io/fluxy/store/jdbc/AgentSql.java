package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.AGENT;
import static io.fluxy.store.jdbc.Tables.ROOM;
import static io.fluxy.store.jdbc.Tables.RUN;

import org.jooq.DSLContext;

/** Every statement on agents and runs. Its binds are in the order in which they are told here. */
final class AgentSql {
  /** By handle: project, max. */
  final String list;

  /** Id of the agent with a handle: project, handle. */
  final String handled;

  /** How many: project. */
  final String count;

  /** Handle, name, body, project, agent. */
  final String change;

  /** Project, agent, handle, name, body, time. */
  final String add;

  /** Project, agent. */
  final String remove;

  /** Run, status, time, body, newest first: project, agent, max. */
  final String runs;

  /** Status, time, body, room, run. */
  final String changeRun;

  /** Room, run, agent, status, time, body. */
  final String addRun;

  AgentSql(DSLContext jooq) {
    list =
        jooq.render(
            jooq.select(AGENT.agentId, AGENT.handle, AGENT.name, AGENT.body, AGENT.createdAt)
                .from(AGENT)
                .where(is(AGENT.projectId))
                .orderBy(AGENT.handle)
                .limit(max()));
    handled =
        jooq.render(
            jooq.select(AGENT.agentId).from(AGENT).where(is(AGENT.projectId), is(AGENT.handle)));
    count = jooq.render(jooq.selectCount().from(AGENT).where(is(AGENT.projectId)));
    change =
        jooq.render(
            jooq.update(AGENT)
                .set(AGENT.handle, bind(AGENT.handle))
                .set(AGENT.name, bind(AGENT.name))
                .set(AGENT.body, bind(AGENT.body))
                .where(is(AGENT.projectId), is(AGENT.agentId)));
    add =
        jooq.render(
            Sql.insert(
                jooq,
                AGENT,
                AGENT.projectId,
                AGENT.agentId,
                AGENT.handle,
                AGENT.name,
                AGENT.body,
                AGENT.createdAt));
    remove = jooq.render(jooq.deleteFrom(AGENT).where(is(AGENT.projectId), is(AGENT.agentId)));
    runs =
        jooq.render(
            jooq.select(RUN.runId, RUN.status, RUN.atMs, RUN.body)
                .from(RUN)
                .join(ROOM)
                .on(ROOM.roomKey.eq(RUN.roomKey))
                .where(is(ROOM.projectId), is(RUN.agentId))
                .orderBy(RUN.atMs.desc())
                .limit(max()));
    changeRun =
        jooq.render(
            jooq.update(RUN)
                .set(RUN.status, bind(RUN.status))
                .set(RUN.atMs, bind(RUN.atMs))
                .set(RUN.body, bind(RUN.body))
                .where(is(RUN.roomKey), is(RUN.runId)));
    addRun =
        jooq.render(
            Sql.insert(
                jooq, RUN, RUN.roomKey, RUN.runId, RUN.agentId, RUN.status, RUN.atMs, RUN.body));
  }
}
