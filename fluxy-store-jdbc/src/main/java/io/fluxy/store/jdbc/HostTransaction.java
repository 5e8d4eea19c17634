package io.fluxy.store.jdbc;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Names;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.Text;
import io.fluxy.chat.User;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Messages in a transaction of the host: they are written with the host's own rows, on the host's
 * own connection. When it commits, their rooms number and tell them, once, in the order in which
 * they were written, also if the process dies in between; when it rolls back, nothing remains.
 *
 * <pre>{@code
 * HostTransaction chat = store.within(connection);
 * orders.ship(connection, 4711);
 * chat.post(room, User.named("shop"), Draft.text("Order 4711 is on its way"));
 * connection.commit();
 * chat.committed();
 * }</pre>
 *
 * <p>The connection must be to the database of the store, with its tables in reach by their bare
 * names. What is looked at at once is the draft; the rules of the room, such as membership, decide
 * when the room takes it, as they stand then: what they refuse stays in the table {@code
 * fluxy_pending}, with the reason, and the engine tells it (see {@code
 * Fluxy.Builder.refusedPosts}). Like all posts of the host's own code it is not subject to rate
 * limits, interceptors or {@code Access}.
 *
 * <p>On SQLite, which has one writer at a time, nobody else's message is acknowledged from the
 * host's first write to its commit: keep such transactions short, and don't wait for the engine in
 * them. A transaction that has read before somebody else wrote can't write there any more, and is
 * told so at once: let it begin with a write, or put {@code transaction_mode=IMMEDIATE} into the
 * URL. Then the driver takes the lock for the next transaction with the end of the last, unless the
 * connection goes back to auto-commit, as Spring and pools see to.
 *
 * <p>For the thread of the connection; {@link #committed} for any.
 */
public final class HostTransaction {
  private final Connection connection;
  private final JdbcPending pending;
  private final Database database;

  HostTransaction(Connection connection, JdbcPending pending, Database database) {
    this.connection = connection;
    this.pending = pending;
    this.database = database;
  }

  /**
   * Writes a message that its room will take once the transaction is committed.
   *
   * @param draft if it has no client message id, it gets one; if this user has used it in this room
   *     before, that first message stands and there is no other
   * @return the client message id under which the room will have the message
   * @throws IllegalArgumentException if there is no such room, or if no room could take the draft;
   *     nothing was written
   * @throws SQLException as the connection has it
   */
  public String post(RoomId room, User from, Draft draft) throws SQLException {
    check(draft);
    database.claim(connection);
    long roomKey = pending.roomKey(connection, room);
    String id = pending.newId();
    String clientId = draft.clientMessageId() == null ? id : draft.clientMessageId();
    String text = DraftText.of(from, draft);
    DraftText.draft(text, clientId); // or the engine could not read it either
    pending.add(connection, id, roomKey, from.id(), clientId, text);
    return clientId;
  }

  private static void check(Draft draft) {
    String clientId = draft.clientMessageId();
    if (draft.content().isBlank()) {
      throw new IllegalArgumentException("content cannot be empty");
    } else if (!Text.isSound(draft.content())) {
      throw new IllegalArgumentException("content has NUL or half a surrogate pair");
    } else if (clientId != null && !Names.isClientMessageId(clientId)) {
      throw new IllegalArgumentException(
          "client message id must be 8-128 letters, digits, _ or -: " + Names.shown(clientId));
    }
  }

  /**
   * Says that the transaction is committed, so that the rooms hear of it now. Without it they do
   * within two seconds. Never blocks; if the transaction was rolled back, it does nothing.
   */
  public void committed() {
    pending.committed();
  }
}
