package io.fluxy.store;

import io.fluxy.chat.Role;

/**
 * Someone's membership of a room, as the room's log says.
 *
 * @param joinedAtMs UTC milliseconds since 1970, of the event that made them a member; a change of
 *     role keeps it
 */
public record MemberRecord(String userId, Role role, long joinedAtMs) {}
