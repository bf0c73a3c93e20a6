// Beside the place of an officer's emergency: where the unit itself reports to be now, and how old that is. The place is that of the press; the officer may have
// moved, or phone and vehicle may tell two places. Help that is routed to the wrong one must not learn it on arrival.
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { distanceM } from "./distance.ts";
import { STALE_POSITION_MS, type IncidentView } from "./tones.ts";
import { operateWords } from "./words.ts";

const APART_M = 150;
/** Two places of one officer are apart when more lies between them than either's uncertainty explains. */
export const isApart = (metres: number, uncertaintyM: number): boolean => metres > APART_M + uncertaintyM;

export function EmergencyPlace({ incident }: { readonly incident: IncidentView }) {
  const words = useWords(operateWords).units;
  const format = useFormat();
  const now = useNow();
  const units = useLive((s) => s.units);
  const unit = [...units.values()].find((one) => one.emergencyIncidentId === incident.id);
  const position = useLive((s) => (unit === undefined ? undefined : s.positions.get(unit.id)));
  if (unit === undefined) return null;
  if (position === undefined) return <p className="emergency-place mean-decide">{words.noOwnPosition(unit.callSign)}</p>;
  const metres = distanceM(position, incident.place.point);
  const age = Math.max(0, now - position.fixedAt);
  const apart = isApart(metres, incident.place.uncertaintyM);
  return <p className={`emergency-place ${apart || age > STALE_POSITION_MS ? "mean-decide" : "quiet"}`} role="status">{(apart ? words.apart : words.together)(unit.callSign, format.metres(metres), format.age(age))}</p>;
}
