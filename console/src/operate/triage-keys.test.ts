// Keys in a row of questions [TRI3]: nothing is answered that nobody said.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stepOfKey, type TriageRow } from "./triage-keys.ts";

/** What a row of keys answers, and the mark at its end, where each answer is heard of at once, or only later. */
function press(keys: readonly string[], start: TriageRow, heard: boolean): { answered: number[]; mark: number | null } {
  let row = start;
  const answered: number[] = [];
  for (const key of keys) {
    const step = stepOfKey(key, row);
    if (step?.kind === "answer") {
      answered.push(step.option);
      row = { ...row, mark: null, ...(heard ? { chosen: step.option } : {}) };
    } else if (step?.kind === "mark") row = { ...row, mark: step.option };
    else if (step?.kind === "unmark") row = { ...row, mark: null };
  }
  return { answered, mark: row.mark };
}
const ROW: TriageRow = { options: 4, chosen: -1, mark: null };

test("[TRI3] left and right answer nothing: only Enter does, by the one option that they came to, however quick the presses and however late the centre's answer", () => {
  for (const heard of [true, false]) {
    assert.deepEqual(press(["ArrowRight", "ArrowRight", "ArrowRight"], ROW, heard), { answered: [], mark: 2 });
    assert.deepEqual(press(["ArrowRight", "ArrowRight", "ArrowRight", "Enter"], ROW, heard), { answered: [2], mark: null });
    assert.deepEqual(press([...Array.from({ length: 9 }, () => "ArrowRight"), "ArrowLeft", "Enter"], ROW, heard), { answered: [2], mark: null });
    assert.deepEqual(press(["ArrowLeft", "Enter"], { ...ROW, chosen: 3 }, heard), { answered: [2], mark: null }, "it begins at the answer that stands");
    assert.deepEqual(press(["ArrowRight", "Escape", "Enter"], ROW, heard), { answered: [], mark: null });
  }
});
test("[TRI3] a digit answers at once, and only where there is such an option", () => {
  assert.deepEqual(stepOfKey("4", { ...ROW, mark: 1 }), { kind: "answer", option: 3 });
  assert.deepEqual([stepOfKey("5", ROW)?.kind, stepOfKey("0", ROW), stepOfKey("a", ROW)], ["nothing", null, null]);
  assert.deepEqual([stepOfKey("Enter", ROW)?.kind, stepOfKey("Escape", ROW)?.kind, stepOfKey("Delete", ROW)?.kind], ["next-open", "leave", "take-back"]);
});
