package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody meets who adds the starter to a new project and says one thing. */
class FreshProjectIT {
  private static final String ONE_PROPERTY = "fluxy.rooms=lobby\n";
  private static final String BOOT = "org.springframework.boot";

  private static FreshProject project(Path folder) {
    return new FreshProject(folder)
        .dependsOn("io.fluxy", "fluxy-spring-boot-starter")
        .dependsOn(BOOT, "spring-boot-starter-web", "spring-boot-starter-security");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5.16", "4.1.0"})
  void aPomAClassAndAPropertyAreARoomBehindTheApplicationsLogin(
      String springBoot, @TempDir Path folder) throws Exception {
    Path jar = project(folder).built(springBoot, ONE_PROPERTY);
    try (FreshProject.Running app = new FreshProject.Running(jar)) {
      chats(app);
      assertThat(app.stops()).isEqualTo(143);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5.16", "4.1.0"})
  void withADatabaseMessagesOutliveTheProcessAndHealthAndFiguresAreThere(
      String springBoot, @TempDir Path folder) throws Exception {
    Path jar =
        project(folder)
            .dependsOn(BOOT, "spring-boot-starter-jdbc", "spring-boot-starter-actuator")
            .dependsOn("com.h2database", "h2")
            .property("jooq.version", "3.19.35") // for Spring Boot 4.1 on Java 17
            .property("h2.version", "2.3.232")
            .built(springBoot, ONE_PROPERTY);
    String[] said = {
      "--spring.datasource.url=jdbc:h2:file:./fresh;DB_CLOSE_ON_EXIT=FALSE",
      "--management.endpoints.web.exposure.include=health,metrics",
      "--management.endpoint.health.show-components=always"
    };
    try (FreshProject.Running app = new FreshProject.Running(jar, said)) {
      Browser user = chats(app);
      assertThat(user.get("/actuator/health").body()).contains("\"fluxy\":{\"status\":\"UP\"");
      assertThat(user.get("/actuator/metrics/fluxy.messages").body()).contains("\"value\":2.0");
      assertThat(app.stops()).isEqualTo(143);
    }
    try (FreshProject.Running again = new FreshProject.Running(jar, said)) {
      Browser user = new Browser(again.server()).logsIn("user", again.password());
      assertThat(user.socket("/chat/ws/room/lobby").hears("history")).contains("by socket");
    }
  }

  @Test
  void aJooqThatNeedsANewerJavaIsExplained(@TempDir Path folder) throws Exception {
    assumeTrue(Runtime.version().feature() < 21, "this Java runs any jOOQ");
    Path jar =
        project(folder)
            .dependsOn(BOOT, "spring-boot-starter-jdbc")
            .dependsOn("com.h2database", "h2")
            .built("4.1.0", ONE_PROPERTY);
    try (FreshProject.Running app = new FreshProject.Running(jar)) {
      assertThat(app.lastWords())
          .contains("APPLICATION FAILED TO START", "<jooq.version>3.19.35</jooq.version>");
    }
  }

  /** Two tabs of one user. */
  private static Browser chats(FreshProject.Running app) throws Exception {
    Browser user = new Browser(app.server()).logsIn("user", app.password());
    Browser.Line one = user.socket("/chat/ws/room/lobby");
    Browser.Line other = user.socket("/chat/ws/room/lobby");
    one.says("{\"type\":\"message\",\"content\":\"by socket\"}");
    assertThat(other.hears("by socket")).contains("\"userId\":\"user\"");
    user.post("/chat/messages", "{\"roomId\":\"lobby\",\"content\":\"by http\"}");
    other.hears("by http");
    one.hears("by http");
    return user;
  }
}
