package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.DataLimits;
import io.fluxy.chat.Role;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A room as a file: contract 1.7. */
class ExportTest {
  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String file(String token, String target) {
    Client reader = server.call("GET", target).token(token).stream();
    assertThat(reader.end()).isEqualTo("1000 ");
    return reader.raw();
  }

  private void says(String text) {
    String json = "{\"roomId\":\"lobby\",\"content\":\"" + text + "\"}";
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    assertThat(server.call("POST", "/messages").token(anns).body(body).now().status())
        .isEqualTo(200);
  }

  @Test
  void jsonHasTheFormOfHistoryOldestFirst() {
    says("one");
    says("two @bob");

    String shared = "'parentId':null,'editedAt':null,'deletedAt':null,'expiresAt':null,";
    assertThat(file(anns, "/export/messages.json?roomId=lobby").replace('"', '\''))
        .isEqualTo(
            "{'messages':["
                + "{'id':134217731,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'one','createdAt':'2026-01-31T12:00:01.000Z',"
                + shared
                + "'kind':'text','visibility':'room','seq':3,'version':1,'mentions':[],"
                + "'attachments':[]},"
                + "{'id':134217732,'roomId':'lobby','userId':'ann','senderId':'ann',"
                + "'content':'two @bob','createdAt':'2026-01-31T12:00:01.001Z',"
                + shared
                + "'kind':'text','visibility':'room','seq':4,'version':1,'mentions':['bob'],"
                + "'attachments':[]}]}");
  }

  @Test
  void csvIsQuotedAndNothingInItCalculates() {
    says("plain");
    says("comma, \\\"quote\\\"\\r\\nline");
    says("=1+1");
    says("@bob +1");
    says("-2");
    says("\\t=x"); // trimmed by the room

    assertThat(file(anns, "/export/messages.csv?roomId=lobby").replace('"', '\''))
        .isEqualTo(
            String.join(
                "\r\n",
                "id,createdAt,roomId,userId,content,parentId,mentions",
                "134217731,2026-01-31T12:00:01.000Z,lobby,ann,plain,,[]",
                "134217732,2026-01-31T12:00:01.001Z,lobby,ann,'comma, ''quote''\r\nline',,[]",
                "134217733,2026-01-31T12:00:01.002Z,lobby,ann,'=1+1,,[]",
                "134217734,2026-01-31T12:00:01.003Z,lobby,ann,'@bob +1,,'[''bob'']'",
                "134217735,2026-01-31T12:00:01.004Z,lobby,ann,'-2,,[]",
                "134217736,2026-01-31T12:00:01.005Z,lobby,ann,'=x,,[]",
                ""));
  }

  @Test
  void markdownIsForPeopleAndItsSignsArePlainOnes() {
    says("# no heading\\n<script>[x](javascript:1)*");

    assertThat(file(anns, "/export/rooms/lobby.markdown"))
        .isEqualTo(
            """
            # The lobby

            **ann** (2026-01-31T12:00:01.000Z)

            > \\# no heading
            > \\<script\\>\\[x\\](javascript:1)\\*
            """);
  }

  @Test
  void aFileIsToBeSavedAndNotShown() {
    Reply reply = server.get(anns, "/export/messages.csv?roomId=lobby");

    assertThat(reply.header("Content-Disposition")).contains("attachment; filename=\"lobby.csv\"");
    assertThat(reply.header("Content-Type")).contains("text/csv;charset=UTF-8");
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void aLongRoomIsExportedWholeWithoutWhatWasDeleted() {
    IntStream.rangeClosed(1, 450).forEach(i -> says("message " + i));
    server.delete(anns, "/messages/" + (134217728L + 2 + 10));
    server.patch(anns, "/messages/" + (134217728L + 2 + 20), "{'content':'edited'}");

    List<String> lines = file(anns, "/export/messages.csv?roomId=lobby").lines().skip(1).toList();

    assertThat(lines).hasSize(449);
    assertThat(lines.get(8)).contains(",message 9,");
    assertThat(lines.get(9)).contains(",message 11,");
    assertThat(lines.get(18)).contains(",edited,");
    assertThat(lines.get(448)).contains(",message 450,");
  }

  @Test
  void fromAndToAreTimes() {
    says("one");
    server.time.pass(1_000);
    says("two");
    server.time.pass(1_000);
    says("three");

    String target = "/export/messages.csv?roomId=lobby&from=%s&to=%s";
    String middle = "2026-01-31T12:00:02.000Z";
    assertThat(file(anns, target.formatted(middle, middle)).lines().skip(1)).hasSize(1);
    assertThat(file(anns, "/export/messages.csv?roomId=lobby&from=" + middle).lines().skip(1))
        .hasSize(2);
    assertThat(file(anns, "/export/messages.csv?roomId=lobby&to=" + middle).lines().skip(1))
        .hasSize(2);
    assertThat(server.get(anns, target.formatted("x", middle)))
        .hasToString(
            "400 {'traceId':'t-1','error':'from must be a time such as 2026-01-31T12:00:00.000Z'}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/export/rooms/lobby.pdf", "/export/rooms/lobby", "/export/rooms/x.doc"})
  void whatCannotBeMadeIsMissing(String target) {
    assertThat(server.get(anns, target).status()).isEqualTo(404);
  }

  @Test
  void onlyWhoMayReadARoomMayExportIt() {
    server.room("square", "public", "ann");
    String guest = server.token("anon_1", Role.GUEST);

    assertThat(server.get(server.token("carol"), "/export/messages.json?roomId=lobby").status())
        .isEqualTo(403);
    assertThat(server.get(guest, "/export/messages.json?roomId=square").status()).isEqualTo(403);
    assertThat(server.get(anns, "/export/messages.json"))
        .hasToString("400 {'traceId':'t-1','error':'roomId required'}");
    ChatServer slow =
        ChatServer.setup()
            .limits(limits -> limits.data(DataLimits.defaults().withExportsPerMinute(1)))
            .start();
    slow.room("den", "group", "ann");
    String den = "/export/messages.json?roomId=den";
    assertThat(slow.get(slow.token("ann"), den).status()).isEqualTo(200);
    assertThat(slow.get(slow.token("ann"), den).status()).isEqualTo(429);
  }

  @Test
  void aReaderThatTakesNothingIsWaitedForAndThenLeft() {
    IntStream.rangeClosed(1, 450).forEach(i -> says("message " + i));
    SlowReader reader = new SlowReader();

    reader.opens();
    assertThat(reader.pieces).as("the head, and no more until it is taken").hasSize(1);
    reader.takes();
    reader.takes();
    assertThat(reader.pieces).as("one stretch at a time").hasSize(1);
    assertThat(reader.taken).hasSize(2);
    server.time.pass(29_999);
    assertThat(reader.aborted).isFalse();
    server.time.pass(1);

    assertThat(reader.aborted).isTrue();
  }

  @Test
  void whoIsRemovedHalfwayGetsNoFurther() {
    IntStream.rangeClosed(1, 450).forEach(i -> says("message " + i));
    SlowReader bob = new SlowReader("bob");
    bob.opens();
    bob.takes();

    server.delete(anns, "/rooms/lobby/members/bob");
    bob.takes();

    assertThat(bob.aborted).isTrue();
    assertThat(bob.pieces).isEmpty();
  }

  /** Takes a piece when told to. */
  private final class SlowReader implements Socket {
    private final Deque<String> pieces = new ArrayDeque<>();
    private final Deque<String> taken = new ArrayDeque<>();
    private final String token;
    private Sent sent = ok -> {};
    private boolean aborted;

    SlowReader() {
      this("ann");
    }

    SlowReader(String user) {
      this.token = server.token(user);
    }

    void opens() {
      ApiRequest request =
          ApiRequest.of(
              "GET",
              "/export/messages.csv?roomId=lobby",
              Map.of("Authorization", "Bearer " + token),
              new byte[0],
              "192.0.2.1");
      var answer = server.fluxy.answer(request).toCompletableFuture();
      server.time.settle();
      ApiResponse response = answer.join();
      Objects.requireNonNull(response.stream()).open(this);
      server.time.settle();
    }

    void takes() {
      taken.add(pieces.remove());
      sent.sent(true);
      server.time.settle();
    }

    @Override
    public void send(List<Frames> frames, Sent whenSent) {
      frames.forEach(each -> pieces.add(StandardCharsets.UTF_8.decode(each.bytes()).toString()));
      sent = whenSent;
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {
      aborted = true;
    }
  }
}
