/** Where rooms keep what was said: the SPIs, and the stores that live in memory. */
@NullMarked
package io.fluxy.store;

import org.jspecify.annotations.NullMarked;
