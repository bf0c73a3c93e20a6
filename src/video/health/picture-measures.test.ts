import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../../base/random.ts";
import { judgePicture, measurePicture, NO_PICTURE_HISTORY, type PictureHistory, type PictureMeasures, usualSharpness } from "./picture-measures.ts";

const WIDTH = 96;
const HEIGHT = 54;
const NOW = 1_790_000_000_000;
const MINUTE = 60_000;

/** Tiles of four pixels between two greys, with noise. */
function draw(dark: number, light: number, noise = 2, seed = 1): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const tile = (Math.floor((i % WIDTH) / 4) + Math.floor(i / WIDTH / 4)) % 2;
    return Math.max(0, Math.min(255, (tile === 0 ? dark : light) + Math.round((random.next() - 0.5) * 2 * noise)));
  });
}
function blur(picture: Uint8Array, radius: number): Uint8Array {
  return picture.map((_, i) => {
    let [sum, count] = [0, 0];
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++) {
        const [x, y] = [(i % WIDTH) + dx, Math.floor(i / WIDTH) + dy];
        if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT) continue;
        sum += picture[y * WIDTH + x]!;
        count++;
      }
    return Math.round(sum / count);
  });
}
const measure = (picture: Uint8Array): PictureMeasures => measurePicture(picture, WIDTH, HEIGHT);
/** Looks ten minutes apart. */
function look(pictures: readonly Uint8Array[], stillMs = 0, before: PictureHistory = NO_PICTURE_HISTORY): PictureHistory[] {
  const from = before.last === null ? NOW : before.last.at + 10 * MINUTE;
  const all: PictureHistory[] = [];
  pictures.forEach((picture, i) => all.push(judgePicture(all.at(-1) ?? before, measure(picture), stillMs, from + i * 10 * MINUTE)));
  return all;
}
const good = Array.from({ length: 8 }, (_, seed) => draw(60, 180, 2, seed + 1));

describe("looks at pictures", () => {
  test("[HLT8] brightness, its upper end, sharpness and sameness are measured", () => {
    const { luma, brightest, sharpness, digest } = measure(draw(60, 180));
    assert.ok(Math.abs(luma - 120) < 3 && brightest >= 180 && brightest <= 183);
    assert.ok(sharpness > 10 * measure(blur(draw(60, 180), 3)).sharpness);
    assert.equal(measure(draw(60, 180)).digest, digest);
    const other = draw(60, 180);
    other[1_000]!++;
    assert.notEqual(measure(other).digest, digest);
    assert.throws(() => measurePicture(new Uint8Array(10), WIDTH, HEIGHT), /expected 96 x 54 grey values, found 10/);
  });

  test("[HLT8] black is believed at the second look, and over with the first that is not", () => {
    const known = look(good).at(-1)!;
    assert.equal(known.state, "good");
    assert.deepEqual(look([draw(4, 8), draw(4, 8, 2, 9), good[0]!], 0, known).map(({ state }) => state), ["good", "black", "good"]);
    assert.deepEqual(look([draw(4, 8), good[0]!, draw(4, 8, 2, 9)], 0, known).map(({ state }) => state), ["good", "good", "good"], "one look says nothing");
  });

  test("[HLT8] a night with lamps is not black", () => {
    const night = draw(4, 8);
    for (let i = 0; i < night.length / 50; i++) night[i * 50] = 220;
    assert.ok(look([night, night.map((value, i) => (i === 3 ? value + 1 : value))]).every(({ state }) => state === "good"));
  });

  test("[HLT8] blurred is against the camera's own usual, and not judged before that is known", () => {
    const blurred = [3, 4].map((seed) => blur(draw(60, 180, 2, seed), 4));
    assert.ok(look(blurred).every(({ state }) => state === "good"));
    const known = look(good).at(-1)!;
    assert.ok(usualSharpness(known)! > 1_000);
    assert.deepEqual(look(blurred, 0, known).map(({ state }) => state), ["good", "blurred"]);
    const covered = [5, 6].map((seed) => draw(90, 92, 5, seed)); // noise alone is sharp
    assert.deepEqual(look(covered, 0, known).map(({ state }) => state), ["good", "blurred"]);
    assert.equal(usualSharpness(look(blurred, 0, known).at(-1)!), usualSharpness(known), "what is wrong teaches nothing");
    const wall = look(good.map((picture) => blur(picture, 4))).at(-1)!;
    assert.ok(look(blurred, 0, wall).every(({ state }) => state === "good"), "a camera that never saw anything sharp");
  });

  test("[HLT8] frozen is the very same picture while the stream has had nothing new since the look before", () => {
    const known = look(good).at(-1)!;
    const same = [good[0]!, good[0]!, good[0]!];
    assert.deepEqual(look(same, 11 * MINUTE, known).map(({ state }) => state), ["good", "good", "frozen"]);
    assert.deepEqual(look(same, 2 * MINUTE, known).map(({ state }) => state), ["good", "good", "good"], "something moved meanwhile");
    assert.deepEqual(look(good.slice(0, 3), 11 * MINUTE, known).map(({ state }) => state), ["good", "good", "good"], "noise is life");
  });
});
