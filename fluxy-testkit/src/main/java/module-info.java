/** Chat in the test's hand. */
module io.fluxy.testkit {
  requires transitive io.fluxy.core;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.jupiter.params;
  requires static org.jspecify;

  exports io.fluxy.testkit;
  exports io.fluxy.testkit.store;
  exports io.fluxy.testkit.transport;
}
