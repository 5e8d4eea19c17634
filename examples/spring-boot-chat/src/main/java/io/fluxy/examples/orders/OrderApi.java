package io.fluxy.examples.orders;

import io.fluxy.spring.HostUsers;
import java.security.Principal;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What the page asks of the shop; of the chat it asks Fluxy. */
@RestController
class OrderApi {
  private static final int ITEM_CHARS_MAX = 100;

  private final Orders orders;
  private final HostUsers users;

  OrderApi(Orders orders, HostUsers users) {
    this.orders = orders;
    this.users = users;
  }

  /** Who is looking at the page, and what its forms have to send. */
  record Me(String name, String userId, boolean staff, String csrfHeader, String csrfToken) {}

  /** What a customer wants. */
  record Wish(String item) {}

  @GetMapping("/api/me")
  Me me(Principal principal, CsrfToken csrf) {
    return new Me(
        principal.getName(),
        users.user(principal).orElseThrow().id(),
        Login.isStaff(principal),
        csrf.getHeaderName(),
        csrf.getToken());
  }

  @GetMapping("/api/orders")
  List<Order> orders(Principal principal) {
    return Login.isStaff(principal) ? orders.all() : orders.of(principal.getName());
  }

  @PostMapping("/api/orders")
  Order place(Principal principal, @RequestBody Wish wish) {
    if (wish.item() == null || wish.item().isBlank() || wish.item().length() > ITEM_CHARS_MAX) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "item: 1 to 100 characters");
    }
    return orders.place(principal.getName(), wish.item().strip());
  }
}
