package io.fluxy.store;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Projects and rooms on the heap. Rooms are found without a lock; all that adds or lists holds one.
 */
final class MemoryDirectory implements Directory {
  private final MemoryStore store;
  private final Map<RoomId, MemoryRoom> rooms = new ConcurrentHashMap<>();
  private final Map<String, List<MemoryRoom>> roomsByProject = new HashMap<>();
  private final Map<String, ProjectRecord> projects = new HashMap<>();
  private final Map<String, String> projectIdByKeyHash = new HashMap<>();

  MemoryDirectory(MemoryStore store) {
    this.store = store;
  }

  /** A room, also if it was deleted: its log has an end. */
  Optional<MemoryRoom> find(RoomId id) {
    return Optional.ofNullable(rooms.get(id));
  }

  /** A room that is there. */
  Optional<MemoryRoom> living(RoomId id) {
    return find(id).filter(room -> !room.isDeleted());
  }

  MemoryRoom get(RoomId id) {
    MemoryRoom room = rooms.get(id);
    if (room == null) {
      throw new StoreException(id + ": no such room");
    }
    return room;
  }

  @Override
  public CompletionStage<Void> saveProject(ProjectRecord project) {
    return store.change(() -> save(project));
  }

  private synchronized void save(ProjectRecord project) {
    for (ProjectRecord.KeyRecord key : project.keys()) {
      String owner = projectIdByKeyHash.get(key.hash());
      if (owner != null && !owner.equals(project.id())) {
        throw new StoreException(project.id() + ": an API key belongs to another project");
      }
    }
    projectIdByKeyHash.values().removeIf(project.id()::equals);
    for (ProjectRecord.KeyRecord key : project.keys()) {
      projectIdByKeyHash.put(key.hash(), project.id());
    }
    projects.put(project.id(), project);
  }

  @Override
  public CompletionStage<Optional<ProjectRecord>> project(String projectId) {
    return store.answer(() -> projectNow(projectId));
  }

  @Override
  public CompletionStage<List<ProjectRecord>> projects(int max) {
    return store.answer(() -> projectsNow(max));
  }

  private synchronized List<ProjectRecord> projectsNow(int max) {
    return projects.values().stream()
        .sorted(
            Comparator.comparingLong(ProjectRecord::createdAtMs)
                .thenComparing(ProjectRecord::id)
                .reversed())
        .limit(max)
        .toList();
  }

  private synchronized Optional<ProjectRecord> projectNow(String projectId) {
    return Optional.ofNullable(projects.get(projectId));
  }

  @Override
  public CompletionStage<Optional<ProjectRecord>> projectByKeyHash(String keyHash) {
    return store.answer(() -> projectByKeyHashNow(keyHash));
  }

  private synchronized Optional<ProjectRecord> projectByKeyHashNow(String keyHash) {
    return Optional.ofNullable(projectIdByKeyHash.get(keyHash)).map(projects::get);
  }

  @Override
  public CompletionStage<Optional<RoomRecord>> createRoom(
      RoomId id,
      RoomType type,
      String name,
      long createdAtMs,
      List<MemberRecord> founders,
      String by) {
    return store.answer(() -> create(id, type, name, createdAtMs, founders, by));
  }

  private synchronized Optional<RoomRecord> create(
      RoomId id,
      RoomType type,
      String name,
      long createdAtMs,
      List<MemberRecord> founders,
      String by) {
    if (rooms.containsKey(id)) {
      return Optional.empty();
    }
    List<MemoryRoom> siblings =
        roomsByProject.computeIfAbsent(id.project(), none -> new ArrayList<>());
    if (siblings.size() >= Message.ROOM_NUMBER_MAX) {
      throw new StoreException(id + ": the project has no room numbers left");
    }
    RoomRecord record = new RoomRecord(id, siblings.size() + 1L, type, name, createdAtMs);
    MemoryRoom room = new MemoryRoom(record);
    List<Event.Durable> first = new ArrayList<>();
    for (MemberRecord founder : founders) {
      long seq = first.size() + 1L;
      first.add(
          new Event.MemberAdded(seq, createdAtMs + seq - 1, founder.userId(), founder.role(), by));
    }
    if (!first.isEmpty()) {
      room.append(first);
    }
    siblings.add(room);
    rooms.put(id, room);
    return Optional.of(record);
  }

  @Override
  public CompletionStage<Optional<RoomRecord>> room(RoomId id) {
    return store.answer(() -> living(id).map(MemoryRoom::record));
  }

  @Override
  public CompletionStage<Optional<RoomRecord>> roomByNumber(String projectId, long number) {
    return store.answer(() -> byNumber(projectId, number));
  }

  private synchronized Optional<RoomRecord> byNumber(String projectId, long number) {
    List<MemoryRoom> siblings = roomsByProject.getOrDefault(projectId, List.of());
    return number >= 1 && number <= siblings.size()
        ? Optional.of(siblings.get((int) number - 1))
            .filter(room -> !room.isDeleted())
            .map(MemoryRoom::record)
        : Optional.empty();
  }

  /** How many rooms a project has. */
  long count(String projectId) {
    return roomsOf(projectId).stream().filter(room -> !room.isDeleted()).count();
  }

  synchronized List<MemoryRoom> roomsOf(String projectId) {
    return List.copyOf(roomsByProject.getOrDefault(projectId, List.of()));
  }

  @Override
  public CompletionStage<List<RoomListing>> rooms(
      String projectId, @Nullable String userId, @Nullable RoomType type, User reader, int max) {
    return store.answer(
        () -> {
          List<RoomListing> listings = new ArrayList<>();
          List<MemoryRoom> siblings = roomsOf(projectId);
          for (int i = siblings.size() - 1; i >= 0 && listings.size() < max; i--) {
            MemoryRoom room = siblings.get(i);
            boolean wanted = !room.isDeleted() && (type == null || room.record().type() == type);
            if (wanted && (userId == null || room.hasMember(userId))) {
              listings.add(new RoomListing(room.record(), room.unread(reader).count()));
            }
          }
          return List.copyOf(listings);
        });
  }

  @Override
  public CompletionStage<List<RoomRecord>> roomsLike(
      String projectId, String part, long beforeNumber, int max) {
    String wanted = part.toLowerCase(Locale.ROOT);
    return store.answer(
        () -> {
          List<RoomRecord> found = new ArrayList<>();
          List<MemoryRoom> siblings = roomsOf(projectId);
          for (int i = siblings.size() - 1; i >= 0 && found.size() < max; i--) {
            RoomRecord room = siblings.get(i).record();
            boolean is =
                room.id().name().toLowerCase(Locale.ROOT).contains(wanted)
                    || room.name().toLowerCase(Locale.ROOT).contains(wanted);
            if (is && room.number() < beforeNumber && !siblings.get(i).isDeleted()) {
              found.add(room);
            }
          }
          return List.copyOf(found);
        });
  }

  /** See {@link Expiries#next}. */
  CompletionStage<List<Expiries.Expiring>> next(int max) {
    return store.answer(
        () ->
            rooms.values().stream()
                .flatMap(room -> room.expiring().stream())
                .sorted(Comparator.comparingLong(Expiries.Expiring::atMs))
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<List<MemberRecord>> members(RoomId id, int max) {
    return store.answer(() -> find(id).map(room -> room.members(max)).orElse(List.of()));
  }

  @Override
  public CompletionStage<Unread> unread(RoomId id, User reader) {
    return store.answer(
        () -> find(id).map(room -> room.unread(reader)).orElse(new Unread(0, 0, 0)));
  }

  @Override
  public CompletionStage<Void> markRead(RoomId id, String userId, long seq) {
    return store.change(() -> get(id).markRead(userId, seq));
  }

  @Override
  public CompletionStage<Long> messagesSince(String projectId, long sinceMs) {
    return store.answer(
        () -> roomsOf(projectId).stream().mapToLong(room -> room.messagesSince(sinceMs)).sum());
  }
}
