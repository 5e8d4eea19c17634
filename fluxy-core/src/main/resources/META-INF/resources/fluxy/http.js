// Requests to the server, and the token that they carry.

const PATIENCE_MS = 15_000;

/** A request that did not work; status 0 if no answer came at all. */
export class RequestError extends Error {
  constructor(status, message, retryAfterSeconds) {
    super(message);
    this.name = "RequestError";
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the same request may well succeed a little later. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Http {
  #base;
  #source;
  #world;
  #token; // a promise, so that many who need one ask once

  constructor({ url, token, environment }) {
    this.#base = url.replace(/\/+$/, "");
    this.#source = typeof token === "function" ? token : () => token;
    this.#world = environment;
  }

  /** A token, asked for if there is none. */
  token() {
    this.#token ??= this.#ask();
    return this.#token;
  }

  /** The next request or connection gets a new token. */
  forgetToken() {
    this.#token = undefined;
  }

  /** Who the server takes us for: the subject of the token. */
  async userId() {
    return claims(await this.token()).sub;
  }

  /** A URL with a scheme of its own, for a WebSocket. */
  socketUrl(path) {
    return this.#base.replace(/^http/, "ws") + path;
  }

  /** A request with JSON in and out. */
  async call(method, path, body, { patienceMs = PATIENCE_MS, signal } = {}) {
    const patience = new AbortController();
    const end = () => patience.abort();
    signal?.addEventListener("abort", end);
    const timer = this.#world.setTimeout(end, patienceMs);
    try {
      const answer = await this.stream(method, path, { body, signal: patience.signal });
      return await json(answer);
    } finally {
      this.#world.clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    }
  }

  /** A request whose answer is read as it comes. A token that has run out is replaced once. */
  async stream(method, path, { body, signal, headers = {} } = {}) {
    for (let tries = 1; ; tries++) {
      const answer = await this.#send(method, path, body, signal, headers);
      if (answer.ok) return answer;
      const error = await refusal(answer);
      if (error.status !== 401 || tries > 1) throw error;
      this.forgetToken();
    }
  }

  async #send(method, path, body, signal, headers) {
    const all = { ...headers, Authorization: `Bearer ${await this.token()}` };
    if (body !== undefined) all["Content-Type"] = "application/json";
    const text = body === undefined ? undefined : JSON.stringify(body);
    try {
      return await this.#world.fetch(this.#base + path, { method, headers: all, body: text, signal });
    } catch {
      throw new RequestError(0, "no answer from the server");
    }
  }

  async #ask() {
    try {
      return await this.#source();
    } catch (reason) {
      this.forgetToken();
      throw reason instanceof RequestError ? reason : new RequestError(0, `no token: ${reason?.message ?? reason}`);
    }
  }
}

async function json(answer) {
  try {
    return JSON.parse(await answer.text());
  } catch {
    throw new RequestError(0, "the answer broke off");
  }
}

async function refusal(answer) {
  const text = await answer.text().catch(() => "");
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    said = { error: text.slice(0, 200) };
  }
  const seconds = said.retryAfterSeconds ?? (Number(answer.headers?.get?.("Retry-After")) || undefined);
  return new RequestError(answer.status, said.error || `HTTP ${answer.status}`, seconds);
}

function claims(token) {
  const part = token.split(".")[1] ?? "";
  const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
