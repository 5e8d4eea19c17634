/**
 * Agents: members of a room that answer when they are mentioned or invoked. The engine gives each
 * answer a run, a deadline, and a place on the room's timeline; what the answer is, is the host's
 * code.
 */
@NullMarked
package io.fluxy.agent;

import org.jspecify.annotations.NullMarked;
