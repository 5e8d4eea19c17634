// The messages on the screen: a stretch of all that the store has, so that a long room scrolls as a short one does. A message
// has one row for as long as it is shown, whether the room has numbered it yet or not.

import { Row } from "./row.js";
import { Tools } from "./tools.js";

const ROWS_MAX = 160;
const MOVE = 60; // rows that come at one end and go at the other
const NEAR_PX = 600;
const END_PX = 60;

export class Timeline {
  #log;
  #scroll;
  #around;
  #tools;
  #messages = [];
  #steps = [];
  #reads = {};
  #receipt; // the row that says who has seen it
  #markId = null;
  #rows = new Map(); // by key
  #anchor = null; // the key of the first message that is shown; null: the newest are
  #first = 0;
  #last = 0;
  #staysAtEnd = true;

  /** Asks does.edit, remove, react, retry, discard(message), open(messageId) and write() for what a person wants done. */
  constructor(log, scroll, me, people, does) {
    this.#log = log;
    this.#scroll = scroll;
    this.#around = { me, people, does, parentOf: (message) => this.#find(message.parentId) };
    this.#tools = new Tools(log, does);
    this.clear();
    log.addEventListener("keydown", (event) => this.#keys(event));
    scroll.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#staysAtEnd && this.toEnd()).observe(scroll);
  }

  clear() {
    this.#rows.clear();
    this.#log.replaceChildren();
    this.#anchor = null;
    this.#staysAtEnd = true;
  }

  /** All messages that there are, oldest first, how far each user has read, steps of tools, and which message is the first new one. */
  show({ messages, reads, steps = [] }, markId = null) {
    this.#messages = messages;
    this.#reads = reads;
    this.#steps = steps;
    this.#markId = markId;
    this.#keepView(() => this.#draw());
    this.#fill();
  }

  // What is on the screen.

  get lastOfMine() {
    return this.#shown.findLast((row) => row.isAlive && row.isOwn);
  }

  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return this.#last === this.#messages.length && scrollHeight - scrollTop - clientHeight < END_PX;
  }

  /** Whether what is before the messages we have will be wanted soon. */
  get isNearBeginning() {
    return this.#first === 0 && this.#scroll.scrollTop < NEAR_PX;
  }

  get isFirstShown() {
    return this.#first === 0;
  }

  toEnd() {
    if (this.#anchor !== null) {
      this.#anchor = null;
      this.#draw();
    }
    this.#staysAtEnd = true;
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** The first message that is new, near the top; false if it is not on the screen. */
  toMark() {
    const mark = this.#shown.find((row) => row.message && row.message.id === this.#markId);
    if (!mark) return false;
    this.#scroll.scrollTop += mark.el.getBoundingClientRect().top - this.#scroll.getBoundingClientRect().top - 40;
    this.#staysAtEnd = this.isAtEnd;
    return true;
  }

  busy(isBusy) {
    this.#log.ariaBusy = String(isBusy); // history is not news: nothing to read aloud
  }

  get #shown() {
    return [...this.#log.children].map((el) => el.row);
  }

  #find(id) {
    return this.#messages.find((message) => message.id === id);
  }

  #scrolled() {
    this.#staysAtEnd = this.isAtEnd;
    this.#fill();
  }

  /** Shows more where a person is about to look. */
  #fill() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    if (scrollTop < NEAR_PX && this.#first > 0) this.#move(-MOVE);
    else if (scrollHeight - scrollTop - clientHeight < NEAR_PX && this.#last < this.#messages.length) this.#move(MOVE);
  }

  #move(rows) {
    this.#keepView(() => {
      const first = Math.max(0, Math.min(this.#first + rows, this.#messages.length - ROWS_MAX));
      this.#anchor = keyOf(this.#messages[first]);
      this.#draw();
    });
  }

  /** Changes something without moving what a person is looking at: the end, or the first row they see. */
  #keepView(change) {
    const atEnd = this.#staysAtEnd && this.#last >= 0;
    const top = this.#scroll.getBoundingClientRect().top;
    const offset = (row) => (row.bubble ?? row.el).getBoundingClientRect().top - top; // the line of a day above it may go
    const watched = atEnd ? undefined : this.#shown.find((row) => row.el.getBoundingClientRect().bottom > top);
    const before = watched && offset(watched);
    if (atEnd) this.#anchor = null;
    else if (this.#anchor === null && this.#messages.length > 0) this.#anchor = this.#firstKey;
    change();
    if (atEnd) this.#scroll.scrollTop = this.#scroll.scrollHeight;
    else if (watched?.el.isConnected) this.#scroll.scrollTop += offset(watched) - before;
  }

  get #firstKey() {
    return this.#shown.find((row) => row.message)?.key ?? null;
  }

  // Rows.

  #draw() {
    const { length } = this.#messages;
    const found = this.#anchor === null ? -1 : this.#messages.findIndex((message) => keyOf(message) === this.#anchor);
    this.#first = found >= 0 ? found : Math.max(0, length - ROWS_MAX);
    this.#last = Math.min(length, this.#first + ROWS_MAX);
    this.#tools.settle(() => this.#drawRows(this.#items()));
  }

  /** The messages of the stretch, and between them what tools did meanwhile. */
  #items() {
    const messages = this.#messages.slice(this.#first, this.#last);
    const from = messages[0]?.seq ?? 0;
    const to = this.#last === this.#messages.length ? Infinity : messages.at(-1).seq;
    const steps = this.#steps.filter(({ seq }) => seq > from && seq < to);
    const items = [];
    for (const message of messages) {
      while (steps.length && steps[0].seq < (message.seq ?? Infinity)) items.push(stepItem(steps.shift()));
      items.push({ key: keyOf(message), message });
    }
    return [...items, ...steps.map(stepItem)];
  }

  #drawRows(items) {
    const kept = new Map(items.map(({ key }) => [key, this.#rows.get(key) ?? new Row(key, this.#around)]));
    for (const [key, row] of this.#rows) if (kept.get(key) !== row) row.el.remove();
    this.#rows = kept;
    let last = null;
    let before = null;
    for (const item of items) {
      const row = kept.get(item.key);
      row.show(item, before, this.#markId !== null && item.message?.id === this.#markId);
      const next = last ? last.nextElementSibling : this.#log.firstElementChild;
      if (next !== row.el) this.#log.insertBefore(row.el, next);
      last = row.el;
      before = item.message ?? before;
    }
    this.#drawReceipt();
  }

  /** Under our newest message: who has read it. */
  #drawReceipt() {
    const last = this.lastOfMine;
    if (this.#receipt !== last) this.#receipt?.seenBy([]);
    this.#receipt = last;
    const { me, people } = this.#around;
    const readers = Object.entries(this.#reads).filter(([user, id]) => user !== me && id >= last?.message.id);
    last?.seenBy(readers.map(([user]) => people.name(user)));
  }

  /** The list is one stop for the Tab key; arrows move inside it, and a focused row shows its buttons. */
  #keys(event) {
    if (event.target.matches("textarea")) return;
    const rows = [...this.#log.children];
    const focused = rows.indexOf(document.activeElement?.closest(".row"));
    const at = focused < 0 ? rows.length : focused;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= rows.length) this.#around.does.write();
    else rows[Math.max(0, to)]?.focus();
  }
}

function stepItem(step) {
  return { key: `step ${step.runId} ${step.toolCallId}`, step };
}

/** The same before and after the room has numbered a message. */
function keyOf(message) {
  return message.clientMessageId ? `${message.userId} ${message.clientMessageId}` : message.id;
}
