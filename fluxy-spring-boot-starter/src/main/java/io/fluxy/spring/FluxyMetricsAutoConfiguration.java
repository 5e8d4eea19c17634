package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.FluxyMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The engine's figures, for every registry that Spring Boot has. */
@AutoConfiguration(after = FluxyAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(Fluxy.class)
public class FluxyMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  FluxyMetrics fluxyMetrics(Fluxy fluxy) {
    return new FluxyMetrics(fluxy);
  }
}
