package io.fluxy.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when the application's jOOQ is newer than its Java: Spring Boot 4.1 manages jOOQ
 * 3.21, which needs Java 21.
 */
final class JooqFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedClassVersionError> {
  @Override
  protected @Nullable FailureAnalysis analyze(
      Throwable rootFailure, UnsupportedClassVersionError cause) {
    String message = cause.getMessage();
    if (message == null || !message.startsWith("org/jooq/")) {
      return null;
    }
    return new FailureAnalysis(
        "Fluxy's store needs jOOQ, and the version on the class path needs a newer Java than "
            + Runtime.version().feature()
            + ": Spring Boot chose it.",
        "Set the property jooq.version to 3.19.35 in your build (in Maven:"
            + " <jooq.version>3.19.35</jooq.version> among the <properties>), or run on Java 21 or"
            + " newer.",
        cause);
  }
}
