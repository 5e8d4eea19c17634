package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.hook.Signature;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask of the server itself (contract 1.3), and {@code cache_snapshot} (2.2). */
class ClientRoutesTest {
  private final ChatServer server = ChatServer.withLobby();
  private final String ann = server.token("ann");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void flagsAndSettingsAreForAnybody() {
    assertThat(server.get(null, "/client/feature-flags"))
        .hasToString(
            "200 {'flags':{'voice_messages':false,'reply_suggestions':false,'embed_widget':false,"
                + "'reconnect_backoff_fluxy':false},'flagship':false,"
                + "'reconnectBackoff':{'baseBackoffMs':500,'maxBackoffMs':20000}}");
    assertThat(server.get(null, "/config/client"))
        .hasToString(
            "200 {'client':{'readOn':'visible','wsCache':'on','historyLimit':50},"
                + "'source':'fluxy'}");
  }

  private static String signed(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Signature.of(ChatServer.ACME_SECRET, utf8);
  }

  @Test
  void aChannelIsSignedForWhoeverMayEnterItsRoom() {
    assertThat(server.post(ann, "/auth/channel", "{'socket_id':'1.1','roomId':'lobby'}"))
        .hasToString(
            "200 {'ok':true,'auth':'acme:%s','channelName':'private-room-lobby',"
                    .formatted(signed("1.1:private-room-lobby"))
                + "'roomId':'lobby','socketId':'1.1'}");
    String data = "{\"user_id\":\"ann\",\"user_info\":{\"name\":\"Ann\"}}";
    Reply present =
        server.post(
            ann,
            "/auth/channel",
            "{'socket_id':'1.1','channel_name':'presence-room-lobby',"
                + "'presenceInfo':{'name':'Ann'}}");
    assertThat(present.text("channel_data")).isEqualTo(data);
    assertThat(present.text("auth")).isEqualTo("acme:" + signed("1.1:presence-room-lobby:" + data));
    assertThat(
            server.post(
                server.token("carol"), "/auth/channel", "{'socket_id':'1.1','roomId':'lobby'}"))
        .hasToString("403 {'traceId':'t-1','error':'forbidden'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'roomId':'lobby'}",
        "{'socket_id':'a:b','roomId':'lobby'}",
        "{'socket_id':'','roomId':'lobby'}",
        "{'socket_id':'1.1'}",
        "{'socket_id':'1.1','roomId':'a b'}",
        "{'socket_id':'1.1','channel_name':'lobby'}",
        "{'socket_id':1,'roomId':'lobby'}",
      })
  void whatIsNoSocketOrNoChannelIsNotSigned(String body) {
    assertThat(server.post(ann, "/auth/channel", body).status()).isEqualTo(400);
  }

  @Test
  void whoeverAsksForTheLastEventHearsItFirst() {
    String target = "/ws/room/lobby?replay=connect&cache=1&token=" + ann;
    assertThat(server.connect(target).hears("cache_snapshot")).as("nothing was said").isEmpty();
    server.says("bob", "lobby", "one");
    long id = server.says("bob", "lobby", "two").messageId();
    String last =
        "{'type':'cache_snapshot','roomId':'lobby','event':{'type':'message','id':%d,".formatted(id)
            + "'roomId':'lobby','userId':'bob','senderId':'bob','content':'two',"
            + "'createdAt':'2026-01-31T12:00:01.001Z','parentId':null,'mentions':[],"
            + "'preview':null,'attachments':[],'seq':4,'version':1},"
            + "'cachedAt':'2026-01-31T12:00:01.001Z'}";

    assertThat(server.connect(target).hears().get(0)).isEqualTo(last);
    assertThat(server.connect(target.replace("&cache=1", "")).hears("cache_snapshot")).isEmpty();
    server.post(
        server.token("bob"),
        "/messages",
        "{'roomId':'lobby','content':'psst','visibility':'whisper','visibleTo':['bob']}");
    assertThat(server.connect(target).hears().get(0)).as("not a whisper to others").isEqualTo(last);
    List<String> withoutSnapshot =
        server.connect(target.replace("replay=connect", "replay=off")).hears();
    assertThat(withoutSnapshot.get(0)).isEqualTo(last);
    assertThat(withoutSnapshot.get(1)).startsWith("{'type':'subscription_succeeded',");
  }
}
