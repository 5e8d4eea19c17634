/** From events to bytes, once per codec; and JSON, strictly. */
@NullMarked
package io.fluxy.wire;

import org.jspecify.annotations.NullMarked;
