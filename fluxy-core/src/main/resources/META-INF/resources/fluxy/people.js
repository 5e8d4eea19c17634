// Who is here, and who is writing.

const TYPING_EVERY_MS = 3_000;
const STOPPED_AFTER_MS = 4_000;
const FORGOTTEN_AFTER_MS = 6_000;

export class People {
  me = null;
  #world;
  #changed;
  #present = [];
  #online = 0;
  #typing = new Map(); // by user: the timer that forgets it
  #agentsTyping = new Set();
  #saidAt = -Infinity;
  #say;
  #stopTimer;

  constructor(environment, changed) {
    this.#world = environment;
    this.#changed = changed;
  }

  get state() {
    return {
      present: this.#present,
      online: this.#online,
      typing: [...this.#typing.keys()],
      agentsTyping: [...this.#agentsTyping],
    };
  }

  apply(frame) {
    switch (frame.type) {
      case "subscription_succeeded":
        this.#present = frame.members;
        this.#online = frame.subscriptionCount;
        break;
      case "presence":
        this.#present = frame.members;
        this.#online = frame.online;
        break;
      case "member_joined":
        this.#arrived(frame);
        break;
      case "member_left":
        this.#present = this.#present.filter((member) => member.userId !== frame.userId);
        this.#stops(frame.userId);
        break;
      case "typing":
        if (frame.isTyping) this.#types(frame.userId);
        else this.#stops(frame.userId);
        break;
      case "message":
        this.#stops(frame.userId);
        break;
      case "agentTyping":
        if (frame.isTyping) this.#agentsTyping.add(frame.agentId);
        else this.#agentsTyping.delete(frame.agentId);
        break;
    }
  }

  /** The user has pressed a key: tell it, not too often, and tell when that stops. */
  typing(say) {
    this.#say = say;
    this.#world.clearTimeout(this.#stopTimer);
    this.#stopTimer = this.#world.setTimeout(() => this.#pauses(), STOPPED_AFTER_MS);
    if (this.#world.now() - this.#saidAt < TYPING_EVERY_MS) return;
    this.#saidAt = this.#world.now();
    say(true);
  }

  /** The user has sent what was being written, which tells others that the writing is over. */
  wrote() {
    this.#world.clearTimeout(this.#stopTimer);
    this.#saidAt = -Infinity;
  }

  stop() {
    this.#world.clearTimeout(this.#stopTimer);
    for (const userId of [...this.#typing.keys()]) this.#stops(userId);
  }

  #pauses() {
    this.#saidAt = -Infinity;
    this.#say(false);
  }

  #arrived({ userId, userInfo }) {
    this.#present = [...this.#present.filter((member) => member.userId !== userId), { userId, userInfo }];
  }

  #types(userId) {
    if (userId === this.me) return;
    this.#stops(userId);
    const forget = () => {
      this.#stops(userId);
      this.#changed();
    };
    this.#typing.set(userId, this.#world.setTimeout(forget, FORGOTTEN_AFTER_MS));
  }

  #stops(userId) {
    this.#world.clearTimeout(this.#typing.get(userId));
    this.#typing.delete(userId);
  }
}
