/** The kit, tested by using it. */
@NullMarked
package io.fluxy.testkit;

import org.jspecify.annotations.NullMarked;
