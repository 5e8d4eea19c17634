// What a room's log says, and what it says next.

import { every, get, part } from "./api.js";
import { attempt, badge, button, fill, h, link, time } from "./dom.js";

const TAIL_MS = 2000;
const SHOWN_MAX = 2000;

const WORDS = {
  edited: (e) => `edited message ${e.messageId}`,
  deleted: (e) => `deleted message ${e.messageId}` + (e.hard ? ", text and all" : ""),
  expired: (e) => `message ${e.messageId} has expired`,
  reacted: (e) => `put ${e.text || "something"} on message ${e.messageId}`,
  unreacted: (e) => `took ${e.text || "something"} off message ${e.messageId}`,
  member_added: (e) => `made ${e.user} a ${e.text}`,
  member_removed: (e) => (e.by === e.user ? "left" : `removed ${e.user}`),
  mute: (e) => `muted ${e.user}`,
  unmute: (e) => `unmuted ${e.user}`,
  ban: (e) => `banned ${e.user}`,
  unban: (e) => `unbanned ${e.user}`,
  kick: (e) => `kicked ${e.user}`,
  room_changed: (e) => `made it “${e.text}”, a ${e.name} room`,
  pinned: (e) => `pinned message ${e.messageId}`,
  unpinned: () => "unpinned what was pinned",
  room_deleted: () => "deleted the room",
  purged: (e) => `erased ${e.user ? "what " + e.user + " said" : "everything"} in ${e.text}`,
};
const SANCTIONS = ["mute", "unmute", "ban", "unban", "kick"];

export function timeline(context, room) {
  const base = `${context.base}rooms/${part(room)}/events?`;
  const log = h("ol", { class: "log", "aria-label": "What happened in the room, oldest first" });
  const box = h("div", { class: "logbox", tabindex: "0", role: "region", "aria-label": "Timeline" }, log);
  const older = button("Older", loadOlder, "wide");
  const live = h("input", { type: "checkbox", checked: true, id: "live" });
  const state = h("span", { class: "muted small", role: "status" });
  let first = 0;
  let last = 0;

  function rows(events) {
    return events.map(row);
  }

  function row(e) {
    const about = h(
      "span",
      { class: "meta" },
      time(e.at),
      h("span", { class: "num", title: "its place in the room's log" }, "#" + e.seq),
    );
    if (e.kind === "posted") {
      return h(
        "li",
        { class: "message" },
        about,
        h("b", {}, e.by),
        h(
          "div",
          { class: "said" },
          e.label && badge(e.label, "tool"),
          e.whisper ? badge("whisper: its text is not for operators", "") : e.hidden && badge("expired"),
          h("p", {}, e.text || (e.hidden || e.whisper ? "" : h("i", { class: "muted" }, e.streamed ? "written bit by bit" : "no text: deleted"))),
          (e.attachments || []).map((file) =>
            h("p", { class: "file" }, "📎 ", file.name || "file", " ", h("span", { class: "muted" }, file.url)),
          ),
        ),
        link([context.project, "explain", String(e.messageId)], "explain"),
      );
    }
    if (e.kind.startsWith("tool_") || e.kind === "run") {
      const title =
        e.kind === "run"
          ? `run ${e.status}`
          : `${e.name}: ${{ tool_call: "called", tool_result: "result", tool_error: "error" }[e.kind]}`;
      const tone = e.kind === "tool_error" || ["failed", "interrupted"].includes(e.status) ? "bad" : "tool";
      return h(
        "li",
        { class: "tool" },
        about,
        h("b", {}, e.by),
        h(
          "details",
          {},
          h("summary", {}, badge(title, tone), " ", h("span", { class: "muted small" }, e.runId)),
          h("pre", {}, pretty(e.text)),
        ),
      );
    }
    const words = (WORDS[e.kind] || (() => e.kind))(e);
    return h(
      "li",
      { class: SANCTIONS.includes(e.kind) ? "event sanction" : "event" },
      about,
      h(
        "span",
        {},
        h("b", {}, e.by),
        " ",
        words,
        e.until !== undefined && (e.until ? [" until ", time(e.until)] : " for good"),
        SANCTIONS.includes(e.kind) && e.text && ` “${e.text}”`,
      ),
      e.kind === "edited" && !e.whisper && h("p", { class: "said" }, e.text),
    );
  }

  function pretty(json) {
    try {
      return JSON.stringify(JSON.parse(json), null, 2);
    } catch {
      return json;
    }
  }

  async function begin() {
    const page = await get(base);
    fill(log, rows(page.events));
    first = page.events[0]?.seq ?? 1;
    last = page.events.at(-1)?.seq ?? 0;
    if (page.events.length === 0) fill(log, h("li", { class: "empty" }, "Nothing has happened here yet."));
    older.hidden = first <= 1;
    box.scrollTop = box.scrollHeight;
    every(TAIL_MS, context.signal, async () => {
      if (live.checked) await look();
    });
  }

  async function loadOlder() {
    await attempt(async () => {
      const page = await get(`${base}before=${first}`);
      const height = box.scrollHeight;
      log.prepend(...rows(page.events));
      first = page.events[0]?.seq ?? 1;
      older.hidden = first <= 1;
      box.scrollTop += box.scrollHeight - height;
    });
  }

  async function look() {
    try {
      const page = await get(`${base}after=${last}`);
      state.textContent = "";
      if (page.events.length === 0) return;
      if (last === 0) fill(log);
      const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
      last = page.events.at(-1).seq;
      log.append(...rows(page.events));
      while (log.children.length > SHOWN_MAX) {
        log.firstChild.remove();
        first += 1;
        older.hidden = false;
      }
      if (atEnd) box.scrollTop = box.scrollHeight;
    } catch (e) {
      state.textContent = e.message;
      throw e;
    }
  }

  const node = h(
    "section",
    { class: "card timeline" },
    h(
      "div",
      { class: "row between" },
      h("h2", {}, "Timeline"),
      h("span", { class: "row" }, state, h("label", { class: "row" }, live, "Live")),
    ),
    older,
    box,
  );
  return { node, begin, look };
}
