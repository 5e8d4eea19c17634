// How the engine fares, and how the project does.

import { every, get } from "./api.js";
import { badge, bytes, card, fill, h, number, table } from "./dom.js";
import { chart } from "./charts.js";

const LOOK_MS = 5000;
const DURABILITY = {
  NONE: "messages are kept in memory only",
  PROCESS: "messages survive a crash of this process",
  POWER: "messages survive a power loss",
};
const ms = (n) => (n === 0 ? "<1 ms" : n + " ms");

export async function overview(context, main) {
  const state = h("div", { class: "row wrap" });
  const engine = h("div");
  const own = h("div");
  const charts = {
    connections: chart("Connections", { format: number, note: "sockets and event streams" }),
    messages: chart("Messages / s", { format: (n) => (n < 10 ? n.toFixed(1) : number(Math.round(n))) }),
    latency: chart("Latency", { format: ms, names: ["p50", "p99"], note: "p50 / p99, numbered to told" }),
    rooms: chart("Rooms in memory", { format: number }),
    letters: chart("Waiting in rooms", { format: number, names: ["all", "deepest"], note: "commands, all / deepest room" }),
    waiting: chart("Waiting for slow clients", { format: bytes }),
    listeners: chart("Waiting for listeners", { format: number, note: "events" }),
  };
  const messages = chart("Messages by minute", { format: number, note: "this project, last hour" });
  const figures = h("dl", { class: "figures" });
  const alerts = h("div");
  fill(
    main,
    h("h1", {}, "Overview"),
    context.all && [state, h("div", { class: "charts" }, Object.values(charts).map((each) => each.node)), engine],
    h("h2", {}, "Project ", h("code", {}, context.project)),
    alerts,
    h("div", { class: "charts wide" }, messages.node, h("div", { class: "card" }, figures)),
    own,
  );

  async function look() {
    try {
      await Promise.all([context.all && lookAtEngine(), lookAtProject()]);
    } catch (e) {
      fill(state, badge(e.message, "bad"));
      throw e;
    }
  }

  async function lookAtEngine() {
    const now = await get("overview");
    fill(
      state,
      badge(now.health.ok ? "Healthy" : "Not healthy", now.health.ok ? "ok" : "bad"),
      badge(now.health.storeWrites ? "database writes" : "database does not write", now.health.storeWrites ? "" : "bad"),
      badge(now.health.tasksRun ? "tasks run" : "tasks are late", now.health.tasksRun ? "" : "bad"),
      badge(DURABILITY[now.health.durability] ?? now.health.durability, now.health.durability === "NONE" ? "warn" : ""),
      now.connections.waiting > 0 && badge(now.connections.waiting + " connections are behind", "warn"),
    );
    const seconds = now.sampleMs / 1000;
    const column = (i) => now.samples.map((sample) => sample[i]);
    const orNull = (n) => (n < 0 ? null : n);
    const times = [...column(0), now.now];
    const last = now.samples.at(-1);
    charts.connections.update(times, [[...column(1), now.connections.open]]);
    charts.rooms.update(times, [[...column(2), now.rooms]]);
    charts.messages.update(column(0), [column(3).map((n) => n / seconds)]);
    charts.latency.update(column(0), [column(4).map(orNull), column(5).map(orNull)]);
    charts.letters.update(times, [[...column(8), now.letters.waiting], [...column(9), now.letters.deepest]]);
    charts.waiting.update(times, [[...column(6), now.connections.waitingBytes]]);
    const waits = now.listeners.reduce((sum, each) => sum + each.waiting, 0);
    charts.listeners.update(times, [[...column(7), last ? waits : 0]]);
    fill(
      engine,
      h(
        "p",
        { class: "muted small" },
        `Since it started this engine has posted ${number(now.messages)} messages and saved ${number(now.events)} events.`,
        now.listeners.length > 0 && " Listeners: ",
        now.listeners
          .map((each) => `${number(each.heard)} heard, ${number(each.missed)} missed, ${number(each.failed)} failed`)
          .join("; "),
      ),
    );
  }

  async function lookAtProject() {
    const [now, health, found] = await Promise.all([
      get(context.base + "overview"),
      get(context.chat + "stats/slo"),
      get(context.chat + "stats/alerts"),
    ]);
    const byMinute = now.messagesByMinute;
    const minute = Date.now() - (Date.now() % 60000);
    messages.update(
      byMinute.map((n, i) => minute - (byMinute.length - 1 - i) * 60000),
      [byMinute.toReversed()],
    );
    const hour = now.lastHour;
    const figure = (name, value, tone) => h("div", {}, h("dt", {}, name), h("dd", { class: tone || "" }, value));
    fill(
      figures,
      figure("Rooms", number(now.rooms)),
      figure("Connections", number(now.connections.open)),
      figure("Messages, last hour", number(hour.messages_created)),
      figure("Requests, last hour", number(hour.requests_total)),
      figure("Requests failed", number(hour.requests_error), hour.requests_error ? "bad" : ""),
      figure("Webhooks waiting", number(now.deliveries.pending) + (now.deliveries.pending === 200 ? " or more" : ""), now.deliveries.pending ? "warn" : ""),
      figure("Webhooks given up", number(now.deliveries.failed), now.deliveries.failed ? "bad" : ""),
      figure("Agent runs", number(hour.agent_runs) + (hour.agent_runs_failed ? `, ${hour.agent_runs_failed} failed` : "")),
    );
    fill(
      alerts,
      found.alerts.length === 0
        ? h("p", {}, badge("No alerts", "ok"), " ", h("span", { class: "muted" }, `Health ${health.sloStatus.healthScore} of 100`))
        : h("ul", { class: "alerts" }, found.alerts.map((each) => h("li", {}, badge(each.level, "warn"), " ", each.message))),
    );
  }

  try {
    await look();
  } catch {
    // shown in the page
  }
  every(LOOK_MS, context.signal, look);
}
