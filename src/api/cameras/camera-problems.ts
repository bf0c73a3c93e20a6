// What is wrong with cameras, as events ([HLT2] to [HLT7] in video/SPEC.md): each report of a recorder is judged by the rules of video/health, and what begins or ends is written in
// batches, then told. Where each rule stands is kept here, only for cameras with something amiss; events that last are read again at the start, so a restart of
// the centre neither ends nor repeats any. A recorder that is away is one event of its own: nothing is known of its cameras, so theirs stay as they are.
import type { Clock } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import { CAMERA_EVENT_KINDS, type CameraEvent, type CameraEventKind, type CameraEventQuery } from "../../contract/camera-events.ts";
import type { CameraHealth } from "../../contract/cameras.ts";
import type { CameraEventChange } from "../../contract/register.ts";
import { CAMERA_RULES, type Observation, type ProblemState, type Rule, transitionProblem, type UsualFigures, type Verdict } from "../../video/health/camera-rules.ts";
import { type LearnedFigures, learnFigures, usualOf } from "../../video/health/usual-figures.ts";
import type { CameraEventStorePort, LogPort, TimerPort } from "../ports.ts";
import { PICTURE_FAULTS, type PictureFault } from "./camera-health.ts";
import type { CameraRegistry } from "./camera-registry.ts";

export interface ToldCameraEvents {
  readonly events: readonly CameraEvent[];
  readonly open: number;
  readonly unacknowledged: number;
}

export interface CameraProblems {
  /** Events that last and what is usual; before the first report. */
  load(): Promise<void>;
  /** What a recorder told of its cameras. */
  observe(recorderId: number, cameras: readonly { readonly cameraId: number; readonly health: CameraHealth }[]): void;
  list(query: CameraEventQuery): ReturnType<CameraEventStorePort["list"]>;
  acknowledge(id: number, words: string, by: Actor): ReturnType<CameraEventStorePort["acknowledge"]>;
  counts(): { readonly open: number; readonly unacknowledged: number };
  /** How many last, by kind. */
  countKinds(): Record<CameraEventKind, number>;
  subscribe(listener: (told: ToldCameraEvents) => void): () => void;
  /** Writes what waits. */
  flush(): Promise<void>;
  close(): void;
}

export interface CameraProblemsOptions {
  readonly clock: Clock;
  readonly timers: TimerPort;
  readonly log: LogPort;
  readonly registry: CameraRegistry;
  readonly store: CameraEventStorePort;
}

const FLUSH_EVERY_MS = 1_000;
const RECORDERS_EVERY_MS = 5_000;
const SAVE_USUAL_EVERY_MS = 10 * 60_000;
const SWEEP_EVERY_MS = 3_600_000;
/** What was wrong is kept for a year. */
const KEPT_MS = 365 * 86_400_000;
const BATCH = 500;
/** While the database is away changes wait; past so many they are given up, and what lasts is read again. */
const MOST_WAITING = 50_000;
const RECORDER_AWAY: Pick<Rule, "beginsAfterMs" | "endsAfterMs"> & { readonly kind: CameraEventKind } = { kind: "recorder-away", beginsAfterMs: 30_000, endsAfterMs: 0 };
/** Which figure a problem is of: it is followed slowly meanwhile. */
const KIND_OF_FIGURE: Record<keyof UsualFigures, CameraEventKind> = { bitsPerSecond: "bit-rate", framesPerSecond: "frame-rate", keyIntervalMs: "key-interval" };

const toObservation = (health: CameraHealth): Observation => ({
  state: health.state, since: health.since, problem: health.problem?.code ?? null, lastFrameAt: health.lastFrameAt, bitsPerSecond: health.bitsPerSecond, framesPerSecond: health.framesPerSecond, figures: health.figures,
});
const isPictureFault = (kind: CameraEventKind): kind is PictureFault => (PICTURE_FAULTS as readonly CameraEventKind[]).includes(kind);
/** Cameras by their ids, recorders by the negative of theirs. */
const subjectOf = (cameraId: number | null, recorderId: number): number => cameraId ?? -recorderId;

export function createCameraProblems({ clock, timers, log, registry, store }: CameraProblemsOptions): CameraProblems {
  const states = new Map<number, Map<CameraEventKind, ProblemState>>();
  const learned = new Map<number, LearnedFigures>();
  const unsaved = new Set<number>();
  const listeners = new Set<(told: ToldCameraEvents) => void>();
  let waiting: CameraEventChange[] = [];
  let counts = { open: 0, unacknowledged: 0 };
  let flushing: Promise<void> | null = null;
  let isStale = false;
  let failed = false;
  let recorders: { readonly version: number; readonly cameras: ReadonlyMap<number, number> } = { version: -1, cameras: new Map() };

  const put = (subject: number, kind: CameraEventKind, state: ProblemState | undefined): void => {
    const of = states.get(subject);
    if (state !== undefined) {
      if (of === undefined) states.set(subject, new Map([[kind, state]]));
      else of.set(kind, state);
    } else if (of?.delete(kind) === true && of.size === 0) states.delete(subject);
    if (subject > 0 && isPictureFault(kind)) registry.health.setPictureFault(subject, kind, state?.phase === "lasting");
  };
  const enqueue = (change: CameraEventChange): void => {
    if (waiting.length >= MOST_WAITING) {
      waiting = [];
      isStale = true;
    }
    waiting.push(change);
  };
  const step = (kind: CameraEventKind, rule: Pick<Rule, "beginsAfterMs" | "endsAfterMs">, verdict: Verdict, recorderId: number, cameraId: number | null, now: number): void => {
    const subject = subjectOf(cameraId, recorderId);
    const before = states.get(subject)?.get(kind);
    if (before === undefined && verdict.is !== "wrong") return;
    const { state, change } = transitionProblem(before, verdict, rule, now);
    put(subject, kind, state);
    if (change !== undefined) enqueue({ kind, recorderId, cameraId, ...change });
  };

  const readLasting = async (): Promise<void> => {
    for (const [subject, of] of [...states]) for (const kind of [...of.keys()]) put(subject, kind, undefined);
    for (const { kind, recorderId, cameraId } of await store.listLasting()) put(subjectOf(cameraId, recorderId), kind, { phase: "lasting", rightSince: null });
    counts = await store.countLasting();
    // Of a camera that left the register meanwhile nothing more will be told.
    for (const subject of [...states.keys()]) if (subject > 0 && !registry.index.hasStream(subject)) endAll(subject);
  };
  const endAll = (cameraId: number): void => {
    const now = clock.wallMs();
    for (const [kind, state] of states.get(cameraId) ?? []) if (state.phase === "lasting") enqueue({ kind, recorderId: registry.index.recorderOf(cameraId) ?? 0, cameraId, change: "ended", at: now });
    for (const kind of [...(states.get(cameraId)?.keys() ?? [])]) put(cameraId, kind, undefined);
  };

  const tell = (events: readonly CameraEvent[]): void => {
    for (const listener of listeners) listener({ events, ...counts });
  };
  const write = async (): Promise<void> => {
    if (isStale) {
      await readLasting();
      isStale = false;
    }
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      const events = await store.apply(batch);
      waiting = waiting.slice(batch.length);
      counts = await store.countLasting();
      tell(events);
    }
    failed = false;
  };
  const flush = (): Promise<void> =>
    (flushing ??= write()
      .catch((error: unknown) => {
        if (!failed) log.error({ waiting: waiting.length, error: (error as Error).message }, "problems of cameras could not be written down; it is tried again");
        failed = true;
      })
      .finally(() => {
        flushing = null;
      }));

  const judgeRecorders = (): void => {
    const { index, health } = registry;
    if (recorders.version !== index.version) {
      const cameras = new Map<number, number>();
      index.forEachId((id) => {
        if (index.hasStream(id)) cameras.set(index.recorderOf(id)!, (cameras.get(index.recorderOf(id)!) ?? 0) + 1);
      });
      recorders = { version: index.version, cameras };
    }
    const ids = new Set([...recorders.cameras.keys(), ...[...states.keys()].filter((subject) => subject < 0).map((subject) => -subject)]);
    for (const id of ids) {
      const cameras = recorders.cameras.get(id) ?? 0;
      const verdict: Verdict = cameras > 0 && !health.isLinked(id) ? { is: "wrong", params: { cameras } } : { is: "right" };
      step(RECORDER_AWAY.kind, RECORDER_AWAY, verdict, id, null, clock.wallMs());
    }
  };

  const saveUsual = async (): Promise<void> => {
    const ids = [...unsaved];
    unsaved.clear();
    for (let at = 0; at < ids.length; at += BATCH)
      await store.saveUsual(ids.slice(at, at + BATCH).flatMap((cameraId) => {
        const figures = learned.get(cameraId);
        return figures === undefined ? [] : [{ cameraId, ...figures }];
      }));
  };
  const inBackground = (work: Promise<unknown>, what: string): void => void work.catch((error: unknown) => log.warn({ error: (error as Error).message }, what));

  const stops = [
    timers.every(FLUSH_EVERY_MS, () => {
      if (waiting.length > 0 || isStale) void flush();
    }),
    timers.every(RECORDERS_EVERY_MS, judgeRecorders),
    timers.every(SAVE_USUAL_EVERY_MS, () => inBackground(saveUsual(), "what is usual of cameras could not be saved")),
    timers.every(SWEEP_EVERY_MS, () => inBackground(store.sweep(clock.wallMs() - KEPT_MS), "old problems of cameras could not be removed")),
    registry.subscribe(({ ids }) => {
      for (const id of ids) {
        if (registry.index.hasStream(id)) continue;
        endAll(id);
        learned.delete(id);
        unsaved.delete(id);
      }
    }),
  ];

  return {
    load: async () => {
      await readLasting();
      for (const { cameraId, ...figures } of await store.listUsual()) if (registry.index.has(cameraId)) learned.set(cameraId, figures);
    },
    observe: (recorderId, cameras) => {
      const now = clock.wallMs();
      for (const { cameraId, health } of cameras) {
        if (registry.index.recorderOf(cameraId) !== recorderId) continue;
        const seen = toObservation(health);
        const before = learned.get(cameraId);
        const usual = usualOf(before);
        for (const rule of CAMERA_RULES) step(rule.kind, rule, rule.judge(seen, usual, now), recorderId, cameraId, now);
        const format = health.codec === null ? null : `${health.codec} ${health.width}x${health.height}`;
        const after = learnFigures(before, seen, format, (figure) => states.get(cameraId)?.has(KIND_OF_FIGURE[figure]) === true, now);
        if (after === undefined || after === before) continue;
        learned.set(cameraId, after);
        unsaved.add(cameraId);
      }
    },
    list: (query) => store.list(query),
    acknowledge: async (id, words, by) => {
      const done = await store.acknowledge(id, words, by, clock.wallMs());
      if (done?.taken === true) {
        counts = await store.countLasting();
        tell([done.event]);
      }
      return done;
    },
    counts: () => counts,
    countKinds: () => {
      const kinds = Object.fromEntries(CAMERA_EVENT_KINDS.map((kind) => [kind, 0])) as Record<CameraEventKind, number>;
      for (const of of states.values()) for (const [kind, state] of of) if (state.phase === "lasting") kinds[kind]++;
      return kinds;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    flush,
    close: () => {
      for (const stop of stops) stop();
    },
  };
}
