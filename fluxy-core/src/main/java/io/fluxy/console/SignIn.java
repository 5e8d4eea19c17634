package io.fluxy.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Names;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.time.Scheduler;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in and out. A wrong name takes as long as a wrong credential, and gets the same answer.
 */
final class SignIn {
  private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);
  private static final int NAME_CHARS_MAX = 64;
  private static final int CREDENTIAL_CHARS_MAX = 256;
  private static final String EVERYBODY = "";

  private final Scheduler scheduler;
  private final Sessions sessions;
  private final List<ConsoleOperator> operators;
  private final ConsoleLimits limits;
  private final RateLimit attempts;

  SignIn(
      Scheduler scheduler,
      Sessions sessions,
      List<ConsoleOperator> operators,
      ConsoleLimits limits) {
    this.scheduler = scheduler;
    this.sessions = sessions;
    this.operators = List.copyOf(operators);
    this.limits = limits;
    this.attempts = new RateLimit(scheduler);
  }

  void addTo(Desk desk) {
    desk.open("POST", "session", (request, path) -> signIn(request));
    desk.open("GET", "session", (request, path) -> whoIsIt(request));
    desk.open("DELETE", "session", (request, path) -> signOut(request));
  }

  private CompletionStage<ApiResponse> signIn(ApiRequest request) {
    Form form = Form.of(request);
    String name = form.text("name", NAME_CHARS_MAX);
    String credential = form.text("credential", CREDENTIAL_CHARS_MAX);
    take("from " + request.peer(), limits.attemptsPerMinute());
    take(EVERYBODY, limits.attemptsPerMinuteOfAll());
    Optional<ConsoleOperator> named =
        operators.stream().filter(each -> each.name().equals(name)).findFirst();
    CompletableFuture<ApiResponse> answer = new CompletableFuture<>();
    scheduler.run( // it takes a while
        () -> {
          boolean proven = named.orElse(operators.get(0)).isProvenBy(credential);
          if (named.isPresent() && proven) {
            LOG.info("operator {} has signed in from {}", name, Names.shown(request.peer()));
            String cookie = sessions.begin(named.get(), request);
            answer.complete(
                Declined.ok(json -> operator(json, named.get())).with("Set-Cookie", cookie));
          } else {
            LOG.warn("somebody failed to sign in from {}", Names.shown(request.peer()));
            answer.completeExceptionally(
                new Declined(401, "no operator has this name and this credential"));
          }
        });
    return answer;
  }

  /** Nobody is no mistake: the page asks this before anybody could sign in. */
  private CompletionStage<ApiResponse> whoIsIt(ApiRequest request) {
    Optional<ConsoleOperator> who = sessions.of(request).map(Sessions.Session::operator);
    return CompletableFuture.completedStage(
        who.isPresent()
            ? Declined.ok(json -> operator(json, who.get()))
            : Declined.ok(json -> json.writeNullField("operator")));
  }

  private void take(String key, int perMinute) {
    attempts
        .take(key, perMinute)
        .ifPresent(
            seconds -> {
              throw Declined.later(
                  429, "too many attempts: try again in " + seconds + " seconds", seconds);
            });
  }

  private CompletionStage<ApiResponse> signOut(ApiRequest request) {
    String cookie = sessions.end(request);
    return CompletableFuture.completedStage(
        Declined.ok(json -> json.writeBooleanField("ok", true)).with("Set-Cookie", cookie));
  }

  private static void operator(JsonGenerator json, ConsoleOperator who) throws IOException {
    json.writeStringField("operator", who.name());
    json.writeBooleanField("all", who.runsAll());
  }
}
