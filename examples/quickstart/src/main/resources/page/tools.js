// What can be done with a message: one toolbar, which goes to the row that has the pointer or the focus.

import { button, div } from "./elements.js";

const EMOJI = ["👍", "❤️", "😂", "🎉"];
const SURE_MS = 3_000;

export class Tools {
  #bar = div("tools");
  #row;
  #open;
  #edit;
  #remove;

  /** Asks does.react, remove, open (if there is one) for what a person wants done. */
  constructor(log, does) {
    this.#bar.role = "toolbar";
    this.#bar.ariaLabel = "Message actions";
    this.#bar.ariaLive = "off"; // or moving it would be read aloud as news
    for (const emoji of EMOJI) {
      const react = button(emoji, "tool face", () => does.react(this.#row.message, emoji));
      react.ariaLabel = `React with ${emoji}`;
      this.#bar.append(react);
    }
    this.#open = button("Answer", "tool", () => does.open(this.#row.message.parentId ?? this.#row.message.id));
    this.#edit = button("Edit", "tool", () => this.#row.edit());
    this.#remove = button("Delete", "tool", () => this.#sure() && does.remove(this.#row.message));
    if (does.open) this.#bar.append(this.#open);
    this.#bar.append(this.#edit, this.#remove);
    const rowOf = (el) => el?.closest?.(".row")?.row;
    const visit = (event) => event.target.closest(".bubble") && this.#visit(rowOf(event.target));
    log.addEventListener("pointermove", visit); // not "over": a list that scrolls under the pointer is nobody's wish
    log.addEventListener("pointerdown", visit);
    log.addEventListener("focusin", (event) => this.#visit(rowOf(event.target)));
    log.addEventListener("pointerleave", () => this.#visit(rowOf(document.activeElement)));
  }

  /** The rows have been drawn again: what belongs to one of them goes back there. */
  settle(draw) {
    const focused = this.#bar.contains(document.activeElement) ? document.activeElement : null;
    draw();
    if (!this.#row?.el.isConnected) this.#row = undefined;
    this.#place();
    if (focused?.isConnected) focused.focus();
  }

  #visit(row) {
    if (row === this.#row && this.#bar.isConnected) return;
    this.#row = row;
    this.#remove.textContent = "Delete";
    this.#place();
  }

  #place() {
    const row = this.#row;
    if (!row?.isAlive) {
      this.#bar.remove();
      return;
    }
    this.#edit.hidden = this.#remove.hidden = !row.isOwn;
    if (this.#bar.parentNode !== row.bubble) row.bubble.append(this.#bar);
  }

  #sure() {
    if (this.#remove.textContent !== "Delete") return true;
    this.#remove.textContent = "Really?";
    setTimeout(() => (this.#remove.textContent = "Delete"), SURE_MS);
    return false;
  }
}
