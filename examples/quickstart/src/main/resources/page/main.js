// Puts the page together: the store of the room goes to the timeline and the people, what is written goes to the store.

import { FluxyClient } from "/fluxy/fluxy.js";
import { People } from "./people.js";
import { Timeline } from "./timeline.js";

const NAME = "fluxy.name"; // of this tab: another tab may be someone else
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
    const { userId, roomId } = await session(name);
    const client = new FluxyClient({
      token: async () => (await session(name)).token,
      presence: { name },
      environment: { storage: sessionStorage },
    });
    const room = client.room(roomId);
    const chat = new Chat(room, userId, name);
    await room.open();
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
  #me;
  #people;
  #timeline;
  #newestSeen = 0;
  #unread = 0;
  #connection;
  #countdown;
  #toastTimer;

  constructor(room, userId, name) {
    this.#room = room;
    this.#me = userId;
    this.#people = new People(userId, name);
    this.#timeline = new Timeline(userId, this.#people, {
      edit: (message, content) => this.#ask("Not changed", () => room.edit(message.id, content)),
      remove: (message) => this.#ask("Not deleted", () => room.delete(message.id)),
      react: (message, emoji) => this.#ask("No reaction", () => room.react(message.id, emoji)),
      retry: (message) => room.retry(message.clientMessageId),
      discard: (message) => room.discard(message.clientMessageId),
    });
    at("me").replaceChildren(this.#people.avatar(userId), name);
  }

  start() {
    at("composer").addEventListener("submit", (event) => this.#submit(event));
    at("draft").addEventListener("keydown", (event) => this.#key(event));
    at("draft").addEventListener("input", () => this.#typed());
    at("scroll").addEventListener("scroll", () => this.#scrolled());
    at("newer").addEventListener("click", () => this.#timeline.toEnd());
    at("retry").addEventListener("click", () => this.#room.retryNow());
    at("leave").addEventListener("click", () => this.#leave());
    document.addEventListener("visibilitychange", () => this.#look());
    this.#room.subscribe(() => this.#show(this.#room.state));
    this.#show(this.#room.state);
    at("draft").focus();
  }

  // Hearing.

  #show(state) {
    const { messages, reads, present, typing, connectionState, hasMore, isLoading } = state;
    this.#people.show(present, typing);
    this.#timeline.busy(isLoading || connectionState.status !== "online");
    this.#timeline.keepView(() => {
      this.#timeline.show(messages, reads);
      at("beginning").hidden = hasMore || connectionState.status === "connecting";
    });
    if (connectionState !== this.#connection) this.#showConnection(connectionState);
    this.#count(messages);
    this.#look();
    this.#scrolled();
  }

  #count(messages) {
    const newer = messages.filter(({ id }) => id > this.#newestSeen);
    if (this.#newestSeen > 0) this.#unread += newer.filter(({ userId }) => userId !== this.#me).length;
    this.#newestSeen = newer.at(-1)?.id ?? this.#newestSeen;
  }

  /** Reads on above what is shown, before it runs out. */
  #scrolled() {
    const { hasMore, isLoading, connectionState } = this.#room.state;
    this.#look();
    if (at("scroll").scrollTop > 300 || !hasMore || isLoading || connectionState.status !== "online") return;
    this.#room.loadMore().catch(() => {}); // the next look tries again
  }

  /** Tells what has been seen, and what has not. */
  #look() {
    const { isAtEnd } = this.#timeline;
    if (isAtEnd && !document.hidden) {
      this.#unread = 0;
      this.#room.markRead();
    }
    at("newer").hidden = isAtEnd;
    at("newer").textContent = this.#unread > 0 ? `${this.#unread} new ↓` : "Newest ↓";
    document.title = (this.#unread > 0 ? `(${this.#unread}) ` : "") + "Lobby · Fluxy";
  }

  #showConnection(connection) {
    const { status, transport, nextRetryAt, error } = connection;
    this.#connection = connection;
    clearInterval(this.#countdown);
    const texts = {
      online: transport === "websocket" ? "Connected" : "Connected, slowly",
      connecting: "Connecting…",
      reconnecting: "Connecting…",
      refused: `Not here: ${error}`,
    };
    const show = () => {
      const seconds = Math.max(0, Math.ceil((nextRetryAt - Date.now()) / 1000));
      at("state").textContent = texts[status] ?? `Offline · retrying in ${seconds} s`;
    };
    at("app").dataset.state = status;
    at("app").dataset.transport = transport ?? "";
    at("state").dataset.state = status;
    at("state").ariaLive = status === "waiting" ? "off" : "polite"; // or every second is read aloud
    at("retry").hidden = status !== "waiting" && status !== "refused";
    show();
    if (status === "waiting") this.#countdown = setInterval(show, 500);
  }

  // Speaking.

  #submit(event) {
    event.preventDefault();
    const content = at("draft").value.trim();
    if (!content) return;
    at("draft").value = "";
    this.#grow();
    this.#ask("Not sent", () => this.#room.send(content));
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
    this.#grow();
    if (at("draft").value !== "") this.#room.typing();
  }

  #grow() {
    const draft = at("draft");
    draft.style.setProperty("height", "auto");
    draft.style.setProperty("height", `${Math.min(draft.scrollHeight + 2, 160)}px`);
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
