// A room's history by requests.

export const PAGE = 50;
export const POLL_S = 25;
export const NOWHERE = Number.MAX_SAFE_INTEGER; // a seq that no log has: the answer tells where the log stands

const TRIES_MAX = 10;

export class Pages {
  #http;
  #roomId;
  #signal;

  constructor(http, roomId, signal) {
    this.#http = http;
    this.#roomId = roomId;
    this.#signal = signal;
  }

  /** What followed a position; waits for it so many seconds. */
  since({ lastSeq, epoch }, waitS = 0) {
    const query = { since: lastSeq };
    if (epoch) query.epoch = epoch;
    if (waitS) query.wait = waitS;
    return this.#ask(query);
  }

  /** The newest page and where it ends. */
  async beginning() {
    const position = await this.since({ lastSeq: NOWHERE });
    const { page, asOf } = await this.#stable({ limit: PAGE }, position, () => false);
    const snapshot = { messages: page.messages.reverse(), reactions: page.reactions };
    return { snapshot, position: { lastSeq: asOf, epoch: position.epoch } };
  }

  /**
   * The page before a message, and the seq as of which it is true: whoever counts what it shows must not count again what
   * came before. isOutdated(messages, asOf) tells whether we have heard of something later that it may lack.
   */
  older(createdAt, position, isOutdated) {
    return this.#stable({ limit: PAGE, before: createdAt }, position, isOutdated);
  }

  /** Asks again if something was told of the page's messages while it was on its way: it may know of that, or not yet. */
  async #stable(query, position, isOutdated) {
    const { epoch } = position;
    let { lastSeq } = position;
    for (let tries = 1; ; tries++) {
      const page = await this.#ask(query);
      const news = await this.since({ lastSeq, epoch });
      const ids = new Set(page.messages.map((message) => message.id));
      const isNews = news.hasMore || news.events.some(({ payload }) => isAbout(payload, ids, query));
      if (!isNews && !isOutdated(ids, news.lastSeq)) return { page, asOf: news.lastSeq };
      if (tries === TRIES_MAX) return { page, asOf: lastSeq };
      lastSeq = news.lastSeq;
    }
  }

  #ask(query) {
    const path = `/api/messages?${new URLSearchParams({ roomId: this.#roomId, ...query })}`;
    return this.#http.call("GET", path, undefined, { patienceMs: (POLL_S + 10) * 1_000, signal: this.#signal });
  }
}

/** A new message belongs to the newest page, and to no older one. */
function isAbout(frame, ids, { before }) {
  return (frame.type === "message" && !before) || ids.has(frame.messageId ?? frame.id);
}
