package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Spring Security in front of the engine. It says who is logged in; whether that is needed, and
 * where, the engine knows: many of its callers have tokens, and its error answers are part of a
 * protocol.
 *
 * <p>Comes after Spring Boot's own, which steps back if it finds a chain: an application that says
 * nothing about security must stay closed.
 */
@AutoConfiguration(
    after = FluxyWebAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
      "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
      "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"
    })
@ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
@ConditionalOnBean({Mount.class, HttpSecurity.class})
public class FluxySecurityAutoConfiguration {
  private static final int EARLY = Ordered.HIGHEST_PRECEDENCE + 100;

  /**
   * Reads the session and lets everyone through to the engine, and only there. No CSRF token is
   * asked for: {@link LoginFilter} looks at who makes a request instead, since sockets and chat
   * clients have no way to send one.
   */
  @Bean
  @Order(EARLY)
  @ConditionalOnMissingBean(name = "fluxySecurity")
  @ConditionalOnBooleanProperty(name = "fluxy.login.security", matchIfMissing = true)
  SecurityFilterChain fluxySecurity(HttpSecurity http, Mount mount) throws Exception {
    return http.securityMatcher(mount::takes)
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.NEVER))
        .csrf(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .build();
  }

  /** Whoever logs out is no longer heard, nor told anything. */
  @Bean
  @ConditionalOnMissingBean(name = "fluxyLogout")
  ApplicationListener<LogoutSuccessEvent> fluxyLogout(
      Fluxy fluxy, Project project, HostUsers users) {
    return event ->
        users
            .user(event.getAuthentication())
            .ifPresent(
                user ->
                    fluxy.disconnect(
                        who ->
                            who.project().equals(project.id()) && who.user().id().equals(user.id()),
                        "logged_out"));
  }
}
