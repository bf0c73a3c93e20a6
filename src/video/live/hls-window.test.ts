import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeSampleFragment } from "../../media/fmp4/fragment.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { HlsWindow } from "./hls-window.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 2, 3]) };
const fragment = (frame: number, key: boolean): Uint8Array => encodeSampleFragment(frame, frame * 3_600, 3_600, 0, key, new Uint8Array(50).fill(frame % 256), 0, 50);
const make = (): HlsWindow => new HlsWindow(1_000, (ms) => `T${ms}`, () => undefined);

/** 25 pictures a second, a key frame every `gop`; wall times from 0. */
function feed(window: HlsWindow, from: number, to: number, gop = 25): void {
  for (let frame = from; frame < to; frame++) window.onFragment(fragment(frame, frame % gop === 0), frame % gop === 0, frame * 40);
}

describe("[LIV13] the window of live HLS", () => {
  test("parts are whole GOPs of at least 2 s, numbered on, each with its length and wall time; the last six are listed", () => {
    const window = make();
    window.onInit(FORMAT, encodeInitSegment(FORMAT));
    assert.equal(window.formatPlaylist(), undefined);
    feed(window, 0, 50);
    assert.equal(window.formatPlaylist(), undefined, "a part is done when the next GOP begins");
    feed(window, 50, 51);
    assert.equal(window.formatPlaylist(), [
      "#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:4", "#EXT-X-MEDIA-SEQUENCE:1000", "#EXT-X-DISCONTINUITY-SEQUENCE:0", "#EXT-X-INDEPENDENT-SEGMENTS",
      `#EXT-X-MAP:URI="live/init-1.mp4"`, "#EXT-X-PROGRAM-DATE-TIME:T0", "#EXTINF:2.00000,", "live/1000.m4s", "",
    ].join("\n"));
    feed(window, 51, 1_001);
    const playlist = window.formatPlaylist()!;
    assert.match(playlist, /MEDIA-SEQUENCE:1014/);
    assert.deepEqual([...playlist.matchAll(/^live\/(\d+)\.m4s$/gm)].map(([, number]) => Number(number)), [1_014, 1_015, 1_016, 1_017, 1_018, 1_019]);
    assert.equal(window.findPart(1_010), undefined, "long gone");
    const part = window.findPart(1_012)!;
    assert.deepEqual(part, Uint8Array.from(Buffer.concat(Array.from({ length: 50 }, (_, i) => fragment(600 + i, i % 25 === 0)))));
  });

  test("a reconnection or another format is a discontinuity with an initialisation of its own, counted when it leaves", () => {
    const window = make();
    window.onInit(FORMAT, encodeInitSegment(FORMAT));
    feed(window, 0, 60);
    window.onInit({ ...FORMAT, width: 1_920 }, encodeInitSegment({ ...FORMAT, width: 1_920 }));
    feed(window, 500, 560);
    assert.deepEqual(window.formatPlaylist()!.split("\n").slice(6), [
      `#EXT-X-MAP:URI="live/init-1.mp4"`, "#EXT-X-PROGRAM-DATE-TIME:T0", "#EXTINF:2.00000,", "live/1000.m4s", "#EXT-X-PROGRAM-DATE-TIME:T2000", "#EXTINF:0.40000,", "live/1001.m4s",
      "#EXT-X-DISCONTINUITY", `#EXT-X-MAP:URI="live/init-2.mp4"`, "#EXT-X-PROGRAM-DATE-TIME:T20000", "#EXTINF:2.00000,", "live/1002.m4s", "",
    ]);
    feed(window, 560, 900);
    assert.match(window.formatPlaylist()!, /DISCONTINUITY-SEQUENCE:1\n/);
    feed(window, 900, 1_200);
    assert.match(window.formatPlaylist()!, /DISCONTINUITY-SEQUENCE:1\n/);
    assert.equal(window.findInit(1), undefined);
    assert.deepEqual(window.findInit(2), encodeInitSegment({ ...FORMAT, width: 1_920 }));
  });

  test("the target duration is stepped, and key frames minutes apart take no memory", () => {
    const window = make();
    window.onInit(FORMAT, encodeInitSegment(FORMAT));
    feed(window, 0, 126, 125);
    assert.match(window.formatPlaylist()!, /TARGETDURATION:8\n/);
    const large = encodeSampleFragment(1, 0, 3_600, 0, false, new Uint8Array(1_000_000), 0, 1_000_000);
    for (let i = 0; i < 40; i++) window.onFragment(large, false, 0);
    feed(window, 250, 376, 125);
    assert.match(window.formatPlaylist()!, /#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:T10000/);
  });

  test("who waits for the first part is woken by it", async () => {
    const window = make();
    const woken = window.nextPart();
    window.onInit(FORMAT, encodeInitSegment(FORMAT));
    feed(window, 0, 51);
    await woken;
    assert.equal(window.partCount, 1);
  });
});
