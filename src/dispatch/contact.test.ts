import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { ContactCommand } from "./commands.ts";
import { CONTACT_STATES } from "./entities.ts";
import type { EventBody } from "./events.ts";
import { type Asker, findForbidden } from "./permission.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { ANA, BEN, PLACE, SWITCH, createWorld } from "./testing/world.ts";
import { CONTACT_STEPS } from "./transitions.ts";
import type { ContactStep } from "./transitions.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = () => createWorld(hash);

describe("a contact", () => {
  it("[CON2] received twice with the switch's id is one contact", () => {
    const w = world();
    const id = w.ring("pbx-7");
    assert.equal(w.ring("pbx-7"), id);
    assert.equal(w.log.filter((event) => event.body.type === "contact.received").length, 1);
  });
  it("[CON2] keeps the switch's time of arrival where it can be true", () => {
    const w = world();
    const arrival = (receivedAt: number, externalId: string): number => {
      const { contactId } = w.ok(SWITCH, { type: "contact.receive", source: "telephone", externalId, receivedAt, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: null });
      return w.contact(contactId!).receivedAt - w.now;
    };
    assert.equal(arrival(w.now - 9_000, "a"), -9_000);
    assert.equal(arrival(w.now + 3_000, "b"), 0); // a little ahead: its clock, and it is now
    assert.equal(arrival(w.now + 60_000, "c"), 0);
    const longAgo = w.now - 2 * DEFAULT_POLICY.oldestArrivalMs;
    assert.equal(arrival(longAgo, "d"), 0);
    assert.deepEqual(w.log.flatMap(({ body }) => (body.type === "contact.received" ? [body.saidAt ?? null] : [])).map((saidAt) => saidAt === longAgo), [false, false, false, true], "what was said is kept");
  });
  it("[CON4] claimed by two at once goes to exactly one, and the other sees who", () => {
    const w = world();
    const contactId = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId });
    const second = w.send(BEN, { type: "contact.claim", contactId });
    assert.ok(second.kind === "conflict");
    assert.deepEqual([second.rule, second.by, second.at], ["contact-claimed", ANA, w.now]);
  });
  it("[CMD2] claimed after somebody elsewhere answered it is a conflict that says who told that, and when", () => {
    const w = world();
    const contactId = w.ring("pbx-9");
    w.ok(SWITCH, { type: "contact.elsewhere", externalId: "pbx-9", how: "answered-elsewhere", to: "the harbour" });
    const at = w.now;
    w.now += 5_000;
    const late = w.send(ANA, { type: "contact.claim", contactId });
    assert.ok(late.kind === "conflict");
    assert.deepEqual([late.rule, late.by, late.at], ["contact-ended", SWITCH, at]);
  });
  it("[CON4] is gone on with by its claimant only", () => {
    const commands = (contactId: number): ContactCommand[] => [
      { type: "contact.renew", contactId }, { type: "contact.release", contactId }, { type: "contact.end", contactId, disposition: "prank" }, { type: "contact.attach", contactId, incidentId: 1 },
    ];
    const w = world();
    w.open();
    const contactId = w.ring();
    for (const command of commands(contactId)) assert.equal(w.send(ANA, command).kind, "refused", command.type); // claim first
    w.ok(ANA, { type: "contact.claim", contactId });
    for (const command of commands(contactId)) assert.equal(w.send(BEN, command).kind, "conflict", command.type);
    assert.equal(w.send(BEN, { type: "incident.create", contactId, incidentType: "theft", what: "", who: "", place: PLACE }).kind, "conflict");
  });
  it("[CON3] rings again when its lease runs out, and stays claimed while it is renewed", () => {
    const w = world();
    const contactId = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId });
    w.wait(DEFAULT_POLICY.claimLeaseMs - 1);
    w.ok(ANA, { type: "contact.renew", contactId });
    w.wait(DEFAULT_POLICY.claimLeaseMs - 1);
    assert.equal(w.contact(contactId).state, "claimed");
    w.wait(1);
    assert.deepEqual([w.contact(contactId).state, w.contact(contactId).claimedBy], ["ringing", null]);
    assert.equal(w.send(ANA, { type: "contact.renew", contactId }).kind, "refused");
  });
  it("[CON3] can be claimed by another at the moment the lease is over, timer or not", () => {
    const w = world();
    const contactId = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId });
    w.now += DEFAULT_POLICY.claimLeaseMs;
    w.ok(BEN, { type: "contact.claim", contactId });
    assert.equal(w.contact(contactId).claimedBy?.name, "Ben");
    assert.deepEqual(w.log.slice(-2).map((event) => event.body.type), ["contact.released", "contact.claimed"]);
  });
  it("[CON3] released after the caller hung up is to be called back", () => {
    const w = world();
    const contactId = w.ring("x");
    w.ok(ANA, { type: "contact.claim", contactId });
    w.ok(SWITCH, { type: "contact.hang-up", externalId: "x" });
    assert.equal(w.contact(contactId).state, "claimed");
    w.ok(ANA, { type: "contact.release", contactId });
    const { state, owner, dueAt } = w.contact(contactId);
    assert.deepEqual([state, owner, dueAt], ["abandoned", "call-desk", w.now + DEFAULT_POLICY.callBackWithinMs]);
  });
  it("[CON5] abandoned before the answer has an owner and a due time, and no answer", () => {
    const w = world();
    const contactId = w.ring("x");
    w.ok(SWITCH, { type: "contact.hang-up", externalId: "x" });
    const { state, owner, dueAt, abandonedAt } = w.contact(contactId);
    assert.deepEqual([state, owner, dueAt, abandonedAt], ["abandoned", "call-desk", w.now + DEFAULT_POLICY.callBackWithinMs, w.now]);
    w.ok(ANA, { type: "contact.claim", contactId });
    assert.equal(w.contact(contactId).answeredAt, null); // a call-back is not an answer
    assert.equal(w.contact(contactId).owner, null);
  });
  it("[CON5] told twice to have hung up changes once; a line nobody knows is refused", () => {
    const w = world();
    w.ring("x");
    w.ok(SWITCH, { type: "contact.hang-up", externalId: "x" });
    assert.equal(w.ok(SWITCH, { type: "contact.hang-up", externalId: "x" }).events.length, 0);
    assert.equal(w.send(SWITCH, { type: "contact.hang-up", externalId: "y" }).kind, "refused");
  });
  it("[CON8] not called back in time goes up to the supervisor, and is told again", () => {
    const w = world();
    const contactId = w.ring("x");
    w.ok(SWITCH, { type: "contact.hang-up", externalId: "x" });
    w.wait(DEFAULT_POLICY.callBackWithinMs);
    assert.equal(w.contact(contactId).owner, "supervisor");
    w.wait(DEFAULT_POLICY.callBackReminderMs);
    assert.equal(w.log.filter((event) => event.body.type === "contact.overdue").length, 2);
  });
  it("[CON6] ends without an incident in two commands: claim, end", () => {
    const w = world();
    const contactId = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId });
    w.ok(ANA, { type: "contact.end", contactId, disposition: "silent" });
    const { state, disposition, incidentId } = w.contact(contactId);
    assert.deepEqual([state, disposition, incidentId], ["ended", "silent", null]);
    assert.deepEqual([...w.state.openContacts.keys()], []);
    assert.equal(w.send(BEN, { type: "contact.claim", contactId }).kind, "conflict");
  });
  it("[CON7] attached is kept, and moves the incident's clock to the earliest arrival", () => {
    const w = world();
    const early = w.ring();
    w.now += 20_000;
    const incidentId = w.open();
    w.ok(BEN, { type: "contact.claim", contactId: early });
    w.ok(BEN, { type: "contact.attach", contactId: early, incidentId });
    assert.equal(w.incident(incidentId).firstContactAt, w.contact(early).receivedAt);
    assert.deepEqual([w.contact(early).disposition, w.contact(early).callerWords], ["attached", "help"]);
    assert.equal(w.incident(incidentId).contactIds.length, 2);
  });
  it("[CON7] attached, what was typed for it goes into the incident's timeline; where nothing was, the line says nothing of it", () => {
    const w = world();
    const incidentId = w.open();
    const attach = (typed: { where: string; what: string; who: string }): EventBody => {
      const contactId = w.ring();
      w.ok(ANA, { type: "contact.claim", contactId });
      w.ok(ANA, { type: "contact.attach", contactId, incidentId, typed });
      return w.log.at(-1)!.body;
    };
    const typed = { where: "rivera 2000", what: "two people trapped on floor 3", who: "a neighbour" };
    assert.deepEqual((attach(typed) as { typed?: unknown }).typed, typed);
    assert.ok(!("typed" in attach({ where: "", what: "", who: "" })));
  });
  it("[CON7] is not attached to an incident that has ended", () => {
    const w = world();
    const incidentId = w.open();
    w.ok(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" });
    const contactId = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId });
    const refused = w.send(ANA, { type: "contact.attach", contactId, incidentId });
    assert.ok(refused.kind === "refused");
    assert.deepEqual([refused.rule, refused.allowed], ["incident-ended", ["incident.reopen"]]);
  });
  it("[CON9] becomes an incident by one event", () => {
    const w = world();
    const incidentId = w.open();
    assert.deepEqual(w.log.slice(-1).map((event) => event.body.type), ["incident.created"]);
    const contact = w.contact(w.incident(incidentId).contactIds[0]!);
    assert.deepEqual([contact.state, contact.disposition, contact.incidentId], ["ended", "incident", incidentId]);
  });
});

describe("what an officer comes upon", () => {
  const officer = { kind: "user", id: 7, name: "Officer", permissions: ["unit.self"], unitId: 2 } as const;
  const word = (externalId: string, more: Partial<Extract<ContactCommand, { type: "contact.receive" }>> = {}) =>
    ({ type: "contact.receive", source: "officer", externalId, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: "shots by the pier", ...more }) as const;

  it("[CON15] is a contact with the call sign, and where the unit was last unless the phone says where it is", () => {
    const w = world();
    w.position = { point: PLACE.point, uncertaintyM: 30 };
    const id = w.ok(officer, word("unit-2:a")).contactId!;
    assert.deepEqual([w.contact(id).source, w.contact(id).signal?.site, w.contact(id).signal?.kind, w.contact(id).callerPoint, w.contact(id).callerUncertaintyM, w.contact(id).state], ["officer", "U2", "officer", PLACE.point, 30, "ringing"]);
    const point = { lon: -56, lat: -34 };
    assert.deepEqual(w.contact(w.ok(officer, word("unit-2:b", { callerPoint: point, callerUncertaintyM: 5 })).contactId!).callerPoint, point);
    assert.equal(w.ok(officer, word("unit-2:a")).contactId, id, "sent again it is the same");
    assert.deepEqual([w.contact(id).signal?.fix, w.contact(id + 1).signal?.fix], [{ source: "last-position", at: w.positionAt() }, undefined], "whose place it is");
    assert.ok(w.contact(id).dueAt !== null, "somebody answers it, or the supervisor is told [CON12]");
  });
  it("[CON15] has no place where the unit's last one is older than a position may be to be believed, or there is none, and says which", () => {
    const w = world();
    w.position = { point: PLACE.point, uncertaintyM: 30 };
    const contactAt = (ageMs: number) => {
      w.positionAt = () => w.now - ageMs;
      return w.contact(w.ok(officer, word(`unit-2:${ageMs}`)).contactId!);
    };
    const { silentAfterMs } = w.policy;
    const young = contactAt(silentAfterMs - 1);
    assert.deepEqual([young.callerPoint, young.signal?.fix?.source], [PLACE.point, "last-position"]);
    for (const ageMs of [silentAfterMs, 6 * 3_600_000]) {
      const { callerPoint, callerUncertaintyM, signal } = contactAt(ageMs);
      assert.deepEqual([callerPoint, callerUncertaintyM, signal?.fix], [null, null, { source: "none", at: w.now - ageMs }]);
    }
    w.position = null;
    assert.deepEqual(contactAt(1).signal?.fix, { source: "none", at: null });
  });
  it("[CON15] [CMD4] only for the own unit, and nothing but an officer's word; the units' gateway for any unit", () => {
    const { state } = world();
    const ruleOf = (asker: Asker, command: ContactCommand): string | null => findForbidden(state, asker, command)?.rule ?? null;
    assert.equal(ruleOf(officer, word("unit-2:a")), null);
    for (const externalId of ["unit-3:a", "unit-2", "unit-22:a", "x", "unit-02:a"]) assert.equal(ruleOf(officer, word(externalId)), "not-your-unit", externalId);
    assert.equal(ruleOf(officer, word("unit-2:a", { source: "telephone" })), "not-permitted");
    const gateway: Asker = { ...officer, kind: "service", unitId: null };
    assert.deepEqual([ruleOf(gateway, word("unit-3:a")), ruleOf(gateway, word("unit-3:a", { source: "alarm" }))], [null, "not-permitted"]);
    assert.equal(ruleOf({ ...officer, permissions: ["contact.receive"], kind: "service", unitId: null }, word("17", { source: "telephone" })), null);
  });
});

describe("a contact that was ended by mistake", () => {
  const endedCall = (disposition: "prank" | "silent" = "prank") => {
    const w = world();
    const contactId = w.ring("x");
    w.ok(ANA, { type: "contact.claim", contactId });
    w.ok(ANA, { type: "contact.end", contactId, disposition });
    const endedAt = w.now;
    w.now += 4_000;
    return { w, contactId, endedAt };
  };
  const ruleOf = (decision: ReturnType<ReturnType<typeof world>["send"]>): string => (decision.kind === "events" ? "accepted" : decision.rule);

  it("[CON14] is taken up again by anybody who may, with its words, and is theirs; how it had ended stays with it", () => {
    const { w, contactId, endedAt } = endedCall();
    w.ok(BEN, { type: "contact.reopen", contactId, words: "wrong key" });
    const { state, claimedBy, leaseUntil, disposition, endedAt: now, callerWords, answeredAt, earlierEndings } = w.contact(contactId);
    assert.deepEqual([state, claimedBy, leaseUntil, disposition, now, callerWords, answeredAt], ["claimed", BEN, w.now + DEFAULT_POLICY.claimLeaseMs, null, null, "help", endedAt]);
    assert.deepEqual(earlierEndings, [{ disposition: "prank", at: endedAt, by: ANA, reopenedAt: w.now, reopenedBy: BEN, words: "wrong key" }]);
    assert.deepEqual([...w.state.openContacts.keys()], [contactId]);
    assert.equal(w.log.filter(({ body }) => body.type === "contact.ended").length, 1, "the end stands in the log");
  });
  it("[CON14] [CON3] given back, or left by its claimant, it is to be called back by the desk in time: nobody waits on the line any more", () => {
    for (const leave of [(w: ReturnType<typeof world>, contactId: number) => void w.ok(BEN, { type: "contact.release", contactId }), (w: ReturnType<typeof world>) => w.wait(DEFAULT_POLICY.claimLeaseMs)]) {
      const { w, contactId } = endedCall();
      w.ok(BEN, { type: "contact.reopen", contactId, words: "wrong key" });
      leave(w, contactId);
      const { state, owner, dueAt, abandonedAt } = w.contact(contactId);
      assert.deepEqual([state, owner, dueAt, abandonedAt], ["abandoned", "call-desk", w.now + DEFAULT_POLICY.callBackWithinMs, null]);
      w.wait(DEFAULT_POLICY.callBackWithinMs);
      assert.equal(w.contact(contactId).owner, "supervisor");
    }
  });
  it("[CON14] [CON12] of a message, which has no line, it is to be answered by a time", () => {
    const w = world();
    const contactId = w.ok(SWITCH, { type: "contact.receive", source: "text", externalId: "t", callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: "help" }).contactId!;
    w.ok(ANA, { type: "contact.claim", contactId });
    w.ok(ANA, { type: "contact.end", contactId, disposition: "prank" });
    w.ok(ANA, { type: "contact.reopen", contactId, words: "wrong key" });
    w.ok(ANA, { type: "contact.release", contactId });
    assert.deepEqual([w.contact(contactId).state, w.contact(contactId).owner, w.contact(contactId).dueAt], ["ringing", "call-desk", w.now + DEFAULT_POLICY.answerWithinMs]);
  });
  it("[CON14] the incident that it becomes says how it had ended, whether it was made of it or has it attached; another says nothing", () => {
    const { w, contactId } = endedCall("silent");
    w.ok(BEN, { type: "contact.reopen", contactId, words: "she spoke at last" });
    w.ok(BEN, { type: "contact.end", contactId, disposition: "prank" });
    w.ok(ANA, { type: "contact.reopen", contactId, words: "once more" });
    const incidentId = w.ok(ANA, { type: "incident.create", contactId, incidentType: "medical", what: "", who: "", place: PLACE }).incidentId!;
    const told = (): unknown => (w.log.findLast(({ entry }) => entry?.incidentId === incidentId)!.body as { earlierEndings?: { disposition: string; words: string }[] }).earlierEndings?.map(({ disposition, words }) => [disposition, words]);
    assert.deepEqual(told(), [["silent", "she spoke at last"], ["prank", "once more"]]);
    const other = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId: other });
    w.ok(ANA, { type: "contact.end", contactId: other, disposition: "prank" });
    w.ok(ANA, { type: "contact.reopen", contactId: other, words: "wrong key" });
    w.ok(ANA, { type: "contact.attach", contactId: other, incidentId });
    assert.deepEqual(told(), [["prank", "wrong key"]]);
    const plain = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId: plain });
    w.ok(ANA, { type: "contact.attach", contactId: plain, incidentId });
    assert.equal(told(), undefined);
  });
  it("[CON14] taken up twice is taken up once; somebody else's is a conflict that names them, what waits in the queue is open already", () => {
    const { w, contactId } = endedCall();
    w.ok(ANA, { type: "contact.reopen", contactId, words: "wrong key" });
    assert.equal(w.ok(ANA, { type: "contact.reopen", contactId, words: "again" }).events.length, 0);
    const late = w.send(BEN, { type: "contact.reopen", contactId, words: "mine" });
    assert.ok(late.kind === "conflict");
    assert.deepEqual([late.rule, late.by], ["contact-claimed", ANA]);
    w.ok(ANA, { type: "contact.release", contactId });
    assert.equal(ruleOf(w.send(BEN, { type: "contact.reopen", contactId, words: "mine" })), "contact-open");
    assert.equal(ruleOf(w.send(BEN, { type: "contact.reopen", contactId: 99, words: "x" })), "no-such-contact");
  });
  it("[CON14] [CMD3] expects the ending that its sender saw", () => {
    const { w, contactId } = endedCall();
    const seen = w.contact(contactId).sequence;
    w.ok(ANA, { type: "contact.reopen", contactId, words: "wrong key" });
    w.ok(ANA, { type: "contact.end", contactId, disposition: "silent" });
    assert.equal(ruleOf(w.send(BEN, { type: "contact.reopen", contactId, words: "x" }, seen)), "moved-on");
  });
  it("[CON14] not what became an incident or is somebody else's, each with the way out, and not once what was typed for it is gone", () => {
    const { w, contactId } = endedCall();
    const incidentId = w.open();
    const made = w.incident(incidentId).contactIds[0]!;
    const attached = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId: attached });
    w.ok(ANA, { type: "contact.attach", contactId: attached, incidentId });
    const elsewhere = w.ring("e");
    w.ok(SWITCH, { type: "contact.elsewhere", externalId: "e", how: "transferred", to: null });
    const told = [made, attached, elsewhere].map((id) => {
      const decision = w.send(ANA, { type: "contact.reopen", contactId: id, words: "x" });
      return decision.kind === "refused" ? [decision.rule, decision.allowed] : decision.kind;
    });
    assert.deepEqual(told, [["contact-ended-otherwise", ["incident.split"]], ["contact-ended-otherwise", ["contact.detach"]], ["contact-ended-otherwise", []]]);
    w.now = w.contact(contactId).receivedAt + DEFAULT_POLICY.reopenWithinMs - 1;
    assert.equal(w.send(ANA, { type: "contact.reopen", contactId, words: "x" }).kind, "events");
    w.ok(ANA, { type: "contact.end", contactId, disposition: "prank" });
    w.now++;
    assert.equal(ruleOf(w.send(ANA, { type: "contact.reopen", contactId, words: "x" })), "contact-long-past");
  });
});

describe("every step in every state", () => {
  const put = (state: (typeof CONTACT_STATES)[number]) => {
    const w = world();
    const incidentId = w.open();
    const contactId = w.ring("x");
    if (state === "claimed" || state === "ended") w.ok(ANA, { type: "contact.claim", contactId });
    if (state === "abandoned") w.ok(SWITCH, { type: "contact.hang-up", externalId: "x" });
    if (state === "ended") w.ok(ANA, { type: "contact.end", contactId, disposition: "prank" });
    assert.equal(w.contact(contactId).state, state);
    return { w, contactId, incidentId };
  };
  for (const state of CONTACT_STATES) {
    for (const step of Object.keys(CONTACT_STEPS) as ContactStep[]) {
      const allowed = CONTACT_STEPS[step].includes(state);
      it(`[CON4] ${step} when ${state}: ${allowed ? "accepted" : "not"}`, () => {
        const { w, contactId, incidentId } = put(state);
        const decision =
          step === "create" ? w.send(ANA, { type: "incident.create", contactId, incidentType: "theft", what: "", who: "", place: PLACE })
          : step === "hang-up" ? w.send(SWITCH, { type: "contact.hang-up", externalId: "x" })
          : step === "end" ? w.send(ANA, { type: "contact.end", contactId, disposition: "prank" })
          : step === "attach" ? w.send(ANA, { type: "contact.attach", contactId, incidentId })
          : w.send(ANA, { type: `contact.${step}`, contactId });
        assert.equal(decision.kind === "events", allowed);
      });
    }
  }
});
