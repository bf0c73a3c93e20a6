// Whatever cameras, disks, clocks and events do, one after the other: what the gate lets through is whole runs of pictures, each once and in order. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";
import type { GapCause } from "../ports.ts";
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

/** Why there are no pictures, as the index tells it: of each time one cause, and what a run has is no gap. */
class Gaps {
  #all: { readonly from: number; readonly to: number; readonly cause: GapCause }[] = [{ from: 0, to: Infinity, cause: "no-event" }];
  begin(at: number): void { this.#all = this.#all.map((gap) => (gap.to === Infinity ? { ...gap, to: Math.max(gap.from, at) } : gap)); }
  end(at: number, cause: GapCause): void {
    this.begin(at);
    this.#all.push({ from: at, to: Infinity, cause });
  }
  /** Where it stands as `no-event`. */
  retell(from: number, to: number, cause: GapCause): void {
    this.#all = this.#all.flatMap((gap) => (gap.cause !== "no-event" ? [gap] : [{ ...gap, to: Math.min(gap.to, Math.max(gap.from, from)) }, { from: Math.max(gap.from, from), to: Math.min(gap.to, to), cause }, { ...gap, from: Math.max(gap.from, Math.min(gap.to, to)) }].filter((piece) => piece.to > piece.from)));
  }
  at(ms: number): GapCause | undefined { return this.#all.find(({ from, to }) => ms >= from && ms < to)?.cause; }
}

/** Runs, as they come. */
class Runs implements RunPort {
  readonly gaps = new Gaps();
  #lastMs = 0;
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
    if (!this.inRun) {
      this.all.push([]);
      this.gaps.begin(sample.wallMs);
    }
    this.inRun = true;
    this.#lastMs = sample.wallMs;
    this.all.at(-1)!.push(this.#shown(sample));
  }
  flush(): void { return; }
  end(cause: GapCause): void {
    if (this.inRun) this.gaps.end(this.#lastMs + FRAME_MS, cause);
    this.inRun = false;
  }
  endBefore(_sample: Sample, cause: GapCause): void { this.end(cause); }
  endBeside(_sample: Sample, cause: GapCause): void { this.end(cause); }
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
    this.gate = new GatedRecording(this.runs, new PreRoll(this.budget), () => this.writtenUntil, undefined, (from, to) => this.runs.gaps.retell(from, to, "disk-slow"));
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
  open(): void {
    this.gate.open(this.#wallMs - KEEP_MS);
    if (!this.mayRecord) this.#tellWanted();
  }
  /** As the recorder does it. */
  fail(): void {
    this.mayRecord = false;
    this.runs.end("disk-failed");
    this.#tellWanted();
  }
  #tellWanted(): void {
    const { wanted } = this.gate;
    if (wanted !== undefined) this.runs.gaps.retell(wanted.from, wanted.to, "disk-failed");
  }
  get now(): number { return this.#wallMs; }
  get isBlocked(): boolean { return !this.mayRecord || this.runs.refuses || Number.isFinite(this.writtenUntil); }
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
    case "hold": return rig.fail();
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

const hardStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("feed" as const), pictures: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("open" as const, "close" as const) }) },
  fc.record({ do: fc.constant("break" as const), stepMs: fc.constant(0) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("hold" as const, "free" as const, "refuse" as const, "behind" as const, "caught-up" as const) }) },
);

/** A disk that is away for longer than memory reaches. */
const LOSING = [{ do: "open" }, { do: "feed", pictures: 35 }, { do: "hold" }, { do: "feed", pictures: 90 }, { do: "feed", pictures: 90 }, { do: "close" }, { do: "feed", pictures: 10 }, { do: "free" }] as const;

/** By the number of the picture. */
interface Wanted {
  readonly wallMs: number;
  /** The picture that was the next when it became wanted. */
  readonly since: number;
}
interface Stretch {
  readonly from: number;
  to: number;
}
/** Twice the pre-roll, in whole GOPs. */
const REACH = (2 * KEEP_MS) / FRAME_MS - 2 * GOP;
/** So long what waited may still be on its way when the disk is blocked anew. */
const CATCH_UP = 3 * GOP;

test("[CAM15] [RCD7] whatever the disk does: what an event wants and no run has is told as the disk's, never as `no-event`; with memory enough nothing goes that did not wait for longer than twice the pre-roll, but the rest of the GOP that the disk failed in", () => {
  let losses = 0;
  fc.assert(fc.property(fc.array(hardStep, { minLength: 8, maxLength: 40 }), fc.constantFrom(1e9, 1e9, 45 * BYTES, 15 * BYTES), (steps, most) => {
    const rig = new Rig(most);
    const wanted = new Map<number, Wanted>();
    const times: number[] = [];
    const failedIn = new Set<number>();
    const blocked: Stretch[] = [];
    let isOpen = false;
    const feed = (pictures: number): void => {
      for (let i = 0; i < pictures; i++) {
        if (isOpen) wanted.set(rig.fed, { wallMs: rig.now, since: rig.fed });
        times[rig.fed] = rig.now;
        const last = blocked.at(-1);
        if (rig.isBlocked && last !== undefined && rig.fed - last.to <= CATCH_UP) last.to = rig.fed;
        else if (rig.isBlocked) blocked.push({ from: rig.fed, to: rig.fed });
        rig.feed(1);
      }
    };
    for (const each of [...steps, { do: "free" }, { do: "caught-up" }, { do: "feed", pictures: 200 }] as const) {
      if (each.do === "feed") feed(each.pictures);
      else if (each.do === "open") {
        if (isOpen) continue;
        isOpen = true;
        // Where memory is short, a pre-roll is what it holds; what is being recorded has none.
        const keptSinceMs = most === 1e9 ? 0 : (rig.gate.keptSince?.ms ?? Infinity);
        for (let i = rig.firstWanted; i < rig.fed; i++) if (times[i]! >= keptSinceMs) wanted.set(i, wanted.get(i) ?? { wallMs: times[i]!, since: rig.fed });
        rig.open();
      } else if (each.do === "close") {
        isOpen = false;
        rig.gate.close("no-event");
      } else {
        if (each.do === "hold" && rig.runs.inRun) for (let i = rig.fed; i < rig.nextKey; i++) failedIn.add(i);
        play(rig, each);
      }
    }
    const recorded = new Set(rig.runs.all.flat().map(({ number }) => number));
    for (const [number, { wallMs, since }] of wanted) {
      if (recorded.has(number)) continue;
      losses++;
      assert.notEqual(rig.runs.gaps.at(wallMs), "no-event", `picture ${number} of ${rig.fed}`);
      assert.notEqual(rig.runs.gaps.at(wallMs), undefined, `picture ${number} is in no gap`);
      if (most < 1e9 || failedIn.has(number)) continue;
      assert.ok(blocked.some(({ from, to }) => from <= since + CATCH_UP && to - number >= REACH), `picture ${number} is lost, and did not have to be: blocked ${JSON.stringify(blocked)}`);
    }
  }), { numRuns: 1_000, examples: [[[...LOSING], 1e9], [[...LOSING], 15 * BYTES]] });
  assert.ok(losses > 0);
});
