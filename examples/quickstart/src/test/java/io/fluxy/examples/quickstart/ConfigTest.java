package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.auth.ApiKey;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pushflo.PushFloApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static final String KEY = "fc_0123456789abcdef";
  private static final String SECRET = "a secret of thirty-two bytes, ok";

  @Test
  void everythingThatMayBeSaidIsTaken() throws StartException {
    Config config =
        parse(
            """
            {
              'projects': [
                { 'id': 'acme', 'name': 'Acme', 'apiKey': '%s', 'jwtSecret': '%s',
                  'limits': { 'messagesPerMinute': 100000, 'tokensPerMinute': 200000,
                              'commandsPerMinute': 300000, 'messagesPerMonth': 400000 },
                  'pusher': { 'appId': '4242', 'key': 'a-key', 'secret': 'a-secret', 'clientEvents': false },
                  'pushflo': { 'publishKey': 'pub_1', 'secretKey': 'sec_12345', 'managementKey': 'mgmt_12345',
                               'createOnPublish': true, 'presenceEvents': true },
                  'channels': { 'key': 'web', 'secret': 'b-secret', 'open': false, 'clientEvents': false } },
                { 'id': 'other' }
              ],
              'allowedOrigins': ['https://app.example.org', 'http://localhost:3000']
            }
            """
                .formatted(KEY, SECRET));

    Limits limits =
        Limits.defaults().toBuilder()
            .messagesPerMinute(100_000)
            .tokensPerMinute(200_000)
            .commandsPerMinute(300_000)
            .messagesPerMonth(400_000)
            .build();
    assertThat(config.projects())
        .containsExactly(
            new Project("acme", "Acme", SECRET, new ApiKey(KEY), limits), Project.named("other"));
    assertThat(config.pusherApps())
        .containsExactly(PusherApp.of("4242", "acme", "a-key", "a-secret").clientEvents(false));
    assertThat(config.pushFloApps())
        .containsExactly(
            PushFloApp.of("acme")
                .key("pub_1")
                .key("sec_12345")
                .key("mgmt_12345")
                .with(PushFloApp.Option.CREATE_ON_PUBLISH)
                .with(PushFloApp.Option.PRESENCE_EVENTS));
    assertThat(config.channelApps())
        .containsExactly(ChannelApp.of("acme", "web", "b-secret").open(false).clientEvents(false));
    assertThat(config.allowedOrigins())
        .containsExactly("https://app.example.org", "http://localhost:3000");
  }

  @Test
  void withoutProjectsThereIsTheDemo() throws StartException {
    assertThat(parse("{}")).isEqualTo(Config.demo());
  }

  @Test
  void limitsThatAreNotNamedStayAsTheyAre() throws StartException {
    Config config = parse("{'projects':[{'id':'a','limits':{'messagesPerMinute':7}}]}");

    assertThat(config.projects().get(0).limits())
        .isEqualTo(Limits.defaults().toBuilder().messagesPerMinute(7).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'port':1}                                    | port: unknown key
          {'projects':[{'id':'a','Name':'A'}]}          | projects[0].Name: unknown key
          {'projects':[{'id':'a'},{'id':'b','x':null}]} | projects[1].x: unknown key
          {'projects':[{'id':'a','limits':{'foo':1}}]}  | projects[0].limits.foo: unknown key
          {'projects':{}}                               | projects: must be a list of objects
          {'projects':null}                             | projects: must be a list of objects
          {'projects':['acme']}                         | projects: must be a list of objects
          {'projects':[]}                               | projects: needs at least one
          {'projects':[{}]}                             | projects[0].id: missing
          {'projects':[{'id':7}]}                       | projects[0].id: must be a text
          {'projects':[{'id':'a b'}]}                   | projects[0].id: project id must be 1-128 letters, digits, _ or -: a b
          {'projects':[{'id':''}]}                      | projects[0].id: project id must be 1-128 letters, digits, _ or -:
          {'projects':[{'id':'a','name':null}]}         | projects[0].name: must be a text
          {'projects':[{'id':'a','apiKey':'short'}]}    | projects[0].apiKey: an API key needs at least 16 characters
          {'projects':[{'id':'a','jwtSecret':'short'}]} | projects[0].jwtSecret: project a: jwtSecret needs at least 32 bytes
          {'projects':[{'id':'a'},{'id':'a'}]}          | projects[1].id: the same as projects[0].id
          {'projects':[{'id':'a','limits':7}]}          | projects[0].limits: must be an object
          {'projects':[{'id':'a','limits':{'messagesPerMinute':'7'}}]} | projects[0].limits.messagesPerMinute: must be a whole number from 1 to 2147483647
          {'projects':[{'id':'a','limits':{'messagesPerMinute':1.5}}]} | projects[0].limits.messagesPerMinute: must be a whole number from 1 to 2147483647
          {'projects':[{'id':'a','limits':{'tokensPerMinute':0}}]}     | projects[0].limits.tokensPerMinute: must be a whole number from 1 to 2147483647
          {'projects':[{'id':'a','limits':{'messagesPerMonth':-1}}]}   | projects[0].limits.messagesPerMonth: must be a whole number from 0 to 2147483647
          {'projects':[{'id':'a','limits':{'commandsPerMinute':2147483648}}]} | projects[0].limits.commandsPerMinute: must be a whole number from 1 to 2147483647
          {'allowedOrigins':'https://a.org'}            | allowedOrigins: must be a list of texts
          {'allowedOrigins':[7]}                        | allowedOrigins: must be a list of texts
          {'allowedOrigins':['a.org']}                  | allowedOrigins[0]: must be like https://app.example.org, or *
          {'allowedOrigins':['*','https://a.org/']}     | allowedOrigins[1]: must be like https://app.example.org, or *
          {'projects':[{'id':'a','pusher':{}}]}         | projects[0].pusher.appId: missing
          {'projects':[{'id':'a','pusher':{'appId':'1','key':'k'}}]} | projects[0].pusher.secret: missing
          {'projects':[{'id':'a','pusher':{'appId':'1','key':'k','secret':'s','x':1}}]} | projects[0].pusher.x: unknown key
          {'projects':[{'id':'a','pusher':{'appId':'1','key':'k','secret':'s','clientEvents':1}}]} | projects[0].pusher.clientEvents: must be true or false
          {'projects':[{'id':'a','pusher':{'appId':'1','key':'k','secret':'s'}},{'id':'b','pusher':{'appId':'2','key':'k','secret':'s'}}]} | projects[1].pusher.key: the same as projects[0].pusher.key
          {'projects':[{'id':'a','channels':{}}]}       | projects[0].channels.key: missing
          {'projects':[{'id':'a','channels':{'key':'k'}}]} | projects[0].channels.secret: missing
          {'projects':[{'id':'a','channels':{'key':'a b','secret':'s'}}]} | projects[0].channels.key: no good project, key or secret: a, a b
          {'projects':[{'id':'a','channels':{'key':'k','secret':'s','open':1}}]} | projects[0].channels.open: must be true or false
          {'projects':[{'id':'a','pushflo':{}}]}        | projects[0].pushflo.publishKey: missing
          {'projects':[{'id':'a','pushflo':{'secretKey':'pub_1'}}]} | projects[0].pushflo.secretKey: must begin with sec_
          {'projects':[{'id':'a','pushflo':{'secretKey':'sec_1'}}]} | projects[0].pushflo.secretKey: a sec_ key needs at least 8 characters
          {'projects':[{'id':'a','pushflo':{'publishKey':'pub_1','x':1}}]} | projects[0].pushflo.x: unknown key
          {'projects':[{'id':'a','pushflo':{'publishKey':'pub_1'}},{'id':'b','pushflo':{'publishKey':'pub_1'}}]} | projects[1].pushflo.publishKey: the same as projects[0].pushflo.publishKey
          {'console':{}}                                | console.operators: needs at least one
          {'console':{'operators':[{'name':'ann'}]}}    | console.operators[0].credential: missing
          []                                            | not an object
          {'projects':                                  | not valid JSON, or beyond its bounds
          {'a':1,'a':2}                                 | a key comes twice
          {} {}                                         | something follows the object
          """)
  void whatIsWrongIsNamedByItsPath(String json, String complaint) {
    assertThatThrownBy(() -> parse(json)).hasMessage(complaint);
  }

  @Test
  void aKeyOpensOneProjectOnly() {
    String json = "{'projects':[{'id':'a','apiKey':'KEY'},{'id':'b','apiKey':'KEY'}]}";

    assertThatThrownBy(() -> parse(json.replace("KEY", KEY)))
        .hasMessage("projects[1].apiKey: the same as projects[0].apiKey");
  }

  @Test
  void aComplaintNamesTheFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("fluxy.json"), "{\"port\":1}");

    assertThatThrownBy(() -> Config.read(file)).hasMessage(file + ": port: unknown key");
    assertThatThrownBy(() -> Config.read(folder.resolve("none.json")))
        .hasMessage(folder.resolve("none.json") + ": no such file");
    assertThatThrownBy(() -> Config.read(folder)).hasMessage(folder + ": is a folder, not a file");
  }

  @Test
  void aFileBeyondBoundsIsNotRead(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("big.json"), new byte[1024 * 1024 + 1]);

    assertThatThrownBy(() -> Config.read(file)).hasMessage(file + ": is longer than 1048576 bytes");
  }

  private static Config parse(String singleQuoted) throws StartException {
    return Config.parse(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
