import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DELIVERY_LIMITS, type DeliveryState, FLOWING, NEW_DELIVERY, type OfferedPicture, paceOf, stepDelivery } from "./delivery.ts";

const PICTURE: OfferedPicture = { key: false, atMs: 0, waitingBytes: 0, backedUpMs: 0, everFlowed: true };
const LIMITS = { ...DELIVERY_LIMITS, fallBytes: 10, fallMs: 100, resumeBytes: 5 };
type Stepped = Exclude<DeliveryState, { kind: "catching-up" }>;

test("[LIV2] frames before a viewer's first key frame are no loss", () => {
  const first = stepDelivery(NEW_DELIVERY, { ...PICTURE, everFlowed: false }, LIMITS);
  const step = stepDelivery(first.state, { ...PICTURE, key: true, everFlowed: false }, LIMITS);
  assert.deepEqual([step.send, step.dropped], [true, 0]);
});

test("[LIV2] a socket that is backed up for long makes a viewer fall as one with much waiting does, and one that drains does not", () => {
  const fallsAt = (waitingBytes: number, backedUpMs: number): boolean => {
    const { send, dropped, state } = stepDelivery(FLOWING, { ...PICTURE, waitingBytes, backedUpMs }, LIMITS);
    assert.equal(send, state.kind === "flowing");
    assert.equal(dropped, send ? 0 : 1, "told at once");
    return !send;
  };
  assert.deepEqual([fallsAt(10, 100), fallsAt(11, 0), fallsAt(6, 101), fallsAt(5, 5_000)], [false, true, true, false]);
});

/** A viewer of a camera with a key frame each second, whose socket is backed up (too full at once) at the moments that `isSlow` names. Answers which pictures were sent. */
function watch(seconds: number, isSlow: (atMs: number, state: Stepped) => boolean): { readonly atMs: number; readonly key: boolean; readonly sent: boolean; readonly state: Stepped }[] {
  let state: Stepped = FLOWING;
  return Array.from({ length: seconds * 25 }, (_, i) => {
    const atMs = i * 40;
    const key = i % 25 === 0;
    const step = stepDelivery(state, { ...PICTURE, key, atMs, waitingBytes: isSlow(atMs, state) ? LIMITS.fallBytes + 1 : 0 }, LIMITS);
    state = step.state;
    return { atMs, key, sent: step.send, state };
  });
}

test("[LIV2] while the link is slow key frames go and nothing else; everything goes again once each key frame has found it free for a time", () => {
  const seen = watch(30, (atMs) => atMs >= 3_020 && atMs < 5_500);
  const fell = seen.findIndex(({ state }) => state.kind === "key-frames");
  const again = seen.findIndex(({ state }, i) => i > fell && state.kind === "flowing");
  assert.ok(fell > 0 && again > fell);
  assert.deepEqual(seen.slice(fell, again).filter(({ sent }) => sent).map(({ atMs }) => atMs), [6_000, 7_000, 8_000, 9_000]);
  assert.equal(seen[again]!.atMs, 6_000 + LIMITS.firstHoldMs);
  assert.ok(seen.slice(again).every(({ sent }) => sent));
});

test("[LIV2] a key frame that finds the link still full is left out, and the time without trouble begins anew", () => {
  const seen = watch(30, (atMs) => (atMs >= 3_020 && atMs < 3_500) || atMs === 6_000);
  assert.equal(seen.find(({ atMs }) => atMs === 6_000)?.sent, false);
  assert.equal(seen.find(({ atMs, state }) => atMs > 4_000 && state.kind === "flowing")?.atMs, 7_000 + LIMITS.firstHoldMs);
});

test("[LIV2] where everything is too much again and again it is tried later each time, up to a bound; after a calm time soon again", () => {
  // A link that takes key frames, and is full half a second after all pictures go.
  let flowsSince: number | null = 0;
  const seen = watch(400, (atMs, state) => {
    flowsSince = state.kind === "flowing" ? (flowsSince ?? atMs) : null;
    return flowsSince !== null && atMs - flowsSince > 500;
  });
  const falls = seen.flatMap(({ atMs, state }, i) => (state.kind === "key-frames" && seen[i - 1]?.state.kind === "flowing" ? [atMs] : []));
  const resumes = seen.flatMap(({ atMs, state }, i) => (state.kind === "flowing" && seen[i - 1]?.state.kind === "key-frames" ? [atMs] : []));
  const held = resumes.map((atMs, i) => atMs - falls[i]!);
  const expected = [4_000, 8_000, 16_000, 32_000, 60_000, 60_000];
  for (const [i, least] of expected.entries()) assert.ok(held[i]! >= least && held[i]! <= least + 1_000, `${held.join(" ")}`);
  const calm = watch(120, (atMs) => atMs === 1_040 || atMs === 60_040);
  const last = calm.findLast(({ state }) => state.kind === "key-frames")!;
  assert.ok(last.state.kind === "key-frames");
  assert.equal(last.state.link.holdMs, LIMITS.firstHoldMs);
});

test("[LIV2] whatever the link does, whoever is told key frames gets no other picture, all that is left out is told, and a free link brings everything back", () => {
  fc.assert(fc.property(fc.array(fc.record({ key: fc.boolean(), waitingBytes: fc.nat(14), backedUpMs: fc.nat(150), passMs: fc.nat(3_000) }), { maxLength: 300 }), (offered) => {
    let state: Stepped = FLOWING;
    let atMs = 0;
    let [missed, told] = [0, 0];
    const offer = (picture: Partial<OfferedPicture>): void => {
      const { pace, step } = { pace: paceOf(state), step: stepDelivery(state, { ...PICTURE, ...picture, atMs }, LIMITS) };
      if (pace === "key-frames") assert.ok(!step.send || picture.key === true);
      missed += step.send ? 0 : 1;
      told += step.dropped;
      if (step.send) assert.equal(told, missed);
      state = step.state;
    };
    for (const { passMs, ...picture } of offered) {
      atMs += passMs;
      offer(picture);
    }
    for (let i = 0; i <= LIMITS.mostHoldMs / 1_000; i++, atMs += 1_000) offer({ key: true });
    assert.equal(paceOf(state), "all");
  }));
});
