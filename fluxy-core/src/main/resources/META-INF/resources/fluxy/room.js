// A room as a store: subscribe, read the state, and say something. The state is a new object after every change, and the
// same one as long as nothing has changed.

import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { PAGE, Pages } from "./pages.js";
import { People } from "./people.js";
import { Thread } from "./thread.js";
import { Timeline } from "./timeline.js";

const READ_EVERY_MS = 800;

export class Room {
  #http;
  #world;
  #forget;
  #listeners = new Set();
  #events = new Set();
  #state;
  #connection = { status: "closed", transport: null, attempt: 0, nextRetryAt: null, error: null };
  #timeline;
  #threads = new Set();
  #people;
  #line;
  #outbox;
  #userId = null;
  #hasMore = true;
  #loading = null;
  #room = { name: null, pinnedMessageId: null };
  #runs = new Map();
  #readId = 0;
  #readTimer;
  #scheduled = false;

  constructor(id, http, options, forget) {
    const environment = options.environment;
    this.id = id;
    this.#http = http;
    this.#world = environment;
    this.#forget = forget;
    this.#timeline = new Timeline(null);
    this.#people = new People(environment, () => this.#changed());
    const setup = { http, roomId: id, environment, presence: options.presence };
    this.#line = new Line(setup, {
      frame: (frame) => this.#heard(frame),
      restart: (snapshot) => this.#restart(snapshot),
      state: (state) => this.#connected(state),
    });
    this.#outbox = new Outbox(id, http, environment, this.#line, {
      letter: (letter) => this.#shown((shows) => shows.letter(letter)),
      sent: (message) => this.#shown((shows) => shows.sent(message)),
      gone: (clientMessageId) => this.#shown((shows) => shows.gone(clientMessageId)),
    });
  }

  /** What there is to show, see fluxy.d.ts. */
  get state() {
    this.#state ??= Object.freeze({
      roomId: this.id,
      userId: this.#userId,
      messages: this.#timeline.messages,
      reads: this.#timeline.reads,
      steps: this.#timeline.steps,
      runs: [...this.#runs.values()],
      hasMore: this.#hasMore,
      isLoading: this.#loading !== null,
      connectionState: this.#connection,
      ...this.#people.state,
      ...this.#room,
    });
    return this.#state;
  }

  /** Calls back after every change, once for many; answers how to stop that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back with every frame as the server said it. */
  onEvent(listener) {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }

  /** Connects, and stays connected until close(). Rejects if no token can be had. */
  async open() {
    if (this.#userId === null) {
      this.#userId = await this.#http.userId();
      this.#timeline = new Timeline(this.#userId);
      this.#people.me = this.#userId;
      this.#outbox.restore(this.#userId);
    }
    this.#line.start();
  }

  close() {
    this.#line.stop();
    this.#outbox.stop();
    this.#people.stop();
    this.#threads.forEach((thread) => thread.close());
    this.#world.clearTimeout(this.#readTimer);
    this.#forget();
  }

  /** Does not wait for the countdown of a reconnect. */
  retryNow() {
    this.#line.retryNow();
  }

  /** Shows a message at once and sends it, now or when the server can be reached; answers its clientMessageId. */
  send(content, { parentId = null, attachments = [], visibility, visibleTo } = {}) {
    if (this.#userId === null) throw new Error("open the room before you write in it");
    const clientMessageId = `cmsg_${this.#world.newId()}`;
    const createdAt = new Date(this.#world.now()).toISOString();
    const letter = { clientMessageId, userId: this.#userId, content, createdAt, parentId, attachments, visibility, visibleTo };
    this.#people.wrote();
    this.#outbox.post({ ...BLANK, ...letter });
    return clientMessageId;
  }

  retry(clientMessageId) {
    this.#outbox.retry(clientMessageId);
  }

  discard(clientMessageId) {
    this.#outbox.discard(clientMessageId);
  }

  async edit(messageId, content) {
    await this.#http.call("PATCH", `/messages/${messageId}`, { content });
  }

  async delete(messageId) {
    await this.#http.call("DELETE", `/messages/${messageId}`);
  }

  /** Puts an emoji on a message or takes it off again. */
  async react(messageId, emoji, on = !this.#timeline.message(messageId)?.reactions[emoji]?.mine) {
    await this.#http.call(on ? "POST" : "DELETE", `/messages/${messageId}/reactions`, { emoji });
  }

  async pin(messageId) {
    await this.#http.call("PATCH", `/rooms/${encodeURIComponent(this.id)}/pin`, { messageId });
  }

  /** Call it with every key; it says so now and then. */
  typing() {
    this.#people.typing((isTyping) => this.#line.say({ type: "typing", isTyping }));
  }

  /** All up to this message has been seen; without one, all there is. */
  markRead(messageId = this.#timeline.newestId) {
    if (messageId <= this.#readId) return;
    this.#readId = messageId;
    this.#readTimer ??= this.#world.setTimeout(() => this.#tellRead(), READ_EVERY_MS);
  }

  /** Older messages, before those we have; false if there are none. */
  loadMore() {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
      this.#changed();
    });
    this.#changed();
    return this.#loading;
  }

  /** A message and its answers as a store of its own, kept up to date until it is closed. */
  openThread(messageId) {
    if (this.#userId === null) throw new Error("open the room before a thread of it");
    const pages = new Pages(this.#http, this.id);
    const thread = new Thread(messageId, {
      userId: this.#userId,
      letters: () => this.#timeline.messages.filter((message) => message.id === null),
      reads: () => this.#timeline.reads,
      page: (id, createdAt, isOutdated) => pages.answers(id, createdAt, this.#position, isOutdated),
      send: (content, more) => this.send(content, more),
      forget: (closed) => this.#threads.delete(closed),
    });
    this.#threads.add(thread);
    return thread;
  }

  /** What of the room the user has read, as the server knows it. */
  async unread() {
    return this.#http.call("GET", `/rooms/${encodeURIComponent(this.id)}/unread`);
  }

  /** The answers to a message, newest first. */
  async thread(messageId) {
    return (await this.#http.call("GET", `/messages/${messageId}/thread`)).messages;
  }

  async #load() {
    const oldest = this.#timeline.oldest;
    if (!oldest || !this.#hasMore) return false;
    const timeline = this.#timeline;
    timeline.expectPage();
    const isOutdated = (ids, asOf) => timeline.isOutdated(ids, asOf);
    const { page, asOf } = await new Pages(this.#http, this.id).older(oldest.createdAt, this.#position, isOutdated);
    if (timeline.oldest?.id !== oldest.id) return this.#hasMore; // it began anew meanwhile
    this.#hasMore = page.messages.length >= PAGE;
    timeline.page(page, asOf);
    this.#loadSteps(oldest.seq, page.messages.length);
    return this.#hasMore;
  }

  /** What tools did among the messages of a page: pages have messages only. Without it, messages are shown all the same. */
  async #loadSteps(before, messages) {
    const timeline = this.#timeline;
    const after = this.#hasMore ? (timeline.oldest?.seq ?? 1) - 1 : 0;
    if (messages === before - after - 1) return; // there was nothing else
    try {
      const frames = await new Pages(this.#http, this.id).steps(after, before);
      if (timeline !== this.#timeline) return;
      frames.forEach((frame) => timeline.apply(frame));
      this.#changed();
    } catch {
      // the next page or the next beginning asks again
    }
  }

  /** What the room is called and what is pinned there, if we may ask. */
  async #loadRecord() {
    const before = this.#room;
    try {
      const { room } = await this.#http.call("GET", `/rooms/${encodeURIComponent(this.id)}`);
      const isHeard = this.#room !== before; // of something newer, perhaps
      this.#room = { name: room.name, pinnedMessageId: isHeard ? this.#room.pinnedMessageId : (room.pinned_message_id ?? null) };
      this.#changed();
    } catch {
      // it has its id
    }
  }

  get #position() {
    return this.#line.position ?? { lastSeq: 0 };
  }

  #tellRead() {
    this.#readTimer = undefined;
    const messageId = this.#readId;
    if (this.#line.say({ type: "read", messageId })) return;
    const path = `/rooms/${encodeURIComponent(this.id)}/read`;
    this.#http.call("POST", path, { messageId }).catch(() => {
      this.#readId = 0; // the next one tells it again
    });
  }

  #heard(frame) {
    if (frame.type === "message" && frame.clientMessageId) this.#outbox.settle(frame);
    if (frame.type === "error" && frame.clientMessageId) this.#outbox.refused(frame);
    if (frame.type === "message_pinned") this.#room = { ...this.#room, pinnedMessageId: frame.messageId };
    if (frame.type === "room_updated") this.#room = { ...this.#room, name: frame.name };
    if (frame.type === "agentRun") this.#ran(frame.run);
    this.#timeline.apply(frame);
    this.#threads.forEach((thread) => thread.frame(frame));
    this.#people.apply(frame);
    this.#events.forEach((listener) => listener(frame));
    this.#changed();
  }

  #ran(run) {
    this.#runs.delete(run.id);
    this.#runs.set(run.id, run);
    if (this.#runs.size > PAGE) this.#runs.delete(this.#runs.keys().next().value);
  }

  #restart(snapshot) {
    const { messages } = snapshot;
    this.#timeline.restart(snapshot);
    this.#threads.forEach((thread) => thread.restart());
    this.#hasMore = messages.length >= PAGE;
    messages.filter((message) => message.clientMessageId).forEach((message) => this.#outbox.settle(message));
    this.#loadSteps();
    this.#loadRecord();
    this.#changed();
  }

  #connected(state) {
    this.#connection = state;
    if (state.status === "online") {
      this.#outbox.wake();
      this.#threads.forEach((thread) => thread.wake());
    }
    this.#changed();
  }

  /** A message of ours has come further: here, and in the threads that are open. */
  #shown(change) {
    [this.#timeline, ...this.#threads].forEach(change);
    this.#changed();
  }

  /** Many changes of one moment are one for whoever shows them. */
  #changed() {
    this.#state = undefined;
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#listeners.forEach((listener) => listener());
    });
  }
}

const BLANK = {
  id: null,
  editedAt: null,
  deletedAt: null,
  expiresAt: null,
  mentions: [],
  reactions: {},
  replyCount: 0,
  streaming: false,
  status: "pending",
  error: null,
  seq: null,
  version: 0,
};
