package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.DELIVERY;
import static io.fluxy.store.jdbc.Tables.WEBHOOK;
import static org.jooq.impl.DSL.inline;

import io.fluxy.store.DeliveryRecord.Status;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.SelectJoinStep;
import org.jooq.impl.DSL;

/** Every statement on webhooks. Its binds are in the order in which they are told here. */
final class WebhookSql {
  /** How {@link Status#PENDING} is kept. */
  private static final int PENDING = code(Status.PENDING);

  /** Webhook, project, url, secret, types, time, worker, until. */
  final String addWebhook;

  /** Url, secret, types, webhook, project. */
  final String changeWebhook;

  /** Webhook, project. */
  final String removeWebhook;

  /** Webhook. */
  final String removeDeliveries;

  /** Project, webhook, url, secret, types, time: max. */
  final String webhooks;

  /** Ids of webhooks without a lease that have something due: now, now, max. */
  final String free;

  /** Worker, until, webhook, now. */
  final String lease;

  /** Until, webhook, worker. */
  final String prolong;

  /** Webhook, worker. */
  final String release;

  /** All columns, see {@link OutboxWriter#add}. */
  final String addDelivery;

  /** Lanes with something due: webhook, now, max. */
  final String lanes;

  /** Pending deliveries of a lane, oldest first: webhook, lane, max. */
  final String lane;

  /** Status, attempts, next, http status, error, delivered, updated, delivery, attempts before. */
  final String attempted;

  /** Next, updated, delivery, project. */
  final String replay;

  /** Newest first: project, max. */
  final String ofProject;

  /** Newest first: project, webhook, max. */
  final String ofWebhook;

  /** With a payload like this: project, pattern. */
  final String forget;

  /** Time. */
  final String prune;

  /** Of webhooks that are gone. */
  final String pruneOrphans;

  private final DSLContext jooq;

  WebhookSql(DSLContext jooq) {
    this.jooq = jooq;
    addWebhook =
        jooq.render(
            Sql.insert(
                jooq,
                WEBHOOK,
                WEBHOOK.webhookId,
                WEBHOOK.projectId,
                WEBHOOK.url,
                WEBHOOK.secret,
                WEBHOOK.eventTypes,
                WEBHOOK.createdAt,
                WEBHOOK.leasedBy,
                WEBHOOK.leasedUntil));
    changeWebhook =
        jooq.render(
            jooq.update(WEBHOOK)
                .set(WEBHOOK.url, bind(WEBHOOK.url))
                .set(WEBHOOK.secret, bind(WEBHOOK.secret))
                .set(WEBHOOK.eventTypes, bind(WEBHOOK.eventTypes))
                .where(is(WEBHOOK.webhookId), is(WEBHOOK.projectId)));
    removeWebhook =
        jooq.render(jooq.deleteFrom(WEBHOOK).where(is(WEBHOOK.webhookId), is(WEBHOOK.projectId)));
    removeDeliveries = jooq.render(jooq.deleteFrom(DELIVERY).where(is(DELIVERY.webhookId)));
    webhooks =
        jooq.render(
            jooq.select(
                    WEBHOOK.projectId,
                    WEBHOOK.webhookId,
                    WEBHOOK.url,
                    WEBHOOK.secret,
                    WEBHOOK.eventTypes,
                    WEBHOOK.createdAt)
                .from(WEBHOOK)
                .orderBy(WEBHOOK.createdAt, WEBHOOK.webhookId)
                .limit(max()));
    free =
        jooq.render(
            jooq.select(WEBHOOK.webhookId)
                .from(WEBHOOK)
                .where(
                    isFree(),
                    DSL.exists(
                        jooq.selectOne()
                            .from(DELIVERY)
                            .where(DELIVERY.webhookId.eq(WEBHOOK.webhookId), isPending(), isDue())))
                .orderBy(WEBHOOK.webhookId)
                .limit(max()));
    lease =
        jooq.render(
            jooq.update(WEBHOOK)
                .set(WEBHOOK.leasedBy, bind(WEBHOOK.leasedBy))
                .set(WEBHOOK.leasedUntil, bind(WEBHOOK.leasedUntil))
                .where(is(WEBHOOK.webhookId), isFree()));
    prolong =
        jooq.render(
            jooq.update(WEBHOOK)
                .set(WEBHOOK.leasedUntil, bind(WEBHOOK.leasedUntil))
                .where(is(WEBHOOK.webhookId), is(WEBHOOK.leasedBy)));
    release =
        jooq.render(
            jooq.update(WEBHOOK)
                .set(WEBHOOK.leasedBy, inline(""))
                .set(WEBHOOK.leasedUntil, inline(0L))
                .where(is(WEBHOOK.webhookId), is(WEBHOOK.leasedBy)));
    addDelivery =
        jooq.render(
            Sql.insert(
                jooq,
                DELIVERY,
                DELIVERY.deliveryId,
                DELIVERY.projectId,
                DELIVERY.webhookId,
                DELIVERY.eventType,
                DELIVERY.lane,
                DELIVERY.seq,
                DELIVERY.payload,
                DELIVERY.status,
                DELIVERY.attempts,
                DELIVERY.nextAttemptAt,
                DELIVERY.lastHttpStatus,
                DELIVERY.lastError,
                DELIVERY.deliveredAt,
                DELIVERY.createdAt,
                DELIVERY.updatedAt));
    lanes =
        jooq.render(
            jooq.select(DELIVERY.lane)
                .from(DELIVERY)
                .where(is(DELIVERY.webhookId), isPending(), isDue())
                .groupBy(DELIVERY.lane)
                .orderBy(DSL.min(DELIVERY.createdAt), DELIVERY.lane)
                .limit(max()));
    lane =
        jooq.render(
            deliveries()
                .where(is(DELIVERY.webhookId), isPending(), is(DELIVERY.lane))
                .orderBy(DELIVERY.createdAt, DELIVERY.seq, DELIVERY.deliveryId)
                .limit(max()));
    attempted =
        jooq.render(
            jooq.update(DELIVERY)
                .set(DELIVERY.status, bind(DELIVERY.status))
                .set(DELIVERY.attempts, bind(DELIVERY.attempts))
                .set(DELIVERY.nextAttemptAt, bind(DELIVERY.nextAttemptAt))
                .set(DELIVERY.lastHttpStatus, bind(DELIVERY.lastHttpStatus))
                .set(DELIVERY.lastError, bind(DELIVERY.lastError))
                .set(DELIVERY.deliveredAt, bind(DELIVERY.deliveredAt))
                .set(DELIVERY.updatedAt, bind(DELIVERY.updatedAt))
                .where(is(DELIVERY.deliveryId), isPending(), is(DELIVERY.attempts)));
    replay =
        jooq.render(
            jooq.update(DELIVERY)
                .set(DELIVERY.status, inline(PENDING))
                .set(DELIVERY.attempts, inline(0))
                .set(DELIVERY.nextAttemptAt, bind(DELIVERY.nextAttemptAt))
                .set(DELIVERY.deliveredAt, inline(null, DELIVERY.deliveredAt))
                .set(DELIVERY.updatedAt, bind(DELIVERY.updatedAt))
                .where(is(DELIVERY.deliveryId), is(DELIVERY.projectId)));
    ofProject = jooq.render(newest(is(DELIVERY.projectId)));
    ofWebhook = jooq.render(newest(is(DELIVERY.projectId), is(DELIVERY.webhookId)));
    forget =
        jooq.render(
            jooq.deleteFrom(DELIVERY)
                .where(is(DELIVERY.projectId), DELIVERY.payload.like(bind(DELIVERY.payload), '!')));
    prune =
        jooq.render(
            jooq.deleteFrom(DELIVERY)
                .where(
                    DELIVERY.status.ne(inline(PENDING)),
                    DELIVERY.updatedAt.lt(bind(DELIVERY.updatedAt))));
    pruneOrphans =
        jooq.render(
            jooq.deleteFrom(DELIVERY)
                .where(DELIVERY.webhookId.notIn(jooq.select(WEBHOOK.webhookId).from(WEBHOOK))));
  }

  /** A status as the database keeps it. */
  static int code(Status status) {
    return switch (status) {
      case PENDING -> 0;
      case DELIVERED -> 1;
      case FAILED -> 2;
    };
  }

  /** Reads {@link #code} back. */
  static Status status(int code) {
    return switch (code) {
      case 0 -> Status.PENDING;
      case 1 -> Status.DELIVERED;
      default -> Status.FAILED;
    };
  }

  private org.jooq.Query newest(Condition... where) {
    return deliveries()
        .where(where)
        .orderBy(DELIVERY.createdAt.desc(), DELIVERY.seq.desc(), DELIVERY.deliveryId.desc())
        .limit(max());
  }

  private SelectJoinStep<?> deliveries() {
    return jooq.select(
            DELIVERY.projectId,
            DELIVERY.deliveryId,
            DELIVERY.webhookId,
            DELIVERY.eventType,
            DELIVERY.lane,
            DELIVERY.seq,
            DELIVERY.payload,
            DELIVERY.status,
            DELIVERY.attempts,
            DELIVERY.nextAttemptAt,
            DELIVERY.lastHttpStatus,
            DELIVERY.lastError,
            DELIVERY.deliveredAt,
            DELIVERY.createdAt,
            DELIVERY.updatedAt)
        .from(DELIVERY);
  }

  private static Condition isFree() {
    return WEBHOOK.leasedUntil.lt(bind(WEBHOOK.leasedUntil));
  }

  private static Condition isPending() {
    return DELIVERY.status.eq(inline(PENDING));
  }

  private static Condition isDue() {
    return DELIVERY.nextAttemptAt.le(bind(DELIVERY.nextAttemptAt));
  }
}
