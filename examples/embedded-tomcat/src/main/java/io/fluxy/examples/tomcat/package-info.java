/** Fluxy in an embedded Tomcat, beside the application's own servlets. */
@NullMarked
package io.fluxy.examples.tomcat;

import org.jspecify.annotations.NullMarked;
