/**
 * What a host hangs on the engine: listeners that hear what has happened, interceptors that are
 * asked before it does, and webhooks. None of it runs on a room's turn.
 */
@NullMarked
package io.fluxy.hook;

import org.jspecify.annotations.NullMarked;
