// Crews against the real rules of dispatch, over real HTTP with the contract's schemas, through a server that drops every third answer.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import type { Clock } from "../../base/time.ts";
import { createRandom } from "../../base/random.ts";
import { CommandEnvelope } from "../../contract/dispatch.ts";
import { PositionReport } from "../../contract/live.ts";
import { cityFromAscii } from "../../geo/testing/city-from-ascii.ts";
import { findRoute } from "../../geo/routing.ts";
import { distanceM } from "../../geo/point.ts";
import { PLACE, profileOf } from "../../dispatch/testing/world.ts";
import { type Sender, createDispatchService } from "../../workflow/dispatch-service.ts";
import { roadTimesOf } from "../../workflow/ranking.ts";
import { createMemoryStore } from "../../workflow/testing/memory-store.ts";
import { type CentreClient, createCentreClient } from "./centre-client.ts";
import { createFleet } from "./fleet.ts";

const TOKEN = "fleet-token-for-the-test";
const FLEET: Sender = { kind: "service", id: 2, name: "fleet", permissions: ["position.report", "unit.self"], unitId: null };
const DISPATCHER: Sender = { kind: "user", id: 1, name: "Ana", permissions: ["incident.write", "assignment.write"], unitId: null };
const town = cityFromAscii(`
  A-----1-----B-----------C
  |           |           |
  |           |           |
  D-----------E-----T-----F
`, { metres: 40 });

async function withCentre(body: (tools: { clock: Clock & { now: number }; client: CentreClient; dispatch: Awaited<ReturnType<typeof createDispatchService>>; requests: string[]; refused: string[]; led: Set<number> }) => Promise<void>): Promise<void> {
  const clock = { now: 1_800_000_000_000, wallMs: () => clock.now, monotonicMs: () => clock.now };
  const dispatch = await createDispatchService({
    store: createMemoryStore(), clock, hash: (text) => createHash("sha256").update(text).digest("hex"), roadTimes: roadTimesOf(town.roads), every: () => () => undefined, timeZone: "UTC",
    onFatal: (error) => assert.fail(error),
  });
  const requests: string[] = [];
  const led = new Set<number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void (async () => {
        requests.push(`${request.method} ${request.url}`);
        const reply = (status: number, answer: unknown): void => void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
        if (request.headers.authorization !== `Bearer ${TOKEN}`) return reply(403, { rule: "not-permitted", message: "no" });
        const sent: unknown = chunks.length === 0 ? null : JSON.parse(Buffer.concat(chunks).toString());
        let answer: unknown;
        if (request.url === "/api/v1/commands") answer = await dispatch.send(FLEET, CommandEnvelope.parse(sent));
        else if (request.url === "/api/v1/positions") answer = dispatch.positions.report(PositionReport.parse(sent).fixes, clock.now);
        else {
          const { units, assignments, incidents, closures } = dispatch.state();
          answer = {
            at: clock.now, incidents, closures, units: units.filter((unit) => !led.has(unit.id)), assignments: assignments.filter((one) => !led.has(one.unitId)),
            led: units.filter((unit) => led.has(unit.id)).map((unit) => ({ unit, assignment: assignments.find((one) => one.id === unit.activeAssignmentId) ?? null })),
          };
        }
        if (requests.length % 3 === 0) return void request.socket.destroy(); // done, and the answer is lost
        if (requests.length % 7 === 0) return reply(503, { rule: "dispatch-unavailable", message: "again" });
        reply(200, answer);
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const aborter = new AbortController();
  const refused: string[] = [];
  const client = createCentreClient({ centreUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: TOKEN, signal: aborter.signal, onRefused: (what, status) => refused.push(`${what} ${status}`) });
  try {
    await body({ clock, client, dispatch, requests, refused, led });
  } finally {
    aborter.abort();
    await dispatch.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("a fleet", () => {
  it("goes where it is sent, by road, and each of its reports counts once", async () => {
    await withCentre(async ({ clock, client, dispatch, refused }) => {
      const home = town.at("1");
      await dispatch.sendSystem({ type: "units.register", units: [profileOf("V01", "patrol", home), profileOf("B01", "fire-engine", home)] });
      await dispatch.send(DISPATCHER, { commandId: crypto.randomUUID(), expectedSequence: null, command: { type: "incident.create", contactId: null, incidentType: "fire-smoke", what: "", who: "", place: { ...PLACE, point: town.at("T") } } });
      await dispatch.send(DISPATCHER, { commandId: crypto.randomUUID(), expectedSequence: null, command: { type: "assignment.assign", incidentId: 1, unitIds: [1, 2], stack: false } });
      const fleet = createFleet({ client, clock, random: createRandom(3), onClosures: () => undefined, findWay: (from, to) => {
        const route = findRoute(town.roads, from, to);
        return typeof route === "string" ? null : route;
      } });
      let offRoadM = 0;
      for (let second = 0; second < 900 && dispatch.state().assignments.some((one) => one.state !== "cleared"); second++) {
        clock.now += 1_000;
        await fleet.tick();
        while (fleet.waiting() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
        for (const unitId of [1, 2]) {
          const fix = dispatch.positions.find(unitId);
          if (fix === null) continue;
          const way = findRoute(town.roads, fix.point, fix.point);
          assert.notEqual(way, "off-road");
          offRoadM = Math.max(offRoadM, typeof way === "string" ? 0 : distanceM(way.path[0]!, fix.point));
        }
      }
      const [engine, patrol] = [dispatch.findAssignment(2)!, dispatch.findAssignment(1)!];
      for (const { milestones } of [engine, patrol]) {
        assert.deepEqual(milestones.map((one) => one.state), ["assigned", "delivered", "acknowledged", "en-route", "on-scene", "cleared"]);
        for (const one of milestones.slice(1)) assert.ok(one.deviceAt !== null && one.by.name === "fleet");
      }
      assert.ok(offRoadM < 1, `${offRoadM} m beside the road`);
      assert.equal(dispatch.findIncident(1)!.shortfall, null);
      assert.deepEqual(refused, []);
    });
  });
  it("[SES4] tells the place of a unit that a person leads and nothing else: it stays proposed, and goes where the person says it goes", async () => {
    await withCentre(async ({ clock, client, dispatch, led }) => {
      const home = town.at("1");
      await dispatch.sendSystem({ type: "units.register", units: [profileOf("V01", "patrol", home)] });
      const tell = async (sender: Sender, command: CommandEnvelope["command"]): Promise<void> => assert.equal((await dispatch.send(sender, { commandId: crypto.randomUUID(), expectedSequence: null, command })).outcome, "accepted");
      await tell(DISPATCHER, { type: "incident.create", contactId: null, incidentType: "fire-smoke", what: "", who: "", place: { ...PLACE, point: town.at("T") } });
      const fleet = createFleet({ client, clock, random: createRandom(3), onClosures: () => undefined, findWay: (from, to) => {
        const route = findRoute(town.roads, from, to);
        return typeof route === "string" ? null : route;
      } });
      const live = async (seconds: number): Promise<void> => {
        for (let second = 0; second < seconds; second++) {
          clock.now += 1_000;
          await fleet.tick();
          while (fleet.waiting() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      await live(20);
      led.add(1);
      await live(5 * 60);
      assert.ok(clock.now - dispatch.positions.find(1)!.at < 60_000, "its place is still told");
      assert.equal(dispatch.recommend(1, clock.now, { kind: "user", id: 1, name: "Ana" })!.notProposed.byReason.find((one) => one.code === "stale-fix"), undefined);

      await tell(DISPATCHER, { type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
      await live(60);
      assert.deepEqual(dispatch.findAssignment(1)!.milestones.map((one) => one.state), ["assigned"], "the steps are the person's");
      const stood = dispatch.positions.find(1)!.point;
      for (const to of ["acknowledged", "en-route"] as const) await tell(FLEET, { type: "assignment.advance", assignmentId: 1, to, deviceAt: null });
      await live(240);
      assert.ok(distanceM(dispatch.positions.find(1)!.point, town.at("T")) < Math.max(30, distanceM(stood, town.at("T")) / 2), "it went there");
      assert.equal(dispatch.findAssignment(1)!.state, "en-route");
    });
  });
  it("with a wrong token is told once per thing and does not hang", async () => {
    await withCentre(async ({ dispatch, requests }) => {
      await dispatch.sendSystem({ type: "units.register", units: [profileOf("V01", "patrol")] });
      const refused: string[] = [];
      const server = createServer((_, response) => void response.writeHead(401).end("{}"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const wrong = createCentreClient({ centreUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "wrong", signal: new AbortController().signal, onRefused: (what, status) => refused.push(`${what} ${status}`) });
      assert.equal(await wrong.send({ type: "unit.emergency", unitId: 1, point: null, deviceAt: null }), null);
      assert.equal(await wrong.listFieldWork(), null);
      assert.deepEqual(refused, ["unit.emergency 401", "field work 401"]);
      assert.deepEqual(requests, []);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  });
});
