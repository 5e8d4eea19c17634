package io.fluxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.Quota.Metric;
import io.fluxy.store.Directory;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.time.VirtualScheduler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private final CompletableFuture<Long> before = new CompletableFuture<>();
  private final Quota quota = new Quota(slow(Store.inMemory()), VirtualScheduler.inOrder());

  /** A store that takes its time to say how many messages there are. */
  private Store slow(Store store) {
    Directory directory =
        fake(
            Directory.class,
            (method, args) -> {
              assertThat(method).isEqualTo("messagesSince");
              CompletionStage<Long> later = before;
              return later;
            });
    return fake(
        Store.class, (method, args) -> method.equals("directory") ? directory : store.operators());
  }

  private interface Answers {
    Object to(String method, Object[] args);
  }

  private static <T> T fake(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> answers.to(method.getName(), args)));
  }

  @Test
  void whoeverShowsFiguresCanWaitUntilTheyAreKnown() {
    CompletableFuture<Void> known = quota.known("shop").toCompletableFuture();
    quota.count("shop", Metric.MESSAGES);
    assertThat(known).isNotDone();
    assertThat(quota.usage("shop", Metric.MESSAGES).used()).isEqualTo(1);

    before.complete(41L);
    assertThat(known).isDone();
    assertThat(quota.usage("shop", Metric.MESSAGES).used()).isEqualTo(42);
  }

  @Test
  void whatCannotBeKnownIsNotWaitedFor() {
    CompletableFuture<Void> known = quota.known("shop").toCompletableFuture();
    before.completeExceptionally(new StoreException("planned"));
    assertThat(known).isCompleted();
  }
}
