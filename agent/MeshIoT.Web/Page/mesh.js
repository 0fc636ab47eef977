// The view "Mesh": this gateway, by which way you see it, and its peers.
import { el, say } from "./dom.js";
import { get } from "./store.js";
import { age, bytes, long, number, when } from "./words.js";

const PageSize = 25;

/** Shows the view in root; gives back what ends it. */
export function meshView(root) {
  let most = PageSize, filter = "", last = null, ended = false, timer = 0;
  const search = el("input", { class: "field", type: "search", placeholder: "Find a peer", "aria-label": "Find a peer", input: () => { filter = search.value.trim().toLowerCase(); most = PageSize; peers(); } });
  const self = el("div", { class: "two" }), body = el("tbody", {}), count = el("h3", {}), more = el("button", { class: "button", type: "button", click: () => { most += PageSize; peers(); } });
  const table = el("table", { class: "peers" }, el("thead", {}, el("tr", {},
    ...["Peer", "State", "Path", "Latency", "Received", "Sent", "Last heard"].map((h, i) => el("th", { scope: "col", class: i > 2 && i < 6 ? "n" : null }, h)))), body);
  const list = el("section", { class: "panel", "aria-label": "Peers" }, el("div", { class: "bar" }, count, search), el("div", {}, table), more);
  const wait = el("p", { class: "note" }, "Asking the gateway …");
  root.replaceChildren(el("h2", { class: "hidden" }, "Mesh"), wait);

  async function load() {
    try {
      last = await get("/api/v1/status");
      if (ended) return;
      if (wait.isConnected) root.replaceChildren(el("h2", { class: "hidden" }, "Mesh"), self, list);
      self.replaceChildren(viewer(last), gateway(last));
      peers();
    } catch (e) {
      if (!ended && wait.isConnected) wait.textContent = "The gateway does not say: " + e.message;
    }
    if (!ended) timer = setTimeout(load, document.hidden ? 60000 : 5000);
  }

  function peers() {
    const found = last.peers.filter(p => !filter || p.name.toLowerCase().includes(filter) || p.addresses.some(a => a.includes(filter)));
    found.sort((a, b) => b.active - a.active || b.online - a.online || a.hostName.localeCompare(b.hostName, undefined, { numeric: true }));
    count.textContent = `Peers: ${last.peersTotal}, ${last.peers.filter(p => p.online).length} online`;
    search.hidden = last.peersTotal < 8;
    body.replaceChildren(...found.slice(0, most).map(row));
    if (!found.length) body.append(el("tr", {}, el("td", { colspan: "7", class: "hint" }, filter ? "No peer is called so." : "There are no peers.")));
    more.hidden = found.length <= most;
    more.textContent = `Show more (${found.length - most})`;
    if (filter) say(`${found.length} peers found`);
  }

  load();
  return () => { ended = true; clearTimeout(timer); };
}

function pathChip(path, relay, endpoint) {
  return path === "direct" ? el("span", { class: "chip good", title: endpoint }, "direct")
    : path === "relay" ? el("span", { class: "chip warn" }, "relay " + relay) : el("span", { class: "hint" }, "–");
}

function row(p) {
  const state = p.active ? el("span", { class: "chip good" }, "active") : p.online ? el("span", { class: "chip" }, "idle") : el("span", { class: "hint" }, "offline");
  const heard = p.lastReceived ?? p.lastSeen;
  return el("tr", {},
    el("td", {}, el("strong", {}, p.hostName), el("br"), el("span", { class: "hint" }, p.addresses[0] ?? "")),
    el("td", {}, state), el("td", {}, pathChip(p.path, p.relay, p.endpoint)),
    el("td", { class: "n" }, p.latency === undefined ? "–" : number(p.latency, p.latency < 10 ? 1 : 0) + " ms"),
    el("td", { class: "n" }, p.rxBytes ? "↓ " + bytes(p.rxBytes) : "–"), el("td", { class: "n" }, p.txBytes ? "↑ " + bytes(p.txBytes) : "–"),
    el("td", {}, heard ? age((Date.now() - Date.parse(heard)) / 1000) : "–"));
}

const fact = (name, value) => value === null || value === undefined || value === "" ? [] : [el("dt", {}, name), el("dd", {}, value)];

function viewer(s) {
  const v = s.viewer;
  const words = v.path === "direct" ? "Directly, without a relay in between." : v.path === "relay" ? "By the relay " + v.relay + "; a direct path is looked for."
    : v.door === "outside" ? "From outside the tailnet, by the address that web_listen opens." : v.door === "local" ? "From this machine." : "Through the tailnet.";
  return el("section", { class: "panel", "aria-label": "How you see this gateway" }, el("h3", {}, "You see this gateway"),
    el("p", {}, v.path === "direct" ? el("span", { class: "chip good" }, "direct") : v.path === "relay" ? el("span", { class: "chip warn" }, "relay " + v.relay) : el("span", { class: "chip" }, v.door), " ", words),
    el("dl", { class: "facts" }, fact("As", v.name), fact("From", v.address), fact("May switch outputs", v.canSwitch ? "yes" : "no")));
}

function gateway(s) {
  return el("section", { class: "panel", "aria-label": "This gateway" }, el("h3", {}, s.name ?? s.gateway),
    el("dl", { class: "facts" },
      fact("State", s.backendState ? s.backendState + (s.coordinatorConnected ? ", coordinator connected" : ", coordinator away") : "not in a tailnet"),
      fact("Addresses", s.addresses.join(", ")),
      fact("Home relay", s.homeRelay ? (s.homeRelay.name ?? s.homeRelay.code) + (s.homeRelay.connected === false ? " (not connected)" : "") : null),
      fact("UDP", s.udp === undefined ? null : s.udp ? "gets through" : "is blocked"),
      fact("Key expires", s.keyExpiry ? when(Date.parse(s.keyExpiry)) : null),
      fact("Up", long((Date.parse(s.time) - Date.parse(s.started)) / 1000)),
      fact("Version", s.version)));
}
