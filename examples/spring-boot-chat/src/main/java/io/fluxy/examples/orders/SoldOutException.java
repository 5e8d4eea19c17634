package io.fluxy.examples.orders;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** There is none left. */
@ResponseStatus(HttpStatus.CONFLICT)
final class SoldOutException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SoldOutException(String item) {
    super(item + " is sold out");
  }
}
