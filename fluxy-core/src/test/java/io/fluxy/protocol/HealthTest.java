package io.fluxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.protocol.Health.Report;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.time.VirtualScheduler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final List<CompletableFuture<Void>> checks = new ArrayList<>();
  private final Health health = new Health(checkedStore(), time);

  @Test
  void allIsWellIfTheStoreTakesAWriteAndTasksAreRun() {
    CompletableFuture<Report> report = look();
    checks.get(0).complete(null);
    time.runUntilIdle();
    assertThat(report).isCompletedWithValue(new Report(true, true));
    assertThat(report.join().ok()).isTrue();
  }

  @Test
  void aStoreThatFailsIsReported() {
    CompletableFuture<Report> report = look();
    checks.get(0).completeExceptionally(new StoreException("disk full"));
    time.runUntilIdle();
    assertThat(report).isCompletedWithValue(new Report(false, true));
    assertThat(report.join().ok()).isFalse();
  }

  @Test
  void aStoreThatIsSilentForTwoSecondsIsReported() {
    CompletableFuture<Report> report = look();
    time.advance(1_999);
    assertThat(report).isNotDone();
    time.advance(1);
    assertThat(report).isCompletedWithValue(new Report(false, true));
  }

  @Test
  void whoeverAsksOftenGetsWhatWasFoundWithinTheSecond() {
    CompletableFuture<Report> first = look();
    assertThat(look()).as("while the first is under way").isSameAs(first);
    checks.get(0).complete(null);
    time.runUntilIdle();
    time.advance(999);
    assertThat(look()).isSameAs(first);
    assertThat(checks).hasSize(1);
    time.advance(1);
    assertThat(look()).isNotDone();
    assertThat(checks).hasSize(2);
  }

  private CompletableFuture<Report> look() {
    return health.look().toCompletableFuture();
  }

  private Store checkedStore() {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("check");
              CompletableFuture<Void> check = new CompletableFuture<>();
              checks.add(check);
              return check;
            });
  }
}
