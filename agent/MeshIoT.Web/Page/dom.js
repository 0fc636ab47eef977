// The page's own elements: what comes from outside only ever becomes text.
const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (a function becomes a listener, null leaves it out) and children (texts or elements). */
export function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(e, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") e.addEventListener(name, value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false));
  return e;
}

export const id = name => document.getElementById(name);

/** Sets a text only when it is another one: no layout for nothing, and nothing read aloud twice. */
export function text(e, value) {
  if (e.textContent !== value) e.textContent = value;
}

/** Says something to those who do not see it. */
export function say(words) {
  text(id("say"), words);
}

const icons = {
  temperature: "M10 4a2 2 0 0 1 4 0v9.5a4 4 0 1 1-4 0zM12 9v7",
  humidity: "M12 3c4 5 6 7.6 6 10.500a6 6 0 0 1-12 0C6 10.600 8 8 12 3z",
  pressure: "M4 16a8 8 0 1 1 16 0M12 16l4-5",
  voltage: "M13 3 5 14h6l-1 7 8-11h-6z",
  illuminance: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600 19 19M5 19l1.400-1.400M17.600 6.400 19 5",
  speed: "M3 9h11a3 3 0 1 0-3-3M3 14h15a3 3 0 1 1-3 3",
  duration: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4l3 2",
  storage: "M7 4h10v16H7zM4 8h3M4 12h3M4 16h3M17 8h3M17 12h3M17 16h3",
  distance: "M3 9h18v6H3zM7 9v3M11 9v3M15 9v3M19 9v3",
  binary: "M8 7h8a5 5 0 0 1 0 10H8A5 5 0 0 1 8 7zM16 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  air: "M4 8c3-3 5 3 8 0s5 3 8 0M4 14c3-3 5 3 8 0s5 3 8 0",
  other: "M4 14l4-5 4 6 4-9 4 8",
};
const alike = {
  moisture: "humidity", precipitation: "humidity", water: "humidity", atmospheric_pressure: "pressure", current: "voltage", power: "voltage", energy: "voltage",
  battery: "voltage", wind_speed: "speed", data_size: "storage", data_rate: "storage", carbon_dioxide: "air", aqi: "air", volatile_organic_compounds: "air",
  volatile_organic_compounds_index: "air", gas_resistance: "air", switch: "binary", light: "illuminance", frequency: "other",
};

/** A small picture for what is measured. */
export function icon(quantity) {
  const d = icons[quantity] ?? icons[alike[quantity]] ?? icons.other;
  return svg("svg", { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" }, svg("path", { d }));
}
