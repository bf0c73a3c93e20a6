// Dispatch over a store in memory, with a clock and a timer that a test moves.
import { createHash, randomUUID } from "node:crypto";
import type { Command, Outcome } from "../../src/dispatch/commands.ts";
import { PLACE, profileOf } from "../../src/dispatch/testing/world.ts";
import type { DispatchServiceOptions, Sender } from "../../src/workflow/dispatch-service.ts";
import { createDispatchService } from "../../src/workflow/dispatch-service.ts";
import type { MemoryStore } from "../../src/workflow/testing/memory-store.ts";
import { createMemoryStore } from "../../src/workflow/testing/memory-store.ts";

const ALL = ["contact.receive", "contact.handle", "incident.write", "assignment.write", "unit.write"];
export const ANA: Sender = { kind: "user", id: 1, name: "Ana", permissions: ALL, unitId: null };
export const BEN: Sender = { kind: "user", id: 2, name: "Ben", permissions: ALL, unitId: null };

export async function start(store: MemoryStore = createMemoryStore(), now = 1_800_000_000_000, more: Partial<DispatchServiceOptions> = {}) {
  const clock = { now, wallMs: () => clock.now, monotonicMs: () => clock.now };
  let tick = (): void => undefined;
  const fatal: Error[] = [];
  const warnings: { fields: object; message: string }[] = [];
  const service = await createDispatchService({
    store, clock, hash: (text) => createHash("sha256").update(text).digest("hex"), timeZone: "America/Montevideo",
    roadTimes: (_, sources) => ({
      seconds: Float64Array.from({ length: sources.count }, (_, i) => 60 + i), closedPieces: new Uint16Array(sources.count), findMetres: () => 500,
      findWay: (i) => ({ seconds: 60 + i, metres: 500, path: [{ lon: sources.lon[i]!, lat: sources.lat[i]! }, PLACE.point] }),
    }),
    every: (_, work) => {
      tick = work;
      return () => (tick = () => undefined);
    },
    onFatal: (error) => fatal.push(error), onWarning: (fields, message) => warnings.push({ fields, message }), ...more,
  });
  const send = (sender: Sender, command: Command, commandId: string = randomUUID()): Promise<Outcome> => service.send(sender, { commandId, expectedSequence: null, command });
  return { service, store, clock, fatal, warnings, send, tick: () => tick() };
}
export const receive = (externalId: string, callerWords = "help"): Command => ({ type: "contact.receive", source: "telephone", externalId, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords });
export const create: Command = { type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: PLACE };
export const units = [profileOf("P1", "patrol"), profileOf("P2", "patrol")];
