package io.fluxy.testkit;

import org.assertj.core.api.AbstractAssert;

/** What can be claimed of anybody at the other end of a line. */
abstract class RemoteAssert<S extends RemoteAssert<S, A>, A extends Remote<A>>
    extends AbstractAssert<S, A> {
  RemoteAssert(A remote, Class<S> type) {
    super(remote, type);
  }

  /** It is connected. */
  public S isHere() {
    if (!actual.isHere()) {
      fail("%s should be here, but: %s".formatted(actual, actual.end()));
    }
    return myself;
  }

  /** Its connection is over. */
  public S isGone() {
    if (actual.isHere()) {
      fail("%s should be gone, but is here".formatted(actual));
    }
    return myself;
  }

  /**
   * Its connection was closed with this code, and perhaps a reason.
   *
   * @param end such as {@code 4001} or {@code 4001 token_expired}
   */
  public S isGoneWith(String end) {
    isGone();
    if (!(actual.end() + " ").startsWith(end + " ")) {
      fail("%s should be gone with %s, but: %s".formatted(actual, end, actual.end()));
    }
    return myself;
  }

  /** Some frame that came has this in it, as it is on the wire. */
  public S hasFrame(String part) {
    if (actual.frames().stream().noneMatch(frame -> frame.contains(part))) {
      fail(
          "%s should have a frame with %s among:%n%s"
              .formatted(actual, part, String.join("\n", actual.frames())));
    }
    return myself;
  }

  void fail(String failure) {
    failWithMessage("%s", actual.chat().story(failure));
  }
}
