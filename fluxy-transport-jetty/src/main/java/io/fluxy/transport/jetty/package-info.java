/** Serves Fluxy from a Jetty 12 server, without servlets. */
@NullMarked
package io.fluxy.transport.jetty;

import org.jspecify.annotations.NullMarked;
