package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.protocol.Health.Report;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The engine in {@code /actuator/health}, where Spring Boot 3 has its health indicators; the other
 * one's are elsewhere.
 */
@AutoConfiguration(after = FluxyAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(Fluxy.class)
@ConditionalOnBooleanProperty(name = "management.health.fluxy.enabled", matchIfMissing = true)
public class Boot3HealthAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "fluxyHealthIndicator")
  HealthIndicator fluxyHealthIndicator(Fluxy fluxy) {
    return () -> {
      Report report = fluxy.health().toCompletableFuture().join(); // within two seconds
      return (report.ok() ? Health.up() : Health.down())
          .withDetail("storeWrites", report.storeWrites())
          .withDetail("tasksRun", report.tasksRun())
          .build();
    };
  }
}
