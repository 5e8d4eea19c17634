/** A stock ticker: a data source posts prices by HTTP, and every page hears them. */
@NullMarked
package io.fluxy.examples.ticker;

import org.jspecify.annotations.NullMarked;
