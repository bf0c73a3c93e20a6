// Who may send which command to dispatch, role by role and type by type, against a table written by hand. x: let through; o: for one's own unit only.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { ROLES } from "../contract/access.ts";
import { Command, type CommandType } from "../contract/dispatch.ts";
import { pointAt } from "../geo/testing/features.ts";
import { createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

const COLUMNS = [...ROLES, "telephony", "fleet"] as const;
// c call-taker; d dispatcher; v video-operator; o officer; g guard; p planner; e engineer; a administrator; i inspector; t telephony; f fleet
const TABLE = `
                          c d v o g p e a i  t f
  contact.receive         . . . o o . . . .  x x
  contact.hang-up         . . . . . . . . .  x .
  contact.elsewhere       . . . . . . . . .  x .
  contact.claim           x x . . . . . . .  . .
  contact.renew           x x . . . . . . .  . .
  contact.release         x x . . . . . . .  . .
  contact.end             x x . . . . . . .  . .
  contact.attach          x x . . . . . . .  . .
  incident.create         x x . . . . . . .  . .
  incident.update         x x . . . . . . .  . .
  incident.answer         x x . . . . . . .  . .
  incident.note           x x . . . . . . .  . .
  incident.verdict        x x x . . . . . .  . .
  incident.no-unit-needed x x . . . . . . .  . .
  incident.close          x x . . . . . . .  . .
  incident.cancel         x x . . . . . . .  . .
  incident.reopen         x x . . . . . . .  . .
  assignment.assign       . x . . . . . . .  . .
  assignment.advance      . x . o o . . . .  . x
  assignment.decline      . x . o o . . . .  . x
  assignment.recall       . x . . . . . . .  . .
  unit.availability       . x . o o . . . .  . x
  unit.emergency          . x . o o . . . .  . x
  unit.emergency-clear    . x . . . . . . .  . .
  closure.set             . x . . . . . . .  . .
  closure.lift            . x . . . . . . .  . .
  contact.detach          x x . . . . . . .  . .
  contact.reopen          x x . . . . . . .  . .
  incident.watch          x x . . . . . . .  . .
  incident.merge          x x . . . . . . .  . .
  incident.unmerge        x x . . . . . . .  . .
  incident.split          x x . . . . . . .  . .
  incident.link           x x . . . . . . .  . .
  incident.unlink         x x . . . . . . .  . .
  incident.make-major     . x . . . . . . .  . .
  incident.end-major      . x . . . . . . .  . .
  incident.join-major     x x . . . . . . .  . .
  incident.leave-major    x x . . . . . . .  . .
  assignment.confirm      . x . o o . . . .  . x
  assignment.preempt      . x . . . . . . .  . .
  assignment.lose         . x . . . . . . .  . .
  assignment.cover        . x . . . . . . .  . .
  hand-over.offer         x x . . . . . . .  . .
  hand-over.take          x x . . . . . . .  . .
  hand-over.decline       x x . . . . . . .  . .
  hand-over.withdraw      x x . . . . . . .  . .
`;
/** A supervisor (the column after the dispatcher's) may send what a dispatcher may. */
const rows = TABLE.trim().split("\n").slice(1).map((line) => line.trim().split(/\s+/)).map((cells) => cells.toSpliced(COLUMNS.indexOf("supervisor") + 1, 0, cells[COLUMNS.indexOf("dispatcher") + 1]!));

const place = { words: "x", label: "x", kind: "street", district: null, point: pointAt(0, 0), uncertaintyM: 5 };
const NOBODY = 999_999;
/** A command about things that do not exist, so that nothing happens whoever sends it. */
const FIELDS: Record<CommandType, object> = {
  "contact.receive": { source: "officer", externalId: "unit-1:matrix" }, "contact.hang-up": { externalId: "nothing" }, "contact.elsewhere": { externalId: "nothing", how: "transferred" }, "contact.claim": { contactId: NOBODY }, "contact.renew": { contactId: NOBODY },
  "contact.release": { contactId: NOBODY }, "contact.end": { contactId: NOBODY, disposition: "prank" }, "contact.attach": { contactId: NOBODY, incidentId: NOBODY },
  "incident.create": { contactId: NOBODY, incidentType: "other", what: "x", place }, "incident.update": { incidentId: NOBODY, what: "x" }, "incident.answer": { incidentId: NOBODY, card: { code: "fire", version: 1 }, question: "people", answer: "out" }, "incident.note": { incidentId: NOBODY, words: "x" },
  "incident.verdict": { incidentId: NOBODY, cameraId: 1, verdict: "seen" }, "incident.no-unit-needed": { incidentId: NOBODY, words: "x" },
  "incident.close": { incidentId: NOBODY, disposition: "resolved" }, "incident.cancel": { incidentId: NOBODY, words: "x" }, "incident.reopen": { incidentId: NOBODY, words: "x" },
  "assignment.assign": { incidentId: NOBODY, unitIds: [1] }, "assignment.advance": { assignmentId: 1, to: "acknowledged" }, "assignment.decline": { assignmentId: 1, words: "x" },
  "assignment.recall": { assignmentId: NOBODY, words: "x" }, "unit.availability": { unitId: 1, availability: "available" }, "unit.emergency": { unitId: 1 },
  "unit.emergency-clear": { unitId: 1, words: "x" }, "closure.set": { pieces: [{ from: pointAt(0, 0), to: pointAt(0, 0), middle: pointAt(5_000, 5_000) }], words: "x" }, "closure.lift": { closureId: NOBODY },
  "contact.detach": { contactId: NOBODY }, "contact.reopen": { contactId: NOBODY, words: "x" }, "incident.watch": { incidentId: NOBODY }, "incident.merge": { incidentId: NOBODY, intoId: NOBODY }, "incident.unmerge": { incidentId: NOBODY },
  "incident.split": { incidentId: NOBODY, incidentType: "other", what: "x", place }, "incident.link": { incidentId: NOBODY, otherId: NOBODY }, "incident.unlink": { incidentId: NOBODY, otherId: NOBODY },
  "incident.make-major": { incidentId: NOBODY, words: "x" }, "incident.end-major": { incidentId: NOBODY, words: "x" }, "incident.join-major": { incidentId: NOBODY, majorId: NOBODY }, "incident.leave-major": { incidentId: NOBODY },
  "assignment.preempt": { assignmentId: NOBODY, incidentId: NOBODY, words: "x" }, "assignment.confirm": { assignmentId: 1 }, "assignment.lose": { assignmentId: NOBODY, words: "x" }, "assignment.cover": { incidentId: NOBODY, unitId: 1, platformId: 1 },
  "hand-over.offer": { toUserId: NOBODY }, "hand-over.take": { handOverId: NOBODY }, "hand-over.decline": { handOverId: NOBODY }, "hand-over.withdraw": { handOverId: NOBODY },
};

describe("role x command", () => {
  let api: TestApi;
  const clients = new Map<string, CityClient>();
  before(async () => {
    api = await startTestApi();
    const dispatcher = await api.first();
    const incidentId = await createIncident(api, dispatcher);
    const assigned = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1], stack: false });
    assert.equal(assigned.outcome, "accepted");
    for (const column of COLUMNS) {
      if (column === "telephony" || column === "fleet") clients.set(column, api.client(column));
      else clients.set(column, await api.person(`p.${column}`, [column], column === "officer" || column === "guard" ? 2 : null));
    }
    clients.set("own", await api.person("p.own", ["officer"], 1)); // unit 1 and assignment 1 are theirs
  });
  after(() => api.close());

  const send = async (client: CityClient, type: CommandType): Promise<string> => {
    const { problem } = await client.try("sendCommand", { body: { commandId: randomUUID(), command: { type, ...FIELDS[type] } } });
    if (problem !== null) assert.ok(["forbidden", "not-your-unit"].includes(problem.rule), `${type}: ${problem.rule} ${problem.message}`);
    return problem === null ? "x" : problem.rule;
  };

  test("the table has every type once", () => {
    assert.deepEqual(rows.map(([type]) => type).sort(), Command.options.map((option) => option.shape.type.value).sort());
  });

  for (const [type, ...cells] of rows) {
    test(`${type}: each role`, async () => {
      const found: string[] = [];
      for (const column of COLUMNS) {
        const answer = await send(clients.get(column)!, type as CommandType);
        found.push(answer === "x" ? "x" : answer === "not-your-unit" ? "o" : ".");
      }
      assert.equal(found.join(" "), cells.join(" "), COLUMNS.join(" "));
      if (cells.includes("o")) assert.equal(await send(clients.get("own")!, type as CommandType), "x", "one's own unit");
    });
  }

  test("unit.emergency-clear: the gate keeps out an account of that unit, whatever its other roles", async () => {
    const both = await api.person("p.both", ["dispatcher", "officer"], 1);
    const { status, problem } = await both.try("sendCommand", { body: { commandId: randomUUID(), command: { type: "unit.emergency-clear", unitId: 1, words: "safe" } } });
    assert.deepEqual([status, problem?.rule], [403, "own-emergency"]);
    assert.equal((await both.try("sendCommand", { body: { commandId: randomUUID(), command: { type: "unit.emergency-clear", unitId: 2, words: "safe" } } })).problem, null);
  });
});
