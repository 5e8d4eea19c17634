package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store must do with templates; part of {@link StoreContract}. */
abstract class TemplatesContract extends StoreStories {
  TemplatesContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void aTemplateIsKeptFoundListedByNameAndRemoved() {
    TemplateRecord bye = new TemplateRecord("id-1", "bye", "Bye {{ name }} \"'💥\n", 1, 2);
    TemplateRecord apple = new TemplateRecord("id-2", "Apple", "", 3, 4);

    assertThat(save("shop", bye)).isEqualTo(Templates.Saved.SAVED);
    assertThat(save("shop", apple)).isEqualTo(Templates.Saved.SAVED);

    assertThat(find("shop", "id-1")).containsExactly(bye);
    assertThat(get(store().templates().list("shop", 10))).containsExactly(apple, bye);
    assertThat(get(store().templates().list("shop", 1))).containsExactly(apple);
    assertThat(get(store().templates().remove("shop", "id-1"))).isTrue();
    assertThat(get(store().templates().remove("shop", "id-1"))).isFalse();
    assertThat(find("shop", "id-1")).isEmpty();
    assertThat(get(store().templates().list("shop", 10))).containsExactly(apple);
  }

  @Test
  void savingUnderTheSameIdReplacesAllButWhenItWasMade() {
    save("shop", new TemplateRecord("id-1", "hi", "Hi", 1, 1));

    save("shop", new TemplateRecord("id-1", "hello", "Hello", 1, 9));

    assertThat(find("shop", "id-1"))
        .containsExactly(new TemplateRecord("id-1", "hello", "Hello", 1, 9));
    assertThat(save("shop", new TemplateRecord("id-2", "hi", "Hi again", 2, 2)))
        .isEqualTo(Templates.Saved.SAVED);
  }

  @Test
  void aNameIsTakenOncePerProject() {
    save("shop", new TemplateRecord("id-1", "hi", "Hi", 1, 1));
    save("shop", new TemplateRecord("id-2", "bye", "Bye", 1, 1));

    assertThat(save("shop", new TemplateRecord("id-3", "hi", "x", 2, 2)))
        .isEqualTo(Templates.Saved.NAME_TAKEN);
    assertThat(save("shop", new TemplateRecord("id-2", "hi", "x", 2, 2)))
        .isEqualTo(Templates.Saved.NAME_TAKEN);
    assertThat(find("shop", "id-3")).isEmpty();
    assertThat(find("shop", "id-2").get(0).body()).isEqualTo("Bye");
    assertThat(save("shop", new TemplateRecord("id-3", "HI", "x", 2, 2)))
        .isEqualTo(Templates.Saved.SAVED);
    assertThat(save("school", new TemplateRecord("id-1", "hi", "theirs", 2, 2)))
        .isEqualTo(Templates.Saved.SAVED);
    assertThat(find("shop", "id-1").get(0).body()).isEqualTo("Hi");
    assertThat(get(store().templates().remove("school", "id-2"))).isFalse();
  }

  @Test
  void aProjectHasNoMoreThanItMay() {
    assertThat(get(store().templates().save("shop", new TemplateRecord("a", "a", "", 1, 1), 1)))
        .isEqualTo(Templates.Saved.SAVED);
    assertThat(get(store().templates().save("shop", new TemplateRecord("b", "b", "", 1, 1), 1)))
        .isEqualTo(Templates.Saved.FULL);
    assertThat(get(store().templates().save("shop", new TemplateRecord("a", "c", "", 1, 1), 1)))
        .isEqualTo(Templates.Saved.SAVED);
    assertThat(get(store().templates().save("school", new TemplateRecord("b", "b", "", 1, 1), 1)))
        .isEqualTo(Templates.Saved.SAVED);
  }

  private Templates.Saved save(String project, TemplateRecord template) {
    return get(store().templates().save(project, template, 100));
  }

  private List<TemplateRecord> find(String project, String id) {
    return get(store().templates().find(project, id)).stream().toList();
  }
}
