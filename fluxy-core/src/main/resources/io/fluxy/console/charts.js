// Small line charts in SVG.

import { h, fill } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const HEIGHT = 64;

function s(tag, props) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(props)) element.setAttribute(name, String(value));
  return element;
}

/**
 * A chart. `update(times, series)` draws lists of numbers, where null leaves a hole; the first
 * series is the one that is named by its last value.
 */
export function chart(title, { format = String, names = [""], note = "" } = {}) {
  const now = h("strong", { class: "figure" }, "–");
  const top = h("span", { class: "muted small" });
  const readout = h("span", { class: "muted small", "aria-hidden": "true" });
  const svg = s("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    class: "plot",
    role: "img",
  });
  const area = s("path", { class: "area" });
  const lines = names.map((name, i) => s("path", { class: "line l" + i }));
  const cursor = s("line", { class: "cursor", y1: 0, y2: HEIGHT, x1: -9, x2: -9 });
  svg.append(s("line", { class: "base", x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1 }));
  svg.append(area, ...lines, cursor);
  let last = { times: [], series: [] };

  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const i = Math.round(((event.clientX - box.left) / box.width) * (last.times.length - 1));
    if (last.times[i] === undefined) return;
    const x = (i / Math.max(1, last.times.length - 1)) * WIDTH;
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    const values = last.series.map((values, n) => (names[n] + " " + shown(values[i])).trim());
    readout.textContent = new Date(last.times[i]).toLocaleTimeString() + "  " + values.join("  ");
  });
  svg.addEventListener("pointerleave", () => {
    cursor.setAttribute("x1", -9);
    cursor.setAttribute("x2", -9);
    readout.textContent = note;
  });
  readout.textContent = note;

  const shown = (value) => (value === null || value === undefined ? "–" : format(value));

  function path(values, max) {
    let d = "";
    let pen = "M";
    values.forEach((value, i) => {
      if (value === null) {
        pen = "M";
        return;
      }
      const x = (i / Math.max(1, values.length - 1)) * WIDTH;
      const y = HEIGHT - 2 - (value / max) * (HEIGHT - 6);
      d += pen + x.toFixed(1) + " " + y.toFixed(1);
      if (pen === "M") d += "h1.5"; // so that a point of its own is seen
      pen = "L";
    });
    return d;
  }

  const node = h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, h("span", {}, title), now),
    svg,
    h("div", { class: "row between" }, readout, top),
  );
  return {
    node,
    update(times, series) {
      last = { times, series };
      const all = series.flat().filter((value) => value !== null);
      const max = Math.max(1, ...all);
      const current = series.map((values) => shown(values.at(-1)));
      fill(now, names.length > 1 ? current.map((value, i) => [i ? " / " : "", value]) : current[0] ?? "–");
      series.forEach((values, i) => lines[i].setAttribute("d", path(values, max)));
      const solid = series[0].every((value) => value !== null) && times.length > 1;
      area.setAttribute("d", solid ? path(series[0], max) + `L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z` : "");
      top.textContent = all.length ? "max " + format(Math.max(...all)) : "nothing yet";
      svg.setAttribute("aria-label", `${title}: ${current.join(", ")} now, ${top.textContent}`);
    },
  };
}
