// Too few units, too many calls: who could be taken from another job, what a choice leaves uncovered, and which incident a call is about.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { SYSTEM, type CoverPost, type LonLat } from "../dispatch/entities.ts";
import { createRunCardDeck } from "../dispatch/run-cards.ts";
import { ANA, PLACE, type World, createWorld, profileOf } from "../dispatch/testing/world.ts";
import { distanceM } from "../geo/point.ts";
import { createCoverProposals, proposeCover } from "./cover-moves.ts";
import { type DuplicateQuestion, createEndedIncidents, findDuplicates, isSameNumber } from "./duplicates.ts";
import { createPreemptionOffers, offerPreemption } from "./preemption-offers.ts";
import type { FixColumns, RoadTimesPort } from "./ranking.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
/** Straight roads, 10 m a second. */
const roadTimes: RoadTimesPort = (target, { count, lon, lat }) => {
  const metres = Float64Array.from({ length: count }, (_, i) => distanceM(target, { lon: lon[i]!, lat: lat[i]! }));
  return { seconds: metres.map((m) => m / 10), closedPieces: new Uint16Array(count), findWay: () => null, findMetres: (i) => metres[i]! };
};
const east = (metres: number): LonLat => ({ lon: PLACE.point.lon + metres / 91_300, lat: PLACE.point.lat });
const placed = (places: Readonly<Record<number, LonLat>>, now: number): FixColumns => {
  const columns = { lon: new Float64Array(10), lat: new Float64Array(10), at: new Float64Array(10).fill(NaN) };
  for (const [id, { lon, lat }] of Object.entries(places)) [columns.lon[Number(id)], columns.lat[Number(id)], columns.at[Number(id)]] = [lon, lat, now];
  return columns;
};
const codes = (reasons: readonly { readonly code: string }[]): string[] => reasons.map(({ code }) => code);

describe("units that could be taken", () => {
  const story = () => {
    const w = createWorld(hash);
    const [noise, robbery] = [w.open("noise-nuisance"), w.open("robbery")];
    const job = w.assign(noise, 1);
    return { w, noise, robbery, job };
  };
  it("[ASG13] are offered with what speaks for it and against it, soonest first", () => {
    const { w, noise, robbery, job } = story();
    const fixes = placed({ 1: east(200), 2: east(2_000), 3: east(3_000) }, w.now);
    const [offer, ...more] = offerPreemption(w.state, w.incident(robbery), fixes, roadTimes, w.now);
    assert.equal(more.length, 0);
    assert.deepEqual([offer!.unitId, offer!.assignmentId, offer!.incidentId, Math.round(offer!.roadSeconds)], [1, job, noise, 20]);
    assert.deepEqual(codes(offer!.reasons), ["by-road", "of-lower-priority", "sooner-than-free", "leaves-short"]);
    assert.deepEqual(offer!.reasons[3]!.params, { incident: noise, missing: 1 });
  });
  it("[ASG13] not where a free unit of another kind may take the place as soon", () => {
    const w = createWorld(hash);
    w.ok(SYSTEM, { type: "units.register", units: [profileOf("C1", "platform-crew")] });
    const [noise, theft] = [w.open("noise-nuisance"), w.open("theft")];
    w.assign(noise, 1);
    for (const unitId of [2, 3]) w.ok(ANA, { type: "unit.availability", unitId, availability: "not-available", activity: null });
    const offered = (metres: number) => offerPreemption(w.state, w.incident(theft), placed({ 1: east(1_500), 6: east(metres) }, w.now), roadTimes, w.now).map(({ unitId, reasons }) => [unitId, codes(reasons)[2]]);
    assert.deepEqual([offered(50), offered(4_000)], [[], [[1, "sooner-than-free"]]]);
  });
  it("[ASG13] not of a kind that is not missing", () => {
    const w = createWorld(hash);
    const [noise, injury] = [w.open("noise-nuisance"), w.open("traffic-injury")];
    w.assign(noise, 1);
    const places = { 1: east(100), 2: east(5_000), 3: east(5_000), 5: east(5_000) };
    const offered = () => offerPreemption(w.state, w.incident(injury), placed(places, w.now), roadTimes, w.now).map(({ unitId }) => unitId);
    assert.deepEqual(offered(), [1]);
    w.assign(injury, 2);
    assert.deepEqual(offered(), [], "only the ambulance is missing");
  });
  it("[ASG13] [REC6] for a skill that no free unit has, one that has it, and none that has not", () => {
    const w = createWorld(hash);
    w.deck = createRunCardDeck({ version: 9, rows: [{ code: "theft", type: "theft", determinant: null, area: null, hours: null, wants: [{ kinds: ["patrol"], count: 1, skills: ["boat"] }, { kinds: ["patrol"], count: 1 }] }] }, "UTC");
    const crew = (unitId: number, ...skills: string[]): void => void w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf(`U${unitId}`, "patrol"), skills }] });
    crew(2, "boat");
    const [noise, other, theft] = [w.open("noise-nuisance"), w.open("noise-nuisance"), w.open("theft")];
    w.assign(noise, 1);
    w.assign(other, 2);
    const offered = () => offerPreemption(w.state, w.incident(theft), placed({ 1: east(100), 2: east(5_000), 3: east(150) }, w.now), roadTimes, w.now).map(({ unitId, reasons }) => [unitId, codes(reasons)[2]]);
    assert.deepEqual(offered(), [[2, "no-free-unit"]], "the other place has a free one as near as the held one");
    crew(3, "boat");
    assert.deepEqual(offered(), [[1, "no-free-unit"], [2, "no-free-unit"]], "who has it takes that place; the other is open to both");
    w.assign(theft, 3);
    crew(3);
    assert.deepEqual(offered(), [[2, "no-free-unit"]]);
  });
  it("[ASG13] a free unit takes one place; what would fill the other later, or not at all, is what a held one is compared with", () => {
    const { w, robbery } = story();
    const reasons = (places: Readonly<Record<number, LonLat>>) => offerPreemption(w.state, w.incident(robbery), placed(places, w.now), roadTimes, w.now).map((offer) => offer.reasons[2]);
    assert.deepEqual(reasons({ 1: east(200), 2: east(100), 3: east(3_000) }).map((reason) => [reason!.code, reason!.params["seconds"]]), [["sooner-than-free", 280]]);
    w.ok(ANA, { type: "unit.availability", unitId: 3, availability: "not-available", activity: null });
    assert.deepEqual(reasons({ 1: east(200), 2: east(100) }).map((reason) => reason!.code), ["no-free-unit"]);
  });
  it("[ASG13] [RD4] through a closed road is said and stands behind what need not, a free one too", () => {
    const { w, robbery } = story();
    for (const unitId of [2, 3]) w.ok(ANA, { type: "unit.availability", unitId, availability: "not-available", activity: null });
    const closed = (pieces: Readonly<Record<number, number>>): RoadTimesPort => (target, sources) => ({ ...roadTimes(target, sources), closedPieces: Uint16Array.from(sources.keys, (id) => pieces[id] ?? 0) });
    const offered = (pieces: Readonly<Record<number, number>>, places: Readonly<Record<number, LonLat>>) => offerPreemption(w.state, w.incident(robbery), placed(places, w.now), closed(pieces), w.now).map(({ unitId, reasons }) => [unitId, ...codes(reasons).slice(1, 4)]);
    assert.deepEqual(offered({ 1: 3 }, { 1: east(100) }), [[1, "through-closed-road", "of-lower-priority", "no-free-unit"]]);
    w.assign(w.open("noise-nuisance"), (w.ok(ANA, { type: "unit.availability", unitId: 2, availability: "available", activity: null }), 2));
    assert.deepEqual(offered({ 1: 3 }, { 1: east(100), 2: east(900) }).map(([unitId]) => unitId), [2, 1]);
    w.ok(ANA, { type: "unit.availability", unitId: 3, availability: "available", activity: null });
    w.assign(robbery, 3);
    w.ok(SYSTEM, { type: "units.register", units: [profileOf("C1", "platform-crew")] });
    assert.deepEqual(offered({ 6: 1 }, { 1: east(900), 2: east(2_000), 6: east(100) })[0], [1, "of-lower-priority", "free-through-closed-road", "leaves-short"]);
  });
  it("[ASG13] not where a free one is as soon, nothing is short, the other is as urgent, or a patient is on board", () => {
    const { w, noise, robbery, job } = story();
    const offers = (places: Readonly<Record<number, LonLat>>): number => offerPreemption(w.state, w.incident(robbery), placed(places, w.now), roadTimes, w.now).length;
    assert.equal(offers({ 1: east(200), 2: east(300), 3: east(400) }), 0);
    assert.equal(offers({ 1: east(200), 2: east(2_000), 3: east(3_000) }), 1);
    w.report(job, "transporting");
    assert.equal(offers({ 1: east(200), 2: east(2_000), 3: east(3_000) }), 0);
    w.report(job, "cleared");
    const again = w.assign(noise, 1);
    w.ok(ANA, { type: "incident.update", incidentId: noise, priority: 1 });
    assert.equal(offers({ 1: east(200), 2: east(2_000), 3: east(3_000) }), 0);
    w.ok(ANA, { type: "incident.update", incidentId: noise, priority: 4 });
    w.ok(ANA, { type: "incident.no-unit-needed", incidentId: robbery, words: "x" });
    assert.equal(offers({ 1: east(200), 2: east(2_000), 3: east(3_000) }), 0);
    assert.equal(w.assignment(again).state, "assigned");
  });
  it("[ASG13] is worked out once for all seats that look at the same incident, and anew when it changed, an offered job gives way no more, or time has passed", () => {
    const { w, robbery, noise, job } = story();
    let asked = 0;
    const counted: RoadTimesPort = (...of) => (asked++, roadTimes(...of));
    const preemption = createPreemptionOffers();
    const ask = (later = 0) => {
      const before = asked;
      const offers = preemption.offer(w.state, w.incident(robbery), placed({ 1: east(200), 2: east(2_000), 3: east(3_000) }, w.now + later), counted, w.now + later);
      return [offers.map(({ assignmentId }) => assignmentId), asked > before];
    };
    assert.deepEqual([ask(), ask(), ask(14_000), ask(16_000)], [[[job], true], [[job], false], [[job], false], [[job], true]]);
    w.ok(ANA, { type: "incident.update", incidentId: noise, priority: 1 });
    assert.deepEqual(ask(16_001), [[], false], "the noise is as urgent now: nothing gives way, so no road is looked at");
    w.ok(ANA, { type: "incident.update", incidentId: noise, priority: 4 });
    assert.deepEqual(ask(32_000), [[job], true]);
    w.report(job, "transporting");
    assert.deepEqual(ask(32_001)[0], []);
    w.report(job, "cleared");
    w.assign(noise, 1);
    w.ok(ANA, { type: "incident.no-unit-needed", incidentId: robbery, words: "x" });
    assert.deepEqual(ask(32_002), [[], false]);
  });
  it("[ASG13] where no other is free, that is said; a unit that covers gives way", () => {
    const { w, noise, robbery } = story();
    w.ok(ANA, { type: "assignment.cover", incidentId: noise, unitId: 2, platformId: 3 });
    w.assign(w.open("fight"), 3);
    const offers = offerPreemption(w.state, w.incident(robbery), placed({ 1: east(900), 2: east(100), 3: east(10) }, w.now), roadTimes, w.now);
    assert.deepEqual(offers.map(({ unitId, reasons }) => [unitId, codes(reasons)]), [
      [3, ["by-road", "of-lower-priority", "no-free-unit", "leaves-short"]], [2, ["by-road", "covers-platform", "no-free-unit"]], [1, ["by-road", "of-lower-priority", "no-free-unit", "leaves-short"]],
    ]);
  });
});

describe("what a choice leaves uncovered", () => {
  const post = (platformId: number, metres: number): CoverPost => ({ platformId, label: `Platform ${platformId}`, point: east(metres) });
  it("[COV2] names the platforms that lose their last free unit within their minutes, and who could stand in", () => {
    const w = createWorld(hash);
    const id = w.open();
    const posts = [post(1, 0), post(2, 9_000)];
    const ask = (unitIds: number[], places: Readonly<Record<number, LonLat>>) => proposeCover(w.state, w.incident(id), { posts, unitIds, fixes: placed(places, w.now), roadTimes, now: w.now });
    assert.deepEqual(ask([1], { 1: east(0), 2: east(500), 3: east(4_000) }).uncovered, []); // U2 is near
    const { uncovered } = ask([1], { 1: east(0), 2: east(2_500), 3: east(4_000) });
    assert.deepEqual(uncovered.map(({ platformId, nearestSeconds, move }) => [platformId, Math.round(nearestSeconds!), move!.unitId]), [[1, 250, 2]]);
    assert.deepEqual(ask([4], { 2: east(5_000), 3: east(5_000) }).uncovered, []); // an engine covers no platform
  });
  it("[COV3] says which engine, ambulance or campus unit leaves its post without another free one of its kind, and how far the next is", () => {
    const w = createWorld(hash);
    const id = w.open();
    w.ok(SYSTEM, { type: "units.register", units: [profileOf("U6", "ambulance", east(5_000)), profileOf("U7", "ambulance", east(20_000))] });
    const ask = (unitIds: number[], places: Readonly<Record<number, LonLat>> = {}) => proposeCover(w.state, w.incident(id), { posts: [], unitIds, fixes: placed(places, w.now), roadTimes, now: w.now }).thinned.map(({ unitId, kind, nearestSeconds }) => [unitId, kind, nearestSeconds === null ? null : Math.round(nearestSeconds)]);
    assert.deepEqual(ask([5]), [], "U6 is within ten minutes of its post");
    assert.deepEqual(ask([5, 6]).map(([unitId, kind]) => [unitId, kind]), [[5, "ambulance"], [6, "ambulance"]], "both at once");
    assert.ok(Math.abs(Number(ask([5, 6])[0]![2]) - 2_000) < 20);
    assert.deepEqual(ask([5, 6], { 7: east(1_000) }), [], "where it is now counts, not where it belongs");
    assert.deepEqual(ask([4]), [[4, "fire-engine", null]], "the only engine that there is");
    w.ok(ANA, { type: "unit.availability", unitId: 6, availability: "not-available", activity: null });
    assert.equal(ask([5]).length, 1, "who is not free is no cover");
    assert.deepEqual(ask([1]), [], "of the police platforms are told");
    w.assign(id, 5);
    assert.equal(ask([]).length, 1, "of those that go already, too");
  });
  it("[COV2] takes nobody whose leaving uncovers another, and does not name a platform to which somebody moves", () => {
    const w = createWorld(hash);
    const id = w.open();
    const posts = [post(1, 0), post(2, 2_400)];
    const ask = (places: Readonly<Record<number, LonLat>>) => proposeCover(w.state, w.incident(id), { posts, unitIds: [1], fixes: placed(places, w.now), roadTimes, now: w.now }).uncovered;
    assert.deepEqual(ask({ 1: east(0), 2: east(2_400), 3: east(5_000) }).map(({ platformId, move }) => [platformId, move?.unitId]), [[1, 3]]);
    w.ok(ANA, { type: "unit.availability", unitId: 3, availability: "not-available", activity: null });
    assert.deepEqual(ask({ 1: east(0), 2: east(2_400), 3: east(5_000) }).map(({ platformId, move }) => [platformId, move]), [[1, null]]);
    w.ok(ANA, { type: "unit.availability", unitId: 3, availability: "available", activity: null });
    w.ok(ANA, { type: "assignment.cover", incidentId: id, unitId: 3, platformId: 1 });
    assert.deepEqual(ask({ 1: east(0), 2: east(2_400) }), []);
  });
  it("[COV2] takes nobody from a far platform that has nobody else, however far, and somebody who is not alone in its place", () => {
    const w = createWorld(hash);
    const id = w.open();
    const ask = (places: Readonly<Record<number, LonLat>>) => proposeCover(w.state, w.incident(id), { posts: [post(1, 0), post(2, 6_000)], unitIds: [1], fixes: placed(places, w.now), roadTimes, now: w.now }).uncovered;
    w.ok(ANA, { type: "unit.availability", unitId: 3, availability: "not-available", activity: null });
    assert.deepEqual(ask({ 1: east(0), 2: east(6_000) }).map(({ platformId, move }) => [platformId, move]), [[1, null]]);
    w.ok(ANA, { type: "unit.availability", unitId: 3, availability: "available", activity: null });
    assert.deepEqual(ask({ 1: east(0), 2: east(6_000), 3: east(7_000) }).map(({ platformId, move }) => [platformId, move!.unitId]), [[1, 2]]);
    assert.deepEqual(ask({ 1: east(0), 2: east(6_000), 3: east(12_000) }).map(({ platformId, move }) => [platformId, move!.unitId]), [[1, 3]], "the farther one, whose leaving uncovers nothing");
  });
  it("[COV2] names the platform that a chosen unit stands in for", () => {
    const w = createWorld(hash);
    const [first, second] = [w.open(), w.open()];
    w.ok(ANA, { type: "assignment.cover", incidentId: first, unitId: 3, platformId: 1 });
    const ask = (metres: number, incidentId: number) => proposeCover(w.state, w.incident(incidentId), { posts: [post(1, metres)], unitIds: [3], fixes: placed({ 3: east(metres), 2: east(metres + 2_500), 1: east(metres + 9_000) }, w.now), roadTimes, now: w.now }).uncovered;
    for (const metres of [0, 20_000]) assert.deepEqual(ask(metres, second).map(({ platformId, move }) => [platformId, move?.unitId]), [[1, 2]]); // however far from its own post
    w.ok(ANA, { type: "assignment.cover", incidentId: first, unitId: 1, platformId: 1 });
    assert.deepEqual(ask(0, second), [], "another one moves there, too");
  });
  it("[COV2] is not said of a platform that the chosen did not cover, nor of one that a free unit covers beyond nearer ones with no way there; without a loss nothing of the city is swept", () => {
    const w = createWorld(hash);
    const id = w.open();
    w.ok(SYSTEM, { type: "units.register", units: ["P6", "P7", "P8", "P9"].map((callSign) => profileOf(callSign, "patrol")) });
    const nearer = [2, 3, 6, 7, 8]; // beyond the river
    const places = Object.fromEntries([[1, east(0)], [9, east(1_700)], ...nearer.map((unitId, i) => [unitId, east(10 + i)])]) as Readonly<Record<number, LonLat>>;
    let most = 0;
    const ask = (drowned: readonly number[], posts: CoverPost[] = [post(1, 0)]) => {
      most = 0;
      const river: RoadTimesPort = (target, sources) => {
        most = Math.max(most, sources.count);
        const times = roadTimes(target, sources);
        return { ...times, seconds: Float64Array.from(times.seconds, (seconds, i) => (drowned.includes(sources.keys[i]!) ? Infinity : seconds)) };
      };
      return proposeCover(w.state, w.incident(id), { posts, unitIds: [1], fixes: placed(places, w.now), roadTimes: river, now: w.now }).uncovered.map(({ platformId, nearestSeconds }) => [platformId, nearestSeconds === null ? null : Math.round(nearestSeconds)]);
    };
    assert.deepEqual([ask(nearer), most > 4], [[], true]);
    assert.deepEqual([ask([...nearer, 9]), most > 4], [[[1, null]], true]);
    assert.deepEqual([ask([]), most], [[], 4]);
    assert.deepEqual([ask([...nearer, 9], [post(2, 2_400)]), most], [[], 1], "it is four minutes from where the chosen is at home");
  });
  it("[COV1] is worked out once for all seats that look at the same choice, and anew when it changed, a proposed unit went, or time has passed", () => {
    const w = createWorld(hash);
    const id = w.open();
    let sweeps = 0;
    const counted: RoadTimesPort = (...asked) => (sweeps++, roadTimes(...asked));
    const cover = createCoverProposals();
    const ask = (unitIds: number[], later = 0) => {
      const before = sweeps;
      const { uncovered } = cover.propose(w.state, w.incident(id), { posts: [post(1, 0)], unitIds, fixes: placed({ 1: east(0), 2: east(2_500), 3: east(4_000) }, w.now + later), roadTimes: counted, now: w.now + later });
      return [uncovered[0]?.move?.unitId, sweeps > before];
    };
    assert.deepEqual([ask([1]), ask([1]), ask([1], 14_000), ask([1], 16_000)], [[2, true], [2, false], [2, false], [2, true]]);
    w.assign(w.open("theft"), 2);
    assert.deepEqual([ask([1], 16_001), ask([1], 16_002)], [[3, true], [3, false]]);
    assert.equal(ask([1, 3], 16_003)[1], true);
  });
});

describe("which incident a call is about", () => {
  const find = (w: World, question: DuplicateQuestion) => {
    const ended = createEndedIncidents();
    ended.take(Array.from(w.state.incidents.keys(), (id) => w.state.incidents.get(id)), w.now);
    return findDuplicates(w.state, question, ended.list(question.now));
  };
  it("[CON13] one that ended a moment ago, however long it went on; one that was reopened is open", () => {
    const w = createWorld(hash);
    const siege = w.open("robbery");
    const ask = (ms: number) => find(w, { contact: null, place: near(20), type: null, now: w.now + ms }).map(({ incidentId }) => incidentId);
    w.now += 25 * 3_600_000;
    w.ok(ANA, { type: "incident.close", incidentId: siege, disposition: "arrest", words: "" });
    assert.deepEqual([ask(300_000), ask(1_800_001)], [[siege], []]);
    w.ok(ANA, { type: "incident.reopen", incidentId: siege, words: "" });
    assert.deepEqual(ask(1_800_001), [siege]);
  });
  const near = (metres: number) => ({ point: east(metres), uncertaintyM: 10 });
  it("[CON13] the near one, and among those the same kind first; the kind alone is no reason", () => {
    const w = createWorld(hash);
    const [theft, fire] = [w.open("theft"), w.open("fire-smoke")];
    const ask = (metres: number, type: "fire-building" | "fire-smoke" | null) => find(w, { contact: null, place: near(metres), type, now: w.now + 60_000 });
    assert.deepEqual(ask(50, "fire-smoke").map(({ incidentId, reasons }) => [incidentId, codes(reasons)]), [[fire, ["near", "same-type"]], [theft, ["near"]]]);
    assert.deepEqual(codes(ask(50, "fire-building")[0]!.reasons), ["near", "same-line"]);
    assert.deepEqual(ask(2_000, "fire-smoke"), []);
  });
  it("[CON13] that of the same caller, wherever; one that ended a moment ago; never one that is merged", () => {
    const w = createWorld(hash);
    const first = w.open("theft"); // every test caller has one number
    const contactId = w.ring();
    const ask = (place: ReturnType<typeof near> | null, ms: number) => find(w, { contact: w.contact(contactId), place, type: null, now: w.now + ms });
    assert.deepEqual(ask(null, 0).map(({ incidentId, reasons }) => [incidentId, codes(reasons)]), [[first, ["same-caller"]]]);
    w.ok(ANA, { type: "incident.close", incidentId: first, disposition: "resolved", words: "" });
    assert.deepEqual(codes(ask(near(20), 60_000)[0]!.reasons), ["same-caller", "near", "ended"]);
    assert.deepEqual(ask(near(20), 1_900_000), []);
    const [a, b] = [w.open("fight"), w.open("fight")];
    w.ok(ANA, { type: "incident.merge", incidentId: a, intoId: b, words: "" });
    assert.deepEqual(ask(near(20), 0).map(({ incidentId }) => incidentId).includes(a), false);
  });
  it("[CON13] a caller is the same with the country's code and without it, however the number is spaced; a short number is itself only", () => {
    for (const [a, b] of [["+598 99 123 456", "099 123 456"], ["0059899123456", "99123456"], ["(099) 123-456", "099123456"], ["110", "110"]] as const) assert.ok(isSameNumber(a, b) && isSameNumber(b, a), `${a} ${b}`);
    for (const [a, b] of [["099 123 456", "099 123 457"], ["4110", "110"], ["", "099 123 456"], ["+598 99 123 456", "+34 99 123 456"]] as const) assert.ok(!isSameNumber(a, b) && !isSameNumber(b, a), `${a} ${b}`);
    assert.ok(!isSameNumber(null, null));
  });
});
