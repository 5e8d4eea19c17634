package io.fluxy.simulation;

/**
 * Planted bugs: what a wrong store, room, registry, socket, codec or scheduler would do. The
 * simulation has to see each.
 */
enum Bug {
  /** An append is answered before it is saved; a crash in between loses it. */
  STORE_ANSWERS_BEFORE_SAVING,
  /** Now and then an append is answered but never saved. */
  STORE_DROPS_APPEND,
  /** Saved, but not synced: a crash takes the last appends with it. */
  STORE_NOT_SYNCED,
  /** An append whose seq is taken gets the next free one instead of being turned away. */
  STORE_WITHOUT_SEQ_ARBITER,
  /** A client message id may be in the log twice. */
  STORE_WITHOUT_CLIENT_IDS,
  /** Of an append of several events only the first is saved. */
  STORE_SAVES_PART,
  /** An unknown outcome is reported as if another writer had been faster. */
  STORE_SAYS_TAKEN_WHEN_UNKNOWN,
  /** A stretch of the log comes back without one of its events. */
  STORE_READ_SKIPS,
  /** A page begins one too low. */
  STORE_PAGE_OFF_BY_ONE,
  /** A page may hold messages that have been deleted. */
  STORE_PAGE_SHOWS_DELETED,
  /** The time of the newest event is forgotten when a room is opened. */
  STORE_OPENS_WITHOUT_TIME,
  /** Members that were removed are members again when a room is opened. */
  STORE_OPENS_WITH_REMOVED_MEMBERS,
  /** The newest messages of a room are out of date when it is opened. */
  STORE_OPENS_STALE,
  /** One room, alive twice in a process, over a store without an arbiter. */
  REGISTRY_OF_TWO_ROOMS,
  /** A room of another project. */
  REGISTRY_MIXES_PROJECTS,
  /** A member that is gone keeps its seat. */
  ROOM_FORGETS_LEAVE,
  /** A member that can hear again is not told what it missed. */
  ROOM_FORGETS_DRAINED,
  /** A member that could not hear says that it has heard. */
  MEMBER_SAYS_IT_HEARD,
  /** Refusals are told twice. */
  MEMBER_TOLD_TWICE,
  /** A frame gets lost on an open socket. */
  SOCKET_DROPS,
  /** A frame comes twice. */
  SOCKET_DOUBLES,
  /** Two frames of one write change places. */
  SOCKET_REORDERS,
  /** No frame for edits. */
  CODEC_SKIPS,
  /** Some timers never come. */
  TIMER_LOST,
  /** A task runs twice. */
  TASK_TWICE,
  /** The outbox takes what it is offered. */
  OUTBOX_WITHOUT_BUDGET,
  /** What a user is writing is forgotten when a room is opened. */
  STORE_OPENS_WITHOUT_STREAMS,
  /** Who asks what it has missed is not told the first of it. */
  ROOM_REPLAYS_TOO_LITTLE,
  /** Who comes back misses an event. */
  ROOM_SEATS_TOO_LATE,
  /** Whom the host denies a room from now on hears a little more. */
  REVIEW_TOO_LATE,
  /** No frame for what agents do with tools. */
  CODEC_SKIPS_TOOLS,
  /** Who is muted or banned is forgotten when a room is opened. */
  STORE_OPENS_WITHOUT_SANCTIONS,
  /** The event that follows from another one in the same turn is lost: a pin goes untold. */
  STORE_DROPS_UNPIN,
  /** Who whispers hears it too. */
  WHISPER_COMES_BACK,
  /** Who comes after a whisper is told it. */
  WHISPER_IS_KEPT,
  /** Some of those who are here are not told a whisper. */
  WHISPER_GETS_LOST,
  /**
   * What a room has become is forgotten when it is opened: it is as open as when it was founded.
   */
  STORE_OPENS_WITH_FIRST_TYPE,
  /** What roles members have been given is forgotten when a room is opened. */
  STORE_OPENS_WITH_FIRST_ROLES,
  /** Nobody lets messages go when their time has come. */
  EXPIRY_FORGOTTEN,
  /** A page shows what is to be gone. */
  EXPIRED_STILL_SHOWN,
  /** What webhooks are to be told is saved after the event, and not at all if there is a crash. */
  OUTBOX_FILLED_LATER,
  /** A webhook is told the newest first. */
  OUTBOX_OUT_OF_ORDER
}
