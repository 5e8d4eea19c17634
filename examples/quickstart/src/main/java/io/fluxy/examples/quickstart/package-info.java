/** A chat server in one jar: what an application does to host Fluxy, and a page to try it with. */
@NullMarked
package io.fluxy.examples.quickstart;

import org.jspecify.annotations.NullMarked;
