/**
 * FluxyChat's wire, as its JavaScript SDK 0.6 speaks it: REST, one WebSocket per room, event
 * streams. Its quirks are not copied: ids are numbers everywhere, identity comes from the token,
 * everything is keyed by project.
 */
@NullMarked
package io.fluxy.protocol.fluxy;

import org.jspecify.annotations.NullMarked;
