package io.fluxy.examples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A small shop. Each order has a room, where its customer and the staff talk about it. */
@SpringBootApplication
public class OrderChat {
  public static void main(String[] args) {
    SpringApplication.run(OrderChat.class, args);
  }
}
