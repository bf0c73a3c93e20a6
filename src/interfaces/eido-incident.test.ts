import assert from "node:assert/strict";
import { test } from "node:test";
import { INCIDENT_TYPES } from "../dispatch/entities.ts";
import { formatEido, parseEido, type EidoIncident } from "../protocol/eido/eido.ts";
import { EIDO_TYPES, readNeighbour } from "./eido-incident.ts";

const NEIGHBOUR: EidoIncident = {
  id: "urn:emergency:uid:incidentid:7:north.example", issuer: "dispatch.north.example", updatedAt: Date.UTC(2026, 2, 23), typeCommon: "STRFIRE", typeInternal: null, statuses: ["Active"], priority: 9, internalId: "7", place: { lon: -56.2, lat: -34.9, uncertaintyM: 40 },
  placeText: "Mill road 3", notes: [{ at: 0, words: "Flames from the roof" }], callbackUris: ["sip:x@y", "tel:+59899111"], resources: [], disposition: null,
};

test("[EID2] a neighbour's incident is told in its own words, with its place and uncertainty, and its priority as a hint", () => {
  assert.deepEqual(readNeighbour(NEIGHBOUR), { words: "STRFIRE · Active · no. 7 · Mill road 3\nFlames from the roof", number: "+59899111", point: { lon: -56.2, lat: -34.9 }, uncertaintyM: 40, priorityHint: 4, from: "dispatch.north.example" });
  assert.deepEqual(readNeighbour({ ...NEIGHBOUR, place: null, placeText: null, priority: null, internalId: null, notes: [], callbackUris: [] }), { words: "STRFIRE · Active", number: null, point: null, uncertaintyM: null, priorityHint: null, from: "dispatch.north.example" });
  assert.equal(readNeighbour({ ...NEIGHBOUR, notes: [{ at: 0, words: "x".repeat(5_000) }] }).words.length, 2_000);
});

test("[EID1] every type of ours has a common word, and what is written is read again", () => {
  assert.deepEqual(Object.keys(EIDO_TYPES).sort(), Object.keys(INCIDENT_TYPES).sort());
  const parsed = parseEido(JSON.parse(JSON.stringify(formatEido(NEIGHBOUR, { id: "north.example", name: "North" }))));
  assert.deepEqual(parsed, { ok: true, incident: NEIGHBOUR });
});
