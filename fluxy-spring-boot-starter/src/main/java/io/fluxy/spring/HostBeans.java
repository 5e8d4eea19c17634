package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.agent.Agent;
import io.fluxy.auth.Access;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.hook.Interceptor;
import io.fluxy.hook.Listener;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.util.function.SingletonSupplier;

/**
 * The host's beans that rooms call: listeners, interceptors, agents, and who may do what. Each is
 * fetched when it is first called, not when the engine is made, because most of them want the
 * engine themselves, to answer by.
 */
final class HostBeans {
  private final ConfigurableListableBeanFactory beans;

  HostBeans(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  void addTo(Fluxy.Builder builder, String projectId) {
    for (String name : names(Listener.class)) {
      listen(builder, kindOf(name), name);
    }
    for (String name : names(Interceptor.class)) {
      builder.interceptor(new LateInterceptor(bean(name, Interceptor.class)));
    }
    for (String name : names(Agent.class)) {
      Supplier<Agent> agent = bean(name, Agent.class);
      builder.agent(projectId, name, (asked, reply) -> agent.get().answer(asked, reply));
    }
    List<String> says = names(Access.class);
    if (says.size() > 1) {
      throw new IllegalStateException(
          "Fluxy: who may do what must be said by one bean of type Access, not by " + says);
    }
    for (String name : says) {
      Supplier<Access> access = bean(name, Access.class);
      builder.access((who, room, command) -> access.get().may(who, room, command));
    }
  }

  private List<String> names(Class<?> type) {
    return Arrays.stream(beans.getBeanNamesForType(type, true, false))
        .sorted(Comparator.comparingInt(this::order))
        .toList();
  }

  /** What {@code @Order} on its class or its bean method says; the last place if nothing. */
  private int order(String name) {
    Order order = beans.findAnnotationOnBean(name, Order.class, false);
    return order == null ? Integer.MAX_VALUE : order.value();
  }

  private <T> Supplier<T> bean(String name, Class<T> type) {
    return SingletonSupplier.of(() -> beans.getBean(name, type));
  }

  /** Which events a listener is for, as its declaration says; the class of a lambda doesn't. */
  private Class<? extends Event.Durable> kindOf(String name) {
    ResolvableType declared = beans.getMergedBeanDefinition(name).getResolvableType();
    Class<?> kind = declared.as(Listener.class).getGeneric(0).resolve(Event.Durable.class);
    return kind.asSubclass(Event.Durable.class);
  }

  @SuppressWarnings("unchecked") // its declaration says that it is for this kind
  private <E extends Event.Durable> void listen(Fluxy.Builder builder, Class<E> kind, String name) {
    Supplier<Listener<E>> listener =
        SingletonSupplier.of(() -> (Listener<E>) beans.getBean(name, Listener.class));
    builder.listener(kind, (room, event) -> listener.get().happened(room, event));
  }

  private record LateInterceptor(Supplier<Interceptor> bean) implements Interceptor {
    @Override
    public CompletionStage<Draft> before(Identity who, RoomId room, Draft draft) {
      return bean.get().before(who, room, draft);
    }

    @Override
    public CompletionStage<String> beforeEdit(
        Identity who, RoomId room, long messageId, String content) {
      return bean.get().beforeEdit(who, room, messageId, content);
    }

    @Override
    public CompletionStage<String> beforeStreamed(Identity who, RoomId room, String content) {
      return bean.get().beforeStreamed(who, room, content);
    }
  }
}
