// `npm run bench -- keys [--incidents N] [--presses N] [--write] [--json]`: what a dispatcher feels of a long list. So many open incidents in the demo city, a real Chromium at a desk's size; the
// arrow goes down the list, first as one who reads each row, then held. From the key, as the browser stamps it, to the picture that shows its effect. Without a graphics card the map is drawn by
// the processor, which a desk's machine does not do: the figures are the upper end.
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";
import { at, printReport, readNumberOption, tellProgress, writeDispatchFigures, type BenchFigure } from "./report.ts";

const INCIDENTS = readNumberOption("incidents", 2_000);
const PRESSES = readNumberOption("presses", 100);
const READING_MS = 1_000;
const HELD_MS = 50;
const TOGETHER = 20; // commands on their way at a time
const IDLE_S = 15;
const PAINTED_WITHIN_MS = 60_000;

interface Probe {
  keyMs: number[];
  longMs: number[];
}
/** Runs in the page: a key counts until the first task after the frame that it caused. */
function watchKeys(): void {
  const probe: Probe = { keyMs: [], longMs: [] };
  Object.assign(window, { probe });
  addEventListener("keydown", ({ timeStamp }) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => void probe.keyMs.push(performance.now() - timeStamp);
      channel.port2.postMessage(null);
    });
  }, true);
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) probe.longMs.push(duration); }).observe({ type: "longtask" });
}
const takeProbe = (page: Page): Promise<Probe> => page.evaluate(() => {
  const { probe } = window as unknown as { probe: Probe };
  const taken = { keyMs: probe.keyMs, longMs: probe.longMs };
  Object.assign(probe, { keyMs: [], longMs: [] });
  return taken;
});

async function fill({ client }: RunningCity): Promise<void> {
  const { places } = await client.call("searchPlaces", { query: { q: "18 de julio y ejido" } });
  const { label, kind, district, point, uncertaintyM } = places[0]!;
  const types = ["theft", "fight", "traffic-collision", "medical", "other"] as const;
  for (let first = 0; first < INCIDENTS; first += TOGETHER) {
    await Promise.all(Array.from({ length: Math.min(TOGETHER, INCIDENTS - first) }, async (_, k) => {
      const i = first + k;
      const place = { words: label, label: `${label} ${i}`, kind, district, point: { lon: point.lon + ((i * 7) % 200 - 100) / 2_000, lat: point.lat + ((i * 13) % 120) / 4_000 }, uncertaintyM };
      const outcome = await client.send({ type: "incident.create", contactId: null, incidentType: types[i % types.length]!, what: `number ${i}`, who: "", place });
      if (outcome.outcome !== "accepted") throw new Error(outcome.message);
    }));
    await sleep(200); // below what one session may ask for
    if (first % 500 === 0) tellProgress(`${first} incidents`);
  }
}

async function press(page: Page, everyMs: number): Promise<number[]> {
  await takeProbe(page);
  for (let i = 0; i < PRESSES; i++) {
    await page.keyboard.press("ArrowDown");
    await sleep(everyMs);
  }
  const painted = (): Promise<number> => page.evaluate(() => (window as unknown as { probe: Probe }).probe.keyMs.length);
  await eventually("the last key to be painted", async () => (await painted()) >= PRESSES, PAINTED_WITHIN_MS);
  return (await takeProbe(page)).keyMs;
}

const [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
try {
  await fill(city);
  const page = await openPage(browser);
  await page.addInitScript(watchKeys);
  await page.goto(`${city.system.address}/operate`);
  await logIn(page);
  const list = page.locator("[data-list=incidents] [role=listbox]");
  await page.locator("[data-list=incidents] [role=option]").first().waitFor({ timeout: 120_000 });
  await sleep(10_000); // the map has drawn itself
  await takeProbe(page);
  tellProgress(`nobody touches anything for ${IDLE_S} s`);
  await sleep(IDLE_S * 1_000);
  const idle = (await takeProbe(page)).longMs;
  await list.focus();
  await page.keyboard.press("ArrowDown");
  await sleep(5_000);
  tellProgress("read row by row");
  const reading = await press(page, READING_MS);
  tellProgress("held");
  const held = await press(page, HELD_MS);
  const row = (values: readonly number[]): string => [0.5, 0.99, 1].map((share) => `${at(values, share).toFixed(0)} ms`).join(", ");
  const figures: BenchFigure[] = [
    { what: "open incidents, presses of each kind", value: `${INCIDENTS}, ${PRESSES}` },
    { what: "from the key to the picture, each row read: p50, p99, slowest", value: row(reading), goal: "100 ms" },
    { what: "from the key to the picture, the key held: p50, p99, slowest", value: row(held), goal: "100 ms" },
    { what: `nobody touches anything: tasks over 50 ms in ${IDLE_S} s, the longest`, value: `${idle.length}, ${Math.max(0, ...idle).toFixed(0)} ms` },
  ];
  writeDispatchFigures("keys", figures);
  printReport("keys", figures, { incidents: INCIDENTS, readP50Ms: at(reading, 0.5), readP99Ms: at(reading, 0.99), heldP50Ms: at(held, 0.5), heldP99Ms: at(held, 0.99), idleLongTasks: idle.length, idleLongestMs: Math.max(0, ...idle) });
} finally {
  await browser.close();
  await city.end();
}
