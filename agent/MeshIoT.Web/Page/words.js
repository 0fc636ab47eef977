// Numbers and times in words, in the browser's language and zone.
const formats = new Map();

/** A number with a fixed count of decimals. */
export function number(value, decimals) {
  if (!formats.has(decimals)) formats.set(decimals, new Intl.NumberFormat(undefined, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  return formats.get(decimals).format(value);
}

/** How long ago, in words. */
export function age(seconds) {
  if (seconds < 2) return "now";
  return span(seconds) + " ago";
}

/** A length of time in its largest fitting unit. */
export function span(seconds) {
  if (seconds < 100) return Math.round(seconds) + " s";
  if (seconds < 5400) return Math.round(seconds / 60) + " min";
  if (seconds < 129600) return Math.round(seconds / 3600) + " h";
  return Math.round(seconds / 86400) + " d";
}

/** A long time in two units: 3 d 4 h. */
export function long(seconds) {
  const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24, m = Math.floor(seconds / 60) % 60;
  return d > 0 ? `${d} d ${h} h` : h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min` : Math.floor(seconds) + " s";
}

/** An amount of bytes. */
export function bytes(n) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let i = 0;
  while (n >= 1000 && i < 4) { n /= 1000; i++; }
  return number(n, i === 0 || n >= 100 ? 0 : 1) + " " + units[i];
}

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** Date and time, in the browser's zone. */
export const when = ms => full.format(ms);
