// How the connection is: a word in the corner, and while there is none a banner that counts down to the next try.

const TICK_MS = 250;
const at = (id) => document.getElementById(id);

export class Banner {
  #shown;
  #countdown;

  constructor(retryNow) {
    at("retry").addEventListener("click", retryNow);
  }

  show(connection) {
    if (connection === this.#shown) return;
    this.#shown = connection;
    const { status, transport, error } = connection;
    at("app").dataset.state = status;
    at("app").dataset.transport = transport ?? "";
    at("state").textContent = status === "online" ? (transport === "websocket" ? "Connected" : "Connected, slowly") : word(status);
    at("banner").hidden = !["waiting", "reconnecting", "refused"].includes(status);
    at("retry").hidden = status === "reconnecting";
    at("outage").textContent = status === "refused" ? `You can't be here: ${error}.` : "No connection to the server. What you write is kept.";
    clearInterval(this.#countdown);
    this.#count(connection);
    if (status === "waiting") this.#countdown = setInterval(() => this.#count(connection), TICK_MS);
  }

  #count({ status, nextRetryAt }) {
    const seconds = Math.max(0, Math.ceil((nextRetryAt - Date.now()) / 1000));
    const text = { waiting: `Trying again in ${seconds}\u00a0s`, reconnecting: "Trying again…" }[status] ?? "";
    if (at("countdown").textContent !== text) at("countdown").textContent = text;
  }
}

function word(status) {
  return { connecting: "Connecting…", reconnecting: "Connecting…", refused: "Not here" }[status] ?? "Offline";
}
