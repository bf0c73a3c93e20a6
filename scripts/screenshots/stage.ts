// The city that the pictures show: the demo city as it comes, with what a shift of some minutes leaves in it: calls taken, units under way, an incident that
// has ended, people with accounts. Everything is done over the API as a console or a switch would do it.

import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfiguration } from "../../src/app/configuration.ts";
import { startSystem, type RunningSystem, type StartWatcher } from "../../src/app/supervisor.ts";
import type { Point } from "../../src/contract/basics.ts";
import type { IncidentType } from "../../src/contract/dispatch.ts";
import { loadCity } from "../../src/io/city/city-folder.ts";
import { generateDemoCity } from "../../src/sim/demo-city/generate.ts";
import type { StorySite } from "../../src/sim/demo-city/types.ts";
import { CityClient } from "../../tests/support/city-client.ts";

export const PASSWORD = "a calm and rainy evening";
export const FIRST = { name: "Lucía Pereira", login: "lucia.pereira", password: PASSWORD };
export const OFFICER = { name: "Bruno Techera", login: "bruno.techera" };
const DISPATCHER = { name: "Inés Cabrera", login: "ines.cabrera" };
const CALLS_PER_HOUR = 40;
const SEED = 1;

export interface Stage {
  readonly address: string;
  readonly token: string; // for the first account
  readonly stories: readonly StorySite[];
  service(name: "telephony" | "fleet"): CityClient;
  end(): Promise<void>;
}

export async function openStage(watcher: StartWatcher, version: string, signal: AbortSignal): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), "citywatch-pictures-"));
  const configuration = { ...defaultConfiguration(), dataDir, port: 0, recorderPort: 0, cameraPort: 0, databaseUrl: "", seed: SEED, callsPerHour: CALLS_PER_HOUR };
  let system: RunningSystem | undefined;
  const end = async (): Promise<void> => {
    await system?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    system = await startSystem({ configuration, version, demo: true, watcher, signal });
    const city = await loadCity(join(dataDir, "city"));
    const { storySites } = generateDemoCity(city, SEED);
    city.close();
    const { address, firstAccountToken } = system;
    return {
      address, token: firstAccountToken ?? "", stories: storySites, end,
      service: (name) => new CityClient(address, readFileSync(join(dataDir, "secrets", `service-${name}`), "utf8")),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

interface EarlierCall {
  readonly number: string;
  readonly words: string;
  readonly where: string;
  readonly type: IncidentType;
  readonly what: string;
  readonly ends: "open" | "closed";
}
const EARLIER: readonly EarlierCall[] = [
  { number: "099 214 507", words: "Hay un árbol caído, no pasa el ómnibus.", where: "Rivera y Soca", type: "traffic-obstruction", what: "Tree across two lanes", ends: "closed" },
  { number: "2908 1142", words: "Se cayó mi vecina en la escalera.", where: "Canelones 1180", type: "medical", what: "Fall on the stairs, awake", ends: "open" },
  { number: "098 330 912", words: "Están discutiendo a los gritos en la esquina.", where: "Colonia y Yaguarón", type: "fight", what: "Two men, no weapons seen", ends: "open" },
];

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** A dispatcher before us took these calls; the simulated crews do the rest. Returns the incidents' ids in the order of EARLIER. */
export async function workEarlierCalls(stage: Stage, administrator: CityClient): Promise<number[]> {
  await administrator.call("createAccount", { body: { ...DISPATCHER, password: PASSWORD, roles: ["call-taker", "dispatcher"] } });
  const dispatcher = new CityClient(stage.address);
  await dispatcher.logIn(DISPATCHER.login, PASSWORD);
  const telephony = stage.service("telephony");
  const ids: number[] = [];
  for (const call of EARLIER) {
    const received = await telephony.send({ type: "contact.receive", source: "telephone", externalId: randomUUID(), callerNumber: call.number, callerWords: call.words });
    if (received.outcome !== "accepted" || received.contactId === null) throw new Error(`the call was not taken in: ${JSON.stringify(received)}`);
    await sleep(2_500); // somebody needs a moment to answer: the board shows it
    await dispatcher.send({ type: "contact.claim", contactId: received.contactId });
    const { places } = await administrator.call("searchPlaces", { query: { q: call.where, limit: 1 } });
    const place = places[0];
    if (!place) throw new Error(`no place matches ${call.where}`);
    const { label, kind, district, point, uncertaintyM } = place;
    await sleep(1_500);
    const made = await dispatcher.send({ type: "incident.create", contactId: received.contactId, incidentType: call.type, what: call.what, place: { words: call.where, label, kind, district, point, uncertaintyM } });
    if (made.outcome !== "accepted" || made.incidentId === null) throw new Error(`the incident was not made: ${JSON.stringify(made)}`);
    ids.push(made.incidentId);
    if (call.ends === "closed") {
      await dispatcher.send({ type: "incident.no-unit-needed", incidentId: made.incidentId, words: "The city's own crew has cleared it" });
      await dispatcher.send({ type: "incident.close", incidentId: made.incidentId, disposition: "handed-over", words: "Parks department" });
      continue;
    }
    const { candidates } = await dispatcher.call("recommend", { params: { id: made.incidentId } });
    const unitIds = candidates.filter((candidate) => candidate.suggested).map((candidate) => candidate.unitId);
    if (unitIds.length > 0) await dispatcher.send({ type: "assignment.assign", incidentId: made.incidentId, unitIds });
  }
  return ids;
}

/** An officer's account, bound to the nearest platform crew that had no job yet, which is then sent to the incident. Returns where the unit stands. */
export async function sendOfficer(stage: Stage, administrator: CityClient, incidentId: number): Promise<Point> {
  const { units } = await stage.service("fleet").call("listFieldWork");
  const { incident } = await administrator.call("getIncident", { params: { id: incidentId } });
  const { lon, lat } = incident.place.point;
  const { incidents } = await administrator.call("listIncidents", { query: {} });
  const sent = new Set<number>();
  for (const { id } of incidents) for (const { unitId } of (await administrator.call("getIncident", { params: { id } })).assignments) sent.add(unitId);
  const free = units.filter((unit) => unit.kind === "platform-crew" && unit.availability === "available" && !sent.has(unit.id));
  const unit = free.toSorted((a, b) => Math.hypot(a.home.lon - lon, a.home.lat - lat) - Math.hypot(b.home.lon - lon, b.home.lat - lat))[0];
  if (!unit) throw new Error("no platform crew is free");
  await administrator.call("createAccount", { body: { ...OFFICER, password: PASSWORD, roles: ["officer"], unitId: unit.id } });
  const outcome = await administrator.send({ type: "assignment.assign", incidentId, unitIds: [unit.id] });
  if (outcome.outcome !== "accepted" || outcome.units.some((one) => one.refused !== null)) throw new Error(`the officer was not sent: ${JSON.stringify(outcome)}`);
  return unit.home;
}
