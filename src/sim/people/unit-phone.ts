// One unit and its phone: what its crew does with the work it is given, step by step, and where it drives. Pure: time, chance and roads come in. It
// follows the centre where the centre is ahead (a dispatcher who reports by radio, a recall) and resumes from the assignment's state after a restart.
import type { Random } from "../../base/random.ts";
import type { Assignment, AssignmentState, Unit } from "../../contract/dispatch.ts";
import { type Point, destination, distanceM } from "../../geo/point.ts";
import { type OnTheWay, type Trip, createTrip, positionOnTrip } from "./trip.ts";

export interface Way {
  readonly seconds: number;
  readonly path: readonly Point[];
}
/** null: no way by road. */
export type FindWay = (from: Point, to: Point) => Way | null;

export type PhoneReport =
  | { readonly type: "assignment.advance"; readonly assignmentId: number; readonly to: AssignmentState; readonly deviceAt: number }
  | { readonly type: "assignment.decline"; readonly assignmentId: number; readonly words: string; readonly deviceAt: number };

/** What the centre has for the unit: its active assignment, and where that is. */
export interface Work {
  readonly assignment: Assignment;
  readonly place: Point;
}

interface Job {
  readonly assignmentId: number;
  readonly place: Point;
  stage: AssignmentState;
  /** When the crew takes its next step; Infinity while driving. */
  nextAt: number;
  readonly declines: boolean;
}

export interface UnitPhone {
  readonly unitId: number;
  /** Lets the crew act at this moment; its reports, oldest first. */
  step(work: Work | null, onDuty: boolean, now: number): PhoneReport[];
  /** A person leads the unit: the vehicle goes where that person's steps say that it goes, and reports nothing of its own. */
  accompany(work: Work | null, now: number): void;
  /** Where the unit is. */
  locate(now: number): OnTheWay;
}

const ORDER: readonly AssignmentState[] = ["assigned", "sent", "delivered", "acknowledged", "en-route", "staged", "on-scene", "transporting", "cleared"];
const PATROL_REACH_M = 1_600;
const WALK_MPS = 1.4;
/** With lights on, against the router's time; and without. */
const URGENT_PACE = [0.75, 1] as const;
const CALM_PACE = [1.15, 1.5] as const;
const DECLINE_SHARE = 0.02;
/** A job that the crew has ended and that the centre still lists after this goes on as the centre has it. */
const FORGOTTEN_MS = 30_000;
const SLOW_SHARE = 0.04; // who looks at the phone late
const TRANSPORT_SHARE = 0.5;
const EXCUSES = ["Neumático pinchado", "Detenido con una persona en otro lugar", "Sin combustible", "Radio sin señal, motor apagado"] as const;

export function createUnitPhone(unit: Unit, random: Random, findWay: FindWay, now: number): UnitPhone {
  let standing: Point = unit.home;
  let trip: Trip | null = null;
  let job: Job | null = null;
  let wanderAt = now + random.next() * 60_000;
  const wanders = unit.kind === "patrol";
  const within = (fromS: number, toS: number): number => Math.round((fromS + random.next() * (toS - fromS)) * 1000);

  const locate = (at: number): OnTheWay => (trip === null ? { point: standing, headingDeg: null, speedMps: 0, arrived: true } : positionOnTrip(trip, at));
  const halt = (at: number): void => {
    standing = locate(at).point;
    trip = null;
  };
  const driveTo = (to: Point, pace: readonly [number, number], at: number): void => {
    const from = locate(at).point;
    const way = findWay(from, to);
    const factor = pace[0] + random.next() * (pace[1] - pace[0]);
    // Where no road leads the crew walks straight to the place; a way ends at the kerb, and the crew is there then.
    if (way === null || way.path.length === 0) trip = createTrip([from, to], (distanceM(from, to) / WALK_MPS) * 1000, at);
    else trip = createTrip([from, ...way.path], way.seconds * factor * 1000, at);
  };

  /** How long the crew stays in a stage before its next step. */
  const waitIn = (stage: AssignmentState): number => {
    switch (stage) {
      case "delivered":
        return random.next() < SLOW_SHARE ? within(32, 55) : within(3, 12);
      case "acknowledged":
        return unit.kind === "fire-engine" ? within(25, 60) : unit.kind === "ambulance" ? within(15, 40) : within(3, 18);
      case "staged":
        return within(30, 90);
      case "on-scene":
        return within(180, 480);
      case "transporting":
        return within(240, 480);
      case "en-route":
        return Infinity;
      default:
        return within(0.4, 2);
    }
  };

  const enter = (current: Job, stage: AssignmentState, at: number): void => {
    current.stage = stage;
    current.nextAt = at + (stage === "cleared" ? FORGOTTEN_MS : waitIn(stage));
    if (stage === "en-route") driveTo(current.place, URGENT_PACE, at);
    else if (stage === "on-scene" || stage === "staged") halt(at);
  };

  const nextStage = (stage: AssignmentState): AssignmentState => {
    switch (stage) {
      case "assigned":
      case "sent":
        return "delivered";
      case "delivered":
        return "acknowledged";
      case "acknowledged":
        return "en-route";
      case "on-scene":
        return unit.kind === "ambulance" && random.next() < TRANSPORT_SHARE ? "transporting" : "cleared";
      case "transporting":
        return "cleared";
      default:
        return "on-scene";
    }
  };

  const act = (current: Job, at: number): PhoneReport[] => {
    const reports: PhoneReport[] = [];
    const { assignmentId } = current;
    if (current.stage === "en-route" && locate(at).arrived) current.nextAt = at;
    while (current.nextAt <= at && current.stage !== "cleared") {
      if (current.stage === "delivered" && current.declines) {
        reports.push({ type: "assignment.decline", assignmentId, words: random.pick(EXCUSES), deviceAt: at });
        enter(current, "cleared", at);
        return reports;
      }
      const to = nextStage(current.stage);
      reports.push({ type: "assignment.advance", assignmentId, to, deviceAt: at });
      enter(current, to, at);
    }
    return reports;
  };

  const follow = (work: Work | null, at: number): void => {
    if (work === null || (job !== null && job.assignmentId !== work.assignment.id)) {
      if (job !== null) {
        job = null;
        halt(at);
        wanderAt = at + within(5, 30);
      }
      if (work === null) return;
    }
    const { assignment, place } = work;
    if (job === null) {
      job = { assignmentId: assignment.id, place, stage: assignment.state, nextAt: 0, declines: random.next() < DECLINE_SHARE };
      if (assignment.state !== "en-route") halt(at);
      enter(job, assignment.state, at);
    } else if (ORDER.indexOf(assignment.state) > ORDER.indexOf(job.stage)) enter(job, assignment.state, at); // told by radio
    else if (job.stage === "cleared" && at >= job.nextAt) enter(job, assignment.state, at); // the centre did not take it
  };

  const wander = (at: number): void => {
    if (!locate(at).arrived || at < wanderAt) return;
    halt(at);
    if (wanders) driveTo(destination(unit.home, random.next() * 360, Math.sqrt(random.next()) * PATROL_REACH_M), CALM_PACE, at);
    else if (distanceM(standing, unit.home) > 30) driveTo(unit.home, CALM_PACE, at);
    wanderAt = (trip === null ? at : at + trip.durationMs) + within(10, 90);
  };

  return {
    unitId: unit.id,
    step: (work, onDuty, at) => {
      follow(work, at);
      if (job !== null) return act(job, at);
      if (onDuty) wander(at);
      return [];
    },
    accompany: (work, at) => {
      follow(work, at);
      if (job === null && trip !== null) halt(at); // nobody sends it on patrol
    },
    locate,
  };
}
