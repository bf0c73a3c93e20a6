// Whatever cameras, disks, clocks and events do, one after the other: what the gate lets through is whole runs of pictures, each once and in order. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";
import { GatedRecording, type RunPort } from "./gated-recording.ts";
import { PreRoll, PreRollBudget } from "./pre-roll.ts";

const FORMAT = { codec: "h264" } as VideoFormat;
const GOP = 10;
const FRAME_MS = 100;
const BYTES = 100;
const KEEP_MS = 3_000;
const T0 = 1_790_000_000_000;

interface Shown {
  readonly session: number;
  readonly number: number;
  readonly key: boolean;
}

/** Runs, as they come. */
class Runs implements RunPort {
  inRun = false;
  refuses = false;
  readonly all: Shown[][] = [];
  readonly #shown: (sample: Sample) => Shown;
  constructor(shown: (sample: Sample) => Shown) {
    this.#shown = shown;
  }
  onFormat(): void { return; }
  onSample(sample: Sample): void {
    if (!this.inRun && (!sample.key || this.refuses)) return;
    if (!this.inRun) this.all.push([]);
    this.inRun = true;
    this.all.at(-1)!.push(this.#shown(sample));
  }
  flush(): void { return; }
  end(): void { this.inRun = false; }
  endBefore(): void { this.end(); }
  endBeside(): void { this.end(); }
}

/** A camera, a disk and a clock that do as they are told. */
class Rig {
  readonly budget: PreRollBudget;
  readonly runs: Runs;
  readonly gate: GatedRecording;
  mayRecord = true;
  writtenUntil = Number.POSITIVE_INFINITY;
  fed = 0;
  #session = 0;
  #inSession = 0;
  #wallMs = T0;
  #now = 0;

  constructor(most: number) {
    this.budget = new PreRollBudget(most);
    const sessions: number[] = [];
    this.runs = new Runs(({ decode90k, key }) => ({ session: sessions[decode90k]!, number: decode90k, key }));
    this.gate = new GatedRecording(this.runs, new PreRoll(this.budget), () => this.writtenUntil);
    this.gate.keep(KEEP_MS);
    this.gate.close("no-event");
    this.gate.beginRun();
    this.gate.onFormat(FORMAT);
    this.#noteSession = (): void => { sessions[this.fed] = this.#session; };
  }
  readonly #noteSession: () => void;

  feed(pictures: number): void {
    for (let i = 0; i < pictures; i++) {
      const sample = new Sample();
      sample.bytes = new Uint8Array(BYTES);
      sample.length = BYTES;
      sample.key = this.#inSession++ % GOP === 0;
      sample.decode90k = this.fed; // by which it is known again
      sample.wallMs = this.#wallMs;
      this.#noteSession();
      this.fed++;
      this.gate.onSample(sample, this.#now, this.mayRecord);
      this.#wallMs += FRAME_MS;
      this.#now += FRAME_MS;
    }
  }
  open(): void { this.gate.open(this.#wallMs - KEEP_MS); }
  /** Of the session that lasts: the first picture that an event of now wants, where one began so long ago. */
  get firstWanted(): number { return Math.max(this.fed - this.#inSession, this.fed - KEEP_MS / FRAME_MS); }
  get nextKey(): number { return this.fed + ((GOP - (this.#inSession % GOP)) % GOP); }
  breakOff(cause: "no-data" | "clock-changed", stepMs: number): void {
    for (let s = 0; s < 3; s++) this.gate.breakOff((this.#now += 1_000), cause, this.mayRecord);
    this.#wallMs += 3_000 + stepMs;
    this.#session++;
    this.#inSession = 0;
    this.gate.beginRun();
    this.gate.onFormat(FORMAT);
  }
  behind(isBehind: boolean): void { this.writtenUntil = isBehind ? this.#wallMs : Number.POSITIVE_INFINITY; }
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("feed" as const), pictures: fc.integer({ min: 1, max: 45 }) }) },
  fc.record({ do: fc.constantFrom("open" as const, "close" as const) }),
  fc.record({ do: fc.constant("break" as const), stepMs: fc.constantFrom(0, 0, 86_400_000 * 400, -86_400_000 * 400, 5_000) }),
  fc.record({ do: fc.constantFrom("hold" as const, "free" as const, "refuse" as const, "behind" as const, "caught-up" as const) }),
  fc.record({ do: fc.constant("keep" as const), ms: fc.constantFrom(0, KEEP_MS) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(rig: Rig, each: Step): void {
  switch (each.do) {
    case "feed": return rig.feed(each.pictures);
    case "open": return rig.open();
    case "close": return rig.gate.close("no-event");
    case "break": return rig.breakOff(each.stepMs === 0 ? "no-data" : "clock-changed", each.stepMs);
    case "hold":
      rig.mayRecord = false;
      return rig.runs.end(); // a disk that failed ends the run
    case "free": rig.mayRecord = true; rig.runs.refuses = false; return;
    case "refuse": rig.runs.refuses = true; return;
    case "behind": return rig.behind(true);
    case "caught-up": return rig.behind(false);
    case "keep": return rig.gate.keep(each.ms);
  }
}

test("[CAM15] [RCD1] each run begins with a key frame and is of one session, no picture missing in it, none twice, all in order; memory is bounded and given back; once all is well what comes is recorded", () => {
  fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), fc.constantFrom(1e9, 60 * BYTES, 15 * BYTES), (steps, most) => {
    const rig = new Rig(most);
    for (const each of steps) {
      play(rig, each);
      const bound = (2 * KEEP_MS) / FRAME_MS + 2 * GOP;
      assert.ok(rig.budget.used <= Math.min(most, bound * BYTES), `${rig.budget.used} bytes kept`);
    }
    // The camera that asks for nothing of before, and the disk, are well again; something happens.
    for (const end of ["free", "caught-up"] as const) play(rig, { do: end });
    rig.gate.keep(KEEP_MS);
    rig.open();
    rig.feed(400);
    for (const run of rig.runs.all) {
      assert.equal(run[0]!.key, true);
      for (const [i, { session, number }] of run.entries()) assert.deepEqual([session, number], [run[0]!.session, run[0]!.number + i]);
    }
    const numbers = rig.runs.all.flat().map(({ number }) => number);
    for (let i = 1; i < numbers.length; i++) assert.ok(numbers[i]! > numbers[i - 1]!, `picture ${numbers[i]} after ${numbers[i - 1]}`);
    assert.equal(numbers.at(-1), rig.fed - 1, "the last picture that came is recorded");
    rig.gate.stop();
    assert.equal(rig.budget.used, 0);
  }), { numRuns: 1_000 });
});

const wellStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("feed" as const), pictures: fc.integer({ min: 1, max: 45 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("open" as const, "close" as const) }) },
  fc.record({ do: fc.constant("break" as const), stepMs: fc.constantFrom(0, 86_400_000 * 400, -86_400_000 * 400) }),
  fc.record({ do: fc.constant("fail" as const), pictures: fc.integer({ min: 1, max: 20 }) }),
);

test("[CAM15] with memory enough, and a disk that may be tried within the pre-roll's time, all that an event wants is recorded but the rest of the GOP that the disk failed in, and nothing where there is no event", () => {
  fc.assert(fc.property(fc.array(wellStep, { minLength: 5, maxLength: 30 }), (steps) => {
    const rig = new Rig(1e9);
    const wanted = new Set<number>();
    const failedIn = new Set<number>();
    let isOpen = false;
    let events = 0;
    const feed = (pictures: number): void => {
      for (let i = 0; i < pictures; i++) {
        if (isOpen) wanted.add(rig.fed);
        rig.feed(1);
      }
    };
    for (const each of [...steps, { do: "feed", pictures: 30 } as const]) {
      if (each.do === "feed") feed(each.pictures);
      else if (each.do === "break") rig.breakOff(each.stepMs === 0 ? "no-data" : "clock-changed", each.stepMs);
      else if (each.do === "open" && !isOpen) {
        isOpen = true;
        events++;
        for (let i = rig.firstWanted; i < rig.fed; i++) wanted.add(i);
        rig.open();
      } else if (each.do === "close" && isOpen) {
        isOpen = false;
        rig.gate.close("no-event");
      } else if (each.do === "fail") {
        const lost = rig.runs.inRun ? [rig.fed, rig.nextKey] as const : undefined;
        play(rig, { do: "hold" });
        feed(each.pictures);
        play(rig, { do: "free" });
        feed(15);
        if (lost !== undefined) for (let i = lost[0]; i < lost[1]; i++) failedIn.add(i);
      }
    }
    const recorded = new Set(rig.runs.all.flat().map(({ number }) => number));
    assert.deepEqual([...wanted].filter((number) => !recorded.has(number) && !failedIn.has(number)), []);
    // Whole GOPs at both ends of each event, and no more.
    assert.ok(recorded.size <= wanted.size + events * 2 * GOP, `${recorded.size} recorded, ${wanted.size} wanted`);
  }), { numRuns: 500 });
});
