// A project: its name, plan, use, keys and secret.

import { api, get, part } from "./api.js";
import { ask, attempt, badge, button, card, field, fill, h, number, select, showOnce, table, time } from "./dom.js";

const PLANS = ["free", "starter", "pro", "team", "growth"];
const METRICS = {
  messages: "Messages",
  agent_invokes: "Agent calls",
  webhook_deliveries: "Webhook deliveries",
};

export async function project(context, main) {
  const own = `${context.chat}admin/projects/${part(context.project)}`;

  async function look() {
    const now = await get(`projects/${part(context.project)}`);
    fill(main, h("h1", {}, "Project and keys"), h("div", { class: "columns" }, about(now), usage(now), keys(now), secret(now)));
  }

  function about(now) {
    const name = h("input", { type: "text", required: true, maxlength: 256, value: now.name });
    const plan = select([...(now.plan ? [] : [["", "none: the host's own limits"]]), ...PLANS.map((each) => [each, each])], now.plan || "");
    return card(
      "About",
      h("dl", { class: "facts" }, h("dt", {}, "Id"), h("dd", { class: "mono" }, now.id), h("dt", {}, "Made"), h("dd", {}, time(now.createdAt))),
      h(
        "form",
        {
          onsubmit: async (event) => {
            event.preventDefault();
            if (await attempt(() => api("PATCH", own, { name: name.value }), "Renamed")) await context.reloadProjects();
          },
        },
        field("Name", name),
        h("button", { type: "submit" }, "Rename"),
      ),
      context.all &&
        h(
          "form",
          {
            onsubmit: async (event) => {
              event.preventDefault();
              if (plan.value && (await attempt(() => api("POST", context.base + "plan", { plan: plan.value }), "Plan chosen"))) await look();
            },
          },
          field("Plan", plan, "sets the monthly quotas"),
          h("button", { type: "submit" }, "Choose"),
        ),
    );
  }

  function usage(now) {
    return card(
      `Use in ${now.usage[0].month}`,
      now.usage.map((each) => {
        const share = each.max ? Math.min(1, each.used / each.max) : 0;
        const text = each.max ? `${number(each.used)} of ${number(each.max)}` : `${number(each.used)}, no quota`;
        const id = "use-" + each.metric;
        return h(
          "div",
          { class: "use" },
          h("div", { class: "row between" }, h(each.max ? "label" : "span", { for: each.max ? id : undefined }, METRICS[each.metric] || each.metric), h("span", { class: "num" }, text)),
          each.max > 0 && h("meter", { id, min: 0, max: 1, high: 0.9, optimum: 0, value: share }),
        );
      }),
    );
  }

  function keys(now) {
    return card(
      "API keys",
      table(
        ["Begins with", "Made", "Good until", ""],
        now.keys.map((key) => [
          h("code", {}, key.prefix),
          time(key.createdAt),
          key.validUntil === null ? "no end" : time(key.validUntil),
          h("span", { class: "row end" }, revoking(key)),
        ]),
        "No key is good: the project's servers can't ask for tokens.",
      ),
      button("Rotate…", rotateKey, "primary"),
    );
  }

  function revoking(key) {
    const b = button("Revoke…", () => revoke(key), "danger");
    b.setAttribute("aria-label", "Revoke the key that begins with " + key.prefix);
    return b;
  }

  function overlap() {
    return select(
      [
        ["3600", "an hour"],
        ["86400", "a day"],
        ["604800", "a week"],
        ["0", "not at all"],
      ],
      "3600",
    );
  }

  async function rotateKey() {
    const stays = overlap();
    const seconds = await ask({
      title: "A new API key",
      text: "The keys there are now stay good for a while, so that servers can change over.",
      fields: [field("They stay good for", stays)],
      action: "Make it",
      read: () => stays.value,
    });
    if (seconds === null) return;
    await attempt(async () => {
      const made = await api("POST", own + "/keys/rotate", { overlapSeconds: Number(seconds) });
      await showOnce("The new API key", made.key.apiKey, "It is shown only now.");
    });
    await look();
  }

  async function revoke(key) {
    const sure = await ask({
      title: "Revoke a key",
      text: "Whoever uses it is refused from now on.",
      name: key.prefix,
      action: "Revoke",
      danger: true,
    });
    if (sure && (await attempt(() => api("POST", own + "/keys/revoke", { keyPrefix: key.prefix }), "Revoked"))) await look();
  }

  function secret(now) {
    return card(
      "Token secret",
      h("p", { class: "muted" }, "Signs the tokens of the project's users. Servers that sign tokens themselves need the new one."),
      now.previousSecretIsGood && h("p", {}, badge("two secrets are good", "warn"), " the former one until ", time(now.previousSecretUntil)),
      button("Rotate…", rotateSecret, "danger"),
    );
  }

  async function rotateSecret() {
    const stays = overlap();
    const seconds = await ask({
      title: "A new token secret",
      text: "Tokens of the secret there is now stay good for a while; then whoever still has one is refused.",
      fields: [field("They stay good for", stays)],
      name: context.project,
      action: "Rotate",
      danger: true,
      read: () => stays.value,
    });
    if (seconds === null) return;
    await attempt(async () => {
      const made = await api("POST", own + "/secret/rotate", { overlapSeconds: Number(seconds) });
      await showOnce("The new token secret", made.secret.jwtSecret, "It is shown only now.");
    });
    await look();
  }

  await look();
}
