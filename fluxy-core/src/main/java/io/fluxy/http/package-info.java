/** HTTP without a server: what came, what to answer, and which handler a path belongs to. */
@NullMarked
package io.fluxy.http;

import org.jspecify.annotations.NullMarked;
