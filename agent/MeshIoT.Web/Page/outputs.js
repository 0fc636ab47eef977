// The view "Outputs": switches and levels, as the gateway says they are.
import { el, say, text } from "./dom.js";
import { get, on, put, store, token } from "./store.js";
import { age, number } from "./words.js";

/** Shows the view in root; gives back what ends it. */
export function outputsView(root) {
  const rows = new Map();
  let viewer = null, key = "";
  const why = el("p", { class: "note", hidden: true }), list = el("ul", { class: "cards", "aria-label": "Outputs" });
  root.append(el("h2", { class: "hidden" }, "Outputs"), why, list);

  async function ask() {
    try {
      viewer = (await get("/api/v1/status")).viewer;
      explain();
      show();
    } catch { /* the connection's state says what is wrong */ }
  }

  function explain() {
    why.hidden = viewer.canSwitch;
    if (viewer.canSwitch) return;
    if (viewer.door !== "outside") {
      text(why, "You may look, and not switch: the tailnet's policy grants meshiot.dev/cap/switch on this gateway to others.");
      return;
    }
    const field = el("input", { class: "field", type: "password", autocomplete: "current-password", "aria-label": "Token" });
    why.replaceChildren("You come from outside the tailnet. With the gateway's token you may switch: ",
      el("form", { submit: e => { e.preventDefault(); token(field.value); ask(); } }, field, " ", el("button", { class: "button" }, "Unlock")));
  }

  function show() {
    const outputs = [...store.outputs.values()], now = outputs.map(o => o.id).join();
    if (now !== key) {
      key = now;
      rows.clear();
      list.replaceChildren(...outputs.map(o => { const row = rowOf(o, set); rows.set(o.id, row); return row.root; }));
    }
    for (const o of outputs) update(rows.get(o.id), o, viewer?.canSwitch ?? false);
  }

  async function set(o, value) {
    try {
      await put("/api/v1/outputs/" + encodeURIComponent(o.id), { value });
      say(`${o.name} is set to ${value}`);
    } catch (e) {
      text(rows.get(o.id).error, e.message);
    }
    show();
  }

  show();
  ask();
  const off = on("outputs", show), timer = setInterval(show, 5000);
  return () => { off(); clearInterval(timer); };
}

function rowOf(o, set) {
  const row = { state: el("span", { class: "hint" }), error: el("p", { class: "hint", role: "alert" }), value: el("strong", {}) };
  row.control = o.type === "switch"
    ? el("button", { class: "switch", type: "button", role: "switch", "aria-label": o.name, click: () => set(o, row.control.getAttribute("aria-checked") === "true" ? "off" : "on") })
    : el("input", { type: "range", "aria-label": o.name, min: o.lowest, max: o.highest, step: (o.highest - o.lowest) / 100, change: () => set(o, row.control.value) });
  row.root = el("li", { class: "card", "data-id": o.id }, el("div", { class: "row" }, el("h3", {}, o.name), o.type === "switch" ? row.control : row.value),
    o.type === "switch" ? "" : row.control, el("p", { class: "meta" }, row.state), row.error);
  return row;
}

function update(row, o, canSwitch) {
  row.control.disabled = !canSwitch;
  if (o.type === "switch") row.control.setAttribute("aria-checked", String(o.value === 1));
  else {
    if (document.activeElement !== row.control) row.control.value = o.value ?? o.lowest;
    text(row.value, o.value === undefined ? "–" : number(o.value, 0) + " " + (o.unit ?? ""));
  }
  const since = o.time ? `, ${age((Date.now() + store.skew - Date.parse(o.time)) / 1000)} by ${o.who}` : "";
  const until = o.until ? `, back at ${new Date(o.until).toLocaleTimeString()}` : "";
  text(row.state, (o.value === undefined ? "nobody knows" : o.type === "switch" ? (o.value === 1 ? "on" : "off") : "set") + since + until + (o.room ? ` · ${o.room}` : ""));
  text(row.error, o.error?.message ?? "");
}
