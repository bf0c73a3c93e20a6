import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseMoof } from "../../media/fmp4/reading.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";
import { DELIVERY_LIMITS, type DeliveryPace } from "./delivery.ts";
import { GopBudget, LiveStream, type LiveViewerPort } from "./live-stream.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 2, 3]) };

class TestViewer implements LiveViewerPort {
  readonly got: string[] = [];
  readonly fragments: Uint8Array[] = [];
  waiting = 0;
  waitingBytes(): number { return this.waiting; }
  onInit(format: VideoFormat): void { this.got.push(`init ${format.width}`); }
  onFragment(fragment: Uint8Array, key: boolean): void { this.fragments.push(fragment); this.got.push(key ? "K" : "d"); }
  onDropped(frames: number): void { this.got.push(`dropped ${frames}`); }
  onPace(pace: DeliveryPace): void { this.got.push(pace); }
  onGone(): void { this.got.push("gone"); }
}

function sample(frame: number, key: boolean, wallMs = 1_000_000 + frame * 40): Sample {
  const made = new Sample();
  made.bytes = new Uint8Array(100);
  made.length = 100;
  made.key = key;
  made.decode90k = frame * 3_600;
  made.wallMs = wallMs;
  return made;
}
const startOf = (fragment: Uint8Array): number => {
  const moof = parseMoof(fragment.slice(0, (fragment[2]! << 8) | fragment[3]!));
  assert.ok(moof.ok);
  return moof.value.start90k;
};

describe("live fan-out", () => {
  test("[LIV1] [LIV4] a viewer that comes late gets the running GOP at once; the same bytes go to all", () => {
    const stream = new LiveStream(new GopBudget(1_000_000));
    stream.onFormat(FORMAT);
    const early = new TestViewer();
    stream.add(early);
    for (let frame = 0; frame < 3; frame++) stream.onSample(sample(frame, frame === 0));
    const late = new TestViewer();
    stream.add(late);
    stream.onSample(sample(3, false));
    assert.deepEqual(early.got, ["init 240", "K", "d", "d", "d"]);
    assert.deepEqual(late.got, early.got);
    assert.equal(late.fragments[3], early.fragments[3]);
  });

  /** A viewer whose socket holds what it was given until it is drained. */
  class SocketViewer extends TestViewer {
    atMs = 0;
    #drainedMs = 0;
    override waitingBytes(): number {
      if (this.waiting <= DELIVERY_LIMITS.resumeBytes) this.#drainedMs = this.atMs;
      return this.waiting;
    }
    backedUpMs(): number { return this.atMs - this.#drainedMs; }
    override onFragment(fragment: Uint8Array, key: boolean): void {
      super.onFragment(fragment, key);
      this.waiting += fragment.length;
    }
    drain(bytes: number): void { this.waiting = Math.max(0, this.waiting - bytes); }
  }
  function large(frame: number, key: boolean): Sample {
    const made = sample(frame, key);
    made.bytes = new Uint8Array(20_000);
    made.length = 20_000;
    return made;
  }

  test("[LIV4] a viewer that joins late in a long GOP catches up and misses nothing, and those on the same socket go on", () => {
    const stream = new LiveStream(new GopBudget(64e6));
    stream.onFormat(FORMAT);
    stream.add(new TestViewer());
    for (let frame = 0; frame < 120; frame++) stream.onSample(large(frame, frame % 150 === 0)); // 4 Mbit/s, a key frame every 6 s
    const late = new SocketViewer();
    stream.add(late);
    assert.deepEqual(late.got.slice(0, 2), ["init 240", "K"]);
    let mostWaiting = 0;
    for (let frame = 120; frame < 400; frame++) {
      mostWaiting = Math.max(mostWaiting, late.waiting);
      late.drain(200_000); // 40 Mbit/s
      stream.onSample(large(frame, frame % 150 === 0));
    }
    assert.ok(mostWaiting < 300_000, `${mostWaiting} bytes waited`);
    assert.deepEqual(late.fragments.map(startOf), Array.from({ length: 400 }, (_, frame) => frame * 3_600));
    assert.ok(late.got.every((each) => !each.startsWith("dropped")));
  });

  test("[LIV4] [LIV2] who has not caught up when the next GOP begins goes on with that one, and is told what it missed", () => {
    const stream = new LiveStream(new GopBudget(64e6));
    stream.onFormat(FORMAT);
    stream.add(new TestViewer());
    for (let frame = 0; frame < 140; frame++) stream.onSample(large(frame, frame % 150 === 0));
    const late = new SocketViewer();
    stream.add(late);
    for (let frame = 140; frame < 290; frame++) {
      late.drain(25_000); // 5 Mbit/s: hardly more than the stream
      stream.onSample(large(frame, frame % 150 === 0));
    }
    const keys = late.got.flatMap((each, i) => (each === "K" ? [i] : []));
    assert.equal(keys.length, 2);
    const missed = Number(late.got[keys[1]! - 1]!.replace("dropped ", ""));
    const starts = late.fragments.map((fragment) => startOf(fragment) / 3_600);
    assert.equal(missed, 150 - keys[1]! + 2, "all of the first GOP that did not come");
    assert.deepEqual(starts.slice(starts.indexOf(150)), Array.from({ length: starts.length - starts.indexOf(150) }, (_, i) => 150 + i));
    assert.ok(starts.at(-1)! > 280, `at ${starts.at(-1)} of 289`);
  });

  test("[LIV4] without budget a new viewer waits for the next key frame", () => {
    const stream = new LiveStream(new GopBudget(0));
    stream.onFormat(FORMAT);
    stream.onSample(sample(0, true));
    const viewer = new TestViewer();
    stream.add(viewer);
    stream.onSample(sample(1, false));
    assert.deepEqual(viewer.got, []);
    stream.onSample(sample(2, true));
    assert.deepEqual(viewer.got, ["init 240", "K"]);
  });

  test("[LIV2] [LIV3] a slow viewer falls to key frames and is told, and gets everything again by itself; the other misses nothing", () => {
    const stream = new LiveStream(new GopBudget(1_000_000));
    stream.onFormat(FORMAT);
    const slow = new TestViewer();
    const fast = new TestViewer();
    stream.add(slow);
    stream.add(fast);
    const HELD = DELIVERY_LIMITS.firstHoldMs / 40; // pictures
    for (let frame = 0; frame < 12 + HELD; frame++) {
      slow.waiting = frame >= 2 && frame < 7 ? 3_000_000 : 0;
      stream.onSample(sample(frame, frame % 5 === 0));
    }
    assert.deepEqual(slow.got.slice(0, 9), ["init 240", "K", "d", "key-frames", "dropped 1", "dropped 7", "K", "dropped 4", "K"], "from the key frame on that finds it drained, key frames alone");
    assert.deepEqual(slow.got.slice(-5), ["K", "all", "dropped 4", "K", "d"]);
    assert.deepEqual(slow.fragments.map((fragment) => startOf(fragment) / 3_600), [0, 1, ...Array.from({ length: HELD / 5 + 1 }, (_, i) => 10 + i * 5), 11 + HELD]);
    assert.deepEqual(fast.fragments.length, 12 + HELD);
    assert.ok(!fast.got.includes("key-frames"));
  });

  test("[LIV2] [LIV4] who catches up with no GOP before the next begins gets key frames alone, and no longer the front of each GOP", () => {
    for (const drainsBeforeKeys of [true, false]) {
      const stream = new LiveStream(new GopBudget(64e6));
      stream.onFormat(FORMAT);
      stream.add(new TestViewer());
      const slow = new SocketViewer();
      for (let frame = 0; frame < 50 * 5; frame++) {
        if (frame === 40) stream.add(slow);
        slow.atMs = frame * 40;
        if (drainsBeforeKeys || frame % 50 !== 0) slow.drain(5_000); // a quarter of the stream
        stream.onSample(large(frame, frame % 50 === 0));
      }
      const fell = slow.got.indexOf("key-frames");
      assert.ok(fell > 0 && slow.got.slice(0, fell).filter((each) => each === "K").length <= DELIVERY_LIMITS.cutGops, slow.got.join(" "));
      assert.ok(!slow.got.slice(fell).includes("d"), slow.got.slice(fell).join(" "));
    }
  });

  test("[LIV5] after a reconnection the times go on, with a hole as long as the interruption", () => {
    const stream = new LiveStream(new GopBudget(1_000_000));
    stream.onFormat(FORMAT);
    const viewer = new TestViewer();
    stream.add(viewer);
    stream.onSample(sample(0, true));
    stream.onSample(sample(1, false));
    stream.beginRun();
    stream.onFormat(FORMAT);
    stream.onSample(sample(0, true, 1_005_000));
    assert.deepEqual(viewer.got, ["init 240", "K", "d", "init 240", "K"]);
    assert.deepEqual(viewer.fragments.map(startOf), [0, 3_600, 450_000]);
  });

  test("[LIV6] a new format sends a new initialisation before its key frame", () => {
    const stream = new LiveStream(new GopBudget(1_000_000));
    const viewer = new TestViewer();
    stream.onFormat(FORMAT);
    stream.add(viewer);
    stream.onSample(sample(0, true));
    stream.onFormat({ ...FORMAT, width: 1_920 });
    stream.onSample(sample(1, true));
    assert.deepEqual(viewer.got, ["init 240", "K", "init 1920", "K"]);
  });

  test("[LIV4] when a session has ended, nobody is shown its last pictures; the next key frame comes through", () => {
    const budget = new GopBudget(1_000_000);
    const stream = new LiveStream(budget);
    stream.onFormat(FORMAT);
    for (let frame = 0; frame < 3; frame++) stream.onSample(sample(frame, frame === 0));
    stream.endRun();
    assert.equal(budget.used, 0);
    const viewer = new TestViewer();
    stream.add(viewer);
    assert.deepEqual(viewer.got, []);
    stream.beginRun();
    stream.onSample(sample(0, true, 1_900_000));
    assert.deepEqual(viewer.got, ["init 240", "K"]);
  });

  test("the budget of kept GOPs is given back", () => {
    const budget = new GopBudget(1_000_000);
    const stream = new LiveStream(budget);
    stream.onFormat(FORMAT);
    const viewer = new TestViewer();
    stream.add(viewer);
    for (let frame = 0; frame < 100; frame++) stream.onSample(sample(frame, frame % 10 === 0));
    assert.ok(budget.used > 0 && budget.used < 10 * 300);
    stream.beginRun();
    assert.equal(budget.used, 0);
    stream.onSample(sample(100, true));
    assert.ok(budget.used > 0);
    stream.remove(viewer);
    assert.equal(budget.used, 0, "nobody looks: nothing is kept");
  });

  /** A stream at its 8th picture without viewers, whose recording answers when it is told to. */
  function recalling(budget = new GopBudget(1_000_000)): { stream: LiveStream; viewer: TestViewer; answer(samples: readonly Sample[] | undefined): Promise<void> } {
    let give: (samples: readonly Sample[] | undefined) => void = () => assert.fail("not asked");
    const stream = new LiveStream(budget, () => new Promise((resolve) => { give = resolve; }));
    stream.onFormat(FORMAT);
    for (let frame = 0; frame < 8; frame++) stream.onSample(sample(frame, frame % 5 === 0));
    const viewer = new TestViewer();
    stream.add(viewer);
    return { stream, viewer, answer: async (samples) => { give(samples); await new Promise(setImmediate); } };
  }

  test("[LIV4] the first viewer gets the running GOP out of the recording, then what came meanwhile, each picture once and in order", async () => {
    const { stream, viewer, answer } = recalling();
    stream.onSample(sample(8, false));
    assert.deepEqual(viewer.got, []);
    await answer([sample(5, true), sample(6, false), sample(7, false)]);
    stream.onSample(sample(9, false));
    assert.deepEqual(viewer.got, ["init 240", "K", "d", "d", "d", "d"]);
    assert.deepEqual(viewer.fragments.map(startOf), [5, 6, 7, 8, 9].map((frame) => frame * 3_600));
    const second = new TestViewer();
    stream.add(second);
    assert.deepEqual(second.got, viewer.got);
  });

  test("[LIV4] an answer that comes after the next key frame, after the session, or with nothing, is of no use and does no harm", async () => {
    const late = recalling();
    late.stream.onSample(sample(10, true));
    await late.answer([sample(5, true)]);
    late.stream.onSample(sample(11, false));
    assert.deepEqual(late.viewer.got, ["init 240", "K", "d"]);
    const over = recalling();
    over.stream.endRun();
    await over.answer([sample(5, true)]);
    assert.deepEqual(over.viewer.got, []);
    const none = recalling();
    await none.answer(undefined);
    none.stream.onSample(sample(8, false));
    none.stream.onSample(sample(10, true));
    assert.deepEqual(none.viewer.got, ["init 240", "K"]);
  });

  test("[LIV4] what comes while the recording is asked counts towards the budget; where it is used up, the next key frame is waited for", async () => {
    const roomy = new GopBudget(1_000_000);
    const asked = recalling(roomy);
    asked.stream.onSample(sample(8, false));
    const one = roomy.used;
    assert.ok(one > 0);
    await asked.answer([sample(5, true), sample(6, false), sample(7, false)]);
    assert.ok(roomy.used > one * 3 && roomy.used < one * 5, `${roomy.used}: four pictures, each once`);
    asked.stream.remove(asked.viewer);
    assert.equal(roomy.used, 0);
    const budget = new GopBudget(one * 3);
    const slow = recalling(budget);
    for (let frame = 8; frame < 30; frame++) {
      slow.stream.onSample(sample(frame, false));
      assert.ok(budget.used <= budget.most);
    }
    assert.equal(budget.used, 0, "given up");
    await slow.answer([sample(5, true)]);
    assert.deepEqual(slow.viewer.got, []);
    slow.stream.onSample(sample(30, true));
    assert.deepEqual(slow.viewer.got, ["init 240", "K"]);
  });

  test("[LIV4] whatever a viewer's link and the camera went through, it was last told the pace at which it gets pictures, and a link that is well again gets all", () => {
    fc.assert(fc.property(fc.array(fc.constantFrom("slow", "well", "new run", "new format", "joins again"), { maxLength: 25 }), (steps) => {
      const stream = new LiveStream(new GopBudget(5_000_000));
      stream.onFormat(FORMAT);
      let viewer = new TestViewer();
      stream.add(viewer);
      let frame = 0;
      const play = (seconds: number): void => {
        for (let i = 0; i < seconds * 25; i++, frame++) stream.onSample(sample(frame, frame % 25 === 0));
      };
      for (const step of steps) {
        if (step === "slow") viewer.waiting = DELIVERY_LIMITS.fallBytes + 1;
        if (step === "well") viewer.waiting = 0;
        if (step === "new run") {
          stream.endRun();
          stream.beginRun();
        }
        if (step === "new format") stream.onFormat({ ...FORMAT, width: FORMAT.width + frame });
        if (step === "joins again") {
          stream.remove(viewer);
          viewer = new TestViewer();
          stream.add(viewer);
        }
        play(3);
      }
      viewer.waiting = 0;
      play(DELIVERY_LIMITS.mostHoldMs / 1_000 + 3);
      const told = viewer.got.findLast((one) => one === "all" || one === "key-frames") ?? "all";
      assert.equal(told, "all");
      assert.ok(viewer.got.slice(-20).includes("d"), "all pictures come");
    }), { numRuns: 60 });
  });
});
