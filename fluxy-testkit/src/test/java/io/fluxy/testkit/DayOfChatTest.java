package io.fluxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Twenty-four hours in which people talk, lose their connections, and the engine restarts. */
class DayOfChatTest {
  private static final int ROOMS = 5;
  private static final int PEOPLE = 4;
  private static final Duration DAY = Duration.ofHours(24);
  private static final int TALKS_EVERY_MS = 60_000;

  private final SplittableRandom dice = new SplittableRandom(24);
  private final TestChat chat = TestChat.setup().tokensFor(Duration.ofHours(2)).start();
  private int said;

  @Test
  void aDayOfChatLosesNothing() {
    long startNs = System.nanoTime();
    List<TestRoom> rooms = new ArrayList<>();
    for (int i = 0; i < ROOMS; i++) {
      TestRoom room = chat.room("room" + i);
      rooms.add(room);
      for (int p = 0; p < PEOPLE; p++) {
        lives(room.enters("user" + p));
      }
    }
    chat.time().after(DAY.toMillis() / 2, () -> chat.store().goesDown());
    chat.time().after(DAY.toMillis() / 2 + 20_000, () -> chat.store().recovers());

    chat.passes(DAY.dividedBy(3));
    chat.restarts();
    chat.passes(DAY.dividedBy(3).multipliedBy(2));

    int kept = 0;
    for (TestRoom room : rooms) {
      room.clients().forEach(TestClient::comesBack);
      assertThat(room).isGapFree().looksTheSameToEveryone();
      kept += room.messages().size();
    }
    double seconds = (System.nanoTime() - startNs) / 1e9;
    System.out.printf(
        "A day of chat: %,d messages said, %,d kept, %,d tasks, in %.1f s%n",
        said, kept, chat.time().steps(), seconds);
    assertThat(kept).isGreaterThan(ROOMS * PEOPLE * 1_000).isLessThanOrEqualTo(said);
    chat.close();
  }

  /** Says something about once a minute; comes back when it was cut off, after a while. */
  private void lives(TestClient client) {
    chat.time()
        .after(
            dice.nextInt(2 * TALKS_EVERY_MS),
            () -> {
              chat.atOnce(() -> acts(client));
              lives(client);
            });
  }

  private void acts(TestClient client) {
    if (!client.isHere()) {
      client.comesBack();
    } else if (dice.nextInt(200) == 0) {
      client.drops();
    } else {
      said++;
      client.shrugs().says("message " + said);
    }
  }
}
