package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTextTest {
  @ParameterizedTest
  @CsvSource({
    "'Hi {{ name }}, order {{orderId}}!', 'Hi Jane, order 17!'",
    "'{{name}}{{name}}', 'JaneJane'",
    "'{{ nobody }}.', '.'",
    "'{{ open', '{{ open'",
    "'close }}', 'close }}'",
    "'{{{name}}}', '{Jane}'",
    "'{{ a b }} {{name}}', '{{ a b }} Jane'",
    "'{{}} {{ }}', '{{}} {{ }}'",
    "'{{ yes }} {{ no }} {{ list }} {{ object }}', 'true   '",
    "'{{ half', '{{ half'",
    "'{{ trick }}', '{{ name }}'",
    "'', ''"
  })
  void holesAreFilledOnceAndTheRestStays(String body, String text) {
    Map<String, Object> vars = new HashMap<>();
    vars.put("name", "Jane");
    vars.put("orderId", 17L);
    vars.put("yes", true);
    vars.put("no", null);
    vars.put("list", List.of("x"));
    vars.put("object", Map.of("x", "y"));
    vars.put("trick", "{{ name }}");

    assertThat(TemplateText.filled(body, vars, 4_000)).isEqualTo(text);
  }

  @Test
  void aTextThatGrowsBeyondBoundsStopsGrowing() {
    String text = TemplateText.filled("{{a}}".repeat(800), Map.of("a", "x".repeat(60_000)), 4_000);

    assertThat(text).hasSize(60_000);
  }

  @Test
  void manyBracesTakeNoMoreThanALook() {
    String body = "{".repeat(4_000);

    assertThat(TemplateText.filled(body, Map.of(), 4_000)).isEqualTo(body);
  }
}
