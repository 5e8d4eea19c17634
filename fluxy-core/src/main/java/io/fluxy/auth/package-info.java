/** Who is asking, how they proved it, and what the host says to that. */
@NullMarked
package io.fluxy.auth;

import org.jspecify.annotations.NullMarked;
