// Puts the page together: the store of the room goes to the timeline and the people, what is written goes to the store.

import { FluxyClient } from "/fluxy/fluxy.js";
import { Banner } from "./banner.js";
import { grow } from "./elements.js";
import { Panel } from "./panel.js";
import { People } from "./people.js";
import { Timeline } from "./timeline.js";

const NAME = "fluxy.name"; // of this tab: another tab may be someone else
const TOAST_MS = 6_000;
const REST_MS = 2_000;
const at = (id) => document.getElementById(id);

function welcome(name, error) {
  at("welcome").hidden = false;
  at("name").value = name ?? "";
  at("join-error").textContent = error ? `That did not work: ${error.message}` : "";
  at("name").focus();
}

async function enter(name) {
  try {
    const { userId, roomId } = await session(name);
    const client = new FluxyClient({
      token: async () => (await session(name)).token,
      presence: { name },
      environment: { storage: sessionStorage },
    });
    const room = client.room(roomId);
    const chat = new Chat(room, userId, name);
    await room.open();
    await chat.begin();
    sessionStorage.setItem(NAME, name);
    at("welcome").hidden = true;
    at("app").hidden = false;
    chat.start();
  } catch (error) {
    welcome(name, error);
  }
}

/** The one route that is this example's own: who is signed in here, and a token for them. */
async function session(name) {
  const body = JSON.stringify({ name });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/quickstart/session", { method: "POST", headers, body }).catch(() => null);
  if (!answer) throw new Error("no answer from the server");
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? `HTTP ${answer.status}`);
  return said;
}

class Chat {
  #room;
  #people;
  #timeline;
  #panel;
  #banner;
  #newestSeen = 0;
  #rest = null; // until when no older messages are asked for
  #unread = 0;
  #markId = null; // the first message that was not seen when it came
  #sawAll = true; // up to the newest
  #toastTimer;
  #called; // the room

  constructor(room, userId, name) {
    this.#room = room;
    this.#people = new People(userId, name);
    const does = {
      edit: (message, content) => this.#ask("Not changed", () => room.edit(message.id, content)),
      remove: (message) => this.#ask("Not deleted", () => room.delete(message.id)),
      react: (message, emoji) => this.#ask("No reaction", () => room.react(message.id, emoji, !message.reactions[emoji]?.mine)),
      retry: (message) => room.retry(message.clientMessageId),
      discard: (message) => room.discard(message.clientMessageId),
      open: (messageId) => this.#panel.open(room.openThread(messageId)),
      write: () => at("draft").focus(),
    };
    this.#timeline = new Timeline(at("log"), at("scroll"), userId, this.#people, does);
    const inThread = { ...does, home: does.write, ask: (otherwise, question) => this.#ask(otherwise, question) };
    this.#panel = new Panel(this.#people, inThread);
    this.#banner = new Banner(() => room.retryNow());
    at("me").replaceChildren(this.#people.avatar(userId), name);
  }

  start() {
    at("composer").addEventListener("submit", (event) => this.#submit(event));
    at("draft").addEventListener("keydown", (event) => this.#key(event));
    at("draft").addEventListener("input", () => this.#typed());
    at("scroll").addEventListener("scroll", () => this.#scrolled());
    at("newer").addEventListener("click", () => this.#timeline.toEnd());
    at("leave").addEventListener("click", () => this.#leave());
    document.addEventListener("visibilitychange", () => this.#look());
    this.#room.subscribe(() => this.#show(this.#room.state));
    this.#show(this.#room.state);
    at("draft").focus();
  }

  /** Where the user had read to before this visit; asked before anything is told as read. */
  async begin() {
    const read = await this.#room.unread().catch(() => ({ lastReadMessageId: null })); // a line less, no more
    if (read.lastReadMessageId !== null) this.#markId = read.firstUnreadMessageId;
  }

  // Hearing.

  #show(state) {
    const { messages, connectionState, hasMore, isLoading } = state;
    at("room").textContent = this.#called = state.name ?? state.roomId;
    this.#people.show(state);
    this.#banner.show(connectionState);
    this.#count(messages);
    this.#timeline.busy(isLoading || connectionState.status !== "online");
    this.#timeline.show(state, this.#markId);
    at("beginning").hidden = hasMore || connectionState.status === "connecting" || !this.#timeline.isFirstShown;
    this.#look();
    this.#scrolled();
  }

  /** What others have said since we last looked; the first that was not seen as it came gets the line above it. */
  #count(messages) {
    const isFirst = this.#newestSeen === 0;
    let firstNew = null;
    let newest = this.#newestSeen;
    for (let i = messages.length - 1; i >= 0; i--) {
      const { id, userId } = messages[i];
      if (id === null) continue;
      if (id <= this.#newestSeen) break;
      newest = Math.max(newest, id);
      if (isFirst || userId === this.#people.me) continue;
      this.#unread++;
      firstNew = id;
    }
    this.#newestSeen = newest;
    if (isFirst && this.#markId !== null && newest > 0) queueMicrotask(() => this.#timeline.toMark());
    const isSeen = !document.hidden && this.#timeline.isAtEnd;
    if (firstNew !== null && !isSeen && this.#sawAll) this.#markId = firstNew;
    if (firstNew !== null) this.#sawAll = isSeen;
  }

  /** Reads on above what is shown, before it runs out. */
  #scrolled() {
    const { hasMore, isLoading, connectionState } = this.#room.state;
    this.#look();
    if (!this.#timeline.isNearBeginning || !hasMore || isLoading || connectionState.status !== "online") return;
    if (!this.#rest) this.#room.loadMore().catch(() => this.#restAWhile());
  }

  /** A server that did not answer, or has had enough of us, is not asked again at once. */
  #restAWhile() {
    this.#rest ??= setTimeout(() => {
      this.#rest = null;
      this.#scrolled();
    }, REST_MS);
  }

  /** Tells what has been seen, and what has not. */
  #look() {
    const { isAtEnd } = this.#timeline;
    if (isAtEnd && !document.hidden) {
      this.#unread = 0;
      this.#sawAll = true;
      this.#room.markRead();
    }
    at("newer").hidden = isAtEnd;
    at("newer").textContent = this.#unread > 0 ? `${this.#unread} new ↓` : "Newest ↓";
    document.title = (this.#unread > 0 ? `(${this.#unread}) ` : "") + `${this.#called} · Fluxy`;
  }

  // Speaking.

  #submit(event) {
    event.preventDefault();
    const content = at("draft").value.trim();
    if (!content) return;
    at("draft").value = "";
    grow(at("draft"));
    this.#markId = null;
    this.#ask("Not sent", () => this.#room.send(content));
    this.#timeline.toEnd();
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      this.#submit(event);
    } else if (event.key === "ArrowUp" && at("draft").value === "") {
      event.preventDefault();
      this.#timeline.lastOfMine?.edit();
    }
  }

  #typed() {
    grow(at("draft"));
    if (at("draft").value !== "") this.#room.typing();
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
    this.#room.close();
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
