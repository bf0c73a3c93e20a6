// Where a newcomer's task begins as things stand: with the call that rings, or with an incident if there is one. Pure; begin.ts does it.
import type { ContactView, IncidentView } from "./tones.ts";

export type Beginning = { readonly kind: "calls"; readonly note: "ringing" | "no-call" | "call-first" } | { readonly kind: "incident"; readonly incident: IncidentView; readonly send: boolean };

/** Where the task begins as things stand: an incident to look at or to send to; where there is none, a call must be taken first. */
export function findBeginning(task: string, contacts: readonly ContactView[], sorted: readonly IncidentView[]): Beginning | null {
  const ringing = contacts.some((c) => c.state === "ringing");
  const noIncident: Beginning = { kind: "calls", note: ringing ? "call-first" : "no-call" };
  if (task === "call") return { kind: "calls", note: ringing ? "ringing" : "no-call" };
  if (task === "camera") return sorted[0] === undefined ? noIncident : { kind: "incident", incident: sorted[0], send: false };
  if (task !== "unit") return null;
  const short = sorted.find((i) => i.shortfall !== null) ?? sorted[0];
  return short === undefined ? noIncident : { kind: "incident", incident: short, send: true };
}
