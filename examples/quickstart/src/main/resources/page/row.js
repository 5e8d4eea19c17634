// One row of a timeline, a message or a step of an agent's tool. It is drawn again when there is another object for it. All
// text goes in as textContent.

import { button, div, element, grow, words } from "./elements.js";

const GROUP_MS = 5 * 60_000;
const STATUS = { pending: "Sending", sent: "Sent", delivered: "Delivered", read: "Read", failed: "Not sent" };
const TICKS = { pending: "◷", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "!" };
const REF_CHARS = 60;
const JSON_CHARS = 2_000;

export class Row {
  el = element("li", "row");
  item = null; // what it shows: { key, message } or { key, step }

  #around; // { me, people, does, parentOf(message) }
  #editor;
  #day = div("day");
  #mark = div("mark");
  #isMarked = false;
  #before;

  constructor(key, around) {
    this.key = key;
    this.#around = around;
    this.el.row = this;
    this.el.tabIndex = -1;
    this.#mark.textContent = "New messages";
  }

  get message() {
    return this.item.message;
  }

  get isOwn() {
    return this.message?.userId === this.#around.me;
  }

  /** Whether it has a number and is still there, so that something can be done with it. */
  get isAlive() {
    return Boolean(this.message && this.message.id !== null && !this.message.deletedAt && !this.#editor);
  }

  get bubble() {
    return this.el.querySelector(".bubble");
  }

  /** Shows this behind that; marked, it is the first that has not been read. True if it was drawn anew. */
  show(item, before, isMarked) {
    const isNew = this.item?.message !== item.message || this.item?.step !== item.step;
    this.item = item;
    if (isNew) this.#draw();
    if (isNew || this.#before !== before || this.#isMarked !== isMarked) this.#place(before, isMarked);
    return isNew;
  }

  seenBy(names) {
    if (this.message.status === "pending" || this.message.status === "failed") return;
    const foot = this.el.querySelector(".foot");
    if (names.length === 0) foot.textContent = "";
    else foot.textContent = names.length < 4 ? `Seen by ${names.join(", ")}` : `Seen by ${names.length}`;
  }

  edit() {
    const { message } = this;
    const input = element("textarea");
    input.value = message.content;
    input.maxLength = 4000;
    input.rows = 1;
    input.ariaLabel = "Edit message";
    const end = () => {
      this.#editor = undefined;
      this.#redraw();
      this.#around.does.write();
    };
    const save = () => {
      const content = input.value.trim();
      end();
      if (content && content !== message.content) this.#around.does.edit(message, content);
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
    this.#editor = div("editor");
    this.#editor.append(input, buttons);
    this.#redraw();
    grow(input);
    input.addEventListener("input", () => grow(input));
    input.focus();
  }

  #redraw() {
    this.#draw();
    this.#place(this.#before, this.#isMarked);
  }

  #draw() {
    if (this.item.step) this.#drawStep();
    else this.#drawMessage();
  }

  #drawMessage() {
    const { message } = this;
    const own = this.isOwn;
    const isForMe = !own && message.mentions.includes(this.#around.me);
    const kinds = {
      own,
      deleted: message.deletedAt,
      failed: message.status === "failed",
      sending: message.status === "pending",
      "for-me": isForMe,
      streaming: message.streaming,
    };
    this.el.className = "row";
    for (const [kind, is] of Object.entries(kinds)) this.el.classList.toggle(kind, Boolean(is));
    const body = div("body");
    body.append(this.#head(), this.#bubble(), this.#badges(), this.#foot());
    this.el.replaceChildren(this.#mark, this.#day, own ? "" : this.#around.people.avatar(message.userId), body);
  }

  #head() {
    const { message } = this;
    const head = div("head");
    const author = element("strong");
    author.textContent = this.isOwn ? "You" : this.#around.people.name(message.userId);
    const time = element("time");
    time.dateTime = message.createdAt;
    time.textContent = clock(message.createdAt);
    head.append(author, " ", time);
    return head;
  }

  /** What it answers, if it is not shown in that thread. */
  #ref() {
    const { message } = this;
    if (message.parentId === null || !this.#around.does.open) return "";
    const parent = this.#around.parentOf(message);
    const text = parent ? `${this.#around.people.name(parent.userId)}: ${parent.content}` : "an earlier message";
    const ref = button(`↳ ${text.length > REF_CHARS ? `${text.slice(0, REF_CHARS)}…` : text}`, "ref", () =>
      this.#around.does.open(message.parentId),
    );
    ref.ariaLabel = `In answer to ${text.slice(0, REF_CHARS)}. Open the thread`;
    return ref;
  }

  #bubble() {
    const { message } = this;
    const bubble = div("bubble");
    bubble.title = new Date(message.createdAt).toLocaleString();
    if (this.#editor) {
      bubble.append(this.#editor);
      return bubble;
    }
    const text = element("p");
    if (message.deletedAt) text.textContent = "This message was deleted";
    else text.append(...words(message, this.#around.people));
    bubble.append(this.#ref(), text);
    if (message.deletedAt) return bubble;
    for (const attachment of message.attachments) bubble.append(attached(attachment));
    const meta = div("meta");
    if (message.editedAt) meta.append("edited ");
    if (this.isOwn) meta.append(tick(message.status));
    bubble.append(meta);
    return bubble;
  }

  #badges() {
    const { message } = this;
    const badges = div("badges");
    for (const [emoji, { count, mine }] of Object.entries(message.reactions)) {
      const badge = button("", "badge", () => this.#around.does.react(message, emoji));
      const face = element("span");
      face.textContent = emoji;
      badge.append(face, ` ${count}`);
      badge.ariaPressed = String(mine);
      badge.ariaLabel = `${emoji}, ${count}${mine ? ", also yours" : ""}`;
      badges.append(badge);
    }
    if (message.replyCount > 0 && this.#around.does.open) {
      const count = message.replyCount === 1 ? "1 answer" : `${message.replyCount} answers`;
      badges.append(button(count, "badge answers", () => this.#around.does.open(message.id)));
    }
    return badges;
  }

  #foot() {
    const { message } = this;
    const foot = div("foot");
    if (message.status === "pending") foot.textContent = "Sending…";
    if (message.status !== "failed") return foot;
    const reason = element("span");
    reason.textContent = `Not sent: ${message.error}`;
    const retry = button("Retry", "quiet", () => this.#around.does.retry(message));
    const discard = button("Discard", "quiet", () => this.#around.does.discard(message));
    foot.append(reason, retry, discard);
    return foot;
  }

  #drawStep() {
    const { agentId, name, arguments: asked, result, error } = this.item.step;
    const isOver = result !== undefined || error !== undefined;
    this.el.className = "row step";
    const details = element("details");
    const summary = element("summary");
    const tool = element("code");
    tool.textContent = name;
    const outcome = error !== undefined ? " failed" : isOver ? " ✓" : " …";
    summary.append(`${this.#around.people.name(agentId)} used `, tool, outcome);
    details.append(summary);
    if (asked !== undefined) details.append(json("asked", asked)); // else nobody told
    if (result !== undefined) details.append(json("answered", result));
    if (error !== undefined) details.append(json("failed", error));
    details.open = this.el.querySelector("details")?.open ?? false;
    this.el.replaceChildren(this.#mark, this.#day, details);
  }

  /** By the same author soon after another, it has no head of its own; the first of a day tells the day. */
  #place(before, isMarked) {
    this.#before = before;
    this.#isMarked = isMarked;
    this.#mark.hidden = !isMarked;
    const { message } = this;
    const day = message && dayOf(message.createdAt);
    const newDay = message && (!before || dayOf(before.createdAt) !== day);
    const near = message && before && new Date(message.createdAt) - new Date(before.createdAt) < GROUP_MS;
    const same = near && before.userId === message.userId && message.parentId === null && !isMarked;
    this.el.classList.toggle("grouped", Boolean(!newDay && same));
    this.#day.textContent = newDay ? day : "";
  }
}

function tick(status) {
  const mark = element("span", `tick ${status}`);
  mark.textContent = TICKS[status];
  mark.title = STATUS[status];
  mark.role = "img";
  mark.ariaLabel = STATUS[status];
  return mark;
}

/** A link, if it leads where a link may. */
function attached({ name, url }) {
  const link = element("a", "attachment");
  link.textContent = `📎 ${name}`;
  const target = URL.canParse(url, location.href) ? new URL(url, location.href) : null;
  if (!target || !["http:", "https:"].includes(target.protocol)) return link;
  link.href = target.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function json(label, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 1);
  const shown = element("pre");
  shown.textContent = `${label} ${text.length > JSON_CHARS ? `${text.slice(0, JSON_CHARS)}…` : text}`;
  return shown;
}

function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function dayOf(iso) {
  const date = new Date(iso);
  if (date.toDateString() === new Date().toDateString()) return "Today";
  return date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}
