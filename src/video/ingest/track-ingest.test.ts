import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { encodeRtpHeader } from "../../media/rtp/packet.ts";
import type { SecondTrack } from "../../protocol/rtsp/media-tracks.ts";
import { SenderReportLog } from "./sender-reports.ts";
import { TrackIngest } from "./track-ingest.ts";

const PCMA: SecondTrack = { kind: "audio", codec: "pcma", payloadType: 8, clockHz: 8_000, channels: 1, control: undefined };

class Bench {
  readonly samples: { readonly rtpTime: number; readonly media90k: number; readonly wallMs: number; readonly bytes: readonly number[] }[] = [];
  readonly ingest: TrackIngest;
  #sequence = 0;
  constructor(track: SecondTrack) {
    this.ingest = new TrackIngest(track, { onTrackSample: ({ rtpTime, media90k, wallMs, bytes, start, end }) => this.samples.push({ rtpTime, media90k, wallMs, bytes: [...bytes.subarray(start, end)] }) });
  }
  push(timestamp: number, arrival: number, payload: readonly number[] = [1], payloadType = this.ingest.track.payloadType): this {
    const bytes = new Uint8Array(12 + payload.length);
    encodeRtpHeader(bytes, 0, payloadType, true, this.#sequence++ & 0xffff, timestamp >>> 0, 7);
    bytes.set(payload, 12);
    this.ingest.onRtp(bytes, 0, bytes.length, arrival);
    return this;
  }
}

describe("sound and metadata", () => {
  test("[ING3] [ING4] wall time goes by arrival and the pace of the track, over a wrap of its clock", () => {
    const bench = new Bench(PCMA);
    for (let i = 0; i < 10; i++) bench.push(0xffffff00 + i * 160, 1_000_000 + i * 20 + (i === 4 ? 15 : 0));
    assert.deepEqual(bench.samples.map(({ wallMs }) => wallMs), Array.from({ length: 10 }, (_, i) => 1_000_000 + i * 20), "a packet that came late has the time of its pace");
    assert.deepEqual(bench.samples.map(({ media90k }) => media90k), Array.from({ length: 10 }, (_, i) => i * 1_800));
    assert.equal(bench.samples.at(-1)!.rtpTime, (0xffffff00 + 9 * 160) >>> 0);
  });

  test("[ING5] a jump of the track's clock is replaced by the time between arrivals", () => {
    const bench = new Bench(PCMA).push(0, 0).push(160, 20).push(900_000_000, 40).push(900_000_160, 60);
    assert.deepEqual(bench.samples.map(({ wallMs }) => wallMs), [0, 20, 40, 60]);
  });

  test("AAC: each unit of a packet has its time; the hour-long pace has no drift of rounding", () => {
    const aac: SecondTrack = { kind: "audio", codec: "aac", payloadType: 97, clockHz: 44_100, channels: 2, control: undefined, config: Uint8Array.of(0x12, 0x10), samplesPerFrame: 1_024 };
    const bench = new Bench(aac).push(0, 0, [0, 32, 0, 8, 0, 8, 5, 6]);
    assert.deepEqual(bench.samples.map(({ bytes, media90k }) => [bytes, media90k]), [[[5], 0], [[6], Math.round((1_024 * 90_000) / 44_100)]]);
    for (let i = 2; i <= 155_039; i += 2) bench.push(i * 1_024, (i * 1_024_000) / 44_100, [0, 32, 0, 8, 0, 8, 5, 6]);
    const last = bench.samples.at(-1)!;
    assert.equal(last.media90k, Math.round((155_039 * 1_024 * 90_000) / 44_100));
  });

  test("what is of another payload type is counted and passed over; whatever comes, it goes on", () => {
    const bench = new Bench({ kind: "metadata", payloadType: 107, clockHz: 90_000, control: undefined }).push(0, 0, [1], 96).push(0, 0, [2]);
    assert.deepEqual([...bench.ingest.faults], [["other-payload-type", 1]]);
    assert.deepEqual(bench.samples.map(({ bytes }) => bytes), [[2]]);
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 1e6 }))), (packets) => {
      const any = new Bench(PCMA);
      let arrival = 0;
      let before = 0;
      for (const [timestamp, passed] of packets) any.push(timestamp, (arrival += passed));
      for (const { wallMs, media90k } of any.samples) {
        assert.ok(Number.isFinite(wallMs) && wallMs <= arrival && media90k >= 0);
        before = wallMs;
      }
      assert.ok(before <= arrival);
    }));
  });
});

describe("[ING10] sender reports", () => {
  const report = (wallMs: number, ssrc = 1): { ssrc: number; wallMs: number; rtpTimestamp: number; packets: number; octets: number } => ({ ssrc, wallMs, rtpTimestamp: wallMs * 90, packets: 1, octets: 2 });
  test("the first, then one a minute for each track, with when it came and how far the camera's clock is off", () => {
    const log = new SenderReportLog();
    for (let s = 0; s <= 130; s += 5) log.note("video", report(5_000 + s * 1_000), s * 1_000);
    log.note("audio", report(1), 7_000);
    assert.deepEqual(log.list().map(({ track, arrivalMs, cameraMs }) => [track, arrivalMs, cameraMs]), [["video", 0, 5_000], ["video", 60_000, 65_000], ["video", 120_000, 125_000], ["audio", 7_000, 1]]);
    assert.equal(log.clockOffsetMs("video"), 5_000);
    assert.equal(log.clockOffsetMs("metadata"), undefined);
  });
  test("bounded, however long the run; the first stays", () => {
    const log = new SenderReportLog();
    for (let minute = 0; minute < 2_000; minute++) log.note("video", report(minute), minute * 60_000);
    assert.equal(log.list().length, 256);
    assert.equal(log.list()[0]!.arrivalMs, 0);
    assert.equal(log.list().at(-1)!.arrivalMs, 1_999 * 60_000);
  });
});
