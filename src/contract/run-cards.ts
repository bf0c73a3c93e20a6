// Question cards and run cards on the wire. What they mean and how they are judged: src/dispatch/SPEC.md, [TRI1] to [RUN5].
import { z } from "zod";
import { LONGEST_HOURS_TEXT } from "../base/weekly-hours.ts";
import { Actor, Fault, WallTime, text } from "./basics.ts";
import { Determinant, IncidentType, UNIT_KINDS, Want } from "./dispatch.ts";

const Wording = z.object({ en: z.string(), zh: z.string() });
/** A question card in one version; `determinant` null: the caller cannot tell, which says nothing. */
export const TriageCard = z.object({
  code: z.string(), version: z.int().positive(),
  questions: z.array(z.object({ code: z.string(), words: Wording, options: z.array(z.object({ code: z.string(), words: Wording, determinant: Determinant.nullable() })) })),
});
export type TriageCard = z.infer<typeof TriageCard>;
/** All versions that were ever in use, so that answers of the past can be read; `types`: the card by which each type is asked now. */
export const TriageCards = z.object({ cards: z.array(TriageCard), types: z.array(z.object({ type: IncidentType, code: z.string(), version: z.int().positive() })) });
export type TriageCards = z.infer<typeof TriageCards>;

export const RUN_CARD_COLUMNS = ["code", "type", "determinant", "area", "hours", "units"] as const;
export const MOST_RUN_CARD_ROWS = 2_000;
const LONGEST_AREA = 80;
/** As units have it, without what parts wants, kinds and skills in a line. */
const Skill = z.string().trim().min(1).max(40).regex(/^[^;+&|,:，、；\r\n]*$/);
/** null: any. `area` is a district by its name; `hours` as in mon-fri 07:00-19:00. The most specific row is taken: grade before district before hours. */
export const RunCardRow = z.object({
  code: z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9/._-]{0,59}$/), type: IncidentType, determinant: Determinant.nullable().default(null), area: z.string().trim().min(1).max(LONGEST_AREA).regex(/^[^=+\-@']/).nullable().default(null), hours: z.string().trim().min(1).max(LONGEST_HOURS_TEXT).nullable().default(null),
  wants: z.array(z.object({ kinds: Want.shape.kinds.min(1).max(5), count: z.int().min(1).max(50), skills: z.array(Skill).min(1).max(5).optional() })).min(1).max(10),
});
export type RunCardRow = z.infer<typeof RunCardRow>;
/** A unit of whatever kind, where only its skills count: "1 crew with boat". */
const ANY_KIND = "crew";
/** As the column `units` has it: "2 fire-engine; 1 patrol|platform-crew with first-aid". */
export const formatWants = (wants: RunCardRow["wants"]): string =>
  wants.map(({ kinds, count, skills }) => `${count} ${kinds.join() === UNIT_KINDS.join() ? ANY_KIND : kinds.join("|")}${skills === undefined ? "" : ` with ${skills.join(" & ")}`}`).join("; ");
/** null: it is not of this form. Kinds, skills and counts are judged with the row. "1 crew: boat, rescue" is "1 crew with boat & rescue". */
export function parseWants(text: string): { readonly kinds: string[]; readonly count: number; readonly skills?: string[] }[] | null {
  const parts = text.split(/[;+；]/).map((part) => part.trim()).filter((part) => part !== "");
  const wants = parts.map((part) => {
    const match = /^(\d{1,3})\s*(?:x|×)?\s+([a-z-]+(?:\s*\|\s*[a-z-]+)*)(?:(?:\s+with\s+|\s*[:：])(.+))?$/i.exec(part);
    if (match === null) return null;
    const kinds = match[2]!.toLowerCase().split("|").map((kind) => kind.trim());
    const skills = match[3]?.split(/[&,，、]/).map((skill) => skill.trim());
    return { count: Number(match[1]), kinds: kinds.join() === ANY_KIND ? [...UNIT_KINDS] : kinds, ...(skills === undefined ? {} : { skills }) };
  });
  return wants.length === 0 || wants.includes(null) ? null : wants.filter((want) => want !== null);
}
/** By the rows' codes; the order of rows says nothing. */
export const RunCardChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("added"), row: RunCardRow }), z.object({ kind: z.literal("removed"), row: RunCardRow }), z.object({ kind: z.literal("changed"), before: RunCardRow, row: RunCardRow }),
]);
export type RunCardChange = z.infer<typeof RunCardChange>;

/** `by` null: the program's own table. */
export const RunCardVersion = z.object({ version: z.int().positive(), rows: z.int(), words: z.string(), since: WallTime.nullable(), proposedBy: Actor.nullable(), by: Actor.nullable() });
export type RunCardVersion = z.infer<typeof RunCardVersion>;
/** Districts that rows name and the map does not have, each with a name that is like it: such rows never fit. */
export const UnknownAreas = z.array(z.object({ area: z.string(), nearest: z.string().nullable() }));
/** Skills that rows name and no unit has, each with a known one that is like it: such a want is met by nobody. */
export const UnknownSkills = z.array(z.object({ skill: z.string(), nearest: z.string().nullable() }));
/** Skills that some unit has, as they are registered. */
const KnownSkills = z.array(z.string());
/** A table that waits for its second look; `changes` against the version it is based on. */
export const RunCardProposal = z.object({ id: z.int().positive(), basedOn: z.int().positive(), words: z.string(), proposedAt: WallTime, proposedBy: Actor, rows: z.array(RunCardRow), changes: z.array(RunCardChange), unknownAreas: UnknownAreas, unknownSkills: UnknownSkills });
export type RunCardProposal = z.infer<typeof RunCardProposal>;
export const RunCards = z.object({ version: z.int().positive(), rows: z.array(RunCardRow), versions: z.array(RunCardVersion), proposal: RunCardProposal.nullable(), knownSkills: KnownSkills });
export type RunCards = z.infer<typeof RunCards>;
export const RunCardTable = z.object({ version: z.int().positive(), rows: z.array(RunCardRow), changes: z.array(RunCardChange) });

export const RUN_CARD_FORMATS = ["csv", "json"] as const;
const Given = z.object({ format: z.enum(RUN_CARD_FORMATS), text: z.string().max(2_000_000) });
export const CheckRunCards = Given;
/** `line` of the text, from 1; null: it is of the table as a whole. */
export const RunCardFault = Fault.extend({ line: z.int().nullable() });
export type RunCardFault = z.infer<typeof RunCardFault>;
export const CheckedRunCards = z.object({ rows: z.array(RunCardRow), changes: z.array(RunCardChange), faults: z.array(RunCardFault), unknownAreas: UnknownAreas, unknownSkills: UnknownSkills });
export const ProposeRunCards = Given.extend({ basedOn: z.int().positive(), words: text(200) });
export const ExportRunCards = z.object({ version: z.int().positive().optional(), format: z.enum(RUN_CARD_FORMATS).default("csv") });
export const ExportedRunCards = z.object({ version: z.int().positive(), text: z.string(), rows: z.int() });
