package io.fluxy.connection;

import io.fluxy.connection.TransportContract.Running;
import io.fluxy.connection.TransportScript.Guest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the stories of {@link TransportContract} have in hand. */
abstract class TransportStories {
  final TransportScript engine;
  private final TransportContract suite;

  TransportStories(TransportContract suite) {
    this.suite = suite;
    this.engine = suite.engine;
  }

  final Running server() {
    return suite.server();
  }

  final int port() {
    return suite.port();
  }

  final TransportClient connect() throws Exception {
    return suite.connect();
  }

  /** A client with an open web socket. */
  final TransportClient joined() throws Exception {
    return suite.joined();
  }

  final Guest guest() throws Exception {
    return suite.guest();
  }

  /** A client with an open web socket that soon holds the server up if it does not read. */
  final TransportClient narrow() throws Exception {
    return suite.narrow();
  }

  final CompletableFuture<Boolean> fill(Guest guest) throws Exception {
    return TransportContract.fill(guest);
  }

  final List<Integer> acceptable(int code) {
    return suite.acceptable(code);
  }
}
