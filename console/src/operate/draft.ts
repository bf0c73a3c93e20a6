// The draft of a call: what is typed before its incident is made, and how what this page holds is joined with what the server kept. Pure.
import type { z } from "zod";
import type { Place } from "../../../src/contract/city.ts";
import type { CallDraft, DraftField, DraftStamps, KeptDraft } from "../../../src/contract/dispatch.ts";

export type PlaceView = z.infer<typeof Place>;
export type Draft = Readonly<CallDraft>;
export type { DraftField };
export const EMPTY_DRAFT: Draft = { where: "", place: null, what: "", who: "", type: null, priority: null, answers: {}, verdicts: {} };

/** A call's draft as a page holds it. */
export interface HeldDraft {
  readonly draft: Draft;
  /** The fields that the server does not have yet. */
  readonly unsaved: readonly DraftField[];
  /** What the server had of each field when it was last typed here; of the others, what it has. */
  readonly stamps: DraftStamps;
  /** What was typed here and gave way to what somebody else typed later: shown beside it until it is used or dropped. */
  readonly setAside: Partial<Draft>;
}
export const EMPTY_HELD: HeldDraft = { draft: EMPTY_DRAFT, unsaved: [], stamps: {}, setAside: {} };
const FIELDS = Object.keys(EMPTY_DRAFT) as DraftField[];
/** Fields that mean something together only, as on the server. */
const togetherWith = (field: DraftField): readonly DraftField[] => (field === "where" || field === "place" ? ["where", "place"] : [field]);
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * What was typed here and not kept yet stands, unless another page has typed the field since: then theirs is the newer, and ours is set aside.
 * All else is as the server has it, since somebody else may have gone on with the call; an answer older than what is known changes nothing.
 */
export function takeKept(held: HeldDraft, { draft: kept, stamps }: Pick<KeptDraft, "draft" | "stamps">, writer: string): HeldDraft {
  const versionOf = (of: DraftStamps, field: DraftField): number => of[field]?.version ?? 0;
  const isNewer = (field: DraftField): boolean => versionOf(stamps, field) > versionOf(held.stamps, field);
  const lost = new Set(held.unsaved.filter((field) => isNewer(field) && stamps[field]!.writer !== writer).flatMap(togetherWith));
  const theirs = { ...EMPTY_DRAFT, ...kept } as Draft;
  const taken = FIELDS.filter((field) => lost.has(field) || (kept[field] !== undefined && versionOf(stamps, field) >= versionOf(held.stamps, field) && !held.unsaved.includes(field)));
  const aside = [...lost].filter((field) => held.unsaved.includes(field) && !isSame(held.draft[field], theirs[field]));
  return {
    draft: { ...held.draft, ...pickFields(theirs, taken) },
    unsaved: held.unsaved.filter((field) => !lost.has(field)),
    stamps: { ...held.stamps, ...Object.fromEntries(FIELDS.filter(isNewer).map((field) => [field, stamps[field]])) },
    setAside: { ...held.setAside, ...pickFields(held.draft, aside) },
  };
}

/** The version of each of these fields that was known when it was typed. */
export const basesOf = ({ stamps }: HeldDraft, fields: readonly DraftField[]): Partial<Record<DraftField, number>> =>
  Object.fromEntries(fields.map((field) => [field, stamps[field]?.version ?? 0]));

/** The fields that are still to be kept after `sent` was: those that were typed on in the meantime. */
export const stillUnsaved = (now: Draft, unsaved: readonly DraftField[], sent: Partial<Draft>): DraftField[] =>
  unsaved.filter((field) => !(field in sent) || sent[field] !== now[field]);

export const pickFields = (draft: Partial<Draft>, fields: readonly DraftField[]): Partial<Draft> => Object.fromEntries(fields.map((field) => [field, draft[field]]));

/** As a command takes them; nothing where none was given. */
export function verdictsToGive(verdicts: Draft["verdicts"]): { verdicts?: { cameraId: number; verdict: Draft["verdicts"][string] }[] } {
  const given = Object.entries(verdicts).map(([cameraId, verdict]) => ({ cameraId: Number(cameraId), verdict }));
  return given.length === 0 ? {} : { verdicts: given };
}
