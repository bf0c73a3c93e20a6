import assert from "node:assert/strict";
import { test } from "node:test";
import { INCIDENT_TYPES, type Incident } from "../dispatch/entities.ts";
import { formatEido, parseEido, type EidoIncident } from "../protocol/eido/eido.ts";
import { COMMON_INCIDENT_TYPES } from "./common-incident-types.ts";
import { EIDO_TYPES, eidoOf, readNeighbour, saidBy } from "./eido-incident.ts";

const NEIGHBOUR: EidoIncident = {
  id: "urn:emergency:uid:incidentid:7:north.example", issuer: "dispatch.north.example", updatedAt: Date.UTC(2026, 2, 23), typeCommon: "FSTRU", typeInternal: null, statuses: ["Active"], priority: 9, internalId: "7", place: { lon: -56.2, lat: -34.9, uncertaintyM: 40 },
  placeText: "Mill road 3", notes: [{ at: 0, words: "Flames from the roof" }], callbackUris: ["sip:x@y", "tel:+59899111"], resources: [], disposition: null,
};
/** What an EIDO is written of. */
const INCIDENT = { id: 1, number: 1, status: "active", type: "theft", priority: 2, what: "", createdAt: 0, disposition: null, place: { words: "", label: "Rivera", kind: "street", point: { lon: 0, lat: 0 }, uncertaintyM: 0, district: null } } as unknown as Incident;

test("[EID2] a neighbour's incident is told in its own words, with its place and uncertainty, and its priority as a hint", () => {
  assert.deepEqual(readNeighbour(NEIGHBOUR), { words: "FSTRU · Active · no. 7 · Mill road 3\nFlames from the roof", number: "+59899111", point: { lon: -56.2, lat: -34.9 }, uncertaintyM: 40, priorityHint: 1, from: "dispatch.north.example" });
  assert.deepEqual(readNeighbour({ ...NEIGHBOUR, place: null, placeText: null, priority: null, internalId: null, notes: [], callbackUris: [] }), { words: "FSTRU · Active", number: null, point: null, uncertaintyM: null, priorityHint: null, from: "dispatch.north.example" });
  const { length } = readNeighbour({ ...NEIGHBOUR, notes: [{ at: 0, words: "x".repeat(5_000) }] }).words;
  assert.ok(length > 1_900 && length <= 2_000);
});

test("[EID2] the newest note stands first and is never the one that has no room; how many are left out is said", () => {
  const note = (at: number, words: string) => ({ at, words });
  assert.equal(readNeighbour({ ...NEIGHBOUR, notes: [note(1, "one"), note(3, "three"), note(2, "two"), note(3, "after three")] }).words.split("\n").slice(1).join(), "after three,three,two,one");
  for (const length of [30, 900, 1_950, 5_000]) {
    const old = Array.from({ length: 100 }, (_, i) => note(i, `${i} ${"y".repeat(length)}`));
    const said = readNeighbour({ ...NEIGHBOUR, notes: [...old, note(200, "MAN WITH A GUN")] }).words.split("\n");
    assert.equal(said[1], "MAN WITH A GUN");
    const shown = said.length - 3;
    assert.equal(said.at(-1), `[${100 - shown} more · 另有${100 - shown}条]`);
    assert.ok(said.join("\n").length <= 2_000);
  }
  assert.notEqual(saidBy({ ...NEIGHBOUR, notes: [note(1, "y".repeat(5_000)), note(0, "a")] }), saidBy({ ...NEIGHBOUR, notes: [note(1, "y".repeat(5_000)), note(0, "b")] }), "what has no room is another version all the same");
});

test("[EID1] every type of ours has a code of its own of the registry's, and what is written is read again", () => {
  assert.deepEqual(Object.keys(EIDO_TYPES).sort(), Object.keys(INCIDENT_TYPES).sort());
  assert.equal(new Set(COMMON_INCIDENT_TYPES).size, 197, "the list as it was published");
  const registry = new Set<string>(COMMON_INCIDENT_TYPES);
  assert.deepEqual(Object.values(EIDO_TYPES).filter((code) => !registry.has(code)), []);
  assert.equal(new Set(Object.values(EIDO_TYPES)).size, Object.keys(EIDO_TYPES).length, "a neighbour can tell ours apart");
  const parsed = parseEido(JSON.parse(JSON.stringify(formatEido(NEIGHBOUR, { id: "north.example", name: "North" }))));
  assert.deepEqual(parsed, { ok: true, incident: NEIGHBOUR });
});

test("[EID1] [EID2] priority goes by the scale that is common to all centres, on which 10 is the most urgent: there and back it is what it was", () => {
  const hintOf = (priority: number | null) => readNeighbour({ ...NEIGHBOUR, priority }).priorityHint;
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(hintOf), [4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1]);
  const common = ([1, 2, 3, 4] as const).map((priority) => eidoOf({ incident: { ...INCIDENT, priority }, contacts: [], assignments: [], findUnit: () => null }, "city.example", 0).priority);
  assert.deepEqual([common, common.map(hintOf)], [[10, 7, 4, 1], [1, 2, 3, 4]]);
  const other = formatEido({ ...NEIGHBOUR, priority: 11 }, { id: "north.example", name: "North" });
  const parsed = parseEido(JSON.parse(JSON.stringify(other)));
  assert.equal(parsed.ok && parsed.incident.priority, null, "of no scale that is known: nothing is guessed");
});
