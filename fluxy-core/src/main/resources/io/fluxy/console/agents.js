// Agents, what they have done, and what it cost.

import { api, every, get, part } from "./api.js";
import { ask, attempt, badge, button, card, changes, fill, h, link, number, table, time } from "./dom.js";

const TONES = { completed: "ok", failed: "bad", interrupted: "bad", cancelled: "warn", running: "tool" };
const cost = (n) => (n ? Number(n).toFixed(4) : "0");

export async function agents(context, main) {
  return context.rest[0] ? runs(context, main, context.rest[0]) : list(context, main);
}

async function list(context, main) {
  async function look() {
    const [all, spent] = await Promise.all([get(context.chat + "agents"), get(context.chat + "stats/ai")]);
    const figure = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    fill(
      main,
      h("h1", {}, "Agents"),
      card(
        "So far",
        h(
          "dl",
          { class: "figures" },
          figure("Runs", number(spent.runs)),
          figure("Tokens in", number(spent.inputTokens)),
          figure("Tokens out", number(spent.outputTokens)),
          figure("Cost, as reported", cost(spent.estimatedCost)),
        ),
      ),
      table(
        ["Agent", "Name", "Provider", "Model", "Made", ""],
        all.agents.map((agent) => [
          link([context.project, "agents", agent.id], "@" + agent.handle),
          agent.name,
          agent.provider ?? "–",
          agent.model ?? "–",
          time(agent.createdAt ?? agent.created_at),
          h("span", { class: "row end" }, button("Remove…", () => remove(agent), "danger")),
        ]),
        "This project has no agents.",
      ),
    );
  }

  async function remove(agent) {
    const sure = await ask({
      title: "Remove an agent",
      text: "What it said and its runs stay.",
      name: agent.handle,
      action: "Remove",
      danger: true,
    });
    if (sure && (await attempt(() => api("DELETE", `${context.chat}agents/${part(agent.id)}`), "Removed"))) await look();
  }

  await look();
}

async function runs(context, main, id) {
  const found = h("div");
  const isNew = changes();
  fill(main, h("p", { class: "crumbs" }, link([context.project, "agents"], "Agents"), " / "), h("h1", {}, id), found);
  async function look() {
    const all = (await get(`${context.chat}agents/${part(id)}/runs?limit=100`)).runs;
    if (!isNew(all)) return;
    const sum = (name) => all.reduce((total, run) => total + Number(run[name] || 0), 0);
    fill(
      found,
      h("p", { class: "muted" }, `The newest ${all.length} runs: ${number(sum("input_tokens"))} tokens in, ${number(sum("output_tokens"))} out, cost ${cost(sum("estimated_cost"))}.`),
      table(
        ["Run", "State", "Room", "Took", "Tokens in / out", "Cost", "Tools", "Begun"],
        all.map((run) => [
          h("code", { class: "break" }, run.id ?? "–"),
          h("span", {}, badge(run.status ?? "?", TONES[run.status]), run.error && h("div", { class: "small bad break" }, run.error)),
          run.room_id ? link([context.project, "rooms", run.room_id], run.room_id) : "–",
          run.latency_ms === undefined ? "–" : number(run.latency_ms) + " ms",
          `${number(run.input_tokens)} / ${number(run.output_tokens)}`,
          cost(run.estimated_cost),
          (run.tool_calls || []).map((call) => call.name).join(", ") || "–",
          time(run.created_at),
        ]),
        "It has not been asked yet.",
      ),
    );
  }
  await look();
  every(5000, context.signal, look);
}
