// The gateway's page in Debian's chromium: what a person sees, and does with mouse, fingers and keys. Prints "ok …" or "FAIL …".
// Environment: BASE (the gateway), SHOTS (a folder for pictures, or empty), RESTART (a command that stops the agent and starts it again).
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { foreign, history, status } from "./made-up.mjs";

const { chromium } = createRequire(process.env.MODULES + "/")("playwright-core");
const base = process.env.BASE, shots = process.env.SHOTS;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
let failed = 0;

function check(what, isSo, seen = "") {
  if (!isSo) failed++;
  console.log(isSo ? "ok   " + what : `FAIL ${what}: ${typeof seen === "string" ? seen : JSON.stringify(seen)}`);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: flags });
const asked = new Set(), errors = [];

/** A page of a new browser profile. */
async function open(hash, { width = 1280, height = 900, colorScheme = "light", made = false, hasTouch = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, hasTouch, timezoneId: "Europe/Berlin", locale: "en-GB" });
  const page = await context.newPage();
  page.on("request", r => asked.add(new URL(r.url()).origin));
  page.on("pageerror", e => errors.push(e.message));
  page.on("console", m => { if (m.type() === "error" && !m.location().url.includes("/history") && !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY/.test(m.text())) errors.push(m.text()); });
  page.on("dialog", d => { errors.push("a dialog: " + d.message()); d.dismiss(); });
  if (made) {
    await page.route("**/api/v1/sensors/*/history?*", route => route.fulfill({ json: history(new URL(route.request().url())) }));
    await page.route("**/api/v1/status", async route => route.fulfill({ json: status(await (await route.fetch()).json()) }));
  }
  await page.goto(base + "/" + hash);
  await page.waitForSelector("#link[data-state=live]", { timeout: 20000 }).catch(e => { console.log("FAIL the page does not live: " + JSON.stringify(errors)); throw e; });
  return page;
}

const shoot = async (page, name) => { if (shots) { await page.mouse.move(0, 0); await page.screenshot({ path: `${shots}/${name}.png` }); } };
const luminance = page => page.evaluate(() => { const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number); return (r + g + b) / 765; });
const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const focused = page => page.evaluate(() => { const e = document.activeElement; return (e.getAttribute("href") ?? e.id) || e.tagName; });

// ---- what is there, and that it lives
let page = await open("#/sensors");
const card = page.locator(".card[data-id=air]");
const first = await card.locator(".value").textContent();
check("cards show the sensors by room", (await page.locator("h2.room").allTextContents()).join().includes("Greenhouse"), await page.locator("h2").allTextContents());
let changed = false;
for (let i = 0; i < 60 && !changed; i++) { await page.waitForTimeout(250); changed = await card.locator(".value").textContent() !== first; }
check("a value changes on the screen without a reload", changed, first);
check("its age is told in words", /now|s ago/.test(await card.locator(".age").textContent()));
check("a sparkline is drawn", (await card.locator(".spark .line").getAttribute("d")).length > 10);
check("a simulated value says so", await card.locator(".chip", { hasText: "simulated" }).count() === 1);
check("a value beyond its limit is marked", await page.locator(".card[data-id=hot][data-alarm=high] .chip.bad").count() === 1);
check("markup in a name stays text", (await page.locator(".card[data-id=odd] h3").textContent()).includes("<img src=x onerror=alert(1)>") && await page.locator(".card h3 img").count() === 0);
await shoot(page, "desktop");

// ---- weight
let weight = 0;
const files = await page.evaluate(() => ["/", ...performance.getEntriesByType("resource").map(e => new URL(e.name).pathname)].filter(p => p === "/" || p.startsWith("/page/")));
for (const file of new Set(files)) weight += (await (await fetch(base + file, { headers: { "Accept-Encoding": "identity" } })).arrayBuffer()).byteLength;
check(`the page weighs at most 100 KB, not packed (${weight} bytes in ${new Set(files).size} files)`, weight > 20000 && weight <= 100000, weight);

// ---- units
const celsius = () => page.evaluate(async () => (await (await fetch("/api/v1/sensors/steady")).json()).value);
await page.locator("#settings summary").click();
await page.locator("select[data-kind=Temperature]").selectOption("°F");
const shown = parseFloat(await page.locator(".card[data-id=steady] .value").textContent());
check("temperatures are shown in °F when one wants", Math.abs(shown - (await celsius() * 1.8 + 32)) < 0.2, shown);
await page.reload();
await page.waitForSelector("#link[data-state=live]");
check("and still after a reload", (await page.locator(".card[data-id=steady] .value").textContent()).includes("°F"));
await page.locator("#settings summary").click();
await page.locator("select[data-kind=Temperature]").selectOption("");

// ---- colours
const [themes] = await Promise.all([page.locator("#options select").first()]);
await themes.selectOption("dark");
check("dark can be chosen", await luminance(page) < 0.2, await luminance(page));
await page.keyboard.press("Escape");
check("Escape closes the settings and gives the focus back", !await page.locator("#settings").evaluate(e => e.open) && await page.evaluate(() => document.activeElement.tagName) === "SUMMARY");
await page.context().close();
page = await open("#/sensors", { colorScheme: "dark" });
check("dark follows the system by itself", await luminance(page) < 0.2);
for (const scheme of ["dark", "light"]) {
  await page.emulateMedia({ colorScheme: scheme });
  const ratios = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("i")), style = getComputedStyle(document.documentElement);
    const light = name => { probe.style.color = style.getPropertyValue(name); const c = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
    const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
    const all = {};
    for (const [a, b] of [["--text", "--ground"], ["--text", "--card"], ["--soft", "--ground"], ["--soft", "--card"], ["--accent", "--card"], ["--accent", "--accent-soft"], ["--bad", "--card"], ["--bad", "--bad-soft"], ["--warn", "--card"], ["--warn", "--warn-soft"], ["--good", "--card"]]) all[a + b] = ratio(a, b);
    for (let i = 0; i < 8; i++) all["series" + i] = ratio("--s" + i, "--card") * 1.5; // lines need 3 to 1
    probe.remove();
    return all;
  });
  check(`every text has a contrast of 4.5 to 1 (${scheme})`, Object.values(ratios).every(r => r >= 4.5), Object.entries(ratios).filter(r => r[1] < 4.5));
}
await page.emulateMedia({ colorScheme: "dark" });
await shoot(page, "dark");
await page.context().close();

// ---- plots: a made-up week with a gap, so that what should be seen is known
page = await open("#/history?s=air&s=steady&s=rh&r=1w", { made: true });
await page.waitForSelector(".plot canvas:visible");
await page.waitForTimeout(400);
const canvas = page.locator(".plot canvas");
const ink = (from, to) => page.evaluate(([a, b]) => {
  const c = document.querySelector(".plot canvas"), w = c.width, data = c.getContext("2d").getImageData(Math.round(w * a), 0, Math.max(1, Math.round(w * (b - a))), c.height).data;
  let n = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 60) n++;
  return n;
}, [from, to]);
check("series are drawn", await ink(0.1, 0.4) > 300, await ink(0.1, 0.4));
check("a gap stays a gap", await ink(0.53, 0.565) === 0, await ink(0.53, 0.565));
check("and after it they go on", await ink(0.6, 0.95) > 300);
await shoot(page, "history");
const box = await canvas.boundingBox(), range = () => page.evaluate(() => { const q = new URLSearchParams(location.hash.split("?")[1]); return q.has("from") ? +q.get("to") - +q.get("from") : 0; });
await page.mouse.move(box.x + box.width * 0.3, box.y + 100);
await page.mouse.down();
await page.mouse.move(box.x + box.width * 0.45, box.y + 110, { steps: 5 });
await page.mouse.up();
await page.waitForTimeout(600);
const dragged = await range();
check("dragging zooms in", dragged > 3e7 && dragged < 2e8, dragged);
await page.mouse.wheel(0, -200);
await page.waitForTimeout(600);
const wheeled = await range();
check("the wheel zooms on", wheeled > 0 && wheeled < dragged, [dragged, wheeled]);
check("what is under the cursor is told", /°C/.test(await page.locator(".read").textContent()) && /\d{2}:\d{2}/.test(await page.locator(".read time").textContent()), await page.locator(".read").textContent());
await page.getByRole("button", { name: "Whole time" }).click();
await page.waitForTimeout(400);
check("one button shows the whole time again", await range() === 0);
await page.evaluate(() => {
  const c = document.querySelector(".plot canvas"), r = c.getBoundingClientRect(), y = r.top + 90;
  const send = (type, id, x) => c.dispatchEvent(new PointerEvent(type, { pointerId: id, pointerType: "touch", clientX: r.left + x, clientY: y, bubbles: true, isPrimary: id === 11 }));
  c.setPointerCapture = () => {};
  send("pointerdown", 11, 400); send("pointerdown", 12, 500);
  for (let i = 1; i <= 10; i++) { send("pointermove", 11, 400 - i * 10); send("pointermove", 12, 500 + i * 10); }
  send("pointerup", 11, 300); send("pointerup", 12, 600);
});
await page.waitForTimeout(600);
check("two fingers zoom in", await range() > 0 && await range() < 3e8, await range());
await page.getByRole("button", { name: "The last year" }).click();
await page.waitForTimeout(400);
check("a range is one button", (await page.evaluate(() => location.hash)).includes("r=1y"));
await page.getByRole("button", { name: "The last week" }).click();
await page.locator("details.table summary").click();
await page.waitForFunction(() => document.querySelectorAll("details.table tbody tr").length > 50, null, { timeout: 10000 }).catch(() => {});
check("the same is there as a table", await page.locator("details.table tbody tr").count() > 50);
await page.locator("input[value=rh]").uncheck();
await page.waitForTimeout(400);
check("a series can be taken away", await page.locator(".read .swatch").count() === 2);
await page.emulateMedia({ colorScheme: "dark" });
await page.waitForTimeout(300);
await shoot(page, "history-dark");
await page.context().close();

// ---- the real history of the real agent
page = await open("#/history?s=air&r=1h");
const real = await page.evaluate(async () => { const r = await fetch("/api/v1/sensors/air/history?from=1h"); return { status: r.status, body: await r.json() }; });
if (real.status === 200) {
  check("the agent's own history is plotted", real.body.points.length > 2 && await page.locator(".plot canvas").isVisible(), real.body.points.length);
} else {
  console.log("skip the agent's own history: " + (real.body.message ?? real.status));
}
await page.context().close();

// ---- keys
page = await open("#/sensors", { made: true });
await page.keyboard.press("Tab");
check("the first stop of the Tab key skips to the content", await focused(page) === "#view");
await page.keyboard.press("Enter");
check("and does", await focused(page) === "view", await focused(page));
await page.reload();
await page.waitForSelector("#link[data-state=live]");
const stops = [];
for (let i = 0; i < 14; i++) { await page.keyboard.press("Tab"); stops.push(await focused(page)); }
check("the Tab key reaches views, settings and every card in their order", ["#/sensors", "#/history", "#/mesh"].every(h => stops.includes(h)) && stops.some(s => s.startsWith("#/history?s=")), stops);
await page.locator(".card[data-id=air] a").focus();
await page.keyboard.press("Enter");
await page.waitForSelector(".plot canvas:visible");
await page.waitForTimeout(500);
await page.locator(".plot canvas").focus();
await page.keyboard.press("ArrowLeft");
await page.keyboard.press("ArrowLeft");
await page.waitForTimeout(200);
check("arrow keys move the cursor, and what is there is said aloud", /°C/.test(await page.locator("#say").textContent()), await page.locator("#say").textContent());
await page.keyboard.press("+");
await page.waitForTimeout(500);
const near = await page.evaluate(() => { const q = new URLSearchParams(location.hash.split("?")[1]); return +q.get("to") - +q.get("from"); });
check("plus zooms in", near > 0 && near < 864e5, near);
check("the plot has a name for those who do not see it", /Plot of .*Air/.test(await page.locator(".plot canvas").getAttribute("aria-label")));
const nameless = await page.evaluate(() => [...document.querySelectorAll("a, button, input, select, summary, canvas, img")].filter(e => !(e.getAttribute("aria-label") ?? e.textContent.trim() ?? "") && !e.labels?.length && !e.hasAttribute("alt")).map(e => e.outerHTML.slice(0, 90)));
check("everything that can be used has a name", nameless.length === 0, nameless);
check("there is one heading of the first level, and a language", await page.locator("h1").count() === 1 && await page.evaluate(() => document.documentElement.lang) === "en");
await page.context().close();

// ---- the mesh, with made-up peers
page = await open("#/mesh", { made: true });
await page.waitForSelector(".peers tbody tr");
check("peers show path and latency", /direct/.test(await page.locator(".peers").textContent()) && /ms/.test(await page.locator(".peers").textContent()) && /relay/.test(await page.locator(".peers").textContent()));
await page.getByLabel("Find a peer").fill("peer-17");
check("a peer is found by its name", await page.locator(".peers tbody tr").count() === 1);
await page.getByLabel("Find a peer").fill("");
await shoot(page, "mesh");
await page.context().close();

// ---- outputs, made up too: no hardware is here
page = await open("#/sensors", { made: true });
const put = [];
await page.route("**/api/v1/outputs/*", route => { put.push([route.request().method(), new URL(route.request().url()).pathname, route.request().postData()]); route.fulfill({ json: { outputs: [] } }); });
await page.evaluate(async () => {
  const { store } = await import("/page/store.js"), time = new Date(Date.now() - 90000).toISOString();
  store.outputs.set("pump", { id: "pump", name: "Pump", room: "Greenhouse", kind: "relay", type: "switch", lowest: 0, highest: 1, value: 0, time, who: "mqtt: home" });
  store.outputs.set("lamp", { id: "lamp", name: "Grow lamp", room: "Greenhouse", kind: "pwm", type: "level", unit: "%", lowest: 0, highest: 100, value: 40, time, who: "cli" });
  location.hash = "#/outputs";
});
await page.waitForSelector(".switch:enabled");
check("an output says how it is set, since when and by whom", /off, 2 min ago by mqtt: home|off, 90 s ago by mqtt: home/.test(await page.locator(".card[data-id=pump]").textContent()), await page.locator(".card[data-id=pump]").textContent());
await page.getByRole("switch", { name: "Pump" }).focus();
await page.keyboard.press("Space");
await page.getByLabel("Grow lamp").fill("75");
await page.waitForTimeout(300);
check("a switch and a level are set, by key too", JSON.stringify(put) === JSON.stringify([["PUT", "/api/v1/outputs/pump", '{"value":"on"}'], ["PUT", "/api/v1/outputs/lamp", '{"value":"75"}']]), put);
await shoot(page, "outputs");
await page.context().close();
page = await open("#/sensors");
await page.evaluate(async () => { (await import("/page/store.js")).store.outputs.set("pump", { id: "pump", name: "Pump", type: "switch", lowest: 0, highest: 1, value: 1, who: "" }); location.hash = "#/outputs"; });
await page.waitForSelector(".note form");
check("who may not switch cannot, and is told why", await page.getByRole("switch", { name: "Pump" }).isDisabled() && /token/.test(await page.locator(".note").first().textContent()));
await page.context().close();

// ---- phones
for (const width of [390, 320]) {
  for (const view of ["#/sensors", "#/history?s=air&s=rh", "#/mesh"]) {
    page = await open(view, { width, height: 844, made: true, hasTouch: true });
    await page.waitForTimeout(600);
    check(`nothing is wider than ${width} pixels: ${view.split("?")[0]}`, await overflow(page) <= 0, await overflow(page));
    if (width === 390) await shoot(page, "phone-" + view.slice(2).split("?")[0]);
    await page.context().close();
  }
}

// ---- the agent goes and comes
page = await open("#/sensors");
execFileSync("bash", ["-c", process.env.STOP]);
await page.waitForSelector("#link[data-state=lost]", { timeout: 20000 });
check("a lost connection is told", (await page.locator("#link").textContent()).includes("no answer"));
execFileSync("bash", ["-c", process.env.START]);
let back = true;
await page.waitForSelector("#link[data-state=live]", { timeout: 30000 }).catch(() => { back = false; });
check("and comes back by itself", back);
await page.context().close();

check("nobody else was asked for anything", [...asked].every(origin => origin === new URL(base).origin), [...asked]);
check("foreign words never became code, and nothing was complained of", errors.length === 0, errors);
check("made-up answers were used where they say so", foreign() > 0);
await browser.close();
process.exit(failed ? 1 : 0);
