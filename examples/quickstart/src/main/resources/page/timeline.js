// The messages on the screen. Each has one row for as long as it is shown, whether the room has numbered it yet or not; a
// row is drawn again when the store gives another object for its message. All text goes in as textContent.

const EMOJI = ["👍", "❤️", "😂", "🎉"];
const GROUP_MS = 5 * 60_000;
const SURE_MS = 3_000;

/** Asks does.edit, remove, react, retry, discard(message) for what a person wants done. */
export class Timeline {
  #me;
  #people;
  #does;
  #log = document.getElementById("log");
  #scroll = document.getElementById("scroll");
  #rows = []; // in the order of their messages
  #staysAtEnd = true;
  #reads = {};
  #receipt; // the row with the receipt

  constructor(me, people, does) {
    this.#me = me;
    this.#people = people;
    this.#does = does;
    this.#log.replaceChildren();
    this.#log.addEventListener("keydown", (event) => this.#keys(event));
    this.#scroll.addEventListener("scroll", () => (this.#staysAtEnd = this.isAtEnd));
    new ResizeObserver(() => this.#staysAtEnd && this.toEnd()).observe(this.#scroll);
  }

  /** These are the messages, oldest first, and how far each user has read. */
  show(messages, reads) {
    this.#reads = reads;
    const before = new Map(this.#rows.map((row) => [row.key, row]));
    this.#rows = messages.map((message) => before.get(keyOf(message)) ?? new Row(message));
    const kept = new Set(this.#rows);
    const gone = [...before.values()].filter((row) => !kept.has(row));
    for (const row of gone) row.el.remove();
    let last = null;
    let wasNew = gone.length > 0; // a row looks different behind another one
    this.#rows.forEach((row, i) => {
      const isMoved = !row.el.isConnected || row.el.previousElementSibling !== last;
      if (isMoved) this.#log.insertBefore(row.el, last ? last.nextElementSibling : this.#log.firstChild);
      const isNew = !row.day || row.message !== messages[i];
      if (isNew) this.#draw(Object.assign(row, { message: messages[i] }));
      else if (isMoved || wasNew) this.#regroup(row);
      wasNew = isNew || isMoved || gone.length > 0;
      last = row.el;
    });
    this.#drawReceipt();
  }

  // What is on the screen.

  get lastOfMine() {
    return this.#rows.findLast(({ message }) => message.id !== null && message.userId === this.#me && !message.deletedAt);
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
    const watched = atEnd ? undefined : this.#rows.find((row) => offset(row) + row.el.offsetHeight > 0);
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
    input.value = row.message.content;
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
      if (content && content !== row.message.content) this.#does.edit(row.message, content);
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
    input.rows = Math.min(8, input.value.split("\n").length + Math.floor(input.value.length / 60));
    input.focus();
  }

  // Rows.

  #draw(row) {
    const { message } = row;
    const own = message.userId === this.#me;
    row.el.className = "row";
    row.el.classList.toggle("own", own);
    row.el.classList.toggle("deleted", Boolean(message.deletedAt));
    row.el.classList.toggle("failed", message.status === "failed");
    row.el.classList.toggle("sending", message.status === "pending");
    row.el.row = row;
    row.el.tabIndex = -1;

    row.day = div("day");
    row.head = div("head");
    const author = document.createElement("strong");
    author.textContent = own ? "You" : this.#people.name(message.userId);
    const time = document.createElement("time");
    time.dateTime = message.createdAt;
    time.textContent = clock(message.createdAt);
    row.head.append(author, " ", time);

    const bubble = div("bubble");
    bubble.title = new Date(message.createdAt).toLocaleString();
    if (row.editing) {
      bubble.append(row.editing);
    } else {
      const text = document.createElement("p");
      text.textContent = message.deletedAt ? "This message was deleted" : message.content;
      bubble.append(text);
      if (message.editedAt && !message.deletedAt) bubble.append(note("edited"));
    }
    if (message.id !== null && !message.deletedAt && !row.editing) bubble.append(this.#tools(row, own));

    row.badges = div("badges");
    row.foot = div("foot");
    const body = div("body");
    body.append(row.head, bubble, row.badges, row.foot);
    row.el.replaceChildren(row.day, own ? "" : this.#people.avatar(message.userId), body);
    this.#drawReactions(row);
    this.#drawFoot(row);
    this.#regroup(row);
    if (row === this.#receipt) this.#drawReceipt();
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
          this.#does.remove(row.message);
        }
      });
      tools.append(button("Edit", "tool", () => this.beginEdit(row)), remove);
    }
    return tools;
  }

  #toggle(row, emoji) {
    this.#does.react(row.message, emoji);
  }

  #drawReactions(row) {
    const badges = Object.entries(row.message.reactions).map(([emoji, { count, mine }]) => {
      const badge = button("", "badge", () => this.#toggle(row, emoji));
      const face = document.createElement("span");
      face.textContent = emoji;
      badge.append(face, ` ${count}`);
      badge.ariaPressed = String(mine);
      badge.ariaLabel = `${emoji}, ${count}`;
      return badge;
    });
    row.badges.replaceChildren(...badges);
  }

  #drawFoot(row) {
    const { message } = row;
    if (message.status === "pending") row.foot.textContent = "Sending…";
    if (message.status !== "failed") return;
    const reason = document.createElement("span");
    reason.textContent = `Not sent: ${message.error}`;
    const retry = button("Retry", "quiet", () => this.#does.retry(message));
    const discard = button("Discard", "quiet", () => this.#does.discard(message));
    row.foot.append(reason, retry, discard);
  }

  /** Under our newest message: that it is stored, and who has read it. */
  #drawReceipt() {
    const last = this.lastOfMine;
    if (this.#receipt && this.#receipt !== last && this.#receipt.message.id !== null) this.#receipt.foot.textContent = "";
    this.#receipt = last;
    if (!last) return;
    const readers = Object.entries(this.#reads).filter(([user, id]) => user !== this.#me && id >= last.message.id);
    const names = readers.map(([user]) => this.#people.name(user));
    last.foot.textContent =
      names.length === 0 ? "✓ Sent" : names.length < 4 ? `✓ Seen by ${names.join(", ")}` : `✓ Seen by ${names.length}`;
  }

  /** A row by the same author soon after another has no head of its own; the first of a day tells the day. */
  #regroup(row) {
    const { message } = row;
    const before = row.el.previousElementSibling?.row.message;
    const day = dayOf(message.createdAt);
    const newDay = !before || dayOf(before.createdAt) !== day;
    const near = before && new Date(message.createdAt) - new Date(before.createdAt) < GROUP_MS;
    row.el.classList.toggle("grouped", Boolean(!newDay && near && before.userId === message.userId));
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

  constructor(message) {
    this.key = keyOf(message);
    this.message = message;
  }
}

/** The same before and after the room has numbered a message. */
function keyOf(message) {
  return message.clientMessageId ? `${message.userId} ${message.clientMessageId}` : message.id;
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
