package io.fluxy.spring;

import io.fluxy.Fluxy;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
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
}
