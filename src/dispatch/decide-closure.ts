// Closures of roads: who says so, which pieces, until when (SPEC.md, [RD1] to [RD3]). Which edges of the map a piece is, and what that does to road times, is
// told by the roads themselves; the log holds places, so that it outlives the map.
import type { ClosureCommand } from "./commands.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, conflict, refuse } from "./decision.ts";
import type { RoadPiece } from "./entities.ts";
import type { EventBody } from "./events.ts";
import type { State } from "./state.ts";

export function decideClosure(state: State, command: ClosureCommand, context: DecideContext): Decision {
  if (command.type === "closure.set") return set(state, command, context);
  const closure = state.closures.find(command.closureId);
  if (closure === undefined) return refuse("no-such-closure", `there is no closure ${command.closureId}`);
  if (closure.liftedAt !== null) return conflict(state, "closure", closure.id, "closure-lifted", `closure ${closure.id} is lifted already`);
  return accept([{ type: "closure.lifted", closureId: closure.id, words: command.words, cause: "lifted" }]);
}

function set(state: State, command: Extract<ClosureCommand, { type: "closure.set" }>, context: DecideContext): Decision {
  if (command.until !== null && command.until <= context.now) return refuse("closure-over", "the closure would end before it begins");
  const pieces: RoadPiece[] = [];
  for (const piece of command.pieces) {
    const road = context.findRoad(piece);
    if (road === null) return refuse("no-such-road", `there is no road of the city from ${text(piece.from)} to ${text(piece.to)}`);
    pieces.push({ ...piece, name: road.name, path: road.path });
  }
  return accept([{ type: "closure.set", closureId: state.lastClosureId + 1, pieces, words: command.words, until: command.until }]);
}

const text = ({ lon, lat }: RoadPiece["from"]): string => `${lon.toFixed(6)}, ${lat.toFixed(6)}`;

/** [RD2] A closure with an end lifts itself. */
export function dueOfClosure(state: State, id: number, { now }: DecideContext): EventBody[] {
  const { until } = state.closures.get(id);
  return until !== null && until <= now ? [{ type: "closure.lifted", closureId: id, words: "", cause: "due" }] : [];
}
