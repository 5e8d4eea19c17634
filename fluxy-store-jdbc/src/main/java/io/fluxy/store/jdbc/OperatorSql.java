package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.AUDIT;
import static io.fluxy.store.jdbc.Tables.REPORT;
import static io.fluxy.store.jdbc.Tables.SANCTION;

import org.jooq.DSLContext;

/** Every statement of moderators and operators. Its binds are in the order told here. */
final class OperatorSql {
  /** User, muted until, banned until: room. */
  final String sanctions;

  /** The same: room, user. */
  final String sanction;

  /** Room, user, muted until, banned until. */
  final String addSanction;

  /** Room, user. */
  final String removeSanction;

  /** Id, project, room, user, message, reason, time. */
  final String addReport;

  /** The same, newest first: project, max. */
  final String reports;

  /** Id, project, actor, roles, action, target's type, target, trace, metadata, time. */
  final String addAudit;

  /** The same, newest first: project, max. */
  final String audits;

  OperatorSql(DSLContext jooq) {
    sanctions =
        jooq.render(
            jooq.select(
                    SANCTION.userId, SANCTION.mutedUntil, SANCTION.bannedUntil, SANCTION.blocked)
                .from(SANCTION)
                .where(is(SANCTION.roomKey))
                .orderBy(SANCTION.roomKey, SANCTION.userId));
    sanction =
        jooq.render(
            jooq.select(
                    SANCTION.userId, SANCTION.mutedUntil, SANCTION.bannedUntil, SANCTION.blocked)
                .from(SANCTION)
                .where(is(SANCTION.roomKey), is(SANCTION.userId)));
    addSanction =
        jooq.render(
            Sql.insert(
                jooq,
                SANCTION,
                SANCTION.roomKey,
                SANCTION.userId,
                SANCTION.mutedUntil,
                SANCTION.bannedUntil,
                SANCTION.blocked));
    removeSanction =
        jooq.render(jooq.deleteFrom(SANCTION).where(is(SANCTION.roomKey), is(SANCTION.userId)));
    addReport =
        jooq.render(
            Sql.insert(
                jooq,
                REPORT,
                REPORT.reportId,
                REPORT.projectId,
                REPORT.roomId,
                REPORT.userId,
                REPORT.messageId,
                REPORT.reason,
                REPORT.createdAt));
    reports =
        jooq.render(
            jooq.select(
                    REPORT.reportId,
                    REPORT.projectId,
                    REPORT.roomId,
                    REPORT.userId,
                    REPORT.messageId,
                    REPORT.reason,
                    REPORT.createdAt)
                .from(REPORT)
                .where(is(REPORT.projectId))
                .orderBy(REPORT.createdAt.desc(), REPORT.reportId.desc())
                .limit(max()));
    addAudit =
        jooq.render(
            Sql.insert(
                jooq,
                AUDIT,
                AUDIT.auditId,
                AUDIT.projectId,
                AUDIT.actor,
                AUDIT.actorRoles,
                AUDIT.action,
                AUDIT.targetType,
                AUDIT.targetId,
                AUDIT.traceId,
                AUDIT.metadata,
                AUDIT.createdAt));
    audits =
        jooq.render(
            jooq.select(
                    AUDIT.auditId,
                    AUDIT.projectId,
                    AUDIT.actor,
                    AUDIT.actorRoles,
                    AUDIT.action,
                    AUDIT.targetType,
                    AUDIT.targetId,
                    AUDIT.traceId,
                    AUDIT.metadata,
                    AUDIT.createdAt)
                .from(AUDIT)
                .where(is(AUDIT.projectId))
                .orderBy(AUDIT.createdAt.desc(), AUDIT.auditId.desc())
                .limit(max()));
  }
}
