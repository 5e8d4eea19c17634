package io.fluxy.connection;

import static io.fluxy.connection.TransportScript.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.connection.TransportScript.Guest;
import org.junit.jupiter.api.Test;

/** What every transport does with a body that goes on; part of {@link TransportContract}. */
abstract class TransportStreams extends TransportStories {
  TransportStreams(TransportContract suite) {
    super(suite);
  }

  @Test
  void aStreamsHeadComesBeforeItsFirstEvent() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");

    TransportClient.Answer head = client.head();
    guest();

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-type")).isEqualTo("text/event-stream");
    assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
  }

  @Test
  void eventsOfAStreamArriveAtOnceAndInOrderUntilItIsClosed() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();
    Guest guest = guest();

    TransportScript.wait(guest.sends(events("1")));
    assertThat(client.chunk()).isEqualTo("data: 1\n\n");
    TransportScript.wait(guest.sends(events("2"), events("3", "4")));
    StringBuilder more = new StringBuilder();
    while (more.length() < 27) {
      more.append(client.chunk());
    }
    assertThat(more.toString()).isEqualTo("data: 2\n\ndata: 3\n\ndata: 4\n\n");
    guest.socket.ping();
    guest.socket.close(1000, "done");
    assertThat(client.chunk()).isEmpty();
    guest.isToldClosed();
    assertThat(TransportScript.wait(guest.sends(events("late")))).isFalse();
  }

  @Test
  void aStreamWhoseClientHasGoneIsOver() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();
    Guest guest = guest();

    client.vanish();

    while (TransportScript.wait(guest.sends(events("anybody?")))) {
      Thread.onSpinWait(); // until the kernel has noticed
    }
    guest.isToldClosed();
  }

  @Test
  void aStreamCanBeAborted() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();
    Guest guest = guest();

    guest.socket.abort();

    client.bodyEnds(); // whether or not the server can close what it shares with later requests
    guest.isToldClosed();
  }

  @Test
  void aHeadRequestOpensNoStream() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("HEAD /stream HTTP/1.1", "Host: localhost", "Connection: close", "");

    assertThat(client.head().header("content-type")).isEqualTo("text/event-stream");
    client.gone();
    assertThat(engine.came).isEmpty();
  }
}
