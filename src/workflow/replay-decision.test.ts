// A decision is worked out again from the log and from what was stored with it, whatever has happened since.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as contract from "../contract/dispatch.ts";
import type { Command } from "../dispatch/commands.ts";
import { createRunCardDeck } from "../dispatch/run-cards.ts";
import { PLACE, profileOf } from "../dispatch/testing/world.ts";
import { findEdgesOfPiece, pieceOfEdge } from "../geo/road-pieces.ts";
import { snapToRoad } from "../geo/road-snap.ts";
import { type RoadHour, roadHourOf } from "../geo/road-hours.ts";
import { closeRoads, forkRoads, setRoadHour } from "../geo/roads.ts";
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

const hourAt = (now: number): RoadHour => roadHourOf(new Date(now).getUTCHours(), new Date(now).getUTCDay());

async function start(options: Pick<DispatchServiceOptions, "runCards"> = {}) {
  const town = cityFromAscii(drawing);
  const store = createMemoryStore();
  const clock = { now: 1_800_000_000_000, wallMs: () => clock.now, monotonicMs: () => clock.now };
  const edgesOf: (closures: Parameters<NonNullable<DispatchServiceOptions["roads"]>["close"]>[0]) => Set<number> = (closures) => new Set(closures.flatMap(({ pieces }) => pieces.flatMap((piece) => findEdgesOfPiece(town.graph, piece))));
  const service = await createDispatchService({
    ...options, store, clock, hash, timeZone: "UTC", roadTimes: roadTimesOf(town.roads), every: () => () => undefined, onFatal: (error) => { throw error; },
    roads: {
      version: "drawn", findRoad: (piece) => ({ name: null, path: findEdgesOfPiece(town.graph, piece).length > 0 ? [piece.middle] : [] }), close: (closures) => closeRoads(town.roads, edgesOf(closures)),
      setTime: (now) => setRoadHour(town.roads, hourAt(now)),
      timesAt: (closures, at) => {
        const roads = forkRoads(town.roads, hourAt(at));
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
  it("[REC5] [RD5] of the second after the full hour, before any timer has seen it, is worked out by the speeds of that hour, and so again", async () => {
    const a = await start();
    const slow = a.service.recommend(1, a.clock.now, ANA)!.candidates[0]!.roadSeconds;
    a.clock.now = Date.UTC(2027, 0, 15, 9) + 200;
    assert.deepEqual([hourAt(1_800_000_000_000), hourAt(a.clock.now - 300), hourAt(a.clock.now)], ["peak", "peak", "day"]);
    const { unitId, roadSeconds } = a.service.recommend(1, a.clock.now, ANA)!.candidates[0]!;
    assert.ok(roadSeconds < slow, `${roadSeconds} s by day, ${slow} s in the peak`);
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [unitId], stack: false });
    a.clock.now = Date.UTC(2027, 0, 15, 23);
    const replay = (await a.service.replayDecision(1))!;
    assert.deepEqual([replay.agrees, replay.shown!.roadSeconds], [true, roadSeconds]);
  });
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
  it("[REC5] [REC6] is worked out by the skills that the crews had then", async () => {
    const deck = createRunCardDeck({ version: 9, rows: [{ code: "theft", type: "theft", determinant: null, area: null, hours: null, wants: [{ kinds: ["patrol"], count: 1, skills: ["boat"] }, { kinds: ["patrol"], count: 1, skills: ["rope"] }] }] }, "UTC");
    const a = await start({ runCards: () => deck });
    const crew = (unitId: number, ...skills: string[]) => a.service.sendSystem({ type: "units.register", units: [{ ...profileOf(`P${unitId}`, "patrol", a.town.at(String(unitId))), skills }] });
    await crew(3, "boat");
    const { tookMs: _, ...shown } = a.service.recommend(1, a.clock.now, ANA)!;
    assert.deepEqual([shown.skillGaps.map(({ skills }) => skills), shown.candidates.filter(({ suggested }) => suggested).length], [[["rope"]], 2]);
    const standIn = shown.candidates.find(({ suggested, unitId }) => suggested && unitId !== 3)!.unitId;
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [3, standIn], stack: false });
    for (const unitId of [1, 2, 3]) await crew(unitId, "rope", "boat");
    const replay = (await a.service.replayDecision(2))!;
    assert.deepEqual([replay.agrees, replay.recommendation], [true, shown]);
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
  it("[REC5] of before its time is forgotten, by what was stored and not by the log, and that is no fault", async () => {
    const a = await start();
    a.fix(1, "G");
    a.service.recommend(1, a.clock.now, ANA);
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    const keptUntil = a.clock.now + 30 * 86_400_000;
    await a.store.forgetInputs(a.clock.now);
    assert.deepEqual([(await a.service.replayDecision(1))!.agrees, (await a.service.replayDecision(1))!.inputsKeptUntil], [true, keptUntil]);
    a.clock.now = keptUntil + 1;
    await a.store.forgetInputs(a.clock.now - 30 * 86_400_000);
    const { recommendation, inputsIntact, inputsKeptUntil } = (await a.service.replayDecision(1))!;
    assert.deepEqual([recommendation, inputsIntact, inputsKeptUntil], [null, true, keptUntil]);
    a.clock.now = keptUntil - 1;
    assert.equal((await a.service.replayDecision(1))!.inputsIntact, false, "gone before its time");
  });
  it("[REC5] keeps where those were whose place was looked at, and nobody else", async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units: [profileOf("E1", "fire-engine", a.town.at("D")), { ...profileOf("P4", "patrol", a.town.at("D")), shiftEndsAt: a.clock.now + 1_000 }] });
    for (const id of [1, 3, 4, 5]) a.fix(id, "G");
    a.clock.now += 2_000; // the shift of unit 5 is over
    const { tookMs: _, ...shown } = a.service.recommend(1, a.clock.now, ANA)!;
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    const inputs = decodeInputs([...a.store.inputs.values()][0]!);
    assert.deepEqual([...inputs.unitIds], [1, 3]);
    assert.deepEqual((await a.service.replayDecision(1))!.recommendation, shown);
  });
  it("[REC5] every fix comes back as it was, in few bytes", () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }), fc.integer({ min: -900_000_000, max: 900_000_000 }), fc.nat());
    fc.assert(fc.property(fc.uniqueArray(row, { selector: ([id]) => id }), (drawn) => {
      const rows = drawn.toSorted(([a], [b]) => a - b);
      const inputs = {
        incidentId: 7, sequence: 9, computedAt: 1_800_000_000_000, roads: "drawn", unitIds: Int32Array.from(rows, (one) => one[0]),
        lon: Float64Array.from(rows, (one) => one[1] / 1e7), lat: Float64Array.from(rows, (one) => one[2] / 1e7), ageMs: Float64Array.from(rows, (one) => one[3]),
      };
      const stored = encodeInputs(inputs, hash);
      assert.deepEqual(decodeInputs(stored), inputs);
      assert.equal(digestOfInputs(stored, hash), stored.digest);
    }));
    const city = Array.from({ length: 14_000 }, (_, i) => i);
    const { columns } = encodeInputs({
      incidentId: 1, sequence: 1, computedAt: 1, roads: "", unitIds: Int32Array.from(city, (i) => i + 1), ageMs: Float64Array.from(city, (i) => (i * 37) % 5_000),
      lon: Float64Array.from(city, (i) => 113.3 + ((i * 7_919) % 3_000) / 1e4), lat: Float64Array.from(city, (i) => 23.1 + ((i * 104_729) % 2_000) / 1e4),
    }, hash);
    assert.ok(columns.length <= 14_000 * 11, `${columns.length} bytes`);
  });
  it("[REC5] bytes that are none of its own are refused, whatever they are", () => {
    const stored = { incidentId: 7, sequence: 9, computedAt: 1, roads: "drawn", digest: "" };
    assert.throws(() => decodeInputs({ ...stored, columns: Uint8Array.of(1, 2) }), RangeError);
    assert.throws(() => decodeInputs({ ...stored, columns: new Uint8Array(40).fill(255) }), RangeError);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (columns) => {
      try {
        decodeInputs({ ...stored, columns });
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }));
  });
});
