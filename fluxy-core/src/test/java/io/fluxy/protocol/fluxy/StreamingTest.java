package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages written bit by bit over a socket: contract 2.2, 7. */
class StreamingTest {
  private final ChatServer server = ChatServer.withLobby();
  private final Client ann = server.joins("ann", "lobby");
  private final Client bob = server.joins("bob", "lobby");

  StreamingTest() {
    ann.hears();
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void aStreamIsAMessageThenEditsThenOneEditWithASeq() {
    ann.says("{'type':'stream','op':'start','content':'','userId':'bob'}");
    ann.says("{'type':'stream','op':'delta','content':'Hel'}");
    ann.says("{'type':'stream','op':'delta','content':'Hello'}");
    server.time.pass(120);
    ann.says("{'type':'stream','op':'delta','content':'Hello wor'}");
    ann.says("{'type':'stream','op':'end','content':'Hello world'}");

    String message =
        "{'type':'message','id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
            + "'content':'','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,'mentions':[],"
            + "'preview':null,'attachments':[],'seq':3,'version':1,'streaming':true}";
    assertThat(bob.hears())
        .containsExactly(
            message,
            "{'type':'edit','id':134217731,'roomId':'lobby','userId':'ann','content':'Hel',"
                + "'editedAt':'2026-01-31T12:00:01.000Z','streaming':true}",
            "{'type':'edit','id':134217731,'roomId':'lobby','userId':'ann','content':'Hello',"
                + "'editedAt':'2026-01-31T12:00:01.120Z','streaming':true}",
            "{'type':'edit','id':134217731,'roomId':'lobby','userId':'ann',"
                + "'content':'Hello world','editedAt':'2026-01-31T12:00:01.120Z',"
                + "'streaming':false,'version':2,'seq':4}",
            "{'type':'message_updated','id':134217731,'roomId':'lobby','userId':'ann',"
                + "'content':'Hello world','editedAt':'2026-01-31T12:00:01.120Z',"
                + "'version':2,'seq':4}");
    assertThat(ann.hears())
        .startsWith(message, "{'type':'stream','op':'started','id':134217731,'roomId':'lobby'}");
  }

  @Test
  void whoReconnectsIsToldWhatItIsWriting() {
    ann.says("{'type':'stream','op':'start','content':'so','parentId':null}");
    ann.says("{'type':'stream','op':'delta','content':'so far'}");
    ann.leaves();
    Client again = server.connect(server.token("ann"), "lobby");

    assertThat(again.hears())
        .element(1)
        .isEqualTo(
            "{'type':'streamState','messageId':134217731,'roomId':'lobby','userId':'ann',"
                + "'content':'so far','createdAt':'2026-01-31T12:00:01.000Z','parentId':null,"
                + "'streaming':true}");
    again.says("{'type':'stream','op':'abort'}");
    assertThat(again.hears("delete")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'stream','op':'delta','content':'x'} | stream_not_active",
        "{'type':'stream','op':'end','content':'x'}   | stream_not_active",
        "{'type':'stream','op':'abort'}               | stream_not_active",
        "{'type':'stream','op':'delta'}  | invalid_content: content must be a string",
        "{'type':'stream','op':'pause'}  | op must be start, delta, end or abort",
        "{'type':'stream'}               | op must be start, delta, end or abort"
      })
  void whatMakesNoSenseIsTold(String frame, String error) {
    assertThat(ann.says(frame).hears())
        .containsExactly("{'type':'error','message':'" + error + "'}");
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void aSecondStreamIsRefused() {
    ann.says("{'type':'stream','op':'start'}");

    assertThat(ann.says("{'type':'stream','op':'start'}").last())
        .isEqualTo("{'type':'error','message':'stream_already_active'}");
  }

  @Test
  void aStreamCountsAsOneMessageAndItsDeltasHardlyCount() {
    ChatServer strict = ChatServer.setup().limits(limits -> limits.messagesPerMinute(2)).start();
    strict.room("lobby", "group", "ann", "bob");
    Client ann = strict.joins("ann", "lobby");
    for (int i = 0; i < 2; i++) {
      ann.says("{'type':'stream','op':'start'}");
      for (int j = 0; j < 1_000; j++) {
        ann.says("{'type':'stream','op':'delta','content':'" + j + "'}");
      }
      ann.says("{'type':'stream','op':'end'}");
    }
    assertThat(ann.hears("error")).isEmpty();
    assertThat(ann.says("{'type':'stream','op':'start'}").last())
        .startsWith("{'type':'error','message':'rate_limit_exceeded");
  }
}
