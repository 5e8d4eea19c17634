// The WebSocket: keeps it open, notices when it is dead, and comes back.

const PAUSES_S = [1, 2, 4, 8, 16, 20];
const PING_MS = 25_000;
const WELCOME_MS = 10_000;

/** Calls hears.frame(frame) for what arrives, and hears.state("connecting" | "online" | "waiting", untilMs). */
export class Line {
  #api;
  #hears;
  #socket = null;
  #failures = 0;
  #timer; // the next attempt, or the patience with this one
  #heartbeat;
  #stopped = false;

  constructor(api, hears) {
    this.#api = api;
    this.#hears = hears;
    addEventListener("online", () => this.retryNow());
  }

  /** Opens the first socket, with the token that the page already has. */
  start() {
    this.#open();
  }

  stop() {
    this.#stopped = true;
    this.#drop();
  }

  retryNow() {
    if (this.#socket || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#reconnect();
  }

  get isOnline() {
    return this.#socket?.welcomed === true;
  }

  /** Sends a frame; false if nobody is connected. */
  send(frame) {
    if (!this.isOnline || this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #reconnect() {
    this.#hears.state("connecting");
    try {
      await this.#api.renew(); // a refused handshake looks like a broken network, so come with a fresh token
      if (!this.#stopped && !this.#socket) this.#open();
    } catch {
      this.#pause();
    }
  }

  #open() {
    this.#hears.state("connecting");
    const socket = new WebSocket(this.#api.socketUrl());
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(), WELCOME_MS);
    socket.onmessage = (event) => this.#heard(JSON.parse(event.data));
    socket.onclose = () => this.#lost();
  }

  #heard(frame) {
    if (frame.type === "pong") {
      this.#socket.awaitsPong = false;
      return;
    }
    this.#hears.frame(frame);
    if (frame.type === "subscription_succeeded") this.#welcome();
  }

  #welcome() {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#socket.welcomed = true;
    this.#heartbeat = setInterval(() => this.#beat(), PING_MS);
    this.#hears.state("online");
  }

  #beat() {
    if (this.#socket.awaitsPong) {
      this.#lost(); // the line is dead, and a polite close would wait for it
      return;
    }
    this.#socket.awaitsPong = true;
    this.send({ type: "ping" });
  }

  #lost() {
    this.#drop();
    if (!this.#stopped) this.#pause();
  }

  #drop() {
    clearTimeout(this.#timer);
    clearInterval(this.#heartbeat);
    if (this.#socket) {
      this.#socket.onmessage = this.#socket.onclose = null;
      this.#socket.close(4000, "heartbeat_timeout");
      this.#socket = null;
    }
  }

  #pause() {
    const seconds = PAUSES_S[Math.min(this.#failures++, PAUSES_S.length - 1)];
    const ms = seconds * 1000 * (0.8 + 0.4 * Math.random()); // or all pages come back in the same instant
    this.#timer = setTimeout(() => this.#reconnect(), ms);
    this.#hears.state("waiting", Date.now() + ms);
  }
}
