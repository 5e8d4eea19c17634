/** The receptionist, tested in no time. */
@NullMarked
package io.fluxy.examples.unittest;

import org.jspecify.annotations.NullMarked;
