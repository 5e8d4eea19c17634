package io.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.console.Backstage;
import io.fluxy.hook.Listeners;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.fluxy.FluxyChat;
import io.fluxy.room.RoomRegistry;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What this engine shows its console. */
final class EngineStage implements Backstage {
  private final Assembly parts;
  private final FluxyChat chat;

  EngineStage(Assembly parts, FluxyChat chat) {
    this.parts = parts;
    this.chat = chat;
  }

  @Override
  public CompletionStage<ApiResponse> chat(Identity who, String actor, ApiRequest request) {
    return chat.answerAs(who, actor, request);
  }

  @Override
  public int roomsAlive() {
    return parts.rooms.size();
  }

  @Override
  public RoomRegistry.Waiting roomsWaiting() {
    return parts.rooms.waiting();
  }

  @Override
  public long messagesPosted() {
    return parts.messages.sum();
  }

  @Override
  public long eventsSaved() {
    return parts.events.sum();
  }

  @Override
  public List<Listeners.Counts> listeners() {
    return parts.listeners.counts();
  }
}
