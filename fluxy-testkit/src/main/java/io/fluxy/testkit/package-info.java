/**
 * Chat in the test's hand: a real engine in process, time that stands still, clients that speak a
 * real protocol and read like a conversation, a store that fails when it is told to. Start with
 * {@link io.fluxy.testkit.TestChat}, or let {@link io.fluxy.testkit.FluxyTest} hand you one.
 *
 * <p>Everything here is for one thread, the test's.
 */
@NullMarked
package io.fluxy.testkit;

import org.jspecify.annotations.NullMarked;
