// A real decoder shows the text: the stream as MP4 in a video element of Chromium, its pixels read from a canvas as the end-to-end test does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinLengthPrefixed } from "../../media/annexb.ts";
import { encodeSampleFragment } from "../../media/fmp4/fragment.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import { ParameterSets } from "../../media/video-format.ts";
import { launchBrowser } from "../../../tests/support/browser.ts";
import { eventually } from "../../../tests/support/running-city.ts";
import { CameraStream } from "./camera-stream.ts";
import { ASSETS_DIR, openClipFolder } from "./clip-folder.ts";
import { lumaOfRgba, readClock } from "./read-clock.ts";

const FIRST = 22_329_876_525; // a key picture
const PICTURES = 75;

test("Chromium decodes the stream, and camera and time are read off its pixels at each place", async () => {
  const stream = new CameraStream({ code: "MVD-0042", name: "18 de Julio y Río Negro", hints: ["signal"] }, 7, openClipFolder(ASSETS_DIR), () => -180);
  stream.stage("collision", FIRST * 80, 60_000); // begins at picture 25: the change of clip is decoded too
  const sets = new ParameterSets("h264");
  const parts: Uint8Array[] = [];
  for (let i = 0; i < PICTURES; i++) {
    const { key, nals } = stream.accessUnit(FIRST + i);
    for (const nal of nals) sets.note(nal, 0, nal.length);
    const sample = joinLengthPrefixed(nals);
    parts.push(encodeSampleFragment(i + 1, i * 7_200, 7_200, 0, key, sample, 0, sample.length));
  }
  const format = sets.describe();
  assert.ok(format.ok);
  const mp4 = Buffer.concat([encodeInitSegment(format.value), ...parts]).toString("base64");

  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent("<video muted></video><canvas width=768 height=16></canvas>");
    const size = await page.evaluate(async ({ base64, mime }) => {
      const video = document.querySelector("video")!;
      const source = new MediaSource();
      video.src = URL.createObjectURL(source);
      await new Promise((resolve) => source.addEventListener("sourceopen", resolve, { once: true }));
      const buffer = source.addSourceBuffer(mime);
      buffer.appendBuffer(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
      await new Promise((resolve) => buffer.addEventListener("updateend", resolve, { once: true }));
      source.endOfStream();
      if (video.readyState < HTMLMediaElement.HAVE_METADATA) await new Promise((resolve) => video.addEventListener("loadedmetadata", resolve, { once: true }));
      return [video.videoWidth, video.videoHeight, video.duration];
    }, { base64: mp4, mime: `video/mp4; codecs="${format.value.codecString}"` });
    assert.deepEqual(size, [768, 432, PICTURES * 0.08]);
    for (const picture of [0, 7, 24, 25, 43, 74]) {
      await page.evaluate(async (seconds) => {
        const video = document.querySelector("video")!;
        const seeked = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
        video.currentTime = seconds;
        await seeked;
      }, picture * 0.08 + 0.04);
      // "seeked" only says where the decoder stands. A canvas draws the picture that was presented last, and on a busy machine that is for a while still the one before.
      await eventually(`picture ${picture}, with its clock`, async () => {
        const rgba = await page.evaluate(() => {
          const context = document.querySelector("canvas")!.getContext("2d")!;
          context.drawImage(document.querySelector("video")!, 0, 0);
          return Array.from(context.getImageData(0, 0, 768, 16).data);
        });
        const reading = readClock({ luma: lumaOfRgba(Uint8Array.from(rgba)), width: 768 });
        if (!reading.ok) return false;
        assert.equal(reading.code, "MVD-0042");
        const behind = (FIRST + picture) * 80 - reading.wallMs;
        return behind >= 0 && behind <= 160;
      });
    }
  } finally {
    await browser.close();
  }
});
