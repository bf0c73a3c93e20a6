// Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import { type SoundFormat, encodeSoundFragment, encodeSoundInit } from "../../media/fmp4/sound.ts";
import { SoundFollower } from "./sound-follower.ts";

const T0 = 1_790_000_000_000;
const FORMATS: readonly SoundFormat[] = [{ codec: "pcma", clockHz: 8_000, channels: 1 }, { codec: "aac", clockHz: 16_000, channels: 1, config: Uint8Array.of(0x14, 0x08), samplesPerFrame: 1_024 }];
const UNITS_A_SECOND = 16;

/** A file of sound that grows by a second at a time, each of whose units has bytes of its own. */
class GrowingFile {
  bytes: Uint8Array;
  seconds = 0;
  readBytes = 0;
  readonly #format: SoundFormat;
  constructor(format: SoundFormat) {
    this.#format = format;
    this.bytes = encodeSoundInit(format);
  }
  grow(holeMs = 0): void {
    const units = Array.from({ length: UNITS_A_SECOND }, (_, i) => new Uint8Array(this.#format.codec === "aac" ? 90 + i : 500).fill((this.seconds * UNITS_A_SECOND + i) % 251));
    const at = this.seconds * 1_000 + holeMs;
    this.bytes = Buffer.concat([this.bytes, encodeSoundFragment(this.#format, ++this.seconds, T0 + at, Math.round((at * this.#format.clockHz) / 1_000), units)]);
  }
  async select(): Promise<void> { return; }
  async read(at: number, length: number): Promise<Uint8Array> {
    const bytes = this.bytes.slice(at, at + length);
    this.readBytes += bytes.length;
    return bytes;
  }
}

test("[SND6] read from where it was, a file that grows tells the same units as read whole, whatever is asked and however torn its end is", async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...FORMATS), fc.array(fc.record({ grow: fc.integer({ min: 0, max: 5 }), hole: fc.integer({ min: 0, max: 900 }), torn: fc.boolean(), from: fc.integer({ min: -2_000, max: 70_000 }), isClosed: fc.boolean() }), { minLength: 1, maxLength: 20 }), async (format, steps) => {
    const file = new GrowingFile(format);
    const follower = new SoundFollower();
    for (const { grow, hole, torn, from, isClosed } of steps) {
      for (let i = 0; i < grow; i++) file.grow(hole);
      const whole = file.bytes;
      if (torn) file.bytes = Buffer.concat([whole, encodeSoundFragment(format, 99, T0, 0, [new Uint8Array(300)]).subarray(0, 77)]);
      const read = await follower.read(file, { segmentId: 1, bytes: isClosed ? file.bytes.length : undefined }, T0 + from);
      const expected = parseSoundFile(file.bytes);
      assert.equal(read !== undefined, expected.ok);
      if (expected.ok) {
        const within = ({ units }: { readonly units: typeof expected.value.units }, bytes: Uint8Array): unknown => units.filter(({ wallMs }) => wallMs >= T0 + from - 1_100).map(({ offset, ...unit }) => [unit, [...bytes.subarray(offset, offset + unit.bytes)]]);
        assert.deepEqual(within(read!, read!.bytes), within(expected.value, file.bytes));
        assert.deepEqual(read!.format, expected.value.format);
      }
      file.bytes = whole;
    }
  }), { numRuns: 200 });
});

test("[SND6] who plays just behind now has some seconds read for each second, and not the whole minute", async () => {
  const file = new GrowingFile(FORMATS[0]!);
  const follower = new SoundFollower();
  for (let second = 1; second <= 60; second++) {
    file.grow();
    await follower.read(file, { segmentId: 1, bytes: undefined }, T0 + (second - 1) * 1_000);
  }
  assert.ok(file.readBytes < 6 * file.bytes.length, `${file.readBytes} bytes read of a file of ${file.bytes.length}`);
});
