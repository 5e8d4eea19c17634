/** A bot, written so that its test holds time in its hand. */
@NullMarked
package io.fluxy.examples.unittest;

import org.jspecify.annotations.NullMarked;
