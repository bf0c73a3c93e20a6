// Kills the parts of a running city, one after another and in the middle of a stream of commands, and then counts: what was acknowledged is there,
// once, in order, and what is there was sent. The senders do what a console does: they repeat a command under the same id until an outcome comes.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../../src/contract/dispatch.ts";
import type { RecordingTimeline } from "../../src/contract/media.ts";
import { CityClient } from "../support/city-client.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";
import { getTimeline } from "../support/timeline.ts";

const SENDERS = 4;
let city: RunningCity;

/** Sends one incident a sender at a time until told to stop; gives the acknowledged ones by their marker. */
async function sendUntil(stopped: () => boolean, acknowledged: Map<string, Outcome>): Promise<void> {
  const { centre, bounds } = await city.client.call("getCity");
  const platforms = (await city.client.call("listPlatforms")).platforms;
  assert.ok(platforms.length > 0 && bounds.west < bounds.east && centre.lat < 0, "the demo city is there");
  const point = platforms[0]!.point;
  await Promise.all(
    Array.from({ length: SENDERS }, async (_, sender) => {
      for (let i = 0; !stopped(); i++) {
        const marker = `marker-${sender}-${i}-${randomUUID()}`;
        const commandId = randomUUID();
        const outcome = await eventually(`the outcome of ${marker}`, () =>
          city.client.send(
            { type: "incident.create", contactId: null, incidentType: "other", what: marker, who: "", place: { words: "here", label: "here", kind: "coordinates", district: null, point, uncertaintyM: 5 } },
            { commandId },
          ),
        );
        assert.equal(outcome.outcome, "accepted");
        acknowledged.set(marker, outcome);
      }
    }),
  );
}

async function listAllIncidents(): Promise<Map<string, number[]>> {
  const ids = new Map<string, number[]>();
  for (let before: number | undefined; ; ) {
    const { incidents } = await city.client.call("listIncidents", { query: { limit: 500, ...(before === undefined ? {} : { before }) } });
    for (const incident of incidents) ids.set(incident.what, [...(ids.get(incident.what) ?? []), incident.id]);
    const last = incidents.at(-1);
    if (!last) return ids;
    before = last.id;
  }
}

/** Sends for a while, kills the part, and goes on until it is back and has taken more. */
async function killDuringCommands(part: "centre" | "database"): Promise<Map<string, Outcome>> {
  const acknowledged = new Map<string, Outcome>();
  let stop = false;
  const sending = sendUntil(() => stop, acknowledged);
  await eventually("the first 40 outcomes", async () => acknowledged.size >= 40);
  const before = city.system.pids()[part];
  assert.ok(before !== undefined);
  process.kill(before, "SIGKILL");
  const atKill = acknowledged.size;
  await eventually(`${part} to be back under another process id`, async () => {
    const now = city.system.pids()[part];
    return now !== undefined && now !== before;
  });
  await eventually("40 more outcomes after the kill", async () => acknowledged.size >= atKill + 40);
  stop = true;
  await sending;
  return acknowledged;
}

async function assertAllThereOnce(acknowledged: Map<string, Outcome>): Promise<void> {
  const present = await eventually("the list of incidents", () => listAllIncidents());
  for (const [marker, outcome] of acknowledged) {
    assert.ok(outcome.outcome === "accepted");
    assert.deepEqual(present.get(marker), [outcome.incidentId], `${marker} is there once, under the id that was acknowledged`);
  }
}

describe("[CMD1] a crash loses nothing that was acknowledged", { timeout: 1_800_000 }, () => {
  before(async () => {
    city = await startRunningCity({ console: false });
  }, { timeout: 600_000 });
  after(() => city?.end());

  it("kill -9 of the centre in the middle of commands", async () => {
    await assertAllThereOnce(await killDuringCommands("centre"));
  });

  it("kill -9 of PostgreSQL in the middle of commands", async () => {
    await assertAllThereOnce(await killDuringCommands("database"));
  });

  it("kill -9 of the recorder in the middle of recording: what was written stays, the gap has its cause, recording goes on", async () => {
    const camera = await eventually("a camera that records", async () => {
      const { cameras } = await city.client.call("listCameras", { query: { state: "connected", limit: 500 } });
      return cameras.find((one) => one.recording === "continuous" && one.health.recorded !== null && Date.now() - one.health.recorded.since > 8_000);
    }, 120_000);
    const timeline = async (): Promise<RecordingTimeline> => {
      const to = Date.now();
      const from = to - 10 * 60_000;
      const { views, refused } = await city.client.call("openViews", { body: { cameraIds: [camera.id], reason: { purpose: "camera-maintenance", words: "durability test" }, mode: "playback", from, to } });
      assert.deepEqual(refused, []);
      const view = views[0]!;
      return getTimeline({ ...view, cameraId: camera.id, from, to });
    };
    const endOf = (recording: RecordingTimeline): number => Math.max(0, ...recording.segments.map((segment) => segment.end));
    const pid = city.system.pids()["recorder"]!;
    // Killed as soon as it has told that the last moments are on record: what it told has to be there afterwards.
    const earlier = await eventually("all but the last moments to be on record", async () => {
      const now = await timeline();
      return endOf(now) > Date.now() - 5_000 && now;
    });
    const killedAt = Date.now();
    process.kill(pid, "SIGKILL");
    await eventually("the recorder to be back", async () => {
      const now = city.system.pids()["recorder"];
      return now !== undefined && now !== pid;
    });
    const later = await eventually("recording to go on", async () => {
      const now = await timeline();
      return endOf(now) > killedAt + 3_000 ? now : undefined;
    }, 120_000);

    const keptUntil = Math.max(...later.segments.filter((segment) => segment.start < killedAt - 1).map((segment) => segment.end));
    assert.ok(keptUntil >= endOf(earlier) - 1, `what was on record, all but the last moments (${endOf(earlier)}), is still there (${keptUntil})`);
    const gap = later.gaps.find((one) => one.start < killedAt + 1_000 && one.end > killedAt);
    assert.equal(gap?.cause, "recorder-crashed", JSON.stringify(later.gaps));
  });

  it("[CMD2] a console that lost the answer gets the first answer again", async () => {
    const commandId = randomUUID();
    const command = { type: "incident.create", contactId: null, incidentType: "other", what: "asked twice", who: "", place: { words: "x", label: "x", kind: "coordinates", district: null, point: (await city.client.call("getCity")).centre, uncertaintyM: 5 } } as const;
    const first = await city.client.send(command, { commandId });
    const other = new CityClient(city.system.address);
    await sleep(10);
    const again = await city.client.send(command, { commandId });
    assert.ok(first.outcome === "accepted" && again.outcome === "accepted");
    assert.deepEqual({ ...again, repeated: false }, { ...first, repeated: false });
    assert.equal(again.repeated, true);
    assert.equal((await other.try("sendCommand", { body: { commandId, expectedSequence: null, command } })).status, 401, "and nobody without a session does");
  });
});
