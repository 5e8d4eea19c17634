package io.fluxy.store;

import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;

/**
 * A message that a host has written in a transaction of its own, and that its room has not taken
 * yet.
 *
 * @param id names it among the pending ones
 * @param draft has a client message id, so that its room takes it once, however often it is asked
 */
public record PendingPost(String id, RoomId room, User from, Draft draft) {}
