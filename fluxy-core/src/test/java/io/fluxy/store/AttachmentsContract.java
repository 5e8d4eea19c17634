package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Attachment;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store must do with uploaded files; part of {@link StoreContract}. */
abstract class AttachmentsContract extends StoreStories {
  private static final RoomId SCHOOL = new RoomId("school", "lobby");

  AttachmentsContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void aFileIsKeptFoundAndForgotten() {
    AttachmentRecord file =
        new AttachmentRecord(LOBBY, "f-1", "ann", "kätzchen 💥.png", "image/png", 9, 5, 0);
    assertThat(add(file)).isTrue();

    assertThat(find("shop", "f-1")).containsExactly(file);
    assertThat(find("school", "f-1")).isEmpty();
    assertThat(find("shop", "F-1")).isEmpty();
    get(store().attachments().forget("school", "f-1"));
    assertThat(find("shop", "f-1")).hasSize(1);
    get(store().attachments().forget("shop", "f-1"));
    assertThat(find("shop", "f-1")).isEmpty();
  }

  @Test
  void aProjectHasNoMoreFilesAndBytesThanItMayAndDoomedOnesCount() {
    assertThat(get(store().attachments().add(file("a", "ann", LOBBY, 60), 100, 2))).isTrue();
    assertThat(get(store().attachments().add(file("b", "bob", ATTIC, 41), 100, 2))).isFalse();
    assertThat(get(store().attachments().add(file("b", "bob", SCHOOL, 41), 100, 2))).isTrue();
    get(store().attachments().doom("shop", "ann"));
    assertThat(get(store().attachments().add(file("c", "bob", ATTIC, 41), 100, 2))).isFalse();
    assertThat(get(store().attachments().add(file("c", "bob", ATTIC, 40), 100, 2))).isTrue();
    assertThat(get(store().attachments().add(file("d", "bob", ATTIC, 0), 100, 2))).isFalse();
    assertThat(find("shop", "d")).isEmpty();
    get(store().attachments().forget("shop", "a"));
    assertThat(get(store().attachments().add(file("d", "bob", ATTIC, 60), 100, 2))).isTrue();
  }

  @Test
  void theFirstPostOfItsUploaderInItsRoomShowsAFile() {
    found(LOBBY);
    found(ATTIC);
    found(SCHOOL);
    add(file("f", "ann", LOBBY, 1));

    append(LOBBY, post(1, "bob", "f"));
    append(ATTIC, post(1, "ann", "f"));
    append(SCHOOL, post(1, "ann", "f"));
    append(LOBBY, post(2, "ann", "g"), post(3, "ann", null));
    assertThat(find("shop", "f").get(0).seq()).isZero();
    append(LOBBY, post(4, "ann", "f"), post(5, "ann", "f"));
    assertThat(find("shop", "f").get(0).seq()).isEqualTo(4);
    append(LOBBY, new Event.Deleted(6, 6, Message.id(1, 5), "ann", false, 2));
    assertThat(find("shop", "f")).as("shown by another message").hasSize(1);
  }

  @Test
  void aFileGoesWithItsMessageAndOnlyThat() {
    found(LOBBY);
    for (String id : List.of("soft", "hard", "kept", "never")) {
      add(file(id, "ann", LOBBY, 1));
    }
    append(LOBBY, post(1, "ann", "soft"), post(2, "ann", "hard"), post(3, "ann", "kept"));

    append(
        LOBBY,
        new Event.Deleted(4, 4, Message.id(1, 1), "ann", false, 2),
        new Event.Deleted(5, 5, Message.id(1, 2), "zoe", true, 2));

    assertThat(doomed()).containsExactly("hard", "soft");
    assertThat(ofAnn()).containsExactly("kept", "never");
    append(LOBBY, post(6, "ann", "soft"));
    assertThat(find("shop", "soft")).as("too late").isEmpty();
  }

  @Test
  void purgesTakeTheFilesOfWhatTheyTake() {
    found(LOBBY);
    for (String id : List.of("a1", "a2", "a5", "free")) {
      add(file(id, "ann", LOBBY, 1));
    }
    add(file("b3", "bob", LOBBY, 1));
    append(LOBBY, post(1, "ann", "a1"), post(2, "ann", "a2"), post(3, "bob", "b3"));
    append(LOBBY, post(4, "bob", null), post(5, "ann", "a5"));

    append(LOBBY, new Event.Purged(6, 6, "ann", 1, 5, "ann", List.of()));
    assertThat(doomed()).containsExactly("a2");
    append(LOBBY, new Event.Purged(7, 7, null, 0, 5, "zoe", List.of()));
    assertThat(doomed()).containsExactly("a1", "a2", "b3");
    assertThat(ofAnn()).containsExactly("a5", "free");
  }

  @Test
  void aRoomsFilesGoWithIt() {
    found(LOBBY);
    found(SCHOOL);
    add(file("f", "ann", LOBBY, 1));
    add(file("g", "ann", LOBBY, 1));
    add(file("h", "ann", ATTIC, 1));
    add(file("f", "ann", SCHOOL, 1));
    append(LOBBY, post(1, "ann", "g"));

    append(LOBBY, new Event.RoomDeleted(2, 2, "ann"));

    assertThat(doomed()).containsExactly("f", "g");
    assertThat(ofAnn()).containsExactly("h");
    assertThat(find("school", "f")).hasSize(1);
  }

  @Test
  void filesOfAUserAndFilesThatNobodyPostsAreDoomed() {
    found(LOBBY);
    add(new AttachmentRecord(LOBBY, "old", "ann", "f", "x/y", 1, 10, 0));
    add(new AttachmentRecord(LOBBY, "shown", "ann", "f", "x/y", 1, 11, 0));
    add(new AttachmentRecord(LOBBY, "new", "ann", "f", "x/y", 1, 20, 0));
    add(new AttachmentRecord(SCHOOL, "theirs", "ann", "f", "x/y", 1, 20, 0));
    append(LOBBY, post(1, "ann", "shown"));

    get(store().attachments().doomUnposted(20));
    assertThat(doomed()).containsExactly("old");
    assertThat(ofAnn()).containsExactly("shown", "new");
    assertThat(get(store().attachments().of("shop", "ann", 1))).hasSize(1);
    get(store().attachments().doom("shop", "ann"));
    assertThat(doomed()).containsExactly("new", "old", "shown");
    assertThat(get(store().attachments().doomed(2))).hasSize(2);
    assertThat(find("school", "theirs")).hasSize(1);
    get(store().attachments().forget("shop", "old"));
    assertThat(doomed()).containsExactly("new", "shown");
  }

  private void found(RoomId room) {
    List<MemberRecord> founders = List.of();
    get(store().directory().createRoom(room, RoomType.GROUP, "x", 1, founders, "ann"));
  }

  private boolean add(AttachmentRecord file) {
    return get(store().attachments().add(file, 1_000, 100));
  }

  private static AttachmentRecord file(String id, String userId, RoomId room, long bytes) {
    return new AttachmentRecord(room, id, userId, "f.txt", "text/plain", bytes, 5, 0);
  }

  private void append(RoomId room, Event.Durable... events) {
    get(store().messages().append(room, Arrays.asList(events)));
  }

  private static Event.Posted post(long seq, String userId, @Nullable String fileId) {
    List<Attachment> files =
        fileId == null
            ? List.of()
            : List.of(new Attachment("file", "https://x.example/f", "f", 1, null, fileId));
    long id = Message.id(1, seq);
    return new Event.Posted(
        new Message(seq, id, userId, "x", seq, null, null, List.of(), files, 1, null, null));
  }

  private List<AttachmentRecord> find(String project, String id) {
    return get(store().attachments().find(project, id)).stream().toList();
  }

  private List<String> doomed() {
    return get(store().attachments().doomed(100)).stream()
        .map(AttachmentRecord::id)
        .sorted()
        .toList();
  }

  private List<String> ofAnn() {
    return get(store().attachments().of("shop", "ann", 100)).stream()
        .map(AttachmentRecord::id)
        .toList();
  }
}
