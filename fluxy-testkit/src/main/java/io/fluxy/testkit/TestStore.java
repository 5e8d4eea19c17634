package io.fluxy.testkit;

import io.fluxy.store.MessageStore;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The store of a {@link TestChat}, which works until it is told otherwise. A fault holds until the
 * next one or until {@link #recovers()}; a test that wants to know what is really kept asks {@link
 * #inner()}, which never fails.
 */
public final class TestStore {
  private static final Set<String> WRITES = Set.of("append", "checkpoint");

  private final Store inner;
  private final Transcript transcript;
  private Fault fault = Fault.NONE;
  private long delayMs;
  private int appends;

  private enum Fault {
    NONE,
    SLOW,
    DOWN,
    FULL,
    SILENT,
    LOSES_ANSWERS
  }

  TestStore(Store inner, Transcript transcript) {
    this.inner = inner;
    this.transcript = transcript;
  }

  /** What is really there. */
  public Store inner() {
    return inner;
  }

  /** How many turns of rooms have asked it to save something. */
  public int appends() {
    return appends;
  }

  /** Every answer takes so long. */
  public void slowsDown(Duration delay) {
    delayMs = delay.toMillis();
    becomes(Fault.SLOW, "slows down");
  }

  /** Every question fails at once, and nothing is saved: the database is gone. */
  public void goesDown() {
    becomes(Fault.DOWN, "goes down");
  }

  /** Rooms can be read, and nothing more can be said: the disk is full. */
  public void fillsUp() {
    becomes(Fault.FULL, "fills up");
  }

  /** Nothing is done and nothing is answered: the network is cut, and nobody has noticed. */
  public void goesSilent() {
    becomes(Fault.SILENT, "goes silent");
  }

  /**
   * What rooms say is saved, and the answer is lost on its way: the engine can't know whether the
   * commit happened, and has to find out.
   */
  public void losesAnswers() {
    becomes(Fault.LOSES_ANSWERS, "loses answers");
  }

  /** All is well from here on. What got no answer so far gets none. */
  public void recovers() {
    becomes(Fault.NONE, "recovers");
  }

  private void becomes(Fault next, String what) {
    fault = next;
    transcript.note("the store", what, fault == Fault.SLOW ? delayMs + " ms" : "");
  }

  /** This store as one process has it: when that is gone, it hears no more answers. */
  Store of(Life life) {
    return (Store) faulty(Store.class, inner, life);
  }

  private Object faulty(Class<?> type, Object target, Life life) {
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new Port(target, life));
  }

  private <T> CompletionStage<T> answer(Life life, boolean saves, Call<T> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (life.isOver()) {
      return answer;
    }
    Fault now = fault == Fault.FULL && !saves ? Fault.NONE : fault;
    switch (now) {
      case NONE -> {
        return done(call);
      }
      case SLOW -> life.after(delayMs, () -> pass(done(call), answer));
      case DOWN, FULL -> answer.completeExceptionally(planned(now));
      case SILENT -> {}
      case LOSES_ANSWERS -> {
        CompletableFuture<T> done = done(call);
        if (!saves) {
          return done;
        }
        answer.completeExceptionally(planned(now));
      }
    }
    return answer;
  }

  private static StoreException planned(Fault fault) {
    return new StoreException(
        "the test's store " + (fault == Fault.LOSES_ANSWERS ? "loses answers" : "is " + fault));
  }

  /** Waits for a store that has threads of its own: time stands still meanwhile. */
  private static <T> CompletableFuture<T> done(Call<T> call) {
    CompletableFuture<T> answer = call.make().toCompletableFuture();
    try {
      answer.join();
      return answer;
    } catch (CompletionException e) {
      return answer;
    }
  }

  private static <T> void pass(CompletionStage<T> from, CompletableFuture<T> to) {
    from.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            to.complete(value);
          } else {
            to.completeExceptionally(failure);
          }
        });
  }

  @FunctionalInterface
  private interface Call<T> {
    CompletionStage<T> make();
  }

  /**
   * One of a store's interfaces, as one process has it. Made by reflection, so that what a store
   * learns to do can fail here from the first day.
   */
  private final class Port implements InvocationHandler {
    private final Object target;
    private final Life life;
    private final Map<String, Object> parts = new HashMap<>();

    Port(Object target, Life life) {
      this.target = target;
      this.life = life;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      Class<?> answer = method.getReturnType();
      if (method.getDeclaringClass() == Object.class) {
        return objects(proxy, method, arguments);
      } else if (CompletionStage.class.isAssignableFrom(answer)) {
        boolean saves = target instanceof MessageStore && WRITES.contains(method.getName());
        if (method.getName().equals("append")) {
          appends++;
        }
        return answer(life, saves, () -> stage(method, arguments));
      } else if (answer.isInterface() && isOfStores(answer)) {
        Object part = invoke(method, arguments);
        return parts.computeIfAbsent(method.getName(), name -> faulty(answer, part, life));
      } else if (method.getName().equals("close")) {
        return null; // the store outlives the engine: a test starts another one over it
      }
      return invoke(method, arguments);
    }

    private static boolean isOfStores(Class<?> type) {
      return type.getPackageName().equals(Store.class.getPackageName());
    }

    private @Nullable Object objects(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      return switch (method.getName()) {
        case "equals" -> arguments != null && arguments[0] == proxy;
        case "hashCode" -> System.identityHashCode(proxy);
        default -> invoke(method, arguments);
      };
    }

    @SuppressWarnings("unchecked") // the proxied method says what its stage is of
    private <T> CompletionStage<T> stage(Method method, Object @Nullable [] arguments) {
      try {
        return (CompletionStage<T>) invoke(method, arguments);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new StoreException(method.getName(), e);
      }
    }

    private Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw Objects.requireNonNullElse(e.getCause(), e);
      }
    }
  }
}
