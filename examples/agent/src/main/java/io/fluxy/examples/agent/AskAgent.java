package io.fluxy.examples.agent;

import io.fluxy.Fluxy;
import io.fluxy.agent.AgentRun;
import io.fluxy.auth.Project;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Asks an agent in a room of its own, and prints what it says. {@code MODEL_URL}, {@code MODEL} and
 * {@code MODEL_KEY} say which model.
 */
public final class AskAgent {
  private AskAgent() {}

  /** The arguments are the question. */
  @SuppressWarnings("SystemOut") // it is a program
  public static void main(String[] args) {
    Map<String, String> env = System.getenv();
    ChatModelAgent agent =
        new ChatModelAgent(
            URI.create(env.getOrDefault("MODEL_URL", "http://127.0.0.1:11434/v1")),
            env.getOrDefault("MODEL", "llama3.2"),
            env.getOrDefault("MODEL_KEY", ""),
            Duration.ofSeconds(30));
    RoomId room = new RoomId("shop", "lobby");
    try (Fluxy fluxy =
        Fluxy.builder().project(Project.named("shop")).agent("shop", "helper", agent).start()) {
      fluxy.createRoom(room, RoomType.GROUP, "Lobby", "ann").toCompletableFuture().join();
      AgentRun run =
          fluxy
              .agents()
              .invoke(room, "helper", "ann", String.join(" ", args), null)
              .toCompletableFuture()
              .join();
      System.out.println(run.error() == null ? run.content() : run.error());
    }
  }
}
