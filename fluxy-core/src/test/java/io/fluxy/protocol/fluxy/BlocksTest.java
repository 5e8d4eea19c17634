package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever is blocked reaches the other no more, on any path of their dm (contract 1.5). */
class BlocksTest {
  private static final String BLOCKED =
      "403 {'traceId':'t-1','error':'user_blocked','code':'user_blocked'}";

  private final ChatServer server = ChatServer.withLobby();
  private final String anns = server.token("ann");
  private final String bobs = server.token("bob");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String dm() {
    String answer = server.post(anns, "/rooms/dm", "{'a':'ann','b':'bob'}").toString();
    return answer.substring(answer.indexOf("dm-"), answer.indexOf("dm-") + 35);
  }

  private Reply blocks(String token, String user) {
    return server.post(token, "/blocks", "{'userId':'" + user + "'}");
  }

  @Test
  void theBlockedOneReachesTheOtherOnNoPathAndStillReads() {
    String dm = dm();
    long own = server.says("bob", dm, "before").messageId();
    long hers = server.says("ann", dm, "mine").messageId();
    Client bob = server.joins("bob", dm);
    Client ann = server.joins("ann", dm);
    ann.hears();
    bob.hears();

    assertThat(blocks(anns, "bob")).hasToString("200 {'ok':true,'userId':'bob','blocked':true}");
    assertThat(ann.hears()).as("nobody is told of it").isEmpty();
    assertThat(bob.hears()).isEmpty();
    assertThat(server.says("bob", dm, "hi")).hasToString(BLOCKED);
    bob.says("{'type':'message','content':'hi','clientMessageId':'cmsg_0001'}");
    assertThat(bob.hears())
        .containsExactly("{'type':'error','message':'user_blocked','clientMessageId':'cmsg_0001'}");
    bob.says("{'type':'typing','isTyping':true}");
    bob.says("{'type':'reaction','messageId':" + hers + ",'emoji':'👍','op':'add'}");
    bob.says("{'type':'stream','op':'start','content':''}");
    bob.says("{'type':'client_event','eventName':'client-x','data':1}");
    assertThat(bob.hears()).hasSize(4).allMatch(frame -> frame.contains("user_blocked"));
    assertThat(server.patch(bobs, "/messages/" + own, "{'content':'loophole'}"))
        .hasToString(BLOCKED);
    assertThat(ann.hears()).isEmpty();

    assertThat(server.get(bobs, "/api/messages?roomId=" + dm).status()).isEqualTo(200);
    assertThat(server.delete(bobs, "/messages/" + own).status()).isEqualTo(200);
    assertThat(server.says("ann", dm, "still here").status()).isEqualTo(200);
    assertThat(server.says("bob", "lobby", "in a room of many").status()).isEqualTo(200);
  }

  @Test
  void onlyWhoeverHasBlockedTakesItBack() {
    String dm = dm();
    blocks(anns, "bob");
    assertThat(server.get(anns, "/blocks")).hasToString("200 {'blocks':[{'userId':'bob'}]}");
    assertThat(server.get(bobs, "/blocks")).hasToString("200 {'blocks':[]}");

    assertThat(server.delete(bobs, "/blocks/ann").status()).isEqualTo(404);
    assertThat(server.delete(bobs, "/blocks/bob").status()).isEqualTo(404);
    assertThat(server.says("bob", dm, "hi")).hasToString(BLOCKED);
    assertThat(server.delete(bobs, "/rooms/" + dm + "/members/bob").status()).isEqualTo(200);
    assertThat(server.post(bobs, "/chat/open-dm", "{'userId':'ann'}").status()).isEqualTo(200);
    assertThat(server.says("bob", dm, "I have left and am back")).hasToString(BLOCKED);

    assertThat(server.delete(anns, "/blocks/bob"))
        .hasToString("200 {'ok':true,'userId':'bob','blocked':false}");
    assertThat(server.says("bob", dm, "hi").status()).isEqualTo(200);
    assertThat(server.get(anns, "/blocks")).hasToString("200 {'blocks':[]}");
  }

  @Test
  void aBlockMayComeBeforeTheFirstWordAndOncePerPair() {
    assertThat(blocks(bobs, "ann").status()).isEqualTo(200);
    assertThat(blocks(bobs, "ann").status()).isEqualTo(200);
    assertThat(blocks(anns, "bob").status()).as("each of the two").isEqualTo(200);

    assertThat(server.says("ann", dm(), "hi")).hasToString(BLOCKED);
    assertThat(server.says("bob", dm(), "hi")).hasToString(BLOCKED);
    assertThat(server.delete(bobs, "/blocks/ann").status()).isEqualTo(200);
    assertThat(server.says("ann", dm(), "hi").status()).isEqualTo(200);
    assertThat(server.says("bob", dm(), "hi")).hasToString(BLOCKED);
  }

  @Test
  void badBlocksAreRefused() {
    assertThat(blocks(anns, "ann"))
        .hasToString("400 {'traceId':'t-1','error':'nobody blocks themselves'}");
    assertThat(blocks(anns, "a b").status()).isEqualTo(400);
    assertThat(blocks(server.token("anon_1", Role.GUEST), "ann").status()).isEqualTo(403);
    assertThat(server.delete(anns, "/blocks/never"))
        .hasToString("404 {'traceId':'t-1','error':'not_blocked'}");
    assertThat(server.get(anns, "/rooms?type=dm"))
        .as("no room for nothing")
        .hasToString("200 {'rooms':[]}");
    assertThat(
            server
                .post(
                    server.token("boss", Role.OWNER),
                    "/admin/block",
                    "{'roomId':'lobby','userId':'bob'}")
                .status())
        .isEqualTo(404);
  }
}
