package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class AfterCommitTest {
  private final TransactionTemplate transaction =
      new TransactionTemplate(
          new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:after")));
  private final AfterCommit afterCommit = new AfterCommit();
  private final List<String> said = new ArrayList<>();

  private CompletionStage<String> say(String text) {
    return afterCommit.run(
        () -> {
          said.add(text);
          return CompletableFuture.completedStage(text);
        });
  }

  @Test
  void nothingIsSaidBeforeTheCommit() {
    CompletionStage<String> outcome =
        transaction.execute(
            status -> {
              CompletionStage<String> saying = say("placed");
              assertThat(said).isEmpty();
              return saying;
            });
    assertThat(said).containsExactly("placed");
    assertThat(outcome.toCompletableFuture().join()).isEqualTo("placed");
  }

  @Test
  void nothingIsSaidAfterARollback() {
    CompletionStage<String> outcome =
        transaction.execute(
            status -> {
              status.setRollbackOnly();
              return say("placed");
            });
    assertThat(said).isEmpty();
    assertThatThrownBy(() -> outcome.toCompletableFuture().join())
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void withoutATransactionItIsSaidAtOnce() {
    say("now");
    assertThat(said).containsExactly("now");
  }
}
