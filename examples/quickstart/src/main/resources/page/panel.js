// A thread beside the room: a message, its answers, and a line to answer in.

import { grow } from "./elements.js";
import { Timeline } from "./timeline.js";

const at = (id) => document.getElementById(id);

export class Panel {
  #thread;
  #timeline;
  #does;
  #people;
  #opener;
  #unsubscribe;

  constructor(people, does) {
    this.#people = people;
    this.#does = { ...does, write: () => at("answer").focus(), open: undefined };
    at("thread-close").addEventListener("click", () => this.close());
    at("thread").addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    at("thread-scroll").addEventListener("scroll", () => this.#scrolled());
    at("answer").addEventListener("input", () => grow(at("answer")));
    at("answer").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
    at("answer-form").addEventListener("submit", (event) => this.#submit(event));
    this.#timeline = new Timeline(at("thread-log"), at("thread-scroll"), people.me, people, this.#does);
  }

  open(thread) {
    if (!this.#thread) this.#opener = document.activeElement;
    this.#end();
    this.#thread = thread;
    this.#timeline.clear();
    this.#unsubscribe = thread.subscribe(() => this.#show());
    at("thread").hidden = false;
    at("app").classList.add("threaded");
    this.#show();
    at("answer").focus();
  }

  close() {
    this.#end();
    at("thread").hidden = true;
    at("app").classList.remove("threaded");
    if (this.#opener?.isConnected) this.#opener.focus();
    else this.#does.home();
  }

  #end() {
    this.#unsubscribe?.();
    this.#thread?.close();
    this.#thread = undefined;
  }

  #show() {
    const { parent, messages, reads, isLoading, error } = this.#thread.state;
    this.#timeline.busy(isLoading);
    this.#timeline.show({ messages: parent ? [parent, ...messages] : messages, reads });
    at("thread-title").textContent = parent ? `Answers to ${this.#people.name(parent.userId)}` : "Thread";
    at("thread-problem").textContent = error ? `The answers can't be shown: ${error}` : "";
  }

  #scrolled() {
    const { hasMore, isLoading } = this.#thread?.state ?? {};
    if (hasMore && !isLoading && this.#timeline.isNearBeginning) this.#thread.loadMore();
  }

  #submit(event) {
    event.preventDefault();
    const content = at("answer").value.trim();
    if (!content || !this.#thread) return;
    at("answer").value = "";
    grow(at("answer"));
    this.#does.ask("Not sent", () => this.#thread.send(content));
    this.#timeline.toEnd();
  }
}
