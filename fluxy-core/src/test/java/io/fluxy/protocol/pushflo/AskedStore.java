package io.fluxy.protocol.pushflo;

import io.fluxy.store.Directory;
import io.fluxy.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts what its directory is asked. */
final class AskedStore {
  private final Store real = Store.inMemory();
  private final AtomicInteger asked;

  AskedStore(AtomicInteger asked) {
    this.asked = asked;
  }

  Store store() {
    Directory directory = counting(Directory.class, real.directory());
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) ->
                method.getName().equals("directory")
                    ? directory
                    : called(() -> method.invoke(real, arguments)));
  }

  private <T> T counting(Class<T> type, T of) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              asked.incrementAndGet();
              return called(() -> method.invoke(of, arguments));
            }));
  }

  private interface Call {
    Object now() throws IllegalAccessException, InvocationTargetException;
  }

  private static Object called(Call call) throws Throwable {
    try {
      return call.now();
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
