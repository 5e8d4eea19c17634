package io.fluxy.store.jdbc;

import io.fluxy.store.DeliveryRecord;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** Collects what webhooks are to be told, and sends it as one batch. Of the writer thread only. */
final class OutboxWriter {
  private final Session session;
  private final WebhookSql sql;
  private int collected;

  OutboxWriter(Session session, Statements sql) {
    this.session = session;
    this.sql = sql.webhooks;
  }

  void add(List<DeliveryRecord> outgoing) throws SQLException {
    if (outgoing.isEmpty()) {
      return;
    }
    PreparedStatement insert = session.prepared(sql.addDelivery);
    for (DeliveryRecord delivery : outgoing) {
      insert.setString(1, delivery.id());
      insert.setString(2, delivery.projectId());
      insert.setString(3, delivery.webhookId());
      insert.setString(4, delivery.eventType());
      insert.setString(5, delivery.lane());
      insert.setLong(6, delivery.seq());
      insert.setString(7, delivery.payload());
      insert.setInt(8, WebhookSql.code(delivery.status()));
      insert.setInt(9, delivery.attempts());
      insert.setLong(10, delivery.nextAttemptAtMs());
      insert.setInt(11, delivery.lastHttpStatus());
      insert.setString(12, delivery.lastError());
      if (delivery.deliveredAtMs() == null) {
        insert.setNull(13, Types.BIGINT);
      } else {
        insert.setLong(13, delivery.deliveredAtMs());
      }
      insert.setLong(14, delivery.createdAtMs());
      insert.setLong(15, delivery.updatedAtMs());
      insert.addBatch();
      collected++;
    }
  }

  void flush() throws SQLException {
    if (collected > 0) {
      collected = 0;
      session.prepared(sql.addDelivery).executeBatch();
    }
  }

  void forget() throws SQLException {
    if (collected > 0) {
      collected = 0;
      session.prepared(sql.addDelivery).clearBatch();
    }
  }
}
