// Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type SoundFormat, encodeSoundFragment, encodeSoundInit, movedSoundBytes } from "../../media/fmp4/sound.ts";
import { HeardFiles } from "./heard-files.ts";

const T0 = 1_790_000_000_000;
const G711: SoundFormat = { codec: "pcma", clockHz: 8_000, channels: 1 };
const AAC: SoundFormat = { codec: "aac", clockHz: 16_000, channels: 1, config: Uint8Array.of(0x14, 0x08), samplesPerFrame: 1_024 };

/** A file of so many seconds. */
function encodeFile(format: SoundFormat, seconds: number): Uint8Array {
  const units = (second: number): Uint8Array[] => Array.from({ length: format.codec === "aac" ? 16 : 25 }, (_, i) => new Uint8Array(format.codec === "aac" ? 100 + second + i : 320).fill(second));
  return Buffer.concat([encodeSoundInit(format), ...Array.from({ length: seconds }, (_, s) => encodeSoundFragment(format, s + 1, T0 + s * 1_000, s * format.clockHz, units(s)))]);
}

/** One file, by its number, and what was read of it. */
class Files {
  readonly all = new Map<number, Uint8Array>();
  reads = 0;
  #selected = 0;
  async select(segmentId: number): Promise<void> {
    if (!this.all.has(segmentId)) throw new Error("ENOENT");
    this.#selected = segmentId;
  }
  async read(at: number, length: number): Promise<Uint8Array> {
    this.reads++;
    return this.all.get(this.#selected)!.slice(at, at + length);
  }
  async readStamp(): Promise<string> {
    const bytes = this.all.get(this.#selected)!;
    return `${bytes.length} ${bytes.at(-1)}`;
  }
}

test("[PLY16] a closed file of sound is read once a minute at most, however often its range is planned; what a plan asks of each fragment is told without its bytes", async () => {
  for (const format of [G711, AAC]) {
    let now = 0;
    const files = new Files();
    const bytes = encodeFile(format, 60);
    files.all.set(7, bytes);
    const heard = new HeardFiles({ monotonicMs: () => now });
    const find = async (): ReturnType<HeardFiles["find"]> => heard.find(files, { segmentId: 7, bytes: bytes.length });
    const found = await find();
    assert.equal(found!.fragments.length, 60);
    for (const { start, end, head } of found!.fragments) for (const skip of [0, 3]) assert.equal(movedSoundBytes(head, skip), movedSoundBytes(bytes.subarray(start, end), skip));
    now += 40_000;
    assert.equal(await find(), found);
    now += 40_000; // a minute after it was last asked for it is forgotten
    assert.equal(await find(), found);
    assert.equal(files.reads, 1);
    now += 60_000;
    assert.notEqual(await find(), found);
    assert.equal(files.reads, 2);
  }
});

test("[PLY16] a file that somebody wrote to, one that grows and one that is gone are not kept", async () => {
  const files = new Files();
  const heard = new HeardFiles({ monotonicMs: () => 0 });
  const bytes = encodeFile(G711, 10);
  files.all.set(1, bytes);
  assert.equal((await heard.find(files, { segmentId: 1, bytes: bytes.length }))!.fragments.length, 10);
  files.all.set(1, bytes.slice(0, bytes.length - 5));
  assert.equal((await heard.find(files, { segmentId: 1, bytes: bytes.length }))!.fragments.length, 9);
  for (const seconds of [3, 5]) {
    files.all.set(2, encodeFile(G711, seconds));
    assert.equal((await heard.find(files, { segmentId: 2, bytes: undefined }))!.fragments.length, seconds);
  }
  files.all.delete(1);
  assert.equal(await heard.find(files, { segmentId: 1, bytes: bytes.length }), undefined);
});

test("[PLY16] what is kept is bounded: of more than a day's sound, that which was asked for longest ago is read again", async () => {
  const files = new Files();
  const heard = new HeardFiles({ monotonicMs: () => 0 });
  const bytes = Buffer.concat([encodeSoundInit(G711), ...Array.from({ length: 5_000 }, (_, s) => encodeSoundFragment(G711, s + 1, T0 + s * 1_000, s * 8_000, [new Uint8Array(8)]))]);
  for (let segmentId = 1; segmentId <= 19; segmentId++) {
    files.all.set(segmentId, bytes);
    await heard.find(files, { segmentId, bytes: bytes.length });
  }
  const readsOf = async (segmentId: number): Promise<number> => {
    const before = files.reads;
    await heard.find(files, { segmentId, bytes: bytes.length });
    return files.reads - before;
  };
  assert.deepEqual([await readsOf(19), await readsOf(2), await readsOf(1)], [0, 0, 1]);
});
