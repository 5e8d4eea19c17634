// What has been written and is not yet known to be stored. A message keeps its clientMessageId through every attempt, so
// trying again can't double it; and it is kept in the tab, so reloading the page does not lose it.

const ECHO_MS = 8_000;

/** Calls shows.state(letter) when a letter's state changes, and shows.sent(message) once the server has it. */
export class Outbox {
  #api;
  #line;
  #shows;
  #storage;
  #letters = [];
  #busy = false;
  #echoes = new Map(); // clientMessageId to what to do when the socket says it

  constructor(api, line, shows) {
    this.#api = api;
    this.#line = line;
    this.#shows = shows;
    this.#storage = `fluxy.outbox.${api.userId}`;
  }

  /** Brings back what a reload interrupted. */
  restore() {
    for (const saved of JSON.parse(sessionStorage.getItem(this.#storage) ?? "[]")) this.#add(saved);
  }

  post(content) {
    const random = crypto.getRandomValues(new Uint8Array(12));
    const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.#add({ clientMessageId: `cmsg_${hex}`, content, writtenAt: new Date().toISOString() });
  }

  retry(letter) {
    this.#become(letter, "sending");
    this.#pump();
  }

  discard(letter) {
    this.#letters = this.#letters.filter((other) => other !== letter);
    this.#save();
  }

  /** The line is back: try what failed for want of it. */
  lineIsBack() {
    for (const letter of this.#letters) {
      if (letter.state === "failed" && letter.passing) this.#become(letter, "sending");
    }
    this.#pump();
  }

  /** The server has this message of ours, whoever told us: the answer, the socket or the history. */
  settle(message) {
    const letter = this.#letters.find((l) => l.clientMessageId === message.clientMessageId);
    if (letter) this.discard(letter);
    this.#echoes.get(message.clientMessageId)?.resolve(message);
  }

  /** The server has declined what we said by socket. */
  refused(clientMessageId, reason) {
    this.#echoes.get(clientMessageId)?.reject(new Error(reason));
  }

  #add(letter) {
    this.#letters.push(letter);
    this.#save();
    this.#become(letter, "sending");
    this.#pump();
  }

  /** One at a time, or two messages written in quick succession could swap places. */
  async #pump() {
    if (this.#busy) return;
    this.#busy = true;
    for (;;) {
      const letter = this.#letters.find((l) => l.state === "sending");
      if (!letter) break;
      await this.#deliver(letter);
    }
    this.#busy = false;
  }

  async #deliver(letter) {
    try {
      this.#shows.sent(await this.#attempt(letter));
    } catch (error) {
      letter.passing = error.passing === true;
      letter.problem = problem(error);
      if (this.#letters.includes(letter)) this.#become(letter, "failed");
    }
  }

  async #attempt(letter) {
    try {
      return await this.#api.send(letter.clientMessageId, letter.content);
    } catch (error) {
      if (!error.passing || !this.#line.isOnline) throw error;
      return this.#bySocket(letter, error);
    }
  }

  async #bySocket(letter, error) {
    const { clientMessageId, content } = letter;
    try {
      return await new Promise((resolve, reject) => {
        this.#echoes.set(clientMessageId, { resolve, reject });
        setTimeout(() => reject(error), ECHO_MS);
        if (!this.#line.send({ type: "message", clientMessageId, content })) reject(error);
      });
    } finally {
      this.#echoes.delete(clientMessageId);
    }
  }

  #become(letter, state) {
    letter.state = state;
    this.#shows.state(letter);
  }

  #save() {
    const letters = this.#letters.map(({ clientMessageId, content, writtenAt }) => ({
      clientMessageId,
      content,
      writtenAt,
    }));
    sessionStorage.setItem(this.#storage, JSON.stringify(letters));
  }
}

function problem(error) {
  if (error.status === 429) return `too many messages, wait ${error.retryAfterSeconds ?? 60} s`;
  return error.message;
}
