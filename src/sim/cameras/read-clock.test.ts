// The clock in the picture: what is written can be read back by a machine, through noise and full-range conversion; what is damaged is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../base/random.ts";
import { PICTURE_MS, ROW_MACROBLOCKS, STRIP_CELLS, decodeStrip, encodeStrip, markOf, refreshOf } from "./clock-strip.ts";
import { lumaOfRgba, readClock, readText } from "./read-clock.ts";
import { fitName, rowKeys, rowText, tileSamples } from "./text-row.ts";

const WIDTH = ROW_MACROBLOCKS * 16;
const utc = (): number => 0;

function lumaOfRow(keys: readonly string[]): Uint8Array {
  const luma = new Uint8Array(WIDTH * 16);
  keys.forEach((key, i) => {
    const samples = tileSamples(key);
    for (let y = 0; y < 16; y++) luma.set(samples.subarray(y * 16, y * 16 + 16), y * WIDTH + i * 16);
  });
  return luma;
}

const aCode = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/);
const aPicture = fc.integer({ min: 0, max: 2 ** 36 - 1 });

test("time and code are read back, through noise and a canvas's range", () => {
  fc.assert(fc.property(aCode, aPicture.filter((n) => n * PICTURE_MS < 8.6e15 / 2), fc.integer(), fc.boolean(), (code, picture, seed, fullRange) => {
    const random = createRandom(seed);
    const luma = lumaOfRow(rowKeys({ code, name: "18 de Julio y Ejido" }, picture, utc)).map((v) => {
      const shown = fullRange ? ((v - 16) * 255) / 219 : v;
      return Math.max(0, Math.min(255, Math.round(shown + (random.next() - 0.5) * 44)));
    });
    assert.deepEqual(readClock({ luma, width: WIDTH }), { ok: true, code, wallMs: refreshOf(picture) * PICTURE_MS });
  }), { numRuns: 60 });
});

test("the strip holds any picture and mark, and any one or two wrong cells are found", () => {
  fc.assert(fc.property(aPicture, fc.nat(0xffff), fc.nat(STRIP_CELLS - 1), fc.nat(STRIP_CELLS - 1), (picture, mark, a, b) => {
    const cells = encodeStrip(picture, mark);
    assert.deepEqual(decodeStrip(cells), { picture, mark });
    cells[a]! ^= 1;
    assert.equal(decodeStrip(cells), undefined);
    if (a === b) return;
    cells[b]! ^= 1;
    assert.equal(decodeStrip(cells), undefined);
  }));
});

test("a row that is no clock is refused, with the reason", () => {
  assert.deepEqual(readClock({ luma: new Uint8Array(100), width: 10 }), { ok: false, reason: "too-small" });
  assert.deepEqual(readClock({ luma: new Uint8Array(WIDTH * 16).fill(90), width: WIDTH }), { ok: false, reason: "no-contrast" });
  const random = createRandom(1);
  assert.deepEqual(readClock({ luma: new Uint8Array(WIDTH * 16).map(() => (random.next() < 0.5 ? 20 : 220)), width: WIDTH }).ok, false);
  const row = lumaOfRow(rowKeys({ code: "C-1", name: "x" }, 21_000_000_000, utc));
  const other = lumaOfRow(rowKeys({ code: "C-7", name: "x" }, 21_000_000_000, utc));
  for (let y = 0; y < 16; y++) row.set(other.subarray(y * WIDTH + 512, (y + 1) * WIDTH), y * WIDTH + 512); // the letters of one, the strip of another
  assert.deepEqual(readClock({ luma: row, width: WIDTH }), { ok: false, reason: "code-unreadable" });
});

test("the text names the camera and the local time to a tenth of a second", () => {
  const picture = Date.UTC(2026, 10, 22, 17, 3, 28) / PICTURE_MS;
  const text = rowText({ code: "MVD-0042", name: "Río Negro y Güemes" }, picture * PICTURE_MS, () => -180);
  assert.equal(text, " MVD-0042  Río Negro y Güemes             2026-11-22 14:03:28.0 ");
  const long = rowText({ code: "MVD-0042", name: "Avenida 8 de Octubre y Comercio, vereda norte" }, 0, utc);
  assert.equal(long, " MVD-0042  Avenida 8…, vereda norte       1970-01-01 00:00:00.0 ");
  assert.equal(readText(lumaOfRow(rowKeys({ code: "A1", name: "Plaza 25 de Mayo 0123456789" }, picture, utc)), WIDTH).trim(), "A1  Plaza 25 de Mayo 0123456789          2026-11-22 17:03:28.0");
});

test("a name that is too long loses whole words of the place and keeps what tells its cameras apart", () => {
  assert.deepEqual([["Mercado Agrícola de Montevideo, suroeste", 32], ["Mercado Agrícola de Montevideo, suroeste", 40], ["Plaza Augusto Cesar Sandino", 24], ["Bulevar General Artigas y Avenida Italia, este 2", 30], ["Panamericana", 8], ["Ñ, vereda de los números pares", 12], ["Plaza", 3]].map(([name, most]) => fitName(String(name), Number(most))), [
    "Mercado Agrícola…, suroeste", "Mercado Agrícola de Montevideo, suroeste", "Plaza Augusto Cesar…", "Bulevar General…, este 2", "Panamer…", "Ñ, vereda…", "",
  ]);
  fc.assert(fc.property(fc.array(fc.constantFrom("Plaza", "de", "y", "Cesar", ", ", "norte", "Constitución"), { maxLength: 9 }), fc.integer({ min: 0, max: 40 }), (parts, most) => {
    const name = parts.join(" ");
    const shown = fitName(name, most);
    assert.ok([...shown].length <= most, shown);
    if ([...name].length <= most) assert.equal(shown, name);
  }));
});

test("a name in a script that cannot be drawn still gives 64 characters", () => {
  assert.equal([...rowText({ code: "A1", name: "解放碑 🚓" }, 0, utc)].length, 64);
});

test("rgba gives luma", () => {
  assert.deepEqual([...lumaOfRgba(Uint8Array.from([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255]))], [255, 0, 54]);
});

test("marks of neighbouring codes differ", () => {
  const marks = new Set(Array.from({ length: 2000 }, (_, i) => markOf(`MVD-${String(i).padStart(4, "0")}`)));
  assert.ok(marks.size > 1900, `${marks.size} marks for 2000 codes`);
});
