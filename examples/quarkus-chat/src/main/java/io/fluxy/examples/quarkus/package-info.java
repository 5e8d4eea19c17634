/** A chat in a Quarkus application. */
package io.fluxy.examples.quarkus;
