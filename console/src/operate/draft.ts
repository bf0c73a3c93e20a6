// The draft of a call: what is typed before its incident is made, and how what this page holds is joined with what the server kept. Pure.
import type { z } from "zod";
import type { Place } from "../../../src/contract/city.ts";
import type { CallDraft, KeptDraft } from "../../../src/contract/dispatch.ts";

export type PlaceView = z.infer<typeof Place>;
export type Draft = Readonly<CallDraft>;
export type DraftField = keyof Draft;
export const EMPTY_DRAFT: Draft = { where: "", place: null, what: "", who: "", type: null, priority: null };

/**
 * What was typed here and not kept yet stands; all else is as the server has it, since somebody else may have gone on with the call meanwhile. Where
 * the server has nothing of a field, the page's own words stay.
 */
export function mergeDraft(local: Draft, unsaved: readonly DraftField[], kept: KeptDraft["draft"]): Draft {
  const taken = Object.entries(kept).filter(([field, value]) => value !== undefined && !unsaved.includes(field as DraftField));
  return { ...local, ...(Object.fromEntries(taken) as Partial<Draft>) };
}

/** The fields that are still to be kept after `sent` was: those that were typed on in the meantime. */
export const stillUnsaved = (now: Draft, unsaved: readonly DraftField[], sent: Partial<Draft>): DraftField[] =>
  unsaved.filter((field) => !(field in sent) || sent[field] !== now[field]);

export const pickFields = (draft: Draft, fields: readonly DraftField[]): Partial<Draft> => Object.fromEntries(fields.map((field) => [field, draft[field]]));
