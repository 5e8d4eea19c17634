// A room of a Fluxy server, as much of it as a client can tell: its log, four ways in, and a network that fails on demand.
// Each thing said takes 5 ms to arrive.

const LATENCY_MS = 5;
const ROOM_NUMBER = 1 << 27;

export class Server {
  log = []; // frames of numbered events; log[i] has seq i + 1
  epoch = "1-1";
  network = { down: false, websocket: true, sse: true, buffered: false };
  refuses = null; // a status for every request
  requests = [];
  sockets = new Set();
  streams = new Set();
  #polls = new Set();
  #world;
  #sent = new Map();

  constructor(world) {
    this.#world = world;
    this.name = "Lobby";
    this.pinned = null;
    const server = this;
    this.WebSocket = class {
      readyState = 0;
      constructor(url) {
        server.#accept(this, new URL(url));
      }
      send(text) {
        server.#later(() => server.sockets.has(this) && server.#said(this, JSON.parse(text)));
      }
      close() {
        this.readyState = 3;
        server.sockets.delete(this);
      }
    };
  }

  /** From now on event streams are held back by somebody in between; those that were open break. */
  holdStreams(held) {
    this.network.buffered = held;
    for (const stream of [...this.streams]) this.#break(stream);
  }

  // What others do.

  says(userId, content, more = {}) {
    const seq = this.log.length + 1;
    const id = ROOM_NUMBER + seq;
    return this.#append({ type: "message", id, userId, senderId: userId, content, createdAt: this.#iso(), version: 1, ...more });
  }

  edits(id, content) {
    const version = this.#version(id) + 1;
    return this.#append({ type: "edit", id, content, editedAt: this.#iso(), streaming: false, version });
  }

  deletes(id) {
    const version = this.#version(id) + 1;
    return this.#append({ type: "delete", id, deletedAt: this.#iso(), hard: false, version });
  }

  reacts(userId, messageId, emoji, op = "add") {
    return this.#append({ type: "reaction", userId, messageId, emoji, op });
  }

  /** What a tool of the bot did: call, result or error. */
  uses(toolCallId, phase, more) {
    return this.#append({ type: `tool_${phase}`, runId: "r", agentId: "bot", toolCallId, name: "clock", ...more });
  }

  renames(name) {
    this.name = name;
    this.log.push({ type: "room_updated", name, roomId: "lobby", seq: this.log.length + 1 }); // told to nobody's socket
  }

  tells(frame) {
    for (const socket of this.sockets) this.#tell(socket, frame);
    for (const stream of this.streams) this.#event(stream, frame);
  }

  /** Every connection breaks; the log stays. */
  cut() {
    for (const socket of [...this.sockets]) this.#drop(socket);
    for (const stream of [...this.streams]) this.#break(stream);
    for (const poll of [...this.#polls]) this.#fail(poll);
  }

  /** The same room from a backup: what was said last is not there. */
  forgets(count) {
    this.log.length -= count;
    this.epoch = "1-2";
    this.cut();
  }

  /** What a reader of the whole log would see. */
  get messages() {
    return this.#shown().filter((message) => !message.deletedAt);
  }

  // WebSockets.

  #accept(socket, url) {
    this.requests.push(`WS ${url.pathname}?replay=${url.searchParams.get("replay")}`);
    this.#later(() => {
      if (socket.readyState === 3) return;
      if (this.network.down || !this.network.websocket || this.refuses) {
        socket.readyState = 3;
        socket.onclose?.({ code: 1006 });
        return;
      }
      socket.readyState = 1;
      this.sockets.add(socket);
      socket.seat = this.log.length;
      const snapshot = this.#page(50, Infinity);
      if (url.searchParams.get("replay") === "connect") {
        const frame = { type: "replay", ...snapshot, messages: [...snapshot.messages].reverse() };
        this.#tell(socket, frame);
      }
      this.#tell(socket, { type: "subscription_succeeded", subscriptionCount: 1, members: [{ userId: "ann", userInfo: {} }] });
    });
  }

  #said(socket, frame) {
    if (frame.type === "ping") this.#tell(socket, { type: "pong" });
    if (frame.type === "message") this.#post(frame);
    if (frame.type === "resume") this.#tell(socket, { type: "replay", ...this.#since(frame.lastSeq, frame.epoch, socket.seat) });
    if (frame.type === "read") this.tells({ type: "read", userId: "ann", messageId: frame.messageId });
  }

  #drop(socket) {
    this.sockets.delete(socket);
    this.#later(() => {
      if (socket.readyState === 3) return;
      socket.readyState = 3;
      socket.onclose?.({ code: 1006 });
    });
  }

  #tell(socket, frame) {
    const text = JSON.stringify(frame);
    this.#later(() => socket.readyState === 1 && this.sockets.has(socket) && socket.onmessage?.({ data: text }));
  }

  // Requests.

  fetch(url, { method, headers, body, signal }) {
    const { pathname, searchParams } = new URL(url);
    this.requests.push(`${method} ${pathname}`);
    return new Promise((resolve, reject) => {
      const request = { resolve, reject, headers };
      signal?.addEventListener("abort", () => {
        this.#polls.delete(request);
        reject(new Error("aborted"));
      });
      this.#later(() => {
        if (this.network.down) reject(new TypeError("network"));
        else if (this.refuses) resolve(answer(this.refuses, { error: "refused" }));
        else this.#serve(request, method, pathname, searchParams, body && JSON.parse(body), signal);
      });
    });
  }

  #serve(request, method, path, query, body, signal) {
    if (path.endsWith("/stream")) this.#stream(request, query, signal);
    else if (path === "/messages") this.#send(request, body);
    else if (query.has("since")) this.#poll(request, query);
    else if (path === "/api/messages") {
      const before = query.get("before");
      const limit = Number(query.get("limit"));
      this.#reply(request, this.#page(limit, before ? Date.parse(before) : Infinity));
    } else if (path.endsWith("/thread")) {
      const parentId = Number(path.split("/")[2]);
      const before = query.get("before");
      const page = this.#page(Number(query.get("limit")), before ? Date.parse(before) : Infinity, parentId);
      const parent = this.#shown().find((message) => message.id === parentId);
      if (parent) Object.assign(page, counted([parent, ...page.messages]));
      if (parent) this.#reply(request, { parent, ...page });
      else request.resolve(answer(404, { error: "message not found" }));
    } else if (path.endsWith("/reactions")) {
      this.reacts("ann", Number(path.split("/")[2]), body.emoji, method === "POST" ? "add" : "remove");
      this.#reply(request, { ok: true });
    } else if (method === "GET" && path === "/rooms/lobby") {
      this.#reply(request, { room: { id: "lobby", name: this.name, pinned_message_id: this.pinned } });
    } else this.#reply(request, { ok: true });
  }

  /** Stores a message; the answer gets lost if the network goes down before it arrives. */
  #send(request, body) {
    const message = this.#post(body);
    this.#reply(request, { message });
  }

  #post({ clientMessageId, content, replyTo }) {
    const seq = this.#sent.get(clientMessageId);
    if (seq) return this.log[seq - 1];
    this.#sent.set(clientMessageId, this.log.length + 1);
    return this.says("ann", content, { clientMessageId, parentId: replyTo ?? null });
  }

  #poll(request, query) {
    const reply = () => {
      this.#polls.delete(request);
      this.#reply(request, this.#polled(query));
    };
    request.wake = reply;
    if (!query.has("wait") || this.log.length > Number(query.get("since"))) {
      reply();
      return;
    }
    this.#polls.add(request);
    this.#world.after(Number(query.get("wait")) * 1_000, () => this.#polls.has(request) && reply());
  }

  #polled(query) {
    const answer = this.#since(Number(query.get("since")), query.get("epoch"), this.log.length);
    const isTold = ({ payload }) => !query.has("only") || payload.type.startsWith("tool_");
    return { ...answer, events: answer.events.filter(isTold) };
  }

  #fail(poll) {
    this.#polls.delete(poll);
    poll.reject(new TypeError("network"));
  }

  // Event streams.

  #stream(request, query, signal) {
    if (!this.network.sse) {
      request.reject(new TypeError("network"));
      return;
    }
    const stream = { chunks: [], wake: null, done: false, failed: false };
    signal.addEventListener("abort", () => this.#break(stream));
    this.streams.add(stream);
    request.resolve({ ok: true, status: 200, body: { getReader: () => ({ read: () => read(stream) }) } });
    if (query.has("lastEventId")) {
      const from = Number(query.get("lastEventId"));
      const recovered = from <= this.log.length;
      this.#event(stream, { type: "resumed", recovered, lastSeq: recovered ? from : this.log.length, epoch: this.epoch });
      if (recovered) this.log.slice(from).forEach((frame) => this.#event(stream, frame));
    } else {
      this.#event(stream, { type: "history", messages: this.#page(50, Infinity).messages.reverse() });
    }
  }

  #event(stream, frame) {
    if (this.network.buffered) return; // somebody in between waits for the end before passing anything on
    const text = (frame.seq ? `id: ${frame.seq}\n` : "") + `data: ${JSON.stringify(frame)}\n\n`;
    this.#later(() => {
      if (!this.streams.has(stream)) return;
      const bytes = new TextEncoder().encode(text);
      const middle = Math.floor(bytes.length * this.#world.random()); // a chunk ends anywhere
      stream.chunks.push(bytes.slice(0, middle), bytes.slice(middle));
      stream.wake?.();
    });
  }

  #break(stream) {
    this.streams.delete(stream);
    stream.failed = true;
    stream.wake?.();
  }

  // The log.

  #append(frame) {
    const numbered = { ...frame, roomId: "lobby", seq: this.log.length + 1 };
    this.log.push(numbered);
    this.tells(numbered);
    for (const poll of [...this.#polls]) poll.wake();
    return numbered;
  }

  #since(lastSeq, epoch, end) {
    const recovered = lastSeq >= 0 && lastSeq <= end && (!epoch || epoch === this.epoch);
    if (!recovered) return { epoch: this.epoch, recovered, lastSeq: end, currentSeq: end, hasMore: false, events: [] };
    const last = Math.min(end, lastSeq + 20);
    const events = this.log.slice(lastSeq, last).map((payload) => ({ seq: payload.seq, payload }));
    return { epoch: this.epoch, recovered, lastSeq: last, currentSeq: end, hasMore: last < end, events };
  }

  #page(limit, beforeMs, parentId) {
    const shown = this.#shown().filter(
      (message) =>
        !message.deletedAt &&
        Date.parse(message.createdAt) < beforeMs &&
        (parentId === undefined || message.parentId === parentId),
    );
    const messages = shown.reverse().slice(0, limit);
    return { messages, ...counted(messages) };
  }

  #shown() {
    const shown = new Map();
    for (const frame of this.log) {
      if (frame.type === "message") shown.set(frame.id, { ...frame, counts: {}, own: new Set() });
      const known = shown.get(frame.id ?? frame.messageId);
      if (frame.type === "edit") Object.assign(known, { content: frame.content, version: frame.version });
      if (frame.type === "delete") Object.assign(known, { content: "", deletedAt: frame.deletedAt, version: frame.version });
      if (frame.type === "reaction") {
        known.counts[frame.emoji] = (known.counts[frame.emoji] ?? 0) + (frame.op === "add" ? 1 : -1);
        if (frame.userId === "ann") known.own[frame.op === "add" ? "add" : "delete"](frame.emoji);
        if (known.counts[frame.emoji] === 0) delete known.counts[frame.emoji];
      }
    }
    return [...shown.values()];
  }

  #version(id) {
    return this.#shown().find((message) => message.id === id).version;
  }

  #reply(request, body) {
    this.#later(() => {
      if (this.network.down) request.reject(new TypeError("network"));
      else request.resolve(answer(200, body));
    });
  }

  #later(call) {
    this.#world.after(LATENCY_MS, call);
  }

  #iso() {
    const last = this.log.length ? Date.parse(this.log.at(-1).createdAt ?? this.log.at(-1).at ?? 0) : 0;
    this.lastMs = Math.max(this.#world.nowMs, last + 1, (this.lastMs ?? 0) + 1);
    return new Date(this.lastMs).toISOString();
  }
}

/** How often each emoji is on these messages, and which are Ann's. */
function counted(messages) {
  const own = messages.filter((message) => message.own.size > 0).map((message) => [message.id, [...message.own]]);
  const reactions = Object.fromEntries(messages.map((message) => [message.id, message.counts]));
  return { reactions, ...(own.length > 0 && { ownReactions: Object.fromEntries(own) }) };
}

function answer(status, body) {
  return { ok: status < 300, status, headers: { get: () => null }, text: async () => JSON.stringify(body) };
}

async function read(stream) {
  while (!stream.chunks.length) {
    if (stream.failed) throw new TypeError("network");
    await new Promise((wake) => (stream.wake = wake));
  }
  return { done: false, value: stream.chunks.shift() };
}
