import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatEido, formatPidfLo, parseEido, parsePidfLo, type EidoIncident } from "./eido.ts";

const AT = Date.UTC(2026, 2, 23, 12);
const INCIDENT: EidoIncident = {
  id: "urn:emergency:uid:incidentid:42:city.example", issuer: "dispatch.city.example", updatedAt: AT, typeCommon: "MVAINJY", typeInternal: "Collision with injured", statuses: ["Active", "ResourcesEnroute"], statusInternal: "active", priority: 1, internalId: "42",
  place: { lon: -56.2, lat: -34.9, uncertaintyM: 25 }, placeText: "Rivera y Soca", notes: [{ at: AT - 1_000, words: "A cyclist, \"not moving\" <bleeding>" }], callbackUris: ["tel:+59899123456"],
  resources: [{ name: "A1", type: "GroundBLSAmbulance", typeInternal: "ambulance", primary: "NotAvailable", secondary: ["EnRoute"], statusInternal: "en-route" }], disposition: { common: "15", internal: "handed-over" }, roles: ["CallReceiving"],
};
const AGENCY = { id: "city.example", name: "City dispatch" };
const written = (): Record<string, unknown> => JSON.parse(JSON.stringify(formatEido(INCIDENT, AGENCY))) as Record<string, unknown>;
const faultOf = (change: (eido: Record<string, unknown>) => void): string => {
  const eido = written();
  change(eido);
  const parsed = parseEido(eido);
  return parsed.ok ? "ok" : `${parsed.field} ${parsed.expected}`;
};
const part = (eido: Record<string, unknown>, name: string): Record<string, unknown> => (Array.isArray(eido[name]) ? (eido[name] as Record<string, unknown>[])[0]! : (eido[name] as Record<string, unknown>));

describe("EIDO (NENA-STA-021.1)", () => {
  test("what is written is read again, and every reference leads to a component", () => {
    const eido = written();
    assert.deepEqual(parseEido(eido), { ok: true, incident: INCIDENT });
    const ids = new Set([...JSON.stringify(eido).matchAll(/"\$id":"([^"]+)"/g)].map((match) => match[1]));
    for (const [, ref] of JSON.stringify(eido).matchAll(/"\$ref":"([^"]+)"/g)) assert.ok(ids.has(ref!), ref);
    assert.deepEqual([eido["eidoVersion"], eido["issuingElementIdentification"], part(eido, "agencyComponent")["agencyType"]], ["1.0", "dispatch.city.example", ["psap"]]);
  });

  test("a place is PIDF-LO: a circle with its radius, or a point", () => {
    assert.deepEqual(parsePidfLo(formatPidfLo({ lon: 8.5, lat: 47.4, uncertaintyM: 120 }, AT)), { lon: 8.5, lat: 47.4, uncertaintyM: 120 });
    assert.deepEqual(parsePidfLo(formatPidfLo({ lon: 8.5, lat: 47.4, uncertaintyM: null }, AT)), { lon: 8.5, lat: 47.4, uncertaintyM: null });
    for (const no of ["", "<presence/>", "<Point><pos>north</pos></Point>", "<Point><pos>91 0</pos></Point>", "<!DOCTYPE x><Point><pos>1 2</pos></Point>"]) assert.equal(parsePidfLo(no), null, no);
  });

  test("another maker's form: lists or single components, times with an offset, no place", () => {
    const parsed = parseEido({
      $id: "urn:emergency:uid:incidentid:a56e:bcf.example", lastUpdateTimeStamp: "2021-04-30T14:43:49.439-04:00", eidoVersion: "1.0", issuingElementIdentification: "idx.example",
      incidentComponent: [{ $id: "inc", incidentTypeCommonRegistryText: "MVAINJY", incidentStatusCommonRegistryText: "Active", locationReference: { $ref: "b" } }],
      locationComponent: [{ $id: "a", locationAddressText: "elsewhere" }, { $id: "b", locationAddressText: "I-80 EAST" }], notesComponent: [{ notesActionComments: "Rollover" }, {}],
    });
    assert.ok(parsed.ok);
    assert.deepEqual([parsed.incident.updatedAt, parsed.incident.placeText, parsed.incident.place, parsed.incident.statuses, parsed.incident.notes.map(({ words }) => words)], [Date.UTC(2021, 3, 30, 18, 43, 49, 439), "I-80 EAST", null, ["Active"], ["Rollover"]]);
  });

  test("of several dispositions the primary one counts; each unit names an agent, as the standard asks, and no person", () => {
    const eido = written();
    const parts = part(eido, "incidentComponent");
    const other = { ...(parts["dispositionComponent"] as object[])[0], dispositionCommonRegistryCode: "01", dispositionPrimaryIndicator: false, dispositionCategoryText: undefined };
    parts["dispositionComponent"] = [other, ...(parts["dispositionComponent"] as object[])];
    const parsed = parseEido(eido);
    assert.deepEqual(parsed.ok && parsed.incident.disposition, { common: "15", internal: "handed-over" });
    assert.deepEqual([part(eido, "emergencyResourceComponent")["agentReference"], part(eido, "agentComponent")["$id"], part(eido, "agentComponent")["agentJcard"]], [[{ $ref: "dispatch@city.example" }], "dispatch@city.example", undefined]);
  });

  test("each fault is named", () => {
    assert.equal(faultOf((eido) => delete eido["$id"]), "$id present");
    assert.equal(faultOf((eido) => delete eido["incidentComponent"]), "incidentComponent present");
    assert.equal(faultOf((eido) => void (eido["lastUpdateTimeStamp"] = "yesterday")), "lastUpdateTimeStamp time");
    assert.equal(faultOf((eido) => void (part(eido, "incidentComponent")["incidentTypeCommonRegistryText"] = 7)), "incidentComponent.incidentTypeCommonRegistryText text");
    assert.equal(faultOf((eido) => void (eido["notesComponent"] = ["x"])), "notesComponent list");
    assert.equal(faultOf((eido) => void (eido["notesComponent"] = Array.from({ length: 501 }, () => ({})))), "notesComponent bounded");
    assert.equal(faultOf((eido) => void (part(eido, "notesComponent")["notesActionComments"] = "x".repeat(20_001))), "notesComponent.notesActionComments bounded");
  });

  test("whatever JSON comes is answered, never thrown", () => {
    const keys = fc.constantFrom("$id", "$ref", "lastUpdateTimeStamp", "issuingElementIdentification", "incidentComponent", "locationComponent", "notesComponent", "locationByValue", "incidentTypeCommonRegistryText", "constructor", "__proto__");
    fc.assert(fc.property(fc.oneof(fc.anything(), fc.object({ key: keys, maxDepth: 4 })), (value) => void parseEido(value)), { numRuns: 3_000 });
    fc.assert(fc.property(keys, fc.jsonValue(), (key, value) => void parseEido({ ...written(), [key]: value })), { numRuns: 1_000 });
  });
});
