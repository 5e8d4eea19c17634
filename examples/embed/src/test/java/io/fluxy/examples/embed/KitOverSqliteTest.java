package io.fluxy.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.store.jdbc.JdbcStore;
import io.fluxy.testkit.Sent;
import io.fluxy.testkit.TestChat;
import io.fluxy.testkit.TestClient;
import io.fluxy.testkit.TestRoom;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with threads of its own, under the test kit's time and faults. */
class KitOverSqliteTest {
  @Test
  void whatWasSavedAndNotAcknowledgedIsThereOnceAfterACrash(@TempDir Path folder) {
    JdbcStore store = JdbcStore.sqlite(folder.resolve("chat.db"));
    try (TestChat chat = TestChat.setup().store(store).start()) {
      TestRoom room = chat.room("lobby");
      TestClient ann = room.enters("ann");
      TestClient bob = room.enters("bob");
      ann.says("one");
      chat.store().losesAnswers();
      Sent two = ann.says("two");
      chat.crashes();
      chat.store().recovers();

      ann.comesBack();
      ann.repeats(two);
      bob.comesBack();

      assertThat(two).isAcknowledged();
      bob.within(Duration.ofSeconds(5)).hears("one").hears("two").hearsNothing(); // before or after
      assertThat(room).hasMessages("one", "two").isGapFree().looksTheSameToEveryone();
    }
  }
}
