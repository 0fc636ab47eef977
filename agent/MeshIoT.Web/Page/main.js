// Puts the page together: views by the address, settings, the state of the connection.
import { el, id, say, text } from "./dom.js";
import { historyView } from "./history.js";
import { meshView } from "./mesh.js";
import { outputsView } from "./outputs.js";
import { sensorsView } from "./sensors.js";
import { on, start, store } from "./store.js";
import { choice, choose, kindOf, unitsOf } from "./units.js";

const views = { sensors: ["Sensors", sensorsView], history: ["History", historyView], outputs: ["Outputs", outputsView], mesh: ["Mesh", meshView] };
let end = null, shownKinds = "";

function route(focus) {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const name = Object.hasOwn(views, path) ? path : "sensors";
  for (const a of id("tabs").children) {
    if (a.getAttribute("href") === "#/" + name) a.setAttribute("aria-current", "page"); else a.removeAttribute("aria-current");
  }
  end?.();
  const root = id("view");
  root.replaceChildren();
  root.setAttribute("aria-label", views[name][0]);
  end = views[name][1](root, new URLSearchParams(query ?? ""));
  title(name);
  if (focus === true) { root.focus({ preventScroll: true }); scrollTo(0, 0); }
}

function title(name) {
  document.title = `${store.gateway || "MeshIoT"} – ${views[name][0]}`;
}

function showLink() {
  const link = id("link"), words = { live: "live", lost: "no answer, trying again …", connecting: "connecting …", paused: "paused" };
  link.dataset.state = store.link;
  text(link, words[store.link]);
}

function showName() {
  if (store.gateway && id("name").textContent !== store.gateway) {
    text(id("name"), store.gateway);
    document.title = document.title.replace(/^.* – /, store.gateway + " – ");
  }
  const kinds = [...new Set([...store.sensors.values()].map(s => kindOf(s.unit)).filter(Boolean))].sort().join();
  if (kinds !== shownKinds) { shownKinds = kinds; options(); }
}

function showHealth() {
  const box = id("health"), before = box.childElementCount;
  box.replaceChildren(...store.health.slice(0, 8).map(f => el("div", { class: "fault", "data-severity": f.severity, "data-code": f.code }, el("p", {}, f.message), el("p", {}, f.next))));
  if (store.health.length > 8) box.append(el("p", { class: "hint" }, `and ${store.health.length - 8} more`));
  box.hidden = !store.health.length;
  if (box.childElementCount > before && store.health[0]) say(store.health[0].message);
}

function options() {
  const theme = el("select", { change: () => setTheme(theme.value) }, ...[["", "as the system"], ["light", "light"], ["dark", "dark"]].map(([v, w]) => el("option", { value: v, selected: v === (document.documentElement.dataset.theme ?? "") }, w)));
  const fields = [el("label", {}, "Colours", theme)];
  for (const kind of shownKinds ? shownKinds.split(",") : []) {
    const select = el("select", { "data-kind": kind, change: () => { choose(kind, select.value); route(); } },
      el("option", { value: "" }, "as measured"), ...unitsOf(kind).map(u => el("option", { value: u, selected: u === choice(kind) }, u)));
    fields.push(el("label", {}, kind, select));
  }
  id("options").replaceChildren(...fields);
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
  try { localStorage.setItem("theme", theme); } catch { /* private window: nothing is kept */ }
  dispatchEvent(new Event("theme"));
}

try { const kept = localStorage.getItem("theme"); if (kept) document.documentElement.dataset.theme = kept; } catch { /* as above */ }
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("theme")));
addEventListener("hashchange", () => route(true));
document.addEventListener("keydown", e => { if (e.key === "Escape" && id("settings").open) { id("settings").open = false; id("settings").firstElementChild.focus(); } });
document.addEventListener("click", e => { if (!id("settings").contains(e.target)) id("settings").open = false; });
id("options").addEventListener("submit", e => e.preventDefault());
on("link", showLink);
on("sensors", showName);
on("health", showHealth);
on("outputs", () => { id("tabs").querySelector("[hidden]")?.removeAttribute("hidden"); });
options();
route();
start();
