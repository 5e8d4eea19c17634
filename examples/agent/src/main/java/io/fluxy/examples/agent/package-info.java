/** An agent that asks a language model over HTTP and passes its answer on as it comes. */
@NullMarked
package io.fluxy.examples.agent;

import org.jspecify.annotations.NullMarked;
