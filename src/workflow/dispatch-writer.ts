// The single writer: commands from everywhere are decided one after the other on a layer over the committed state, appended in groups (one
// transaction, one fsync for all that waited), answered after the commit, then published. What readers see never runs ahead of the log: the
// layer is merged only when the commit is known. When it isn't known (a lost connection may have committed or not) the log itself is asked.
// A command that waited too long is given back undecided: its sender has gone to the radio by then, and doing it late would surprise everybody.
// Rejected: a transaction per command with row locks, which is slower by the group's size and lets two decisions cross.
import { type Clock, SECOND_MS, type WallMs } from "../base/time.ts";
import { createActorTable } from "../dispatch/actors.ts";
import { apply } from "../dispatch/apply.ts";
import type { Command, Outcome, SystemCommand } from "../dispatch/commands.ts";
import { decide } from "../dispatch/decide.ts";
import type { Decision, DecideContext, TimerFault } from "../dispatch/decision.ts";
import type { Actor } from "../dispatch/entities.ts";
import type { StoredEvent } from "../dispatch/events.ts";
import type { Asker } from "../dispatch/permission.ts";
import { findForbidden } from "../dispatch/permission.ts";
import type { HashFunction, State } from "../dispatch/state.ts";
import { createLayer, mergeLayer } from "../dispatch/state.ts";
import { isAhead } from "../dispatch/set-back.ts";
import { sealEvent } from "../dispatch/timeline.ts";
import type { Change } from "./change-log.ts";
import { changeOf } from "./change-log.ts";
import type { StoredInputs } from "./decision-inputs.ts";
import type { KnownContacts } from "./known-contacts.ts";
import { type Asked, createKnownOutcomes } from "./known-outcomes.ts";
import type { Listening } from "./listening.ts";
import type { EventStorePort, StoredOutcome } from "./event-store.ts";
import { WriterFencedError } from "./event-store.ts";

/** The store cannot be reached, or too much is waiting: nothing is known to have happened; send the same command again, under the same id. */
export class DispatchUnavailableError extends Error {
  override readonly name = "DispatchUnavailableError";
}

export type Request =
  | { readonly from: "outside"; readonly sender: Asker; readonly commandId: string; readonly fingerprint: string; readonly expectedSequence: number | null; readonly command: Command; readonly addressee: Actor | null; readonly forgetsRefusal: boolean }
  | { readonly from: "system"; readonly by: Actor; readonly command: SystemCommand };

export interface WriterOptions {
  readonly store: EventStorePort;
  readonly clock: Clock;
  readonly hash: HashFunction;
  readonly state: State;
  readonly contextOf: (by: Actor, now: WallMs, addressee: Actor | null) => Omit<DecideContext, "isFrom">;
  /** Told how the store answers. */
  readonly listening: Pick<Listening, "answered" | "worked" | "failed" | "prove">;
  readonly contacts: KnownContacts;
  /** What a proposal was worked out from, by its digest. */
  readonly inputsOf: (digest: string) => StoredInputs | null;
  readonly onCommitted: (change: Change) => void;
  readonly onFatal: (error: Error) => void;
  readonly onWarning: (fields: object, message: string) => void;
}

export interface DispatchWriter {
  submit(request: Request): Promise<Outcome>;
  /** Gives back what has waited too long. To be called every second or so: a store that hangs answers nobody by itself. */
  rejectOverdue(): void;
  /** Commands that wait for their commit. */
  waiting(): number;
  /** Takes no more, finishes what waits. */
  stop(): Promise<void>;
}

const MOST_PER_GROUP = 200;
const MOST_WAITING = 10_000;
/** A command that was not decided within this is not carried out any more. */
const DECIDE_WITHIN_MS = 5_000;
/** One whose commit was not answered is looked for in the log until then, since it may have been carried out; afterwards its sender is told that nobody knows. */
const FOUND_WITHIN_MS = 15_000;

interface Job extends Asked {
  readonly request: Request;
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}
interface Group {
  readonly events: StoredEvent[];
  readonly outcomes: StoredOutcome[];
  readonly inputs: Map<string, StoredInputs>;
  readonly answers: { readonly job: Job; readonly outcome: Outcome }[];
}

export function createDispatchWriter(options: WriterOptions): DispatchWriter {
  const { store, clock, hash, state, contacts, listening, onWarning } = options;
  const queue: Job[] = [];
  const actors = createActorTable();
  const outcomes = createKnownOutcomes(store, clock);
  let inFlight = 0;
  let running: Promise<void> | null = null;
  let ended: Error | null = null; // why nothing more is taken
  let uncertain = false; // the store was asked something and has not answered, or has failed: what of it is there was not read yet

  const commit = (layer: State, events: readonly StoredEvent[]): void => {
    const change = changeOf(layer, state.sequence, events);
    mergeLayer(state, layer);
    if (events.length > 0) options.onCommitted(change);
  };

  /** Takes over what the log has beyond the state: the part of a failed append that was committed after all. */
  const catchUp = async (): Promise<void> => {
    const layer = createLayer(state);
    const found: StoredEvent[] = [];
    await store.readAll(state.sequence, (events) => {
      for (const event of events) {
        apply(layer, event);
        found.push(event);
      }
    });
    commit(layer, found);
    await listening.prove(); // a full disk can be read, too
    uncertain = false;
  };

  const actorOf = (request: Request): Actor => {
    const { kind, id, name } = request.from === "system" ? request.by : request.sender;
    return actors(kind, id, name);
  };
  const isOverdue = (job: Job): boolean => clock.monotonicMs() - job.submittedAt > DECIDE_WITHIN_MS;
  const rejectOverdue = (): void => {
    const now = clock.monotonicMs();
    for (let i = queue.length - 1; i >= 0; i--) {
      const { submittedAt, isRetry } = queue[i]!;
      if (now - submittedAt > (isRetry ? FOUND_WITHIN_MS : DECIDE_WITHIN_MS)) queue.splice(i, 1)[0]!.reject(isRetry ? unknown("the log did not say in time") : overdue());
    }
  };

  const decideOn = (layer: State, { request }: Job, now: WallMs): Decision => {
    if (request.from === "system") return decide(layer, request.command, null, { ...options.contextOf(actorOf(request), now, null), isFrom: () => false });
    const { sender } = request;
    const context = { ...options.contextOf(actorOf(request), now, request.addressee), isFrom: (unitId: number) => sender.kind === "service" || sender.unitId === unitId };
    return findForbidden(layer, sender, request.command) ?? decide(layer, request.command, request.expectedSequence, context);
  };

  let timerFaults: ReadonlySet<string> = new Set();
  /** Each once, as long as it lasts. */
  const tellTimerFaults = (faults: readonly TimerFault[]): void => {
    const present = new Set(faults.map(({ kind, id, error }) => `${kind} ${id}: ${error}`));
    const news = [...present].filter((fault) => !timerFaults.has(fault));
    if (news.length > 0) onWarning({ faults: news.slice(0, 20), count: news.length }, "dispatch: of these it cannot be said whether something is due; nothing of them is told by itself, and all others go on");
    timerFaults = present;
  };

  const decideJob = (layer: State, group: Group, job: Job): void => {
    const { request } = job;
    const now = clock.wallMs(); // of the decision and of all that it makes: what one command did was done at one moment
    const decision = decideOn(layer, job, now);
    if (decision.kind === "events" && decision.faults !== undefined) tellTimerFaults(decision.faults);
    if (decision.kind === "events" && decision.events.length > 0 && isAhead(layer.at, now))
      onWarning({ aheadSeconds: Math.round((layer.at - now) / SECOND_MS) }, "dispatch: the centre's clock was set back, or ran ahead before: events were written at a time that has not come; what waits since then is told now. Check the clock and its NTP");
    const by = actorOf(request);
    const commandId = request.from === "system" ? null : request.commandId;
    if (decision.kind === "events") {
      for (const body of decision.events) {
        const event = sealEvent(layer, body, by, now, commandId, hash);
        apply(layer, event);
        group.events.push(event);
        const digest = body.type === "assignment.assigned" ? body.proposal?.inputs : undefined;
        const inputs = digest === undefined ? null : options.inputsOf(digest);
        if (inputs !== null) group.inputs.set(inputs.digest, inputs);
      }
    }
    const outcome = outcomeOf(decision, layer);
    const isKept = decision.kind === "events" || (request.from === "outside" && !request.forgetsRefusal);
    if (request.from === "outside" && isKept) group.outcomes.push({ commandId: request.commandId, fingerprint: request.fingerprint, at: now, by, outcome });
    group.answers.push({ job, outcome });
  };

  const process = async (jobs: readonly Job[], from: WallMs): Promise<void> => {
    uncertain = true;
    await Promise.all(jobs.flatMap((job) => [outcomes.lookUp(job), contacts.lookUp(job.request.command)]));
    uncertain = false; // a decision that fails says nothing of the log: no lease and no wait begins anew for it
    listening.answered(from);
    const layer = createLayer(state);
    const made = new Map<string, StoredOutcome>();
    const group: Group = { events: [], outcomes: [], inputs: new Map(), answers: [] };
    for (const job of jobs) {
      const before = job.request.from === "outside" ? (made.get(job.request.commandId) ?? outcomes.find(job.request.commandId)) : undefined;
      if (before !== undefined) {
        group.answers.push({ job, outcome: repeatOf(before, job.request) });
        continue;
      }
      if (isOverdue(job)) {
        job.reject(overdue());
        continue;
      }
      decideJob(layer, group, job);
      const last = group.outcomes.at(-1);
      if (job.request.from === "outside" && last !== undefined) made.set(last.commandId, last); // the same id twice in one group
    }
    if (group.events.length > 0 || group.outcomes.length > 0) {
      uncertain = true;
      await store.append({ after: state.sequence, events: group.events, outcomes: group.outcomes, inputs: [...group.inputs.values()] });
      uncertain = false;
      listening.worked(from);
    }
    outcomes.keep(group.outcomes);
    commit(layer, group.events);
    for (const { job, outcome } of group.answers) job.resolve(outcome);
  };

  const end = (error: Error): void => {
    ended = error;
    for (const job of queue.splice(0)) job.reject(new DispatchUnavailableError(error.message));
    options.onFatal(error);
  };

  /** A failed group is tried again one by one, once: a lost connection is back by then, and one bad command must not take the others with it. */
  const processOrTell = async (jobs: readonly Job[]): Promise<void> => {
    const from = clock.wallMs();
    try {
      if (uncertain) await catchUp();
      await process(jobs, clock.wallMs());
      return;
    } catch (error) {
      if (uncertain) listening.failed(from);
      if (error instanceof WriterFencedError) {
        for (const job of jobs) job.reject(new DispatchUnavailableError(error.message));
        return end(error);
      }
      const isLast = jobs[0]!.isRetry;
      const meaning = isLast ? "a command could not be stored; its sender was told so and still has it" : "a group of commands could not be committed; nothing is lost, each is tried once more by itself";
      onWarning({ error: (error as Error).message, commands: jobs.length }, `dispatch: ${meaning}`);
      if (isLast) jobs[0]!.reject(unknown((error as Error).message));
      else queue.unshift(...jobs.map((job) => ({ ...job, isRetry: true })));
    }
  };

  const run = async (): Promise<void> => {
    for (;;) {
      rejectOverdue();
      const jobs = queue.splice(0, queue[0]?.isRetry === true ? 1 : MOST_PER_GROUP); // retries stand in front
      if (jobs.length === 0) return;
      inFlight = jobs.length;
      await processOrTell(jobs);
      inFlight = 0;
    }
  };

  const start = (): void => {
    running ??= run().finally(() => {
      running = null;
      if (queue.length > 0) start();
    });
  };

  return {
    submit: (request) =>
      new Promise((resolve, reject) => {
        if (ended !== null) return reject(new DispatchUnavailableError(ended.message));
        if (queue.length >= MOST_WAITING) return reject(new DispatchUnavailableError(`${queue.length} commands are waiting`));
        const job: Job = { request, submittedAt: clock.monotonicMs(), isRetry: false, resolve, reject };
        outcomes.ask(job);
        contacts.lookUp(request.command).catch(() => undefined); // it is looked up again when its turn has come
        queue.push(job);
        start();
      }),
    rejectOverdue,
    waiting: () => queue.length + inFlight,
    stop: async () => {
      ended ??= new Error("dispatch is stopping");
      for (let work = running; work !== null; work = running) await work;
    },
  };
}

const overdue = (): DispatchUnavailableError => new DispatchUnavailableError(`the command could not be decided within ${DECIDE_WITHIN_MS / 1_000} s and was not carried out`);
const unknown = (why: string): DispatchUnavailableError => new DispatchUnavailableError(`it is not known whether the command was carried out; sent again under the same id it is done once: ${why}`);

function outcomeOf(decision: Decision, state: State): Outcome {
  switch (decision.kind) {
    case "events": {
      const { contactId, incidentId, units } = decision;
      return { outcome: "accepted", sequence: state.sequence, repeated: false, contactId, contactState: contactId === null ? null : state.contacts.get(contactId).state, incidentId, units };
    }
    case "conflict":
      return { outcome: "conflict", rule: decision.rule, message: decision.message, by: decision.by, at: decision.at, units: decision.units };
    case "refused":
      return { outcome: "refused", rule: decision.rule, message: decision.message, allowed: decision.allowed };
  }
}

/** [CMD1] The first answer again; an id that comes back with another content is a fault of its sender and changes nothing. */
function repeatOf(first: StoredOutcome, request: Request): Outcome {
  if (request.from === "outside" && first.fingerprint !== request.fingerprint) {
    return { outcome: "refused", rule: "command-id-reused", message: "this command id was used for another command or by another sender", allowed: [] };
  }
  return first.outcome.outcome === "accepted" ? { ...first.outcome, repeated: true } : first.outcome;
}
