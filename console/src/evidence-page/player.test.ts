// The player's hold on the page: keys and the clock. What it shows is seen in a browser (tests/e2e).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Manifest } from "../../../src/evidence/manifest.ts";
import { evidenceWords } from "../evidence/words.ts";
import { domainWords } from "../words/domain.ts";
import { createPlayer } from "./player.ts";

class FakeElement extends EventTarget {
  readonly style = {};
  readonly children: unknown[] = [];
  textContent = "";
  loads = 0;
  setAttribute(): void {}
  removeAttribute(): void {}
  append(...children: unknown[]): void {
    this.children.push(...children);
  }
  pause(): void {}
  load(): void {
    this.loads++;
  }
}

const made: FakeElement[] = [];
const waiting = new Map<number, (now: number) => void>();
let frames = 0;
const page = Object.assign(new EventTarget(), {
  activeElement: null,
  createElement: () => {
    const element = new FakeElement();
    made.push(element);
    return element;
  },
});
const fakes = {
  document: page, HTMLInputElement: FakeElement, HTMLSelectElement: FakeElement, HTMLButtonElement: FakeElement,
  requestAnimationFrame: (run: (now: number) => void) => {
    waiting.set(++frames, run);
    return frames;
  },
  cancelAnimationFrame: (id: number) => void waiting.delete(id),
};
before(() => Object.assign(globalThis, fakes));
after(() => {
  for (const name of Object.keys(fakes)) Reflect.deleteProperty(globalThis, name);
});

const runFrame = (): void => {
  const [first] = waiting;
  if (first === undefined) return;
  waiting.delete(first[0]);
  first[1](performance.now());
};
/** Whether somebody on the page takes the key. */
const press = (key: string): boolean => {
  const event = Object.assign(new Event("keydown", { cancelable: true }), { key });
  page.dispatchEvent(event);
  return event.defaultPrevented;
};

test("[EXP7] a player that is over takes no key, draws nothing more, and lets go of its pictures", () => {
  const manifest = { range: { from: 1_000, to: 61_000 }, cameras: [{ id: 1, code: "C-1", name: "Gate", place: "North", files: [], gaps: [{ start: 1_000, end: 61_000, cause: "unreachable" }] }] } as unknown as Manifest;
  const player = createPlayer(manifest, { page: evidenceWords.en.page, gapCauses: domainWords.en.gapCauses }, String);
  runFrame();
  assert.deepEqual([waiting.size, press("k")], [1, true]);
  player.destroy();
  assert.deepEqual([waiting.size, press("k")], [0, false]);
  assert.ok(made.some(({ loads }) => loads === 1));
});
