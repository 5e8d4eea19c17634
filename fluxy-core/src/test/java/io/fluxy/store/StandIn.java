package io.fluxy.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an interface of a store: what a test writes down is the test's, the rest goes
 * another way. By reflection, so that what a store learns to do has to be written nowhere.
 */
public final class StandIn {
  private StandIn() {}

  /** What becomes of the methods that a test has not written down. */
  @FunctionalInterface
  public interface Rest {
    Object answer(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  /**
   * An object of an interface.
   *
   * @param own its methods with a signature of the interface are asked first, whatever its class
   */
  public static <T> T of(Class<T> type, Object own, Rest rest) {
    Map<Method, Method> written = new HashMap<>();
    for (Method method : own.getClass().getDeclaredMethods()) {
      for (Method wanted : type.getMethods()) {
        if (wanted.getName().equals(method.getName())
            && Objects.deepEquals(wanted.getParameterTypes(), method.getParameterTypes())) {
          method.setAccessible(true);
          written.put(wanted, method);
        }
      }
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Method mine = written.get(method);
              return mine == null ? rest.answer(method, arguments) : call(mine, own, arguments);
            }));
  }

  /** Calls a method as if it stood in the program: what it throws comes as it is. */
  public static Object call(Method method, Object target, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNullElse(e.getCause(), e);
    }
  }
}
