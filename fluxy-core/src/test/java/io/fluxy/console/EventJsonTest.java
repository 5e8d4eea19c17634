package io.fluxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the timeline shows of each kind of event. */
class EventJsonTest {
  private static final Readers SOME = Readers.only(Set.of("mia"));
  private static final List<Event.Durable> ONE_OF_EACH =
      List.of(
          new Event.Posted(
              new Message(
                  1, 101, "mia", "hi", 10, null, null, List.of(), List.of(), 1, null, null)),
          new Event.Edited(2, 20, 101, "mia", "hey", 2),
          new Event.Deleted(3, 30, 101, "mia", false, 3),
          new Event.Reacted(4, 40, 101, "tom", "x", true),
          new Event.MemberAdded(5, 50, "tom", Role.MEMBER, "mia"),
          new Event.MemberRemoved(6, 60, "tom", "mia"),
          new Event.RoomChanged(7, 70, "mia", "New", RoomType.PUBLIC),
          new Event.Pinned(8, 80, "mia", 101L),
          new Event.RoomDeleted(9, 90, "mia"),
          new Event.Imposed(10, 100, "tom", Sanction.MUTE, Long.MAX_VALUE, "noise", "mia"),
          new Event.ToolUsed(
              11, 110, "bot", Command.ToolPhase.CALL, "r1", "bot", "c1", "look", "{}", null),
          new Event.RunReported(12, 120, "bot", "r1", "bot", "completed", "{}", null));

  private static String shown(Event.Durable event) {
    byte[] utf8 = Json.bytes(json -> EventJson.event(json, event, 1_000));
    return new String(utf8, StandardCharsets.UTF_8).replace('"', '\'');
  }

  @Test
  void everyKindOfEventHasItsWords() {
    assertThat(ONE_OF_EACH.stream().map(EventJsonTest::shown))
        .containsExactly(
            "{'seq':1,'at':10,'kind':'posted','by':'mia','messageId':101,'text':'hi'}",
            "{'seq':2,'at':20,'kind':'edited','by':'mia','messageId':101,'text':'hey'}",
            "{'seq':3,'at':30,'kind':'deleted','by':'mia','messageId':101,'hard':false}",
            "{'seq':4,'at':40,'kind':'reacted','by':'tom','messageId':101,'text':'x'}",
            "{'seq':5,'at':50,'kind':'member_added','by':'mia','user':'tom','text':'member'}",
            "{'seq':6,'at':60,'kind':'member_removed','by':'mia','user':'tom'}",
            "{'seq':7,'at':70,'kind':'room_changed','by':'mia','text':'New','name':'public'}",
            "{'seq':8,'at':80,'kind':'pinned','by':'mia','messageId':101}",
            "{'seq':9,'at':90,'kind':'room_deleted','by':'mia'}",
            "{'seq':10,'at':100,'kind':'mute','by':'mia','user':'tom','text':'noise','until':null}",
            "{'seq':11,'at':110,'kind':'tool_call','by':'bot','name':'look','callId':'c1',"
                + "'runId':'r1','text':'{}'}",
            "{'seq':12,'at':120,'kind':'run','by':'bot','runId':'r1','status':'completed',"
                + "'text':'{}'}");
    Set<String> purges = Set.of("Purged"); // shown by OperationsTest, from a room
    assertThat(
            Stream.of(Event.Durable.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .filter(name -> !purges.contains(name)))
        .containsExactlyInAnyOrderElementsOf(
            ONE_OF_EACH.stream().map(event -> event.getClass().getSimpleName()).toList());
  }

  @Test
  void whatIsForSomeOnlySaysNothingOfWhatItSays() {
    assertThat(
            Stream.of(
                    new Event.Edited(2, 20, 101, "mia", "psst", 2, SOME),
                    new Event.Reacted(4, 40, 101, "tom", "psst", true, SOME),
                    new Event.ToolUsed(
                        5,
                        50,
                        "bot",
                        Command.ToolPhase.RESULT,
                        "r1",
                        "bot",
                        "c1",
                        "look",
                        "\"psst\"",
                        SOME),
                    new Event.RunReported(6, 60, "bot", "r1", "bot", "failed", "\"psst\"", SOME))
                .map(EventJsonTest::shown))
        .allMatch(json -> json.contains("'whisper':true") && !json.contains("psst"));
  }
}
