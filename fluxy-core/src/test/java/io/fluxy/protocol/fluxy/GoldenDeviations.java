package io.fluxy.protocol.fluxy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Where we answer otherwise than FluxyChat's own server, and why. */
final class GoldenDeviations {
  /** What differs, where {@code *} stands for anything, and the reason. */
  private static final String TABLE =
      """
      *.seq more | every numbered event tells its number, on every path
      *message*$.message.version more | a message says its version wherever it is shown
      * message: $.version more | so does its frame
      *(setup) seed: $.message.version more | so does its answer
      *(live)*: $.message.version more | so does its answer
      from-bot: $.message.* more | a bot's message has the same shape as anybody's
      webhooks: post: $.message.version more | a message says its version wherever it is shown
      *cache_snapshot: $.event.version more | so does the cached one
      health: $.* missing | what is checked are our parts, not those of a platform; strangers are told no version
      health: $.* more | what is checked are our parts, and PushFlo's clients look for status and timestamp
      unknown path: not served | the host's other pages answer
      auth token: invalid json: $.error * -> invalid_body | the same words as on every other route
      auth token: *: $.claims.roles more | whoever names no role is told which one it has
      create room: same id by non-member* -> 409 * | nobody gets into a room by making it
      create room: bad id is replaced* -> 400 * | an id that can't be had is an error, not another id
      get room: $.room.project_* missing | goals, budgets and timelines of rooms are out of scope
      dm *: $.room.created* more | the time under both of its names
      post message: same clientMessageId other user: $.message* | the id is its user's own: two messages
      post message: poll: status 200 -> 400 * | polls are out of scope
      history*: $.messages[].visibleTo more | a whisper says who reads it, to those who read it
      history*: $.messages[].reply* more | a message says how it was answered
      history*: $.messages[].lastReplyAt more | a message says how it was answered
      *: $.messages[].attachments[].id missing | a link has no row, so no id; uploaded files have one
      history: limit=* -> 400 * | a bad limit is the client's mistake, not everything, and no failure of ours
      history: carol sees whisper* -> 403 * | bob2 was not let in by making the room
      crdt snapshot: status 200 -> 404 * | there are no shared documents; the SDK takes 404 for none
      *$.message.id <string> -> * | ids are numbers everywhere
      *$.reaction.messageId <string> -> * | ids are numbers everywhere
      REST reaction add: * $.messageId <string> -> * | ids are numbers everywhere
      reaction by non-member: status 200 -> 403 * | knowing an id lets nobody in
      template patch: $.template.createdAt more | the same shape as everywhere
      prefs *: $.member.role member -> owner | the role in this room, not that of the token
      admin projects: $.projects[].plan is no object | a project of the host's code has no plan
      admin rotate key: $.key.previousValidUntil more | a rotated key is good for a while longer
      auth with revoked key: status 401 -> 200 * | a rotated key is good for a while longer
      report: status 500 -> 200 * | it works
      admin reports: status 500 -> 200 * | it works
      *announcement: $.messageId more | an announcement is a message that is kept
      admin tenant usage: $.usage.* -> null | not measured, or the project has no plan
      admin tenant usage: $.usage.* is no object | not measured
      admin alerts rules: status 200 -> 404 * | alerts follow from the targets; there are no rules of one's own
      stats costs: $.* -> null | nobody has told us a price
      stats costs: $.* is no object | nobody has told us a price
      stats launch-kpis: $.* -> null | not measured
      rate limit dashboard: not served | not in the contract
      activities: not served | not in the contract
      billing plan: $.plan is no object | a project of the host's code has no plan
      billing plan: $.usage.* more | invocations and deliveries count too
      billing plan: $.limits more | which limits hold
      export json: $.messages[].clientMessageId more | the same shape as history's
      export json: $.messages[].visibleTo more | a whisper says who reads it, to those who read it
      gdpr export: $.data.messages not empty | bob's message under alice's client message id is one here
      gdpr export: $.data.readReceipts[].created_at missing | how far one has read is kept, not when
      gdpr export: $.data.* more | what we keep of users besides
      agents list: $.agents empty | there are no agents but the project's own
      agent invoke no llm: status 500 -> 409 * | no code answers: a mistake of whoever asks, and no run
      agent runs: $.runs empty | a run that was refused did not begin
      demo status: $.* -> null | no demo here: DemoTest
      demo session: $.error demo_room_not_found -> demo_disabled | no demo here: DemoTest
      guest session private room: status 403 -> 404 * | strangers are not told which private rooms there are
      search: $.messages[].* more | camel case as elsewhere, beside the columns' names
      search: $.results more | the name the SDK reads
      ws message duplicate clientMessageId: bob [message] -> [] | a repeated send is not told again
      ws message duplicate clientMessageId: alice message: $.content * | the first text is what it says
      ws message spoofed userId: * -> alice | who speaks is whom the token names
      ws message no userId: * -> [message] | the token says who speaks
      ws edit by bob of alice's: bob * -> [error] | only authors edit
      ws edit by bob of alice's: alice * -> [] | only authors edit
      REST *: * -> [*edit, message_updated] | the same two frames whichever way it was edited
      stream end: * [edit] -> [edit, message_updated] | the same two frames whichever way it was edited
      REST delete: * -> [*delete, message_deleted] | the same two frames whichever way it was deleted
      stream start+abort: * -> [*delete, message_deleted] | the same two frames whichever way it was deleted
      delete own: *.hard more | the same shape whichever way it was deleted
      REST read: * [] -> [read] | whoever reads is told of, on both paths
      agentTyping: * | a person does not speak for an agent
      POST /events agentRun: * $.run.room_id more | the contract's place for the room
      POST /events message *: $.userId feed -> alice | who speaks is whom the token names
      POST /events message *: $.senderId feed -> alice | who speaks is whom the token names
      (live) events approval_request: status 200 -> 400 * | an unknown event is refused, not told as an empty message
      POST /events approval_request: * [message] -> [] | an unknown event is refused, not told as an empty message
      resume 0: alice replay: $.events[].messageId <number> -> null | what is in the log and no message has none
      resume 0: alice replay: $.events[].payload.id missing | what is in the log and no message has none
      resume *: alice replay: $.events[].payload.* more | the payload is the whole frame
      resume *: alice replay: $.* more | the verdict: whether this is all
      whisper via REST: alice message: $.visib* more | a whisper says that it is one
      mute bob then ws message: bob error: $.details more | for how long
      (live) muted rest: status 200 -> 403 * | the muted are silent on every path
      REST message by muted bob: * [message] -> [] | the muted are silent on every path
      terminate alice socket: bob * -> [member_left, presence, subscription_count] | whoever was sent away has left
      SSE cold room: status 403 -> 200 * | a room is there before its first socket
      webhooks: deliveries: $.deliveries[].last_http_status <number> -> null | it waits behind one that failed
      """;

  private record Row(String text, Pattern what) {}

  private final List<Row> rows = new ArrayList<>();
  private final Set<Row> unused = new LinkedHashSet<>();

  GoldenDeviations() {
    for (String line : TABLE.lines().toList()) {
      String what = line.substring(0, line.lastIndexOf(" | ")).strip();
      rows.add(new Row(line, Pattern.compile(Pattern.quote(what).replace("*", "\\E.*\\Q"))));
    }
    unused.addAll(rows);
  }

  /** Whether a row says why. */
  boolean explain(String difference) {
    boolean explained = false;
    for (Row row : rows) {
      if (row.what().matcher(difference).matches()) {
        unused.remove(row);
        explained = true;
      }
    }
    return explained;
  }

  List<String> unused() {
    return unused.stream().map(Row::text).toList();
  }
}
