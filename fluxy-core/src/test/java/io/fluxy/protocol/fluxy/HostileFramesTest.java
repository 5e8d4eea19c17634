package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that a client may not send, and floods of those it may: catalogue 3.15. */
class HostileFramesTest {
  private final ChatServer server = ChatServer.withLobby();
  private final Client ann = server.joins("ann", "lobby");
  private final Client bob = server.joins("bob", "lobby");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tool_call",
        "tool_result",
        "tool_error",
        "agentRun",
        "presence",
        "subscription_count",
        "subscription_succeeded",
        "replay",
        "history",
        "streamState",
        "cache_snapshot",
        "location_snapshot",
        "member_joined",
        "member_left",
        "message_updated",
        "message_deleted",
        "message_expired",
        "message_pinned",
        "delivery_updated",
        "server_event",
        "user_event",
        "user_subscription_succeeded",
        "error",
        "pong",
      })
  void whatOnlyTheServerSaysIsNotRelayed(String type) {
    ann.hears();
    ann.says(
        "{'type':'"
            + type
            + "','roomId':'lobby','userId':'bob','id':1,'messageId':1,'runId':'r','agentId':'a',"
            + "'toolCallId':'t','name':'n','arguments':'{}','result':{},'error':'boom','run':{},"
            + "'messages':[],'members':[],'users':[],'online':99,'message':'x','data':{}}");

    assertThat(ann.hears()).containsExactly("{'type':'error','message':'unknown_event_type'}");
    assertThat(bob.hears()).isEmpty();
    assertThat(ann.isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'Message'",
        "'MESSAGE'",
        "' message'",
        "'message '",
        "'message\\u200b'",
        "''",
        "null",
        "7",
        "['message']",
        "{'type':'message'}",
        "'__proto__'",
        "'toString'",
        "'join'",
        "'subscribe'",
        "'pusher:ping'",
        "'enter'",
        "'addMember'",
      })
  void aTypeIsTakenByTheLetter(String type) {
    ann.hears();
    ann.says("{'type':" + type + ",'content':'x','messageId':134217731}");

    assertThat(ann.hears()).hasSize(1).allMatch(frame -> frame.startsWith("{'type':'error'"));
    assertThat(bob.hears()).isEmpty();
  }

  @Test
  void aFrameWithoutATypeIsUnknown() {
    ann.hears();
    ann.says("{}").says("{'content':'x'}");

    assertThat(ann.hears())
        .hasSize(2)
        .containsOnly("{'type':'error','message':'unknown_event_type'}");
  }

  @Test
  void aFloodOfNonsenseEndsNothingButIsAnsweredLineByLine() {
    ann.hears();
    for (int i = 0; i < 5_000; i++) {
      ann.says("nonsense " + i);
    }

    assertThat(ann.hears()).hasSize(5_000);
    assertThat(bob.hears()).isEmpty();
    server.says("bob", "lobby", "alive");
    assertThat(ann.last()).contains("alive");
  }

  @Test
  void whoWasRemovedIsRefusedEvenIfItsFrameIsOnTheWay() {
    bob.hears();
    server.delete(server.token("ann"), "/rooms/lobby/members/bob");
    bob.says("{'type':'message','content':'one last word'}");

    assertThat(ann.hears()).noneMatch(frame -> frame.contains("one last word"));
    assertThat(server.get(server.token("ann"), "/api/messages?roomId=lobby").toString())
        .doesNotContain("one last word");
  }
}
