/** Our side of one client: what it is sent, how fast it takes it, whether it is still there. */
@NullMarked
package io.fluxy.connection;

import org.jspecify.annotations.NullMarked;
