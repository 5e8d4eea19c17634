package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room at one moment, between two turns.
 *
 * @param head the seq of the newest event
 * @param members by the time they joined; at most 1,000
 * @param connections visible members, all users together
 * @param present users that are here, in order of arrival
 * @param connectionIds of visible members; as many as users are shown at most
 * @param reader whoever looks, if it is a member
 */
public record RoomView(
    RoomRecord record,
    long head,
    List<MemberRecord> members,
    int connections,
    List<Event.Present> present,
    List<String> connectionIds,
    @Nullable MemberRecord reader) {}
