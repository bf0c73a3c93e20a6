// Packets in, samples out: what the camera sent, decodable from the first.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { splitLengthPrefixed } from "../../media/annexb.ts";
import { H264Packetizer } from "../../media/rtp/h264-packetizer.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { type Sample, VideoIngest } from "./video-ingest.ts";

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const SMALL_SPS = bytesOf("Z0LAHtkDxWhAAAADAEAAAAwDxYuS");
const LARGE_SPS = bytesOf("Z00AKZpkA8ARPyzUBAQFAAADA+gAAOpgBA==");
const PPS = bytesOf("aMuMsg==");
const SEI = Uint8Array.from([6, 5, 3, 1, 2, 3, 0x80]);
const T0 = 1_790_000_000_000;

class Bench {
  readonly lines: string[] = [];
  readonly nals: Uint8Array[][] = [];
  readonly ingest: VideoIngest;
  timeLost = 0;
  #frame = 0;
  readonly #packetizer = new H264Packetizer({ payloadType: 96, ssrc: 1, firstSequence: 65_500, channel: 0, mostPayloadBytes: 20 });

  constructor(parameterSets: readonly Uint8Array[] = []) {
    this.ingest = new VideoIngest("h264", 96, parameterSets, {
      onFormat: (format: VideoFormat) => this.lines.push(`format ${format.width}`),
      onSample: (sample: Sample) => {
        this.lines.push(sample.key ? "K" : "d");
        this.nals.push(splitLengthPrefixed(sample.bytes, sample.length)!.map((nal) => nal.slice()));
      },
      onTimeLost: () => this.timeLost++,
    });
  }

  /** One access unit, but for the packets that `drops` names by their place. */
  send(nals: readonly Uint8Array[], drops: readonly number[] = []): void {
    const bytes = this.#packetizer.packetize(nals, this.#frame * 3_600);
    let place = 0;
    for (let at = 0; at < bytes.length; place++) {
      const end = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
      if (!drops.includes(place)) this.ingest.onRtp(bytes, at + 4, end, T0 + this.#frame * 40);
      at = end;
    }
    this.#frame++;
  }
}
const idr = Uint8Array.from([0x65, ...new Array<number>(90).fill(7)]);
const delta = Uint8Array.from([0x41, ...new Array<number>(50).fill(9)]);

describe("ingest", () => {
  test("[ING1] NAL units come through as they were sent, SEI and parameter sets too", () => {
    const bench = new Bench();
    const first = [SMALL_SPS, PPS, SEI, idr];
    bench.send(first);
    bench.send([SEI, delta]);
    assert.deepEqual(bench.nals, [first, [SEI, delta]]);
    assert.deepEqual(bench.lines, ["format 240", "K", "d"]);
  });

  test("[ING2] nothing before the first key frame with parameter sets; a picture with a hole is left out, and counted", () => {
    const bench = new Bench();
    bench.send([delta]);
    bench.send([idr]);
    assert.equal(bench.ingest.waitingFor, "no sequence parameter set yet");
    bench.send([SMALL_SPS, PPS, idr]);
    bench.send([delta], [1]);
    bench.send([delta]);
    assert.deepEqual(bench.lines, ["format 240", "K", "d"]);
    assert.equal(bench.ingest.faults.get("picture-lost"), 1);
    assert.equal(bench.ingest.waitingFor, undefined);
  });

  test("[ING2] parameter sets of the description serve where the stream has none", () => {
    const bench = new Bench([SMALL_SPS, PPS]);
    assert.equal(bench.ingest.findToldFormat()?.width, 240);
    bench.send([delta]);
    assert.equal(bench.ingest.waitingFor, "a key frame");
    bench.send([idr]);
    assert.deepEqual(bench.lines, ["format 240", "K"]);
  });

  test("[ING8] a change of parameter sets takes effect at its key frame; the same ones again change nothing", () => {
    const bench = new Bench([SMALL_SPS, PPS]);
    bench.send([SMALL_SPS, PPS, idr]);
    bench.send([SMALL_SPS, PPS, idr]);
    bench.send([LARGE_SPS, delta]);
    bench.send([idr]);
    assert.deepEqual(bench.lines, ["format 240", "K", "K", "d", "format 1920", "K"]);
  });

  test("packets of another payload type, and what is no RTP, are counted and passed over", () => {
    const bench = new Bench([SMALL_SPS, PPS]);
    bench.ingest.onRtp(Uint8Array.from([0x80, 8, ...new Array<number>(20).fill(0)]), 0, 22, T0);
    bench.ingest.onRtp(new Uint8Array(5), 0, 5, T0);
    bench.send([idr]);
    assert.deepEqual(Object.fromEntries(bench.ingest.faults), { "other-payload-type": 1, "too-short": 1 });
    assert.deepEqual(bench.lines, ["format 240", "K"]);
  });
});
