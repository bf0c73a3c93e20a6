// The palette holds what it promises: text and marks are readable in both themes, and the meanings stay apart for colour-blind eyes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
function paletteOf(selector: string): Record<string, string> {
  const start = css.indexOf(selector);
  assert.ok(start >= 0, `no block ${selector}`);
  const block = css.slice(css.indexOf("{", start) + 1, css.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)].map((m) => [m[1]!, m[2]!]));
}
type Rgb = readonly [number, number, number];
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
const toLinear = (v: number): number => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
/** WCAG 2.2, "relative luminance" and "contrast ratio". */
const luminance = (rgb: Rgb): number => 0.2126 * toLinear(rgb[0]) + 0.7152 * toLinear(rgb[1]) + 0.0722 * toLinear(rgb[2]);
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(rgbOf(a)), luminance(rgbOf(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Full dichromacy in linear RGB: Machado, Oliveira, Fernandes 2009, severity 1.0. */
const BLINDNESS: Record<string, readonly (readonly [number, number, number])[]> = {
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const clamp = (v: number): number => Math.min(1, Math.max(0, v));
const seenAs = (rgb: Rgb, matrix: readonly (readonly [number, number, number])[] | null): Rgb => {
  const linear = rgb.map(toLinear) as unknown as Rgb;
  return matrix === null ? linear : (matrix.map((row) => clamp(row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2])) as unknown as Rgb);
};
/** Oklab (Ottosson 2020) of linear RGB; a distance of 0.02 is just visible side by side. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}
const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const MEANINGS = ["danger", "decide", "moving", "scene", "free", "off"];
const APART = 0.05;

for (const theme of ["dark", "light"]) {
  const p = paletteOf(`[data-theme="${theme}"]`);
  const surfaces = ["surface-0", "surface-1", "surface-2", "select"];
  describe(`the ${theme} palette`, () => {
    it("text has 4.5:1 on every surface it stands on", () => {
      for (const text of ["text-1", "text-2"]) for (const surface of surfaces) assert.ok(contrast(p[text]!, p[surface]!) >= 4.5, `${text} on ${surface}: ${contrast(p[text]!, p[surface]!).toFixed(2)}`);
      for (const surface of surfaces) assert.ok(contrast(p["text-3"]!, p[surface]!) >= 4.5, `text-3 on ${surface}: ${contrast(p["text-3"]!, p[surface]!).toFixed(2)}`);
    });
    it("words in a colour of meaning have 4.5:1", () => {
      for (const meaning of MEANINGS) for (const surface of surfaces) assert.ok(contrast(p[`mean-${meaning}`]!, p[surface]!) >= 4.5, `${meaning} on ${surface}: ${contrast(p[`mean-${meaning}`]!, p[surface]!).toFixed(2)}`);
    });
    it("letters in marks have 4.5:1 on the mark", () => {
      for (const meaning of MEANINGS) assert.ok(contrast(p["on-mean"]!, p[`mean-${meaning}`]!) >= 4.5, `${meaning}: ${contrast(p["on-mean"]!, p[`mean-${meaning}`]!).toFixed(2)}`);
      assert.ok(contrast(p["on-accent"]!, p["accent"]!) >= 4.5);
    });
    it("the borders of fields and the focus have 3:1", () => {
      for (const surface of ["surface-0", "surface-1", "surface-2"]) for (const line of ["line-strong", "focus"]) assert.ok(contrast(p[line]!, p[surface]!) >= 3, `${line} on ${surface}: ${contrast(p[line]!, p[surface]!).toFixed(2)}`);
    });
    for (const [name, matrix] of [["normal sight", null], ...Object.entries(BLINDNESS)] as const)
      it(`meanings stay apart in ${name}`, () => {
        for (const [i, a] of MEANINGS.entries())
          for (const b of MEANINGS.slice(i + 1)) {
            const d = distance(oklab(seenAs(rgbOf(p[`mean-${a}`]!), matrix)), oklab(seenAs(rgbOf(p[`mean-${b}`]!), matrix)));
            assert.ok(d >= APART, `${a} and ${b}: ${d.toFixed(3)}`);
          }
      });
  });
}
