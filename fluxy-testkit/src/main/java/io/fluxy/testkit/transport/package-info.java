/**
 * What every transport must do: extend {@link io.fluxy.testkit.transport.TransportContract}, start
 * a server in it, and run it. The same suite proves the transports that come with Fluxy.
 */
@NullMarked
package io.fluxy.testkit.transport;

import org.jspecify.annotations.NullMarked;
