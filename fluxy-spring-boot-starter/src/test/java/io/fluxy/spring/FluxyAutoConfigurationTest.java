package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.FluxyMetrics;
import io.fluxy.agent.Agent;
import io.fluxy.auth.Access;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.hook.Listener;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.store.Store;
import io.fluxy.store.jdbc.JdbcStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FluxyAutoConfigurationTest {
  private static final RoomId LOBBY = new RoomId("app", "lobby");
  private static final User ANN = User.named("ann");

  private final ApplicationContextRunner app =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  FluxyAutoConfiguration.class,
                  FluxyMetricsAutoConfiguration.class,
                  Boot3HealthAutoConfiguration.class))
          .withPropertyValues("fluxy.rooms=lobby");

  private static Message post(Fluxy fluxy, String text) {
    return fluxy.room(LOBBY).post(ANN, Draft.text(text)).toCompletableFuture().join();
  }

  @Test
  void onePropertyIsARoomThatAnyUserMaySpeakIn() {
    app.run(context -> assertThat(post(context.getBean(Fluxy.class), "hello").seq()).isPositive());
  }

  @Test
  void itCanBeSwitchedOff() {
    app.withPropertyValues("fluxy.enabled=false")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(Fluxy.class);
              assertThat(context).doesNotHaveBean(Store.class);
              assertThat(context).doesNotHaveBean(FluxyMetrics.class);
            });
  }

  @Test
  void messagesAreKeptInTheHostsDatabase() {
    app.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
        .withPropertyValues(
            "spring.datasource.url=jdbc:h2:mem:kept;DB_CLOSE_DELAY=-1",
            "spring.datasource.hikari.maximum-pool-size=6")
        .run(
            context -> {
              post(context.getBean(Fluxy.class), "in a table");
              assertThat(
                      new JdbcTemplate(context.getBean(DataSource.class))
                          .queryForObject("select count(*) from fluxy_log", Integer.class))
                  .isPositive();
            });
  }

  @Test
  void aNamedFileIsAnSqliteDatabase(@TempDir Path folder) {
    Path file = folder.resolve("chat.db");
    app.withPropertyValues("fluxy.store.file=" + file)
        .run(
            context -> {
              assertThat(context.getBean(Store.class)).isInstanceOf(JdbcStore.class);
              post(context.getBean(Fluxy.class), "kept");
            });
    assertThat(Files.exists(file)).isTrue();
    app.withPropertyValues("fluxy.store.file=" + file)
        .run(
            context ->
                assertThat(
                        context
                            .getBean(Fluxy.class)
                            .room(LOBBY)
                            .newest(ANN, 1)
                            .toCompletableFuture()
                            .join()
                            .get(0)
                            .message()
                            .content())
                    .isEqualTo("kept"));
  }

  @Test
  void severalDataSourcesNeedAWordOfTheHost() {
    app.withUserConfiguration(TwoDataSources.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("several DataSources and none is @Primary"));
  }

  @Test
  void aDataSourceThatIsAskedForAndMissingIsSaid() {
    app.withPropertyValues("fluxy.store.kind=data-source")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessage("fluxy.store.kind=data-source: the application has no DataSource"));
  }

  @Test
  void aRoomThatNoClientCouldNameIsRefusedAtTheStart() {
    app.withPropertyValues("fluxy.rooms=the lobby")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessage("fluxy.rooms: must be 1-128 letters, digits, _ or -: the lobby"));
  }

  @Test
  void theEngineIsClosedBeforeTheDataSource() {
    app.withUserConfiguration(Watched.class)
        .run(
            context -> {
              WatchedDataSource dataSource = context.getBean(WatchedDataSource.class);
              post(context.getBean(Fluxy.class), "hello");
              context.close();
              assertThat(dataSource.openWhenClosed).isZero();
            });
  }

  @Test
  void theHostsBeansAreAskedAndHear() {
    app.withUserConfiguration(Host.class)
        .run(
            context -> {
              Fluxy fluxy = context.getBean(Fluxy.class);
              Host host = context.getBean(Host.class);

              assertThat(context).hasSingleBean(Limits.class);
              assertThat(fluxy.limits().contentCharsMax()).isEqualTo(7);
              post(fluxy, "@echo x");
              assertThat(hear(host)).isEqualTo("ann");
              assertThat(List.of(hear(host), hear(host))).containsExactlyInAnyOrder("bob", "echo");
              assertThat(sayByHttp(fluxy).status()).isEqualTo(200);
              assertThat(host.wasAsked).isTrue();
              assertThat(host.customized).isTrue();
              assertThat(fluxy.mintToken("second", ANN, 60).toCompletableFuture().join())
                  .isNotEmpty();
            });
  }

  /** As a client does it: of the host's own code, Access is not asked. */
  private static ApiResponse sayByHttp(Fluxy fluxy) {
    String token = fluxy.mintToken("app", ANN, 60).toCompletableFuture().join();
    return fluxy
        .answer(
            ApiRequest.of(
                "POST",
                "/messages",
                Map.of("Authorization", "Bearer " + token),
                "{\"roomId\":\"lobby\",\"content\":\"by http\"}".getBytes(StandardCharsets.UTF_8),
                "127.0.0.1"))
        .toCompletableFuture()
        .join();
  }

  private static String hear(Host host) throws InterruptedException {
    return String.valueOf(host.heard.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void healthIsThatOfTheStore() {
    app.run(
        context ->
            assertThat(context.getBean(HealthIndicator.class).health().getStatus())
                .isEqualTo(Status.UP));
  }

  @Test
  void withoutActuatorAndMicrometerItWorksAsWell() {
    app.withClassLoader(
            new FilteredClassLoader("org.springframework.boot.actuate", "io.micrometer"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).hasSingleBean(Fluxy.class);
              assertThat(context).doesNotHaveBean("fluxyHealthIndicator");
              assertThat(context).doesNotHaveBean("fluxyMetrics");
            });
  }

  @Test
  void figuresAreThereForMicrometer() {
    app.run(context -> assertThat(context).hasSingleBean(FluxyMetrics.class));
  }

  @Test
  void aSecretIsNotShown() {
    app.withPropertyValues("fluxy.project.api-key=do-not-show-this-key-to-anybody")
        .run(
            context ->
                assertThat(context.getBean(FluxyProperties.class).toString())
                    .doesNotContain("do-not-show"));
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoDataSources {
    @Bean
    DataSource one() {
      return new DriverManagerDataSource("jdbc:h2:mem:one");
    }

    @Bean
    DataSource two() {
      return new DriverManagerDataSource("jdbc:h2:mem:two");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Watched {
    @Bean
    WatchedDataSource dataSource() {
      return new WatchedDataSource();
    }
  }

  /** Counts how many of its connections are out. */
  static final class WatchedDataSource extends DelegatingDataSource implements AutoCloseable {
    private final List<Connection> given = new ArrayList<>();
    int openWhenClosed = -1;

    WatchedDataSource() {
      super(new DriverManagerDataSource("jdbc:h2:mem:watched;DB_CLOSE_DELAY=-1"));
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      given.add(connection);
      return connection;
    }

    @Override
    public synchronized void close() throws SQLException {
      openWhenClosed = 0;
      for (Connection connection : given) {
        openWhenClosed += connection.isClosed() ? 0 : 1;
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Host {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    volatile boolean customized;
    volatile boolean wasAsked;

    @Bean
    Limits limits() {
      return Limits.defaults().toBuilder().contentCharsMax(7).build();
    }

    @Bean
    Access access() {
      return (who, room, command) -> {
        wasAsked = true;
        return Access.byMembership().may(who, room, command);
      };
    }

    /** Wants the engine, as most listeners do, and hears one kind of event only. */
    @Bean
    Listener<Event.Posted> listener(Fluxy fluxy) {
      return (room, event) -> {
        heard.add(event.message().userId());
        if (event.message().content().startsWith("@")) {
          fluxy.room(LOBBY).post(User.named("bob"), Draft.text("made"));
        }
      };
    }

    @Bean
    Agent echo() {
      return (asked, reply) -> reply.append("echo");
    }

    @Bean
    Project second() {
      return Project.named("second");
    }

    @Bean
    FluxyCustomizer customizer() {
      return builder -> customized = true;
    }
  }
}
