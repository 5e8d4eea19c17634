package io.fluxy.examples.orders;

import io.fluxy.chat.Role;
import io.fluxy.spring.HostUsers;
import java.security.Principal;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/**
 * Who may log in, and who they are in the chat. Both customers and Sam have the password "chat".
 */
@Configuration(proxyBeanMethods = false)
class Login {
  private static final String STAFF = "ROLE_STAFF";

  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(
        User.withUsername("ann").password("{noop}chat").roles("CUSTOMER").build(),
        User.withUsername("bob").password("{noop}chat").roles("CUSTOMER").build(),
        User.withUsername("sam").password("{noop}chat").roles("STAFF").build());
  }

  /**
   * Staff are admins of the chat, who may enter every room; customers enter those of their orders.
   */
  @Bean
  HostUsers hostUsers() {
    return principal ->
        HostUsers.byName()
            .user(principal)
            .map(
                user ->
                    isStaff(principal)
                        ? new io.fluxy.chat.User(user.id(), Set.of(Role.ADMIN))
                        : user);
  }

  static boolean isStaff(Principal principal) {
    return principal instanceof Authentication login
        && login.getAuthorities().stream().anyMatch(role -> STAFF.equals(role.getAuthority()));
  }
}
