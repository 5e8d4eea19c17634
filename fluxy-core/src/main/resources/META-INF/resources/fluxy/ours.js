// Which reactions are ours: history only counts them. What we do is remembered, and over a reload if there is a storage.

const OURS_MAX = 500;

export class Ours {
  #storage;
  #key;
  #keys;

  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#keys = new Set(this.#stored());
  }

  has(messageId, emoji) {
    return this.#keys.has(`${messageId} ${emoji}`);
  }

  set(messageId, emoji, isOurs) {
    const key = `${messageId} ${emoji}`;
    this.#keys.delete(key);
    if (isOurs) this.#keys.add(key);
    if (this.#keys.size > OURS_MAX) this.#keys.delete(this.#keys.values().next().value);
    this.#storage?.setItem(this.#key, JSON.stringify([...this.#keys]));
  }

  #stored() {
    try {
      return JSON.parse(this.#storage?.getItem(this.#key) ?? "[]");
    } catch {
      return [];
    }
  }
}
