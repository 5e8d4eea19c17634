package io.fluxy.examples.quarkus;

/** Nobody has such a thing. */
final class SoldOutException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SoldOutException(String item) {
    super(item + " is sold out");
  }
}
