/**
 * The engine in a world of faults: real rooms, connections and outboxes over a store, sockets,
 * clocks and processes that fail as a seed says. Read {@link io.fluxy.simulation.Simulation} from
 * the top.
 */
@NullMarked
package io.fluxy.simulation;

import org.jspecify.annotations.NullMarked;
