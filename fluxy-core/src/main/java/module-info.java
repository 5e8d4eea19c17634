/** Fluxy: the chat engine you add to a Java application. */
module io.fluxy.core {
  requires transitive com.fasterxml.jackson.core;
  requires com.nimbusds.jose.jwt;
  requires org.slf4j;
  requires static micrometer.core; // for FluxyMetrics only
  requires static org.jspecify;

  exports io.fluxy;
  exports io.fluxy.agent;
  exports io.fluxy.attachment;
  exports io.fluxy.auth;
  exports io.fluxy.chat;
  exports io.fluxy.connection;
  exports io.fluxy.console;
  exports io.fluxy.hook;
  exports io.fluxy.http;
  exports io.fluxy.protocol;
  exports io.fluxy.protocol.browser;
  exports io.fluxy.protocol.channels;
  exports io.fluxy.protocol.fluxy;
  exports io.fluxy.protocol.pusher;
  exports io.fluxy.protocol.pushflo;
  exports io.fluxy.room;
  exports io.fluxy.store;
  exports io.fluxy.time;
  exports io.fluxy.wire;
}
