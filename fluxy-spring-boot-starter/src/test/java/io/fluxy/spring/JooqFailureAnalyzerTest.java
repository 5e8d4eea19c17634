package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

class JooqFailureAnalyzerTest {
  private final JooqFailureAnalyzer analyzer = new JooqFailureAnalyzer();

  @Test
  void aJooqThatNeedsANewerJavaIsExplained() {
    FailureAnalysis analysis =
        analyzer.analyze(
            new IllegalStateException(
                new UnsupportedClassVersionError(
                    "org/jooq/Field has been compiled by a more recent version of the Java Runtime"
                        + " (class file version 65.0)")));
    assertThat(analysis).isNotNull();
    assertThat(analysis.getAction()).contains("<jooq.version>3.19.35</jooq.version>");
  }

  @Test
  void otherLibrariesAreNotOurBusiness() {
    assertThat(analyzer.analyze(new UnsupportedClassVersionError("com/example/New"))).isNull();
    assertThat(analyzer.analyze(new UnsupportedClassVersionError())).isNull();
  }
}
