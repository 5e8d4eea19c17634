package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.API_KEY;
import static io.fluxy.store.jdbc.Tables.KEY_END;
import static io.fluxy.store.jdbc.Tables.MEMBER;
import static io.fluxy.store.jdbc.Tables.PROJECT;
import static io.fluxy.store.jdbc.Tables.PROJECT_STATE;
import static io.fluxy.store.jdbc.Tables.ROOM;

import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/**
 * Every statement on projects and rooms. Its binds are in the order in which they are told here.
 */
final class DirectorySql {
  /** Id, name, time, secret: project. */
  final String project;

  /** Ids of projects, newest first: max. */
  final String projects;

  /** Plan, previous secret, until: project. */
  final String state;

  /** Project. */
  final String removeState;

  /** Project, plan, previous secret, until. */
  final String addState;

  /** Project. */
  final String removeKeyEnds;

  /** Hash, project, until. */
  final String addKeyEnd;

  /** Prefix, hash, time and end, if it has one, as listed: project. */
  final String keys;

  /** Project: hash. */
  final String keyOwner;

  /** Name, time, secret, project. */
  final String changeProject;

  /** Project, name, time, secret. */
  final String addProject;

  /** Project. */
  final String removeKeys;

  /** Hash, project, prefix, time, place. */
  final String addKey;

  /** A room, for {@link RoomRow}: project, room id. */
  final String room;

  /** A room: project, number. */
  final String roomByNumber;

  /** The highest room key. */
  final String lastRoomKey;

  /** The highest number: project. */
  final String lastNumber;

  /** Key, project, room id, number, type, name, time. */
  final String addRoom;

  /** Seq, time, user, room. */
  final String pin;

  /** Pins no more what is in a stretch: room, after seq, before seq. */
  final String unpin;

  /** Name, type, room. */
  final String changeRoom;

  /** Time, room. */
  final String endRoom;

  /** Rooms, newest first: project, pattern of the id, the same of the name, number, max. */
  final String roomsLike;

  /** Keys of rooms: project. */
  final String roomKeys;

  private final DSLContext jooq;

  DirectorySql(DSLContext jooq) {
    this.jooq = jooq;
    project =
        jooq.render(
            jooq.select(PROJECT.projectId, PROJECT.name, PROJECT.createdAt, PROJECT.jwtSecret)
                .from(PROJECT)
                .where(is(PROJECT.projectId)));
    keys =
        jooq.render(
            jooq.select(API_KEY.prefix, API_KEY.hash, API_KEY.createdAt, KEY_END.validUntil)
                .from(API_KEY)
                .leftJoin(KEY_END)
                .on(KEY_END.hash.eq(API_KEY.hash))
                .where(is(API_KEY.projectId))
                .orderBy(API_KEY.place));
    projects =
        jooq.render(
            jooq.select(PROJECT.projectId)
                .from(PROJECT)
                .orderBy(PROJECT.createdAt.desc(), PROJECT.projectId.desc())
                .limit(max()));
    state =
        jooq.render(
            jooq.select(
                    PROJECT_STATE.plan, PROJECT_STATE.previousSecret, PROJECT_STATE.previousUntil)
                .from(PROJECT_STATE)
                .where(is(PROJECT_STATE.projectId)));
    removeState = jooq.render(jooq.deleteFrom(PROJECT_STATE).where(is(PROJECT_STATE.projectId)));
    addState =
        jooq.render(
            Sql.insert(
                jooq,
                PROJECT_STATE,
                PROJECT_STATE.projectId,
                PROJECT_STATE.plan,
                PROJECT_STATE.previousSecret,
                PROJECT_STATE.previousUntil));
    removeKeyEnds = jooq.render(jooq.deleteFrom(KEY_END).where(is(KEY_END.projectId)));
    addKeyEnd =
        jooq.render(Sql.insert(jooq, KEY_END, KEY_END.hash, KEY_END.projectId, KEY_END.validUntil));
    keyOwner = jooq.render(jooq.select(API_KEY.projectId).from(API_KEY).where(is(API_KEY.hash)));
    changeProject =
        jooq.render(
            jooq.update(PROJECT)
                .set(PROJECT.name, bind(PROJECT.name))
                .set(PROJECT.createdAt, bind(PROJECT.createdAt))
                .set(PROJECT.jwtSecret, bind(PROJECT.jwtSecret))
                .where(is(PROJECT.projectId)));
    addProject =
        jooq.render(
            Sql.insert(
                jooq,
                PROJECT,
                PROJECT.projectId,
                PROJECT.name,
                PROJECT.createdAt,
                PROJECT.jwtSecret));
    removeKeys = jooq.render(jooq.deleteFrom(API_KEY).where(is(API_KEY.projectId)));
    addKey =
        jooq.render(
            Sql.insert(
                jooq,
                API_KEY,
                API_KEY.hash,
                API_KEY.projectId,
                API_KEY.prefix,
                API_KEY.createdAt,
                API_KEY.place));
    room = jooq.render(rooms(is(ROOM.projectId), is(ROOM.roomId)));
    roomByNumber = jooq.render(rooms(is(ROOM.projectId), is(ROOM.number)));
    lastRoomKey = jooq.render(jooq.select(DSL.max(ROOM.roomKey)).from(ROOM));
    lastNumber =
        jooq.render(jooq.select(DSL.max(ROOM.number)).from(ROOM).where(is(ROOM.projectId)));
    addRoom =
        jooq.render(
            Sql.insert(
                jooq,
                ROOM,
                ROOM.roomKey,
                ROOM.projectId,
                ROOM.roomId,
                ROOM.number,
                ROOM.type,
                ROOM.name,
                ROOM.createdAt));
    pin =
        jooq.render(
            jooq.update(ROOM)
                .set(ROOM.pinnedSeq, bind(ROOM.pinnedSeq))
                .set(ROOM.pinnedAt, bind(ROOM.pinnedAt))
                .set(ROOM.pinnedBy, bind(ROOM.pinnedBy))
                .where(is(ROOM.roomKey)));
    unpin =
        jooq.render(
            jooq.update(ROOM)
                .set(ROOM.pinnedSeq, DSL.inline(null, ROOM.pinnedSeq))
                .set(ROOM.pinnedAt, DSL.inline(null, ROOM.pinnedAt))
                .set(ROOM.pinnedBy, DSL.inline(null, ROOM.pinnedBy))
                .where(
                    is(ROOM.roomKey),
                    ROOM.pinnedSeq.gt(bind(ROOM.pinnedSeq)),
                    ROOM.pinnedSeq.lt(bind(ROOM.pinnedSeq))));
    changeRoom =
        jooq.render(
            jooq.update(ROOM)
                .set(ROOM.name, bind(ROOM.name))
                .set(ROOM.type, bind(ROOM.type))
                .where(is(ROOM.roomKey)));
    endRoom =
        jooq.render(
            jooq.update(ROOM)
                .set(ROOM.name, DSL.inline(""))
                .set(ROOM.deletedAt, bind(ROOM.deletedAt))
                .where(is(ROOM.roomKey)));
    roomsLike =
        jooq.render(
            rooms(
                    is(ROOM.projectId),
                    ROOM.deletedAt.isNull(),
                    DSL.lower(ROOM.roomId)
                        .like(bind(ROOM.roomId), '!')
                        .or(DSL.lower(ROOM.name).like(bind(ROOM.name), '!')),
                    ROOM.number.lt(bind(ROOM.number)))
                .orderBy(ROOM.projectId.desc(), ROOM.number.desc())
                .limit(max()));
    roomKeys = jooq.render(jooq.select(ROOM.roomKey).from(ROOM).where(is(ROOM.projectId)));
  }

  /** Rooms, newest first: project, then user if of one, then type if of one, then max. */
  String list(boolean ofUser, boolean ofType) {
    Condition user =
        ofUser
            ? ROOM.roomKey.in(jooq.select(MEMBER.roomKey).from(MEMBER).where(is(MEMBER.userId)))
            : DSL.noCondition();
    Condition type = ofType ? is(ROOM.type) : DSL.noCondition();
    Query list =
        rooms(is(ROOM.projectId), ROOM.deletedAt.isNull(), user, type)
            .orderBy(ROOM.projectId.desc(), ROOM.number.desc())
            .limit(max());
    return jooq.render(list);
  }

  private SelectConditionStep<?> rooms(Condition... where) {
    return jooq.select(
            ROOM.roomKey,
            ROOM.projectId,
            ROOM.roomId,
            ROOM.number,
            ROOM.type,
            ROOM.name,
            ROOM.createdAt,
            DSL.coalesce(ROOM.deletedAt, DSL.inline(0L)),
            ROOM.pinnedSeq,
            ROOM.pinnedAt,
            ROOM.pinnedBy)
        .from(ROOM)
        .where(where);
  }
}
