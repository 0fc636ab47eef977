// Units that a value can be shown in. The gateway's own unit is never lost: what is chosen here is only how it is shown.
// Each unit of a kind: [factor, summand] from the kind's first unit.
const kinds = {
  Temperature: { "°C": [1, 0], "°F": [1.8, 32], K: [1, 273.15] },
  Pressure: { hPa: [1, 0], mbar: [1, 0], kPa: [0.1, 0], inHg: [1 / 33.8638866667, 0], mmHg: [1 / 1.33322387415, 0], Pa: [100, 0] },
  Length: { m: [1, 0], cm: [100, 0], mm: [1000, 0], ft: [1 / 0.3048, 0], in: [1 / 0.0254, 0] },
  Speed: { "m/s": [1, 0], "km/h": [3.6, 0], mph: [1 / 0.44704, 0], kn: [1 / 0.514444, 0] },
  Volume: { L: [1, 0], gal: [1 / 3.785411784, 0] },
  Weight: { kg: [1, 0], lb: [1 / 0.45359237, 0] },
};
const decimals = { inHg: 2, kPa: 2, Pa: 0, mm: 0, "°F": 1, K: 1 };
let chosen = {};
try { chosen = JSON.parse(localStorage.getItem("units") ?? "{}"); } catch { /* private window: nothing is kept */ }

/** The kind of a unit, or undefined. */
export const kindOf = unit => Object.keys(kinds).find(kind => Object.hasOwn(kinds[kind], unit));

/** All units of a kind. */
export const unitsOf = kind => Object.keys(kinds[kind]);

/** What a person chose for a kind; "" for the gateway's own. */
export const choice = kind => chosen[kind] ?? "";

export function choose(kind, unit) {
  if (unit) chosen[kind] = unit; else delete chosen[kind];
  try { localStorage.setItem("units", JSON.stringify(chosen)); } catch { /* as above */ }
}

/** How values in a unit are shown: the unit, a function from the gateway's value, and decimals. */
export function shown(unit, places = 2) {
  const kind = kindOf(unit), to = kind && chosen[kind];
  if (!to || to === unit || !Object.hasOwn(kinds[kind], to)) return { unit, of: v => v, decimals: places };
  const [a, b] = kinds[kind][unit], [c, d] = kinds[kind][to];
  return { unit: to, of: v => ((v - b) / a) * c + d, decimals: decimals[to] ?? places };
}
