package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import java.io.InputStream;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.userdetails.User.UserBuilder;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A whole application on its web server, with Spring Security as Spring Boot sets it up. */
@Timeout(120)
class LoginTest {
  private static ConfigurableApplicationContext app;
  private static String server;

  @BeforeAll
  static void starts() {
    app = start("--fluxy.rooms=lobby");
    server = server(app);
  }

  @AfterAll
  static void stops() {
    app.close();
  }

  static ConfigurableApplicationContext start(String... properties) {
    SpringApplication application = new SpringApplication(Host.class);
    String[] all = new String[properties.length + 4];
    System.arraycopy(properties, 0, all, 4, properties.length);
    all[0] = "--server.port=0";
    all[1] = "--spring.main.banner-mode=off";
    all[2] = "--spring.datasource.url=jdbc:h2:mem:" + Long.toHexString(System.nanoTime());
    all[3] = "--server.tomcat.basedir=target/tomcat"; // else it leaves a folder behind
    return application.run(all);
  }

  static String server(ConfigurableApplicationContext app) {
    return "http://127.0.0.1:" + app.getEnvironment().getProperty("local.server.port");
  }

  private static Browser ann() throws Exception {
    return new Browser(server).logsIn("ann", "secret");
  }

  private static Browser bob() throws Exception {
    return new Browser(server).logsIn("bob@example.org", "secret");
  }

  @Test
  void twoUsersOfTheApplicationChatWithoutAnotherLogin() throws Exception {
    Browser.Line ann = ann().socket("/chat/ws/room/lobby");
    Browser.Line bob = bob().socket("/chat/ws/room/lobby");

    ann.says("{\"type\":\"message\",\"content\":\"hello bob\"}");
    assertThat(bob.hears("hello bob")).contains("\"userId\":\"ann\"");
    bob.says("{\"type\":\"message\",\"content\":\"hello ann\"}");
    assertThat(ann.hears("hello ann"))
        .contains("\"userId\":\"" + HostUsers.id("bob@example.org") + "\"");
  }

  @Test
  void aLoginSendsByHttpWithoutACsrfToken() throws Exception {
    Browser.Line bob = bob().socket("/chat/ws/room/lobby");
    assertThat(
            ann()
                .post("/chat/messages", "{\"roomId\":\"lobby\",\"content\":\"by http\"}")
                .statusCode())
        .isEqualTo(200);
    bob.hears("by http");
  }

  @Test
  void aPageOfAnotherSiteCannotUseALogin() throws Exception {
    Browser ann = ann().visits("https://evil.example");
    assertThat(
            ann.post("/chat/messages", "{\"roomId\":\"lobby\",\"content\":\"forged\"}")
                .statusCode())
        .isEqualTo(401);
    assertThat(statusOf(() -> ann.socket("/chat/ws/room/lobby"))).isEqualTo(403);
    assertThat(ann.visits("null").get("/chat/rooms").statusCode()).isEqualTo(401);
  }

  @Test
  void aProgramMayUseALogin() throws Exception {
    assertThat(ann().isProgram().get("/chat/rooms").statusCode()).isEqualTo(200);
  }

  @Test
  void whoeverIsNotLoggedInIsNotLetIn() throws Exception {
    Browser nobody = new Browser(server);
    assertThat(statusOf(() -> nobody.socket("/chat/ws/room/lobby"))).isEqualTo(401);
    assertThat(nobody.get("/chat/rooms").statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenCountsMoreThanALogin() throws Exception {
    String token =
        app.getBean(Fluxy.class)
            .mintToken("app", User.named("carol"), 60)
            .toCompletableFuture()
            .join();
    Browser.Line carol = ann().socket("/chat/ws/room/lobby?token=" + token);
    carol.says("{\"type\":\"message\",\"content\":\"who am I\"}");
    assertThat(carol.hears("who am I")).contains("\"userId\":\"carol\"");
    assertThat(ann().get("/chat/rooms?token=junk").statusCode()).isEqualTo(401);
  }

  @Test
  void theApplicationsOwnPagesStayAsClosedAsTheyWere() throws Exception {
    assertThat(new Browser(server).get("/host").statusCode()).isEqualTo(302);
    assertThat(new Browser(server).get("/host").headers().firstValue("Location").orElse(""))
        .endsWith("/login");
    assertThat(ann().get("/host").body()).isEqualTo("mine");
    assertThat(ann().post("/host", "{}").statusCode()).isEqualTo(403); // no CSRF token
    assertThat(new Browser(server).get("/chat/..%2fhost").statusCode()).isNotEqualTo(200);
    assertThat(new Browser(server).get("/chat/%2e%2e/host").statusCode()).isNotEqualTo(200);
  }

  @Test
  void whoeverLogsOutIsNoLongerHeard() throws Exception {
    Browser ann = ann();
    Browser.Line line = ann.socket("/chat/ws/room/lobby");
    line.hears("presence");
    InputStream stream = ann.stream("/chat/rooms/lobby/stream");
    ann.logsOut();
    // Tomcat itself knows the session behind a socket, and may be faster.
    assertThat(line.end()).containsAnyOf("logged_out", "HTTP session that has ended");
    assertThat(stream.readAllBytes()).isNotEmpty(); // and then it ended
    assertThat(statusOf(() -> ann.socket("/chat/ws/room/lobby"))).isEqualTo(401);
  }

  @Test
  void theHostPostsForItsUsers() throws Exception {
    Browser.Line bob = bob().socket("/chat/ws/room/lobby");
    RoomId lobby = new RoomId(app.getBean(Project.class).id(), "lobby");
    app.getBean(Fluxy.class)
        .room(lobby)
        .post(User.named("shop"), Draft.text("your order is on its way"));
    bob.hears("your order is on its way");
  }

  @Test
  void atTheRootTheEngineTakesItsPathsAndLeavesTheOthers() throws Exception {
    ConfigurableApplicationContext root = start("--fluxy.path=/", "--fluxy.rooms=lobby");
    try {
      Browser ann = new Browser(server(root)).logsIn("ann", "secret");
      Browser.Line line = ann.socket("/ws/room/lobby");
      ann.post("/messages", "{\"roomId\":\"lobby\",\"content\":\"at the root\"}");
      line.hears("at the root");
      assertThat(ann.get("/host").body()).isEqualTo("mine");
      assertThat(new Browser(server(root)).get("/host").statusCode()).isEqualTo(302);
      assertThat(new Browser(server(root)).get("/rooms").statusCode()).isEqualTo(401);
    } finally {
      root.close();
    }
  }

  @Test
  void anApplicationWithOpenSocketsAndStreamsStopsAtOnce() throws Exception {
    ConfigurableApplicationContext stopping =
        start(
            "--fluxy.rooms=lobby",
            "--server.shutdown=graceful",
            "--spring.lifecycle.timeout-per-shutdown-phase=10m"); // longer than a test may take
    Browser ann = new Browser(server(stopping)).logsIn("ann", "secret");
    Browser.Line line = ann.socket("/chat/ws/room/lobby");
    line.hears("presence");
    InputStream stream = ann.stream("/chat/rooms/lobby/stream");
    stopping.close();
    line.end();
    assertThat(stream.readAllBytes()).isNotEmpty(); // and then it ended
  }

  private static int statusOf(Runnable opening) {
    try {
      opening.run();
      return 101;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Page.class)
  static class Host {
    @Bean
    UserDetailsService users() {
      return new InMemoryUserDetailsManager(user("ann").build(), user("bob@example.org").build());
    }

    private static UserBuilder user(String name) {
      return org.springframework.security.core.userdetails.User.withUsername(name)
          .password("{noop}secret");
    }
  }

  @RestController
  static class Page {
    @GetMapping("/host")
    String host() {
      return "mine";
    }
  }
}
