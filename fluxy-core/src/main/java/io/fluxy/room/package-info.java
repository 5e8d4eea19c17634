/**
 * Rooms: one writer each, one order for everyone, saved before it is told. Read {@code LocalRoom}
 * from the top.
 */
@NullMarked
package io.fluxy.room;

import org.jspecify.annotations.NullMarked;
