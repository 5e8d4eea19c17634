package io.fluxy.examples.orders;

import java.time.Instant;

/**
 * An order.
 *
 * @param id also the name of its room
 */
record Order(String id, String customer, String item, Instant placedAt) {}
