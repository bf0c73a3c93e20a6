// What an OpenStreetMap relation of type "restriction" forbids, as restrictions between ways: over a node, or over ways in between, where two turns are each allowed and not one after the other. Each `from` with each
// `to`, since "no_entry" may have several of the one and "no_exit" of the other. What cannot be kept is told by its reason, so that an import can say how many: a road time through a turn that is banned is worse
// when nobody knows. Emergency vehicles that a sign exempts may turn.
import type { Tags } from "../road-class.ts";
import type { TurnRestriction } from "../road-graph-builder.ts";

/** `hours`: holds at some times only; `vehicles`: for some vehicles only; `incomplete`: a way or the place of the turn is not named, or of no known kind. */
export const UNKEPT_TURNS = ["hours", "vehicles", "incomplete"] as const;
export type UnkeptTurn = (typeof UNKEPT_TURNS)[number];

export interface RelationMember {
  readonly type: string;
  readonly ref: number;
  readonly role: string;
}

/** null: no restriction, or one that is not for us. `placeOf`: longitude and latitude of a node in 1e-7 degree, where the file has it. */
export function readTurnRelation(tags: Tags, members: readonly RelationMember[], placeOf: (node: number) => readonly [number, number] | undefined): readonly TurnRestriction[] | UnkeptTurn | null {
  if (!/^restriction(:|$)/.test(tags["type"] ?? "")) return null;
  if (/\bemergency\b/.test(tags["except"] ?? "")) return null;
  const turn = tags["type"] === "restriction" ? tags["restriction"] : undefined;
  if (turn === undefined) return tags["restriction:conditional"] !== undefined ? "hours" : tags["type"] !== "restriction" || Object.keys(tags).some((key) => key.startsWith("restriction:")) ? "vehicles" : "incomplete";
  const kind = turn.startsWith("no_") ? "no" : turn.startsWith("only_") ? "only" : null;
  const refs = (role: string, type: string): number[] => members.filter((member) => member.role === role && member.type === type).map(({ ref }) => ref);
  const [fromWays, toWays, viaWays, viaNodes] = [refs("from", "way"), refs("to", "way"), refs("via", "way"), refs("via", "node")];
  const place = viaNodes.length === 1 ? placeOf(viaNodes[0]!) : undefined;
  if (kind === null || fromWays.length === 0 || toWays.length === 0 || (viaWays.length === 0 && place === undefined)) return "incomplete";
  return fromWays.flatMap((fromWay) => toWays.map((toWay): TurnRestriction => (viaWays.length > 0 ? { kind, fromWay, toWay, viaWays } : { kind, fromWay, toWay, viaLonE7: place![0], viaLatE7: place![1] })));
}
