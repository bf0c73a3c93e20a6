import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { WarningContent, type Warning } from "../../contract/warnings.ts";
import { pointAt } from "../../geo/testing/features.ts";
import { parseCap, type CapAlert } from "../../protocol/cap/cap.ts";
import { parseXml } from "../../protocol/xml/xml.ts";
import { startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";
import type { WarningStorePort } from "../ports.ts";
import { createWarnings } from "./warnings.ts";

let api: TestApi;
let ana: CityClient;
let ben: CityClient;
const content = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  headline: "Smoke & fumes", description: "A warehouse burns.", instruction: "Keep windows shut.", event: "Fire", category: "Fire", urgency: "Immediate", severity: "Severe", certainty: "Observed", expiresAt: Date.now() + 3_600_000,
  area: { description: "Old town", circle: { point: pointAt(0, 0), radiusM: 800 } }, ...more,
});
const open = (path: string) => fetch(`${api.origin}${path}`);
const capOf = async (id: number): Promise<CapAlert> => {
  const parsed = parseCap(await (await open(`/public/warnings/${id}.xml`)).text());
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.alert;
};
const headlines = async (): Promise<[string, string, boolean][]> => (await api.client().call("listPublicWarnings")).warnings.map((warning) => [warning.kind, warning.headline, warning.inForce]);

describe("warnings to the public", () => {
  before(async () => {
    api = await startTestApi();
    ana = await api.person("ana", ["dispatcher", "administrator"]);
    ben = await api.person("ben", ["dispatcher"]);
  });
  after(() => api.close());

  test("[CAP3] [CAP4] [CAP5] one drafts, another sends; updates and withdrawals too; the feed has what was sent, for everybody", async () => {
    const draft = await ana.call("draftWarning", { body: { kind: "alert", content: content() } });
    assert.deepEqual([draft.state, draft.draftedBy.name], ["draft", "ana"]);
    assert.deepEqual(await headlines(), []);
    assert.equal((await open(`/public/warnings/${draft.id}.xml`)).status, 404);
    const own = await ana.try("approveWarning", { params: { id: draft.id }, body: { revision: 1 } });
    assert.deepEqual([own.status, own.problem?.rule], [403, "own-draft"]);
    const sent = await ben.call("approveWarning", { params: { id: draft.id }, body: { revision: 1 } });
    assert.deepEqual([sent.state, sent.approvedBy?.name], ["sent", "ben"]);
    assert.equal((await ben.try("approveWarning", { params: { id: draft.id }, body: { revision: 1 } })).problem?.rule, "not-a-draft");
    assert.deepEqual(await headlines(), [["alert", "Smoke & fumes", true]]);
    assert.equal((await api.client().call("listPublicWarnings")).warnings[0]!.status, "Actual");
    const first = await capOf(sent.id);
    assert.deepEqual([first.type, first.infos[0]!.headline, first.references], ["Alert", "Smoke & fumes", []]);

    const update = await ben.call("draftWarning", { body: { kind: "update", follows: sent.id, content: content({ headline: "Less smoke", severity: "Moderate" }) } });
    const rival = await ana.call("draftWarning", { body: { kind: "update", follows: sent.id, content: content({ headline: "Rival" }) } });
    await ana.call("approveWarning", { params: { id: update.id }, body: { revision: 1 } });
    assert.equal((await ben.try("approveWarning", { params: { id: rival.id }, body: { revision: 1 } })).problem?.rule, "already-replaced");
    assert.equal((await ana.call("discardWarning", { params: { id: rival.id } })).state, "discarded");
    assert.deepEqual(await headlines(), [["update", "Less smoke", true], ["alert", "Smoke & fumes", false]]);

    const end = await ana.call("draftWarning", { body: { kind: "cancel", follows: update.id, words: "The fire is out." } });
    await ben.call("approveWarning", { params: { id: end.id }, body: { revision: 1 } });
    const last = await capOf(end.id);
    assert.deepEqual([last.type, last.infos[0]!.description, last.references.map(({ identifier }) => identifier.split("-").at(-1))], ["Cancel", "The fire is out.", [String(update.id), String(sent.id)]]);
    assert.deepEqual((await headlines()).map(([kind, , inForce]) => [kind, inForce]), [["cancel", false], ["update", false], ["alert", false]]);

    const atom = await open("/public/warnings.atom");
    assert.match(atom.headers.get("content-type")!, /^application\/atom\+xml/);
    const feed = parseXml(await atom.text());
    assert.ok(feed.ok);
    assert.equal(feed.root.children.filter(({ name }) => name === "entry").length, 3);
    const audit = await ana.call("listAuditEntries", { query: { subjectKind: "warning", subjectId: sent.id } });
    assert.deepEqual(audit.entries.map(({ action, by }) => `${action} ${by.name}`), ["warning.approve ben", "warning.draft ana"]);
  });

  test("[CAP7] a draft is worded anew until it is sent; whoever did so last does not send it, and nobody sends what changed under their eyes", async () => {
    const draft = await ana.call("draftWarning", { body: { kind: "alert", content: content() } });
    const reword = (who: CityClient, revision: number, more: Record<string, unknown>) => who.try("changeWarning", { params: { id: draft.id }, body: { revision, content: content(more) } });
    const second = (await reword(ana, 1, { headline: "Thick smoke" })).answer!;
    assert.deepEqual([second.content.headline, second.revision, second.draftedBy.name, second.state], ["Thick smoke", 2, "ana", "draft"]);
    const late = await ben.try("approveWarning", { params: { id: draft.id }, body: { revision: 1 } });
    assert.deepEqual([late.status, late.problem?.rule], [409, "moved-on"]);
    assert.equal((await reword(ben, 1, { headline: "Over it" })).problem?.rule, "moved-on", "of two who word it at once the second reads the first");
    assert.equal((await reword(ben, 2, { expiresAt: Date.now() - 1 })).problem?.faults?.[0]?.field, "content.expiresAt");
    assert.deepEqual([(await reword(ben, 2, { headline: "Smoke, thick" })).answer!.draftedBy.name], ["ben"]);
    assert.equal((await ben.try("approveWarning", { params: { id: draft.id }, body: { revision: 3 } })).problem?.rule, "own-draft");
    assert.equal((await ana.call("approveWarning", { params: { id: draft.id }, body: { revision: 3 } })).content.headline, "Smoke, thick");
    assert.equal((await reword(ben, 3, { headline: "Too late" })).problem?.rule, "not-a-draft");
    const end = await ana.call("draftWarning", { body: { kind: "cancel", follows: draft.id, words: "Out." } });
    const reworded = await ana.call("changeWarning", { params: { id: end.id }, body: { revision: 1, content: content({ headline: "Another", description: "The fire is out." }) } });
    assert.deepEqual([reworded.content.headline, reworded.content.description], ["Smoke, thick", "The fire is out."], "a withdrawal keeps what it withdraws");
    const audit = await ana.call("listAuditEntries", { query: { subjectKind: "warning", subjectId: draft.id } });
    assert.deepEqual(audit.entries.map(({ action, by }) => `${action} ${by.name}`), ["warning.approve ana", "warning.change ben", "warning.change ana", "warning.draft ana"]);
    await ben.call("approveWarning", { params: { id: end.id }, body: { revision: 2 } });
  });

  test("[CAP6] the list is read once for all who ask within 15 s, anew when something is sent or runs out; a chain of updates is one query", async () => {
    const asked: string[] = [];
    const clock = { wallMs: () => now, monotonicMs: () => now };
    let now = Date.UTC(2026, 2, 1);
    const at = (id: number, follows: number | null, expiresAt = now + 20_000): Warning => ({
      id, kind: follows === null ? "alert" : "update", state: "sent", follows, content: WarningContent.parse({ ...content(), expiresAt }), incidentId: null, revision: 1, draftedAt: now, draftedBy: { kind: "user", id: 1, name: "ana" }, approvedAt: now, approvedBy: { kind: "user", id: 2, name: "ben" }, replacedBy: null,
    });
    const chain = [at(3, 2), at(2, 1), at(1, null)];
    const store: Partial<WarningStorePort> = {
      listPublic: async () => { asked.push("list"); return chain.slice(0, 1); },
      listChain: async () => { asked.push("chain"); return chain; },
      settle: (async () => ({ ok: true, value: chain[0]! })) as unknown as WarningStorePort["settle"],
    };
    const warnings = createWarnings({
      clock, store: store as WarningStorePort, reports: {} as never, incidentExists: () => true, sender: { installation: "i", id: "s", name: "City", training: false }, publicOrigin: "https://city.example", shorten: (text) => text,
    });
    const list = () => warnings.handlers.listPublicWarnings({} as never);
    await Promise.all([list(), warnings.writeAtom(), list()]);
    now += 14_000;
    await list();
    assert.deepEqual(asked, ["list"]);
    now += 1_000;
    assert.deepEqual([(await list()).warnings[0]!.inForce, asked.length], [true, 2]);
    now += 5_000;
    assert.deepEqual([(await list()).warnings[0]!.inForce, asked.length], [false, 3], "it ran out: no kept answer says that it is in force");
    await warnings.handlers.approveWarning({ principal: { actor: { kind: "user", id: 2, name: "ben" } }, params: { id: 3 }, body: { revision: 1 } } as never);
    await list();
    assert.equal(asked.length, 4, "something was sent");
    asked.length = 0;
    assert.match((await warnings.findCap(3))!, /<references>s,citywatch-i-2,[^ ]+ s,citywatch-i-1,/);
    assert.deepEqual(asked, ["chain"]);
  });

  test("[WHK4] a warning is sent and put up for delivery together, or neither is done", async () => {
    const { webhook } = await ana.call("createWebhook", { body: { name: "Radio", url: "http://127.0.0.1:9/hook", topics: ["warning"] } });
    const { id } = await ana.call("draftWarning", { body: { kind: "alert", content: content() } });
    const deliveries = async () => (await api.database`select event, subject_id, state from webhook_delivery where webhook_id = ${webhook.id}`).map((row) => ({ ...row }));
    await api.database`create function stumble() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$`;
    await api.database`create trigger stumble before insert on webhook_delivery for each row execute function stumble()`;
    const failed = await ben.try("approveWarning", { params: { id }, body: { revision: 1 } });
    await api.database`drop function stumble() cascade`;
    assert.ok(failed.status >= 500, `${failed.status}`);
    assert.deepEqual([(await ana.call("listWarnings")).warnings.find((one) => one.id === id)!.state, await deliveries()], ["draft", []]);
    await ben.call("approveWarning", { params: { id }, body: { revision: 1 } });
    assert.deepEqual(await deliveries(), [{ event: "warning.alert", subject_id: id, state: "waiting" }]);
  });

  test("[CAP3] the table itself refuses a warning that its drafter sends, and one that has run out is not sent", async () => {
    const draft = await ana.call("draftWarning", { body: { kind: "alert", content: content({ expiresAt: Date.now() + 60_000 }) } });
    await assert.rejects(api.database`update public_warning set state = 'sent', settled_at = now(), settled_by = drafted_by where id = ${draft.id}`, /check/);
    api.advance(61_000);
    assert.equal((await ben.try("approveWarning", { params: { id: draft.id }, body: { revision: 1 } })).problem?.rule, "warning-expired");
    assert.equal((await ana.try("draftWarning", { body: { kind: "alert", content: content({ expiresAt: 5 }) } })).problem?.faults?.[0]?.code, "time-after");
    assert.equal((await ana.try("draftWarning", { body: { kind: "update", follows: 999, content: content() } })).problem?.rule, "not-a-draft");
  });

  test("[CAP1] [CAP2] another agency's document becomes a contact once, in its own words; tests are passed over; faults are named", async () => {
    const { key } = await ana.call("createMachineAccount", { body: { name: "Weather office", interface: "alarms" } });
    const office = new CityClient(api.origin, key);
    const sentAt = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 60_000).toISOString().replace(".000Z", "+00:00");
    const xml = `<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>W-1</identifier><sender>office@weather.example</sender><sent>${sentAt}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
      <info><category>Met</category><event>Storm</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty><senderName>Weather office</senderName><headline>Storm from the sea</headline>
      <area><areaDesc>Coast</areaDesc><circle>-34.9,-56.2 2</circle></area></info></alert>`;
    const post = (body: string) => fetch(`${api.origin}/api/v1/cap`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/cap+xml" }, body });
    const first = (await (await post(xml)).json()) as { contactId: number; repeated: boolean };
    const contact = api.dispatch.findContact(first.contactId)!;
    assert.deepEqual([contact.source, contact.callerWords, contact.callerPoint, contact.callerUncertaintyM, contact.signal], ["alarm", "Storm from the sea. Coast.", { lon: -56.2, lat: -34.9 }, 2_000, { kind: "warning", priorityHint: 1, code: null, site: "Weather office", door: null, cameraIds: [] }]);
    assert.deepEqual(await office.call("reportCap", { body: { xml } }), { contactId: first.contactId, repeated: true, passedOver: null });
    assert.equal((await office.call("reportCap", { body: { xml: xml.replace("Actual", "Exercise") } })).passedOver, "not-actual");
    const wrong = await office.try("reportCap", { body: { xml: xml.replace("<alert", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><alert") } });
    assert.deepEqual([wrong.status, wrong.problem?.faults?.[0]?.code], [400, "cap-xml"]);
    assert.equal((await office.try("reportCap", { body: { xml: xml.replace("Extreme", "Bad") } })).problem?.faults?.[0]?.field, "severity");
    const elsewhere = await fetch(`${api.origin}/api/v1/alarms`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/xml" }, body: xml });
    assert.equal(elsewhere.status, 415);
  });
});
