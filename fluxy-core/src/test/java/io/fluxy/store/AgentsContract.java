package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Readers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store must keep of agents and their runs; part of {@link StoreContract}. */
abstract class AgentsContract extends StoreStories {
  AgentsContract(StoreContract suite) {
    super(suite);
  }

  private static AgentRecord agent(String id, String handle) {
    return new AgentRecord(id, handle, "The " + handle, "{\"model\":\"ü\"}", T0);
  }

  private AgentStore.Saved saved(String project, AgentRecord agent) {
    return get(store().agents().save(project, agent, 3));
  }

  @Test
  void agentsAreListedByHandleAndOfTheirProjectAlone() {
    assertThat(saved("shop", agent("2", "zoe"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(saved("shop", agent("1", "bot"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(saved("school", agent("1", "bot"))).isEqualTo(AgentStore.Saved.SAVED);

    assertThat(get(store().agents().list("shop", 10)))
        .containsExactly(agent("1", "bot"), agent("2", "zoe"));
    assertThat(get(store().agents().list("shop", 1))).hasSize(1);
    assertThat(get(store().agents().remove("shop", "1"))).isTrue();
    assertThat(get(store().agents().remove("shop", "1"))).isFalse();
    assertThat(get(store().agents().list("school", 10))).containsExactly(agent("1", "bot"));
  }

  @Test
  void aHandleNamesOneAgentAndAProjectHasSoMany() {
    saved("shop", agent("1", "bot"));
    assertThat(saved("shop", agent("2", "bot"))).isEqualTo(AgentStore.Saved.HANDLE_TAKEN);
    assertThat(saved("shop", agent("1", "robot"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(saved("shop", agent("2", "bot"))).isEqualTo(AgentStore.Saved.SAVED);
    saved("shop", agent("3", "c"));
    assertThat(saved("shop", agent("4", "d"))).isEqualTo(AgentStore.Saved.FULL);
    assertThat(saved("shop", agent("3", "e"))).isEqualTo(AgentStore.Saved.SAVED);
    assertThat(get(store().agents().list("shop", 10)))
        .extracting(AgentRecord::handle)
        .containsExactly("bot", "e", "robot");
  }

  @Test
  void runsStandAsTheLogSaidLastAndTheNewestComesFirst() {
    Room lobby = founded(LOBBY);
    Room theirs = founded(ELSEWHERE);
    lobby.append(
        new Event.RunReported(1, T0 + 1, "bot", "r1", "bot", "running", "{\"n\":1}", null),
        new Event.RunReported(2, T0 + 2, "bot", "r2", "bot", "running", "{\"n\":2}", null),
        new Event.RunReported(3, T0 + 3, "bot", "r1", "bot", "failed", "{\"n\":3}", null),
        new Event.RunReported(4, T0 + 4, "zoe", "r3", "zoe", "failed", "{}", null),
        new Event.RunReported(
            5, T0 + 5, "bot", "r5", "bot", "done", "{}", Readers.only(List.of("ann"))));
    theirs.append(new Event.RunReported(1, T0 + 9, "bot", "r9", "bot", "failed", "{}", null));

    assertThat(get(store().agents().runs("shop", "bot", 10)))
        .containsExactly(
            new RunRecord("r1", "failed", T0 + 3, "{\"n\":3}"),
            new RunRecord("r2", "running", T0 + 2, "{\"n\":2}"));
    assertThat(get(store().agents().runs("shop", "bot", 1))).hasSize(1);
  }
}
