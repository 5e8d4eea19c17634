package io.fluxy.connection;

import static io.fluxy.connection.TransportScript.frames;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportScript.Guest;
import io.fluxy.wire.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * What every transport gives the engine and its clients. Clients are raw sockets: what counts is
 * bytes.
 */
public abstract class TransportContract {
  /** A server that runs. */
  public interface Running {
    int port();

    /** Stops it; doing so twice is fine. */
    void stop() throws Exception;
  }

  protected final TransportScript engine = new TransportScript();
  private final Fluxy fluxy = engine.start();
  private final List<TransportClient> clients = new ArrayList<>();
  private final List<Guest> guests = new ArrayList<>();
  private Running server;

  /** A suite for one transport. */
  protected TransportContract() {}

  /** Starts a server on a free port of the loopback address, with the engine at its root. */
  protected abstract Running start(Fluxy fluxy) throws Exception;

  @BeforeEach
  void startServer() throws Exception {
    server = start(fluxy);
  }

  @AfterEach
  void stopServer() throws Exception {
    for (TransportClient client : clients) {
      client.close();
    }
    server.stop();
    fluxy.close();
    for (Guest guest : guests) {
      guest.isToldClosed();
      assertThat(guest.brokenPromises()).isEmpty();
    }
  }

  protected final Fluxy fluxy() {
    return fluxy;
  }

  protected final int port() {
    return server.port();
  }

  protected final Running server() {
    return server;
  }

  protected final TransportClient connect() throws Exception {
    TransportClient client = TransportClient.connect(port());
    clients.add(client);
    return client;
  }

  /** A client with an open web socket. */
  protected final TransportClient joined() throws Exception {
    return connect().upgrade("/ws");
  }

  protected final Guest guest() throws Exception {
    Guest guest = engine.nextGuest();
    guests.add(guest);
    return guest;
  }

  /** A client with an open web socket that soon holds the server up if it does not read. */
  protected final TransportClient narrow() throws Exception {
    TransportClient client = TransportClient.narrow(port());
    clients.add(client);
    return client.upgrade("/ws");
  }

  /** Sends until a send does not come back; that one. */
  protected static CompletableFuture<Boolean> fill(Guest guest) throws Exception {
    Frames big = frames("z".repeat(200_000));
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Boolean> sent = guest.sends(big);
      try {
        sent.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        return sent;
      }
    }
    throw new AssertionError("40 MB fit into the kernel");
  }

  /**
   * Which codes will do where one is right; servers differ in whether a length that cannot be is
   * too big.
   */
  protected List<Integer> acceptable(int code) {
    return List.of(code);
  }

  @Nested
  class OfHandshakes extends TransportHandshakes {
    OfHandshakes() {
      super(TransportContract.this);
    }
  }

  @Nested
  class OfMessages extends TransportMessages {
    OfMessages() {
      super(TransportContract.this);
    }
  }

  @Nested
  class OfEnds extends TransportEnds {
    OfEnds() {
      super(TransportContract.this);
    }
  }

  @Nested
  class OfLimits extends TransportLimits {
    OfLimits() {
      super(TransportContract.this);
    }
  }

  @Nested
  class OfRequests extends TransportRequests {
    OfRequests() {
      super(TransportContract.this);
    }
  }

  @Nested
  class OfStreams extends TransportStreams {
    OfStreams() {
      super(TransportContract.this);
    }
  }
}
