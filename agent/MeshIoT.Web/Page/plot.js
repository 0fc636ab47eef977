// Plots over time on a canvas: one panel for each unit, a band from least to greatest, gaps where nothing was read, a cursor, zoom.
import { number } from "./words.js";

const Left = 58, Right = 12, Top = 22, Bottom = 24, Panel = 190, Apart = 14;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800].map(s => s * 1000);

/**
 * Draws series in a canvas. A series: { name, unit, decimals, color (0 to 7), step (ms), points: [[t, min, mean, max], …] }.
 * zoomed(from, to) is called when a person has chosen another time; cursor(t) when they point at one (null: no more).
 */
export class Plot {
  #canvas; #zoomed; #cursor; #series = []; #from = 0; #to = 1; #at = null; #drag = null; #pointers = new Map(); #pinch = null; #frame = 0; #watch; #redraw;

  constructor(canvas, zoomed, cursor) {
    this.#canvas = canvas;
    this.#zoomed = zoomed;
    this.#cursor = cursor;
    const c = canvas;
    c.addEventListener("pointerdown", e => this.#down(e));
    c.addEventListener("pointermove", e => this.#move(e));
    c.addEventListener("pointerup", e => this.#up(e));
    c.addEventListener("pointercancel", e => { this.#pointers.delete(e.pointerId); this.#drag = this.#pinch = null; this.draw(); });
    c.addEventListener("pointerleave", () => { if (!this.#drag) this.point(null); });
    c.addEventListener("wheel", e => this.#wheel(e), { passive: false });
    c.addEventListener("keydown", e => this.#key(e));
    this.#redraw = () => this.draw();
    addEventListener("theme", this.#redraw);
    this.#watch = new ResizeObserver(() => this.draw());
    this.#watch.observe(canvas.parentElement);
  }

  end() {
    removeEventListener("theme", this.#redraw);
    this.#watch.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /** Shows these series over this time. */
  show(series, from, to) {
    [this.#series, this.#from, this.#to] = [series, from, to];
    this.draw();
  }

  get range() { return [this.#from, this.#to]; }

  /** Puts the cursor at a time; null takes it away. */
  point(t) {
    if (this.#at === t) return;
    this.#at = t;
    this.#cursor(t);
    this.draw();
  }

  /** Draws with the next frame. */
  draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  get #panels() {
    const units = new Map();
    for (const s of this.#series) units.set(s.unit, [...(units.get(s.unit) ?? []), s]);
    return [...units];
  }

  get #width() { return this.#canvas.clientWidth - Left - Right; }
  #x(t) { return Left + (t - this.#from) / (this.#to - this.#from) * this.#width; }
  #t(x) { return this.#from + (x - Left) / this.#width * (this.#to - this.#from); }

  #paint() {
    const canvas = this.#canvas, panels = this.#panels, dots = devicePixelRatio || 1, width = canvas.parentElement.clientWidth;
    const height = Math.max(panels.length, 1) * (Panel + Apart) - Apart + Top + Bottom;
    if (canvas.width !== Math.round(width * dots) || canvas.height !== Math.round(height * dots)) {
      canvas.width = Math.round(width * dots);
      canvas.height = Math.round(height * dots);
      canvas.style.height = height + "px";
    }
    const style = getComputedStyle(canvas), color = name => style.getPropertyValue(name).trim();
    const g = canvas.getContext("2d");
    g.setTransform(dots, 0, 0, dots, 0, 0);
    g.clearRect(0, 0, width, height);
    g.font = "12px " + style.fontFamily;
    g.textBaseline = "middle";
    const inks = { line: color("--line"), soft: color("--soft"), text: color("--text"), accent: color("--accent"), series: i => color("--s" + i) };
    const ticks = timeTicks(this.#from, this.#to, Math.max(2, Math.floor(this.#width / 90)));
    panels.forEach(([unit, series], i) => this.#paintPanel(g, unit, series, Top + i * (Panel + Apart), ticks, inks));
    const base = height - Bottom;
    g.fillStyle = inks.soft;
    g.textAlign = "center";
    for (const tick of ticks) g.fillText(tick.label, Math.min(Math.max(this.#x(tick.t), Left + 14), width - 22), base + 14);
    if (this.#drag?.select) {
      const [a, b] = [this.#drag.x, this.#drag.now].sort((p, q) => p - q);
      g.globalAlpha = 0.16;
      g.fillStyle = inks.accent;
      g.fillRect(a, Top, b - a, base - Top);
      g.globalAlpha = 1;
    }
    if (this.#at !== null && this.#at >= this.#from && this.#at <= this.#to) {
      g.strokeStyle = inks.soft;
      g.setLineDash([3, 3]);
      line(g, this.#x(this.#at), Top, this.#x(this.#at), base);
      g.setLineDash([]);
    }
  }

  #paintPanel(g, unit, series, top, ticks, inks) {
    const [low, high] = extent(series, this.#from, this.#to), bottom = top + Panel, right = Left + this.#width;
    const y = v => bottom - (v - low) / (high - low) * Panel;
    const scale = valueTicks(low, high, 5);
    g.lineWidth = 1;
    g.strokeStyle = inks.line;
    g.fillStyle = inks.soft;
    g.textAlign = "right";
    for (const v of scale.values) {
      line(g, Left, Math.round(y(v)) + 0.5, right, Math.round(y(v)) + 0.5);
      g.fillText(number(v, scale.decimals), Left - 7, y(v));
    }
    g.globalAlpha = 0.6;
    for (const tick of ticks) line(g, Math.round(this.#x(tick.t)) + 0.5, top, Math.round(this.#x(tick.t)) + 0.5, bottom);
    g.globalAlpha = 1;
    g.textAlign = "left";
    g.fillStyle = inks.text;
    g.fillText(unit, Left + 6, top + 9);
    g.save();
    g.beginPath();
    g.rect(Left, top - 2, this.#width, Panel + 4);
    g.clip();
    for (const s of series) this.#paintSeries(g, s, y, inks.series(s.color));
    g.restore();
    g.strokeStyle = inks.line;
    g.strokeRect(Left + 0.5, top + 0.5, this.#width - 1, Panel);
  }

  #paintSeries(g, s, y, ink) {
    g.fillStyle = g.strokeStyle = ink;
    for (const run of runs(s)) {
      if (run.some(p => p[3] > p[1])) {
        g.globalAlpha = 0.18;
        g.beginPath();
        run.forEach((p, i) => i ? g.lineTo(this.#x(p[0]), y(p[3])) : g.moveTo(this.#x(p[0]), y(p[3])));
        for (let i = run.length - 1; i >= 0; i--) g.lineTo(this.#x(run[i][0]), y(run[i][1]));
        g.fill();
        g.globalAlpha = 1;
      }
      g.lineWidth = 1.8;
      g.lineJoin = "round";
      g.beginPath();
      if (run.length === 1) g.arc(this.#x(run[0][0]), y(run[0][2]), 2, 0, 7);
      else run.forEach((p, i) => i ? g.lineTo(this.#x(p[0]), y(p[2])) : g.moveTo(this.#x(p[0]), y(p[2])));
      g.stroke();
    }
    const near = this.#at === null ? null : nearest(s, this.#at);
    if (near) {
      g.beginPath();
      g.arc(this.#x(near[0]), y(near[2]), 4, 0, 7);
      g.fill();
    }
  }

  #down(e) {
    this.#canvas.setPointerCapture(e.pointerId);
    this.#pointers.set(e.pointerId, e.offsetX);
    if (this.#pointers.size === 2) {
      const [a, b] = [...this.#pointers.values()];
      this.#pinch = { a: this.#t(a), b: this.#t(b) };
      this.#drag = null;
    } else if (e.button === 0) {
      const select = e.pointerType === "mouse" && !e.shiftKey;
      this.#drag = { x: e.offsetX, now: e.offsetX, select, from: this.#from, to: this.#to };
    }
  }

  #move(e) {
    if (this.#pointers.has(e.pointerId)) this.#pointers.set(e.pointerId, e.offsetX);
    if (this.#pinch && this.#pointers.size === 2) {
      const [p, q] = [...this.#pointers.values()], { a, b } = this.#pinch;
      if (Math.abs(p - q) < 12) return;
      const scale = (b - a) / (q - p), from = a - (p - Left) * scale;
      this.#preview(from, from + this.#width * scale);
    } else if (this.#drag) {
      this.#drag.now = e.offsetX;
      if (this.#drag.select) this.draw();
      else {
        const moved = (this.#drag.x - e.offsetX) / this.#width * (this.#drag.to - this.#drag.from);
        this.#preview(this.#drag.from + moved, this.#drag.to + moved);
      }
    }
    if (e.offsetX >= Left && e.offsetX <= Left + this.#width) this.point(this.#snap(this.#t(e.offsetX)));
  }

  #up(e) {
    this.#pointers.delete(e.pointerId);
    const drag = this.#drag;
    this.#drag = null;
    if (this.#pinch) {
      if (!this.#pointers.size) { this.#pinch = null; this.#zoomed(this.#from, this.#to); }
    } else if (drag?.select && Math.abs(drag.now - drag.x) > 6) {
      const [a, b] = [drag.x, drag.now].sort((p, q) => p - q).map(x => this.#t(Math.min(Math.max(x, Left), Left + this.#width)));
      this.zoom(a, b);
    } else if (drag && !drag.select && drag.from !== this.#from) {
      this.#zoomed(this.#from, this.#to);
    }
    this.draw();
  }

  #wheel(e) {
    if (!e.deltaY || (!e.ctrlKey && Math.abs(e.deltaX) > Math.abs(e.deltaY))) return;
    e.preventDefault();
    const factor = Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * 0.006), t = this.#t(e.offsetX);
    this.zoom(t - (t - this.#from) * factor, t + (this.#to - t) * factor);
  }

  #key(e) {
    const span = this.#to - this.#from, at = this.#at ?? (this.#from + this.#to) / 2, step = span / 60;
    const keys = {
      ArrowLeft: () => e.shiftKey ? this.zoom(this.#from - span / 4, this.#to - span / 4) : this.point(this.#snap(Math.max(this.#from, at - step), -1)),
      ArrowRight: () => e.shiftKey ? this.zoom(this.#from + span / 4, this.#to + span / 4) : this.point(this.#snap(Math.min(this.#to, at + step), 1)),
      Home: () => this.point(this.#snap(this.#from)), End: () => this.point(this.#snap(this.#to)),
      "+": () => this.zoom(at - (at - this.#from) / 2, at + (this.#to - at) / 2), "=": () => keys["+"](),
      "-": () => this.zoom(at - (at - this.#from) * 2, at + (this.#to - at) * 2), Escape: () => this.point(null),
    };
    if (Object.hasOwn(keys, e.key) && !e.ctrlKey && !e.metaKey && !e.altKey) {
      e.preventDefault();
      keys[e.key]();
    }
  }

  /** Shows another time, no shorter than ten seconds and no longer than ten years, and says so. */
  zoom(from, to) {
    this.#preview(from, to);
    this.#zoomed(this.#from, this.#to);
  }

  #preview(from, to) {
    const span = Math.min(Math.max(to - from, 10000), 3.2e11), middle = (from + to) / 2;
    [this.#from, this.#to] = [middle - span / 2, middle + span / 2];
    this.draw();
  }

  // The time of the nearest point, so that the cursor stands on what was measured; from there on in a direction when one is given.
  #snap(t, direction = 0) {
    let best = null;
    for (const s of this.#series) {
      const p = nearest(s, t, true);
      if (p && (best === null || Math.abs(p[0] - t) < Math.abs(best - t))) best = p[0];
    }
    return best === null || (direction && this.#at !== null && (best - this.#at) * direction <= 0) ? t : best;
  }
}

/** The point of a series nearest to a time; null where it has none within two steps, unless far ones will do. */
export function nearest(s, t, far = false) {
  const p = s.points;
  let low = 0, high = p.length - 1;
  if (high < 0) return null;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (p[middle][0] < t) low = middle + 1; else high = middle;
  }
  const best = low > 0 && t - p[low - 1][0] <= Math.abs(p[low][0] - t) ? p[low - 1] : p[low];
  return far || Math.abs(best[0] - t) <= 2 * s.step ? best : null;
}

// Stretches without gaps.
function runs(s) {
  const all = [];
  let run = [];
  for (const p of s.points) {
    if (run.length && p[0] - run[run.length - 1][0] > 2.5 * s.step) { all.push(run); run = []; }
    run.push(p);
  }
  if (run.length) all.push(run);
  return all;
}

function extent(series, from, to) {
  let low = Infinity, high = -Infinity;
  for (const s of series) {
    for (const p of s.points) {
      if (p[0] < from - s.step || p[0] > to + s.step) continue;
      if (p[1] < low) low = p[1];
      if (p[3] > high) high = p[3];
    }
  }
  if (!(low <= high)) return [0, 1];
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.001, 1e-6);
  return [low - room, high + room];
}

function valueTicks(low, high, most) {
  const raw = (high - low) / most, size = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 2.5, 5, 10].map(f => f * size).find(s => s >= raw);
  const values = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) values.push(Math.abs(v) < step * 1e-6 ? 0 : v);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return { values, decimals: Math.min(6, places + (Math.abs(step * 10 ** places % 1) > 1e-6 ? 1 : 0)) };
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(undefined, { month: "short", year: "2-digit" });

// Whole hours and days of the browser's zone, also where the clocks change.
function timeTicks(from, to, most) {
  const step = steps.find(s => (to - from) / s <= most);
  if (!step) {
    const months = Math.ceil((to - from) / 2.63e9 / most), at = new Date(from);
    return collect(new Date(at.getFullYear(), at.getMonth() + 1, 1), d => new Date(d.getFullYear(), d.getMonth() + months, 1), month);
  }
  const at = new Date(from);
  if (step < 3600000) return collect(new Date(Math.ceil(from / step) * step), d => new Date(+d + step), step < 60000 ? seconds : clock);
  const hours = step / 3600000;
  if (hours < 24) {
    return collect(new Date(at.getFullYear(), at.getMonth(), at.getDate(), Math.floor(at.getHours() / hours) * hours), d => new Date(d.getFullYear(), d.getMonth(), d.getDate(), d.getHours() + hours), clock);
  }
  const days = hours / 24;
  return collect(new Date(at.getFullYear(), at.getMonth(), at.getDate()), d => new Date(d.getFullYear(), d.getMonth(), d.getDate() + days), day);

  function collect(first, next, format) {
    const ticks = [];
    for (let d = first, i = 0; +d <= to && i < 400; i++) {
      if (+d >= from) ticks.push({ t: +d, label: (format === clock && d.getHours() === 0 && d.getMinutes() === 0 ? day : format).format(d) });
      const after = next(d);
      d = +after > +d ? after : new Date(+d + 3600000);
    }
    return ticks;
  }
}

function line(g, x1, y1, x2, y2) {
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
}
