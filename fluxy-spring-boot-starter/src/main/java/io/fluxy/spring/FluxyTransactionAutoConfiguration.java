package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.spring.FluxyProperties.StoreProperties;
import io.fluxy.spring.FluxyProperties.StoreProperties.Kind;
import io.fluxy.store.Store;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;

/** What the engine has to do with the application's transactions. */
@AutoConfiguration(after = FluxyAutoConfiguration.class)
@ConditionalOnClass(TransactionSynchronization.class)
@ConditionalOnBean(Fluxy.class)
public class FluxyTransactionAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  AfterCommit fluxyAfterCommit() {
    return new AfterCommit();
  }

  /** With Spring's JDBC and one data source. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DataSourceUtils.class)
  @ConditionalOnSingleCandidate(DataSource.class)
  static class OnTheDataSource {
    @Bean
    @ConditionalOnMissingBean
    InTransaction fluxyInTransaction(
        Store store, DataSource dataSource, FluxyProperties properties) {
      StoreProperties said = properties.store();
      boolean elsewhere =
          said.kind() == Kind.FILE || said.kind() == Kind.AUTO && said.file() != null;
      return new InTransaction(store, dataSource, !elsewhere);
    }
  }
}
