// Pictures and what is beside them in one memory. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { VideoFormat } from "../../media/video-format.ts";
import { TrackSample } from "../ingest/track-ingest.ts";
import { Sample } from "../ingest/video-ingest.ts";
import { BesidePreRoll } from "./beside-pre-roll.ts";
import { PreRoll, PreRollBudget } from "./pre-roll.ts";
import { NEVER } from "./run-moment.ts";

const FORMAT = { codec: "h264" } as VideoFormat;
const BEGINNING = { run: 0, ms: 0 };

function picture(ms: number): Sample {
  const sample = new Sample();
  sample.bytes = new Uint8Array(20_000);
  sample.length = 20_000;
  sample.key = ms % 1_000 === 0;
  sample.decode90k = ms * 90;
  sample.wallMs = ms;
  return sample;
}
function document(ms: number): TrackSample {
  const sample = new TrackSample({ kind: "metadata", payloadType: 107, clockHz: 90_000, control: "" });
  return Object.assign(sample, { bytes: new Uint8Array(20_000), start: 0, end: 20_000, media90k: ms * 90, wallMs: ms });
}

test("[SND1] [CAM15] where memory is short metadata goes before pictures do, also another camera's that was there first; the oldest goes", () => {
  const budget = new PreRollBudget(4_000_000);
  const given: number[] = [];
  const [small, large] = [new BesidePreRoll(budget, () => undefined), new BesidePreRoll(budget, ({ wallMs }) => void given.push(wallMs))];
  for (let ms = 0; ms < 4_000; ms += 200) small.add(document(ms), BEGINNING, 0);
  for (let ms = 0; ms < 40_000; ms += 200) large.add(document(ms), BEGINNING, 0);
  assert.ok(budget.used > 3_900_000 && small.bytes > 400_000);
  const pictures = new PreRoll(budget);
  for (let ms = 0; ms <= 7_000; ms += 40) {
    pictures.add(picture(ms), FORMAT, 30_000, 0);
    assert.ok(budget.used <= budget.most);
  }
  assert.deepEqual([pictures.lost, pictures.findOldest()?.samples[0]?.wallMs], [0, 0], "of the pictures nothing is lost");
  large.giveBefore(NEVER);
  assert.deepEqual(given, Array.from({ length: given.length }, (_, i) => 40_000 - (given.length - i) * 200), "what is left is the newest, in order");
  for (let ms = 7_040; ms <= 20_000; ms += 40) pictures.add(picture(ms), FORMAT, 30_000, 0);
  assert.deepEqual([small.isEmpty, large.isEmpty], [true, true]);
  assert.ok(pictures.lost > 0 && budget.used <= budget.most, "only when nothing else is left");
  pictures.clear();
  assert.equal(budget.used, 0);
});

test("[SND1] what is beside pictures never takes their room", () => {
  const budget = new PreRollBudget(1_000_000);
  const pictures = new PreRoll(budget);
  for (let ms = 0; ms < 2_000; ms += 40) pictures.add(picture(ms), FORMAT, 30_000, 0);
  const beside = new BesidePreRoll(budget, () => undefined);
  for (let ms = 0; ms < 10_000; ms += 200) beside.add(document(ms), BEGINNING, 0);
  assert.deepEqual([beside.isEmpty, pictures.lost, budget.used], [true, 0, 1_000_000]);
});
