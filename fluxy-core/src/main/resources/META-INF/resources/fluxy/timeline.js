// What has been said in a room, as far as we know it: numbered frames go in, in any order and any number of times, and a
// list of messages comes out. Objects that have been given out are never changed; a change makes new ones.

const STEPS_MAX = 500;

export class Timeline {
  #userId;
  #messages = new Map(); // by id
  #letters = new Map(); // by clientMessageId: ours that have no number yet
  #steps = new Map(); // what agents' tools did, by run and call
  #reads = new Map(); // by user: the newest message that they have read
  #delivered = new Map(); // by message: who has it
  #strangers = new Map(); // messages that we do not have, and the seq at which something was told of them
  #countedUpTo = new Map(); // messages of older pages: what was told of them up to that seq is in them already
  #newestId = 0;
  #shownAs = new WeakMap(); // ours, with how far they have come
  #list;

  constructor(userId) {
    this.#userId = userId;
  }

  /** Messages oldest first, those without a number last. */
  get messages() {
    this.#list ??= [
      ...[...this.#messages.values()].sort((a, b) => a.id - b.id).map((message) => this.#shown(message)),
      ...this.#letters.values(),
    ];
    return this.#list;
  }

  get steps() {
    return [...this.#steps.values()].sort((a, b) => a.seq - b.seq);
  }

  get oldest() {
    return this.messages.find((message) => message.id !== null);
  }

  get newestId() {
    return this.#newestId;
  }

  message(id) {
    return this.#messages.get(id);
  }

  /** By user, the newest message that they have read. */
  get reads() {
    return Object.fromEntries(this.#reads);
  }

  /** A page is about to be asked for: what is told of its messages meanwhile must not get lost. */
  expectPage() {
    this.#strangers.clear();
  }

  /** Whether we were told something of these messages that a page of that seq does not know. */
  isOutdated(ids, asOf) {
    return [...ids].some((id) => this.#strangers.get(id) > asOf);
  }

  /** A page of history or a snapshot: it knows more than we do, except of what we have heard since. */
  page({ messages, reactions = {}, ownReactions = {} }, asOf = 0) {
    for (const message of messages) {
      if (asOf) this.#countedUpTo.set(message.id, asOf);
      const known = this.#messages.get(message.id);
      if (known && known.version > message.version) continue;
      this.#put({ ...fields(message), reactions: known?.reactions ?? counted(reactions[message.id], ownReactions[message.id]) });
    }
  }

  /** Begins anew with a snapshot; what we have written and not sent stays. */
  restart(snapshot) {
    this.#messages.clear();
    this.#steps.clear();
    this.#delivered.clear();
    this.#countedUpTo.clear();
    this.#newestId = 0;
    this.page(snapshot);
    this.#changed();
  }

  /** A frame, live or replayed. True if it was about messages at all. */
  apply(frame) {
    const about = frame.messageId ?? frame.id;
    if (frame.seq !== undefined && about && !this.#messages.has(about)) this.#strangers.set(about, frame.seq);
    switch (frame.type) {
      case "message":
        return this.posted(frame);
      case "streamState":
        return this.posted({ ...frame, id: frame.messageId, streaming: true });
      case "edit":
        return this.#edited(frame);
      case "delete":
        return this.#deleted(frame);
      case "reaction":
        return this.#reacted(frame);
      case "thread_updated":
        return this.#answered(frame);
      case "messages_purged":
        return true; // each message that we might have follows in a frame of its own
      case "read":
        return this.#read(frame);
      case "delivery_updated":
        return this.#wasDelivered(frame);
      case "tool_call":
      case "tool_result":
      case "tool_error":
        return this.#stepped(frame);
      default:
        return false;
    }
  }

  /** A message that the server has, whoever told us. */
  posted(message) {
    this.#letters.delete(message.clientMessageId);
    const known = this.#messages.get(message.id);
    if (!known || known.version < message.version) {
      this.#put({ ...fields(message), reactions: known?.reactions ?? {} });
    } else {
      this.#changed();
    }
    return true;
  }

  /** One of ours that is on its way, or did not get there. */
  letter(letter) {
    this.#letters.set(letter.clientMessageId, letter);
    this.#changed();
  }

  /** The server has taken one of ours. */
  sent(message) {
    this.posted(message);
  }

  gone(clientMessageId) {
    this.#letters.delete(clientMessageId);
    this.#changed();
  }

  #edited(frame) {
    const known = this.#messages.get(frame.id);
    if (!known || known.deletedAt) return true;
    if (frame.streaming) {
      if (known.streaming) this.#put({ ...known, content: frame.content });
    } else if (!(frame.version <= known.version)) {
      const version = frame.version ?? known.version + 1;
      const editedAt = known.streaming ? null : frame.editedAt;
      this.#put({ ...known, content: frame.content, editedAt, version, streaming: false });
    }
    return true;
  }

  #deleted(frame) {
    const known = this.#messages.get(frame.id);
    if (known && !(frame.version <= known.version)) {
      const version = frame.version ?? known.version + 1;
      const gone = { content: "", attachments: [], reactions: {}, streaming: false };
      this.#put({ ...known, ...gone, deletedAt: frame.deletedAt, version });
    }
    return true;
  }

  #reacted(frame) {
    const known = this.#messages.get(frame.messageId);
    if (!known || frame.seq === undefined) return true; // without a number it is an echo that changes nothing
    if (frame.seq <= (this.#countedUpTo.get(frame.messageId) ?? 0)) return true;
    const { count = 0, mine = false } = known.reactions[frame.emoji] ?? {};
    const isOurs = frame.userId === this.#userId;
    const isAdded = frame.op === "add";
    const next = { count: count + (isAdded ? 1 : -1), mine: isOurs ? isAdded : mine };
    const reactions = { ...known.reactions, [frame.emoji]: next };
    if (next.count <= 0) delete reactions[frame.emoji];
    this.#put({ ...known, reactions });
    return true;
  }

  #answered({ messageId, replyCount }) {
    const known = this.#messages.get(messageId);
    if (known) this.#put({ ...known, replyCount });
    return true;
  }

  #read({ userId, messageId }) {
    if (messageId > (this.#reads.get(userId) ?? 0)) {
      this.#reads.set(userId, messageId);
      this.#changed();
    }
    return true;
  }

  #wasDelivered({ userId, messageId }) {
    const users = this.#delivered.get(messageId) ?? new Set();
    this.#delivered.set(messageId, users.add(userId));
    this.#changed();
    return true;
  }

  #stepped(frame) {
    const key = `${frame.runId}:${frame.toolCallId}`;
    const { runId, agentId, toolCallId, name, seq } = frame;
    const step = this.#steps.get(key) ?? { runId, agentId, toolCallId, name, seq };
    const what = { tool_call: "arguments", tool_result: "result", tool_error: "error" }[frame.type];
    this.#steps.set(key, { ...step, seq: Math.min(step.seq, seq), [what]: frame[what] }); // what was before we came is told later
    if (this.#steps.size > STEPS_MAX) this.#steps.delete(this.#oldestStep);
    this.#changed();
    return true;
  }

  get #oldestStep() {
    return [...this.#steps].reduce((oldest, each) => (each[1].seq < oldest[1].seq ? each : oldest))[0];
  }

  /** How far one of ours has come; of others' we only know that they are here. The same object as long as that is so. */
  #shown(message) {
    const status = message.userId === this.#userId ? this.#progress(message) : message.status;
    if (status === message.status) return message;
    let shown = this.#shownAs.get(message);
    if (shown?.status !== status) {
      shown = { ...message, status };
      this.#shownAs.set(message, shown);
    }
    return shown;
  }

  #progress(message) {
    const others = [...this.#reads].filter(([userId]) => userId !== this.#userId);
    if (others.some(([, upTo]) => upTo >= message.id)) return "read";
    return this.#delivered.has(message.id) ? "delivered" : message.status;
  }

  #put(message) {
    this.#messages.set(message.id, message);
    this.#newestId = Math.max(this.#newestId, message.id);
    this.#changed();
  }

  #changed() {
    this.#list = undefined;
  }
}

/** How often each emoji is on a message, and whether one of those is ours. */
function counted(counts = {}, own = []) {
  return Object.fromEntries(Object.entries(counts).map(([emoji, count]) => [emoji, { count, mine: own.includes(emoji) }]));
}

function fields(message) {
  return {
    id: message.id,
    clientMessageId: message.clientMessageId ?? null,
    userId: message.userId,
    content: message.content,
    createdAt: message.createdAt,
    editedAt: message.editedAt ?? null,
    deletedAt: message.deletedAt ?? null,
    expiresAt: message.expiresAt ?? null,
    parentId: message.parentId ?? null,
    mentions: message.mentions ?? [],
    attachments: message.attachments ?? [],
    visibility: message.visibility ?? "room",
    visibleTo: message.visibleTo ?? [],
    replyCount: message.replyCount ?? 0,
    streaming: message.streaming === true,
    status: "sent",
    error: null,
    seq: message.seq,
    version: message.version ?? 1,
  };
}
