package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Names;
import org.junit.jupiter.api.Test;

class HostUsersTest {
  @Test
  void aGoodIdIsKept() {
    assertThat(HostUsers.id("ann_b-1")).isEqualTo("ann_b-1");
  }

  @Test
  void anyOtherNameBecomesAGoodId() {
    assertThat(HostUsers.id("ann@example.org")).matches("u-[0-9a-f]{32}").matches(Names::isId);
    assertThat(HostUsers.id("x".repeat(129))).matches(Names::isId);
  }

  @Test
  void nobodyCanTakeTheIdOfSomebodyElseByTheirName() {
    String anns = HostUsers.id("ann@example.org");
    assertThat(HostUsers.id(anns)).isNotEqualTo(anns);
  }
}
