/**
 * The only source of time, threads, delays and chance, so that a test can hold all four in its
 * hand.
 */
@NullMarked
package io.fluxy.time;

import org.jspecify.annotations.NullMarked;
