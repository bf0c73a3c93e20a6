// `npm run bench -- pictures --clips FOLDER [--write] [--json]`: what the looks at pictures find and where they are wrong. From each clip a look every second, as the recorder does; ten make the
// camera known, the others are judged as they are (false alarms) and with a fault made by ffmpeg's filters (recall). Each look that is judged comes twice, since a state is believed at the
// second. `--write` puts the table into docs/reference/picture-checks.md. Needs ffmpeg and the clips, which are not part of the repository.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { judgePicture, MEASURED_HEIGHT, MEASURED_WIDTH, measurePicture, NO_PICTURE_HISTORY, type PictureHistory, type PictureMeasures, type PictureState } from "../../src/video/health/picture-measures.ts";
import { type BenchFigure, printReport, tellProgress } from "./report.ts";

const CLIPS = ["car-detection.mp4", "one-by-one-person-detection.mp4", "highway.avi", "house6.mp4"];
const MOST_LOOKS = 30;
const KNOWN_LOOKS = 10;
const MINUTE = 60_000;
interface Fault {
  readonly what: string;
  readonly filter: string;
  readonly state: PictureState;
  /** How long nothing new is in the stream. */
  readonly stillMs?: number;
}
const FAULTS: readonly Fault[] = [
  { what: "nothing wrong", filter: "", state: "good" },
  { what: "as dark as dusk (a third of the light)", filter: "eq=brightness=-0.25:contrast=0.7", state: "good" },
  { what: "slightly out of focus (sigma 1 of 480 wide)", filter: "gblur=sigma=1", state: "blurred" },
  { what: "out of focus (sigma 3)", filter: "gblur=sigma=3", state: "blurred" },
  { what: "smeared (sigma 8)", filter: "gblur=sigma=8", state: "blurred" },
  { what: "covered: evenly grey, with noise", filter: "gblur=sigma=200,noise=alls=3:allf=t", state: "blurred" },
  { what: "black, with noise", filter: "lutyuv=y=18,noise=alls=3:allf=t", state: "black" },
  { what: "frozen", filter: "", state: "frozen", stillMs: 60 * MINUTE },
];
const DOCUMENT = join(import.meta.dirname, "..", "..", "docs", "reference", "picture-checks.md");
const BEGIN = "<!-- bench pictures: begin -->";
const END = "<!-- bench pictures: end -->";

const optionAt = process.argv.indexOf("--clips");
const folder = optionAt < 0 ? "" : (process.argv[optionAt + 1] ?? "");

function measureClip(file: string, filter: string): PictureMeasures[] {
  const filters = [`fps=1`, `scale=${MEASURED_WIDTH}:${MEASURED_HEIGHT}:flags=area`, ...(filter === "" ? [] : [filter]), "format=gray"].join(",");
  const grey = execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-i", file, "-an", "-vf", filters, "-frames:v", String(MOST_LOOKS), "-f", "rawvideo", "-"], { maxBuffer: 1e9 });
  const size = MEASURED_WIDTH * MEASURED_HEIGHT;
  return Array.from({ length: Math.floor(grey.length / size) }, (_, i) => measurePicture(grey.subarray(i * size, (i + 1) * size), MEASURED_WIDTH, MEASURED_HEIGHT));
}
const play = (looks: readonly PictureMeasures[], stillMs: number, before: PictureHistory): PictureHistory => looks.reduce((history, look) => judgePicture(history, look, stillMs, (history.last?.at ?? 0) + 10 * MINUTE), before);

const clips = CLIPS.filter((file) => existsSync(join(folder, file)));
if (clips.length === 0) {
  tellProgress(`expected --clips FOLDER with ${CLIPS.join(", ")}, or some of them; found none in ${JSON.stringify(folder)}`);
  process.exit(1);
}
const right = FAULTS.map(() => 0);
const judged = FAULTS.map(() => 0);
const told = FAULTS.map(() => new Map<PictureState, number>());
for (const file of clips) {
  tellProgress(file);
  const well = measureClip(join(folder, file), "");
  const known = Math.min(KNOWN_LOOKS, Math.floor(well.length / 2) + 1);
  const camera = play(well.slice(0, known), 0, NO_PICTURE_HISTORY);
  FAULTS.forEach(({ filter, state, stillMs = 0 }, at) => {
    for (const look of (filter === "" ? well : measureClip(join(folder, file), filter)).slice(known)) {
      // Frozen: three times the very same. Else two looks that differ in something that no measure sees.
      const looks = state === "frozen" ? [look, look, look] : [look, { ...look, digest: `${look.digest}'` }];
      const found = play(looks, stillMs, camera).state;
      judged[at]!++;
      if (found === state) right[at]!++;
      told[at]!.set(found, (told[at]!.get(found) ?? 0) + 1);
    }
  });
}
const percent = (at: number): string => `${Math.round((100 * right[at]!) / judged[at]!)} %`;
const listTold = (at: number): string => [...told[at]!].map(([state, n]) => `${state} ${n}`).join(", ");
const table = ["| what was done | should be told | looks | told so | told in all |", "| --- | --- | --- | --- | --- |", ...FAULTS.map(({ what, state }, at) => `| ${what} | ${state} | ${judged[at]} | ${percent(at)} | ${listTold(at)} |`)].join("\n");
if (process.argv.includes("--write")) {
  const text = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT}: expected ${BEGIN} and ${END}`);
  writeFileSync(DOCUMENT, `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`);
}
const figures: BenchFigure[] = FAULTS.map(({ what, state }, at) => ({ what: `${what}: ${state}`, value: `${percent(at)} of ${judged[at]}` }));
printReport("pictures", figures, Object.fromEntries(FAULTS.map(({ what }, at) => [what, { judged: judged[at], right: right[at], told: Object.fromEntries(told[at]!) }])));
