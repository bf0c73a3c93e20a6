import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Outcome } from "../../../src/contract/dispatch.ts";
import { addPlace, EMPTY_OUTBOX, enqueue, findDue, formatOutbox, hurry, parseOutbox, postpone, reportStateOf, settle, type FieldCommand, type Outbox } from "./outbox.ts";

const advance = (to: "acknowledged" | "en-route" | "on-scene", deviceAt = 1): FieldCommand => ({ type: "assignment.advance", assignmentId: 9, to, deviceAt });
const emergency: FieldCommand = { type: "unit.emergency", unitId: 7, point: null, deviceAt: 5 };
const accepted: Outcome = { outcome: "accepted", sequence: 1, repeated: false, contactId: null, incidentId: null, units: [] };
const order = (box: Outbox): string[] => box.entries.map((e) => e.commandId);

test("what is pressed in a dead spot is sent later, in order, with its own time and the same id", () => {
  let box = enqueue(enqueue(EMPTY_OUTBOX, "a", advance("acknowledged", 100), 100), "b", advance("en-route", 200), 200);
  assert.equal(findDue(box, 200)?.commandId, "a");
  box = postpone(box, "a", 200);
  assert.equal(findDue(box, 300), null, "the second never overtakes the first");
  box = parseOutbox(formatOutbox(box)); // the phone was started again
  const due = findDue(hurry(box, 9_000), 9_000)!;
  assert.deepEqual([due.commandId, due.command], ["a", advance("acknowledged", 100)]);
  assert.deepEqual(order(settle(box, "a", accepted).box), ["b"]);
});

test("an emergency overtakes all but another emergency", () => {
  const box = enqueue(enqueue(enqueue(EMPTY_OUTBOX, "a", advance("acknowledged"), 1), "e1", emergency, 2), "e2", emergency, 3);
  assert.deepEqual(order(box), ["e1", "e2", "a"]);
});

test("a no is taken out and told, with the rule and what was pressed when", () => {
  const box = enqueue(EMPTY_OUTBOX, "a", advance("on-scene"), 77);
  const { box: rest, refusal } = settle(box, "a", { outcome: "refused", rule: "recalled", message: "The assignment was recalled.", allowed: [] });
  assert.deepEqual(order(rest), []);
  assert.deepEqual([refusal?.rule, refusal?.pressedAt], ["recalled", 77]);
  assert.equal(settle(rest, "a", accepted).refusal, null, "a second answer to the same changes nothing");
});

const report: FieldCommand = { type: "contact.receive", source: "officer", externalId: "unit-7:x", callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: "Two cars" };
const placeOf = (box: Outbox): unknown => (box.entries[0]!.command as Extract<FieldCommand, { type: "contact.receive" }>).callerPoint;
const here = { lon: 1, lat: 2 };

test("a report is kept with its words as it is pressed, and waits a moment for its place: found, it goes at once; not found, without", () => {
  const box = enqueue(EMPTY_OUTBOX, "r", report, 100, 2_000);
  assert.deepEqual(parseOutbox(formatOutbox(box)).entries.map(({ command }) => command), [report], "the phone was locked in between");
  assert.deepEqual([findDue(box, 1_000), findDue(box, 2_100)?.commandId], [null, "r"]);
  const placed = addPlace(box, "r", here, 700);
  assert.deepEqual([findDue(placed, 700)?.commandId, placeOf(placed)], ["r", here]);
  assert.deepEqual([findDue(addPlace(box, "r", null, 700), 700)?.commandId, placeOf(addPlace(box, "r", null, 700))], ["r", null]);
  assert.deepEqual(order(enqueue(box, "e", emergency, 200)), ["e", "r"], "an emergency does not wait for it");
});

test("a place that comes once the report may be on its way changes nothing of it: what is sent again is the same", () => {
  const box = enqueue(EMPTY_OUTBOX, "r", report, 100, 2_000);
  for (const [late, now] of [[box, 2_100], [postpone(box, "r", 2_100), 2_200], [hurry(box, 500), 500]] as const) assert.deepEqual(addPlace(late, "r", here, now), late);
});

test("a report is told as taken only once the centre has taken it, and its words are in the refusal", () => {
  const box = enqueue(EMPTY_OUTBOX, "r", report, 100);
  assert.equal(reportStateOf("r", box, []), "kept");
  assert.equal(reportStateOf("r", postpone(box, "r", 100), []), "kept", "no answer came");
  assert.equal(reportStateOf("r", settle(box, "r", accepted).box, []), "taken");
  const { box: rest, refusal } = settle(box, "r", { outcome: "refused", rule: "not-yours", message: "", allowed: [] });
  assert.equal(reportStateOf("r", rest, [refusal!]), "refused");
  assert.deepEqual(refusal?.command, report);
});

test("waiting doubles to fifteen seconds", () => {
  let box = enqueue(EMPTY_OUTBOX, "a", advance("acknowledged"), 0);
  const waits = Array.from({ length: 6 }, () => {
    box = postpone(box, "a", 0);
    return box.entries[0]!.notBefore;
  });
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

test("spoiled storage loses what is spoiled and no more, and never throws", () => {
  const good = enqueue(EMPTY_OUTBOX, "a", advance("acknowledged"), 3);
  const mixed = JSON.stringify([null, { commandId: 5 }, { commandId: "x", pressedAt: 1, command: { type: "incident.close", incidentId: 1, disposition: "resolved" } }, ...good.entries]);
  assert.deepEqual(order(parseOutbox(mixed)), ["a"]);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseOutbox(text)));
});

test("nothing pressed is lost and nothing is sent out of order, whatever the network does", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("press", "send-lost", "send-answered"), { maxLength: 60 }), (steps) => {
      let box = EMPTY_OUTBOX;
      let now = 0;
      let pressed = 0;
      const answered: number[] = [];
      for (const step of steps) {
        now += 20_000;
        if (step === "press") box = enqueue(box, String(pressed++), advance("acknowledged"), now);
        const due = findDue(box, now);
        if (due === null) continue;
        if (step === "send-lost") box = postpone(box, due.commandId, now);
        if (step === "send-answered") {
          answered.push(Number(due.commandId));
          box = settle(box, due.commandId, accepted).box;
        }
      }
      assert.deepEqual([...answered, ...order(box).map(Number)], Array.from({ length: pressed }, (_, i) => i));
    }),
  );
});
