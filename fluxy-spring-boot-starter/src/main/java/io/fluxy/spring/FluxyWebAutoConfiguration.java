package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.transport.servlet.FluxyFilter;
import io.fluxy.transport.servlet.FluxyServlet;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Serves the engine from the application's own web server, and lets its users in. */
@AutoConfiguration(after = FluxyAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(Fluxy.class)
public class FluxyWebAutoConfiguration {
  private static final String AT_ROOT = "'${fluxy.path:/chat}' == '/'";
  private static final int LAST = Ordered.LOWEST_PRECEDENCE;

  @Bean
  @ConditionalOnMissingBean
  Mount fluxyMount(Fluxy fluxy, FluxyProperties properties) {
    return new Mount(fluxy, properties.path());
  }

  /** Below a path: a servlet, which the container chooses. */
  @Bean
  @ConditionalOnMissingBean(name = "fluxyServlet")
  @ConditionalOnExpression("!(" + AT_ROOT + ")")
  ServletRegistrationBean<FluxyServlet> fluxyServlet(Fluxy fluxy, Mount mount) {
    FluxyServlet servlet = new FluxyServlet(fluxy, mount.below());
    ServletRegistrationBean<FluxyServlet> registration =
        new ServletRegistrationBean<>(servlet, mount.below() + "/*");
    registration.setName(Mount.SERVLET);
    registration.setAsyncSupported(true);
    registration.setLoadOnStartup(1);
    return registration;
  }

  /** At the root: a filter, for the application has pages there too. */
  @Bean
  @ConditionalOnMissingBean(name = "fluxyFilter")
  @ConditionalOnExpression(AT_ROOT)
  FilterRegistrationBean<FluxyFilter> fluxyFilter(Fluxy fluxy) {
    FilterRegistrationBean<FluxyFilter> registration =
        new FilterRegistrationBean<>(new FluxyFilter(fluxy));
    registration.setName(Mount.SERVLET);
    registration.setAsyncSupported(true);
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    registration.addUrlPatterns("/*");
    registration.setOrder(LAST);
    return registration;
  }

  /** After whatever finds out who is logged in, and before the engine. */
  @Bean
  @ConditionalOnMissingBean(name = "fluxyLoginFilter")
  @ConditionalOnBooleanProperty(name = "fluxy.login.enabled", matchIfMissing = true)
  FilterRegistrationBean<LoginFilter> fluxyLoginFilter(
      Fluxy fluxy, Mount mount, Project project, HostUsers users, FluxyProperties properties) {
    FilterRegistrationBean<LoginFilter> registration =
        new FilterRegistrationBean<>(
            new LoginFilter(fluxy, mount, project, users, properties.allowedOrigins()));
    registration.setName("fluxyLogin");
    registration.setAsyncSupported(true);
    registration.addUrlPatterns("/*");
    registration.setOrder(LAST - 1);
    return registration;
  }
}
