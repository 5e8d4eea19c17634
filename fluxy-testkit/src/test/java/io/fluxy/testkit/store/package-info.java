/** The contract, as somebody who writes a store has it. */
@NullMarked
package io.fluxy.testkit.store;

import org.jspecify.annotations.NullMarked;
