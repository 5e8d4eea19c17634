package io.fluxy.store.jdbc;

import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.WebhookRecord;
import io.fluxy.store.WebhookStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Webhooks and their outbox in a database: changes go to the writer, all else to the readers. */
final class JdbcWebhooks implements WebhookStore {
  private static final int LANES_MAX = 500; // looked into for one answer

  private final WebhookSql sql;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcWebhooks(Statements sql, WriteQueue writes, ReadPool reads) {
    this.sql = sql.webhooks;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<Void> saveWebhook(WebhookRecord webhook) {
    String types = String.join(",", webhook.eventTypes());
    return write(
        webhook.projectId(),
        transaction -> {
          int changed =
              transaction
                  .session()
                  .update(
                      sql.changeWebhook,
                      webhook.url(),
                      webhook.secret(),
                      types,
                      webhook.id(),
                      webhook.projectId());
          if (changed == 0) {
            transaction
                .session()
                .update(
                    sql.addWebhook,
                    webhook.id(),
                    webhook.projectId(),
                    webhook.url(),
                    webhook.secret(),
                    types,
                    webhook.createdAtMs(),
                    "",
                    0L);
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Boolean> removeWebhook(String projectId, String webhookId) {
    return write(
        projectId,
        transaction -> {
          Session session = transaction.session();
          boolean removed = session.update(sql.removeWebhook, webhookId, projectId) > 0;
          if (removed) {
            transaction.outbox().flush();
            session.update(sql.removeDeliveries, webhookId);
          }
          return removed;
        });
  }

  @Override
  public CompletionStage<List<WebhookRecord>> webhooks(int max) {
    return reads.ask("webhooks", session -> session.list(sql.webhooks, JdbcWebhooks::webhook, max));
  }

  private static WebhookRecord webhook(ResultSet row) throws SQLException {
    String types = row.getString(5);
    return new WebhookRecord(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        types.isEmpty() ? List.of() : List.of(types.split(",", -1)),
        row.getLong(6));
  }

  @Override
  public CompletionStage<Void> add(List<DeliveryRecord> deliveries) {
    return write(
        "webhooks",
        transaction -> {
          transaction.outbox().add(deliveries);
          return null;
        });
  }

  @Override
  public CompletionStage<List<String>> lease(String worker, long nowMs, long untilMs, int max) {
    return write(
        "webhooks",
        transaction -> {
          Session session = transaction.session();
          transaction.outbox().flush();
          List<String> leased = new ArrayList<>();
          for (String id : session.list(sql.free, row -> row.getString(1), nowMs, nowMs, max)) {
            if (session.update(sql.lease, worker, untilMs, id, nowMs) > 0) {
              leased.add(id);
            }
          }
          return leased;
        });
  }

  @Override
  public CompletionStage<Boolean> prolong(String webhookId, String worker, long untilMs) {
    return write(
        "webhooks",
        transaction -> transaction.session().update(sql.prolong, untilMs, webhookId, worker) > 0);
  }

  @Override
  public CompletionStage<Void> release(String webhookId, String worker) {
    return write(
        "webhooks",
        transaction -> {
          transaction.session().update(sql.release, webhookId, worker);
          return null;
        });
  }

  @Override
  public CompletionStage<List<DeliveryRecord>> due(String webhookId, long nowMs, int max) {
    return reads.ask(
        "webhooks",
        session -> {
          List<DeliveryRecord> due = new ArrayList<>();
          for (String lane :
              session.list(sql.lanes, row -> row.getString(1), webhookId, nowMs, LANES_MAX)) {
            for (DeliveryRecord delivery :
                session.list(sql.lane, JdbcWebhooks::delivery, webhookId, lane, max - due.size())) {
              if (delivery.nextAttemptAtMs() > nowMs) {
                break;
              }
              due.add(delivery);
            }
            if (due.size() == max) {
              break;
            }
          }
          return List.copyOf(due);
        });
  }

  @Override
  public CompletionStage<Void> attempted(DeliveryRecord after) {
    return write(
        after.projectId(),
        transaction -> {
          transaction
              .session()
              .update(
                  sql.attempted,
                  WebhookSql.code(after.status()),
                  after.attempts(),
                  after.nextAttemptAtMs(),
                  after.lastHttpStatus(),
                  after.lastError(),
                  after.deliveredAtMs(),
                  after.updatedAtMs(),
                  after.id(),
                  after.attempts() - 1);
          return null;
        });
  }

  @Override
  public CompletionStage<List<DeliveryRecord>> deliveries(
      String projectId, @Nullable String webhookId, int max) {
    return reads.ask(
        projectId,
        session ->
            webhookId == null
                ? session.list(sql.ofProject, JdbcWebhooks::delivery, projectId, max)
                : session.list(sql.ofWebhook, JdbcWebhooks::delivery, projectId, webhookId, max));
  }

  @Override
  public CompletionStage<Boolean> replay(String projectId, String deliveryId, long nowMs) {
    return write(
        projectId,
        transaction -> {
          transaction.outbox().flush();
          return transaction.session().update(sql.replay, nowMs, nowMs, deliveryId, projectId) > 0;
        });
  }

  @Override
  public CompletionStage<Void> forget(String projectId, String userId) {
    String field = "\"userId\":\"" + userId.replace("!", "!!").replace("_", "!_") + "\"";
    return write(
        projectId,
        transaction -> {
          transaction.outbox().flush();
          transaction.session().update(sql.forget, projectId, "%" + field + "%");
          return null;
        });
  }

  @Override
  public CompletionStage<Void> prune(long beforeMs) {
    return write(
        "webhooks",
        transaction -> {
          transaction.session().update(sql.prune, beforeMs);
          transaction.outbox().flush();
          transaction.session().update(sql.pruneOrphans);
          return null;
        });
  }

  private <T> CompletionStage<T> write(String subject, DirectWrite.Change<T> change) {
    return writes.add(new DirectWrite<>(subject, change));
  }

  private static DeliveryRecord delivery(ResultSet row) throws SQLException {
    long deliveredAt = row.getLong(13);
    Long delivered = row.wasNull() ? null : (Long) deliveredAt;
    return new DeliveryRecord(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getString(7),
        WebhookSql.status(row.getInt(8)),
        row.getInt(9),
        row.getLong(10),
        row.getInt(11),
        row.getString(12),
        delivered,
        row.getLong(14),
        row.getLong(15));
  }
}
