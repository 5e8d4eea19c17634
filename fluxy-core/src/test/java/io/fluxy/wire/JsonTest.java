package io.fluxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of catalogue 3.9; what a client may send at all is in the protocol's tests. */
class JsonTest {
  private static Map<String, @Nullable Object> read(String json) {
    return Json.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isRefused(String json) {
    try {
      read(json);
      return false;
    } catch (BadJsonException e) {
      return true;
    }
  }

  @Test
  void anObjectIsReadAsItIs() {
    assertThat(
            read(
                "{'s':'x','i':7,'d':1.5,'t':true,'f':false,'n':null,'l':[1,'a',[],{}],"
                    + "'o':{'k':'v'}}"))
        .hasToString("{s=x, i=7, d=1.5, t=true, f=false, n=null, l=[1, a, [], {}], o={k=v}}");
    assertThat(read("{}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "7, java.lang.Long", "-0, java.lang.Long", "9223372036854775807, java.lang.Long",
    "9223372036854775808, java.lang.Double", "7.0, java.lang.Double", "7e0, java.lang.Double",
    "12345678901234567890123456789012, java.lang.Double", "1e308, java.lang.Double",
  })
  void aWholeNumberIsALongIfItFits(String number, String type) {
    assertThat(Objects.requireNonNull(read("{'x':" + number + "}").get("x")).getClass())
        .hasToString("class " + type);
  }

  @Test
  void eachBoundIsWhereItIsSaidToBe() {
    assertThat(isRefused("{'x':" + "[".repeat(31) + "]".repeat(31) + "}")).isFalse();
    assertThat(isRefused("{'x':" + "[".repeat(32) + "]".repeat(32) + "}")).isTrue();
    assertThat(isRefused("{'x':'" + "x".repeat(65_536) + "'}")).isFalse();
    assertThat(isRefused("{'x':'" + "x".repeat(65_537) + "'}")).isTrue();
    assertThat(isRefused("{'" + "k".repeat(128) + "':1}")).isFalse();
    assertThat(isRefused("{'" + "k".repeat(129) + "':1}")).isTrue();
    assertThat(isRefused("{'x':" + "1".repeat(32) + "}")).isFalse();
    assertThat(isRefused("{'x':" + "1".repeat(33) + "}")).isTrue();
    assertThat(isRefused("{'x':[" + "1,".repeat(19_990) + "1]}")).isFalse();
    assertThat(isRefused("{'x':[" + "1,".repeat(20_000) + "1]}")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[]",
        "7",
        "'x'",
        "null",
        "{'a':1}x",
        "{'a':1} {}",
        "{'a':1,'a':1}",
        "{'a':{'b':1,'b':1}}",
        "{'a':NaN}",
        "{'a':1e400}",
        "{'a':01}",
        "{'a':.5}",
        "{'a':'\\ud800'}",
        "{'a':'\\u0000'}",
        "{'\\u0000':1}",
        "{'a':1,}",
        "{a:1}",
        "//\n{}",
      })
  void whatIsNotStrictlyJsonIsRefused(String json) {
    assertThat(isRefused(json)).isTrue();
  }

  @Test
  void aRefusalSaysNothingOfWhatWasSent() {
    assertThatThrownBy(() -> read("{'secret':'abc"))
        .isInstanceOf(BadJsonException.class)
        .hasMessage("not valid JSON, or beyond its bounds")
        .hasNoCause();
  }

  @Test
  void onlyUtf8IsRead() {
    assertThat(isRefused("{'x':'é'}")).isFalse();
    byte[] latin = "{\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Json.object(latin)).hasMessage("not UTF-8");
    byte[] wide = "{}".getBytes(StandardCharsets.UTF_16BE);
    assertThatThrownBy(() -> Json.object(wide)).hasMessage("not UTF-8");
    byte[] wider = {0, 0, 0, '{', 0, 0, 0, '}'};
    assertThatThrownBy(() -> Json.object(wider)).hasMessage("not UTF-8");
    byte[] widest = {'{', 0, 0, 0, '}', 0, 0, 0};
    assertThatThrownBy(() -> Json.object(widest)).hasMessage("not UTF-8");
  }

  @Test
  void aValueIsOneValueAndNothingMore() {
    for (String value : List.of("1", "\"x\"", "null", "[]", "{\"a\":[1]}", " true ")) {
      assertThat(Json.isValue(value)).as(value).isTrue();
    }
    for (String value :
        List.of("", " ", "x", "1 2", "[", "{\"a\":1}}", "{\"a\":1,\"a\":2}", "'x'")) {
      assertThat(Json.isValue(value)).as(value).isFalse();
    }
  }

  @Test
  void whatIsWrittenCanBeRead() {
    byte[] bytes =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("text", "a\u0001\"\\é💥\u2028");
              json.writeNumberField("number", Long.MAX_VALUE);
              json.writeNullField("none");
              json.writeEndObject();
            });

    assertThat(Json.object(bytes))
        .containsEntry("text", "a\u0001\"\\é💥\u2028")
        .containsEntry("number", Long.MAX_VALUE)
        .containsKey("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "é", "💥", "\u0000", "\uFFFF", "\u07FF\u0800"})
  void textIsUtf8(String text) {
    assertThat(Utf8.isValid(text.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0 80",
        "c1 bf",
        "c3",
        "c3 41",
        "e0 80 80",
        "e2 82",
        "ed a0 80",
        "ed bf bf",
        "f0 80 80 80",
        "f0 9f 92",
        "f4 90 80 80",
        "f5 80 80 80",
        "fe",
        "ff",
        "41 ff 41",
      })
  void whatIsAlmostUtf8IsNot(String hex) {
    byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);

    assertThat(Utf8.isValid(bytes)).isFalse();
  }
}
