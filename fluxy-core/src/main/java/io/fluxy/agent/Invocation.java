package io.fluxy.agent;

import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.store.AgentRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is asked.
 *
 * @param runId names this run, unique in the project
 * @param agent who is asked, with the settings that the project's operators have given it
 * @param by the user who asks; for an agent that was mentioned by another agent, that agent
 * @param content the question; for a mention, the whole message
 * @param replyTo the id of the message to answer; null if the answer stands alone
 * @param depth how many agents have asked each other before this one; 0 if a person asks
 * @param history the newest messages of the room that the agent may see, oldest first
 */
public record Invocation(
    String runId,
    RoomId room,
    AgentRecord agent,
    String by,
    String content,
    @Nullable Long replyTo,
    int depth,
    List<Message> history) {
  public Invocation {
    history = List.copyOf(history);
  }
}
