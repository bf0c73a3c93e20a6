// The keys that go somewhere, `g` and a letter, are declared where their rooms and alarms are; each of them once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

test("no two keys that work everywhere are the same", () => {
  const text = ["frame.tsx", "waiting-strip.tsx"].map((file) => readFileSync(join(import.meta.dirname, file), "utf8")).join("\n");
  const rooms = [...text.slice(text.indexOf("ROOM_KEYS = "), text.indexOf("} as const")).matchAll(/"(g [a-z])"/g)];
  const others = [...text.matchAll(/\{ keys: "(g [a-z])"/g)];
  const keys = [...rooms, ...others].map(([, key]) => key!);
  assert.ok(rooms.length >= 8 && others.length >= 6, `${rooms.length} rooms, ${others.length} others`);
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
});
