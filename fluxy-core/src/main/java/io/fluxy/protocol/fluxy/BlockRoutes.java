package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Sanction;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.RoomRecord;
import java.util.concurrent.CompletionStage;

/**
 * Whom somebody does not want to hear from. A block is a fact of the pair's dm, where it holds for
 * every path; the contract has the refusal ({@code user_blocked}, 1.5) and no route, so these are
 * ours.
 */
final class BlockRoutes {
  private static final int BLOCKS_SHOWN_MAX = 1_000;

  private final Services services;
  private final DmRoutes dms;
  private final Authenticated authenticated;

  BlockRoutes(Services services, Authenticated authenticated, DmRoutes dms) {
    this.services = services;
    this.authenticated = authenticated;
    this.dms = dms;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/blocks", (who, request, path) -> list(who));
    authenticated.on(routes, "POST", "/blocks", (who, request, path) -> block(who, request));
    authenticated.on(
        routes,
        "DELETE",
        "/blocks/:userId",
        (who, request, path) -> unblock(who, path.getOrDefault("userId", "")));
  }

  private CompletionStage<ApiResponse> list(Identity who) {
    return services
        .store()
        .inbox()
        .blocked(who.project(), who.user().id(), BLOCKS_SHOWN_MAX)
        .thenApply(
            users ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("blocks");
                      for (String userId : users) {
                        json.writeStartObject();
                        json.writeStringField("userId", userId);
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                    }));
  }

  private CompletionStage<ApiResponse> block(Identity who, ApiRequest request) {
    String other = other(who, Body.of(request));
    return dms.with(who, other)
        .thenCompose(dm -> impose(who, dm, other, Sanction.BLOCK))
        .thenApply(done -> answer(other, true));
  }

  private CompletionStage<ApiResponse> unblock(Identity who, String other) {
    return services
        .store()
        .inbox()
        .blocked(who.project(), who.user().id(), Integer.MAX_VALUE)
        .thenCompose(
            blocked -> {
              if (!blocked.contains(other)) {
                throw new Problem(404, "not_blocked");
              }
              return dms.with(who, other);
            })
        .thenCompose(dm -> impose(who, dm, other, Sanction.UNBLOCK))
        .thenApply(done -> answer(other, false));
  }

  /** Not a message and asked of the room itself: no limit and no host stands in its way. */
  private CompletionStage<Answer> impose(
      Identity who, RoomRecord dm, String other, Sanction sanction) {
    Command impose = new Command.Impose(other, sanction, 0, "");
    return services
        .gate()
        .with(dm.id(), room -> room.submit(who.user(), impose))
        .thenApply(
            answer -> {
              if (answer instanceof Answer.Refused refused) {
                throw Problem.of(refused.refusal());
              }
              return answer;
            });
  }

  private static String other(Identity who, Body body) {
    String other = DmRoutes.userId(body, "userId");
    if (who.user().isOnlyGuest()) {
      throw Problem.forbidden();
    } else if (other.equals(who.user().id())) {
      throw new Problem(400, "nobody blocks themselves");
    }
    return other;
  }

  private static ApiResponse answer(String other, boolean blocked) {
    return Problem.ok(
        json -> {
          json.writeBooleanField("ok", true);
          json.writeStringField("userId", other);
          json.writeBooleanField("blocked", blocked);
        });
  }
}
