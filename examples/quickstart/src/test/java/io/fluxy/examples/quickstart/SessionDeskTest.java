package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.User;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionDeskTest {
  @ParameterizedTest
  @CsvSource({"Ann, Ann", "ann_b-2, ann_b-2", "Zoë  Smith, Zoe_Smith", "O'Neil, ONeil"})
  void aNameBecomesAnIdThatPeopleCanRead(String name, String id) {
    assertThat(SessionDesk.userId(name)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Жанна", "李雷", "😀", "---", "a李雷韩梅梅", "\u202e"})
  void aNameWithoutSuchLettersGetsAnIdToo(String name) {
    assertThat(SessionDesk.userId(name)).startsWith("user-").isEqualTo(SessionDesk.userId(name));
    assertThat(User.named(SessionDesk.userId(name))).isNotNull();
  }

  @Test
  void twoSuchNamesAreTwoUsers() {
    assertThat(SessionDesk.userId("Жанна")).isNotEqualTo(SessionDesk.userId("Оля"));
  }
}
