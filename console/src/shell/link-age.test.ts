import assert from "node:assert/strict";
import { test } from "node:test";
import { findToldAge } from "./link-age.ts";

const NOW = 1_000_000;

test("a link that was up and breaks is told after two seconds, with its age", () => {
  const broken = { link: "broken", silentMs: null, wasUp: true } as const;
  assert.equal(findToldAge({ ...broken, since: NOW - 1_900 }, NOW), null);
  assert.equal(findToldAge({ ...broken, since: NOW - 2_000 }, NOW), 2_000);
  assert.equal(findToldAge({ link: "open", since: NOW - 600_000, silentMs: 4_000, wasUp: true }, NOW), 4_000, "one that is silent too");
});

test("a page that is being opened tells it only after six", () => {
  assert.equal(findToldAge({ link: "broken", since: NOW - 5_900, silentMs: null, wasUp: false }, NOW), null);
  assert.equal(findToldAge({ link: "broken", since: NOW - 6_000, silentMs: null, wasUp: false }, NOW), 6_000);
  assert.equal(findToldAge({ link: "open", since: NOW - 3_000, silentMs: 2_500, wasUp: true }, NOW), null, "it is still drawing what it got");
});

test("a link that is well is not told, however old", () => {
  assert.equal(findToldAge({ link: "open", since: 0, silentMs: null, wasUp: true }, NOW), null);
  assert.equal(findToldAge({ link: "connecting", since: 0, silentMs: null, wasUp: false }, NOW), null);
});
