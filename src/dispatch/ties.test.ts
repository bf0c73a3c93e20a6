// Merge, split, link, major incidents: what is one thing, what is two, and back again.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { joinWants } from "./apply-needs.ts";
import type { Incident, Want } from "./entities.ts";
import { ANA, BEN, FLEET, PLACE, SWITCH, createWorld, type World } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = (): World => createWorld(hash);
/** Without what any change moves on: its sequence, and the clock of its shortfall, which starts anew. */
const lasting = (incident: Incident): object => ({ ...incident, sequence: 0, shortfall: incident.shortfall?.missing ?? 0 });
const refusedAs = (w: World, rule: string, command: Parameters<World["send"]>[1]): void => {
  const decision = w.send(ANA, command);
  assert.ok(decision.kind !== "events" && decision.rule === rule, `${command.type}: ${decision.kind === "events" ? "accepted" : decision.rule}`);
};

describe("two incidents that are one", () => {
  const twoFires = () => {
    const w = world();
    const first = w.open("fire-smoke");
    const second = w.open("fire-smoke");
    return { w, first, second, job: w.assign(second, 4) };
  };
  it("[TIE1] merged, the one has the other's calls and units; the other is closed as a duplicate and keeps its words", () => {
    const { w, first, second, job } = twoFires();
    const before = w.incident(second);
    w.ok(BEN, { type: "incident.merge", incidentId: second, intoId: first, words: "same smoke" });
    assert.deepEqual([w.incident(second).status, w.incident(second).disposition, w.incident(second).mergedIntoId, w.incident(second).shortfall], ["closed", "duplicate", first, null]);
    assert.deepEqual([w.incident(first).contactIds, w.incident(first).assignmentIds, w.incident(first).mergedIds], [[1, 2], [job], [second]]);
    assert.deepEqual([w.assignment(job).incidentId, w.contact(2).incidentId, w.contact(2).callerWords], [first, first, "help"]);
    assert.equal(w.incident(first).shortfall?.missing, 1); // the engine is there now, a patrol is not
    assert.deepEqual([w.incident(second).what, w.incident(second).place], [before.what, before.place]);
    const lines = w.log.filter(({ body }) => body.type === "incident.merged" || body.type === "incident.absorbed");
    assert.deepEqual(lines.map(({ entry }) => entry?.incidentId), [second, first]);
  });
  it("[TIE1] a note for what was merged is written where it went, over several merges, and the answer says so; a correction stays with its line", () => {
    const { w, first, second } = twoFires();
    const third = w.open("fire-smoke");
    w.ok(BEN, { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    w.ok(BEN, { type: "incident.merge", incidentId: first, intoId: third, words: "" });
    const noted = (corrects: number | null): unknown => {
      const decision = w.send(ANA, { type: "incident.note", incidentId: second, words: "they left by the roof", corrects });
      return decision.kind === "events" ? [decision.incidentId, w.log.at(-1)?.entry?.incidentId] : decision.rule;
    };
    assert.deepEqual([noted(null), noted(1)], [[third, third], [second, second]]);
  });
  it("[TIE2] taken apart, both are what they were; what came since stays", () => {
    const { w, first, second, job } = twoFires();
    const before = [w.incident(first), w.incident(second)].map(lasting);
    w.ok(ANA, { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    w.ok(ANA, { type: "incident.unmerge", incidentId: second, words: "two streets apart" });
    assert.deepEqual([w.incident(first), w.incident(second)].map(lasting), before);
    assert.ok(w.incident(first).shortfall!.dueAt > w.now && w.incident(second).shortfall!.dueAt > w.now);
    w.ok(ANA, { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    const later = w.assign(first, 1);
    w.report(job, "on-scene");
    w.ok(ANA, { type: "incident.unmerge", incidentId: second, words: "" });
    assert.deepEqual([w.incident(first).assignmentIds, w.incident(second).assignmentIds, w.assignment(job).state], [[later], [job], "on-scene"]);
  });
  it("[TIE1] [TIE2] [TIE3] both timelines say which calls and units went, with the words", () => {
    const { w, first, second, job } = twoFires();
    const moved = { contactIds: [2], assignmentIds: [job], callSigns: ["U4"] };
    const lines = () => w.log.slice(from).map(({ body, entry }) => [entry!.incidentId, body.type, "words" in body && body.words, "moved" in body ? body.moved : "callSigns" in body ? { contactIds: body.contactIds, assignmentIds: body.assignmentIds, callSigns: body.callSigns } : null]);
    let from = w.log.length;
    w.ok(ANA, { type: "incident.merge", incidentId: second, intoId: first, words: "same smoke" });
    assert.deepEqual(lines(), [[second, "incident.merged", "same smoke", moved], [first, "incident.absorbed", "same smoke", moved]]);
    from = w.log.length;
    w.ok(ANA, { type: "incident.unmerge", incidentId: second, words: "no" });
    assert.deepEqual(lines(), [[second, "incident.unmerged", "no", moved], [first, "incident.gave-back", "no", moved]]);
    from = w.log.length;
    const third = w.ok(ANA, { type: "incident.split", incidentId: second, contactIds: [2], assignmentIds: [job], incidentType: "other", what: "", who: "", place: PLACE, words: "two things" }).incidentId!;
    assert.deepEqual(lines().slice(1), [[second, "incident.split", "two things", moved], [third, "incident.split-off", "two things", moved]]);
  });
  it("[TIE2] a call that was detached and then attached to the other on purpose stays there, also through another merge", () => {
    const { w, first, second } = twoFires();
    const third = w.open();
    w.ok(ANA, { type: "contact.claim", contactId: w.ring("more") });
    w.ok(ANA, { type: "contact.attach", contactId: 4, incidentId: second });
    w.ok(ANA, { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    w.ok(ANA, { type: "incident.merge", incidentId: first, intoId: third, words: "" });
    w.ok(ANA, { type: "contact.detach", contactId: 4, words: "another street" });
    w.ok(ANA, { type: "contact.attach", contactId: 4, incidentId: third });
    w.ok(ANA, { type: "incident.unmerge", incidentId: first, words: "" });
    w.ok(ANA, { type: "incident.unmerge", incidentId: second, words: "" });
    assert.deepEqual([w.incident(first).contactIds, w.incident(second).contactIds, w.incident(third).contactIds], [[1], [2], [3, 4]]);
  });
  it("[TIE6] [INC6] what was asked for comes along: the higher priority, a plan that meets both, and nobody-is-going until it is met", () => {
    const w = world();
    const [medical, theft] = [w.open("medical"), w.open("theft")];
    w.report(w.assign(theft, 1), "on-scene");
    const before = [w.incident(medical), w.incident(theft)].map(lasting);
    assert.equal(w.incident(theft).shortfall, null);
    w.ok(ANA, { type: "incident.merge", incidentId: medical, intoId: theft, words: "he fell when they ran" });
    assert.deepEqual([w.incident(theft).priority, w.incident(theft).shortfall?.missing, w.incident(theft).neededUnits, w.incident(theft).type], [w.incident(medical).priority, 1, 2, "theft"]);
    assert.ok(w.incident(medical).priority < 2);
    const line = w.log.at(-1)!.body;
    assert.ok(line.type === "incident.absorbed" && line.asks?.incidentType === "medical" && line.asks.missing === 1);
    w.wait(600_000);
    assert.ok(w.incident(theft).shortfall!.reminders > 0);
    w.ok(ANA, { type: "incident.unmerge", incidentId: medical, words: "" });
    assert.deepEqual([w.incident(medical), w.incident(theft)].map(lasting), before);
    w.ok(ANA, { type: "incident.merge", incidentId: medical, intoId: theft, words: "" });
    w.assign(theft, 5);
    assert.equal(w.incident(theft).shortfall, null);
  });
  it("[TIE1] [MAJ3] a part of a major incident is merged within its room only", () => {
    const w = world();
    const [major, part, outsider, sibling] = [w.open("fire-building"), w.open("medical"), w.open("medical"), w.open("medical")];
    w.ok(ANA, { type: "incident.make-major", incidentId: major, partIds: [part, sibling], words: "" });
    refusedAs(w, "is-a-part", { type: "incident.merge", incidentId: part, intoId: outsider, words: "" });
    w.ok(ANA, { type: "incident.merge", incidentId: outsider, intoId: part, words: "" }); // what comes from outside is in the room then
    w.ok(ANA, { type: "incident.merge", incidentId: part, intoId: sibling, words: "" });
    refusedAs(w, "parts-open", { type: "incident.close", incidentId: major, disposition: "resolved", words: "" });
    w.ok(ANA, { type: "incident.merge", incidentId: sibling, intoId: major, words: "" });
    w.ok(ANA, { type: "incident.close", incidentId: major, disposition: "resolved", words: "" });
  });
  it("[TIE3] [TRI5] what is split off has the answers that its card asks too, as lines of its own, and is as bad", () => {
    const w = world();
    const id = w.open("medical");
    w.ok(ANA, { type: "incident.answer", incidentId: id, card: { code: "medical", version: 1 }, question: "breathing", answer: "none" });
    const split = (incidentType: Incident["type"]): Incident => {
      const contactId = w.ring();
      w.ok(ANA, { type: "contact.claim", contactId });
      w.ok(ANA, { type: "contact.attach", contactId, incidentId: id });
      return w.incident(w.ok(ANA, { type: "incident.split", incidentId: id, contactIds: [contactId], assignmentIds: [], incidentType, what: "", who: "", place: PLACE, words: "" }).incidentId!);
    };
    const same = split("medical");
    assert.deepEqual([same.triage, same.priority, same.runCard, same.needs], [w.incident(id).triage, 1, w.incident(id).runCard, w.incident(id).needs]);
    assert.ok(w.log.some(({ body }) => body.type === "incident.answered" && body.incidentId === same.id && body.answer === "none"));
    assert.deepEqual(split("theft").triage!.answers, [], "another card asks otherwise");
  });
  it("[TIE6] a plan that names the same kinds twice, in whatever order, asks for them once", () => {
    const want = (count: number, ...kinds: Want["kinds"][number][]): Want => ({ kinds, count });
    assert.deepEqual(joinWants([want(1, "patrol"), want(1, "patrol")], [want(2, "patrol")]), [want(2, "patrol")]);
    assert.deepEqual(joinWants([want(2, "patrol")], [want(1, "patrol"), want(2, "patrol"), want(1, "ambulance")]), [want(3, "patrol"), want(1, "ambulance")]);
    assert.deepEqual(joinWants([want(1, "patrol", "platform-crew")], [want(2, "platform-crew", "patrol", "patrol")]), [want(2, "patrol", "platform-crew")]);
  });
  it("[TIE6] [TIE2] each merge brings and takes its own share; a plan of the same kinds is not doubled, and what a person decides since goes for all", () => {
    const w = world();
    const [theft, robbery, medical] = [w.open("theft"), w.open("robbery"), w.open("medical")];
    const wants = (): string[] => w.incident(theft).needs.map(({ kinds, count }) => `${count} ${kinds[0]}`);
    w.ok(ANA, { type: "incident.merge", incidentId: robbery, intoId: theft, words: "" });
    assert.deepEqual(wants(), ["2 patrol"]);
    w.ok(ANA, { type: "incident.merge", incidentId: medical, intoId: theft, words: "" });
    assert.deepEqual(wants(), ["2 patrol", "1 ambulance"]);
    w.ok(ANA, { type: "incident.unmerge", incidentId: robbery, words: "" });
    assert.deepEqual(wants(), ["1 patrol", "1 ambulance"]);
    w.ok(ANA, { type: "incident.update", incidentId: theft, priority: 4 });
    assert.equal(w.incident(theft).priority, 4);
    w.ok(ANA, { type: "incident.no-unit-needed", incidentId: theft, words: "both walked home" });
    assert.deepEqual([wants(), w.incident(theft).shortfall], [[], null]);
    w.ok(ANA, { type: "incident.merge", incidentId: robbery, intoId: theft, words: "" });
    assert.deepEqual([wants(), w.incident(theft).noUnitNeeded, w.incident(theft).shortfall?.missing], [["2 patrol"], null, 2]); // that it was not needed was said of the other
    for (const incidentId of [robbery, medical]) w.ok(ANA, { type: "incident.unmerge", incidentId, words: "" });
    assert.deepEqual([w.incident(theft).priority, wants(), w.incident(theft).noUnitNeeded], [4, [], "both walked home"]);
    assert.deepEqual(w.incident(medical).needs.map(({ kinds }) => kinds), [["ambulance"]]);
  });
  it("[TIE6] [INC10] who served before a reopening counts nowhere since, whatever it is merged into, and whoever serves now counts", () => {
    const w = world();
    const [first, second] = [w.open(), w.open()];
    w.report(w.assign(first, 1), "on-scene");
    w.ok(ANA, { type: "incident.close", incidentId: first, disposition: "resolved", words: "" });
    w.ok(ANA, { type: "incident.reopen", incidentId: first, words: "he is back" });
    w.ok(ANA, { type: "incident.merge", incidentId: first, intoId: second, words: "" });
    assert.equal(w.incident(second).shortfall?.missing, 1);
    w.ok(ANA, { type: "incident.unmerge", incidentId: first, words: "" });
    assert.equal(w.incident(first).shortfall?.missing, 1);
    const job = w.assign(second, 2);
    for (const to of ["on-scene", "cleared"] as const) w.report(job, to);
    w.ok(ANA, { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    assert.equal(w.incident(first).shortfall, null); // that one was there after the reopening, for what is one incident now
  });
  it("[TIE1] [TIE2] refused where it would lose something, with the way out", () => {
    const { w, first, second } = twoFires();
    refusedAs(w, "same-incident", { type: "incident.merge", incidentId: first, intoId: first, words: "" });
    refusedAs(w, "not-merged", { type: "incident.unmerge", incidentId: first, words: "" });
    const stacked = w.assign(first, 4, true);
    refusedAs(w, "unit-on-both", { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    w.ok(ANA, { type: "assignment.recall", assignmentId: stacked, words: "one is enough" });
    w.ok(ANA, { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    refusedAs(w, "incident-merged", { type: "incident.merge", incidentId: second, intoId: first, words: "" });
    refusedAs(w, "incident-merged", { type: "incident.reopen", incidentId: second, words: "no" });
    const third = w.open();
    w.ok(ANA, { type: "incident.merge", incidentId: first, intoId: third, words: "" });
    refusedAs(w, "incident-merged", { type: "incident.unmerge", incidentId: second, words: "" });
    w.ok(ANA, { type: "incident.unmerge", incidentId: first, words: "" });
    w.ok(ANA, { type: "incident.unmerge", incidentId: second, words: "" });
    assert.deepEqual(w.incident(third).contactIds, [3]);
    const danger = w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: PLACE.point, deviceAt: null }).incidentId!;
    refusedAs(w, "unit-in-emergency", { type: "incident.merge", incidentId: danger, intoId: first, words: "" });
    w.ok(ANA, { type: "incident.merge", incidentId: first, intoId: danger, words: "the officer is there" });
  });
  it("[CON11] [INC11] an attachment is undone: the call is in hand again with its words, and the clock starts where it did", () => {
    const { w, first } = twoFires();
    const before = w.incident(first);
    w.now += 5_000;
    const early = w.ok(SWITCH, { type: "contact.receive", source: "telephone", externalId: "early", receivedAt: before.firstContactAt - 60_000, callerNumber: "5", callerPoint: null, callerUncertaintyM: null, callerWords: "smoke" }).contactId!;
    w.ok(ANA, { type: "contact.claim", contactId: early });
    w.ok(ANA, { type: "contact.attach", contactId: early, incidentId: first, typed: { where: "yard", what: "", who: "" } });
    assert.equal(w.incident(first).firstContactAt, before.firstContactAt - 60_000);
    w.ok(BEN, { type: "contact.detach", contactId: early, words: "another house" });
    assert.deepEqual([w.contact(early).state, w.contact(early).claimedBy, w.contact(early).disposition, w.contact(early).callerWords, w.contact(early).incidentId], ["claimed", BEN, null, "smoke", null]);
    assert.deepEqual([w.incident(first).firstContactAt, w.incident(first).contactIds], [before.firstContactAt, before.contactIds]);
    refusedAs(w, "contact-not-attached", { type: "contact.detach", contactId: early, words: "" });
    refusedAs(w, "contact-not-attached", { type: "contact.detach", contactId: 1, words: "" }); // an incident was made of it
    w.wait(120_000);
    assert.equal(w.contact(early).state, "ringing"); // never nobody's: the lease ran out
  });
});

describe("one incident that is two", () => {
  it("[TIE3] a split takes chosen calls and units along; merging back undoes it", () => {
    const w = world();
    const id = w.open();
    const contactId = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId });
    w.ok(ANA, { type: "contact.attach", contactId, incidentId: id });
    const [stays, goes] = [w.assign(id, 1), w.assign(id, 2)];
    const before = w.incident(id);
    refusedAs(w, "nothing-to-split", { type: "incident.split", incidentId: id, contactIds: [], assignmentIds: [], incidentType: "fight", what: "", who: "", place: PLACE, words: "" });
    refusedAs(w, "no-such-contact", { type: "incident.split", incidentId: id, contactIds: [99], assignmentIds: [], incidentType: "fight", what: "", who: "", place: PLACE, words: "" });
    const made = w.ok(ANA, { type: "incident.split", incidentId: id, contactIds: [contactId], assignmentIds: [goes], incidentType: "fight", what: "a fight as well", who: "", place: PLACE, words: "not the same" }).incidentId!;
    assert.deepEqual([w.incident(id).contactIds, w.incident(id).assignmentIds], [[1], [stays]]);
    assert.deepEqual([w.incident(made).contactIds, w.incident(made).assignmentIds, w.incident(made).splitFromId, w.incident(made).type], [[contactId], [goes], id, "fight"]);
    assert.equal(w.incident(made).shortfall?.missing, 1);
    assert.equal(w.incident(made).firstContactAt, w.contact(contactId).receivedAt);
    w.ok(ANA, { type: "incident.merge", incidentId: made, intoId: id, words: "" });
    assert.deepEqual([w.incident(id).contactIds, w.incident(id).assignmentIds, w.incident(id).firstContactAt], [before.contactIds, before.assignmentIds, before.firstContactAt]);
  });
});

describe("incidents that belong together", () => {
  it("[TIE4] a link is mutual, moves nothing and can be taken off, whatever the status", () => {
    const w = world();
    const [a, b] = [w.open(), w.open()];
    w.ok(ANA, { type: "incident.close", incidentId: b, disposition: "resolved", words: "" });
    w.ok(ANA, { type: "incident.link", incidentId: a, otherId: b, words: "same man" });
    assert.deepEqual([w.incident(a).linkedIds, w.incident(b).linkedIds, w.incident(a).contactIds], [[b], [a], [1]]);
    refusedAs(w, "linked-already", { type: "incident.link", incidentId: b, otherId: a, words: "" });
    w.ok(ANA, { type: "incident.unlink", incidentId: b, otherId: a, words: "not the same" });
    assert.deepEqual([w.incident(a).linkedIds, w.incident(b).linkedIds], [[], []]);
    refusedAs(w, "not-linked", { type: "incident.unlink", incidentId: b, otherId: a, words: "" });
    refusedAs(w, "same-incident", { type: "incident.link", incidentId: a, otherId: a, words: "" });
  });
  it("[MAJ1] one command makes a major incident with its parts, one ends it", () => {
    const w = world();
    const [a, b, c] = [w.open("fire-building"), w.open(), w.open("medical")];
    w.ok(ANA, { type: "incident.make-major", incidentId: a, partIds: [b, c], words: "market on fire" });
    assert.deepEqual([w.incident(a).partIds, w.incident(b).majorId, w.incident(c).majorId, w.incident(a).major?.by], [[b, c], a, a, ANA]);
    w.ok(ANA, { type: "incident.end-major", incidentId: a, words: "out" });
    assert.deepEqual([w.incident(a).partIds, w.incident(b).majorId, w.incident(c).majorId, w.incident(a).major], [[], null, null, null]);
    refusedAs(w, "not-major", { type: "incident.end-major", incidentId: a, words: "" });
  });
  it("[MAJ2] a part is part of one, and no major incident itself", () => {
    const w = world();
    const [a, b, c] = [w.open(), w.open(), w.open()];
    w.ok(ANA, { type: "incident.make-major", incidentId: a, partIds: [c], words: "flood" });
    w.ok(ANA, { type: "incident.make-major", incidentId: b, partIds: [], words: "blackout" });
    refusedAs(w, "is-major", { type: "incident.join-major", incidentId: b, majorId: a, words: "" });
    refusedAs(w, "is-a-part", { type: "incident.make-major", incidentId: c, partIds: [], words: "" });
    refusedAs(w, "same-incident", { type: "incident.join-major", incidentId: a, majorId: a, words: "" });
    w.ok(ANA, { type: "incident.join-major", incidentId: c, majorId: b, words: "by the power cut" });
    assert.deepEqual([w.incident(a).partIds, w.incident(b).partIds, w.incident(c).majorId], [[], [c], b]);
    refusedAs(w, "is-a-part", { type: "incident.join-major", incidentId: c, majorId: b, words: "" });
    w.ok(ANA, { type: "incident.leave-major", incidentId: c, words: "" });
    assert.equal(w.incident(c).majorId, null);
    refusedAs(w, "not-a-part", { type: "incident.leave-major", incidentId: c, words: "" });
    refusedAs(w, "not-major", { type: "incident.join-major", incidentId: c, majorId: c, words: "" });
  });
  it("[MAJ3] with open parts it is neither closed nor cancelled", () => {
    const w = world();
    const [a, b] = [w.open(), w.open()];
    w.ok(ANA, { type: "incident.make-major", incidentId: a, partIds: [b], words: "flood" });
    refusedAs(w, "parts-open", { type: "incident.close", incidentId: a, disposition: "resolved", words: "" });
    refusedAs(w, "parts-open", { type: "incident.cancel", incidentId: a, words: "no" });
    refusedAs(w, "is-major", { type: "incident.merge", incidentId: a, intoId: b, words: "" });
    w.ok(ANA, { type: "incident.close", incidentId: b, disposition: "resolved", words: "" });
    w.ok(ANA, { type: "incident.close", incidentId: a, disposition: "resolved", words: "" });
    assert.deepEqual(w.incident(a).partIds, [b]); // what belonged to it stays on record
  });
  it("[MAJ3] what opens again after its major incident has ended is no part of it any more; while that is open, it stays one", () => {
    const w = world();
    const [a, b, c, other] = [w.open(), w.open(), w.open(), w.open()];
    const close = (incidentId: number): void => void w.ok(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" });
    w.ok(ANA, { type: "incident.make-major", incidentId: a, partIds: [b, c, other], words: "flood" });
    close(b);
    w.ok(ANA, { type: "incident.reopen", incidentId: b, words: "water again" });
    assert.deepEqual([w.incident(b).majorId, w.incident(a).partIds], [a, [b, c, other]]);
    close(b);
    w.ok(ANA, { type: "incident.merge", incidentId: c, intoId: other, words: "" });
    w.ok(ANA, { type: "incident.leave-major", incidentId: other, words: "" });
    close(a);
    w.ok(ANA, { type: "incident.reopen", incidentId: b, words: "water again" });
    assert.deepEqual([w.incident(b).status, w.incident(b).majorId, w.incident(a).partIds], ["reopened", null, [c]]);
    w.ok(ANA, { type: "incident.unmerge", incidentId: c, words: "" });
    assert.deepEqual([w.incident(c).status, w.incident(c).majorId, w.incident(a).partIds, w.incident(a).status], ["active", null, [], "closed"]);
    assert.deepEqual(w.log.filter(({ body }) => body.type === "incident.part-left").map(({ entry }) => entry?.incidentId), [a, a, a]);
  });
});
