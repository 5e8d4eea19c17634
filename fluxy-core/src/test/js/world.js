// A world with a clock of its own and a network that does what a test says. Nothing happens until time passes, and one
// seed always gives one history.

/** A small generator of chance (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class World {
  #nowMs = Date.UTC(2026, 0, 31, 12);
  #timers = new Map();
  #nextTimer = 1;
  #ids = 0;
  #calls = [];

  constructor(seed = 1) {
    this.random = chance(seed);
  }

  /** What FluxyClient takes as its environment. */
  environment(server, storage) {
    return {
      origin: "http://fluxy.test",
      setTimeout: (call, ms) => this.after(ms, call),
      clearTimeout: (timer) => this.#timers.delete(timer),
      now: () => this.#nowMs,
      random: this.random,
      newId: () => `id-${++this.#ids}`,
      fetch: (url, options) => server.fetch(url, options),
      WebSocket: server.WebSocket,
      onOnline: (call) => this.#calls.push(call),
      storage,
    };
  }

  get nowMs() {
    return this.#nowMs;
  }

  after(ms, call) {
    const timer = this.#nextTimer++;
    this.#timers.set(timer, { atMs: this.#nowMs + Math.max(0, ms), call, timer });
    return timer;
  }

  /** The device says that it has a network again. */
  comesOnline() {
    this.#calls.forEach((call) => call());
  }

  /** Lets time pass, timer by timer. */
  async pass(ms) {
    const endMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const due = [...this.#timers.values()]
        .filter((timer) => timer.atMs <= endMs)
        .sort((a, b) => a.atMs - b.atMs || a.timer - b.timer)[0];
      if (!due) break;
      this.#timers.delete(due.timer);
      this.#nowMs = due.atMs;
      due.call();
      await settled();
    }
    this.#nowMs = endMs;
  }
}

/** All that follows without time passing has happened: promises lead to promises, a bounded number deep. */
export async function settled() {
  for (let i = 0; i < 30; i++) await null;
}
