// What the gateway says, kept up to date by server-sent events; a lost connection comes back by itself.
export const store = { gateway: "", sensors: new Map(), live: new Map(), outputs: new Map(), health: [], link: "connecting", skew: 0, told: false };

const listeners = { sensors: new Set(), outputs: new Set(), health: new Set(), link: new Set() };
const MostLive = 240;
let secret = "", source = null, heard = 0, retry = 1000, timer = 0, parked = 0;

/** Has f called after a change of "sensors", "outputs", "health" or "link"; gives back what ends that. */
export function on(what, f) {
  listeners[what].add(f);
  return () => listeners[what].delete(f);
}

const tell = (what, value) => listeners[what].forEach(f => f(value));

/** The gateway's clock, milliseconds: ages are right even where the browser's clock is wrong. */
export const now = () => Date.now() + store.skew;

/** Asks for JSON; a problem becomes an Error with its sentence. */
export async function get(path) {
  return ask(path, {});
}

/** Sends JSON; a problem becomes an Error with its sentence. */
export function put(path, value) {
  return ask(path, { method: "PUT", body: JSON.stringify(value) });
}

/** Takes a token for this visit. */
export function token(text) {
  secret = text.trim();
}

async function ask(path, options) {
  const headers = { Accept: "application/json" };
  if (options.body) headers["Content-Type"] = "application/json";
  if (secret) headers.Authorization = "Bearer " + secret;
  const answer = await fetch(path, { ...options, headers });
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(body?.message ?? "status " + answer.status);
  return body;
}

/** Connects, and stays so. */
export function start() {
  connect();
  setInterval(watch, 5000);
  document.addEventListener("visibilitychange", park);
  refresh();
  setInterval(() => document.hidden || refresh(), 600000);
}

function connect() {
  clearTimeout(timer);
  source?.close();
  heard = Date.now();
  source = new EventSource("/api/v1/events");
  source.addEventListener("sensors", e => take(JSON.parse(e.data), true));
  source.addEventListener("readings", e => take(JSON.parse(e.data), false));
  source.addEventListener("outputs", e => {
    heard = Date.now();
    for (const o of JSON.parse(e.data).outputs) store.outputs.set(o.id, o);
    tell("outputs");
  });
  source.addEventListener("health", e => {
    heard = Date.now();
    store.health = JSON.parse(e.data).health;
    tell("health");
  });
  source.onerror = () => again();
}

function again() {
  link("lost");
  source.close();
  clearTimeout(timer);
  timer = setTimeout(connect, retry);
  retry = Math.min(retry * 1.6, 15000);
}

// A connection that died without a word.
function watch() {
  if (!document.hidden && source && source.readyState === 1 && Date.now() - heard > 90000) again();
}

// A page that nobody looks at costs no data.
function park() {
  clearTimeout(parked);
  if (document.hidden) {
    parked = setTimeout(() => { source?.close(); source = null; clearTimeout(timer); link("paused"); }, 60000);
  } else if (!source) {
    connect();
    refresh();
  }
}

function link(state) {
  if (store.link !== state) {
    store.link = state;
    tell("link");
  }
}

function take(list, whole) {
  heard = Date.now();
  retry = 1000;
  store.gateway = list.gateway;
  store.skew = Date.parse(list.time) - Date.now();
  if (whole) {
    const ids = new Set(list.sensors.map(s => s.id));
    for (const id of store.sensors.keys()) if (!ids.has(id)) { store.sensors.delete(id); store.live.delete(id); }
  }
  for (const s of list.sensors) keep(s);
  store.told = true;
  link("live");
  tell("sensors", list.sensors);
}

function keep(s) {
  const before = store.sensors.get(s.id);
  s.at = s.time ? Date.parse(s.time) : 0;
  s.recent ??= before?.recent;
  store.sensors.set(s.id, s);
  if (s.value === undefined || s.quality !== "good" || s.at === before?.at) return;
  if (!store.live.has(s.id)) store.live.set(s.id, []);
  const points = store.live.get(s.id);
  points.push([s.at, s.value]);
  if (points.length > MostLive) points.shift();
}

// The last day, for the small pictures; gateways without history say nothing of it.
async function refresh() {
  try {
    const list = await get("/api/v1/sensors?recent=24h");
    for (const s of list.sensors) {
      const known = store.sensors.get(s.id);
      if (known && s.recent) known.recent = s.recent;
    }
    tell("sensors", list.sensors);
  } catch { /* the live values say what is wrong */ }
}
