// The view "History": plots of chosen sensors over a chosen time.
import { el, say, text } from "./dom.js";
import { nearest, Plot } from "./plot.js";
import { nameOf } from "./sensors.js";
import { get, now, on, store } from "./store.js";
import { shown } from "./units.js";
import { number, when } from "./words.js";

const ranges = [["1h", "hour", 3600e3], ["1d", "day", 864e5], ["1w", "week", 6048e5], ["1m", "month", 2592e6], ["1y", "year", 31536e6]];
const MostSeries = 8, Points = 600, TableRows = 200;

/** Shows the view in root for the sensors and the time that the address names; gives back what ends it. */
export function historyView(root, query) {
  let chosen = query.getAll("s").slice(0, MostSeries), range = ranges.some(r => r[0] === query.get("r")) ? query.get("r") : "1d";
  let zoomed = query.has("from") && +query.get("to") > +query.get("from") ? [+query.get("from"), +query.get("to")] : null;
  let series = [], asked = 0, soon = 0, ended = false, fetched = null;

  const canvas = el("canvas", { tabindex: "0", role: "img", "aria-describedby": "plot-keys" });
  const wait = el("span", { class: "wait", hidden: true }, "loading …"), read = el("div", { class: "read" });
  const buttons = ranges.map(([key, word]) => el("button", { type: "button", class: "button", "aria-label": "The last " + word, click: () => { range = key; zoomed = null; go(); } }, key));
  const back = el("button", { type: "button", class: "button", hidden: true, click: () => { zoomed = null; go(); } }, "Whole time");
  const csv = el("a", { class: "button", download: true }, "CSV"), pick = el("fieldset", { class: "pick" }), none = el("p", { class: "note" });
  const table = el("details", { class: "table" }, el("summary", {}, "The same as a table")), grid = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Values" });
  table.append(grid);
  table.addEventListener("toggle", showTable);
  const shell = el("div", { class: "plot" }, canvas, wait);
  const keys = el("p", { class: "hint", id: "plot-keys" }, matchMedia("(hover: none)").matches ? "Pinch to zoom, drag to move, touch to read."
    : "Drag to zoom, Shift and drag to move, wheel or pinch to zoom. Keys: arrows move the cursor, + and − zoom, Shift and arrows move on.");
  root.append(
    el("div", { class: "bar" }, el("h2", {}, "History"), back, el("div", { class: "group", role: "group", "aria-label": "Time shown" }, ...buttons), csv),
    el("div", { class: "history" }, el("section", { class: "panel", "aria-label": "Plot" }, read, shell, none, keys, table), el("section", { class: "panel", "aria-label": "Sensors" }, pick)));
  const plot = new Plot(canvas, (from, to) => { zoomed = [from, to]; clearTimeout(soon); soon = setTimeout(go, 250); marks(); }, showCursor);

  function go() {
    const q = new URLSearchParams();
    for (const s of chosen) q.append("s", s);
    if (range !== "1d") q.set("r", range);
    if (zoomed) { q.set("from", Math.round(zoomed[0])); q.set("to", Math.round(zoomed[1])); }
    history.replaceState(null, "", "#/history" + (q.size ? "?" + q : ""));
    marks();
    load();
  }

  function span() {
    const to = now();
    return zoomed ?? [to - ranges.find(r => r[0] === range)[2], to];
  }

  function marks() {
    ranges.forEach(([key], i) => buttons[i].setAttribute("aria-pressed", !zoomed && key === range));
    back.hidden = !zoomed;
  }

  async function load() {
    const [from, to] = span(), turn = ++asked;
    csv.hidden = !chosen.length;
    csv.href = `/api/v1/history.csv?${new URLSearchParams([["sensor", chosen.join()], ["from", new Date(from).toISOString()], ["to", new Date(to).toISOString()]])}`;
    wait.hidden = !chosen.length;
    try {
      const room = (to - from) * 0.02;
      const found = await Promise.all(chosen.map((key, i) => seriesOf(key, i, from - room, to + room)));
      if (ended || turn !== asked) return;
      series = found;
      fetched = [from, to];
      text(none, !chosen.length ? "Choose sensors to see what they were." : series.every(s => !s.points.length) ? "Nothing was kept for this time." : "");
    } catch (e) {
      if (ended || turn !== asked) return;
      text(none, "There is no history to show: " + e.message);
      series = [];
    }
    wait.hidden = true;
    none.hidden = !none.textContent;
    shell.hidden = keys.hidden = table.hidden = !series.some(s => s.points.length);
    canvas.setAttribute("aria-label", series.length ? `Plot of ${series.map(s => s.name).join(", ")} from ${when(from)} to ${when(to)}` : "Plot");
    plot.show(series, from, to);
    showCursor(null);
    showTable();
  }

  async function seriesOf(key, i, from, to) {
    const q = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), points: Points });
    const answer = await get(`/api/v1/sensors/${encodeURIComponent(key)}/history?${q}`), s = store.sensors.get(key), way = shown(answer.unit ?? s?.unit ?? "", s?.decimals ?? 2);
    return {
      id: key, name: s ? nameOf(s) : key, unit: way.unit, decimals: way.decimals, color: i, step: answer.stepMs || usual(answer.points),
      points: answer.points.map(p => [p.t, way.of(p.min), way.of(p.mean), way.of(p.max)]),
    };
  }

  // Measured values have no span: what lies between most of them stands for it, at least a second.
  function usual(points) {
    const between = points.slice(1).map((p, k) => p.t - points[k].t).sort((a, b) => a - b);
    return Math.max(1000, between[between.length >> 1] ?? 60000);
  }

  function showCursor(t) {
    const [from, to] = zoomed ?? fetched ?? span();
    const rows = series.map(s => {
      const p = t === null ? s.points[s.points.length - 1] : nearest(s, t);
      const words = p ? number(p[2], s.decimals) + " " + s.unit + (p[3] > p[1] ? ` (${number(p[1], s.decimals)} to ${number(p[3], s.decimals)})` : "") : "nothing";
      return [s, words];
    });
    read.replaceChildren(el("time", {}, t === null ? (series.length ? `${when(from)} to ${when(to)}` : "") : when(t)),
      ...rows.map(([s, words]) => el("span", {}, el("span", { class: "swatch s" + s.color }), s.name + ": ", el("strong", {}, words))));
    if (t !== null && document.activeElement === canvas) say(when(t) + ": " + rows.map(([s, words]) => s.name + " " + words).join(", "));
  }

  function showTable() {
    if (!table.open || !series.length) return;
    const times = [...new Set(series.flatMap(s => s.points.map(p => p[0])))].sort((a, b) => b - a), shownTimes = times.slice(0, TableRows);
    const at = series.map(s => new Map(s.points.map(p => [p[0], p])));
    grid.replaceChildren(el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Time"), ...series.map(s => el("th", { scope: "col", class: "n" }, `${s.name} (${s.unit})`)))),
      el("tbody", {}, ...shownTimes.map(t => el("tr", {}, el("td", {}, when(t)), ...series.map((s, i) => el("td", { class: "n" }, at[i].has(t) ? number(at[i].get(t)[2], s.decimals) : "–")))))));
    if (times.length > TableRows) grid.append(el("p", { class: "hint" }, `The newest ${TableRows} of ${times.length}; all of them: CSV.`));
  }

  function showPick() {
    const key = [...store.sensors.values()].map(s => s.id + s.name).join();
    if (pick.dataset.key === key) return;
    pick.dataset.key = key;
    pick.replaceChildren(el("legend", {}, "Sensors"), ...[...store.sensors.values()].map(s => {
      const box = el("input", { type: "checkbox", value: s.id, checked: chosen.includes(s.id), change: () => change(box) }), swatch = el("span", { class: "swatch" });
      return el("label", { title: s.name }, box, swatch, el("span", {}, nameOf(s)));
    }));
    paintPick();
    if (!chosen.length && store.sensors.size) { chosen = [store.sensors.keys().next().value]; const first = pick.querySelector("input"); first.checked = true; paintPick(); go(); }
  }

  function change(box) {
    chosen = box.checked ? [...chosen, box.value] : chosen.filter(c => c !== box.value);
    paintPick();
    go();
  }

  function paintPick() {
    for (const box of pick.querySelectorAll("input")) {
      const i = chosen.indexOf(box.value);
      box.nextElementSibling.className = "swatch" + (i < 0 ? "" : " s" + i);
      box.disabled = i < 0 && chosen.length >= MostSeries;
    }
  }

  let named = store.told;
  const off = on("sensors", () => {
    showPick();
    if (!named) { named = true; load(); }
  });
  const timer = setInterval(() => { if (!zoomed && !document.hidden) load(); }, 30000);
  marks();
  showPick();
  load();
  return () => { ended = true; off(); plot.end(); clearInterval(timer); clearTimeout(soon); };
}
