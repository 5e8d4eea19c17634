// Webhooks: where events go, and how they got there.

import { api, every, get, part } from "./api.js";
import { ask, attempt, badge, button, card, changes, field, fill, h, number, select, table, time } from "./dom.js";

const TONES = { delivered: "ok", pending: "warn", failed: "bad" };

export async function webhooks(context, main) {
  const endpoints = h("div");
  const deliveries = h("div");
  const status = select(
    [
      ["", "all"],
      ["pending", "pending"],
      ["failed", "given up"],
      ["delivered", "delivered"],
    ],
    "",
    { "aria-label": "Which deliveries", onchange: () => drawDeliveries() },
  );
  const types = (await get(context.chat + "webhooks/event-types")).events;
  let hooks = [];
  let rows = [];
  const isNew = changes();
  fill(
    main,
    h("h1", {}, "Webhooks"),
    card("Endpoints", endpoints, button("Add an endpoint…", () => edit(null), "primary")),
    card("Newest deliveries", h("div", { class: "row" }, h("label", { class: "row" }, "Show", status)), deliveries),
  );

  async function look() {
    const [summary, newest] = await Promise.all([
      get(context.chat + "admin/webhooks/summary"),
      get(context.chat + "admin/webhooks/deliveries?limit=200"),
    ]);
    if (!isNew([summary, newest])) return;
    hooks = summary.webhooks;
    rows = newest.deliveries;
    drawEndpoints();
    drawDeliveries();
  }

  function drawEndpoints() {
    fill(
      endpoints,
      table(
        ["Address", "Told of", "Last delivery", "Failures in a row", ""],
        hooks.map((hook) => [
          h("span", { class: "break" }, hook.url),
          h("span", { class: "small break" }, hook.eventTypes.split(",").join(", ")),
          hook.lastDelivery
            ? h("span", {}, badge(hook.lastDelivery.status, TONES[hook.lastDelivery.status]), " ", hook.lastDelivery.lastHttpStatus || hook.lastDelivery.lastError || "")
            : "none yet",
          h("span", { class: hook.consecutiveFailures ? "bad num" : "num" }, number(hook.consecutiveFailures)),
          h("span", { class: "row end" }, named("Change…", "Change " + hook.url, () => edit(hook)), named("Remove…", "Remove " + hook.url, () => remove(hook), "danger")),
        ]),
        "No endpoint is told of anything.",
      ),
    );
  }

  function named(label, name, onclick, kind) {
    const b = button(label, onclick, kind);
    b.setAttribute("aria-label", name);
    return b;
  }

  function drawDeliveries() {
    const urls = new Map(hooks.map((hook) => [hook.webhookId, hook.url]));
    const shown = rows.filter((each) => !status.value || each.status === status.value);
    fill(
      deliveries,
      table(
        ["Event", "To", "State", "Attempts", "Answer", "Made", "Next", ""],
        shown.map((each) => [
          h("code", {}, each.event_type),
          h("span", { class: "small break" }, urls.get(each.webhook_id) || each.webhook_id),
          badge(each.status === "failed" ? "given up" : each.status, TONES[each.status]),
          h("span", { class: "num" }, each.attempt_count),
          h("span", { class: "small break" }, [each.last_http_status, each.last_error].filter(Boolean).join(" ") || "–"),
          time(each.created_at),
          each.status === "pending" ? time(each.next_attempt_at) : "–",
          h("span", { class: "row end" }, named("Replay", "Replay delivery " + each.id, () => replay(each))),
        ]),
        status.value ? "No delivery among the newest is in this state." : "Nothing was delivered yet.",
      ),
    );
  }

  async function replay(each) {
    if (await attempt(() => api("POST", `${context.chat}admin/webhooks/deliveries/${part(each.id)}/replay`), "It is delivered again")) await look();
  }

  async function edit(hook) {
    const url = h("input", { type: "url", required: true, maxlength: 2048, value: hook?.url ?? "https://" });
    const secret = h("input", { type: "password", maxlength: 256, autocomplete: "new-password" });
    const chosen = new Set(hook ? hook.eventTypes.split(",") : ["message.created"]);
    const boxes = types.map((type) => h("input", { type: "checkbox", value: type, checked: chosen.has(type) }));
    const body = await ask({
      title: hook ? "Change an endpoint" : "A new endpoint",
      fields: [
        field("Address", url, "https, and public, unless the host allows others"),
        h(
          "fieldset",
          { class: "checks" },
          h("legend", {}, "Told of"),
          boxes.map((box) => h("label", { class: "row" }, box, box.value)),
        ),
        field(hook ? "New secret" : "Secret", secret, hook ? "empty: as it is" : "signs what is sent; empty: nothing is signed"),
      ],
      action: hook ? "Change" : "Add",
      read: () => ({
        url: url.value,
        eventTypes: boxes.filter((box) => box.checked).map((box) => box.value),
        ...(secret.value && { secret: secret.value }),
      }),
    });
    if (!body) return;
    const done = await attempt(
      () => (hook ? api("PATCH", `${context.chat}webhooks/${part(hook.webhookId)}`, body) : api("POST", context.chat + "webhooks/register", body)),
      hook ? "Changed" : "Added",
    );
    if (done) await look();
  }

  async function remove(hook) {
    const sure = await ask({
      title: "Remove an endpoint",
      text: "With all that it was still to be told.",
      name: hostOf(hook.url),
      action: "Remove",
      danger: true,
    });
    if (sure && (await attempt(() => api("DELETE", `${context.chat}webhooks/${part(hook.webhookId)}`), "Removed"))) await look();
  }

  function hostOf(url) {
    try {
      return new URL(url).host;
    } catch {
      return url;
    }
  }

  await look();
  every(5000, context.signal, look);
}
