package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.auth.Access;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Names;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.hook.WebhookSender;
import io.fluxy.protocol.Protocol;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * The engine: a bean of type {@link Fluxy}, on a store, for one project, with whatever beans of the
 * host's have something to say: {@link Access}, {@link Limits}, listeners, interceptors, agents,
 * protocols, further projects, a {@link FluxyCustomizer}.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnBooleanProperty(name = "fluxy.enabled", matchIfMissing = true)
@EnableConfigurationProperties(FluxyProperties.class)
public class FluxyAutoConfiguration {
  /** Who the first member of the rooms is that are made at the start. */
  static final String FOUNDER = "host";

  /**
   * The tenant that the application's users belong to; other beans of this type are further ones.
   */
  @Bean
  @Primary
  @ConditionalOnMissingBean(name = "fluxyProject")
  Project fluxyProject(FluxyProperties properties) {
    FluxyProperties.ProjectProperties said = properties.project();
    Project project = Project.named(said.id());
    if (said.name() != null) {
      project = project.called(said.name());
    }
    if (said.apiKey() != null) {
      project = project.apiKey(said.apiKey());
    }
    return said.jwtSecret() == null ? project : project.jwtSecret(said.jwtSecret());
  }

  /** Closed by the engine; closing it twice does no harm. */
  @Bean
  @ConditionalOnMissingBean
  Store fluxyStore(FluxyProperties properties, ObjectProvider<DataSource> dataSources) {
    return StoreChoice.open(properties.store(), dataSources);
  }

  @Bean
  @ConditionalOnMissingBean
  HostUsers fluxyUsers() {
    return HostUsers.byName();
  }

  /** The engine. It depends on the store, and so on the data source, and is closed before them. */
  @Bean
  @ConditionalOnMissingBean
  Fluxy fluxy(
      FluxyProperties properties,
      Store store,
      ObjectProvider<Project> projects,
      ObjectProvider<Limits> limits,
      ObjectProvider<Scheduler> scheduler,
      ObjectProvider<WebhookSender> webhookSender,
      ObjectProvider<Protocol.Factory> protocols,
      ObjectProvider<FluxyCustomizer> customizers,
      ConfigurableListableBeanFactory beans) {
    Fluxy.Builder builder = Fluxy.builder().store(store);
    projects.orderedStream().forEach(builder::project);
    properties.allowedOrigins().forEach(builder::allowedOrigin);
    if (properties.guests()) {
      builder.guestsOf(properties.project().id());
    }
    limits.ifUnique(builder::limits);
    scheduler.ifUnique(builder::scheduler);
    webhookSender.ifUnique(builder::webhookSender);
    protocols.orderedStream().forEach(builder::protocol);
    new HostBeans(beans).addTo(builder, properties.project().id());
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    Fluxy fluxy = builder.start();
    makeRooms(fluxy, properties.project().id(), properties.rooms());
    return fluxy;
  }

  /** Says goodbye before the web server waits for its last requests. */
  @Bean
  Goodbye fluxyGoodbye(Fluxy fluxy) {
    return new Goodbye(fluxy);
  }

  private static void makeRooms(Fluxy fluxy, String project, List<String> names) {
    for (String name : names) {
      if (!Names.isId(name)) {
        fluxy.close();
        throw new IllegalArgumentException(
            "fluxy.rooms: must be 1-128 letters, digits, _ or -: " + Names.shown(name));
      }
      RoomId id = new RoomId(project, name);
      fluxy.createRoom(id, RoomType.PUBLIC, name, FOUNDER).toCompletableFuture().join();
    }
  }
}
