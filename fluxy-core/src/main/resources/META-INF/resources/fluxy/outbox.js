// What has been written and is not yet known to be stored. A message keeps its clientMessageId through every attempt, so
// trying again can't double it; with a storage it also survives a reload.

import { RequestError } from "./http.js";

const LETTERS_MAX = 200;
const ECHO_MS = 8_000;
const PAUSE_MS = 2_000;

/** Calls shows.letter(letter) when one changes, shows.sent(message) once the server has it, shows.gone(clientMessageId). */
export class Outbox {
  #http;
  #world;
  #line;
  #shows;
  #roomId;
  #key;
  #letters = [];
  #busy = false;
  #echoes = new Map(); // clientMessageId to what to do when the socket tells of it
  #timer;
  #stopped = false;

  constructor(roomId, http, environment, line, shows) {
    this.#roomId = roomId;
    this.#http = http;
    this.#world = environment;
    this.#line = line;
    this.#shows = shows;
  }

  /** Brings back what a reload interrupted, if this user has written it. */
  restore(userId) {
    this.#key = `fluxy.outbox.${userId}.${this.#roomId}`;
    for (const letter of this.#saved()) this.#add(letter);
  }

  post(letter) {
    if (this.#letters.length >= LETTERS_MAX) {
      throw new RequestError(0, `${LETTERS_MAX} messages wait to be sent already`);
    }
    this.#add(letter);
  }

  retry(clientMessageId) {
    const letter = this.#find(clientMessageId);
    if (letter) this.#become(letter, { status: "pending", error: null });
    this.#pump();
  }

  discard(clientMessageId) {
    this.#letters = this.#letters.filter((letter) => letter.clientMessageId !== clientMessageId);
    this.#save();
    this.#shows.gone(clientMessageId);
  }

  /** The server can be reached again. */
  wake() {
    this.#world.clearTimeout(this.#timer);
    this.#pump();
  }

  stop() {
    this.#stopped = true;
    this.#world.clearTimeout(this.#timer);
  }

  /** The server has a message, whoever told us: the answer, the socket or the history. */
  settle(message) {
    const letter = this.#find(message.clientMessageId);
    if (letter && letter.userId === message.userId) {
      this.#letters = this.#letters.filter((other) => other !== letter);
      this.#save();
    }
    this.#echoes.get(message.clientMessageId)?.resolve(message);
  }

  /** The server has declined what we said by socket. */
  refused({ clientMessageId, message }) {
    this.#echoes.get(clientMessageId)?.reject(new RequestError(400, message));
  }

  #find(clientMessageId) {
    return this.#letters.find((letter) => letter.clientMessageId === clientMessageId);
  }

  #add(letter) {
    this.#letters.push(letter);
    this.#save();
    this.#become(letter, { status: "pending", error: null });
    this.#pump();
  }

  /** One at a time, or two messages written in quick succession could swap places. */
  async #pump() {
    if (this.#busy || this.#stopped) return;
    this.#busy = true;
    this.#world.clearTimeout(this.#timer);
    let next;
    while (!this.#stopped && (next = this.#letters.find((letter) => letter.status === "pending"))) {
      if (!(await this.#deliver(next))) break;
    }
    this.#busy = false;
  }

  /** False if there is no use in trying the next. */
  async #deliver(letter) {
    try {
      const message = await this.#attempt(letter);
      this.settle(message);
      this.#shows.sent(message);
      return true;
    } catch (error) {
      if (!this.#letters.includes(this.#find(letter.clientMessageId))) return true; // the socket told us meanwhile
      if (error.passes) {
        const ms = (error.retryAfterSeconds ?? 0) * 1_000 || PAUSE_MS;
        this.#timer = this.#world.setTimeout(() => this.#pump(), ms);
        return false;
      }
      this.#become(this.#find(letter.clientMessageId), { status: "failed", error: error.message });
      return true;
    }
  }

  async #attempt(letter) {
    const { clientMessageId, content, parentId, attachments, visibility, visibleTo } = letter;
    const draft = { clientMessageId, content, attachments, visibility, visibleTo };
    try {
      const body = { roomId: this.#roomId, replyTo: parentId ?? null, ...draft };
      return (await this.#http.call("POST", "/messages", body)).message;
    } catch (error) {
      if (error.status !== 0) throw error;
      return this.#bySocket({ type: "message", parentId: parentId ?? null, ...draft }, error);
    }
  }

  async #bySocket(frame, error) {
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        this.#echoes.set(frame.clientMessageId, { resolve, reject });
        timer = this.#world.setTimeout(() => reject(error), ECHO_MS);
        if (!this.#line.say(frame)) reject(error);
      });
    } finally {
      this.#world.clearTimeout(timer);
      this.#echoes.delete(frame.clientMessageId);
    }
  }

  #become(letter, change) {
    const changed = { ...letter, ...change };
    this.#letters[this.#letters.indexOf(letter)] = changed;
    this.#shows.letter(changed);
  }

  #save() {
    this.#world.storage?.setItem(this.#key, JSON.stringify(this.#letters));
  }

  #saved() {
    try {
      return JSON.parse(this.#world.storage?.getItem(this.#key) ?? "[]");
    } catch {
      return [];
    }
  }
}
