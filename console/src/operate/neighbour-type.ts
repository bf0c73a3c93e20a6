// What a neighbouring centre says that its incident is, in our types: where its code is that of one of ours, the intake begins with that type. A proposal: nothing is kept of it until the incident is made, and
// whoever takes the contact chooses another. "Trouble of unknown type" proposes nothing: it is chosen by a person or not at all.
import { findTypeOfCode, type Contact, type IncidentType } from "../../../src/contract/dispatch.ts";

export function neighbourType(signal: Pick<NonNullable<Contact["signal"]>, "kind" | "code"> | null): IncidentType | null {
  if (signal?.kind !== "neighbouring-centre" || signal.code === null) return null;
  const type = findTypeOfCode(signal.code);
  return type === "other" ? null : type;
}
