package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.store.StoreClosedException;
import io.fluxy.store.StoreException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class StoreTroubleTest {
  private final List<String> levels = new ArrayList<>();
  private final Logger log =
      (Logger)
          Proxy.newProxyInstance(
              Logger.class.getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                levels.add(method.getName());
                return null;
              });

  @Test
  void aFailureIsAWarning() {
    StoreTrouble.log(log, "{}: {}", "r", new StoreException("disk full"));
    StoreTrouble.log(log, "{}: {}", "r", null);
    assertThat(levels).containsExactly("warn", "warn");
  }

  @Test
  void theEndOfTheEngineIsNone() {
    StoreTrouble.log(
        log, "{}: {}", "r", new CompletionException(new StoreClosedException("closed")));
    assertThat(levels).containsExactly("debug");
  }
}
