package io.fluxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.fluxy.Fluxy;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.User;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class FluxyExtensionTest {
  private static final List<String> HEARD = new ArrayList<>();

  @RegisterExtension
  static final FluxyExtension FLUXY =
      FluxyExtension.of(
          (builder, scheduler) ->
              builder
                  .listener(
                      Event.Posted.class, (room, posted) -> HEARD.add(posted.message().content()))
                  .start());

  @Test
  void parametersBelongToOneChatWithTheHostsCodeInIt(
      TestChat chat, TestRoom room, Fluxy fluxy, VirtualScheduler time) {
    HEARD.clear();
    fluxy.room(room.id()).post(User.named("ann"), Draft.text("first"));
    room.enters("ann").says("hi");

    assertThat(chat.fluxy()).isSameAs(fluxy);
    assertThat(chat.time()).isSameAs(time);
    assertThat(HEARD).containsExactly("first", "hi");
  }

  @Test
  void aFailureSaysHowToReplayItAndWhatHappened() {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(Failing.class))
            .configurationParameter("junit.jupiter.conditions.deactivate", "*")
            .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();

    LauncherFactory.create().execute(request, summary);

    assertThat(summary.getSummary().getTestsFailedCount()).isEqualTo(10);
    Set<String> seeds = new HashSet<>();
    summary
        .getSummary()
        .getFailures()
        .forEach(
            failure -> {
              String note = String.valueOf(failure.getException().getSuppressed()[0]);
              assertThat(note).contains("replay this run with -Dfluxy.testkit.seed=");
              assertThat(note).contains("ann says: hi");
              seeds.add(note.substring(0, note.indexOf(';')));
            });
    assertThat(seeds).as("each repetition has a seed of its own").hasSize(10);
  }

  /** Not a test of ours: fails, if anybody runs it. */
  @Disabled("run by the test above")
  @FluxyTest
  static class Failing {
    @RepeatedTest(10)
    void fails(TestRoom room) {
      room.enters("ann").says("hi");
      throw new AssertionError("planned");
    }
  }
}
