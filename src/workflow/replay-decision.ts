// A decision worked out again: the state is folded from the log up to the event that the dispatcher's screen had, the positions come from what was stored with the decision, the
// closures and the hour from both. Where it comes out otherwise, the program, the map or the store has changed since, and the answer says so.
import type { Closure } from "../dispatch/entities.ts";
import type { Proposal } from "../dispatch/events.ts";
import type { HashFunction, State } from "../dispatch/state.ts";
import type { WallMs } from "../base/time.ts";
import { INPUTS_KEPT_MS, decodeInputs, type DigestFunction, digestOfInputs, fixColumnsOf } from "./decision-inputs.ts";
import type { CheckpointStorePort } from "./checkpoint.ts";
import type { EventStorePort } from "./event-store.ts";
import { type FoldProgress, foldLog } from "./fold-log.ts";
import type { RoadTimesPort } from "./ranking.ts";
import { type Recommendation, recommendUnits } from "./recommendation.ts";

export interface DecisionReplay {
  readonly assignmentId: number;
  /** What the dispatcher was shown of the unit; null: nothing within the minute before. */
  readonly shown: Pick<Proposal, "rank" | "roadSeconds" | "computedAt"> | null;
  /** Worked out again; null where nothing was stored to do so. */
  readonly recommendation: Omit<Recommendation, "tookMs"> | null;
  /** The unit has the same rank and road time again. */
  readonly agrees: boolean;
  /** The city was imported anew since, or its speeds by hour are others: the times may be, too. */
  readonly roadsChanged: boolean;
  /** What was stored is what the log names, or it was forgotten in its time. */
  readonly inputsIntact: boolean;
  /** Until when what was stored is kept; null: nothing was stored. */
  readonly inputsKeptUntil: WallMs | null;
}

/** It goes on, and whoever asks again later has the answer. */
export class ReplayUnderWayError extends Error {
  override readonly name = "ReplayUnderWayError";
}

/** The incidents in which the decision may stand, as the state has them now. null: it stands in none of them. */
export type ReplayPort = (incidentIds: readonly number[], assignmentId: number, now: WallMs) => Promise<DecisionReplay | null>;

export interface ReplayOptions {
  readonly store: Pick<EventStorePort, "readAll" | "findEnd" | "findInputs" | "readIncident">;
  readonly checkpoints?: CheckpointStorePort | undefined;
  /** Absent: each replay without a checkpoint folds the log from its beginning. */
  readonly progress?: FoldProgress | undefined;
  readonly hash: HashFunction & DigestFunction;
  /** The roads with these closures, at that time. */
  readonly roadTimesAt: (closures: readonly Closure[], at: WallMs) => RoadTimesPort;
  readonly roads: string;
  readonly now: WallMs;
}

/** Where it is done beside commands, they go on between the pages. */
const PAGE = 200;

/** A merge or a split may have moved it since: what was decided stands in the timeline of the incident where it was. */
export async function replayIn(options: ReplayOptions, incidentIds: readonly number[], assignmentId: number): Promise<DecisionReplay | null> {
  for (const incidentId of incidentIds) {
    const replay = await replayDecision(options, incidentId, assignmentId);
    if (replay !== null) return replay;
  }
  return null;
}

/** null: there is no such assignment in that incident. */
async function replayDecision({ store, checkpoints, progress, hash, roadTimesAt, roads, now }: ReplayOptions, incidentId: number, assignmentId: number): Promise<DecisionReplay | null> {
  const bodies = (await store.readIncident(incidentId)).map((event) => event.body);
  const assigned = bodies.find((body) => body.type === "assignment.assigned" && body.assignmentId === assignmentId);
  if (assigned?.type !== "assignment.assigned") return null;
  const { proposal, unitId } = assigned;
  const shown = proposal === null ? null : { rank: proposal.rank, roadSeconds: proposal.roadSeconds, computedAt: proposal.computedAt };
  const stored = proposal?.inputs === undefined ? null : await store.findInputs(proposal.inputs);
  const inputsKeptUntil = proposal?.inputs === undefined ? null : proposal.computedAt + INPUTS_KEPT_MS;
  if (stored === null) return { assignmentId, shown, recommendation: null, agrees: false, roadsChanged: false, inputsIntact: inputsKeptUntil === null || inputsKeptUntil < now, inputsKeptUntil };
  const inputs = decodeInputs(stored);
  const { state, from } = await foldLog({ store, hash, onWarning: () => undefined, checkpoints, progress, upTo: inputs.sequence, page: PAGE });
  let recommendation: Omit<Recommendation, "tookMs">;
  try {
    const roadTimes = roadTimesAt(standingClosures(state), inputs.computedAt);
    recommendation = recommendUnits(state, state.incidents.get(incidentId), fixColumnsOf(inputs), roadTimes, inputs.computedAt);
  } finally {
    await from?.away.close();
  }
  const again = recommendation.candidates.find((one) => one.unitId === unitId);
  return {
    assignmentId, shown, recommendation, agrees: again !== undefined && again.rank === shown?.rank && again.roadSeconds === shown.roadSeconds,
    roadsChanged: inputs.roads !== roads, inputsKeptUntil, inputsIntact: digestOfInputs(stored, hash) === proposal?.inputs && stored.digest === proposal?.inputs,
  };
}

const standingClosures = (state: State): Closure[] => Array.from(state.standingClosures.keys(), (id) => state.closures.get(id));
