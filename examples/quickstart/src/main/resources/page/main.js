// Puts the page together: what is heard goes to the timeline and the people, what is written goes to the outbox.

import { Api } from "./api.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { People } from "./people.js";
import { Timeline } from "./timeline.js";

const NAME = "fluxy.name"; // of this tab: another tab may be someone else
const PAGE = 50;
const REFRESH_PAGES_MAX = 10;
const TYPING_EVERY_MS = 3_000;
const READ_EVERY_MS = 800;
const TOAST_MS = 6_000;
const at = (id) => document.getElementById(id);

function welcome(name, error) {
  at("welcome").hidden = false;
  at("name").value = name ?? "";
  at("join-error").textContent = error ? `That did not work: ${error.message}` : "";
  at("name").focus();
}

async function enter(name) {
  try {
    const api = new Api(name);
    await api.renew();
    sessionStorage.setItem(NAME, name);
    at("welcome").hidden = true;
    at("app").hidden = false;
    new Chat(api, name).start();
  } catch (error) {
    welcome(name, error);
  }
}

class Chat {
  #api;
  #people;
  #timeline;
  #line;
  #outbox;
  #edge; // the oldest message down from the newest without a gap; undefined if we have not heard any
  #reachedBeginning = false;
  #catchUps = 0;
  #isReading = false;
  #typedAt = 0;
  #stopTyping;
  #readId = 0;
  #readTimer;
  #unread = 0;
  #countdown;
  #toastTimer;

  constructor(api, name) {
    this.#api = api;
    this.#people = new People(api.userId, name);
    this.#timeline = new Timeline(api.userId, this.#people, {
      edit: (row, content) => this.#edit(row, content),
      remove: (row) => this.#remove(row),
      react: (row, emoji, op) => this.#react(row, emoji, op),
      retry: (letter) => this.#outbox.retry(letter),
      discard: (letter) => this.#outbox.discard(letter),
    });
    this.#line = new Line(api, {
      frame: (frame) => this.#heard(frame),
      state: (state, untilMs) => this.#showState(state, untilMs),
    });
    this.#outbox = new Outbox(api, this.#line, {
      state: (letter) => this.#timeline.keepView(() => this.#timeline.letter(letter)),
      sent: (message) => this.#put(message),
    });
    at("me").replaceChildren(this.#people.avatar(api.userId), name);
  }

  start() {
    at("composer").addEventListener("submit", (event) => this.#submit(event));
    at("draft").addEventListener("keydown", (event) => this.#key(event));
    at("draft").addEventListener("input", () => this.#typed());
    at("scroll").addEventListener("scroll", () => this.#scrolled());
    at("newer").addEventListener("click", () => this.#timeline.toEnd());
    at("retry").addEventListener("click", () => this.#line.retryNow());
    at("leave").addEventListener("click", () => this.#leave());
    document.addEventListener("visibilitychange", () => this.#look());
    this.#line.start();
    this.#outbox.restore();
    at("draft").focus();
  }

  // Hearing.

  #heard(frame) {
    const timeline = this.#timeline;
    switch (frame.type) {
      case "replay":
        this.#caughtUp(frame);
        break;
      case "message":
        this.#put(frame);
        break;
      case "edit":
        timeline.keepView(() => timeline.edited(frame));
        break;
      case "delete":
        timeline.keepView(() => timeline.deleted(frame));
        break;
      case "reaction":
        timeline.keepView(() => timeline.reacted(frame));
        break;
      case "read":
        timeline.read(frame);
        break;
      case "subscription_succeeded":
      case "presence":
        this.#people.present(frame.members);
        break;
      case "member_joined":
        this.#people.learn(frame.userId, frame.userInfo);
        break;
      case "member_left":
        this.#people.typing(frame.userId, false);
        break;
      case "typing":
        this.#people.typing(frame.userId, frame.isTyping);
        break;
      case "error":
        this.#outbox.refused(frame.clientMessageId, frame.message);
        break;
      default: // a frame of a later version, or one that says what another has said
    }
  }

  #put(message) {
    const isNew = !(message.id <= this.#timeline.newestId);
    this.#timeline.keepView(() => this.#timeline.put(message));
    if (message.userId === this.#api.userId) {
      this.#outbox.settle(message);
    } else if (isNew) {
      this.#people.typing(message.userId, false);
      this.#unread++;
    }
    this.#look();
  }

  /** The newest messages, on every connection. What is shown above them is then read again: it may have changed. */
  async #caughtUp({ messages, reactions }) {
    const timeline = this.#timeline;
    const turn = ++this.#catchUps;
    const shown = timeline.oldest?.id ?? Infinity;
    timeline.busy(true);
    timeline.keepView(() => timeline.putAll(messages, reactions));
    for (const message of messages) {
      if (message.userId === this.#api.userId) this.#outbox.settle(message);
    }
    this.#edge = messages[0];
    this.#showBeginning(messages.length === 0);
    for (let i = 0; i < REFRESH_PAGES_MAX && shown < this.#edge?.id; i++) {
      if (!(await this.#readOlder(turn, 2 * PAGE))) break;
    }
    if (turn === this.#catchUps && this.#edge) timeline.dropBefore(this.#edge.id);
    timeline.busy(false);
    this.#look();
    this.#scrolled();
  }

  /** Reads the page above the edge; false if there is none, or it can't be had now. */
  async #readOlder(turn, limit) {
    try {
      const { messages, reactions } = await this.#api.history(this.#edge.createdAt, limit);
      if (turn !== this.#catchUps) return false; // a reconnect has begun to read anew
      messages.reverse();
      this.#timeline.keepView(() => {
        this.#timeline.putAll(messages, reactions, this.#edge.id);
        this.#showBeginning(messages.length === 0);
      });
      this.#edge = messages[0] ?? this.#edge;
      return messages.length > 0;
    } catch {
      return false;
    }
  }

  #showBeginning(isReached) {
    this.#reachedBeginning = isReached;
    at("beginning").hidden = !isReached;
  }

  async #scrolled() {
    this.#look();
    if (at("scroll").scrollTop > 300 || this.#reachedBeginning || this.#isReading || !this.#edge) return;
    this.#isReading = true;
    this.#timeline.busy(true);
    const went = await this.#readOlder(this.#catchUps, PAGE);
    this.#timeline.busy(false);
    this.#isReading = false;
    if (went) this.#scrolled(); // a page may be too short to fill the screen
  }

  /** Tells what has been seen, and what has not. */
  #look() {
    const { isAtEnd, newestId } = this.#timeline;
    if (isAtEnd && !document.hidden) {
      this.#unread = 0;
      if (newestId > this.#readId) this.#readTimer ??= setTimeout(() => this.#read(), READ_EVERY_MS);
    }
    at("newer").hidden = isAtEnd;
    at("newer").textContent = this.#unread > 0 ? `${this.#unread} new ↓` : "Newest ↓";
    document.title = (this.#unread > 0 ? `(${this.#unread}) ` : "") + "Lobby · Fluxy";
  }

  #read() {
    this.#readTimer = undefined;
    const messageId = this.#timeline.newestId;
    if (this.#line.send({ type: "read", messageId })) this.#readId = messageId;
  }

  #showState(state, untilMs) {
    clearInterval(this.#countdown);
    const show = () => {
      const seconds = Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));
      at("state").textContent =
        { online: "Connected", connecting: "Connecting…" }[state] ?? `Offline · retrying in ${seconds} s`;
    };
    at("app").dataset.state = state;
    at("state").dataset.state = state;
    at("state").ariaLive = state === "waiting" ? "off" : "polite"; // or every second is read aloud
    at("retry").hidden = state !== "waiting";
    show();
    if (state === "waiting") this.#countdown = setInterval(show, 500);
    if (state === "online") this.#outbox.lineIsBack();
  }

  // Speaking.

  #submit(event) {
    event.preventDefault();
    const content = at("draft").value.trim();
    if (!content) return;
    at("draft").value = "";
    this.#typed();
    this.#outbox.post(content);
    this.#timeline.toEnd();
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      this.#submit(event);
    } else if (event.key === "ArrowUp" && at("draft").value === "") {
      const row = this.#timeline.lastOfMine;
      event.preventDefault();
      if (row) this.#timeline.beginEdit(row);
    }
  }

  #typed() {
    const draft = at("draft");
    draft.style.setProperty("height", "auto");
    draft.style.setProperty("height", `${Math.min(draft.scrollHeight + 2, 160)}px`);
    clearTimeout(this.#stopTyping);
    if (draft.value === "") {
      this.#notTyping();
      return;
    }
    if (Date.now() - this.#typedAt > TYPING_EVERY_MS) {
      this.#typedAt = Date.now();
      this.#line.send({ type: "typing", isTyping: true });
    }
    this.#stopTyping = setTimeout(() => this.#notTyping(), TYPING_EVERY_MS + 1_000);
  }

  #notTyping() {
    if (this.#typedAt > 0) this.#line.send({ type: "typing", isTyping: false });
    this.#typedAt = 0;
  }

  #edit(row, content) {
    this.#ask("Not changed", async () => {
      const { id, editedAt } = await this.#api.edit(row.id, content);
      this.#timeline.edited({ id, content, editedAt });
    });
  }

  #remove(row) {
    this.#ask("Not deleted", async () => {
      const { deletedAt } = await this.#api.remove(row.id);
      this.#timeline.deleted({ id: row.id, deletedAt });
    });
  }

  /** The count changes when the room says so; a reaction that was there already makes it say nothing. */
  #react(row, emoji, op) {
    this.#ask("No reaction", async () => {
      await this.#api.react(row.id, emoji, op);
      this.#timeline.ours(row.id, emoji, op);
    });
  }

  async #ask(otherwise, question) {
    try {
      await question();
    } catch (error) {
      at("toast").textContent = `${otherwise}: ${error.message}`;
      clearTimeout(this.#toastTimer);
      this.#toastTimer = setTimeout(() => (at("toast").textContent = ""), TOAST_MS);
    }
  }

  #leave() {
    this.#line.stop();
    sessionStorage.removeItem(NAME);
    location.reload();
  }
}

at("join").addEventListener("submit", (event) => {
  event.preventDefault();
  enter(at("name").value.trim());
});
const name = sessionStorage.getItem(NAME);
if (name) enter(name);
else welcome();
