// The view "Sensors": a card for each value, by room.
import { el, icon, say, text } from "./dom.js";
import { recentOf, spark } from "./spark.js";
import { now, on, store } from "./store.js";
import { shown } from "./units.js";
import { age, long, number } from "./words.js";

/** Shows the view in root; gives back what ends it. */
export function sensorsView(root) {
  const cards = new Map(), rooms = new Map();
  let order = "";

  function layout() {
    const sensors = [...store.sensors.values()];
    const key = sensors.map(s => `${s.room ?? ""}\u0000${s.id}`).join("\u0001");
    if (key === order && root.childElementCount) return;
    order = key;
    cards.clear();
    rooms.clear();
    root.replaceChildren();
    if (!sensors.length) {
      root.append(el("p", { class: "note" }, store.told ? "This gateway has no sensors yet. Wire one, then: meshiot sensor scan" : "Waiting for the gateway …"));
      return;
    }
    const named = sensors.some(s => s.room);
    for (const s of sensors) {
      const room = s.room ?? (named ? "Elsewhere" : "");
      if (!rooms.has(room)) rooms.set(room, el("ul", { class: "cards", "aria-label": room || "Sensors" }));
      const card = cardOf(s);
      cards.set(s.id, card);
      rooms.get(room).append(card.root);
    }
    const sorted = [...rooms.keys()].sort((a, b) => (a === "Elsewhere") - (b === "Elsewhere") || a.localeCompare(b));
    for (const room of sorted) root.append(el("h2", { class: room ? "room" : "hidden" }, room || "Sensors"), rooms.get(room));
  }

  function show(changed) {
    layout();
    for (const s of changed ?? store.sensors.values()) {
      const card = cards.get(s.id);
      if (card) update(card, store.sensors.get(s.id));
    }
  }

  function tick() {
    for (const [key, card] of cards) showAge(card, store.sensors.get(key));
  }

  show();
  const timer = setInterval(tick, 1000), off = on("sensors", show);
  return () => { clearInterval(timer); off(); };
}

function cardOf(s) {
  const picture = spark();
  const card = {
    value: el("p", { class: "value" }), age: el("span", { class: "age" }), chips: el("span", {}), picture,
    link: el("a", { href: "#/history?s=" + encodeURIComponent(s.id) }), alarm: undefined,
  };
  card.root = el("li", { class: "card", "data-id": s.id },
    el("h3", {}, icon(s.quantity), card.link), card.value, picture.root, el("p", { class: "meta" }, card.age, card.chips));
  return card;
}

function update(card, s) {
  text(card.link, nameOf(s));
  card.link.title = s.name;
  card.root.dataset.quality = s.quality;
  const [words, unit] = valueOf(s);
  if (card.words !== words + unit) {
    card.words = words + unit;
    card.value.replaceChildren(words, unit ? el("span", { class: "unit" }, unit) : "");
  }
  if (s.alarm) card.root.dataset.alarm = s.alarm; else delete card.root.dataset.alarm;
  if (card.alarm !== s.alarm && card.alarm !== undefined) say(s.alarm ? `${s.name} is too ${s.alarm}: ${words} ${unit}` : `${s.name} is within its limits again`);
  card.alarm = s.alarm ?? "";
  card.chips.replaceChildren(...chipsOf(s).flatMap(chip => [chip, " "]));
  card.picture.draw(recentOf(s, store.live.get(s.id)));
  showAge(card, s);
}

/** A sensor's value in words and its unit, as a person wants them. */
export function valueOf(s) {
  if (s.value === undefined) return ["–", ""];
  if (s.quantity === "duration" && s.unit === "s") return [long(s.value), ""];
  const way = shown(s.unit, s.decimals ?? 2);
  const value = way.of(s.value), size = Math.abs(value);
  return [number(value, Math.min(way.decimals, size >= 10000 ? 0 : size >= 100 ? 1 : 6)), way.unit];
}

/** A sensor's name; what a chip says beside it is left out. */
export const nameOf = s => s.simulated ? s.name.replace(/ \(simulated\)$/, "") : s.name;

function chipsOf(s) {
  const chips = [];
  if (s.alarm) chips.push(el("span", { class: "chip bad" }, s.alarm === "low" ? "too low" : "too high"));
  if (s.quality === "bad") chips.push(el("span", { class: "chip bad", title: s.problem?.message }, "no answer"));
  if (s.quality === "stale") chips.push(el("span", { class: "chip warn", title: s.problem?.message }, "stale"));
  if (s.simulated) chips.push(el("span", { class: "chip" }, "simulated"));
  return chips;
}

function showAge(card, s) {
  if (!s) return;
  const seconds = Math.max(0, (now() - s.at) / 1000);
  text(card.age, s.at ? age(seconds) : "never read");
  card.age.dataset.age = !s.at || s.quality === "bad" ? "dead" : s.quality === "stale" ? "old" : "fresh";
}
