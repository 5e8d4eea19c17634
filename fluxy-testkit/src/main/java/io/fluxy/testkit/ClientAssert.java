package io.fluxy.testkit;

import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** What can be claimed of somebody in a room. */
public final class ClientAssert extends AbstractAssert<ClientAssert, TestClient> {
  ClientAssert(TestClient client) {
    super(client, ClientAssert.class);
  }

  /** This is on its screen, oldest first, its own messages included, and nothing else. */
  public ClientAssert sees(String... contents) {
    List<String> seen = actual.sees();
    if (!seen.equals(List.of(contents))) {
      fail(
          "%s should see %s, but sees %s"
              .formatted(actual, TestClient.quoted(List.of(contents)), TestClient.quoted(seen)));
    }
    return this;
  }

  /** It is connected. */
  public ClientAssert isHere() {
    if (!actual.isHere()) {
      fail("%s should be here, but: %s".formatted(actual, actual.end()));
    }
    return this;
  }

  /** Its connection is over. */
  public ClientAssert isGone() {
    if (actual.isHere()) {
      fail("%s should be gone, but is here".formatted(actual));
    }
    return this;
  }

  /**
   * Its connection was closed with this code, and perhaps a reason.
   *
   * @param end such as {@code 4001} or {@code 4001 token_expired}
   */
  public ClientAssert isGoneWith(String end) {
    isGone();
    if (!(actual.end() + " ").startsWith(end + " ")) {
      fail("%s should be gone with %s, but: %s".formatted(actual, end, actual.end()));
    }
    return this;
  }

  /** Some frame that came has this in it, as it is on the wire. */
  public ClientAssert hasFrame(String part) {
    if (actual.frames().stream().noneMatch(frame -> frame.contains(part))) {
      fail(
          "%s should have a frame with %s among:%n%s"
              .formatted(actual, part, String.join("\n", actual.frames())));
    }
    return this;
  }

  private void fail(String failure) {
    failWithMessage("%s", actual.chat().story(failure));
  }
}
