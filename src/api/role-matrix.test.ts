// Who may use which route: every role and every route, over real HTTP, against a table that is written here by hand and not made from the contract.
// A cell that somebody changes in the contract must be changed here too, and be seen by whoever reviews it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ROLES, type Role } from "../contract/access.ts";
import { ROUTES, type Route, type RouteName } from "../contract/routes.ts";
import { startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

const COLUMNS = ["nobody", ...ROLES, "telephony", "fleet", "recorder", "operator"] as const;
type Column = (typeof COLUMNS)[number];

// n nobody; c call-taker; d dispatcher; v video-operator; o officer; g guard; p planner; e engineer; a administrator; i inspector;
// machines: t telephony; f fleet; r recorder; l command line. x: let through the gate.
const TABLE = `
                     n c d v o g p e a i  t f r l
  welcome            x x x x x x x x x x  x x x x
  createFirstAccount x x x x x x x x x x  x x x x
  logIn              x x x x x x x x x x  x x x x
  getSession         . x x x x x x x x x  . . . .
  logOut             . x x x x x x x x x  . . . .
  changeOwnPassword  . x x x x x x x x x  . . . .
  listAccounts       . . . . . . . . x .  . . . .
  createAccount      . . . . . . . . x .  . . . .
  changeAccount      . . . . . . . . x .  . . . .
  listAccountSessions . . . . . . . . x .  . . . .
  endAccountSessions . . . . . . . . x .  . . . .
  listUnits          . x x x . . . . x x  . . . .
  registerUnits      . . . . . . . . x .  . . . x
  listTriageCards    . x x x . . . . x .  . . . .
  getWaits           . x x x . . . . x .  . . . .
  getRunCards        . x x x . . . . x .  . . . .
  getRunCardVersion  . x x x . . . . x .  . . . .
  exportRunCards     . x x x . . . . x .  . . . .
  checkRunCards      . . . . . . . . x .  . . . .
  proposeRunCards    . . . . . . . . x .  . . . .
  approveRunCards    . . . . . . . . x .  . . . .
  discardRunCards    . . . . . . . . x .  . . . .
  getCity            . x x x x x x x x x  . . . .
  searchPlaces       . x x x x x x x x x  . . . .
  findNearRoad       . . x . . . . . . .  . . . .
  registerPlatforms  . . . . . . . . x .  . . . x
  listPlatforms      . x x x x x x x x x  . . . x
  importPlatforms    . . . . . . . . x .  . . . x
  retirePlatform     . . . . . . . . x .  . . . x
  listDuty           . . . . . . . . x .  . . . x
  enterShifts        . . . . . . . . x .  . . . x
  importShifts       . . . . . . . . x .  . . . x
  removeShift        . . . . . . . . x .  . . . x
  listCampuses       . x x x . . . . . .  . . . .
  listCameras        . x x x . . x x x x  . . . x
  getCamera          . x x x . . x x x x  . . . x
  listRemovedCameras . x x x . . . x . .  . . . x
  createCamera       . . . . . . . x . .  . . . x
  changeCamera       . . . . . . . x . .  . . . x
  removeCamera       . . . . . . . x . .  . . . x
  returnCamera       . . . . . . . x . .  . . . x
  moveCamera         . . . . . . . x . .  . . . x
  importCameras      . . . . . . . x . .  . . . x
  probeCamera        . . . . . . . x . .  . . . x
  noteRecordingEvent . x x x . . . x . .  . . . x
  noteCameraTurn     . x x x . . . x . .  . . . x
  seeingCameras      . x x x . . x x x x  . . . x
  listCameraEvents   . x x x . . x x x x  . . . x
  acknowledgeCameraEvent . x x x . . . x . .  . . . x
  openViews          . x x x x x . . . .  . . . .
  renewView          . x x x x x . . . .  . . . .
  endView            . x x x x x . . . .  . . . .
  listSavedWalls     . x x x . . . . . .  . . . .
  createWallLayout   . x x x . . . . . .  . . . .
  changeWallLayout   . x x x . . . . . .  . . . .
  removeWallLayout   . x x x . . . . . .  . . . .
  createCameraTour   . x x x . . . . . .  . . . .
  changeCameraTour   . x x x . . . . . .  . . . .
  removeCameraTour   . x x x . . . . . .  . . . .
  listHolds          . x x x . . . x x x  . . . x
  getHold            . x x x . . . x x x  . . . x
  createHold         . . x x . . . . . .  . . . x
  reviewHold         . . x x . . . . . .  . . . x
  releaseHold        . . . . . . . . x .  . . . .
  createExports      . . x x . . . . . .  . . . .
  listExports        . . x x . . . . . x  . . . .
  getExport          . . x x . . . . . x  . . . .
  cancelExport       . . x x . . . . . .  . . . .
  getEvidenceKey     . . x x . . . x x x  . . . x
  listAccessRecords  . . . . . . . . . x  . . . .
  summariseAccessRecords . . . . . . . . . x  . . . .
  exportAccessRecords . . . . . . . . . x  . . . .
  exportAuditEntries . . . . . . . . x x  . . . .
  listAuditEntries   . . . . . . . . x x  . . . .
  sendCommand        . x x x x x . . . .  x x . .
  findCommandOutcome . x x x x x . . . .  x x . .
  listEndedContacts  . x x . . . . . . .  . . . .
  getCallDraft       . x x . . . . . . .  . . . .
  changeCallDraft    . x x . . . . . . .  . . . .
  listWatchers       . x x . . . . . . .  . . . .
  getIncident        . x x x . . . . . .  . . . .
  listIncidents      . x x x . . . . . .  . . . .
  listIncidentFlags  . x x x . . . . . .  . . . .
  recommend          . . x . . . . . . .  . . . .
  listNotProposed    . . x . . . . . . .  . . . .
  replayDecision     . . x . . . . . x x  . . . .
  listPreemptible    . . x . . . . . . .  . . . .
  proposeCover       . . x . . . . . . .  . . . .
  listDuplicates     . x x . . . . . . .  . . . .
  findReach          . . x . . . . . . .  . . . .
  getBoard           . x x x . . x . . x  . . . .
  getFigures         . x x x . . x . . x  . . . .
  listDoubtfulSpans  . x x x . . x . . x  . . . .
  exportFigures      . x x x . . x . . x  . . . .
  getReplayTarget    . . . . . . . . . .  . . . .
  reportPositions    . . . . . . . . . .  . x . .
  getField           . . . . x x . . . .  . x . .
  getFieldWay        . . . . x x . . . .  . x . .
  listFieldCameras   . . . . x x . . . .  . . . .
  reportOwnPosition  . . . . x x . . . .  . x . .
  listFieldWork      . . . . . . . . . .  . x . .
  listRecorders      . . x . . . . x x .  . . . x
  listMachineAccounts . . . . . . . . x .  . . . .
  createMachineAccount . . . . . . . . x .  . . . .
  revokeMachineAccount . . . . . . . . x .  . . . .
  listTrackers       . . . . . . . . x .  . . . .
  createTracker      . . . . . . . . x .  . . . .
  removeTracker      . . . . . . . . x .  . . . .
  reportOsmAnd       . . . . . . . . . .  . . . .
  reportOsmAndByPost . . . . . . . . . .  . . . .
  reportCall         . . . . . . . . . .  x . . .
  reportMessage . . . . . . . . . .  . . . .
  reportAlarm . . . . . . . . . .  . . . .
  listAlarmPoints . . . . . . . . x .  . . . .
  createAlarmPoint . . . . . . . . x .  . . . .
  changeAlarmPoint . . . . . . . . x .  . . . .
  removeAlarmPoint . . . . . . . . x .  . . . .
  listWebhooks . . . . . . . . x .  . . . .
  createWebhook . . . . . . . . x .  . . . .
  changeWebhook . . . . . . . . x .  . . . .
  removeWebhook . . . . . . . . x .  . . . .
  listDeliveries . . . . . . . . x .  . . . .
  resendDeliveries . . . . . . . . x .  . . . .
  listIncidentEvents . . . . . . . . . .  . . . .
  listWarnings . . x . . . . . . .  . . . .
  draftWarning . . x . . . . . . .  . . . .
  changeWarning . . x . . . . . . .  . . . .
  approveWarning . . x . . . . . . .  . . . .
  discardWarning . . x . . . . . . .  . . . .
  listPublicWarnings x x x x x x x x x x  x x x x
  reportCap . . . . . . . . . .  . . . .
  getIncidentEido    . x x x . . . . . .  . . . .
  listSharingAgencies . . x . . . . . . .  . . . .
  listSharings . x x x . . . . . .  . . . .
  createSharing . . x . . . . . . .  . . . .
  endSharing . . x . . . . . . .  . . . .
  reportEido         . . . . . . . . . .  . . . .
  getSystem          . . x . . . . x x .  . . . x
  live               . x x x . . . . . .  . . . .
  recorder-link      . . . . . . . . . .  . . x .
  tiles/base         . x x x x x x x x x  . . . .
  tiles/cameras      . x x x . . x x x x  . . . x
  openapi            x x x x x x x x x x  x x x x
  healthz            x x x x x x x x x x  x x x x
`;
/** A supervisor (the column after the dispatcher's) may use what a dispatcher may. */
const rows = TABLE.trim().split("\n").slice(1).map((line) => line.trim().split(/\s+/)).map((cells) => cells.toSpliced(COLUMNS.indexOf("supervisor") + 1, 0, cells[COLUMNS.indexOf("dispatcher") + 1]!));
const OTHER_PATHS: Record<string, string> = {
  "tiles/base": "/tiles/base/12/1408/2474.mvt", "tiles/cameras": "/tiles/cameras/12/1408/2474.mvt", openapi: "/api/v1/openapi.json", healthz: "/healthz",
};
const LINKS: Record<string, string> = { live: "/api/v1/live", "recorder-link": "/api/v1/recorder-link" };

let api: TestApi;
const clients = new Map<Column, CityClient>();
const isRole = (column: Column): column is Role => (ROLES as readonly string[]).includes(column);

describe("role x route", () => {
  before(async () => {
    api = await startTestApi();
    for (const column of COLUMNS) {
      if (column === "nobody") clients.set(column, api.client());
      else if (isRole(column)) clients.set(column, await api.person(`p.${column}`, [column]));
      else clients.set(column, api.client(column));
    }
  });
  after(() => api.close());

  /** Through the gate: neither "log in" nor "not you". What the handler then says of the empty input does not matter here. */
  async function isLetThrough(row: string, column: Column): Promise<boolean> {
    const client = clients.get(column)!;
    const link = LINKS[row];
    if (link !== undefined) {
      try {
        (await api.connect(link, { ...client.headers(), origin: api.origin })).close();
        return true;
      } catch (error) {
        assert.match((error as Error).message, /^HTTP 40[13]$/);
        return false;
      }
    }
    const path = OTHER_PATHS[row];
    if (path !== undefined) return ![401, 403].includes((await fetch(`${api.origin}${path}`, { headers: client.headers() })).status);
    const route: Route = ROUTES[row as RouteName];
    const { problem } = await client.try(row as RouteName, { params: { id: 999_999 }, ...(route.method === "GET" ? {} : { body: {} }) });
    return !(problem !== null && ["not-logged-in", "forbidden"].includes(problem.rule));
  }

  test("the table has every route of the contract once", () => {
    assert.deepEqual(rows.map(([name]) => name).filter((name) => name !== undefined && name in ROUTES).sort(), Object.keys(ROUTES).sort());
    for (const row of rows) assert.equal(row.length, COLUMNS.length + 1, row.join(" "));
  });

  for (const [name, ...cells] of rows) {
    test(`${name}: each role`, async () => {
      const found: string[] = [];
      for (const column of COLUMNS) {
        found.push((await isLetThrough(name!, column)) ? "x" : ".");
        if (name === "logOut" && isRole(column)) await clients.get(column)!.logIn(`p.${column}`, "a-long-enough-password-7");
      }
      assert.equal(found.join(" "), cells.join(" "), COLUMNS.join(" "));
    });
  }

  test("[RPL1] a replay feeds calls and units, and reads nothing of what is watched, recorded or known of people", async () => {
    const replay = api.client("replay");
    const open: string[] = [];
    for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
      if (route.permission === "open") continue;
      const { problem } = await replay.try(name, { params: { id: 999_999 }, ...(route.method === "GET" ? {} : { body: {} }) });
      if (!(problem !== null && ["not-logged-in", "forbidden"].includes(problem.rule))) open.push(name);
    }
    assert.deepEqual(open.sort(), ["changeCallDraft", "findCommandOutcome", "findReach", "getCallDraft", "getReplayTarget", "listDuplicates", "listNotProposed", "listPreemptible", "listWatchers", "proposeCover", "recommend", "registerPlatforms", "registerUnits", "replayDecision", "sendCommand"]);
  });

  test("a route that names no permission cannot be registered", async () => {
    const { default: fastify } = await import("fastify");
    const { registerGate } = await import("./http/gate-hook.ts");
    const app = fastify();
    registerGate(app, { identify: async () => null, publicOrigin: "http://127.0.0.1", cookieName: "c", equalSecrets: () => false, checkFlood: async () => undefined, onLetIn: () => undefined });
    assert.throws(() => app.get("/open-by-mistake", async () => "x"), /names no permission/);
    await app.close();
  });
});
