// Answers that the page test makes up, so that what should be seen is known: a week with a gap in its middle, and a tailnet of forty peers.
let used = 0;

/** How often a made-up answer was given. */
export const foreign = () => used;

/** A wave with a band; nothing from 50 to 55 % of the last week. */
export function history(url) {
  used++;
  const from = Date.parse(url.searchParams.get("from")), to = Date.parse(url.searchParams.get("to")), id = decodeURIComponent(url.pathname.split("/")[4]);
  const stepMs = [60e3, 900e3, 3600e3, 864e5].find(s => (to - from) / s <= 700) ?? 864e5, week = 6048e5, end = Date.now(), points = [];
  const [middle, swing, unit] = id === "rh" ? [62, 14, "%"] : id === "steady" ? [12, 1.5, "°C"] : [21, 5, "°C"];
  for (let t = Math.ceil(Math.max(from, end - 4e10) / stepMs) * stepMs; t < Math.min(to, end); t += stepMs) {
    const at = (t - (end - week)) / week;
    if (at > 0.49 && at < 0.56) continue;
    const mean = middle + swing * Math.sin(t / 864e5 * 6.283) + swing * 0.25 * Math.sin(t / 7e6), spread = Math.min(1, stepMs / 36e5) * swing * 0.25;
    points.push({ t, min: mean - spread, mean, max: mean + spread, count: stepMs / 1e4 });
  }
  return { sensor: id, unit, resolution: "minute", stepMs, from, to, points };
}

/** The real status with forty peers more. */
export function status(real) {
  used++;
  const peers = Array.from({ length: 40 }, (_, i) => ({
    name: `peer-${i}.demo.example`, hostName: `peer-${i}`, addresses: [`100.64.0.${i + 2}`], online: i % 5 !== 4, active: i < 4, path: i === 1 ? "relay" : i < 4 ? "direct" : "-",
    relay: i === 1 ? "mesh" : undefined, endpoint: i !== 1 && i < 4 ? `192.0.2.${i}:41641` : undefined, latency: i !== 1 && i < 4 ? 3.4 + i * 11 : undefined,
    rxBytes: i < 6 ? 120000 * (i + 1) ** 3 : 0, txBytes: i < 6 ? 45000 * (i + 1) ** 3 : 0, tags: [], lastReceived: i < 6 ? new Date(Date.now() - i * 40000).toISOString() : undefined,
  }));
  return {
    ...real, name: "greenhouse.demo.example", backendState: "Running", coordinatorConnected: true, addresses: ["100.64.0.1", "fd7a:115c:a1e0::1"], homeRelay: { region: 1, code: "mesh", name: "Home mesh", connected: true },
    udp: true, peers, peersTotal: peers.length, viewer: { door: "tailnet", canSwitch: true, address: "100.64.0.2", name: "laptop", path: "direct" },
  };
}
