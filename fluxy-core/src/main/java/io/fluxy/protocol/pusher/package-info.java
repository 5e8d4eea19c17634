/**
 * The Pusher Channels protocol, versions 4 to 7, as Pusher's own clients and server libraries speak
 * it. An app ({@link io.fluxy.protocol.pusher.PusherApp}) belongs to a project, and a channel is
 * the project's room of that name: made by its first subscriber, public if its name needs no
 * signature, otherwise with members only, of which it has none. Who may subscribe:
 *
 * <table>
 *   <caption>Who hears a channel</caption>
 *   <tr><th>channel</th><th>who</th></tr>
 *   <tr><td>public, {@code cache-}</td><td>anyone with the key, if the room is public: a group of
 *     that name stays closed</td></tr>
 *   <tr><td>{@code private-}, {@code presence-}</td><td>whoever has a signature, which is the
 *     host's word; it makes nobody a member and gives no right in other protocols</td></tr>
 *   <tr><td>{@code #server-to-user-}</td><td>whoever is signed in as that user; no room</td></tr>
 * </table>
 *
 * <table>
 *   <caption>What a room tells, as subscribers hear it</caption>
 *   <tr><th>in the room</th><th>event, and what its data says</th></tr>
 *   <tr><td>signal (FluxyChat's server event, an API event)</td><td>its name; its data byte for
 *     byte if it is a string, else as JSON. Names that begin with {@code pusher:} or {@code
 *     pusher_internal:} are not told</td></tr>
 *   <tr><td>whisper from a member to the others (client event)</td><td>its name, with {@code
 *     client-} in front; in a presence channel with {@code user_id}</td></tr>
 *   <tr><td>message posted that has a label (another protocol's event, or one of a channel with a
 *     {@link io.fluxy.protocol.pusher.PusherHistory})</td><td>its name and data, as a signal's; with
 *     {@code seq} if the history says so</td></tr>
 *   <tr><td>message posted</td><td>{@code message}: id, seq, userId, content, createdAt, and
 *     parentId, clientMessageId, attachments if there are any</td></tr>
 *   <tr><td>message edited, or growing</td><td>{@code message_updated}: id, userId, content, and
 *     seq, version, editedAt or streaming</td></tr>
 *   <tr><td>message deleted, expired</td><td>{@code message_deleted}: id, seq, userId, expired,
 *     deletedAt</td></tr>
 *   <tr><td>text erased</td><td>{@code message_updated} or {@code message_deleted} for the newest
 *     of the messages</td></tr>
 *   <tr><td>reaction</td><td>{@code reaction}: id, seq, userId, emoji, op</td></tr>
 *   <tr><td>pin</td><td>{@code message_pinned}: id, seq, userId</td></tr>
 *   <tr><td>typing</td><td>{@code typing}: userId, isTyping</td></tr>
 *   <tr><td>read mark</td><td>{@code read}: id, userId, readAt</td></tr>
 *   <tr><td>first arrival and last departure of a user</td><td>in presence channels {@code
 *     pusher_internal:member_added} and {@code member_removed}, whatever protocol the user
 *     speaks</td></tr>
 *   <tr><td>a command was declined</td><td>{@code pusher:error} with code null</td></tr>
 *   <tr><td>what is for some readers only; tool calls and runs of agents; memberships, roles,
 *     sanctions, names; receipts, presence lists, snapshots, answers to a resume</td><td>no word: it
 *     is not told</td></tr>
 * </table>
 *
 * <table>
 *   <caption>What Pusher's side says, as the room has it</caption>
 *   <tr><th>Pusher</th><th>in the room</th></tr>
 *   <tr><td>an event by HTTP or by {@link io.fluxy.protocol.pusher.PusherChannels#trigger}</td><td>signal by the user
 *     {@code pusher}: told in the room's order, not numbered and not kept; FluxyChat's clients hear
 *     {@code server_event}. In a channel with a history, a message with a label</td></tr>
 *   <tr><td>client event</td><td>whisper to the others: told in the room's order, not kept</td></tr>
 *   <tr><td>subscription to a presence channel</td><td>a visible member: the user of that id, with
 *     {@code user_info} as JSON among what it says of itself. Ids that rooms don't know are written
 *     in letters</td></tr>
 *   <tr><td>any other subscription</td><td>a member that nobody sees</td></tr>
 * </table>
 *
 * <p>What is numbered reaches a slow subscriber when it reads again; what is not, is dropped for
 * it.
 */
@NullMarked
package io.fluxy.protocol.pusher;

import org.jspecify.annotations.NullMarked;
