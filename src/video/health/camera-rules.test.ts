import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CAMERA_PROBLEM_KINDS, CAMERA_RULES, type CameraProblemKind, type Observation, type ProblemState, transitionProblem, type UsualFigures, type Verdict } from "./camera-rules.ts";
import { learnFigures, type LearnedFigures, usualOf } from "./usual-figures.ts";

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;
type Figures = NonNullable<Observation["figures"]>;
const FIGURES: Figures = { keyIntervalMs: 2_000, keyIntervalSetMs: null, clockOffsetMs: 10, lossShare: 0, stillMs: 0, reconnectsHour: 0, dropped: { sound: 0, metadata: 0 }, picture: { state: "good", luma: 90, sharpness: 300, usualSharpness: 310 }, pictureChecks: "on" };
const WELL: Observation = { state: "connected", since: NOW - 3_600_000, problem: null, lastFrameAt: NOW, bitsPerSecond: 4e6, framesPerSecond: 25, figures: FIGURES };
const USUAL: UsualFigures = { bitsPerSecond: 4e6, framesPerSecond: 25, keyIntervalMs: 2_000 };

const rule = (kind: CameraProblemKind) => CAMERA_RULES.find((one) => one.kind === kind)!;
const judge = (kind: CameraProblemKind, seen: Partial<Observation>, figures: Partial<Figures> = {}, usual: UsualFigures | null = USUAL): Verdict["is"] =>
  rule(kind).judge({ ...WELL, ...seen, figures: { ...FIGURES, ...figures } }, usual, NOW).is;

describe("what is a problem", () => {
  test("[HLT2] every kind has one rule, and a camera that is well has no problem", () => {
    assert.deepEqual(CAMERA_RULES.map(({ kind }) => kind), [...CAMERA_PROBLEM_KINDS]);
    for (const one of CAMERA_RULES) assert.equal(one.judge(WELL, USUAL, NOW).is, "right", one.kind);
  });

  /** Kind, what is seen, figures: and the verdict. */
  const TABLE: readonly [CameraProblemKind, Partial<Observation>, Partial<Figures>, Verdict["is"]][] = [
    ["offline", { state: "failing", problem: "timeout" }, {}, "wrong"],
    ["offline", { state: "connecting" }, {}, "wrong"],
    ["offline", { state: "idle" }, {}, "right"],
    ["offline", { state: "failing", problem: "no-video" }, {}, "right"],
    ["no-pictures", { state: "failing", problem: "no-video" }, {}, "wrong"],
    ["no-pictures", { state: "failing", problem: "timeout" }, {}, "unclear"],
    ["no-pictures", { lastFrameAt: NOW - 16_000 }, {}, "wrong"],
    ["no-pictures", { lastFrameAt: NOW - 14_000 }, {}, "right"],
    ["key-interval", {}, { keyIntervalSetMs: 1_000 }, "wrong"],
    ["key-interval", {}, { keyIntervalSetMs: 4_000 }, "wrong"],
    ["key-interval", {}, { keyIntervalSetMs: 1_400 }, "unclear"],
    ["key-interval", {}, { keyIntervalSetMs: 1_900 }, "right"],
    ["key-interval", {}, { keyIntervalMs: 7_000 }, "wrong"],
    ["key-interval", {}, { keyIntervalMs: 3_500 }, "right"],
    ["key-interval", {}, { keyIntervalMs: null }, "unclear"],
    ["bit-rate", { bitsPerSecond: 3e5 }, {}, "wrong"],
    ["bit-rate", { bitsPerSecond: 6e5 }, {}, "unclear"],
    ["bit-rate", { bitsPerSecond: 9e5 }, {}, "right"],
    ["frame-rate", { framesPerSecond: 14 }, {}, "wrong"],
    ["frame-rate", { framesPerSecond: 17 }, {}, "unclear"],
    ["frame-rate", { framesPerSecond: 21 }, {}, "right"],
    ["clock", {}, { clockOffsetMs: -2_500 }, "wrong"],
    ["clock", {}, { clockOffsetMs: 1_500 }, "unclear"],
    ["clock", {}, { clockOffsetMs: null }, "unclear"],
    ["loss", {}, { lossShare: 0.02 }, "wrong"],
    ["loss", {}, { lossShare: 0.005 }, "unclear"],
    ["loss", {}, { lossShare: 0.002 }, "right"],
    ["sound-dropped", {}, { dropped: { sound: 1, metadata: 0 } }, "wrong"],
    ["sound-dropped", { state: "failing" }, { dropped: { sound: 0, metadata: 3 } }, "wrong"],
    ["sound-dropped", {}, {}, "right"],
    ["reconnecting", {}, { reconnectsHour: 4 }, "wrong"],
    ["reconnecting", {}, { reconnectsHour: 2 }, "unclear"],
    ["reconnecting", {}, { reconnectsHour: 1 }, "right"],
    ["frozen", {}, { picture: { state: "frozen", luma: 90, sharpness: 1, usualSharpness: 1 } }, "wrong"],
    ["frozen", {}, { stillMs: 90 * MINUTE }, "right"], // somebody looks at pictures, and they differ
    ["frozen", {}, { stillMs: 31 * MINUTE, pictureChecks: "no-ffmpeg", picture: null }, "wrong"],
    ["frozen", {}, { stillMs: 29 * MINUTE, pictureChecks: "no-ffmpeg", picture: null }, "right"],
    ["frozen", {}, { stillMs: 31 * MINUTE, picture: null }, "wrong"], // looks are on, and could make nothing of it
    ["frozen", {}, { stillMs: 5 * MINUTE, picture: null }, "unclear"],
    ["black", {}, { picture: { state: "black", luma: 3, sharpness: 1, usualSharpness: 300 } }, "wrong"],
    ["blurred", {}, { picture: { state: "blurred", luma: 80, sharpness: 20, usualSharpness: 300 } }, "wrong"],
    ["blurred", {}, { picture: null }, "unclear"],
  ];
  for (const [kind, seen, figures, is] of TABLE) {
    test(`[HLT2] ${kind}: ${JSON.stringify({ ...seen, ...figures })} is ${is}`, () => assert.equal(judge(kind, seen, figures), is));
  }

  test("[HLT4] what needs the usual is not judged before it is known", () => {
    for (const kind of ["bit-rate", "frame-rate", "key-interval"] as const) assert.equal(judge(kind, { bitsPerSecond: 1, framesPerSecond: 1 }, { keyIntervalMs: 90_000 }, null), "unclear", kind);
  });

  test("[HLT5] of a camera that is away nothing is said but that it is away", () => {
    const bad: Partial<Figures> = { clockOffsetMs: 9e9, lossShare: 1, picture: { state: "black", luma: 0, sharpness: 0, usualSharpness: 9 }, keyIntervalMs: 9e6 };
    for (const kind of ["key-interval", "bit-rate", "frame-rate", "clock", "loss", "frozen", "black", "blurred"] as const) assert.equal(judge(kind, { state: "failing", problem: "timeout" }, bad), "unclear", kind);
  });
});

const wrong: Verdict = { is: "wrong", params: { n: 1 } };
const right: Verdict = { is: "right" };
const unclear: Verdict = { is: "unclear" };
const TIMES = { beginsAfterMs: 30_000, endsAfterMs: 60_000 };

describe("from figures to events", () => {
  /** Verdicts 10 s apart; answers what began and ended, in seconds. */
  const play = (verdicts: readonly Verdict[]): string[] => {
    let state: ProblemState | undefined;
    return verdicts.flatMap((verdict, i) => {
      const step = transitionProblem(state, verdict, TIMES, NOW + i * 10_000);
      state = step.state;
      return step.change === undefined ? [] : [`${step.change.change} ${(step.change.at - NOW) / 1_000}`];
    });
  };
  const times = (n: number, verdict: Verdict): Verdict[] => Array.from({ length: n }, () => verdict);

  test("[HLT3] it begins when it was first wrong, once it has been for long enough, and ends when it was first right", () => {
    assert.deepEqual(play([right, ...times(4, wrong), ...times(3, wrong), ...times(10, right)]), ["began 10", "ended 80"]);
  });

  test("[HLT3] what is wrong for a moment is no event; what is right for a moment ends none", () => {
    assert.deepEqual(play([...times(3, wrong), right, ...times(3, wrong), right]), []);
    assert.deepEqual(play([...times(6, wrong), ...times(5, right), wrong, ...times(20, right)]), ["began 0", "ended 120"]);
  });

  test("[HLT5] what is unclear ends nothing and begins nothing", () => {
    assert.deepEqual(play([...times(6, wrong), ...times(50, unclear)]), ["began 0"]);
    assert.deepEqual(play([wrong, wrong, unclear, wrong, wrong, wrong, wrong]), ["began 30"]);
  });

  test("[HLT3] a camera that says since when begins there", () => {
    const { change } = transitionProblem(undefined, { ...wrong, since: NOW - 45_000 }, TIMES, NOW);
    assert.deepEqual(change, { change: "began", at: NOW - 45_000, params: { n: 1 } });
  });

  test("[HLT3] begins and ends take turns and never run back, whatever comes", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(wrong, right, unclear), fc.nat(120_000)), { maxLength: 200 }), (steps) => {
      let state: ProblemState | undefined;
      let now = NOW;
      let last = "ended";
      let lastAt = 0;
      for (const [verdict, passed] of steps) {
        now += passed;
        const step = transitionProblem(state, verdict, TIMES, now);
        state = step.state;
        if (step.change === undefined) continue;
        assert.notEqual(step.change.change, last);
        assert.ok(step.change.at >= lastAt && step.change.at <= now);
        last = step.change.change;
        lastAt = step.change.at;
      }
    }));
  });
});

describe("what is usual", () => {
  const learn = (before: LearnedFigures | undefined, seen: Partial<Observation>, minutes: number, problem = false, format = "avc1 1280"): LearnedFigures => {
    let learned = before;
    const from = before?.at ?? NOW;
    for (let i = 0; i <= minutes * 6; i++) learned = learnFigures(learned, { ...WELL, ...seen }, format, () => problem, from + i * 10_000);
    return learned!;
  };

  test("[HLT4] it is believed after ten minutes, follows within hours, and a problem only within days", () => {
    assert.equal(usualOf(learn(undefined, {}, 9)), null);
    const known = learn(undefined, {}, 60);
    assert.equal(Math.round(usualOf(known)!.framesPerSecond), 25);
    assert.ok(learn(known, { framesPerSecond: 10 }, 600).framesPerSecond < 12);
    assert.ok(learn(known, { framesPerSecond: 10 }, 600, true).framesPerSecond > 20);
  });

  test("[HLT4] another codec or size is learned anew; what is not connected teaches nothing", () => {
    const known = learn(undefined, {}, 60);
    assert.equal(usualOf(learn(known, {}, 5, false, "hvc1 3840")), null);
    assert.equal(learnFigures(known, { ...WELL, state: "failing", framesPerSecond: null }, "avc1 1280", () => false, NOW), known);
  });
});
