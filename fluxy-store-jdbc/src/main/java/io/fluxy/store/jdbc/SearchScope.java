package io.fluxy.store.jdbc;

import io.fluxy.store.SearchQuery;
import java.util.ArrayList;
import java.util.List;

/**
 * The rooms a search is about, as a condition on {@code fluxy_room r} and the binds it needs.
 *
 * @param condition one of four constants
 */
record SearchScope(String condition, List<Object> binds) {
  private static final String PROJECT = "r.deleted_at is null and r.project_id = ?";
  private static final String ROOM = PROJECT + " and r.room_id = ?";
  private static final String MEMBER =
      " and (r.type = 'public' or r.room_key in"
          + " (select m.room_key from fluxy_member m where m.user_id = ?))";

  static SearchScope of(SearchQuery query) {
    List<Object> binds = new ArrayList<>();
    binds.add(query.projectId());
    if (query.room() != null) {
      binds.add(query.room());
    }
    if (query.memberId() != null) {
      binds.add(query.memberId());
    }
    String rooms = query.room() == null ? PROJECT : ROOM;
    return new SearchScope(query.memberId() == null ? rooms : rooms + MEMBER, binds);
  }

  /** The columns of {@link RoomRow#of}. */
  static final String ROOM_COLUMNS =
      "r.room_key, r.project_id, r.room_id, r.number, r.type, r.name, r.created_at";
}
