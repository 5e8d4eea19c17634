package io.fluxy.hook;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import java.util.concurrent.CompletionStage;

/**
 * Is asked before a room hears of what a session wants to say, by socket or by HTTP, or what an
 * agent answers, and may rewrite or refuse it: a filter, a translator, a bill. About whatever
 * people will read as somebody's words, that is; not about names of rooms, or what operators
 * announce. The host's own code ({@code fluxy.room(id)}) is not asked about.
 *
 * <p>Several are asked one after the other, each about what the one before made of it. What is said
 * on one connection stays in order, so a slow interceptor delays that connection, and no other. It
 * is asked before the room recognises a send that is repeated.
 */
@FunctionalInterface
public interface Interceptor {
  /**
   * Called on any thread; must not block.
   *
   * @param who as the token proved it
   * @return the draft to post, this one or another; exceptionally with {@link
   *     io.fluxy.chat.RefusedException} to refuse it in so many words. If it fails otherwise, or
   *     takes longer than {@link io.fluxy.chat.Limits#interceptorMs()}, the draft is refused as
   *     busy: what could not be checked is not said
   */
  CompletionStage<Draft> before(Identity who, RoomId room, Draft draft);

  /**
   * Like {@link #before}, for new text of a message that is there already. Unless overridden, the
   * text is treated like a draft's: or else every filter could be got around by an edit.
   *
   * @return the text
   */
  default CompletionStage<String> beforeEdit(
      Identity who, RoomId room, long messageId, String content) {
    return before(who, room, Draft.text(content)).thenApply(Draft::content);
  }

  /**
   * Like {@link #before}, for a message that is written bit by bit: asked about the whole text so
   * far each time it grows, and about the last one, so nothing is shown or kept that was not
   * checked. Unless overridden, the text is treated like a draft's.
   *
   * @return the text to show in its place
   */
  default CompletionStage<String> beforeStreamed(Identity who, RoomId room, String content) {
    return before(who, room, Draft.text(content)).thenApply(Draft::content);
  }

  /**
   * Like {@link #before}, for what is shown beside messages: events with a name, and of the work of
   * agents each step with a tool and each report. Unless overridden, the JSON is treated like a
   * draft's text.
   *
   * @param json one object of a {@code name} and the {@code data}; its texts hide behind no escapes
   *     that JSON does not need
   * @return the object to tell in its place; if it is none, the command is refused
   */
  default CompletionStage<String> beforeJson(Identity who, RoomId room, String json) {
    return before(who, room, Draft.text(json)).thenApply(Draft::content);
  }
}
