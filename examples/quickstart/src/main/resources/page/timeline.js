// The messages on the screen. Each has one row for as long as it is shown: first pending under its clientMessageId, then
// under the id that the room gave it. Ids rise inside a room, so they are the order. All text goes in as textContent.

const EMOJI = ["👍", "❤️", "😂", "🎉"];
const GROUP_MS = 5 * 60_000;
const SURE_MS = 3_000;

/** Asks does.edit, remove, react, retry, discard(row) for what a person wants done. */
export class Timeline {
  #me;
  #people;
  #does;
  #log = document.getElementById("log");
  #scroll = document.getElementById("scroll");
  #sent = []; // rows by id
  #pending = []; // rows in the order they were written
  #byId = new Map();
  #staysAtEnd = true;
  #seen = new Map(); // userId to the id of the last message they have read
  #receipt; // the row with the receipt
  #mine; // "id emoji" of the reactions that are ours: history only counts them

  constructor(me, people, does) {
    this.#me = me;
    this.#people = people;
    this.#does = does;
    this.#mine = new Set(JSON.parse(sessionStorage.getItem(this.#mineKey) ?? "[]"));
    this.#log.replaceChildren();
    this.#log.addEventListener("keydown", (event) => this.#keys(event));
    this.#scroll.addEventListener("scroll", () => (this.#staysAtEnd = this.isAtEnd));
    new ResizeObserver(() => this.#staysAtEnd && this.toEnd()).observe(this.#scroll);
  }

  // What happens in the room.

  /** A message, new or known; an older version of a known one changes nothing. */
  put(message) {
    const known = this.#byId.get(message.id) ?? this.#pendingFor(message);
    if (!known) {
      this.#insert(new Row(message));
    } else if (known.id === undefined) {
      this.#remove(known);
      this.#insert(Object.assign(known, message, { letter: undefined }));
    } else if (known.createdAt !== message.createdAt || message.version >= known.version) {
      Object.assign(known, message);
      this.#draw(known);
    }
  }

  /**
   * All messages from the first of these up to a bound are these: others that we show are gone. With none, nothing is left
   * below the bound.
   */
  putAll(messages, reactions, bound = Infinity) {
    const ids = new Set(messages.map((message) => message.id));
    const from = messages.length === 0 ? 0 : messages[0].id;
    for (const row of this.#sent.filter((r) => r.id >= from && r.id < bound && !ids.has(r.id))) {
      this.#remove(row);
    }
    for (const message of messages) {
      this.put(message);
      const row = this.#byId.get(message.id);
      row.reactions = new Map(Object.entries(reactions?.[message.id] ?? {}));
      this.#drawReactions(row);
    }
  }

  dropBefore(id) {
    for (const row of this.#sent.filter((r) => r.id < id)) this.#remove(row);
  }

  edited({ id, content, editedAt, version }) {
    const row = this.#byId.get(id);
    if (!row || (version !== undefined && version < row.version)) return;
    Object.assign(row, { content, editedAt, version: version ?? row.version });
    this.#draw(row);
  }

  deleted({ id, deletedAt, hard }) {
    const row = this.#byId.get(id);
    if (!row) return;
    if (hard) {
      this.#remove(row);
      return;
    }
    Object.assign(row, { content: "", deletedAt, version: Infinity, reactions: new Map() });
    this.#draw(row);
  }

  reacted({ messageId, userId, emoji, op }) {
    const row = this.#byId.get(messageId);
    if (!row) return;
    const count = (row.reactions.get(emoji) ?? 0) + (op === "add" ? 1 : -1);
    if (count > 0) row.reactions.set(emoji, count);
    else row.reactions.delete(emoji);
    if (userId === this.#me) this.ours(messageId, emoji, op);
    this.#drawReactions(row);
  }

  /** Remembers whether a reaction is there that is ours. */
  ours(messageId, emoji, op) {
    const key = `${messageId} ${emoji}`;
    if (op === "add") this.#mine.add(key);
    else this.#mine.delete(key);
    sessionStorage.setItem(this.#mineKey, JSON.stringify([...this.#mine].slice(-500)));
    const row = this.#byId.get(messageId);
    if (row) this.#drawReactions(row);
  }

  read({ userId, messageId }) {
    if (userId === this.#me || !(messageId > (this.#seen.get(userId) ?? 0))) return;
    this.#seen.set(userId, messageId);
    this.#drawReceipt();
  }

  // What we are sending.

  /** Shows a letter of the outbox, sending or failed. */
  letter(letter) {
    let row = this.#pending.find((r) => r.letter === letter);
    if (!row) {
      const { clientMessageId, content, writtenAt } = letter;
      row = new Row({ clientMessageId, content, createdAt: writtenAt, userId: this.#me, version: 0 });
      row.letter = letter;
      this.#insert(row);
    }
    this.#draw(row);
  }

  // What is on the screen.

  get oldest() {
    return this.#sent[0];
  }

  get newestId() {
    return this.#sent.at(-1)?.id;
  }

  get lastOfMine() {
    return this.#sent.findLast((row) => row.userId === this.#me && !row.deletedAt);
  }

  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** Changes something without moving what a person is looking at: the end, or the first row they see. */
  keepView(change) {
    const atEnd = this.isAtEnd;
    const top = this.#scroll.getBoundingClientRect().top;
    const offset = (row) => row.el.getBoundingClientRect().top - top;
    const watched = atEnd ? undefined : this.#sent.find((row) => offset(row) + row.el.offsetHeight > 0);
    const before = watched && offset(watched);
    change();
    if (atEnd) this.toEnd();
    else if (watched?.el.isConnected) this.#scroll.scrollTop += offset(watched) - before;
  }

  busy(isBusy) {
    this.#log.ariaBusy = String(isBusy); // history is not news: nothing to read aloud
  }

  beginEdit(row) {
    const input = document.createElement("textarea");
    input.value = row.content;
    input.maxLength = 4000;
    input.ariaLabel = "Edit message";
    const end = () => {
      row.editing = undefined;
      this.#draw(row);
      document.getElementById("draft").focus();
    };
    const save = () => {
      const content = input.value.trim();
      end();
      if (content && content !== row.content) this.#does.edit(row, content);
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") end();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        save();
      }
      event.stopPropagation();
    });
    const buttons = div("edit-buttons");
    buttons.append(button("Cancel", "quiet", end), button("Save", "primary small", save));
    row.editing = div("editor");
    row.editing.append(input, buttons);
    this.keepView(() => this.#draw(row));
    input.rows = Math.min(8, row.content.split("\n").length + Math.floor(row.content.length / 60));
    input.focus();
  }

  // Rows.

  get #mineKey() {
    return `fluxy.reactions.${this.#me}`;
  }

  #pendingFor(message) {
    if (message.userId !== this.#me || !message.clientMessageId) return undefined;
    return this.#pending.find((row) => row.clientMessageId === message.clientMessageId);
  }

  #insert(row) {
    let next;
    if (row.id === undefined) {
      this.#pending.push(row);
    } else {
      let at = this.#sent.length;
      while (at > 0 && this.#sent[at - 1].id > row.id) at--;
      next = this.#sent[at] ?? this.#pending[0];
      this.#sent.splice(at, 0, row);
      this.#byId.set(row.id, row);
    }
    this.#log.insertBefore(row.el, next?.el ?? null);
    row.el.row = row;
    this.#draw(row);
    this.#regroup(row.el.nextElementSibling?.row);
  }

  #remove(row) {
    const next = row.el.nextElementSibling?.row;
    this.#sent = this.#sent.filter((other) => other !== row);
    this.#pending = this.#pending.filter((other) => other !== row);
    this.#byId.delete(row.id);
    row.el.remove();
    this.#regroup(next);
    this.#drawReceipt();
  }

  #draw(row) {
    const own = row.userId === this.#me;
    row.el.className = "row";
    row.el.classList.toggle("own", own);
    row.el.classList.toggle("deleted", Boolean(row.deletedAt));
    row.el.classList.toggle("failed", row.letter?.state === "failed");
    row.el.classList.toggle("sending", row.letter?.state === "sending");
    row.el.tabIndex = -1;

    row.day = div("day");
    row.head = div("head");
    const author = document.createElement("strong");
    author.textContent = own ? "You" : this.#people.name(row.userId);
    const time = document.createElement("time");
    time.dateTime = row.createdAt;
    time.textContent = clock(row.createdAt);
    row.head.append(author, " ", time);

    const bubble = div("bubble");
    bubble.title = new Date(row.createdAt).toLocaleString();
    if (row.editing) {
      bubble.append(row.editing);
    } else {
      const text = document.createElement("p");
      text.textContent = row.deletedAt ? "This message was deleted" : row.content;
      bubble.append(text);
      if (row.editedAt && !row.deletedAt) bubble.append(note("edited"));
    }
    if (row.id !== undefined && !row.deletedAt && !row.editing) bubble.append(this.#tools(row, own));

    row.badges = div("badges");
    row.foot = div("foot");
    const body = div("body");
    body.append(row.head, bubble, row.badges, row.foot);
    row.el.replaceChildren(row.day, own ? "" : this.#people.avatar(row.userId), body);
    this.#drawReactions(row);
    this.#drawFoot(row);
    this.#regroup(row);
    this.#drawReceipt();
  }

  #tools(row, own) {
    const tools = div("tools");
    tools.role = "toolbar";
    tools.ariaLabel = "Message actions";
    for (const emoji of EMOJI) {
      const react = button(emoji, "tool", () => this.#toggle(row, emoji));
      react.ariaLabel = `React with ${emoji}`;
      tools.append(react);
    }
    if (own) {
      const remove = button("Delete", "tool", () => {
        if (remove.textContent === "Delete") {
          remove.textContent = "Really?";
          setTimeout(() => (remove.textContent = "Delete"), SURE_MS);
        } else {
          this.#does.remove(row);
        }
      });
      tools.append(button("Edit", "tool", () => this.beginEdit(row)), remove);
    }
    return tools;
  }

  #toggle(row, emoji) {
    const isOurs = row.reactions.has(emoji) && this.#mine.has(`${row.id} ${emoji}`);
    this.#does.react(row, emoji, isOurs ? "remove" : "add");
  }

  #drawReactions(row) {
    const badges = [...row.reactions].map(([emoji, count]) => {
      const badge = button("", "badge", () => this.#toggle(row, emoji));
      const face = document.createElement("span");
      face.textContent = emoji;
      badge.append(face, ` ${count}`);
      badge.ariaPressed = String(this.#mine.has(`${row.id} ${emoji}`));
      badge.ariaLabel = `${emoji}, ${count}`;
      return badge;
    });
    row.badges.replaceChildren(...badges);
  }

  #drawFoot(row) {
    const { letter } = row;
    if (letter?.state === "sending") row.foot.textContent = "Sending…";
    if (letter?.state !== "failed") return;
    const reason = document.createElement("span");
    reason.textContent = `Not sent: ${letter.problem}`;
    const retry = button("Retry", "quiet", () => this.#does.retry(letter));
    const discard = button("Discard", "quiet", () => {
      this.#remove(row);
      this.#does.discard(letter);
    });
    row.foot.append(reason, retry, discard);
  }

  /** Under our newest message: that it is stored, and who has read it. */
  #drawReceipt() {
    const last = this.lastOfMine;
    if (this.#receipt && this.#receipt !== last) this.#receipt.foot.textContent = "";
    this.#receipt = last;
    if (!last) return;
    const readers = [...this.#seen].filter(([, id]) => id >= last.id).map(([user]) => user);
    const names = readers.map((user) => this.#people.name(user));
    last.foot.textContent =
      names.length === 0 ? "✓ Sent" : names.length < 4 ? `✓ Seen by ${names.join(", ")}` : `✓ Seen by ${names.length}`;
  }

  /** A row by the same author soon after another has no head of its own; the first of a day tells the day. */
  #regroup(row) {
    if (!row) return;
    const before = row.el.previousElementSibling?.row;
    const day = dayOf(row.createdAt);
    const newDay = !before || dayOf(before.createdAt) !== day;
    const near = before && new Date(row.createdAt) - new Date(before.createdAt) < GROUP_MS;
    row.el.classList.toggle("grouped", !newDay && near && before.userId === row.userId);
    row.day.textContent = newDay ? day : "";
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
    if (rows[to]) rows[to].focus();
    else if (to >= rows.length) document.getElementById("draft").focus();
  }
}

class Row {
  el = document.createElement("li");
  reactions = new Map();

  constructor(message) {
    Object.assign(this, message);
  }
}

function div(className) {
  const element = document.createElement("div");
  element.className = className;
  return element;
}

function note(text) {
  const element = document.createElement("small");
  element.textContent = text;
  return element;
}

function button(text, className, onclick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = text;
  element.addEventListener("click", onclick);
  return element;
}

function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function dayOf(iso) {
  const date = new Date(iso);
  if (date.toDateString() === new Date().toDateString()) return "Today";
  return date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}
