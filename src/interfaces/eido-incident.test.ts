import assert from "node:assert/strict";
import { test } from "node:test";
import { ASSIGNMENT_STATES, INCIDENT_STATUSES, INCIDENT_TYPES, UNIT_KINDS, type Assignment, type AssignmentState, type Incident } from "../dispatch/entities.ts";
import { findTypeOfCode } from "../contract/dispatch.ts";
import { formatEido, parseEido, type EidoIncident } from "../protocol/eido/eido.ts";
import { EIDO_DISPOSITIONS, EIDO_RESOURCES, EIDO_STATUSES, EIDO_TYPES, EIDO_UNIT_STATES, eidoOf, readNeighbour, saidBy } from "./eido-incident.ts";
import { AGENCY_ROLES, COMMON_DISPOSITIONS, COMMON_INCIDENT_TYPES, COMMON_STATUSES, EMERGENCY_RESOURCE_TYPES, PRIMARY_UNIT_STATUSES, SECONDARY_UNIT_STATUSES } from "./eido-registries.ts";

const NEIGHBOUR: EidoIncident = {
  id: "urn:emergency:uid:incidentid:7:north.example", issuer: "dispatch.north.example", updatedAt: Date.UTC(2026, 2, 23), typeCommon: "FSTRU", typeInternal: null, statuses: ["Active"], statusInternal: null, priority: 9, internalId: "7", place: { lon: -56.2, lat: -34.9, uncertaintyM: 40 },
  placeText: "Mill road 3", notes: [{ at: 0, words: "Flames from the roof" }], callbackUris: ["sip:x@y", "tel:+59899111"], resources: [], disposition: null, roles: ["Dispatching"],
};
/** What an EIDO is written of. */
const INCIDENT = { id: 1, number: 1, status: "active", type: "theft", priority: 2, what: "", createdAt: 0, disposition: null, place: { words: "", label: "Rivera", kind: "street", point: { lon: 0, lat: 0 }, uncertaintyM: 0, district: null } } as unknown as Incident;

test("[EID2] a neighbour's incident is told in its own words, with its place and uncertainty, and its priority as a hint", () => {
  assert.deepEqual(readNeighbour(NEIGHBOUR), { words: "FSTRU · fire in a building 建筑火灾 · Active · no. 7 · Mill road 3\nFlames from the roof", number: "+59899111", point: { lon: -56.2, lat: -34.9 }, uncertaintyM: 40, priorityHint: 1, code: "FSTRU", from: "dispatch.north.example" });
  assert.deepEqual(readNeighbour({ ...NEIGHBOUR, place: null, placeText: null, priority: null, internalId: null, notes: [], callbackUris: [] }), { words: "FSTRU · fire in a building 建筑火灾 · Active", number: null, point: null, uncertaintyM: null, priorityHint: null, code: "FSTRU", from: "dispatch.north.example" });
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
  assert.equal(new Set(COMMON_INCIDENT_TYPES).size, 245, "the list as it was published");
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

test("[EID1] what a field for a registry holds stands in that registry: statuses, dispositions, kinds and steps of units, roles; ours stands beside", () => {
  const notIn = (words: readonly string[], registry: readonly string[]): string[] => words.filter((word) => !registry.includes(word));
  const sizes = [COMMON_STATUSES, COMMON_DISPOSITIONS, EMERGENCY_RESOURCE_TYPES, PRIMARY_UNIT_STATUSES, SECONDARY_UNIT_STATUSES, AGENCY_ROLES].map((registry) => new Set<string>(registry).size);
  assert.deepEqual(sizes, [10, 45, 102, 3, 41, 6], "the lists as they were published");
  assert.equal(new Set(Object.values(EIDO_DISPOSITIONS)).size, Object.keys(EIDO_DISPOSITIONS).length, "a neighbour can tell ours apart");
  assert.deepEqual(notIn(Object.values(EIDO_STATUSES).flat(), COMMON_STATUSES), []);
  for (const state of ASSIGNMENT_STATES) for (const kind of UNIT_KINDS) for (const status of INCIDENT_STATUSES) {
    const disposition = status === "closed" ? ("not-found" as const) : null;
    const assignments = [{ cover: null, state, unitId: 1 }] as unknown as Assignment[];
    const eido = eidoOf({ incident: { ...INCIDENT, status, disposition }, contacts: [], assignments, findUnit: () => ({ callSign: "U1", kind }) }, "city.example", 0);
    assert.deepEqual(notIn(eido.statuses, COMMON_STATUSES), []);
    assert.deepEqual(notIn(eido.roles, AGENCY_ROLES), []);
    assert.deepEqual([eido.statusInternal, eido.disposition], [status, disposition === null ? null : { common: "14", internal: "not-found" }]);
    for (const resource of eido.resources) {
      assert.deepEqual([notIn([resource.type], EMERGENCY_RESOURCE_TYPES), notIn([resource.primary], PRIMARY_UNIT_STATUSES), notIn(resource.secondary, SECONDARY_UNIT_STATUSES)], [[], [], []]);
      assert.deepEqual([resource.secondary.length > 0, resource.typeInternal, resource.statusInternal, EIDO_RESOURCES[kind]], [true, kind, state, resource.type]);
    }
    assert.equal(eido.resources.length, state in EIDO_UNIT_STATES ? 1 : 0);
  }
});

test("[EID1] what units do is said of the incident, and a unit whose next job it is does not go", () => {
  const statusesFor = (...states: AssignmentState[]) =>
    eidoOf({ incident: INCIDENT, contacts: [], assignments: states.map((state, i) => ({ cover: null, state, unitId: i + 1 }) as unknown as Assignment), findUnit: (id) => ({ callSign: `U${id}`, kind: "patrol" }) }, "city.example", 0).statuses;
  assert.deepEqual([statusesFor(), statusesFor("proposed"), statusesFor("sent"), statusesFor("on-scene", "en-route"), statusesFor("cleared")], [["Active"], ["Active"], ["Active", "ResourcesAssigned"], ["Active", "ResourcesAssigned", "ResourcesEnroute", "ResourcesOnscene"], ["Active"]]);
});

test("[EID2] a neighbour's units on their way are no news in its statuses either; that it ended is, with how, in our words where we have one", () => {
  const said = (change: Partial<EidoIncident>) => saidBy({ ...NEIGHBOUR, ...change });
  assert.equal(said({ statuses: ["Active", "ResourcesAssigned", "ResourcesEnroute"] }), said({}));
  assert.notEqual(said({ statuses: ["Active", "FireUnderControl"] }), said({}));
  const headOf = (change: Partial<EidoIncident>) => readNeighbour({ ...NEIGHBOUR, internalId: null, placeText: null, notes: [], ...change }).words;
  assert.equal(headOf({ statuses: ["Closed"], disposition: { common: "14", internal: "GOA" } }), "FSTRU · fire in a building 建筑火灾 · Closed · disposition 14 nothing found 未发现 (GOA)");
  assert.equal(headOf({ typeCommon: "FBRUSH", statuses: [], statusInternal: "pending", disposition: { common: "27", internal: null } }), "FBRUSH · pending · disposition 27");
  assert.deepEqual([findTypeOfCode("MVAINJY"), findTypeOfCode("FBRUSH"), findTypeOfCode("constructor")], ["traffic-injury", null, null]);
});
