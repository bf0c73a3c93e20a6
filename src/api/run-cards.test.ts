// Run cards and question cards over HTTP: proposed by one, put in force by another, and what is sent from then on.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { pointAt } from "../geo/testing/features.ts";

let api: TestApi;
let ana: CityClient;
let ben: CityClient;
let caller: CityClient;
const place = { words: "x", label: "Rivera", kind: "street", district: "Puerto", point: pointAt(0, 0), uncertaintyM: 5 } as const;

const make = async (more: Record<string, unknown> = {}): Promise<number> => {
  const outcome = await caller.call("sendCommand", { body: { commandId: randomUUID(), expectedSequence: null, command: { type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place, ...more } as never } });
  assert.ok(outcome.outcome === "accepted", JSON.stringify(outcome));
  return outcome.incidentId!;
};
const incident = async (id: number) => (await caller.call("getIncident", { params: { id } })).incident;
const table = async (version?: number): Promise<string> => (await ana.call("exportRunCards", { body: version === undefined ? {} : { version } })).text;

describe("run cards over HTTP", () => {
  before(async () => {
    api = await startTestApi({ districts: ["Puerto", "Centro"] });
    caller = await api.person("caller", ["dispatcher"]);
    ana = await api.person("ana", ["administrator"]);
    ben = await api.person("ben", ["administrator"]);
  });
  after(() => api.close());

  test("[RUN4] [RUN3] a table is in force once somebody else has looked at it; open incidents keep theirs", async () => {
    const old = await make();
    assert.deepEqual((await incident(old)).runCard, { code: "theft", version: 3 });
    const text = `${await table()}theft/port,theft,,Puerto,,3 patrol\r\n`;
    const checked = await ana.call("checkRunCards", { body: { format: "csv", text } });
    assert.deepEqual([checked.faults, checked.changes.map((change) => [change.kind, change.row.code])], [[], [["added", "theft/port"]]]);
    const proposal = await ana.call("proposeRunCards", { body: { format: "csv", text, basedOn: 3, words: "the port asks for three" } });
    assert.deepEqual((await incident(await make())).runCard, { code: "theft", version: 3 }, "proposed only");
    const own = await ana.try("approveRunCards", { params: { id: proposal.id } });
    assert.deepEqual([own.status, own.problem?.rule], [409, "own-proposal"]);
    assert.equal((await ben.try("proposeRunCards", { body: { format: "csv", text, basedOn: 3, words: "mine" } })).problem?.rule, "proposal-open");
    const seen = await ben.call("getRunCards");
    assert.deepEqual([seen.version, seen.proposal?.words, seen.proposal?.changes.map((change) => change.row.code)], [3, "the port asks for three", ["theft/port"]]);
    assert.equal((await ben.call("approveRunCards", { params: { id: proposal.id } })).version, 4);
    assert.equal((await ben.try("approveRunCards", { params: { id: proposal.id } })).problem?.rule, "not-a-proposal");

    const now = await make();
    assert.deepEqual([(await incident(now)).runCard, (await incident(now)).neededUnits], [{ code: "theft/port", version: 4 }, 3]);
    assert.deepEqual((await caller.call("recommend", { params: { id: now } })).runCard, { code: "theft/port", version: 4, wants: [{ kinds: ["patrol"], count: 3 }] });
    assert.deepEqual((await incident(old)).runCard, { code: "theft", version: 3 });
    const versions = (await caller.call("getRunCards")).versions.map(({ version, by, proposedBy, words }) => [version, proposedBy?.name ?? null, by?.name ?? null, words]);
    assert.deepEqual(versions, [[4, "ana", "ben", "the port asks for three"], [3, null, null, ""]]);
    assert.deepEqual((await caller.call("getRunCardVersion", { params: { id: 3 } })).changes.map((change) => [change.kind, change.row.code]), [["added", "theft/port"]]);
    const audit = await ana.call("listAuditEntries", { query: { subjectKind: "run-cards" } });
    assert.deepEqual(audit.entries.map(({ action, by }) => `${action} ${by.name}`), ["run-cards.approve ben", "run-cards.propose ana"]);
  });

  test("[RUN5] a row that another editor ended otherwise stays a row of its own", async () => {
    const rows = (await table()).trimEnd().split("\r\n");
    const text = `${rows[0]}\r\n${rows[1]}\n${rows.slice(2).join("\r\n")}\r\n`;
    const checked = await ana.call("checkRunCards", { body: { format: "csv", text } });
    assert.deepEqual([checked.faults, checked.changes], [[], []]);
  });

  test("[RUN4] what was looked at against another table is refused, and nothing is proposed that changes nothing", async () => {
    const text = await table();
    const [base, stale] = [(await ana.call("getRunCards")).version, await table(3)];
    assert.equal((await ana.try("proposeRunCards", { body: { format: "csv", text, basedOn: base, words: "x" } })).problem?.rule, "no-change");
    assert.equal((await ana.try("proposeRunCards", { body: { format: "csv", text: stale, basedOn: 3, words: "x" } })).problem?.rule, "run-cards-moved-on");
    const back = await ana.call("proposeRunCards", { body: { format: "csv", text: stale, basedOn: base, words: "back to the program's own" } });
    await ben.call("discardRunCards", { params: { id: back.id } });
    assert.equal((await ana.call("getRunCards")).proposal, null);
    assert.equal((await ben.try("approveRunCards", { params: { id: back.id } })).problem?.rule, "not-a-proposal");
    assert.equal((await ana.try("approveRunCards", { params: { id: 999_999 } })).status, 404);
  });

  test("[RUN2] [RUN5] a table with a hole or a fault is never taken, and all of it is told by line", async () => {
    const text = (await table()).replace(/^medical,.*\r\n/m, "");
    const refused = await ana.try("proposeRunCards", { body: { format: "csv", text, basedOn: (await ana.call("getRunCards")).version, words: "x" } });
    assert.deepEqual([refused.status, refused.problem?.rule, refused.problem?.faults?.[0]?.code], [400, "bad-input", "run-card-hole"]);
    const broken = await ana.call("checkRunCards", { body: { format: "json", text: '[\n{"code":"a"}\n]' } });
    assert.deepEqual(broken.faults.map(({ line, field }) => [line, field]), [[2, "type"], [2, "units"]]);
  });

  test("[RUN6] a skill that no unit has is told, with those that units have, to whoever proposes and to whoever looks a second time; the incident asks for it, and the answer says that nobody has it", async () => {
    const unit = api.dispatch.findUnit(1);
    await api.dispatch.registerUnits({ kind: "user", id: 1, name: "ana" }, [{ callSign: unit!.callSign, kind: unit!.kind, home: unit!.home, skills: ["first-aid", "boat"] }]);
    const text = `${await table()}theft/centro,theft,,Centro,,"1 patrol with First-Aid; 1 patrol with frst-aid & diving"\r\n`;
    const unknown = [{ skill: "frst-aid", nearest: "first-aid" }, { skill: "diving", nearest: null }];
    const checked = await ana.call("checkRunCards", { body: { format: "csv", text } });
    assert.deepEqual([checked.faults, checked.unknownSkills.filter(({ skill }) => skill !== "rescue")], [[], unknown]);
    const { id } = await ana.call("proposeRunCards", { body: { format: "csv", text, basedOn: (await ana.call("getRunCards")).version, words: "divers" } });
    const seen = await ben.call("getRunCards");
    assert.deepEqual([seen.knownSkills, seen.proposal!.unknownSkills], [["boat", "first-aid"], checked.unknownSkills]);
    await ben.call("approveRunCards", { params: { id } });
    const made = await make({ place: { ...place, district: "Centro" } });
    const wants = [{ kinds: ["patrol"], count: 1, skills: ["First-Aid"] }, { kinds: ["patrol"], count: 1, skills: ["frst-aid", "diving"] }];
    assert.deepEqual((await incident(made)).needs, wants);
    const { skillGaps, candidates } = await caller.call("recommend", { params: { id: made } });
    assert.deepEqual(skillGaps, [wants[1]]);
    assert.deepEqual(candidates.filter(({ suggested }) => suggested).map(({ unitId, reasons }) => [unitId === unit!.id, reasons.some(({ code }) => code === "lacks-skill")]).sort(), [[false, true], [true, false]]);
  });

  test("[RUN4] who alone has the right may put the own table in force", async () => {
    const others = (await (await api.first()).call("listAccounts")).accounts.filter(({ name, roles }) => name !== "ana" && roles.includes("administrator"));
    const text = `${await table()}theft/alone,theft,,Alone,,1 patrol\r\n`;
    const { id } = await ana.call("proposeRunCards", { body: { format: "csv", text, basedOn: (await ana.call("getRunCards")).version, words: "alone" } });
    for (const other of others) await ana.call("changeAccount", { params: { id: other.id }, body: { disabled: true } });
    assert.equal((await ana.try("approveRunCards", { params: { id } })).problem?.rule, "own-proposal", "who took it from the others is not alone with it yet");
    await ana.call("discardRunCards", { params: { id } });
    api.advance(25 * 3_600_000);
    await ana.logIn("ana", "a-long-enough-password-7");
    const later = await ana.call("proposeRunCards", { body: { format: "csv", text, basedOn: (await ana.call("getRunCards")).version, words: "alone" } });
    assert.equal((await ana.call("approveRunCards", { params: { id: later.id } })).version, 6);
    await caller.logIn("caller", "a-long-enough-password-7");
  });

  test("[RUN2] a row for a district that the map does not have is told to whoever proposes and to whoever looks a second time", async () => {
    const text = `${await table()}theft/nowhere,theft,,Nowhere at all,,1 patrol\r\n`;
    const told = (areas: readonly { readonly area: string }[]): string[] => areas.map(({ area }) => area);
    const checked = await ana.call("checkRunCards", { body: { format: "csv", text } });
    assert.deepEqual(checked.faults, []);
    assert.ok(told(checked.unknownAreas).includes("Nowhere at all") && !told(checked.unknownAreas).includes("Puerto"));
    const { id, unknownAreas } = await ana.call("proposeRunCards", { body: { format: "csv", text, basedOn: (await ana.call("getRunCards")).version, words: "nowhere" } });
    assert.deepEqual([told(unknownAreas), told((await ana.call("getRunCards")).proposal!.unknownAreas)], [told(checked.unknownAreas), told(checked.unknownAreas)]);
    await ana.call("discardRunCards", { params: { id } });
  });

  test("[TRI1] [TRI3] question cards are told with their words, and answers grade an incident", async () => {
    const { cards, types } = await caller.call("listTriageCards");
    assert.ok(cards.every((card) => card.questions.every((question) => question.words.en !== "" && question.words.zh !== "")));
    const { code, version } = types.find((one) => one.type === "medical")!;
    const id = await make({ incidentType: "medical", triage: { card: { code, version }, answers: { awake: "yes", breathing: "normal", bleeding: "none", pain: "no", who: "other" } } });
    assert.deepEqual([(await incident(id)).priority, (await incident(id)).triage?.determinant], [3, "minor"]);
    const outcome = await caller.call("sendCommand", { body: { commandId: randomUUID(), expectedSequence: null, command: { type: "incident.answer", incidentId: id, card: { code, version }, question: "breathing", answer: "none" } } });
    assert.equal(outcome.outcome, "accepted");
    assert.deepEqual([(await incident(id)).priority, (await incident(id)).runCard.code], [1, "medical/critical"]);
    const { timeline } = await caller.call("getIncident", { params: { id } });
    assert.deepEqual(timeline.map(({ event }) => event), ["incident.created", ...Array.from({ length: 6 }, () => "incident.answered"), "incident.regraded"]);
  });
});
