/**
 * What a wire protocol is to the engine. Each has a folder of its own, and its words stay inside.
 */
@NullMarked
package io.fluxy.protocol;

import org.jspecify.annotations.NullMarked;
