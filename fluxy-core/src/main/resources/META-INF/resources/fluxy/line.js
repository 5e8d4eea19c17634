// Keeps a room heard: chooses the way, notices when it is dead, comes back where it was, and returns to the WebSocket when
// that works again.

import { PollTransport, SocketTransport, StreamTransport } from "./transports.js";

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 20_000];
const WAYS = [SocketTransport, StreamTransport, PollTransport];
const TRIES_BEFORE_NEXT_WAY = 2;
const PROBE_MS = [1_000, 30_000, 60_000, 120_000, 300_000]; // at first soon: perhaps it was the server that was away

export class Line {
  #setup;
  #world;
  #hears;
  #way = 0;
  #failures = 0; // in a row, of any way
  #failuresHere = 0; // in a row, of this way, without having been live
  #transport = null;
  #probe = null;
  #probes = 0;
  #timer;
  #probeTimer;
  #position = null;
  #stopped = true;
  #wasLive = false;

  /** setup: what transports need; hears: frame(frame), restart(frame), state({status, transport, ...}). */
  constructor(setup, hears) {
    this.#setup = setup;
    this.#world = setup.environment;
    this.#hears = hears;
    this.#world.onOnline?.(() => this.retryNow());
  }

  start() {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#open();
  }

  stop() {
    this.#stopped = true;
    this.#world.clearTimeout(this.#timer);
    this.#endProbe();
    this.#transport?.close();
    this.#transport = null;
    this.#state("closed");
  }

  /** Does not wait for the countdown. */
  retryNow() {
    if (this.#stopped || this.#transport) return;
    this.#world.clearTimeout(this.#timer);
    this.#open();
  }

  /** Says a frame; false if only the server can talk just now. */
  say(frame) {
    return this.#transport?.say(frame) ?? false;
  }

  /** Up to where everything has been heard; null if nothing has. */
  get position() {
    return this.#position;
  }

  #open() {
    this.#wasLive = false;
    this.#state(this.#position ? "reconnecting" : "connecting");
    this.#transport = this.#attempt(WAYS[this.#way], {
      live: () => this.#live(),
      ended: (reason) => this.#ended(reason),
    });
    this.#transport.open(this.#position);
  }

  #attempt(Way, { live, ended }) {
    const transport = new Way(this.#setup, {
      live: (position) => {
        this.#position = latest(this.#position, position);
        live(transport);
      },
      frame: (frame, seq) => this.#frame(frame, seq),
      restart: (snapshot) => {
        this.#position = null;
        this.#hears.restart(snapshot);
      },
      ended,
    });
    return transport;
  }

  /** A numbered frame counts once, whichever way brought it. */
  #frame(frame, seq) {
    if (seq !== undefined) {
      const before = this.#position?.lastSeq ?? -1;
      if (seq < before) return;
      this.#position = { epoch: this.#position?.epoch, lastSeq: seq };
      if (seq === before && isHeardTwice(frame)) return;
    }
    this.#hears.frame(frame);
  }

  #live() {
    this.#failures = 0;
    this.#failuresHere = 0;
    this.#wasLive = true;
    this.#state("online");
    if (this.#way > 0) this.#probeLater();
  }

  #ended(reason) {
    this.#transport = null;
    this.#endProbe();
    if (this.#stopped) return;
    if (reason.restart) {
      this.#position = null;
      this.#open();
    } else if (reason.status === 403 || reason.status === 404) {
      this.#state("refused", { error: reason.status === 403 ? "forbidden" : "no such room" });
    } else {
      this.#setup.http.forgetToken(); // a browser does not tell why a socket was refused
      this.#otherWay(reason);
      this.#pause();
    }
  }

  /** Goes on to the next way only if this one failed more than once, and back to the first after the last. */
  #otherWay(reason) {
    this.#failuresHere = this.#wasLive ? 0 : this.#failuresHere + 1;
    const hopeless = reason.isSilent && !this.#wasLive; // somebody in between holds events back
    if (hopeless || this.#failuresHere >= TRIES_BEFORE_NEXT_WAY) {
      this.#way = (this.#way + 1) % WAYS.length;
      this.#failuresHere = 0;
    }
  }

  #pause() {
    const most = PAUSES_MS[Math.min(this.#failures++, PAUSES_MS.length - 1)];
    const ms = Math.round(most * (0.5 + 0.5 * this.#world.random())); // or everybody comes back in the same instant
    this.#timer = this.#world.setTimeout(() => this.#open(), ms);
    this.#state("waiting", { nextRetryAt: this.#world.now() + ms });
  }

  // Meanwhile, does the WebSocket work again?

  #probeLater() {
    this.#endProbe();
    const ms = PROBE_MS[Math.min(this.#probes++, PROBE_MS.length - 1)];
    this.#probeTimer = this.#world.setTimeout(() => this.#probeNow(), ms);
  }

  #probeNow() {
    this.#probe = this.#attempt(SocketTransport, {
      live: (probe) => this.#takeOver(probe),
      ended: () => (this.#probe ? this.#probeLater() : this.#ended({ status: 0 })),
    });
    this.#probe.open(this.#position);
  }

  #takeOver(probe) {
    if (this.#probe !== probe) return;
    this.#probe = null;
    this.#probes = 0;
    this.#way = 0;
    this.#transport?.close();
    this.#transport = probe;
    this.#state("online");
  }

  #endProbe() {
    this.#world.clearTimeout(this.#probeTimer);
    const probe = this.#probe;
    this.#probe = null;
    probe?.close();
  }

  #state(status, more = {}) {
    const transport = this.#stopped ? null : WAYS[this.#way].kind;
    this.#hears.state({ status, transport, attempt: this.#failures, nextRetryAt: null, error: null, ...more });
  }
}

/** Of an edit and a deletion two frames tell under one seq; whoever counts, counts the first. */
function isHeardTwice(frame) {
  return frame.type === "reaction" || frame.type.startsWith("tool_") || frame.type === "message_pinned";
}

function latest(known, position) {
  return known && known.lastSeq > position.lastSeq ? { ...known, epoch: position.epoch } : position;
}
