import assert from "node:assert/strict";
import { test } from "node:test";
import { areNamed, besideOf, chosenOf, nameCamera } from "./cameras-named.ts";

test("an export asks about sound and metadata only where a camera of it may have them", () => {
  const plain = nameCamera({ code: "C-1", name: "Square, north", soundPurpose: null, metadataPurpose: null });
  const heard = nameCamera({ code: "C-2", name: "Gate", soundPurpose: "Calls for help", metadataPurpose: null });
  const described = nameCamera({ code: "C-3", name: "Yard", soundPurpose: null, metadataPurpose: "Tamper sensor" });
  assert.equal(plain.label, "C-1 Square, north");
  assert.deepEqual([[], [plain], [plain, heard], [described, plain], [heard, described]].map(besideOf), [
    { sound: false, metadata: false }, { sound: false, metadata: false }, { sound: true, metadata: false }, { sound: false, metadata: true }, { sound: true, metadata: true },
  ]);
});

test("an export waits until the register has answered for each of its cameras, and takes along only what was asked about and left on", () => {
  const gate = nameCamera({ code: "C-2", name: "Gate", soundPurpose: "Calls for help", metadataPurpose: null });
  assert.deepEqual([areNamed([2, 3], new Map()), areNamed([2, 3], new Map([[2, gate]])), areNamed([2, 3], new Map([[2, gate], [3, gate]]))], [false, false, true]);
  const on = { sound: true, metadata: true };
  assert.deepEqual(chosenOf(besideOf([]), on), { sound: false, metadata: false });
  assert.deepEqual(chosenOf(besideOf([gate]), on), { sound: true, metadata: false });
  assert.deepEqual(chosenOf(besideOf([gate]), { sound: false, metadata: true }), { sound: false, metadata: false });
});
