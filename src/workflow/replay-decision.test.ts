// A decision is worked out again from the log and from what was stored with it, whatever has happened since.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as contract from "../contract/dispatch.ts";
import type { Command } from "../dispatch/commands.ts";
import { PLACE, profileOf } from "../dispatch/testing/world.ts";
import { findEdgesOfPiece, pieceOfEdge } from "../geo/road-pieces.ts";
import { snapToRoad } from "../geo/road-snap.ts";
import { closeRoads, forkRoads } from "../geo/roads.ts";
import { cityFromAscii } from "../geo/testing/city-from-ascii.ts";
import { decodeInputs, digestOfInputs, encodeInputs } from "./decision-inputs.ts";
import { type DispatchServiceOptions, type Sender, createDispatchService } from "./dispatch-service.ts";
import { roadTimesOf } from "./ranking.ts";
import { createMemoryStore } from "./testing/memory-store.ts";

const ANA: Sender = { kind: "user", id: 1, name: "Ana", permissions: ["incident.write", "assignment.write", "road.close"], unitId: null };
const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
const drawing = `
  A---1--------B--T---C--------3---G
  |            |      |
  |            |  2   |
  D------------E------F
`;

async function start() {
  const town = cityFromAscii(drawing);
  const store = createMemoryStore();
  const clock = { now: 1_800_000_000_000, wallMs: () => clock.now, monotonicMs: () => clock.now };
  const edgesOf: (closures: Parameters<NonNullable<DispatchServiceOptions["roads"]>["close"]>[0]) => Set<number> = (closures) => new Set(closures.flatMap(({ pieces }) => pieces.flatMap((piece) => findEdgesOfPiece(town.graph, piece))));
  const service = await createDispatchService({
    store, clock, hash, timeZone: "UTC", roadTimes: roadTimesOf(town.roads), every: () => () => undefined, onFatal: (error) => { throw error; },
    roads: {
      version: "drawn", findRoad: (piece) => ({ name: null, path: findEdgesOfPiece(town.graph, piece).length > 0 ? [piece.middle] : [] }), close: (closures) => closeRoads(town.roads, edgesOf(closures)),
      timesAt: (closures) => {
        const roads = forkRoads(town.roads);
        closeRoads(roads, edgesOf(closures));
        return roadTimesOf(roads);
      },
    },
  });
  const send = async (command: Command) => {
    const outcome = await service.send(ANA, { commandId: randomUUID(), expectedSequence: null, command });
    assert.equal(outcome.outcome, "accepted", JSON.stringify(outcome));
  };
  const fix = (unitId: number, at: string): void => void service.positions.report([{ unitId, ...town.at(at), headingDeg: null, speedMps: 8, at: clock.now - 5_000 }], clock.now);
  const close = async (between: string): Promise<void> => {
    const { name: _, path: __, edge: ___, ...piece } = pieceOfEdge(town.graph, snapToRoad(town.graph, town.at(between))!.edge);
    await send({ type: "closure.set", pieces: [piece], words: "works", until: null });
  };
  await service.sendSystem({ type: "units.register", units: ["1", "2", "3"].map((at, i) => profileOf(`P${i + 1}`, "patrol", town.at(at))) });
  await send({ type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: { ...PLACE, point: town.at("T") } });
  return { town, store, clock, service, send, fix, close };
}

describe("a decision", () => {
  it("[REC5] is worked out again after units have moved, roads were closed and the log went on", async () => {
    const a = await start();
    a.fix(1, "G");
    a.fix(2, "A");
    await a.close("T");
    const { tookMs: _, ...shown } = a.service.recommend(1, a.clock.now, ANA)!;
    a.clock.now += 20_000;
    const unitId = shown.candidates[1]!.unitId;
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [unitId], stack: false });
    for (const id of [1, 2, 3]) a.fix(id, "C");
    await a.close("3");
    await a.send({ type: "assignment.recall", assignmentId: 1, words: "nearer one" });
    const replay = (await a.service.replayDecision(1))!;
    contract.DecisionReplay.parse(replay);
    assert.deepEqual(replay.recommendation, shown);
    assert.deepEqual([replay.shown, replay.agrees, replay.roadsChanged, replay.inputsIntact], [{ rank: 2, roadSeconds: shown.candidates[1]!.roadSeconds, computedAt: shown.computedAt }, true, false, true]);
    assert.notDeepEqual(a.service.recommend(1, a.clock.now, ANA)!.candidates, shown.candidates, "now it would come out otherwise");
  });
  it("[REC5] [TIE1] is found where it was made, also once its incident was merged into another", async () => {
    const a = await start();
    const { tookMs: _, ...shown } = a.service.recommend(1, a.clock.now, ANA)!;
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [shown.candidates[0]!.unitId], stack: false });
    for (let n = 0; n < 2; n++) await a.send({ type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: { ...PLACE, point: a.town.at("T") } });
    await a.send({ type: "incident.merge", incidentId: 1, intoId: 2, words: "" });
    await a.send({ type: "incident.merge", incidentId: 2, intoId: 3, words: "" });
    assert.equal(a.service.findAssignment(1)!.incidentId, 3);
    const replay = (await a.service.replayDecision(1))!;
    assert.deepEqual([replay.agrees, replay.recommendation], [true, shown]);
  });
  it("[REC5] two units of one choice share what was stored; a choice without a recommendation has none", async () => {
    const a = await start();
    a.service.recommend(1, a.clock.now, ANA);
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [1, 2], stack: false });
    a.clock.now += 60_001;
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [3], stack: false });
    assert.equal(a.store.inputs.size, 1);
    assert.deepEqual([(await a.service.replayDecision(2))!.agrees, (await a.service.replayDecision(3))!.recommendation, await a.service.replayDecision(9)], [true, null, null]);
  });
  it("[REC5] says where what was stored is not what the log names", async () => {
    const a = await start();
    a.fix(1, "G");
    a.service.recommend(1, a.clock.now, ANA);
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    const [stored] = a.store.inputs.values();
    const moved = { ...decodeInputs(stored!), lon: Float64Array.of(a.town.at("1").lon) };
    a.store.inputs.set(stored!.digest, { ...encodeInputs(moved, hash), digest: stored!.digest });
    const replay = (await a.service.replayDecision(1))!;
    assert.deepEqual([replay.inputsIntact, replay.agrees], [false, false]);
  });
  it("[REC5] every fix comes back as it was", () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 90_000 }), fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }), fc.nat());
    fc.assert(fc.property(fc.array(row), (rows) => {
      const column = (c: number): Float64Array => Float64Array.from(rows, (one) => one[c]!);
      const inputs = { incidentId: 7, sequence: 9, computedAt: 1_800_000_000_000, roads: "drawn", unitIds: Int32Array.from(rows, (one) => one[0]), lon: column(1), lat: column(2), ageMs: column(3) };
      const stored = encodeInputs(inputs, hash);
      assert.deepEqual(decodeInputs(stored), inputs);
      assert.equal(digestOfInputs(stored, hash), stored.digest);
    }));
    assert.throws(() => decodeInputs({ incidentId: 7, sequence: 9, computedAt: 1, roads: "drawn", digest: "", columns: new Uint8Array(27) }), RangeError);
  });
});
