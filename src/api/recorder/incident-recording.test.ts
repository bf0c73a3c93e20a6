// Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordedEvent } from "../ports.ts";
import { startIncidentRecording } from "./incident-recording.ts";

const place = (lon: number) => ({ point: { lon, lat: -34.9 }, uncertaintyM: 20 });
const incident = (id: number, createdAt: number, lon = 0, endedAt: number | null = null) => ({ id, createdAt, endedAt, place: place(lon) });
type Told = Pick<RecordedEvent, "of" | "at">;

function start(incidents: readonly ReturnType<typeof incident>[], now: number) {
  const told: Told[] = [];
  let listener: (change: { at: number; incidents: readonly ReturnType<typeof incident>[] }) => void = () => undefined;
  startIncidentRecording({
    dispatch: { state: () => ({ incidents }), subscribe: (added) => {
      listener = added;
      return () => undefined;
    } },
    record: ({ of, at }) => void told.push({ of, at }), clock: { wallMs: () => now },
  });
  return { told, change: (at: number, ...changed: ReturnType<typeof incident>[]) => listener({ at, incidents: changed }) };
}

test("[CAM18] an incident that was made in the last minute before the centre ended is told at its next start, an older or ended one is not", () => {
  const now = 1_000_000;
  const { told } = start([incident(1, now - 59_000), incident(2, now - 60_000), incident(3, now - 1_000, 0, now - 500), incident(4, now - 900_000)], now);
  assert.deepEqual(told, [{ of: { incident: 1 }, at: now - 59_000 }]);
});

test("[CAM18] what was told at the start is told again only where its place becomes another", () => {
  const now = 1_000_000;
  const { told, change } = start([incident(1, now - 10_000)], now);
  change(now + 1, incident(1, now - 10_000));
  assert.equal(told.length, 1);
  change(now + 2, incident(1, now - 10_000, 1));
  assert.deepEqual(told.slice(1), [{ of: { incident: 1 }, at: now + 2 }]);
});
