/**
 * Plain channels, for whoever needs no SDK (sower contract). An app ({@link
 * io.fluxy.protocol.channels.ChannelApp}) belongs to a project, and a channel is the project's room
 * of that name: made by its first event or its first socket, public unless its name begins with
 * {@code private-} or {@code presence-}, otherwise with members only, of which it has none. Who may
 * hear:
 *
 * <table>
 *   <caption>Who hears a channel</caption>
 *   <tr><th>a socket with</th><th>public</th><th>{@code private-}, {@code presence-}</th></tr>
 *   <tr><td>nothing</td><td>yes, if the app is open; may not send</td><td>no: it is told its id and
 *     has to send a signature</td></tr>
 *   <tr><td>{@code ?token=}, a token of the project</td><td>yes, if its user may enter the room</td>
 *     <td>the same: members, and whom the host lets in</td></tr>
 *   <tr><td>{@code channel:auth} with a signature for its id</td><td>is not needed</td><td>yes; it
 *     makes nobody a member</td></tr>
 * </table>
 *
 * <p>Each frame is an object: {@code event}, {@code channel}, {@code data}, {@code seq} (null for
 * what is not numbered), {@code userId} (of whoever did it, if it is anybody's deed), {@code at}
 * (UTC).
 *
 * <table>
 *   <caption>What a room tells</caption>
 *   <tr><th>in the room</th><th>event, and its data</th></tr>
 *   <tr><td>message with a label (a published event)</td><td>its name; its JSON</td></tr>
 *   <tr><td>signal (told, not kept)</td><td>its name; its JSON</td></tr>
 *   <tr><td>whisper from a member to the others (client event)</td><td>its name, with {@code client-}
 *     in front; its JSON</td></tr>
 *   <tr><td>message, edit, growth, deletion, erasure, reaction, pin, typing, read mark</td><td>{@code
 *     message}, {@code message_updated}, {@code message_deleted}, {@code reaction}, {@code
 *     message_pinned}, {@code typing}, {@code read}: see {@link io.fluxy.protocol.ChatWords}</td></tr>
 *   <tr><td>one is in</td><td>{@code channel:subscribed}: socketId, and in a presence channel count
 *     and members</td></tr>
 *   <tr><td>one is back ({@code ?since=})</td><td>{@code channel:resumed}: recovered, since, head;
 *     what was missed follows {@code channel:subscribed}</td></tr>
 *   <tr><td>first arrival and last departure of a user</td><td>in presence channels {@code
 *     channel:joined}: userId, info; {@code channel:left}: userId</td></tr>
 *   <tr><td>something was declined, or the socket ends</td><td>{@code channel:error}: code,
 *     message</td></tr>
 *   <tr><td>what is for some readers only; tool calls and runs of agents; memberships, roles,
 *     sanctions, names; receipts, presence lists, snapshots</td><td>no word: it is not told</td></tr>
 * </table>
 *
 * <p>Names that begin with {@code channel:} are told by nobody but the server.
 */
@NullMarked
package io.fluxy.protocol.channels;

import org.jspecify.annotations.NullMarked;
