/** Serves Fluxy from any servlet container that has, for sockets, Jakarta WebSocket. */
@NullMarked
package io.fluxy.transport.servlet;

import org.jspecify.annotations.NullMarked;
