// A message and its answers as a store, as a room is one. What the room hears of them goes in here too; what is on no page
// of the room is fetched.

import { PAGE } from "./pages.js";
import { Timeline } from "./timeline.js";

export class Thread {
  #inside;
  #timeline;
  #listeners = new Set();
  #state;
  #isLoading = false;
  #hasMore = true;
  #error = null;
  #beginnings = 0; // an answer to an earlier one is of no use
  #scheduled = false;
  #paged = new Set(); // answers that came with a page: before the oldest of them there may be more

  /** inside: what the room gives, see Room.openThread. */
  constructor(messageId, inside) {
    this.messageId = messageId;
    this.#inside = inside;
    this.restart();
  }

  /** What there is to show, see fluxy.d.ts. */
  get state() {
    this.#state ??= Object.freeze({
      parent: this.#timeline.message(this.messageId) ?? null,
      messages: this.#answers,
      reads: this.#timeline.reads,
      hasMore: this.#hasMore,
      isLoading: this.#isLoading,
      error: this.#error,
    });
    return this.#state;
  }

  /** Calls back after every change, once for many; answers how to stop that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Answers the message; the room shows it too. Answers its clientMessageId. */
  send(content, more = {}) {
    return this.#inside.send(content, { ...more, parentId: this.messageId });
  }

  /** Older answers, before those we have; false if there are none. */
  async loadMore() {
    if (this.#isLoading || !this.#hasMore) return this.#hasMore;
    this.#isLoading = true;
    this.#error = null;
    this.#changed();
    const beginning = this.#beginnings;
    const timeline = this.#timeline;
    timeline.expectPage();
    try {
      const oldest = this.#answers.find((message) => message.id !== null && this.#paged.has(message.id));
      const isOutdated = (ids, asOf) => timeline.isOutdated(ids, asOf);
      const { page, asOf } = await this.#inside.page(this.messageId, oldest?.createdAt, isOutdated);
      if (beginning !== this.#beginnings) return this.#hasMore;
      timeline.page({ ...page, messages: [page.parent, ...page.messages] }, asOf);
      page.messages.forEach((message) => this.#paged.add(message.id));
      this.#hasMore = page.messages.length >= PAGE;
    } catch (error) {
      if (beginning === this.#beginnings) this.#error = error.message;
    } finally {
      if (beginning === this.#beginnings) this.#isLoading = false;
      this.#changed();
    }
    return this.#hasMore;
  }

  close() {
    this.#beginnings++;
    this.#listeners.clear();
    this.#inside.forget(this);
  }

  // What the room tells.

  /** It began anew: what was told in between is not known. */
  restart() {
    this.#beginnings++;
    this.#timeline = new Timeline(this.#inside.userId);
    this.#paged = new Set();
    this.#isLoading = false;
    this.#hasMore = true;
    this.#inside.letters().forEach((letter) => this.letter(letter));
    const reads = Object.entries(this.#inside.reads());
    for (const [userId, messageId] of reads) this.#timeline.apply({ type: "read", userId, messageId });
    this.loadMore();
  }

  /** The server can be reached again. */
  wake() {
    if (this.#error) this.loadMore();
  }

  frame(frame) {
    const about = frame.messageId ?? frame.id;
    const isKnown = frame.type === "read" || this.#timeline.message(about) !== undefined;
    const isAnswer = frame.type === "message" && frame.parentId === this.messageId;
    const isForThePage = this.#isLoading && frame.type !== "message"; // it may tell of what is on its way
    if (!isKnown && !isAnswer && !isForThePage) return;
    this.#timeline.apply(frame);
    this.#changed();
  }

  letter(letter) {
    if (letter.parentId === this.messageId) this.#then(() => this.#timeline.letter(letter));
  }

  sent(message) {
    if (message.parentId === this.messageId) this.#then(() => this.#timeline.posted(message));
  }

  gone(clientMessageId) {
    this.#then(() => this.#timeline.gone(clientMessageId));
  }

  get #answers() {
    return this.#timeline.messages.filter((message) => message.id !== this.messageId);
  }

  #then(change) {
    change();
    this.#changed();
  }

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
