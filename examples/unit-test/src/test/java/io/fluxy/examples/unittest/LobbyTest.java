package io.fluxy.examples.unittest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.testkit.FluxyTest;
import io.fluxy.testkit.TestClient;
import io.fluxy.testkit.TestRoom;
import org.junit.jupiter.api.Test;

@FluxyTest
class LobbyTest {
  @Test
  void whoeverComesBackHearsWhatItMissed(TestRoom room) {
    TestClient ann = room.enters("ann");
    TestClient bob = room.enters("bob");

    bob.drops();
    ann.says("are you there?");
    bob.comesBack();

    bob.hears("are you there?");
    assertThat(room).hasMessages("are you there?").isGapFree();
  }
}
