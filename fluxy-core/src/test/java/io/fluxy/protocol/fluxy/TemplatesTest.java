package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.DataLimits;
import io.fluxy.chat.Role;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates and what is sent with them: contract 1.5, 1.6. */
class TemplatesTest {
  private final ChatServer server =
      ChatServer.setup()
          .limits(limits -> limits.data(DataLimits.defaults().withTemplatesMax(2)))
          .start();
  private final String boss = server.token("boss", Role.OWNER);
  private final String anns = server.token("ann");

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String template(String name, String body) {
    String json = "{'name':'" + name + "','body':'" + body + "'}";
    Reply made = server.post(boss, "/templates", json);
    assertThat(made.status()).as("%s", made).isEqualTo(200);
    return String.valueOf(((Map<?, ?>) made.get("template")).get("id"));
  }

  private static String hi(String id, String body, String updated) {
    return "{'id':'%s','name':'hi','body':'%s','createdAt':'2026-01-31T12:00:00.000Z','updatedAt':'%s'}"
        .formatted(id, body, updated);
  }

  @Test
  void aTemplateIsMadeShownListedChangedAndRemoved() {
    String id = template("hi", "Hi {{ name }}!");
    String made = hi(id, "Hi {{ name }}!", "2026-01-31T12:00:00.000Z");

    assertThat(server.get(anns, "/templates/" + id)).hasToString("200 {'template':" + made + "}");
    assertThat(server.get(anns, "/templates")).hasToString("200 {'templates':[" + made + "]}");
    server.time.pass(1_000);
    assertThat(server.patch(boss, "/templates/" + id, "{'body':'Yo'}"))
        .hasToString("200 {'template':" + hi(id, "Yo", "2026-01-31T12:00:01.000Z") + "}");
    assertThat(server.delete(boss, "/templates/" + id)).hasToString("200 {'ok':true}");
    assertThat(server.delete(boss, "/templates/" + id))
        .hasToString("404 {'traceId':'t-1','error':'template_not_found'}");
    assertThat(server.get(anns, "/templates")).hasToString("200 {'templates':[]}");
  }

  @Test
  void onlyOwnersAndAdminsMakeThemAndGuestsDoNotSeeThem() {
    String id = template("hi", "Hi");
    String guest = server.token("anon_1", Role.GUEST);
    String hi = "{'name':'x','body':'x'}";

    for (String token : new String[] {anns, guest, server.token("mod", Role.MODERATOR)}) {
      assertThat(server.post(token, "/templates", hi)).hasToString("403 Forbidden");
      assertThat(server.patch(token, "/templates/" + id, hi)).hasToString("403 Forbidden");
      assertThat(server.delete(token, "/templates/" + id)).hasToString("403 Forbidden");
    }
    assertThat(server.get(guest, "/templates").status()).isEqualTo(403);
    assertThat(server.get(guest, "/templates/" + id).status()).isEqualTo(403);
    assertThat(server.post(guest, "/templates/render", "{'templateId':'" + id + "'}").status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|name required (alphanumeric, 1–64 chars)",
        "{'name':'a b','body':'x'}|name required (alphanumeric, 1–64 chars)",
        "{'name':7,'body':'x'}|name required (alphanumeric, 1–64 chars)",
        "{'name':'x'}|body required",
        "{'name':'x','body':' '}|body required",
        "{'name':'x','body':[]}|body required",
      })
  void aTemplateNeedsANameAndABody(String json, String error) {
    assertThat(server.post(boss, "/templates", json))
        .hasToString("400 {'traceId':'t-1','error':'" + error + "'}");
  }

  @Test
  void namesAreTakenOnceAndTemplatesAndTheirLengthAreBounded() {
    String id = template("hi", "Hi");
    assertThat(server.post(boss, "/templates", "{'name':'hi','body':'x'}"))
        .hasToString("409 {'traceId':'t-1','error':'name_already_exists'}");
    template("bye", "Bye");

    assertThat(server.post(boss, "/templates", "{'name':'third','body':'x'}"))
        .hasToString("409 {'traceId':'t-1','error':'limit_reached: 2 templates'}");
    assertThat(server.patch(boss, "/templates/" + id, "{'name':'bye'}"))
        .hasToString("409 {'traceId':'t-1','error':'name_already_exists'}");
    assertThat(server.patch(boss, "/templates/" + id, "{}"))
        .hasToString("400 {'traceId':'t-1','error':'no fields to update'}");
    String tooLong = "{'body':'" + "x".repeat(4_001) + "'}";
    assertThat(server.patch(boss, "/templates/" + id, tooLong).status()).isEqualTo(400);
  }

  @Test
  void aTemplateIsRendered() {
    String id = template("hi", "Hi {{ name }}, order {{orderId}}{{ nothing }}!");
    String vars = "{'templateId':'%s','%s':{'name':'Jane','orderId':17}}";

    assertThat(server.post(anns, "/templates/render", vars.formatted(id, "vars")))
        .hasToString("200 {'content':'Hi Jane, order 17!'}");
    assertThat(server.post(anns, "/templates/render", vars.formatted(id, "templateVars")))
        .hasToString("200 {'content':'Hi Jane, order 17!'}");
    assertThat(server.post(anns, "/templates/render", "{}"))
        .hasToString("400 {'traceId':'t-1','error':'templateId required'}");
    assertThat(server.post(anns, "/templates/render", vars.formatted("nowhere", "vars")))
        .hasToString("404 {'traceId':'t-1','error':'template_not_found'}");
    String huge = vars.formatted(id, "vars").replace("Jane", "x".repeat(5_000));
    assertThat(server.post(anns, "/templates/render", huge))
        .hasToString(
            "400 {'traceId':'t-1','error':'content exceeds maximum length of 4000 characters'}");
  }

  @Test
  void aMessageIsSentFromATemplate() {
    server.room("lobby", "group", "ann", "bob");
    Client bob = server.joins("bob", "lobby");
    String id = template("hi", "Hi {{ name }}!");
    String send = "{'roomId':'lobby','templateId':'" + id + "','templateVars':{'name':'@bob'}}";

    Reply sent = server.post(anns, "/messages", send);

    assertThat(sent.message().get("content")).isEqualTo("Hi @bob!");
    assertThat(String.valueOf(sent.message().get("mentions"))).isEqualTo("[bob]");
    assertThat(bob.hears().toString()).contains("'content':'Hi @bob!'");
    assertThat(server.post(anns, "/messages", send.replace(id, "nowhere")))
        .hasToString("404 {'traceId':'t-1','error':'template_not_found'}");
    assertThat(server.post(anns, "/messages", "{'roomId':'lobby','templateId':7}"))
        .hasToString("400 {'traceId':'t-1','error':'templateId required'}");
    assertThat(server.post(server.token("carol"), "/messages", send).status()).isEqualTo(403);
  }
}
