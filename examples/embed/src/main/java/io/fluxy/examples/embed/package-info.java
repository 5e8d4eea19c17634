/** Fluxy inside an application's own Jetty, in ten lines: those that the README shows. */
@NullMarked
package io.fluxy.examples.embed;

import org.jspecify.annotations.NullMarked;
