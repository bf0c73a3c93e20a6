import assert from "node:assert/strict";
import { test } from "node:test";
import { Password } from "../../../src/contract/access.ts";
import { createPassword } from "./create-password.ts";

test("a made password is one that the server takes, and never twice the same", () => {
  const made = Array.from({ length: 200 }, () => createPassword());
  for (const password of made) assert.match(Password.parse(password), /^([a-hjkmnp-z2-9]{4}-){4}[a-hjkmnp-z2-9]{4}$/);
  assert.equal(new Set(made).size, made.length);
});

test("bytes that would favour some letters are thrown away", () => {
  let round = 0;
  const password = createPassword((bytes) => bytes.fill(round++ === 0 ? 255 : 3));
  assert.equal(password, "dddd-dddd-dddd-dddd-dddd");
});
