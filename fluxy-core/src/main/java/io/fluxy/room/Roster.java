package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who is in the room now: the seats of members, and per user how many of them are visible. */
final class Roster {
  private final Map<Member, Seat> byMember = new HashMap<>();
  private final List<Seat> seats = new ArrayList<>(); // what fan-out walks
  private final Map<String, Here> users = new LinkedHashMap<>();
  private int visible;

  private static final class Here {
    private final Map<String, String> info;
    private int connections;

    Here(Map<String, String> info) {
      this.info = info;
    }
  }

  int size() {
    return seats.size();
  }

  /** Visible members, all users together. */
  int connections() {
    return visible;
  }

  List<Seat> seats() {
    return seats;
  }

  @Nullable Seat seat(Member member) {
    return byMember.get(member);
  }

  /** Seats a member; true if it is the first visible one of its user. */
  boolean add(Seat seat) {
    byMember.put(seat.member(), seat);
    seat.place(seats.size());
    seats.add(seat);
    if (!seat.isVisible()) {
      return false;
    }
    visible++;
    Here here =
        users.computeIfAbsent(
            seat.member().user().id(), user -> new Here(new LinkedHashMap<>(seat.member().info())));
    return ++here.connections == 1;
  }

  /** Takes a seat away; true if it was the last visible one of its user. */
  boolean remove(Seat seat) {
    if (byMember.remove(seat.member()) == null) {
      return false;
    }
    Seat last = seats.remove(seats.size() - 1);
    if (last != seat) {
      seats.set(seat.place(), last);
      last.place(seat.place());
    }
    if (!seat.isVisible()) {
      return false;
    }
    visible--;
    User user = seat.member().user();
    Here here = users.get(user.id());
    if (here == null || --here.connections > 0) {
      return false;
    }
    users.remove(user.id());
    return true;
  }

  /** The seats of members of whom something holds. */
  List<Seat> seats(Predicate<Member> test) {
    return seats.stream().filter(seat -> test.test(seat.member())).toList();
  }

  /** The ids of visible members, in no order. */
  List<String> connectionIds(int max) {
    return seats.stream()
        .filter(Seat::isVisible)
        .limit(max)
        .map(seat -> seat.member().id())
        .toList();
  }

  /** Whether a visible member of a user is here. */
  boolean has(String userId) {
    return users.containsKey(userId);
  }

  /** The users that are here, in order of arrival. */
  List<Event.Present> present(int max) {
    return users.entrySet().stream()
        .limit(max)
        .map(user -> new Event.Present(user.getKey(), user.getValue().info))
        .toList();
  }
}
