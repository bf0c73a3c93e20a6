// What is typed for a call before its incident is made: kept field by field, by its claimant, for whoever takes the call next. Rule [CON10] in src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { DraftChange } from "../contract/dispatch.ts";
import { createCallDraftStore } from "../io/postgres/call-draft-store.ts";
import { pointAt } from "../geo/testing/features.ts";
import { makeIncident, ring, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

const PLACE = { kind: "street", label: "Rivera", district: null, point: pointAt(300, 0), uncertaintyM: 50, exact: true, cameraId: null, platformId: null, campusId: null, notUnderstood: null, namesakes: 0 } as const;

describe("the draft of a call", () => {
  let api: TestApi;
  let ana: CityClient;
  let ben: CityClient;
  before(async () => {
    api = await startTestApi();
    await api.first();
    ana = await api.person("ana.1", ["call-taker"]);
    ben = await api.person("ben.1", ["call-taker"]);
    PAGES.set(ana, "page-of-ana").set(ben, "page-of-ben");
  });
  after(() => api.close());
  let number = 0;
  const PAGES = new Map<CityClient, string>();
  /** As the page of `by` sends it; it knows the versions of `bases`. */
  const change = (by: CityClient, id: number, fields: object, bases: DraftChange["bases"] = {}, page = PAGES.get(by)!) =>
    by.try("changeCallDraft", { params: { id }, body: { fields: fields as DraftChange["fields"], bases, writer: page, number: ++number } });
  const read = (by: CityClient, id: number) => by.call("getCallDraft", { params: { id } });
  const claim = (by: CityClient, contactId: number) => by.send({ type: "contact.claim", contactId });

  test("[CON10] keeps each field as it was typed last, and is there for whoever takes the call next, with who typed", async () => {
    const id = await ring(api);
    assert.deepEqual(await read(ana, id), { draft: {}, stamps: {}, changedAt: null, changedBy: null });
    await claim(ana, id);
    await Promise.all([change(ana, id, { where: "riv", what: "smoke" }), change(ana, id, { who: "a neighbour" })]);
    await change(ana, id, { where: "rivera", place: PLACE, type: "fire-smoke" });
    await ana.send({ type: "contact.release", contactId: id });
    await claim(ben, id);
    const kept = await read(ben, id);
    assert.deepEqual(kept.draft, { where: "rivera", place: PLACE, type: "fire-smoke", what: "smoke", who: "a neighbour" });
    assert.deepEqual([kept.changedBy?.name, typeof kept.changedAt], ["ana.1", "number"]);
    assert.equal((await change(ben, id, { place: null }, { place: kept.stamps.place!.version })).status, 200);
    assert.equal((await read(ben, id)).draft.place, null, "an empty field is kept as empty");
  });

  test("[CON10] words that a lost link held back do not go over those that somebody else typed meanwhile", async () => {
    const id = await ring(api);
    await claim(ana, id);
    await change(ana, id, { what: "smoke" });
    const { stamps } = await read(ana, id);
    await ana.send({ type: "contact.release", contactId: id });
    await claim(ben, id);
    await change(ben, id, { what: "two people trapped" }, { what: 1 });
    await ben.send({ type: "contact.release", contactId: id });
    await claim(ana, id);
    const late = await change(ana, id, { what: "smoke, third floor", who: "a neighbour" }, { what: stamps.what!.version });
    assert.deepEqual([late.status, late.answer!.notTaken, late.answer!.draft], [200, ["what"], { what: "two people trapped", who: "a neighbour" }]);
    assert.equal(late.answer!.stamps.what!.writer, "page-of-ben");
    const again = await change(ana, id, { what: "smoke again" }, { what: 1 });
    assert.deepEqual([again.answer!.notTaken, again.answer!.changedBy?.name], [["what"], "ana.1"]);
  });

  test("[CON10] an older change of a page that arrives after a newer one changes nothing", async () => {
    const id = await ring(api);
    await claim(ana, id);
    const send = (text: string, at: number) => ana.call("changeCallDraft", { params: { id }, body: { fields: { what: text }, bases: {}, writer: "page-of-ana", number: at } });
    await send("smoke from the roof", 1_000_002);
    assert.deepEqual((await send("smo", 1_000_001)).notTaken, ["what"]);
    assert.equal((await read(ana, id)).draft.what, "smoke from the roof");
    await Promise.all([3, 7, 5, 9, 4].map((at) => send(`typed ${at}`, 1_000_000 + at)));
    assert.equal((await read(ana, id)).draft.what, "typed 9");
  });

  test("NUL and half an emoji, as a paste may bring them, are kept as text", async () => {
    const id = await ring(api);
    await claim(ana, id);
    for (const [typed, kept] of [["a\u0000b", "a\ufffdb"], ["\ud83d fire", "\ufffd fire"]] as const) {
      assert.equal((await change(ana, id, { what: typed })).status, 200);
      assert.equal((await read(ana, id)).draft.what, kept);
    }
  });

  test("[CON10] is changed by the claimant only", async () => {
    const id = await ring(api);
    assert.equal((await change(ana, id, { what: "x" })).problem?.rule, "contact-not-claimed");
    await claim(ana, id);
    const { status, problem } = await change(ben, id, { what: "x" });
    assert.deepEqual([status, problem!.rule, (problem!.details!["by"] as { name: string }).name], [409, "contact-claimed", "ana.1"]);
    assert.deepEqual((await read(ben, id)).draft, {});
    await makeIncident(ana, id);
    assert.equal((await change(ana, id, { what: "x" })).problem?.rule, "contact-ended");
    assert.equal((await change(ana, 4_711, { what: "x" })).status, 404);
  });

  test("what is not a draft is refused with field and value, and changes nothing", async () => {
    const id = await ring(api);
    await claim(ana, id);
    for (const [body, field] of [[{ where: "x".repeat(201) }, "fields.where"], [{ type: "party" }, "fields.type"], [{ priority: 9 }, "fields.priority"], [{ place: { label: "Rivera" } }, "fields.place.kind"]] as const) {
      const { status, problem } = await change(ana, id, body);
      assert.equal(status, 400, field);
      assert.ok(problem!.faults!.some((fault) => fault.field === field), JSON.stringify(problem));
    }
    assert.deepEqual((await read(ana, id)).draft, {});
  });

  test("[CON14] a call that was ended by mistake is in a list, is taken up again with what was typed for it, and is told once", async () => {
    const id = await ring(api);
    await claim(ana, id);
    await change(ana, id, { what: "two trapped" });
    await ana.send({ type: "contact.end", contactId: id, disposition: "prank" });
    const listed = async (by: CityClient) => (await by.call("listEndedContacts", { query: {} })).contacts;
    const [call] = await listed(ben);
    assert.deepEqual([call?.id, call?.disposition], [id, "prank"]);
    const reopen = { commandId: randomUUID(), expectedSequence: call!.sequence };
    const [first, again] = [await ben.send({ type: "contact.reopen", contactId: id, words: "wrong key" }, reopen), await ben.send({ type: "contact.reopen", contactId: id, words: "wrong key" }, reopen)];
    assert.ok(first.outcome === "accepted" && again.outcome === "accepted");
    assert.deepEqual([first.repeated, again.repeated], [false, true]);
    assert.deepEqual((await read(ben, id)).draft, { what: "two trapped" });
    assert.equal((await change(ben, id, { who: "a neighbour" })).status, 200);
    assert.ok((await listed(ben)).every((one) => one.id !== id), "it is open again");
    assert.equal(api.dispatch.findContact(id)?.earlierEndings[0]?.words, "wrong key");
  });

  test("[CON14] the list leaves out what cannot be taken up again, and goes on page by page", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 3; i++) {
      const id = await ring(api);
      ids.push(id);
      await claim(ana, id);
      await ana.send({ type: "contact.end", contactId: id, disposition: "silent" });
    }
    const made = await makeIncident(ana, await ring(api));
    const page = async (before?: number) => (await ana.call("listEndedContacts", { query: { limit: 2, ...(before === undefined ? {} : { before }) } })).contacts.map((one) => one.id);
    assert.deepEqual([await page(), (await page(ids[1]))[0]], [[ids[2], ids[1]], ids[0]]);
    assert.ok(made > 0);
  });

  test("an old one goes with its call; that of an open call stays however old it is", async () => {
    const store = createCallDraftStore(api.database);
    const [open, ended] = [await ring(api), await ring(api)];
    for (const id of [open, ended]) {
      await claim(ana, id);
      await change(ana, id, { what: "words" });
    }
    await ana.send({ type: "contact.end", contactId: ended, disposition: "prank" });
    assert.deepEqual((await read(ana, ended)).draft, { what: "words" }, "ended by mistake, the words can still be read");
    assert.ok((await store.sweep(Date.now() + 60_000, [open])) >= 1);
    assert.deepEqual([(await read(ana, ended)).draft, (await read(ana, open)).draft], [{}, { what: "words" }]);
  });
});
