/** Fluxy on Jetty 12. */
module io.fluxy.transport.jetty {
  requires transitive io.fluxy.core;
  requires transitive org.eclipse.jetty.server;
  requires org.slf4j;
  requires static org.jspecify;

  exports io.fluxy.transport.jetty;
}
