package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.RoomId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every store must know of projects: keys, plans, what they use; part of {@link
 * StoreContract}.
 */
abstract class ProjectsContract extends StoreStories {
  ProjectsContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void aProjectsPlanSecretsAndEndsOfKeysAreKept() {
    ProjectRecord plain = project("shop", "a", "b");
    get(store().directory().saveProject(plain));
    ProjectRecord changed =
        plain
            .on("pro")
            .signing("another secret of at least 32 bytes", T0 + 60)
            .called("Shop 2")
            .with(List.of(plain.keys().get(0).until(T0 + 5), plain.keys().get(1)));
    get(store().directory().saveProject(changed));
    assertThat(get(store().directory().project("shop"))).contains(changed);
    assertThat(get(store().directory().projectByKeyHash(plain.keys().get(0).hash())))
        .contains(changed);

    get(store().directory().saveProject(plain));
    assertThat(get(store().directory().project("shop"))).contains(plain);
    get(store().directory().saveProject(project("school", "c")));
    assertThat(get(store().directory().projects(9)))
        .extracting(ProjectRecord::id)
        .containsExactlyInAnyOrder("shop", "school");
    assertThat(get(store().directory().projects(1))).hasSize(1);
  }

  @Test
  void aProjectIsSavedFoundByItsKeysAndReplaced() {
    ProjectRecord shop = project("shop", "a", "b");
    get(store().directory().saveProject(shop));
    get(store().directory().saveProject(project("school", "c")));

    assertThat(get(store().directory().project("shop"))).contains(shop);
    assertThat(get(store().directory().projectByKeyHash(hash("b")))).contains(shop);
    assertThat(get(store().directory().projectByKeyHash(hash("x")))).isEmpty();
    assertThat(get(store().directory().project("nobody"))).isEmpty();

    ProjectRecord renamed =
        new ProjectRecord(
            "shop", "Shop & Söhne", T0 + 1, "s".repeat(64), project("", "b", "d").keys());
    get(store().directory().saveProject(renamed));
    assertThat(get(store().directory().project("shop"))).contains(renamed);
    assertThat(get(store().directory().projectByKeyHash(hash("a")))).as("withdrawn").isEmpty();
    assertThat(get(store().directory().projectByKeyHash(hash("d")))).contains(renamed);
    assertThat(get(store().directory().project("school"))).contains(project("school", "c"));
  }

  @Test
  void aKeyOfAnotherProjectIsRefusedAndNothingChanges() {
    get(store().directory().saveProject(project("shop", "a")));
    get(store().directory().saveProject(project("school", "b")));

    assertThatThrownBy(() -> get(store().directory().saveProject(project("school", "c", "a"))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("school");
    assertThat(get(store().directory().project("school"))).contains(project("school", "b"));
    assertThat(get(store().directory().projectByKeyHash(hash("a")))).contains(project("shop", "a"));
    assertThat(get(store().directory().projectByKeyHash(hash("c")))).isEmpty();
  }

  @Test
  void messagesOfAProjectAreCountedSinceATimeDeletedOnesIncluded() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    Room elsewhere = founded(ELSEWHERE);
    lobby.posts(10);
    lobby.append(lobby.deletion(11, 9, true));
    attic.posts(5);
    elsewhere.posts(3);

    assertThat(get(store().directory().messagesSince("shop", 0))).isEqualTo(15);
    assertThat(get(store().directory().messagesSince("shop", T0 + 5))).isEqualTo(7);
    assertThat(get(store().directory().messagesSince("shop", T0 + 100))).isZero();
    assertThat(get(store().directory().messagesSince("school", 0))).isEqualTo(3);
    assertThat(get(store().directory().messagesSince("nobody", 0))).isZero();
  }

  @Test
  void whatIsUsedUpIsCountedByProjectMonthAndMetric() {
    OperatorStore operators = store().operators();
    get(operators.count("shop", "2026-01", "agent_invokes", 2));
    get(operators.count("shop", "2026-01", "agent_invokes", 3));
    get(operators.count("shop", "2026-01", "webhook_deliveries", 1));
    get(operators.count("shop", "2026-02", "agent_invokes", 10));
    get(operators.count("school", "2026-01", "agent_invokes", 100));

    assertThat(get(operators.counts("shop", "2026-01")))
        .isEqualTo(Map.of("agent_invokes", 5L, "webhook_deliveries", 1L));
    assertThat(get(operators.counts("shop", null)))
        .isEqualTo(Map.of("agent_invokes", 15L, "webhook_deliveries", 1L));
    assertThat(get(operators.counts("shop", "2025-12"))).isEmpty();
  }

  @Test
  void roomsAndWhatWasSaidInThemAreCounted() {
    Room lobby = founded(new RoomId("shop", "lobby"));
    founded(new RoomId("shop", "attic"));
    Room elsewhere = founded(new RoomId("school", "lobby"));
    lobby.posts(5);
    lobby.append(lobby.deletion(6, 3, true));
    elsewhere.posts(3);

    assertThat(get(store().operators().rooms("shop"))).isEqualTo(2);
    assertThat(get(store().operators().rooms("nobody"))).isZero();
    assertThat(get(store().operators().room(new RoomId("shop", "lobby"))))
        .isEqualTo(new OperatorStore.RoomFigures(4, 1));
    assertThat(get(store().operators().room(new RoomId("shop", "attic"))))
        .isEqualTo(new OperatorStore.RoomFigures(0, 0));
    assertThat(get(store().operators().room(new RoomId("shop", "cellar"))))
        .isEqualTo(new OperatorStore.RoomFigures(0, 0));
  }
}
