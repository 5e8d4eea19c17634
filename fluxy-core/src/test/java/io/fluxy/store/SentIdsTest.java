package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentIdsTest {
  @Test
  void findsTheSeqByUserAndIdTogether() {
    SentIds sent = new SentIds(10);
    sent.add("ann", "send-0001", 3);
    assertThat(sent.seqOf("ann", "send-0001")).isEqualTo(3);
    assertThat(sent.seqOf("bob", "send-0001")).isZero();
    assertThat(sent.seqOf("ann", "send-0002")).isZero();
  }

  @Test
  void theLastWordAboutAnIdCounts() {
    SentIds sent = new SentIds(10);
    sent.add("ann", "send-0001", 3);
    sent.add("ann", "send-0001", 4);
    assertThat(sent.seqOf("ann", "send-0001")).isEqualTo(4);
  }

  @Test
  void idsOfTheSameHashDoNotHideEachOther() {
    SentIds sent = new SentIds(10);
    sent.add("ann", "AaAaAaAa", 1);
    sent.add("ann", "BBBBBBBB", 2);
    sent.add("ann", "AaBBAaBB", 3);
    assertThat(sent.seqOf("ann", "AaAaAaAa")).isEqualTo(1);
    assertThat(sent.seqOf("ann", "BBBBBBBB")).isEqualTo(2);
    assertThat(sent.seqOf("ann", "AaBBAaBB")).isEqualTo(3);
  }

  @Test
  void remembersTheNewestHalfAtLeastAndNoMoreThanItMay() {
    SentIds sent = new SentIds(1_000);
    int remembered = 0;
    for (int i = 1; i <= 10_000; i++) {
      sent.add("ann", "send-" + i, i);
    }
    for (int i = 1; i <= 10_000; i++) {
      boolean known = sent.seqOf("ann", "send-" + i) == i;
      assertThat(known || i <= 9_500).as("send %s", i).isTrue();
      remembered += known ? 1 : 0;
    }
    assertThat(remembered).isBetween(500, 1_000);
  }

  @Test
  void remembersAllIfAskedTo() {
    SentIds sent = new SentIds(Integer.MAX_VALUE);
    for (int i = 1; i <= 10_000; i++) {
      sent.add("ann", "send-" + i, i);
    }
    for (int i = 1; i <= 10_000; i++) {
      assertThat(sent.seqOf("ann", "send-" + i)).isEqualTo(i);
    }
  }
}
