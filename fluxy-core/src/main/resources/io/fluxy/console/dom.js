// Makes elements. Whatever strangers wrote becomes text and nothing else: no markup is ever parsed.

/** An element: h("p", {class: "muted", onclick: f}, "text", otherElement, ...). */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts these in place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** A button. */
export function button(label, onclick, kind = "") {
  return h("button", { type: "button", class: kind, onclick }, label);
}

/** A link to one of our pages. */
export function link(hash, ...children) {
  return h("a", { href: "#/" + hash.map(encodeURIComponent).join("/") }, children);
}

/** A field with its label. */
export function field(label, input, hint) {
  return h("label", { class: "field" }, h("span", {}, label), input, hint && h("small", {}, hint));
}

export function select(options, value, props = {}) {
  const element = h(
    "select",
    props,
    options.map(([word, label]) => h("option", { value: word }, label)),
  );
  element.value = value ?? options[0]?.[0] ?? "";
  return element;
}

/** A table; rows are lists of cells. */
export function table(heads, rows, empty) {
  if (rows.length === 0) return h("p", { class: "empty" }, empty);
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": heads.filter(Boolean).join(", ") },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h(
        "tbody",
        {},
        rows.map((cells) =>
          h("tr", {}, cells.map((cell, i) => h("td", { "data-head": heads[i] }, cell))),
        ),
      ),
    ),
  );
}

export function badge(text, tone = "") {
  return h("span", { class: "badge " + tone }, text);
}

/** A card with a title. */
export function card(title, ...children) {
  return h("section", { class: "card" }, title && h("h2", {}, title), children);
}

/** A time, short, with the whole of it in its title. */
export function time(value) {
  if (value === null || value === undefined || value === "") return "–";
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return String(value);
  const today = new Date().toDateString() === date.toDateString();
  const clock = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = date.toLocaleDateString([], { year: "numeric", month: "short", day: "numeric" });
  return h(
    "time",
    { datetime: date.toISOString(), title: date.toISOString() },
    today ? clock : day + ", " + clock,
  );
}

export const number = (n) => Number(n ?? 0).toLocaleString("en");

export function bytes(n) {
  if (n < 1024) return n + " B";
  return n < 1024 * 1024 ? (n / 1024).toFixed(1) + " kB" : (n / 1024 / 1024).toFixed(1) + " MB";
}

/**
 * Says whether something is other than the last time it was asked, so that what is unchanged is not
 * drawn again under somebody's fingers.
 */
export function changes() {
  let before = "";
  return (value) => {
    const now = JSON.stringify(value);
    const is = now !== before;
    before = now;
    return is;
  };
}

const spoken = h("div", { class: "toast", role: "status", "aria-live": "polite" });
let fading;

/** Says that something was done, or was not. */
export function say(text, bad = false) {
  if (!spoken.isConnected) document.body.append(spoken);
  spoken.className = "toast shown" + (bad ? " bad" : "");
  spoken.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (spoken.className = "toast"), bad ? 8000 : 3500);
}

/** Does something, and says what came of it; true if it went well. */
export async function attempt(what, done) {
  try {
    await what();
    if (done) say(done);
    return true;
  } catch (e) {
    say(e.message, true);
    return false;
  }
}

/**
 * A dialog with a form. Resolves with what `read` makes of it, or null if it is left.
 * With `name`, the name has to be typed before anything happens.
 */
export function ask({ title, text, fields = [], name, action, danger = false, read = () => true }) {
  return new Promise((resolve) => {
    const typed = name && h("input", { type: "text", autocomplete: "off", spellcheck: "false", id: "typed" });
    const go = h("button", { type: "submit", class: danger ? "danger" : "primary" }, action);
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", { id: "dialog-title" }, title),
      text && h("p", {}, text),
      fields,
      typed && field(["Type ", h("code", {}, name), " to confirm"], typed),
      h("div", { class: "row end" }, button("Cancel", () => dialog.close()), go),
    );
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, form);
    if (typed) {
      go.disabled = true;
      typed.addEventListener("input", () => (go.disabled = typed.value !== name));
    }
    let answer = null;
    form.addEventListener("submit", () => (answer = read()));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    (typed || form.querySelector("input, select, textarea"))?.focus();
  });
}

/** Shows a secret that is never shown again. */
export function showOnce(title, secret, text) {
  const shown = h("input", { type: "text", readonly: true, value: secret, class: "mono", "aria-label": title });
  return ask({
    title,
    text,
    fields: [
      h(
        "div",
        { class: "row" },
        shown,
        button("Copy", () => {
          shown.select();
          navigator.clipboard?.writeText(secret).then(() => say("Copied"), () => {});
        }),
      ),
    ],
    action: "I have kept it",
  });
}

/** Lets the browser save a file. */
export function save(name, blob) {
  const url = URL.createObjectURL(blob);
  const a = h("a", { download: name });
  a.href = url;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
