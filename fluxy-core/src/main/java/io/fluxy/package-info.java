/** The engine, put together: {@link io.fluxy.Fluxy} and its builder. */
@NullMarked
package io.fluxy;

import org.jspecify.annotations.NullMarked;
