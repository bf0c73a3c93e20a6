// `npm run bench -- motion --clips FOLDER [--write] [--json]`: what the measure of movement finds and misses, against what decoding shows. Each clip is encoded as
// cameras do (by quality, and by a hard bit rate; each with settings that its numbers were chosen with, and with others), its pictures' sizes are taken by ffprobe, and a second
// is true movement where decoded pictures 0.2 s apart differ in at least 1 % of their area, none where in less than 0.3 %; seconds between are left out.
// Each clip is played three times and the third is judged: a camera has been learned for longer than a clip lasts. `--write` puts the table
// into docs/reference/motion.md. Needs ffmpeg and the clips, which are not part of the repository.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActivityMeter, MOVING_ACTIVITY, UNKNOWN_ACTIVITY } from "../../src/video/motion/activity-meter.ts";
import { type BenchFigure, printReport, tellProgress } from "./report.ts";

const CLIPS = [
  { file: "car-detection.mp4", what: "car park entrance, cars close by" },
  { file: "one-by-one-person-detection.mp4", what: "people who cross a yard, with pauses" },
  { file: "highway.avi", what: "road, seldom empty" },
  { file: "house6.mp4", what: "people who never stand still" },
] as const;
const ENCODINGS = [
  { name: "quality, key frame each 50", chosen: true, args: ["-crf", "26", "-g", "50"] },
  { name: "600 kbit/s hard, key frame each 50", chosen: true, args: ["-b:v", "600k", "-maxrate", "600k", "-bufsize", "600k", "-g", "50"] },
  { name: "coarse quality, key frame each 100", chosen: false, args: ["-crf", "32", "-g", "100"] },
  { name: "1 Mbit/s in the mean, key frame each 25", chosen: false, args: ["-b:v", "1000k", "-maxrate", "2000k", "-bufsize", "4000k", "-g", "25"] },
] as const;
const WIDTH = 160;
const HEIGHT = 90;
const CHANGED_GREY = 12;
const MOVING_AREA = 0.01;
const STILL_AREA = 0.003;
const PLAYS = 3;
const DOCUMENT = join(import.meta.dirname, "..", "..", "docs", "reference", "motion.md");

const BEGIN = "<!-- bench motion: begin -->";
const END = "<!-- bench motion: end -->";

const optionAt = process.argv.indexOf("--clips");
const folder = optionAt < 0 ? "" : (process.argv[optionAt + 1] ?? "");
const ffmpeg = (args: readonly string[]): Buffer => execFileSync("ffmpeg", ["-v", "error", "-nostdin", ...args], { maxBuffer: 1e9 });
const probe = (args: readonly string[]): string => execFileSync("ffprobe", ["-v", "error", "-select_streams", "v:0", ...args], { maxBuffer: 1e9 }).toString();

interface Counts {
  found: number;
  missed: number;
  falseAlarms: number;
  calm: number;
}
const noCounts = (): Counts => ({ found: 0, missed: 0, falseAlarms: 0, calm: 0 });
const add = (to: Counts, more: Counts): void => {
  to.found += more.found;
  to.missed += more.missed;
  to.falseAlarms += more.falseAlarms;
  to.calm += more.calm;
};

function readFrameRate(file: string): number {
  const [top, bottom] = probe(["-show_entries", "stream=r_frame_rate", "-of", "csv=p=0", file]).trim().split("/").map(Number) as [number, number];
  return top / bottom;
}

/** The greatest changed share of the picture in each second. */
function measureTruth(file: string, fps: number): number[] {
  const grey = ffmpeg(["-i", file, "-an", "-vf", `scale=${WIDTH}:${HEIGHT},format=gray,gblur=sigma=1`, "-f", "rawvideo", "-"]);
  const pixels = WIDTH * HEIGHT;
  const frames = Math.floor(grey.length / pixels);
  const apart = Math.max(1, Math.round(fps / 5));
  const truth = new Array<number>(Math.ceil(frames / fps)).fill(0);
  for (let i = apart; i < frames; i++) {
    let changed = 0;
    for (let p = 0; p < pixels; p++) if (Math.abs(grey[i * pixels + p]! - grey[(i - apart) * pixels + p]!) > CHANGED_GREY) changed++;
    const second = Math.floor(i / fps);
    truth[second] = Math.max(truth[second]!, changed / pixels);
  }
  return truth;
}

function measureActivity(file: string, fps: number, seconds: number): Uint8Array {
  const packets = probe(["-show_entries", "packet=size,flags", "-of", "csv=p=0", file]).trim().split("\n").map((line) => line.split(","));
  const meter = new ActivityMeter();
  const lengthMs = seconds * 1_000;
  for (let play = 0; play < PLAYS; play++)
    packets.forEach(([bytes, flags], i) => meter.note(Number(bytes), flags!.startsWith("K"), play * lengthMs + Math.min(lengthMs - 1, (i * 1_000) / fps)));
  return meter.read((PLAYS - 1) * lengthMs, PLAYS * lengthMs);
}

function judge(truth: readonly number[], activity: Uint8Array): Counts {
  const counts = noCounts();
  truth.forEach((area, second) => {
    const value = activity[second]!;
    if (value === UNKNOWN_ACTIVITY || (area >= STILL_AREA && area < MOVING_AREA)) return;
    const told = value >= MOVING_ACTIVITY;
    const outcome = area >= MOVING_AREA ? (told ? "found" : "missed") : told ? "falseAlarms" : "calm";
    counts[outcome]++;
  });
  return counts;
}

const share = (part: number, rest: number): string => (part + rest === 0 ? "none" : `${Math.round((100 * part) / (part + rest))} %`);
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

const clips = CLIPS.filter(({ file }) => existsSync(join(folder, file)));
if (clips.length === 0) {
  tellProgress(`expected --clips FOLDER with ${CLIPS.map(({ file }) => file).join(", ")}, or some of them; found none in ${JSON.stringify(folder)}`);
  process.exit(1);
}
const work = mkdtempSync(join(tmpdir(), "citywatch-motion-"));
const lines: string[] = [];
const totals = ENCODINGS.map(() => noCounts());
try {
  for (const { file, what } of clips) {
    const source = join(folder, file);
    const fps = readFrameRate(source);
    const truth = measureTruth(source, fps);
    for (const [at, { name, args }] of ENCODINGS.entries()) {
      tellProgress(`${file}: ${name}`);
      const encoded = join(work, "clip.mp4");
      ffmpeg(["-y", "-i", source, "-an", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-sc_threshold", "0", ...args, encoded]);
      const counts = judge(truth, measureActivity(encoded, fps, truth.length));
      if (file !== "house6.mp4") add(totals[at]!, counts);
      lines.push(row([file, what, name, counts.found + counts.missed, share(counts.found, counts.missed), counts.falseAlarms + counts.calm, share(counts.falseAlarms, counts.calm), share(counts.found, counts.falseAlarms)]));
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
const sums = ENCODINGS.map(({ name, chosen }, at) => {
  const { found, missed, falseAlarms, calm } = totals[at]!;
  return row([name, chosen ? "yes" : "no", share(found, missed), share(falseAlarms, calm), share(found, falseAlarms)]);
});
const table = [
  row(["encoding", "numbers chosen with it", "found (recall)", "false alarms among calm seconds", "right of what it tells (precision)"]), row(["---", "---", "---", "---", "---"]), ...sums, "",
  row(["clip", "what is seen", "encoding", "moving s", "found", "calm s", "false alarms", "precision"]), row(["---", "---", "---", "---", "---", "---", "---", "---"]), ...lines,
].join("\n");
if (process.argv.includes("--write")) {
  const text = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT}: expected ${BEGIN} and ${END}`);
  writeFileSync(DOCUMENT, `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`);
}
const figures: BenchFigure[] = ENCODINGS.map(({ name, chosen }, at) => {
  const { found, missed, falseAlarms, calm } = totals[at]!;
  return { what: `${name}${chosen ? "" : " (held out)"}`, value: `found ${share(found, missed)}, false alarms ${share(falseAlarms, calm)}, precision ${share(found, falseAlarms)}` };
});
printReport("motion", figures, Object.fromEntries(ENCODINGS.map(({ name }, at) => [name, totals[at]!])));
