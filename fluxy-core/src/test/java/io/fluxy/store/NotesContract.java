package io.fluxy.store;

import static io.fluxy.store.Personal.Kind.DETAILS;
import static io.fluxy.store.Personal.Kind.DRAFT;
import static io.fluxy.store.Personal.Kind.PREFERENCES;
import static io.fluxy.store.Personal.Kind.RECEIPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store must do with the notes of a user; part of {@link StoreContract}. */
abstract class NotesContract extends StoreStories {
  NotesContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void theLastNoteOfAUserCounts() {
    founded(LOBBY);
    founded(ATTIC);
    Personal personal = store().personal();
    assertThat(noted(LOBBY, "ann", 5, "one")).contains(new Personal.Note("ann", "one", 5));
    assertThat(noted(LOBBY, "ann", 6, "two")).contains(new Personal.Note("ann", "two", 6));
    noted(LOBBY, "bob", 7, "his");
    noted(ATTIC, "ann", 8, "elsewhere");

    assertThat(get(personal.find(LOBBY, DRAFT, 0, "ann")))
        .contains(new Personal.Note("ann", "two", 6));
    assertThat(get(personal.find(LOBBY, PREFERENCES, 0, "ann"))).isEmpty();
    assertThat(get(personal.find(LOBBY, DRAFT, 1, "ann"))).isEmpty();
    assertThat(get(personal.all(LOBBY, DRAFT, 0, 9)))
        .containsExactly(new Personal.Note("ann", "two", 6), new Personal.Note("bob", "his", 7));
    assertThat(get(personal.all(LOBBY, DRAFT, 0, 1))).hasSize(1);
    assertThat(noted(LOBBY, "ann", 9, "")).isEmpty();
    assertThat(get(personal.find(LOBBY, DRAFT, 0, "ann"))).isEmpty();
    RoomId none = new RoomId("shop", "none");
    assertThat(get(personal.find(none, DRAFT, 0, "ann"))).isEmpty();
    assertThat(get(personal.all(none, DRAFT, 0, 9))).isEmpty();
    assertThatThrownBy(() -> noted(none, "ann", 1, "x")).isInstanceOf(StoreException.class);
  }

  /** What is said of a room is no user's, so no erasure finds it. */
  @Test
  void aRoomsOwnNoteIsNobodys() {
    founded(LOBBY);
    Personal personal = store().personal();
    get(personal.change(LOBBY, DETAILS, 0, "", 5, was -> "{\"a\":1}"));
    get(personal.change(LOBBY, DETAILS, 0, "", 6, was -> was.replace("1", "2")));
    assertThat(get(personal.find(LOBBY, DETAILS, 0, "")))
        .contains(new Personal.Note("", "{\"a\":2}", 6));
    get(store().personalData().forgetBesideLogs(LOBBY.project(), "ann"));
    assertThat(get(personal.find(LOBBY, DETAILS, 0, ""))).isPresent();
  }

  @Test
  void aNoteIsChangedByOneAtATime() throws Exception {
    founded(LOBBY);
    together(
        8,
        writer -> {
          for (int i = 0; i < 25; i++) {
            get(store().personal().change(LOBBY, PREFERENCES, 0, "ann", i, was -> was + "x"));
          }
          return writer;
        });

    assertThat(get(store().personal().find(LOBBY, PREFERENCES, 0, "ann")).orElseThrow().text())
        .hasSize(200);
  }

  @Test
  void draftsAndPreferencesGoWithTheMembershipAndEverythingGoesWithTheRoom() {
    Room lobby = founded(LOBBY);
    lobby.append(
        new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "bob"), lobby.post(2, "bob", "x"));
    noted(LOBBY, "ann", 5, "draft");
    get(store().personal().change(LOBBY, PREFERENCES, 0, "ann", 5, was -> "{}"));
    get(store().personal().change(LOBBY, RECEIPT, 2, "ann", 5, was -> "delivered"));
    lobby.append(new Event.MemberRemoved(3, T0 + 3, "ann", "bob"));

    assertThat(get(store().personal().find(LOBBY, DRAFT, 0, "ann"))).isEmpty();
    assertThat(get(store().personal().find(LOBBY, PREFERENCES, 0, "ann"))).isEmpty();
    assertThat(get(store().personal().find(LOBBY, RECEIPT, 2, "ann"))).isPresent();
    lobby.append(new Event.RoomDeleted(4, T0 + 4, "bob"));
    assertThat(get(store().personal().find(LOBBY, RECEIPT, 2, "ann"))).isEmpty();
    assertThatThrownBy(() -> noted(LOBBY, "ann", 6, "late")).isInstanceOf(StoreException.class);
  }

  @Test
  void notesAreInAUsersDataUntilTheyAreForgotten() {
    Room lobby = founded(LOBBY);
    founded(ATTIC);
    lobby.append(lobby.post(1, "bob", "x"));
    noted(LOBBY, "ann", 5, "draft");
    noted(LOBBY, "bob", 6, "his");
    get(store().personal().change(LOBBY, PREFERENCES, 0, "ann", 7, was -> "{}"));
    get(store().personal().change(LOBBY, RECEIPT, 1, "ann", 8, was -> "delivered"));
    noted(ATTIC, "ann", 9, "upstairs");
    PersonalData data = store().personalData();
    String project = LOBBY.project();

    assertThat(get(data.rooms(project, "ann", 0, 9)))
        .extracting(RoomRecord::id)
        .containsExactlyInAnyOrder(LOBBY, ATTIC);
    assertThat(get(data.of(project, "ann", 9)).notes())
        .extracting(each -> each.room().id().name() + " " + each.kind() + " " + each.note().text())
        .containsExactlyInAnyOrder(
            "lobby DRAFT draft",
            "lobby PREFERENCES {}",
            "lobby RECEIPT delivered",
            "attic DRAFT upstairs");
    assertThat(get(data.of(project, "ann", 9)).notes())
        .extracting(PersonalData.Kept::messageId)
        .containsOnlyOnce(lobby.messageId(1))
        .contains(0L);
    assertThat(get(data.of(project, "ann", 2)).notes()).hasSize(2);
    get(data.forgetBesideLogs("other", "ann"));
    assertThat(get(data.of(project, "ann", 9)).notes()).hasSize(4);

    get(data.forgetBesideLogs(project, "ann"));

    assertThat(get(data.of(project, "ann", 9)).notes()).isEmpty();
    assertThat(get(store().personal().find(LOBBY, RECEIPT, 1, "ann"))).isEmpty();
    assertThat(get(data.of(project, "bob", 9)).notes()).hasSize(1);
  }

  private Optional<Personal.Note> noted(RoomId room, String userId, long atMs, String text) {
    return get(store().personal().change(room, DRAFT, 0, userId, atMs, was -> text));
  }
}
