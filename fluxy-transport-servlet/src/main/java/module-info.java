/** Fluxy in any servlet container. */
module io.fluxy.transport.servlet {
  requires transitive io.fluxy.core;
  requires transitive jakarta.servlet;
  requires static jakarta.websocket;
  requires static jakarta.websocket.client;
  requires org.slf4j;
  requires static org.jspecify;

  exports io.fluxy.transport.servlet;
}
