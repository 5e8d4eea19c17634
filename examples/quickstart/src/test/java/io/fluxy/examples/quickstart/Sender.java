package io.fluxy.examples.quickstart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * A client that survives the server: what was not acknowledged it sends again, under the same
 * client message id.
 */
final class Sender {
  private static final int UNDERWAY_MAX = 8;
  private static final int REPEATED = 3;

  final String user;
  private final boolean bySocket;
  private final String token;
  private final Ledger ledger;
  private final Map<String, String> open = new LinkedHashMap<>();
  private final List<Ack> acknowledged = new ArrayList<>();
  private int written;

  Sender(String user, boolean bySocket, String token, Ledger ledger) {
    this.user = user;
    this.bySocket = bySocket;
    this.token = token;
    this.ledger = ledger;
  }

  /** Sends until the server is gone. */
  void work(Wire wire) throws InterruptedException {
    Semaphore underway = new Semaphore(UNDERWAY_MAX);
    try (Way way = way(wire)) {
      for (Map.Entry<String, String> letter : unanswered().entrySet()) {
        send(way, letter.getKey(), letter.getValue(), underway);
      }
      while (true) {
        String content = user + " says " + ++written;
        send(way, "cmsg_" + user + "_" + written, content, underway);
      }
    } catch (IOException e) {
      ledger.ended(e);
    }
  }

  /** Sends the last acknowledged messages again: the same answers have to come. */
  void repeat(Wire wire) throws IOException, InterruptedException {
    try (Way way = way(wire)) {
      for (Ack ack : last()) {
        ledger.repeated(ack, way.send(ack.clientMessageId(), ack.content()).join());
      }
    } catch (CompletionException e) {
      throw new IOException("a repeated message was not answered", e);
    }
  }

  private Way way(Wire wire) throws IOException {
    return bySocket ? new SocketWay(wire, token, user) : Way.rest(wire, token);
  }

  private void send(Way way, String clientMessageId, String content, Semaphore underway)
      throws IOException, InterruptedException {
    underway.acquire();
    synchronized (this) {
      open.put(clientMessageId, content);
    }
    CompletableFuture<Ack> answer = way.send(clientMessageId, content);
    var unused =
        answer.whenComplete(
            (ack, failure) -> {
              underway.release();
              if (ack == null) {
                ledger.ended(failure);
              } else {
                heard(ack);
              }
            });
  }

  private synchronized void heard(Ack ack) {
    open.remove(ack.clientMessageId());
    acknowledged.add(ack);
    ledger.acknowledged(ack);
  }

  private synchronized Map<String, String> unanswered() {
    return new LinkedHashMap<>(open);
  }

  private synchronized List<Ack> last() {
    int size = acknowledged.size();
    return List.copyOf(acknowledged.subList(Math.max(0, size - REPEATED), size));
  }
}
