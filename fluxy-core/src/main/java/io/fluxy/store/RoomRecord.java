package io.fluxy.store;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;

/**
 * A room in the directory.
 *
 * @param number unique in the project, from 1, never used again; part of every message id of the
 *     room
 * @param createdAtMs UTC milliseconds since 1970
 */
public record RoomRecord(RoomId id, long number, RoomType type, String name, long createdAtMs) {}
