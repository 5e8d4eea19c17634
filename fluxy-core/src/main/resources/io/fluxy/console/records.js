// What users have complained about, and what operators have done.

import { every, get } from "./api.js";
import { changes, fill, h, link, table, time } from "./dom.js";

export async function reports(context, main) {
  const found = h("div");
  const isNew = changes();
  fill(main, h("h1", {}, "Reports"), found);
  async function look() {
    const all = (await get(context.chat + "admin/reports?limit=200")).reports;
    if (!isNew(all)) return;
    fill(
      found,
      table(
        ["When", "Room", "By", "About", "Reason"],
        all.map((each) => [
          time(each.created_at),
          link([context.project, "rooms", each.room_id], each.room_id),
          each.user_id,
          each.target_message_id === null
            ? "the room"
            : link([context.project, "explain", String(each.target_message_id)], "message " + each.target_message_id),
          h("span", { class: "break" }, each.reason || "–"),
        ]),
        "Nobody has complained.",
      ),
    );
  }
  await look();
  every(10000, context.signal, look);
}

export async function audit(context, main) {
  const found = h("div");
  const wanted = h("input", { type: "search", placeholder: "Who, what or about whom", "aria-label": "Filter the audit log" });
  let all = [];
  const isNew = changes();
  function draw() {
    const part = wanted.value.trim().toLowerCase();
    const shown = all.filter((each) => [each.actor_user_id, each.action, each.target_id, each.metadata_json].some((text) => String(text).toLowerCase().includes(part)));
    fill(
      found,
      table(
        ["When", "Who", "What", "About", "Details"],
        shown.map((each) => [
          time(each.created_at),
          h("span", {}, each.actor_user_id, " ", h("span", { class: "muted small" }, each.actor_roles)),
          h("code", {}, each.action),
          h("span", { class: "break" }, h("span", { class: "muted small" }, each.target_type), " ", each.target_id),
          h("code", { class: "small break" }, each.metadata_json === "{}" ? "" : each.metadata_json),
        ]),
        part ? `Nothing among the newest 200 has “${wanted.value}”.` : "Nobody has done anything yet.",
      ),
    );
  }
  wanted.addEventListener("input", draw);
  fill(main, h("h1", {}, "Audit log"), h("div", { class: "row" }, wanted), found);
  async function look() {
    all = (await get(context.chat + "admin/audit/events?limit=200")).events;
    if (isNew(all)) draw();
  }
  await look();
  every(10000, context.signal, look);
}
