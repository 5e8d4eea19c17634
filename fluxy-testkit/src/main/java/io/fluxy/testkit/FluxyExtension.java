package io.fluxy.testkit;

import io.fluxy.Fluxy;
import io.fluxy.time.VirtualScheduler;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A chat for each test. Parameters may be a {@link TestChat}, its {@link VirtualScheduler}, its
 * {@link Fluxy}, or a {@link TestRoom}, which is called {@code lobby} and open to everybody.
 *
 * <p>With a host's own code around the engine:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FluxyExtension FLUXY = FluxyExtension.of(SupportDesk::start);
 * }</pre>
 *
 * <p>The seed follows from the test's name, so a test does the same every time, and each repetition
 * of a {@code @RepeatedTest} something else: that is how to look for races. A failure says which
 * seed it had; {@code -Dfluxy.testkit.seed=N} gives that to every test.
 */
public final class FluxyExtension
    implements ParameterResolver, AfterEachCallback, TestExecutionExceptionHandler {
  private static final Namespace HERE = Namespace.create(FluxyExtension.class);
  private static final String SEED = "fluxy.testkit.seed";

  private final UnaryOperator<TestChat.Setup> setup;

  /** With an engine that nothing is added to. */
  public FluxyExtension() {
    this(plain -> plain);
  }

  private FluxyExtension(UnaryOperator<TestChat.Setup> setup) {
    this.setup = setup;
  }

  /** With a host's own code around the engine. */
  public static FluxyExtension of(Host host) {
    return with(plain -> plain.host(host));
  }

  /** With anything that can be set. */
  public static FluxyExtension with(UnaryOperator<TestChat.Setup> changes) {
    return new FluxyExtension(changes);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestChat.class
        || type == TestRoom.class
        || type == Fluxy.class
        || type == VirtualScheduler.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    TestChat chat = chat(test);
    Class<?> type = parameter.getParameter().getType();
    if (type == TestChat.class) {
      return chat;
    } else if (type == TestRoom.class) {
      return test.getStore(HERE)
          .getOrComputeIfAbsent(TestRoom.class, kind -> chat.room("lobby"), TestRoom.class);
    }
    return type == Fluxy.class ? chat.fluxy() : chat.time();
  }

  private TestChat chat(ExtensionContext test) {
    return test.getStore(HERE)
        .getOrComputeIfAbsent(TestChat.class, kind -> start(test), TestChat.class);
  }

  private TestChat start(ExtensionContext test) {
    long seed = Long.getLong(SEED, Integer.toUnsignedLong(test.getUniqueId().hashCode()));
    return setup.apply(TestChat.setup().seed(seed)).start();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    TestChat chat = started(test);
    if (chat != null) {
      chat.close();
    }
  }

  @Override
  public void handleTestExecutionException(ExtensionContext test, Throwable failure)
      throws Throwable {
    TestChat chat = started(test);
    if (chat != null) {
      boolean isTold = String.valueOf(failure.getMessage()).contains(chat.story(""));
      failure.addSuppressed(new HowToReplay(chat, isTold));
    }
    throw failure;
  }

  private static @Nullable TestChat started(ExtensionContext test) {
    return test.getStore(HERE).get(TestChat.class, TestChat.class);
  }

  /** Goes with a failure, so that every tool shows it. */
  private static final class HowToReplay extends Exception {
    private static final long serialVersionUID = 1;

    HowToReplay(TestChat chat, boolean isTold) {
      super(said(chat, isTold), null, false, false);
    }

    private static String said(TestChat chat, boolean isTold) {
      String how = "replay this run with -D" + SEED + "=" + chat.seed();
      return isTold ? how : chat.story(how + "; what happened:");
    }
  }
}
