/**
 * Fluxy as a guest in a Spring Boot application: one engine, on the host's data source, behind the
 * host's login.
 */
@NullMarked
package io.fluxy.spring;

import org.jspecify.annotations.NullMarked;
