// Three ways to hear a room: a WebSocket, an event stream, long polling. Each is one attempt: it opens once, tells what it
// hears, and ends once. A position is { lastSeq, epoch }: up to where we have heard which log; null if we know nothing yet.
//
// hears.live(position)    from now on everything is heard; the position is where live begins
// hears.frame(frame, seq) something was said; seq only if it is numbered
// hears.restart(snapshot) messages, oldest first, and reactions, to begin anew with
// hears.ended(reason)     it is over: { status, code } of what ended it; status 0 if nobody answered

import { NOWHERE, Pages, PAGE, POLL_S } from "./pages.js";

const WELCOME_MS = 10_000;
const PING_MS = 25_000;
const SILENCE_MS = 75_000;

/** Frames over a WebSocket. It can also say something. */
export class SocketTransport {
  static kind = "websocket";

  #world;
  #hears;
  #socket;
  #position;
  #waiting = []; // numbered frames that came before we had caught up
  #isLive = false;
  #awaitsPong = false;
  #timer;
  #ended = false;

  constructor({ http, roomId, environment, presence }, hears) {
    this.#world = environment;
    this.#hears = hears;
    this.http = http;
    this.path = `/ws/room/${encodeURIComponent(roomId)}`;
    this.presence = presence;
  }

  async open(position) {
    this.#position = position;
    this.#timer = this.#world.setTimeout(() => this.#end({ status: 0 }), WELCOME_MS);
    try {
      const query = new URLSearchParams({ token: await this.http.token() });
      query.set("replay", position ? "off" : "connect");
      query.set("replayLimit", PAGE);
      if (this.presence) query.set("presenceInfo", JSON.stringify(this.presence));
      if (this.#ended) return;
      this.#listen(new this.#world.WebSocket(this.http.socketUrl(`${this.path}?${query}`)));
    } catch (error) {
      this.#end({ status: error.status ?? 0 });
    }
  }

  say(frame) {
    if (!this.#isLive || this.#socket.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  close() {
    this.#end(null);
  }

  #listen(socket) {
    this.#socket = socket;
    socket.onmessage = (event) => this.#heard(JSON.parse(event.data));
    socket.onclose = (event) => this.#end({ status: 0, code: event.code });
    socket.onerror = () => {};
  }

  #heard(frame) {
    if (frame.type === "pong") {
      this.#awaitsPong = false;
    } else if (frame.type === "replay" && frame.messages) {
      this.#hears.restart(frame);
    } else if (frame.type === "replay") {
      this.#caughtUp(frame);
    } else {
      if (frame.type === "subscription_succeeded") this.#catchUp(this.#position?.lastSeq ?? NOWHERE);
      this.#tell(frame);
    }
  }

  /** What is numbered waits until we have heard all that came before it. */
  #tell(frame) {
    if (frame.seq === undefined || this.#isLive) this.#hears.frame(frame, frame.seq);
    else this.#waiting.push(frame);
  }

  #catchUp(lastSeq) {
    const epoch = this.#position?.epoch ?? undefined;
    this.#socket.send(JSON.stringify({ type: "resume", lastSeq, epoch }));
  }

  #caughtUp(replay) {
    if (this.#position && !replay.recovered) {
      this.#end({ status: 0, restart: true });
      return;
    }
    for (const event of replay.events) this.#hears.frame(event.payload, event.seq);
    if (this.#position && replay.hasMore) {
      this.#catchUp(replay.lastSeq);
      return;
    }
    this.#isLive = true;
    this.#world.clearTimeout(this.#timer);
    this.#hears.live({ lastSeq: replay.lastSeq, epoch: replay.epoch });
    this.#waiting.splice(0).forEach((frame) => this.#tell(frame));
    this.#beat();
  }

  #beat() {
    this.#timer = this.#world.setTimeout(() => {
      if (this.#awaitsPong) {
        this.#end({ status: 0 }); // the line is dead, and a polite close would wait for it
        return;
      }
      this.#awaitsPong = true;
      this.say({ type: "ping" });
      this.#beat();
    }, PING_MS);
  }

  #end(reason) {
    if (this.#ended) return;
    this.#ended = true;
    this.#isLive = false;
    this.#world.clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close(reason ? 4000 : 1000, reason ? "heartbeat_timeout" : "");
    }
    if (reason) this.#hears.ended(reason);
  }
}

/** Frames of an event stream. It is read with fetch, which tells why it was refused and keeps the token out of the URL. */
export class StreamTransport {
  static kind = "sse";

  #world;
  #hears;
  #abort = new AbortController();
  #timer;
  #isLive = false;
  #ended = false;

  constructor({ http, roomId, environment }, hears) {
    this.#world = environment;
    this.#hears = hears;
    this.http = http;
    this.roomId = roomId;
    this.path = `/rooms/${encodeURIComponent(roomId)}/stream`;
  }

  async open(position) {
    this.#patience(WELCOME_MS);
    try {
      const from = position ?? (await this.#begin());
      const headers = { Accept: "text/event-stream" };
      const options = { headers, signal: this.#abort.signal };
      const answer = await this.http.stream("GET", `${this.path}?lastEventId=${from.lastSeq}`, options);
      await this.#read(answer.body.getReader(), from);
      this.#end({ status: 0 });
    } catch (error) {
      this.#end({ status: error.status ?? 0 });
    }
  }

  say() {
    return false;
  }

  close() {
    this.#end(null);
  }

  /** The stream's own snapshot has no reactions, and no seq to go on from. */
  async #begin() {
    const { snapshot, position } = await new Pages(this.http, this.roomId, this.#abort.signal).beginning();
    if (!this.#ended) this.#hears.restart(snapshot);
    return position;
  }

  async #read(reader, position) {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#ended) return;
      this.#patience(this.#isLive ? SILENCE_MS : WELCOME_MS);
      text += decoder.decode(value, { stream: true });
      const events = text.split("\n\n");
      text = events.pop();
      for (const event of events) this.#heard(event, position);
    }
  }

  #heard(event, position) {
    let seq;
    let data = "";
    for (const line of event.split("\n")) {
      if (line.startsWith("id: ")) seq = Number(line.slice(4));
      else if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (!data || this.#ended) return; // a heartbeat
    const frame = JSON.parse(data);
    if (frame.type === "resumed") {
      const recovered = frame.recovered && !(position.epoch && position.epoch !== frame.epoch);
      if (recovered) this.#live({ lastSeq: frame.lastSeq, epoch: frame.epoch });
      else this.#end({ status: 0, restart: true });
    } else {
      this.#hears.frame(frame, seq);
    }
  }

  #live(position) {
    this.#isLive = true;
    this.#patience(SILENCE_MS);
    this.#hears.live(position);
  }

  #patience(ms) {
    this.#world.clearTimeout(this.#timer);
    this.#timer = this.#world.setTimeout(() => this.#end({ status: 0, isSilent: true }), ms);
  }

  #end(reason) {
    if (this.#ended) return;
    this.#ended = true;
    this.#world.clearTimeout(this.#timer);
    this.#abort.abort();
    if (reason) this.#hears.ended(reason);
  }
}

/** Requests that wait for the next event. Slow, and works wherever a page could be loaded at all. */
export class PollTransport {
  static kind = "polling";

  #hears;
  #pages;
  #abort = new AbortController();
  #ended = false;

  constructor({ http, roomId }, hears) {
    this.#hears = hears;
    this.#pages = new Pages(http, roomId, this.#abort.signal);
  }

  async open(position) {
    try {
      let at = position ? await this.#next(position, 0) : await this.#begin();
      if (at && !this.#ended) this.#hears.live(at);
      while (at && !this.#ended) at = await this.#next(at, POLL_S);
    } catch (error) {
      this.#end({ status: error.status ?? 0 });
    }
  }

  say() {
    return false;
  }

  close() {
    this.#end(null);
  }

  async #begin() {
    const { snapshot, position } = await this.#pages.beginning();
    if (!this.#ended) this.#hears.restart(snapshot);
    return position;
  }

  async #next(at, waitS) {
    const answer = await this.#pages.since(at, waitS);
    if (this.#ended) return null;
    if (!answer.recovered) {
      this.#end({ status: 0, restart: true });
      return null;
    }
    for (const event of answer.events) this.#hears.frame(event.payload, event.seq);
    return { lastSeq: answer.lastSeq, epoch: answer.epoch };
  }

  #end(reason) {
    if (this.#ended) return;
    this.#ended = true;
    this.#abort.abort();
    if (reason) this.#hears.ended(reason);
  }
}
