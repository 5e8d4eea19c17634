package io.fluxy.examples.quarkus;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** {@code POST /orders?item=...} for whoever is logged in; {@code GET /orders} shows them. */
@ApplicationScoped
public class OrderRoute {
  private static final int ITEM_CHARS_MAX = 200;

  private Orders orders;

  void register(@Observes Router router, Orders known) {
    orders = known;
    router.post("/orders").blockingHandler(this::place);
    router.get("/orders").blockingHandler(this::show);
  }

  private void place(RoutingContext context) {
    String item = context.request().getParam("item");
    if (item == null || item.isBlank() || item.length() > ITEM_CHARS_MAX) {
      context.response().setStatusCode(400).end("item: 1 to 200 characters");
      return;
    }
    try {
      orders.place(Session.user(context), item);
      context.response().setStatusCode(201).end("ordered");
    } catch (SoldOutException e) {
      context.response().setStatusCode(409).end(e.getMessage());
    }
  }

  private void show(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "text/plain;charset=utf-8")
        .end(String.join("\n", orders.items()));
  }
}
