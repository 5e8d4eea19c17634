package io.fluxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Readers;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.hook.WebhookSender;
import io.fluxy.store.AgentRecord;
import io.fluxy.store.OperatorStore;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see and do: exact answers, and what the audit log says of it. */
class OperationsTest {
  private final Operated operated = Operated.byAnn();

  private static Map<String, ?> object(String answer) {
    return Json.object(answer.substring(4).replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String answer, String... path) {
    Object value = object(answer);
    for (String name : path) {
      value = Objects.requireNonNull((Map<?, ?>) value).get(name);
    }
    return String.valueOf(Objects.requireNonNull(value));
  }

  // Projects.

  @Test
  void projectsAreListedToWhoeverRunsThem() {
    assertThat(operated.get("projects"))
        .isEqualTo(
            "200 {'projects':[{'id':'shop','name':'Shop','createdAt':T},"
                    .replace("T", text(operated.get("projects/shop"), "createdAt"))
                + "{'id':'bank','name':'Bank','createdAt':T}]}"
                    .replace("T", text(operated.get("projects/bank"), "createdAt")));
  }

  @Test
  void whoeverRunsOneProjectCanTellNoOtherFromOneThatIsNotThere() {
    operated.room("bank", "vault", RoomType.GROUP, "zoe");
    operated.signIn("bob", Operated.BOBS);
    List<String> paths =
        List.of(
            "",
            "/overview",
            "/rooms",
            "/rooms/vault",
            "/rooms/vault/events",
            "/explain?message=1&user=zoe",
            "/erasures",
            "/users/zoe/export",
            "/users/zoe/rooms",
            "/chat/admin/reports",
            "/chat/admin/audit/events",
            "/chat/admin/webhooks/summary",
            "/chat/agents",
            "/chat/stats/slo");

    assertThat(operated.get("projects")).contains("shop").doesNotContain("bank");
    for (String path : paths) {
      assertThat(operated.get("projects/bank" + path))
          .as(path)
          .isEqualTo("404 {'error':'there is no project bank'}")
          .isEqualTo(operated.get("projects/nowhere" + path).replace("nowhere", "bank"));
    }
    for (String path :
        List.of(
            "/plan",
            "/rooms/vault/sanctions",
            "/users/zoe/erase",
            "/chat/admin/announcement",
            "/chat/admin/projects/bank/keys/rotate",
            "/chat/webhooks/register",
            "/chat/admin/webhooks/deliveries/x/replay")) {
      assertThat(operated.post("projects/bank" + path, "{}"))
          .as(path)
          .isEqualTo("404 {'error':'there is no project bank'}");
    }
    assertThat(operated.post("projects/shop/chat/admin/projects/bank/keys/rotate", "{}"))
        .contains("'error':'project not found'");
    assertThat(operated.get("projects/shop/rooms/vault"))
        .isEqualTo("404 {'error':'there is no room vault'}");
    assertThat(operated.get("overview"))
        .isEqualTo("403 {'error':'the engine's figures are for operators of all projects'}");
    assertThat(operated.post("projects", "{'name':'x'}"))
        .isEqualTo("403 {'error':'only operators of all projects make new ones'}");
    assertThat(operated.post("projects/shop/plan", "{'plan':'pro'}"))
        .isEqualTo("403 {'error':'only operators of all projects choose plans'}");
    assertThat(operated.audited("bank")).isEqualTo("nothing");
  }

  @Test
  void aProjectIsMadeAndItsKeyShownOnce() {
    String made = operated.post("projects", "{'name':'Toys'}");
    String id = text(made, "id");
    String key = text(made, "apiKey");

    assertThat(made).isEqualTo("200 {'id':'" + id + "','apiKey':'" + key + "'}");
    assertThat(operated.get("projects/" + id))
        .contains("'name':'Toys'", "'plan':'free'", "'prefix':'" + key.substring(0, 8) + "'")
        .doesNotContain(key);
    assertThat(operated.audited(id)).isEqualTo("console:ann project.create project:" + id + " {}");
  }

  @Test
  void aPlanIsChosen() {
    assertThat(operated.post("projects/shop/plan", "{'plan':'gold'}"))
        .isEqualTo("400 {'error':'a plan is one of free, starter, pro, team, growth'}");
    assertThat(operated.post("projects/shop/plan", "{'plan':'starter'}"))
        .isEqualTo("200 {'ok':true}");
    assertThat(operated.get("projects/shop")).contains("'plan':'starter'");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann project.plan project:shop {'plan':'starter'}");
  }

  @Test
  void aKeyIsRotatedListedAndRevoked() {
    String base = "projects/shop/chat/admin/projects/shop/";
    String rotated = operated.post(base + "keys/rotate", "{'overlapSeconds':60}");
    String key = text(rotated, "key", "apiKey");
    String prefix = key.substring(0, 8);

    assertThat(rotated).startsWith("200 {'key':{'projectId':'shop','apiKey':'fc_");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann project.key_rotate project:shop {}");
    assertThat(operated.get("projects/shop"))
        .contains("{'prefix':'" + prefix + "','createdAt':")
        .contains("'validUntil':null}]");
    assertThat(operated.post(base + "keys/revoke", "{'keyPrefix':'" + prefix + "'}"))
        .isEqualTo("200 {'ok':true}");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann project.key_revoke project:shop {}");
    assertThat(operated.get("projects/shop")).contains("'keys':[]");
  }

  @Test
  void aSecretIsRotatedAndAProjectRenamed() {
    String base = "projects/shop/chat/admin/projects/shop";
    assertThat(operated.post(base + "/secret/rotate", "{'overlapSeconds':60}"))
        .contains("'jwtSecret':'");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann project.secret_rotate project:shop {}");
    assertThat(operated.get("projects/shop"))
        .contains("'previousSecretIsGood':true")
        .doesNotContain("jwtSecret");

    assertThat(Operated.shown(operated.call("PATCH", base, "{'name':'Shop 2'}").now()))
        .startsWith("200");
    assertThat(operated.audited("shop")).isEqualTo("console:ann project.rename project:shop {}");
  }

  // Rooms.

  @Test
  void roomsAreFoundByIdAndNameAPageAtATimeAndNoneIsWoken() {
    for (int i = 1; i <= 60; i++) {
      operated.room("shop", "room-" + i, RoomType.GROUP, "mia");
    }
    operated.room("shop", "odd_one", RoomType.PUBLIC, "mia");
    operated.room("bank", "room-1", RoomType.GROUP, "mia");

    assertThat(operated.get("projects/shop/rooms?search=ODD_"))
        .matches(
            "200 \\{'rooms':\\[\\{'id':'odd_one','number':61,'type':'public',"
                + "'name':'The odd_one','createdAt':\\d+\\}\\]\\}");
    assertThat(operated.get("projects/shop/rooms?search=%25")).isEqualTo("200 {'rooms':[]}");
    String first = operated.get("projects/shop/rooms?search=the%20room");
    assertThat(first).contains("'id':'room-60'", "'id':'room-11'").doesNotContain("'room-10'");
    assertThat(text(first, "next")).isEqualTo("11");
    assertThat(operated.get("projects/shop/rooms?search=the%20room&before=11"))
        .contains("'id':'room-10'", "'id':'room-1'")
        .doesNotContain("next", "odd_one");
    assertThat(operated.get("projects/shop/rooms?before=x"))
        .isEqualTo("400 {'error':'before must be a whole number'}");
    operated.get("projects/shop/rooms/room-1");
    operated.get("projects/shop/rooms/room-1/events");
    assertThat(operated.fluxy.roomsAlive()).isZero();
  }

  @Test
  void aRoomShowsItsPeopleAndWhoIsHeldBack() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom");
    operated.says(lobby, "tom", "hello");
    operated.post("projects/shop/rooms/lobby/sanctions", "{'user':'tom','sanction':'mute'}");

    assertThat(operated.get("projects/shop/rooms/lobby").replaceAll("(At|At\\w*)':\\d+", "$1':T"))
        .isEqualTo(
            "200 {'id':'lobby','number':1,'type':'group','name':'The lobby','createdAt':T,"
                + "'head':4,'lastAt':T,'messages':1,'authors':1,'awake':true,'connections':{},"
                + "'names':{},'memberCount':2,'members':[{'user':'mia','role':'owner','joinedAt':T},"
                + "{'user':'tom','role':'member','joinedAt':T}],"
                + "'sanctions':[{'user':'tom','muted':true,'banned':false,'mutedUntil':null}]}");
  }

  @Test
  void aMuteTakesEffectAndIsTheSystemsToTheRoomAndTheOperatorsToTheAuditLog() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom");
    String mute = "{'user':'tom','sanction':'mute','seconds':60,'reason':'noise'}";

    assertThat(operated.post("projects/shop/rooms/lobby/sanctions", mute))
        .isEqualTo("200 {'ok':true}");
    assertThat(operated.audited("shop"))
        .isEqualTo(
            "console:ann admin.mute user:tom"
                + " {'roomId':'lobby','durationSeconds':60,'reason':'noise'}");
    assertThat(operated.get("projects/shop/rooms/lobby/events?after=2"))
        .matches(
            "200 \\{'events':\\[\\{'seq':3,'at':\\d+,'kind':'mute','by':'system','user':'tom',"
                + "'text':'noise','until':\\d+\\}\\],'more':false\\}");
    assertThat(refusal(lobby, "tom")).isEqualTo("muted");
    operated.time.advance(60_001);
    assertThat(operated.says(lobby, "tom", "back").seq()).isEqualTo(4);
  }

  private String refusal(RoomId room, String user) {
    try {
      operated.says(room, user, "may I?");
      return "none";
    } catch (CompletionException e) {
      return Objects.requireNonNull((RefusedException) e.getCause())
          .refusal()
          .reason()
          .name()
          .toLowerCase(Locale.ROOT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mute", "unmute", "ban", "unban", "kick"})
  void everySanctionIsOnTheAuditLog(String word) {
    operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom");

    assertThat(
            operated.post(
                "projects/shop/rooms/lobby/sanctions", "{'user':'tom','sanction':'" + word + "'}"))
        .isEqualTo("200 {'ok':true}");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann admin." + word + " user:tom {'roomId':'lobby'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{} => user is missing",
        "{'user':'tom'} => sanction is missing",
        "{'user':'tom','sanction':'hug'} => a sanction is one of mute, unmute, ban, unban, kick",
        "{'user':7,'sanction':'ban'} => user must be a text",
        "{'user':'a b','sanction':'ban'} => a user's id has 1 to 128 letters, digits, _ or -",
        "{'user':'tom','sanction':'ban','seconds':-1} => seconds must be 0, for good, or more",
        "{'user':'tom','sanction':'ban','seconds':'x'} => seconds must be a whole number",
      })
  void aFormThatIsNotFilledInWellIsToldWhatIsWrong(String story) {
    operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom");
    String[] parts = story.split(" => ", 2);

    assertThat(operated.post("projects/shop/rooms/lobby/sanctions", parts[0]))
        .isEqualTo("400 {'error':'" + parts[1] + "'}");
    assertThat(operated.audited("shop")).isEqualTo("nothing");
  }

  @Test
  void anAnnouncementIsTheSystems() {
    operated.room("shop", "lobby", RoomType.ANNOUNCEMENT, "mia");
    String said =
        operated.post(
            "projects/shop/chat/admin/announcement",
            "{'roomId':'lobby','content':'Closed at six'}");

    assertThat(said).matches("200 \\{'ok':true,'messageId':\\d+,'seq':2\\}");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann admin.announcement room:lobby {'contentLength':13}");
    assertThat(operated.get("projects/shop/rooms/lobby/events?after=1"))
        .contains("'kind':'posted','by':'system'", "'text':'Closed at six'");
  }

  @Test
  void ofAWhisperATimelineShowsThatItIsThereAndNothingItSays() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom");
    Draft draft = Draft.text("between us").whispered(Readers.only(Set.of("mia", "tom")));
    Message said = operated.done(operated.fluxy.room(lobby).post(User.named("mia"), draft));
    operated.done(
        operated
            .fluxy
            .room(lobby)
            .submit(User.named("mia"), new Command.Edit(said.id(), "still between us")));

    assertThat(operated.get("projects/shop/rooms/lobby/events?after=2"))
        .contains("'whisper':true,'kind':'posted','by':'mia'", "'text':'','hidden':true")
        .contains("'kind':'edited'")
        .doesNotContain("between us");
  }

  @Test
  void aTimelineIsReadBackwardsAndForwards() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia");
    for (int i = 2; i <= 451; i++) {
      operated.says(lobby, "mia", "n" + i);
      operated.time.advance(2_000);
    }

    String newest = operated.get("projects/shop/rooms/lobby/events");
    assertThat(newest).contains("'seq':451", "'seq':252").doesNotContain("'seq':251");
    String older = operated.get("projects/shop/rooms/lobby/events?before=252");
    assertThat(older).contains("'seq':251", "'seq':52").doesNotContain("'seq':51,", "'seq':252");
    assertThat(operated.get("projects/shop/rooms/lobby/events?before=52"))
        .contains("'seq':1,", "'seq':51,")
        .doesNotContain("'seq':52,");
    assertThat(operated.get("projects/shop/rooms/lobby/events?after=451"))
        .isEqualTo("200 {'events':[],'more':false}");
  }

  // Webhooks, agents, records.

  @Test
  void aWebhookIsMadeFailsAndIsReplayed() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia");
    String base = "projects/shop/chat/";
    String made =
        operated.post(
            base + "webhooks/register",
            "{'url':'https://hooks.example/a','eventTypes':['message.created']}");
    String id = text(made, "webhook", "id");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann webhook.create webhook:" + id + " {}");
    operated.receiver.answers(WebhookSender.Outcome.failed("timeout"));
    operated.says(lobby, "mia", "hear");
    operated.time.runUntilIdle();
    assertThat(operated.receiver.posts()).hasSize(1);
    String deliveries = operated.get(base + "admin/webhooks/deliveries?limit=10");
    assertThat(deliveries).contains("'status':'pending'", "'last_error':'timeout'");
    List<?> all = (List<?>) Objects.requireNonNull(object(deliveries).get("deliveries"));
    Map<?, ?> delivery = (Map<?, ?>) Objects.requireNonNull(all.get(0));

    String replay = base + "admin/webhooks/deliveries/" + delivery.get("id") + "/replay";
    assertThat(operated.post(replay, "{}")).startsWith("200 {'ok':true,'deliveryId':");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann webhook.replay delivery:" + delivery.get("id") + " {}");
    operated.time.runUntilIdle();
    assertThat(operated.receiver.posts()).hasSize(2);
    assertThat(operated.get(base + "admin/webhooks/deliveries")).contains("'delivered'");
    assertThat(operated.post(base + "admin/webhooks/deliveries/none/replay", "{}"))
        .startsWith("404");
    assertThat(Operated.shown(operated.call("DELETE", base + "webhooks/" + id, "").now()))
        .isEqualTo("200 {'ok':true}");
    assertThat(operated.audited("shop"))
        .isEqualTo("console:ann webhook.delete webhook:" + id + " {}");
  }

  @Test
  void anAgentIsRemovedByName() {
    operated.done(
        operated
            .store
            .agents()
            .save("shop", new AgentRecord("a1", "helper", "Helper", "{}", 0), 9));

    assertThat(operated.get("projects/shop/chat/agents")).contains("'handle':'helper'");
    assertThat(operated.get("projects/shop/chat/agents/a1/runs")).isEqualTo("200 {'runs':[]}");
    assertThat(Operated.shown(operated.call("DELETE", "projects/shop/chat/agents/a1", "").now()))
        .isEqualTo("200 {'ok':true}");
    assertThat(operated.audited("shop")).isEqualTo("console:ann agent.delete agent:a1 {}");
  }

  @Test
  void reportsAreShown() {
    operated.done(
        operated
            .store
            .operators()
            .addReport(
                new OperatorStore.ReportRecord("shop", "r1", "lobby", "tom", 7L, "spam", 0)));

    assertThat(operated.get("projects/shop/chat/admin/reports"))
        .contains("'room_id':'lobby','user_id':'tom'", "'reason':'spam'");
    assertThat(operated.get("projects/bank/chat/admin/reports")).isEqualTo("200 {'reports':[]}");
  }

  @Test
  void whatIsNotInTheTableIsNotAskedOfFluxyChat() {
    for (String path :
        List.of("rooms", "messages", "auth/token", "gdpr/export", "export/lobby.json", "health")) {
      assertThat(operated.get("projects/shop/chat/" + path)).startsWith("404 {'error':'not found'");
    }
    assertThat(operated.get("projects/shop/chat/admin/announcement"))
        .isEqualTo("405 {'error':'this is for POST'}");
  }

  @Test
  void nobodyBesidesTheConsoleSpeaksWithoutAToken() {
    operated.get("projects/shop/chat/admin/reports");

    assertThat(operated.raw("GET", "/admin/reports").answer()).startsWith("401");
  }

  // People.

  @Test
  void whatIsKeptOfAUserIsExportedAndThatIsOnTheAuditLog() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom");
    operated.says(lobby, "tom", "mine");

    assertThat(operated.call("GET", "projects/shop/users/tom/export", "").now().headers())
        .containsEntry("Content-Type", "application/json");
    assertThat(operated.audited("shop")).isEqualTo("console:ann user.export user:tom {}");
    assertThat(operated.get("projects/shop/users/tom/rooms"))
        .isEqualTo("200 {'rooms':[{'id':'lobby','name':'The lobby'}]}");
  }

  @Test
  void aUserIsErasedAndTheProgressIsShown() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia", "tom");
    operated.room("shop", "attic", RoomType.GROUP, "mia", "tom");
    operated.says(lobby, "tom", "mine");
    operated.says(lobby, "mia", "hers");

    assertThat(operated.post("projects/shop/users/tom/erase", "{'confirm':'tim'}"))
        .isEqualTo("400 {'error':'confirm must be the user's id'}");
    assertThat(operated.audited("shop")).isEqualTo("nothing");
    assertThat(operated.post("projects/shop/users/tom/erase", "{'confirm':'tom'}"))
        .isEqualTo("200 {'ok':true}");
    assertThat(operated.audited("shop")).isEqualTo("console:ann user.erase user:tom {}");
    assertThat(operated.get("projects/shop/erasures"))
        .matches(
            "200 \\{'erasures':\\[\\{'user':'tom','by':'ann','startedAt':\\d+,'rooms':2,'done':2,"
                + "'endedAt':\\d+\\}\\]\\}");
    assertThat(operated.get("projects/shop/rooms/lobby/events"))
        .contains("hers", Message.ERASED, "'kind':'purged','by':'system','user':'tom'")
        .doesNotContain("mine");
    assertThat(operated.get("projects/bank/erasures")).isEqualTo("200 {'erasures':[]}");
  }

  // Overview.

  @Test
  void theOverviewHasWhatTheEngineAndTheProjectDo() {
    RoomId lobby = operated.room("shop", "lobby", RoomType.GROUP, "mia");
    operated.says(lobby, "mia", "one");
    operated.says(lobby, "mia", "two");
    operated.time.advance(5_000);

    assertThat(operated.get("overview"))
        .contains("'health':{'ok':true,'storeWrites':true,'tasksRun':true,'durability':'NONE'}")
        .contains("'connections':{'open':0,'waiting':0,'waitingBytes':0},'rooms':1")
        .contains("'letters':{'waiting':0,'deepest':0},'messages':2")
        .contains("'listeners':[],'sampleMs':5000,'samples':[[")
        .contains(",0,1,2,0,0,0,0,0,0]]}");
    assertThat(operated.get("projects/shop/overview"))
        .contains("'rooms':1,'lastHour':{'messages_created':2,'requests_total':0")
        .contains("'messagesByMinute':[2,0,0")
        .contains("'deliveries':{'newest':0,'pending':0,'delivered':0,'failed':0}}");
    assertThat(operated.get("projects/bank/overview")).contains("'messages_created':0");
  }

  @Test
  void aQuarterOfAnHourOfSamplesIsKept() {
    operated.time.advance(3_600_000 / 2 - 60_000);

    assertThat(((List<?>) Objects.requireNonNull(object(operated.get("overview")).get("samples"))))
        .hasSize(180);
  }

  @Test
  void aShareOfCountsIsFoundByItsBound() {
    long[] counts = new long[13];
    assertThat(Pulse.within(counts, 0.5)).isEqualTo(-1);
    counts[0] = 50;
    counts[4] = 49;
    counts[12] = 1;
    assertThat(Pulse.within(counts, 0.5)).isZero();
    assertThat(Pulse.within(counts, 0.51)).isEqualTo(10);
    assertThat(Pulse.within(counts, 0.99)).isEqualTo(10);
    assertThat(Pulse.within(counts, 1)).isEqualTo(10_000);
  }

  @Test
  void anOperatorsDeedsAreShownInTheAuditLogAndNoTenantCanSpeakInItsName() {
    operated.post("projects/shop/plan", "{'plan':'free'}");

    assertThat(operated.get("projects/shop/chat/admin/audit/events"))
        .contains("'actor_user_id':'console:ann','actor_roles':'operator'")
        .contains("'action':'project.plan','target_type':'project','target_id':'shop'");
    assertThat(Names.isId("console:ann")).isFalse();
  }
}
