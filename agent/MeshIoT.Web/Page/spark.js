// The small picture of a value's recent past.
import { svg } from "./dom.js";

const W = 100, H = 30;

/** An empty picture; draw() fills it. */
export function spark() {
  const area = svg("path", { class: "area" }), line = svg("path", { class: "line" });
  const root = svg("svg", { class: "spark", viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", "aria-hidden": "true" }, area, line);
  return { root, draw: points => draw(area, line, points) };
}

/** The points of a sensor: the last day in equal parts where there is history of some hours, else what came since the page was opened. */
export function recentOf(sensor, live) {
  if (sensor.recent?.filter(v => v !== null).length > 3) {
    const known = sensor.recent.map((v, i) => [i, v]);
    if (sensor.value !== undefined) known.push([sensor.recent.length, sensor.value]);
    return known;
  }
  return live ?? [];
}

function draw(area, line, points) {
  const values = points.filter(p => p[1] !== null).map(p => p[1]);
  if (values.length < 2) {
    line.setAttribute("d", "");
    area.setAttribute("d", "");
    return;
  }
  let low = Math.min(...values), high = Math.max(...values);
  const least = Math.max(Math.abs(high) * 0.002, 1e-9);
  if (high - low < least) { const middle = (low + high) / 2; low = middle - least; high = middle + least; }
  const first = points[0][0], span = Math.max(points[points.length - 1][0] - first, 1);
  const x = p => ((p[0] - first) / span * W).toFixed(1), y = p => (H - 2 - (p[1] - low) / (high - low) * (H - 4)).toFixed(1);
  let d = "", fill = "", start = null, last = null;
  const close = () => { if (start) fill += ` L${x(last)} ${H} L${x(start)} ${H} Z`; };
  for (const p of points) {
    if (p[1] === null) { close(); start = null; continue; }
    const at = `${x(p)} ${y(p)}`;
    d += (start ? " L" : " M") + at;
    fill += (start ? " L" : " M") + at;
    start ??= p;
    last = p;
  }
  close();
  line.setAttribute("d", d);
  area.setAttribute("d", fill);
}
