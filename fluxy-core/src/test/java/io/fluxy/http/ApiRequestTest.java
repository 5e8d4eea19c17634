package io.fluxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiRequestTest {
  private static ApiRequest get(String target) {
    return ApiRequest.of("GET", target, Map.of(), new byte[0], "192.0.2.1");
  }

  @Test
  void theRawTargetIsKeptAsItCame() {
    ApiRequest request = get("/a%2fb/../c?x=%20+&y=1?z#w");

    assertThat(request.rawPath()).isEqualTo("/a%2fb/../c");
    assertThat(request.rawQuery()).isEqualTo("x=%20+&y=1?z#w");
    assertThat(get("/a").rawQuery()).isEmpty();
    assertThat(get("/a?").rawQuery()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a=1, 1",
    "a=, ''",
    "a, ''",
    "b=2&a=1, 1",
    "a=1&a=2, 1",
    "a=%41, A",
    "a=x+y, x y",
    "%61=1, 1",
    "a=b=c, b=c",
    "a=%C3%A9, é",
    "&&a=1&&, 1",
    "a=%F0%9F%92%A5, 💥",
  })
  void aParameterIsDecodedAndTheFirstCounts(String query, String value) {
    assertThat(get("/x?" + query).query("a")).contains(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "b=1", "A=1", "a=%", "a=%4", "a=%zz", "a=%-1", "%zz=1", "=1"})
  void aParameterThatIsNotThereOrNotDecodableIsAbsent(String query) {
    assertThat(get("/x?" + query).query("a")).isEmpty();
  }

  @Test
  void aHundredParametersAreEnough() {
    StringBuilder query = new StringBuilder("/x?p=1");
    for (int i = 0; i < 100_000; i++) {
      query.append("&p").append(i).append("=1");
    }

    assertThat(get(query + "&last=1").query("last")).isEmpty();
    assertThat(get(query.toString()).query("p50")).contains("1");
  }

  @Test
  void aHeadersNameHasNoCase() {
    ApiRequest request =
        ApiRequest.of("GET", "/", Map.of("X-TRACE-Id", "t"), new byte[0], "192.0.2.1");

    assertThat(request.header("x-trace-id")).contains("t");
    assertThat(request.header("X-Trace-ID")).contains("t");
    assertThat(request.header("other")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, 'a|b'",
    "/, ''",
    "/a/, 'a|'",
    "//a, '|a'",
    "/a%2Fb, 'a/b'",
    "/a+b, 'a+b'",
    "/%252e, '%2e'",
    "/a;b, 'a;b'",
    "/é, 'é'",
    "a/b, 'a|b'",
  })
  void aPathIsSplitFirstAndThenDecodedOnce(String path, String segments) {
    assertThat(get(path).segments().map(list -> String.join("|", list))).contains(segments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/a/%zz", "/%4", "/%u0041"})
  void aPathWithABrokenEncodingHasNoSegments(String path) {
    assertThat(get(path).segments()).isEmpty();
  }

  @Test
  void aRequestShowsNeitherQueryNorHeadersNorControls() {
    assertThat(get("/rooms?token=secret")).hasToString("GET /rooms");
    assertThat(get("/ro\u001boms\n")).hasToString("GET /ro?oms?");
  }

  @Test
  void aBodyThatWasTooLongIsNotThere() {
    ApiRequest request = ApiRequest.tooLarge("POST", "/x", Map.of(), "192.0.2.1");

    assertThat(request.isBodyTooLarge()).isTrue();
    assertThat(request.body()).isEmpty();
    assertThat(get("/x").isBodyTooLarge()).isFalse();
  }

  // Routes.

  private static final Routes.Handler UNUSED =
      (request, path) -> CompletableFuture.completedStage(ApiResponse.empty(204));

  private final Routes routes =
      new Routes()
          .on("GET", "/rooms/mine", UNUSED)
          .on("GET", "/rooms/:id", UNUSED)
          .on("DELETE", "/rooms/:id/members/:userId", UNUSED)
          .on("GET", "/", UNUSED);

  private Optional<Routes.Match> match(String method, String path) {
    return routes.match(ApiRequest.of(method, path, Map.of(), new byte[0], "192.0.2.1"));
  }

  private String pattern(String method, String path) {
    return match(method, path).map(match -> match.route().pattern()).orElse("none");
  }

  @Test
  void theFirstRouteThatFitsWins() {
    assertThat(pattern("GET", "/rooms/mine")).isEqualTo("/rooms/mine");
    assertThat(pattern("GET", "/rooms/yours")).isEqualTo("/rooms/:id");
    assertThat(pattern("GET", "/")).isEqualTo("/");
    assertThat(pattern("get", "/rooms/yours")).isEqualTo("none");
    assertThat(pattern("POST", "/rooms/yours")).isEqualTo("none");
    assertThat(pattern("GET", "/rooms")).isEqualTo("none");
    assertThat(pattern("GET", "/rooms/a/b")).isEqualTo("none");
    assertThat(pattern("GET", "/rooms/%")).isEqualTo("none");
    assertThat(pattern("GET", "/rooms/:id")).isEqualTo("/rooms/:id");
  }

  @Test
  void namedSegmentsAreDecoded() {
    assertThat(match("DELETE", "/rooms/a%2Fb/members/%C3%A9").orElseThrow().path())
        .isEqualTo(Map.of("id", "a/b", "userId", "é"));
  }

  @Test
  void theTableCanBeRead() {
    assertThat(routes.all().stream().map(route -> route.method() + route.pattern()).toList())
        .isEqualTo(
            List.of("GET/rooms/mine", "GET/rooms/:id", "DELETE/rooms/:id/members/:userId", "GET/"));
  }
}
