// A room's history by requests.

export const PAGE = 50;
export const POLL_S = 25;
export const NOWHERE = Number.MAX_SAFE_INTEGER; // a seq that no log has: the answer tells where the log stands

const TRIES_MAX = 10;
const STEP_PAGES_MAX = 10; // 2,000 events of the log

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
    const newest = () => this.#ask({ limit: PAGE });
    const { page, asOf } = await this.#stable(newest, position, () => false, (frame) => frame.type === "message");
    const snapshot = { messages: page.messages.reverse(), reactions: page.reactions, ownReactions: page.ownReactions };
    return { snapshot, position: { lastSeq: asOf, epoch: position.epoch } };
  }

  /**
   * The page before a message, and the seq as of which it is true: whoever counts what it shows must not count again what
   * came before. isOutdated(messages, asOf) tells whether we have heard of something later that it may lack.
   */
  older(createdAt, position, isOutdated) {
    return this.#stable(() => this.#ask({ limit: PAGE, before: createdAt }), position, isOutdated);
  }

  /** The same of the answers to a message, and that message as the page's parent; without a time the newest. */
  answers(messageId, createdAt, position, isOutdated) {
    const query = new URLSearchParams({ limit: PAGE, ...(createdAt && { before: createdAt }) });
    const path = `/messages/${messageId}/thread?${query}`;
    return this.#stable(() => this.#http.call("GET", path), position, isOutdated);
  }

  /** What tools did after a seq and before another one, or up to now. */
  async steps(after, before = Infinity) {
    const frames = [];
    let lastSeq = after;
    for (let pages = 0; pages < STEP_PAGES_MAX; pages++) {
      const { events, hasMore, ...answer } = await this.#ask({ since: lastSeq, only: "tools" });
      frames.push(...events.map(({ payload }) => payload).filter(({ seq }) => seq < before));
      lastSeq = answer.lastSeq;
      if (!hasMore || lastSeq >= before) break;
    }
    return frames;
  }

  /** Asks again if something was told of the page's messages while it was on its way: it may know of that, or not yet. */
  async #stable(ask, position, isOutdated, isNew = () => false) {
    const { epoch } = position;
    let { lastSeq } = position;
    for (let tries = 1; ; tries++) {
      const page = await ask();
      const news = await this.since({ lastSeq, epoch });
      const ids = new Set([page.parent, ...page.messages].map((message) => message?.id));
      const isAbout = (frame) => isNew(frame) || ids.has(frame.messageId ?? frame.id);
      const isNews = news.hasMore || news.events.some(({ payload }) => isAbout(payload));
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
