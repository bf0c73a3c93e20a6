// `npm run bench -- live [--openings 20] [--seconds 20] [--viewers 100] [--cameras 100] [--turns 5] [--json] [--write]`: what live pictures take in time and in processor. Times are read in a real Chromium on the
// whole product (live/pictures.ts); what viewers cost is the processor time of a recorder's own process (live/fan-out.ts), with one camera in all, and with as many as one
// recorder has in earnest, by turns in the same run. `--write` puts the table into docs/reference/live-figures.md.
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { canMeasure } from "./recorder/measure.ts";
import { measureFanOut, type FanOut } from "./live/fan-out.ts";
import { measurePictures } from "./live/pictures.ts";
import { type BenchFigure, describeMachine, findCommit, printReport, readNumberOption, tellProgress } from "./report.ts";

const OPENINGS = readNumberOption("openings", 20);
const SECONDS = readNumberOption("seconds", 20);
const VIEWERS = readNumberOption("viewers", 100);
const CAMERAS = readNumberOption("cameras", 100);
const TURNS = readNumberOption("turns", 5);
const PAGE = join(import.meta.dirname, "..", "..", "docs", "reference", "live-figures.md");

/** The value below which a share of the readings lie. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}
/** Of turns that other work on the machine may have fallen into. */
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const ms = (values: readonly number[]): string => `${quantile(values, 0.5)} ms, of 95 % under ${quantile(values, 0.95)} ms (${values.length})`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} % of a core`;
const ratioOf = (fan: FanOut): number => Math.round((middle(fan.many) / middle(fan.one)) * 100) / 100;

if (!canMeasure()) {
  tellProgress("this bench reads /proc and so runs on Linux only");
  process.exit(1);
}
const load = loadavg()[0]!;
const pictures = await measurePictures(SECONDS, OPENINGS, tellProgress);
tellProgress(`${VIEWERS} viewers of one camera, ${TURNS} turns ...`);
const alone = await measureFanOut(VIEWERS, 1, TURNS, 6);
tellProgress(`the same with ${CAMERAS} cameras recorded ...`);
const among = await measureFanOut(VIEWERS, CAMERAS, TURNS, 6);

const figures: BenchFigure[] = [
  { what: "age of the picture on the screen (MSE), half of them under", value: ms(pictures.agesMs), goal: "under 300 ms" },
  { what: "the same by WebRTC (WHEP)", value: ms(pictures.whepAgesMs), goal: "under 300 ms" },
  { what: "first picture after the click (MSE), half of them under", value: ms(pictures.firstMs), goal: "under 500 ms" },
  { what: "first picture after asking, by WebRTC (WHEP)", value: ms(pictures.whepFirstMs), goal: "under 500 ms" },
  { what: "recorder with one camera, nobody looks", value: percent(middle(alone.none)) },
  { what: "one viewer (4 Mbit/s, 25 pictures a second)", value: percent(middle(alone.one)) },
  { what: `${VIEWERS} viewers`, value: percent(middle(alone.many)) },
  { what: `${VIEWERS} viewers against one`, value: `${ratioOf(alone)} times`, goal: "under 2" },
  { what: `with ${CAMERAS} cameras recorded: one viewer`, value: percent(middle(among.one)) },
  { what: `with ${CAMERAS} cameras recorded: ${VIEWERS} viewers`, value: percent(middle(among.many)) },
  { what: `with ${CAMERAS} cameras recorded: ${VIEWERS} viewers against one`, value: `${ratioOf(among)} times`, goal: "under 2" },
  { what: "pictures a second that the worst served of them got", value: Math.min(alone.leastPerSecond, among.leastPerSecond).toFixed(1), goal: "25" },
  { what: "pictures left out for any", value: String(alone.dropped + among.dropped), goal: "0" },
  { what: "load of the machine by other work, before", value: load.toFixed(1) },
];
printReport("live", figures, {
  glassToGlassMs: quantile(pictures.agesMs, 0.5), glassToGlassP95Ms: quantile(pictures.agesMs, 0.95), firstPictureMs: quantile(pictures.firstMs, 0.5), firstPictureP95Ms: quantile(pictures.firstMs, 0.95),
  cpuRatio100Viewers: ratioOf(alone), cpuRatioAmongCameras: ratioOf(among), camerasAmong: CAMERAS, viewers: VIEWERS, loadBefore: load,
  whep: { glassToGlassMs: quantile(pictures.whepAgesMs, 0.5), firstPictureMs: quantile(pictures.whepFirstMs, 0.5) },
});

if (process.argv.includes("--write")) {
  const lines = [
    "# Live pictures: figures", "", "Made by `npm run bench -- live --write`; nothing here is typed by hand. Ages are read from the clock that the simulated cameras burn into their pictures,",
    "at the moment a frame is shown in Chromium on the same machine; times to the first picture begin with the click and take in the record of the look.", "",
    `Measured on ${describeMachine()}, commit ${findCommit()}.`, "", "| what | measured | to reach |", "|---|---|---|",
    ...figures.map(({ what, value, goal }) => `| ${what} | ${value} | ${goal ?? ""} |`), "",
  ];
  writeFileSync(PAGE, lines.join("\n"));
  tellProgress(`written: ${PAGE}`);
}
