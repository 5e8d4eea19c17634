// Tokens and HTTP: the routes of the FluxyChat protocol, and the one route that is this example's own.

export class ApiError extends Error {
  constructor(status, message, retryAfterSeconds) {
    super(message);
    this.status = status; // 0: no answer at all
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** True if the same request may well succeed another time or another way. */
  get passing() {
    return this.status === 0 || this.status >= 500;
  }
}

export class Api {
  #name;
  #session;

  constructor(name) {
    this.#name = name;
  }

  get userId() {
    return this.#session.userId;
  }

  get roomId() {
    return this.#session.roomId;
  }

  /** Asks the host for a new token: at the start, before every connection, and when the old one has run out. */
  async renew() {
    this.#session = await request("POST", "/quickstart/session", { name: this.#name });
  }

  socketUrl() {
    const query = new URLSearchParams({
      token: this.#session.token,
      userId: this.userId,
      replay: "connect",
      replayLimit: "50",
      presenceInfo: JSON.stringify({ name: this.#name }),
    });
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    return `${scheme}//${location.host}/ws/room/${encodeURIComponent(this.roomId)}?${query}`;
  }

  /** A page of messages, newest first, older than a message's createdAt. */
  history(before, limit) {
    const query = new URLSearchParams({ roomId: this.roomId, limit, before });
    return this.#call("GET", `/api/messages?${query}`);
  }

  async send(clientMessageId, content) {
    const body = { roomId: this.roomId, content, replyTo: null, clientMessageId };
    return (await this.#call("POST", "/messages", body)).message;
  }

  async edit(id, content) {
    return (await this.#call("PATCH", `/messages/${id}`, { content })).message;
  }

  remove(id) {
    return this.#call("DELETE", `/messages/${id}`);
  }

  react(id, emoji, op) {
    return this.#call(op === "add" ? "POST" : "DELETE", `/messages/${id}/reactions`, { emoji });
  }

  async #call(method, path, body) {
    try {
      return await request(method, path, body, this.#session.token);
    } catch (error) {
      if (error.status !== 401) throw error;
      await this.renew();
      return request(method, path, body, this.#session.token);
    }
  }
}

async function request(method, path, body, token) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const signal = AbortSignal.timeout(15_000);
  let response;
  let text;
  try {
    response = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
    text = await response.text();
  } catch {
    throw new ApiError(0, "no answer from the server");
  }
  const answer = parsed(text);
  if (response.ok && answer) return answer;
  throw new ApiError(response.status, answer?.error ?? `HTTP ${response.status}`, answer?.retryAfterSeconds);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
