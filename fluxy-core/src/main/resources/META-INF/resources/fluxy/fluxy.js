// Fluxy in the browser: one client per user, one store per room, and no opinion on how it looks.
//
//   const client = new FluxyClient({ token: () => fetch("/chat-token").then((answer) => answer.text()) });
//   const room = client.room("lobby");
//   room.subscribe(() => show(room.state));
//   room.open();
//   room.send("hello");

import { Http } from "./http.js";
import { Room } from "./room.js";

export { RequestError } from "./http.js";

export class FluxyClient {
  #options;
  #http;
  #rooms = new Map();

  /** Options: see fluxy.d.ts. */
  constructor(options) {
    const environment = { ...theBrowser(), ...options.environment };
    this.#options = { url: environment.origin, ...options, environment };
    if (!this.#options.url) throw new Error("FluxyClient needs the url of the server");
    if (!options.token) throw new Error("FluxyClient needs a token, or a function that gets one");
    this.#http = new Http(this.#options);
  }

  /** The store of a room; always the same one until it is closed. */
  room(roomId) {
    let room = this.#rooms.get(roomId);
    if (!room) {
      room = new Room(roomId, this.#http, this.#options, () => this.#rooms.delete(roomId));
      this.#rooms.set(roomId, room);
    }
    return room;
  }

  /** The rooms that the user is a member of. */
  async rooms() {
    return (await this.#http.call("GET", "/rooms")).rooms;
  }

  /** The room in which only this user and another one are; made if there is none. */
  async directRoom(userId) {
    const me = await this.#http.userId();
    return (await this.#http.call("POST", "/rooms/dm", { a: me, b: userId })).room;
  }

  close() {
    for (const room of [...this.#rooms.values()]) room.close();
  }
}

/** What the client needs of the world around it; tests bring a world of their own. */
function theBrowser() {
  const world = globalThis;
  return {
    origin: world.location?.origin,
    WebSocket: world.WebSocket,
    fetch: world.fetch?.bind(world),
    setTimeout: world.setTimeout.bind(world),
    clearTimeout: world.clearTimeout.bind(world),
    now: () => Date.now(),
    random: () => Math.random(),
    newId: () => world.crypto.randomUUID(),
    storage: undefined,
    onOnline: (call) => world.addEventListener?.("online", call),
  };
}
