/** The operator console: its page, its sign-in, and what operators see and do. */
@NullMarked
package io.fluxy.console;

import org.jspecify.annotations.NullMarked;
