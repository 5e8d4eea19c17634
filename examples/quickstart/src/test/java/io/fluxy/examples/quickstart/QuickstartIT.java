package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.wire.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as a newcomer meets it. */
class QuickstartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration GOODBYE = Duration.ofSeconds(10);
  private static final int SIGTERM_STATUS = 143;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path demoFolder;
  private static @Nullable Child demo;

  @TempDir Path folder;

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  void helpIsShownAndNothingStarted() throws Exception {
    try (Child child = Child.start(folder, "--help")) {
      assertThat(child.status(PATIENCE)).isZero();
      assertThat(child.out()).anyMatch(line -> line.contains("--port N"));
      assertThat(child.err()).isEmpty();
      assertThat(folder).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --colour                           | quickstart: unknown option --colour, see --help
          --port many                        | quickstart: --port must be a number from 0 to 65535, not many
          --db oracle:x                      | quickstart: --db must be sqlite:FILE, h2:FILE, postgresql://HOST/NAME or memory, not oracle:x
          --config none.json                 | quickstart: none.json: no such file
          --config wrong.json                | quickstart: wrong.json: projects[0].limits.foo: unknown key
          --config issue.json                | quickstart: issue.json: projects[0].pushflo.secretKey: must begin with sec_
          --port 0 --host 203.0.113.7        | quickstart: can't listen at 203.0.113.7:0:
          --port 0 --db sqlite:wrong.json/x  | quickstart: --db sqlite:wrong.json/x:
          --port 0 --db sqlite:wrong.json    | quickstart: --db sqlite:wrong.json:
          --port 0 --db h2:no.mv.db/x        | quickstart: --db h2:no.mv.db/x:
          """)
  void whatIsWrongIsOneLineAndStatusTwo(String options, String complaint) throws Exception {
    Files.writeString(
        folder.resolve("wrong.json"), "{\"projects\":[{\"id\":\"acme\",\"limits\":{\"foo\":1}}]}");
    Files.writeString(
        folder.resolve("issue.json"),
        "{\"projects\":[{\"id\":\"acme\",\"pushflo\":{\"secretKey\":\"pub_1\"}}]}");
    Files.writeString(folder.resolve("no.mv.db"), "not a folder");
    try (Child child = Child.start(folder, options.split(" "))) {
      assertThat(child.status(PATIENCE)).isEqualTo(2);
      assertThat(child.err()).singleElement().asString().startsWith(complaint);
      assertThat(child.out()).isEmpty();
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Child child = Child.start(folder, "--port", String.valueOf(taken.getLocalPort()))) {
      assertThat(child.status(PATIENCE)).isEqualTo(2);
      assertThat(child.err())
          .containsExactly(
              "quickstart: can't listen at 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": Address already in use");
    }
  }

  /** Only H2 wants its file for itself; two engines may share one in SQLite. */
  @Test
  void aDatabaseInUseIsNamed() throws Exception {
    String database = "h2:chat";
    try (Child first = Child.start(folder, "--port", "0", "--db", database)) {
      first.url();
      try (Child second = Child.start(folder, "--port", "0", "--db", database)) {
        assertThat(second.status(PATIENCE)).isEqualTo(2);
        assertThat(second.err()).singleElement().asString().contains("--db " + database);
      }
    }
  }

  @Test
  void theFirstStartGivesAllThatIsNeeded() throws Exception {
    try (Child child = Child.start(folder, "--port", "0")) {
      String url = child.url();
      String welcome = String.join("\n", child.out());

      assertThat(url).matches("http://127\\.0\\.0\\.1:[1-9]\\d*");
      assertThat(welcome).contains("Chat page    " + url + "/");
      assertThat(folder.resolve("fluxy-quickstart.db")).exists();
      String key = found("API key +(fc_[0-9a-f]{32})", welcome);
      Map<String, @Nullable Object> minted =
          json(post(url + "/auth/token", "{\"userId\":\"ann\"}", "X-Fluxy-Api-Key", key));
      assertThat(minted).containsKey("token");
      String owner = "Bearer " + found("Owner token +(\\S+)", welcome);
      assertThat(get(url + "/rooms", "Authorization", owner).body()).contains("\"lobby\"");

      child.ask();
      assertThat(child.status(GOODBYE)).isEqualTo(SIGTERM_STATUS);
      assertThat(child.err()).isEmpty();
    }
  }

  @Test
  void aConfiguredProjectHasThePageAndItsKeyIsNotShown() throws Exception {
    Path config = folder.resolve("fluxy.json");
    Files.writeString(
        config,
        "{\"projects\":[{\"id\":\"acme\",\"apiKey\":\"fc_0123456789abcdef\"},{\"id\":\"other\"}]}");
    String[] options = {"--port", "0", "--db", "memory", "--config", config.toString()};
    try (Child child = Child.start(folder, options)) {
      String url = child.url();
      String welcome = String.join("\n", child.out());

      assertThat(welcome).contains("acme", "other").doesNotContain("fc_", "demo");
      assertThat(welcome.split("Owner token", -1)).hasSize(3);
      String token = String.valueOf(session(url, "Ann").get("token"));
      String sent =
          post(
                  url + "/messages",
                  "{\"roomId\":\"lobby\",\"content\":\"hello\"}",
                  "Authorization",
                  "Bearer " + token)
              .body();
      assertThat(sent).contains("\"content\":\"hello\"");
    }
  }

  @Test
  void thePageAndAllItLinksToAreThere() throws Exception {
    HttpResponse<String> page = get(demo() + "/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    List<String> links = all("(?:href|src)=\"([^\"]+)\"", page.body());
    assertThat(links).contains("/quickstart/main.js", "/quickstart/chat.css", "/favicon.ico");
    for (String link : links) {
      assertThat(get(demo() + link).statusCode()).as(link).isEqualTo(200);
    }
    String main = get(demo() + "/quickstart/main.js").body();
    for (String part : all("from \"\\./([^\"]+)\"", main)) {
      HttpResponse<String> script = get(demo() + "/quickstart/" + part);
      assertThat(script.statusCode()).as(part).isEqualTo(200);
      assertThat(header(script, "Content-Type")).startsWith("text/javascript");
      assertThat(script.body()).doesNotContain("innerHTML", "http://", "https://");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/quickstart/../quickstart/main.js",
        "/quickstart/%2e%2e/simplelogger.properties",
        "/simplelogger.properties",
        "/page/index.html",
        "/quickstart/",
        "/no/such/page"
      })
  void nothingElseIs(String path) throws Exception {
    assertThat(get(demo() + path).statusCode()).isIn(400, 404);
  }

  @Test
  void thePageIsOnlyRead() throws Exception {
    HttpResponse<String> answer = post(demo() + "/", "", "Content-Type", "text/plain");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void aNameGetsAToken() throws Exception {
    Map<String, @Nullable Object> session = session(demo(), "Zoë Smith");

    assertThat(session).containsEntry("userId", "Zoe_Smith").containsEntry("roomId", "lobby");
    String bearer = "Bearer " + session.get("token");
    HttpResponse<String> history =
        get(demo() + "/api/messages?roomId=lobby", "Authorization", bearer);
    assertThat(history.statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNoNameGetsNone() throws Exception {
    String url = demo() + "/quickstart/session";

    for (String body :
        List.of("", "{}", "[]", "{\"name\":7}", "{\"name\":\" \"}", named(41), named(9_000))) {
      HttpResponse<String> answer = post(url, body, "Content-Type", "application/json");
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.body())
          .isEqualTo("{\"error\":\"name must be a text of 1 to 40 characters\"}");
    }
    assertThat(post(url, named(3), "Content-Type", "text/plain").statusCode()).isEqualTo(415);
    assertThat(get(url).statusCode()).isEqualTo(405);
    assertThat(session(demo(), "still there")).containsKey("token");
  }

  /** The address of a server that several tests may share, for it forgets everything. */
  private static String demo() throws Exception {
    if (demo == null) {
      demo = Child.start(demoFolder, "--port", "0", "--db", "memory");
    }
    return demo.url();
  }

  private static String named(int chars) {
    return "{\"name\":\"" + "n".repeat(chars) + "\"}";
  }

  private static Map<String, @Nullable Object> session(String url, String name) throws Exception {
    String body = "{\"name\":\"" + name + "\"}";
    return json(post(url + "/quickstart/session", body, "Content-Type", "application/json"));
  }

  private static Map<String, @Nullable Object> json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.object(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> get(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return HTTP.send((headers.length == 0 ? request : request.headers(headers)).build(), text());
  }

  private static HttpResponse<String> post(String url, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).headers(headers);
    return HTTP.send(request.POST(BodyPublishers.ofString(body)).build(), text());
  }

  private static HttpResponse.BodyHandler<String> text() {
    return BodyHandlers.ofString();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String found(String pattern, String text) {
    return all(pattern, text).get(0);
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(r -> r.group(1)).toList();
  }
}
