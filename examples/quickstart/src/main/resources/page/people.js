// Who is here, what they are called, who is writing.

const NAMES_KEPT = 200;
const STORAGE = "fluxy.names";

export class People {
  me;
  #names = new Map(JSON.parse(localStorage.getItem(STORAGE) ?? "[]"));
  #shown; // whom the list shows
  #list = document.getElementById("people");
  #count = document.getElementById("online-count");
  #line = document.getElementById("typing");

  constructor(me, name) {
    this.me = me;
    this.#names.set(me, name);
  }

  /** What to call a user: messages carry ids only, presence has told us the name, or the id must do. */
  name(userId) {
    return this.#names.get(userId) ?? userId.replaceAll("_", " ");
  }

  /** These are here, of these some are writing, and so are some agents. */
  show({ present, typing, agentsTyping }) {
    if (present !== this.#shown) this.#showMembers(present);
    this.#shown = present;
    const writers = [...typing, ...agentsTyping];
    this.#line.textContent = typingText(writers.map((userId) => this.name(userId)));
    this.#line.classList.toggle("busy", writers.length > 0);
  }

  #showMembers(members) {
    for (const { userId, userInfo } of members) this.#learn(userId, userInfo);
    this.#count.textContent = String(members.length);
    const sorted = [...members].sort((a, b) => (b.userId === this.me) - (a.userId === this.me));
    this.#list.replaceChildren(...sorted.map(({ userId }) => this.#person(userId)));
  }

  #learn(userId, info) {
    if (!info?.name) return;
    this.#names.delete(userId); // newest last
    this.#names.set(userId, info.name);
    const kept = [...this.#names].slice(-NAMES_KEPT);
    localStorage.setItem(STORAGE, JSON.stringify(kept));
  }

  avatar(userId) {
    const avatar = document.createElement("span");
    avatar.className = "avatar";
    avatar.ariaHidden = "true";
    avatar.textContent = [...this.name(userId)][0]?.toUpperCase() ?? "?";
    avatar.style.setProperty("--hue", String(hue(userId)));
    return avatar;
  }

  #person(userId) {
    const person = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = this.name(userId) + (userId === this.me ? " (you)" : "");
    person.append(this.avatar(userId), name);
    return person;
  }
}

function typingText(names) {
  if (names.length === 0) return "";
  if (names.length === 1) return `${names[0]} is typing`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing`;
  return `${names.length} people are typing`;
}

/** A colour of one's own, the same in every browser. */
export function hue(userId) {
  let hash = 7;
  for (const char of userId) hash = (hash * 31 + char.codePointAt(0)) % 3600;
  return hash % 360;
}
