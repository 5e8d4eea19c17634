/**
 * The PushFlo protocol, as its client and server SDK 1.0.8 speaks it. An app ({@link
 * io.fluxy.protocol.pushflo.PushFloApp}) is a project with keys, and a channel is the project's
 * room of that name. Who may do what:
 *
 * <table>
 *   <caption>What a credential is good for</caption>
 *   <tr><th>credential</th><th>as</th><th>may</th></tr>
 *   <tr><td>{@code pub_} key</td><td>nobody in particular, whom nobody sees</td><td>connect, and
 *     hear public rooms</td></tr>
 *   <tr><td>{@code pub_} and a token of the project</td><td>the token's user, present in the
 *     room</td><td>connect, and hear what the user may enter; only the token's {@code channels}, if
 *     it names some, and these even if they are private</td></tr>
 *   <tr><td>{@code sec_} key</td><td>the user {@code pushflo}</td><td>connect and hear any room,
 *     publish, read history; manage channels unless the app says otherwise</td></tr>
 *   <tr><td>{@code mgmt_} key</td><td>the same</td><td>anything</td></tr>
 * </table>
 *
 * <table>
 *   <caption>What a room tells, as subscribers hear it: all but the first are {@code message}
 *     frames</caption>
 *   <tr><th>in the room</th><th>eventType, and what its data says</th></tr>
 *   <tr><td>one is in</td><td>the frame {@code subscribed}</td></tr>
 *   <tr><td>message that is an application's event (PushFlo's own among them)</td><td>its name; its
 *     JSON</td></tr>
 *   <tr><td>message posted</td><td>{@code message}: id, seq, userId, content, createdAt, and
 *     parentId, clientMessageId, attachments if there are any; {@code clientId} is the
 *     user</td></tr>
 *   <tr><td>message edited; deleted, expired; erased</td><td>{@code message_updated}; {@code
 *     message_deleted}: id, seq and what is new</td></tr>
 *   <tr><td>reaction; pin</td><td>{@code reaction}; {@code message_pinned}</td></tr>
 *   <tr><td>signal (FluxyChat's server event, a Pusher event); whisper from a member to the
 *     others</td><td>its name; its JSON</td></tr>
 *   <tr><td>first arrival and last departure of a user</td><td>{@code user:join}, {@code
 *     user:leave}, and {@code presence:state} after one's own subscription, if the app wants
 *     them</td></tr>
 *   <tr><td>a command was declined</td><td>the frame {@code error}</td></tr>
 *   <tr><td>typing, read marks, what is being written bit by bit, tool calls and runs of agents,
 *     memberships, roles, sanctions, names, receipts</td><td>no word: it is not told</td></tr>
 * </table>
 *
 * <p>A publish is a message of the user {@code pushflo} that is an application's event, so it is
 * numbered, kept and in everybody's history.
 *
 * <p>A socket of somebody who can be recognised, if it is cut off, leaves its subscriptions behind
 * for some minutes. Whoever comes back has them again without asking, and is told first what it has
 * missed since the last message it has certainly received, in the room's order.
 */
@NullMarked
package io.fluxy.protocol.pushflo;

import org.jspecify.annotations.NullMarked;
